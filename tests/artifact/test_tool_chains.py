# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The artifact in other people's tools: ansible-builder, Galaxy's importer, ansible-runner (the engine of AWX)."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import ansible_runner
import pytest
import yaml
from lab.fixture import Lab, running_lab

from artifact.conftest import ROOT, run

IMPORTER = """
[galaxy-importer]
RUN_ANSIBLE_TEST = False
RUN_ANSIBLE_LINT = False
RUN_FLAKE8 = False
CHECK_REQUIRED_TAGS = True
CHECK_RUNTIME_YAML = True
CHECK_CHANGELOG = True
"""


def named(requirements: list[str]) -> set[str]:
    """Return the names of packages in lines of requirements."""
    return {re.split(r"[\s<>=]", line, maxsplit=1)[0] for line in requirements if not line.startswith("#")}


def test_an_execution_environment_gets_every_requirement(installed: Path) -> None:
    asked = yaml.safe_load(run("ansible-builder", "introspect", str(installed), cwd=installed.parent))
    wanted = named((ROOT / "requirements.txt").read_text().splitlines())
    assert named(asked["python"]) == wanted - {"ansible-core", "PyYAML"}  # which every execution environment has
    assert named(asked["system"]) == {"openssh-client", "openssh-clients"}


def test_galaxys_importer_takes_the_artifact_without_a_complaint(artifact: Path, tmp_path: Path) -> None:
    settings = tmp_path / "importer.cfg"
    settings.write_text(IMPORTER)
    beside = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    uv = [shutil.which("uv", path=beside) or "uv", "run", "--quiet", "--no-project", "--python", sys.executable]
    done = subprocess.run(
        [*uv, "--with", "galaxy-importer", "python", "-m", "galaxy_importer.main", str(artifact)],
        cwd=tmp_path,
        env={**os.environ, "GALAXY_IMPORTER_CONFIG": str(settings)},
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert "Importer processing completed successfully" in said
    assert not re.findall(r"^(?:ERROR|WARNING).*", said, re.MULTILINE)


@pytest.fixture
def lab_alone(tmp_path: Path) -> Iterator[Lab]:
    """A lab for one test."""
    with running_lab(tmp_path / "lab") as lab:
        yield lab


def test_ansible_runner_carries_out_the_site_and_reports_each_task(installed: Path, lab_alone: Lab) -> None:
    done = ansible_runner.run(
        private_data_dir=str(installed.parent),
        playbook="opencontrail.service_chain.site",
        inventory=str(ROOT / "inventory" / "lab"),
        cmdline="--tags networks,routers,services,policies",
        envvars={
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "ANSIBLE_COLLECTIONS_PATH": str(installed),
            "SERVICE_CHAIN_LAB_DIRECTORY": str(lab_alone.directory),
        },
        quiet=True,
    )
    assert (done.status, done.rc) == ("successful", 0), done.stdout.read()
    events = list(done.events)
    paths = {event["event_data"]["task_path"] for event in events if event["event"] == "playbook_on_task_start"}
    assert all(path.startswith(str(installed)) for path in paths), paths
    assert done.stats["changed"]["vmx1"] == 1
    changed = [
        event["event_data"]["res"]
        for event in events
        if event["event"] == "runner_on_ok" and event["event_data"]["res"].get("changed")
    ]
    assert any(result.get("objects") for result in changed)
    assert any(result.get("commits") for result in changed)
