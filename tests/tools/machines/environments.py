"""Python environments that judge: OpenStack nova, and the oldest Ansible that the collection supports."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tools.machines.place import MACHINES, run

NOVA = MACHINES / "nova"
OLD_ANSIBLE = MACHINES / "ansible-core-2.16"
# The release of the `ansible` bundle that carries ansible-core 2.16, with the collections of its time.
OLD_ANSIBLE_BUNDLE = "ansible>=9,<10"
OLD_ANSIBLE_PYTHON = "3.10"
# What Ubuntu 16.04 and CentOS 7 have, and CentOS 8.
OLD_TARGETS = ("2.7", "3.6")


def make_environment(directory: Path, requirement: str, interpreter: str) -> None:
    """Make a virtual environment of ``interpreter`` that holds ``requirement``."""
    uv = Path(sys.executable).with_name("uv")
    shutil.rmtree(directory, ignore_errors=True)
    run(uv, "venv", "-q", "--python", interpreter, directory)
    run(uv, "pip", "install", "-q", "--python", directory / "bin" / "python", requirement)


def make_nova() -> None:
    """Install nova for its option definitions."""
    make_environment(NOVA, "nova>=30", sys.executable)


def interpreter(version: str) -> str:
    """Find a Python of ``version`` (as 3.10): on the path, else among pyenv's; empty if there is none."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    candidates = [shutil.which(f"python{version}"), *map(str, sorted(pyenv.glob(f"{version}.*/bin/python")))]
    for candidate in filter(None, candidates):
        # pyenv puts a python3.10 on the path that only says that another version is active.
        command = [candidate, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
        answer = subprocess.run(command, capture_output=True, text=True, check=False)
        if answer.stdout.strip() == version:
            return candidate
    return ""


def make_old_ansible() -> None:
    """Install ansible-core 2.16, which still manages Python 2.7 and 3.6; without a Python for it, leave it out."""
    found = interpreter(OLD_ANSIBLE_PYTHON)
    if found:
        make_environment(OLD_ANSIBLE, OLD_ANSIBLE_BUNDLE, found)
    else:
        sys.stdout.write(f"No Python {OLD_ANSIBLE_PYTHON} here: no run by ansible-core 2.16 on old targets.\n")


def old_targets() -> list[str]:
    """The interpreters of old machines that are at hand, for which they are mounted into a test machine."""
    return [found for found in map(interpreter, OLD_TARGETS) if found]


MAKERS: tuple[Callable[[], None], ...] = (make_nova, make_old_ansible)
