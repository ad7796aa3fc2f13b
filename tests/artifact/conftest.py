"""The artifact that users install, built once for all tests here."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def run(tool: str, *arguments: str, cwd: Path, collections: Path | None = None) -> str:
    """Run one of Ansible's commands as a user in ``cwd`` would; return what it printed."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")}
    environment |= {"HOME": str(cwd), "NO_COLOR": "1"}
    if collections is not None:
        environment["ANSIBLE_COLLECTIONS_PATH"] = str(collections)
    command = [str(Path(sys.executable).with_name(tool)), *arguments]
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{tool} {' '.join(arguments)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="session")
def artifact(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tarball that ``ansible-galaxy collection build`` makes of this checkout."""
    out = tmp_path_factory.mktemp("artifact")
    run("ansible-galaxy", "collection", "build", str(ROOT), "--output-path", str(out), cwd=out)
    (tarball,) = out.glob("*.tar.gz")
    return tarball


@pytest.fixture(scope="session")
def installed(artifact: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory of collections that holds the installed artifact and nothing else of ours."""
    home = tmp_path_factory.mktemp("home")
    collections = home / "collections"
    run(
        "ansible-galaxy",
        "collection",
        "install",
        str(artifact),
        "--no-deps",
        "--offline",
        "--collections-path",
        str(collections),
        cwd=home,
    )
    return collections
