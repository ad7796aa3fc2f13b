"""What goes into the artifact, and that the installed artifact works without the checkout."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

import pytest
import yaml

from artifact.conftest import ROOT, run

SHIPPED = {
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "FILES.json",
    "LICENSE",
    "MANIFEST.json",
    "README.md",
    "bindep.txt",
    "changelogs",
    "docs",
    "galaxy.yml",
    "inventory",
    "meta",
    "playbooks",
    "plugins",
    "requirements.txt",
    "roles",
}
MODULES = sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("*.py"))

WITHOUT_CONNECTION = {
    "chain_design",
    "chain_routes",
    "compute_plan",
    "host_routes",
    "nova_conf_file",
    "nova_service",
    "openstack_servers",
}
"""These take no connection's options, or those of one task, and action groups are for what all tasks share."""


def test_the_tarball_holds_what_users_need_and_nothing_else(artifact: Path) -> None:
    with tarfile.open(artifact) as tarball:
        names = {name.removeprefix("./").split("/")[0] for name in tarball.getnames()} - {"."}
        files = tarball.getnames()
    assert names <= SHIPPED, names - SHIPPED
    assert names >= {"README.md", "LICENSE", "meta", "playbooks", "plugins", "roles", "requirements.txt"}
    assert not [name for name in files if "__pycache__" in name or name.endswith(".pyc")]


def test_each_module_shows_its_documentation_when_installed(installed: Path) -> None:
    names = [f"opencontrail.service_chain.{module}" for module in MODULES]
    shown = run("ansible-doc", "--json", "-t", "module", *names, cwd=installed.parent, collections=installed)
    found = json.loads(shown)
    assert sorted(found) == names
    assert [name for name in names if not found[name].get("examples", "").strip()] == []
    assert [name for name in names if not found[name]["doc"]["filename"].startswith(str(installed))] == []


def test_each_module_that_connects_belongs_to_an_action_group() -> None:
    groups = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text())["action_groups"]
    connecting = [name for name in MODULES if name not in WITHOUT_CONNECTION]
    assert sorted(name for group in groups.values() for name in group) == connecting


@pytest.mark.parametrize("playbook", ["site", "verify", "teardown"])
def test_each_playbook_is_found_by_its_qualified_name(playbook: str, installed: Path) -> None:
    listed = run(
        "ansible-playbook",
        f"opencontrail.service_chain.{playbook}",
        "--list-tasks",
        "--inventory",
        str(ROOT / "inventory" / "lab"),
        cwd=installed.parent,
        collections=installed,
    )
    assert "tasks:" in listed
