# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What killed runs leave in the directory for temporary files is gone after the next one, and nothing else is."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.temporary import temporary_directory

KILLED = """
import os, signal, sys
from ansible_collections.opencontrail.service_chain.plugins.module_utils.temporary import temporary_directory
with temporary_directory("vmx-ssh") as directory:
    (directory / "config").write_text("secret")
    print(directory, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return tmp_path


def test_the_directory_of_a_killed_run_goes_with_the_next_run(temporary: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", KILLED], env=environment, capture_output=True, text=True, check=False)
    left = Path(done.stdout.strip())
    assert left.parent == temporary, done.stderr
    assert (left / "config").exists()
    with temporary_directory("vmx-ssh") as own:
        assert sorted(temporary.iterdir()) == [own]
        assert own.stat().st_mode & 0o777 == 0o700
    assert not list(temporary.iterdir())


def test_directories_of_runs_that_go_on_and_of_others_stay(temporary: Path) -> None:
    kept = [temporary / f"vmx-ssh-{os.getppid()}-abc", temporary / "vmx-ssh-x", temporary / "other-99999999-abc"]
    for each in kept:
        each.mkdir()
    target = temporary / "elsewhere"
    target.mkdir()
    (temporary / "vmx-ssh-4194999-link").symlink_to(target)
    with temporary_directory("vmx-ssh"):
        pass
    assert sorted(temporary.iterdir()) == sorted([*kept, target, temporary / "vmx-ssh-4194999-link"])
