# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the lab says where it cannot have hosts."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from lab.core.site import Host
from lab.hosts import namespaces
from lab.hosts.namespaces import HostError, LabHosts, check_commands


def test_missing_commands_are_named_with_their_packages() -> None:
    with pytest.raises(HostError, match=r"missing ip \(package iproute2\); install .* --no-hosts"):
        check_commands(lambda command: None if command == "ip" else f"/bin/{command}")


def stand_in(directory: Path, text: str) -> None:
    """Put a program in place of unshare."""
    program = directory / "unshare"
    program.write_text(f"#!/bin/sh\n{text}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory that comes first in PATH."""
    directory = tmp_path / "programs"
    directory.mkdir()
    monkeypatch.setenv("PATH", str(directory), prepend=":")
    return directory


def test_refused_namespaces_give_one_line_with_the_cure(programs: Path, tmp_path: Path) -> None:
    stand_in(programs, "echo 'unshare: unshare failed: Operation not permitted' >&2; exit 1")
    with pytest.raises(HostError) as caught:
        LabHosts([Host("pc1")], tmp_path / "hosts").start()
    said = str(caught.value)
    assert said.startswith("no lab hosts: this machine refuses user namespaces (unshare: unshare failed:")
    assert "unprivileged_userns_clone" in said
    assert "--no-hosts" in said
    assert "\n" not in said


def test_host_that_fails_to_boot_says_why(programs: Path, tmp_path: Path) -> None:
    stand_in(programs, "echo 'mount: /etc: wrong fs type' >&2; exit 32")
    with pytest.raises(HostError, match="lab host pc1 did not start: mount: /etc: wrong fs type"):
        LabHosts([Host("pc1")], tmp_path / "hosts").start()


def test_host_that_never_gets_ready_is_given_up(
    programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(namespaces, "BOOT_SECONDS", 0.05)
    stand_in(programs, "exec cat >/dev/null")
    with pytest.raises(HostError, match="lab host pc1 did not start: no reason given"):
        LabHosts([Host("pc1")], tmp_path / "hosts").start()
