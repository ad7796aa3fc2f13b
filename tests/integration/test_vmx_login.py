# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ways to a router: private keys, the SSH agent, a jump host."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import asyncssh
import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.session import (
    Connection,
    RouterError,
    open_session,
)
from lab.junos.running import PASSWORD, USER, Running, running

RELAY = """\
import os, socket, sys, threading
way = socket.create_connection((sys.argv[1], int(sys.argv[2])))
open(sys.argv[3], "a").write(f"{sys.argv[1]}:{sys.argv[2]}\\n")
def up():
    while data := os.read(0, 65536):
        way.sendall(data)
threading.Thread(target=up, daemon=True).start()
while data := way.recv(65536):
    os.write(1, data)
"""
"""A jump host in a few lines: it relays its input and output, and notes where to."""


@dataclass
class Site:
    """A router, the private key that it lets in, and a home directory."""

    router: Running
    key: Path
    home: Path

    def connection(self, **options: str) -> Connection:
        known = self.home / ".ssh" / "known_hosts"
        known.write_text(self.router.known_hosts)
        return Connection("127.0.0.1", self.router.port, USER, **options)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, Path]]:
    pair = asyncssh.generate_private_key("ssh-ed25519")
    path = tmp_path_factory.mktemp("keys") / "id_of_the_operator"
    path.write_bytes(pair.export_private_key())
    path.chmod(0o600)
    with running(authorized_keys={USER: pair.export_public_key().decode()}) as router:
        yield router, path


@pytest.fixture
def site(served: tuple[Running, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    (tmp_path / ".ssh").mkdir()
    return Site(*served, tmp_path)


def logs_in(connection: Connection) -> bool:
    with open_session(connection) as session:
        return bool(session.commits())


def test_a_private_key_lets_in(site: Site) -> None:
    assert logs_in(site.connection(ssh_private_key_file=str(site.key)))


def test_a_key_of_the_home_directory_lets_in_where_nothing_is_given(site: Site) -> None:
    shutil.copy(site.key, site.home / ".ssh" / "id_ed25519")
    assert logs_in(site.connection())


def test_a_key_with_a_pass_phrase_takes_it_from_the_password(site: Site) -> None:
    locked = site.home / "locked"
    locked.write_bytes(asyncssh.read_private_key(site.key).export_private_key(passphrase="open sesame"))
    assert logs_in(site.connection(ssh_private_key_file=str(locked), password="open sesame"))


def test_a_key_that_is_not_let_in_is_named(site: Site) -> None:
    other = site.home / "other"
    other.write_bytes(asyncssh.generate_private_key("ssh-ed25519").export_private_key())
    with pytest.raises(RouterError, match=f"login of user lab was refused with the key {other}"):
        logs_in(site.connection(ssh_private_key_file=str(other)))


@pytest.mark.skipif(shutil.which("ssh-agent") is None, reason="needs ssh-agent")
def test_the_agent_s_keys_let_in(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    socket = site.home / "agent"
    agent = subprocess.Popen(["ssh-agent", "-D", "-a", str(socket)], stdout=subprocess.PIPE)
    try:
        assert agent.stdout is not None
        agent.stdout.readline()
        monkeypatch.setenv("SSH_AUTH_SOCK", str(socket))
        subprocess.run(["ssh-add", "-q", str(site.key)], check=True, env={**os.environ})
        assert logs_in(site.connection())
    finally:
        agent.terminate()
        agent.wait(timeout=5)


def test_a_jump_host_is_gone_through_by_proxy_command(site: Site) -> None:
    relay, notes = site.home / "relay.py", site.home / "notes"
    relay.write_text(RELAY)
    command = f"{sys.executable} {relay} %h %p {notes}"
    (site.home / ".ssh" / "config").write_text(f"Host 127.*\n  ProxyCommand {command}\n")
    assert logs_in(site.connection(password=PASSWORD))
    assert notes.read_text() == f"127.0.0.1:{site.router.port}\n"


def test_a_proxy_jump_is_refused_with_the_cure(site: Site) -> None:
    (site.home / ".ssh" / "config").write_text("Host 127.*\n  ProxyJump ops@jump1\n")
    with pytest.raises(RouterError) as caught:
        logs_in(site.connection(password=PASSWORD))
    assert str(caught.value) == (
        f"cannot connect to router 127.0.0.1:{site.router.port}: ProxyJump ops@jump1 of ~/.ssh/config is not followed;"
        " write it as ProxyCommand ssh -W %h:%p ops@jump1"
    )


def test_a_proxy_jump_for_other_hosts_does_not_matter(site: Site) -> None:
    (site.home / ".ssh" / "config").write_text("Host vmx*\n  ProxyJump jump1\nHost 127.0.0.1\n  ProxyJump none\n")
    assert logs_in(site.connection(password=PASSWORD))


def test_nothing_is_asked_that_is_not_used(site: Site) -> None:
    site.router.counters.clear()
    assert logs_in(site.connection(password=PASSWORD))
    assert site.router.counters["rpcs"] == 2  # the history, and the end of the session
