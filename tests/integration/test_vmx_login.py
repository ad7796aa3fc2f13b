# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ways to a router: private keys, the SSH agent, prompts, host keys, a jump host."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import asyncssh
import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.session.session import (
    Connection,
    RouterError,
    open_session,
)
from lab.junos.running import PASSWORD, USER, Running, running
from lab.junos.server import Login, Management

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


@pytest.mark.filterwarnings("ignore:Warning. bcrypt")
def test_a_key_with_a_pass_phrase_takes_it_from_the_password(site: Site) -> None:
    locked = site.home / "locked"
    locked.write_bytes(asyncssh.read_private_key(site.key).export_private_key(passphrase="open sesame", rounds=1))
    assert logs_in(site.connection(ssh_private_key_file=str(locked), password="open sesame"))


def test_a_key_that_is_not_let_in_is_named(site: Site) -> None:
    other = site.home / "other"
    other.write_bytes(asyncssh.generate_private_key("ssh-ed25519").export_private_key())
    with pytest.raises(RouterError, match=f"login of user lab was refused with the key {other}"):
        logs_in(site.connection(ssh_private_key_file=str(other)))


@pytest.mark.filterwarnings("ignore:Warning. bcrypt")
def test_a_key_file_that_cannot_be_used_says_why(site: Site) -> None:
    pair = asyncssh.generate_private_key("ssh-ed25519")
    locked = pair.export_private_key(passphrase="open sesame", rounds=1)
    old = asyncssh.generate_private_key("ssh-rsa", key_size=2048)
    files = {
        "public.pub": (pair.export_public_key(), {}, "is a public key; give the private one"),
        "putty.ppk": (b"PuTTY-User-Key-File-3: ssh-ed25519\n", {}, "has the form of PuTTY"),
        "text": (b"hunter2\n", {}, "is no private key that can be used"),
        "empty": (b"", {}, "is no private key that can be used"),
        "locked": (locked, {}, "has a pass phrase; give it as password"),
        "other": (locked, {"password": "open"}, "has a pass phrase, and the password that was given is another"),
        "pem": (old.export_private_key("pkcs1-pem", passphrase="x"), {}, "has a pass phrase; give it as password"),
    }
    for name, (content, options, message) in files.items():
        (site.home / name).write_bytes(content)
        with pytest.raises(RouterError) as caught:
            logs_in(site.connection(ssh_private_key_file=str(site.home / name), **options))
        assert f"ssh_private_key_file {site.home / name} {message}" in str(caught.value), name
    with pytest.raises(RouterError, match="ssh_private_key_file /none: No such file or directory"):
        logs_in(site.connection(ssh_private_key_file="/none"))


def test_a_key_that_is_refused_is_followed_by_the_password(site: Site) -> None:
    other = site.home / "other"
    other.write_bytes(asyncssh.generate_private_key("ssh-ed25519").export_private_key())
    (site.home / ".ssh" / "config").write_text(f"IdentityFile {other}\n")
    assert logs_in(site.connection(password=PASSWORD))


def test_nothing_to_log_in_with_is_told(site: Site) -> None:
    with pytest.raises(RouterError, match="refused with nothing, as neither a password nor a key was given"):
        logs_in(site.connection())


class Prompts(asyncssh.SSHServer):
    """A router that asks for the password by a prompt, as one does with a TACACS server behind it."""

    def password_auth_supported(self) -> bool:
        return False

    def kbdint_auth_supported(self) -> bool:
        return True

    def get_kbdint_challenge(self, username: str, lang: str, submethods: str) -> Any:
        return "", "Welcome", "en", [("Password: ", False)]

    def validate_kbdint_response(self, username: str, responses: Sequence[str]) -> bool:
        return list(responses) == [PASSWORD]


@contextmanager
def another(site: Site, login: type[asyncssh.SSHServer] | None, *kinds: str) -> Iterator[tuple[int, str]]:
    """Serve the same router at another port, with another way to log in and host keys of these types."""
    management = Management(site.router.router, {})
    keys = [asyncssh.generate_private_key(kind) for kind in kinds]
    users = {USER: PASSWORD}

    async def serve() -> asyncssh.SSHAcceptor:
        return await asyncssh.create_server(
            login or (lambda: Login(users, {})),
            "127.0.0.1",
            0,
            server_host_keys=keys,
            process_factory=management.serve,
            encoding=None,
            line_editor=False,
        )

    acceptor = asyncio.run_coroutine_threadsafe(serve(), site.router.loop).result(timeout=10)
    port = acceptor.get_port()
    yield port, "".join(f"[127.0.0.1]:{port} {key.export_public_key().decode()}" for key in keys)
    site.router.loop.call_soon_threadsafe(acceptor.close)


def test_a_router_that_prompts_for_the_password_gets_it(site: Site) -> None:
    known = site.home / "known"
    with another(site, Prompts, "ssh-ed25519") as (port, line):
        known.write_text(line)
        connection = Connection("127.0.0.1", port, USER, PASSWORD, known_hosts_file=str(known))
        assert logs_in(connection)
        with pytest.raises(RouterError, match=r"login of user lab was refused with the password$"):
            logs_in(replace(connection, password="wrong"))


@pytest.mark.parametrize("known", ["ssh-rsa", "ecdsa-sha2-nistp256", "ssh-ed25519"])
def test_a_router_of_which_one_key_of_several_is_known(site: Site, known: str) -> None:
    file = site.home / "known"
    with another(site, None, "ssh-ed25519", "ecdsa-sha2-nistp256", "ssh-rsa") as (port, lines):
        file.write_text("".join(line for line in lines.splitlines(keepends=True) if line.split()[1] == known))
        assert logs_in(Connection("127.0.0.1", port, USER, PASSWORD, known_hosts_file=str(file)))


@pytest.mark.parametrize("line", ["[vmx9]:830 ssh-ed25519 AAAA=BB", "@cert-authority * ssh-ed25519 AAAA"])
def test_a_line_about_others_does_not_matter(site: Site, line: str) -> None:
    connection = site.connection(password=PASSWORD)
    known = site.home / ".ssh" / "known_hosts"
    known.write_text(f"{line}\n{known.read_text()}{line}\n")
    assert logs_in(connection)


def test_a_key_that_is_revoked_is_refused(site: Site) -> None:
    connection = site.connection(password=PASSWORD)
    known = site.home / ".ssh" / "known_hosts"
    kind, key = known.read_text().split()[1:3]
    known.write_text(f"{known.read_text()}@revoked * {kind} {key}\n")
    with pytest.raises(RouterError, match=r"is revoked in .*/known_hosts:2; do not log in"):
        logs_in(connection)


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
