# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a session is opened: which keys are trusted, which client configuration counts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ncclient.transport.session
import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx import session
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.session import (
    Connection,
    RouterError,
    known_hosts_files,
)
from jnpr.junos import jxml
from jnpr.junos.exception import RpcError
from ncclient.operations.rpc import RPCError, RPCReply
from ncclient.xml_ import to_ele


class Opened:
    """Stands for PyEZ's Device: notes how it was made, and what the files said while it was opened."""

    _hostkey_verify = True
    timeout = 0
    made: dict[str, Any]
    configuration: str
    trusted: str

    def __init__(self, **options: Any) -> None:
        type(self).made = options

    def open(self, **_options: Any) -> None:
        path = Path(self.made["ssh_config"])
        type(self).configuration = path.read_text()
        trusted = path.with_name("known_hosts")
        type(self).trusted = trusted.read_text() if trusted.exists() else ""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(session, "Device", Opened)
    (tmp_path / ".ssh").mkdir()
    (tmp_path / ".ssh" / "known_hosts").write_text("usual ssh-rsa AAAA\n")
    return tmp_path


def test_host_keys_are_verified_with_the_usual_file(home: Path) -> None:
    device = session.open_device(Connection("vmx1", password="x"))
    assert Opened.made["hostkey_verify"] is True
    assert "usual ssh-rsa AAAA" in Opened.trusted
    assert device.timeout == 120
    assert ncclient.transport.session.TICK == 0.001
    assert not Path(Opened.made["ssh_config"]).exists()


def test_a_file_of_one_s_own_is_the_only_one_that_counts(home: Path) -> None:
    own = home / "trusted"
    own.write_text("own ssh-rsa BBBB\n")
    session.open_device(Connection("vmx1", known_hosts_file=str(own)))
    assert Opened.trusted == "own ssh-rsa BBBB\n"


def test_the_user_s_client_configuration_follows_the_options(home: Path) -> None:
    (home / ".ssh" / "config").write_text("Host vmx1\n  Port 22\n  ProxyCommand nc jump %h %p\n")
    session.open_device(Connection("vmx1", port=831))
    lines = Opened.configuration.split("\n")
    assert lines[:2] == ["Host *", "  Port 831"]
    assert "  ProxyCommand nc jump %h %p" in lines


def test_known_hosts_of_the_user_s_configuration_are_respected() -> None:
    text = "Host vmx*\n  UserKnownHostsFile /a /b\n"
    found = [str(one) for one in known_hosts_files(Connection("vmx1"), text)]
    assert found == ["/a", "/b", "/etc/ssh/ssh_known_hosts"]


def test_keys_of_the_agent_are_tried_only_without_credentials(home: Path) -> None:
    session.open_device(Connection("vmx1"))
    assert Opened.made["look_for_keys"] is True
    session.open_device(Connection("vmx1", password="x"))
    assert Opened.made["look_for_keys"] is False


def test_an_ipv6_address_is_given_to_each_layer_as_it_wants_it(home: Path) -> None:
    session.open_device(Connection("2001:db8::1"))
    assert Opened.made["host"] == "[2001:db8::1]"
    assert "  HostName 2001:db8::1" in Opened.configuration.split("\n")


def test_a_library_that_cannot_verify_host_keys_is_refused(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Opened, "_hostkey_verify", False)
    with pytest.raises(RouterError, match="cannot verify host keys"):
        session.open_device(Connection("vmx1"))
    session.open_device(Connection("vmx1", host_key_checking=False))


def test_a_password_is_not_in_the_text_of_a_connection() -> None:
    assert "secret" not in repr(Connection("vmx1", password="secret"))


class Warned:
    """Stands for PyEZ's Device: raises for a reply with warnings what PyEZ and ncclient make of it."""

    def __init__(self, *warnings: str) -> None:
        said = "".join(
            f"<rpc-error><error-severity>warning</error-severity><error-message>\n{one}\n</error-message></rpc-error>"
            for one in warnings
        )
        self.reply = (
            f'<rpc-reply xmlns="urn:ietf:params:xml:ns:netconf:base:1.0">{said}'
            '<configuration xmlns="http://xml.juniper.net/xnm/1.1/xnm"><system><host-name>vmx1</host-name></system>'
            "</configuration></rpc-reply>"
        )

    def execute(self, rpc: Any) -> Any:
        reply = RPCReply(self.reply)
        reply.parse()
        error = reply.error if len(reply.errors) == 1 else RPCError(to_ele(self.reply), errs=reply.errors)
        raise RpcError(cmd=rpc, rsp=jxml.remove_namespaces(error.xml), errs=error)


@pytest.mark.parametrize("warnings", [["re1 is away"], ["re1 is away", "re1 is away", "clock drifts"]])
def test_what_comes_beside_a_warning_is_not_lost(warnings: list[str]) -> None:
    opened = session.Session(Connection("vmx1"), Warned(*warnings))
    assert opened.read_configuration(["system"]).value("system", "host-name") == "vmx1"
    assert opened.warnings == list(dict.fromkeys(warnings))


@pytest.mark.parametrize("end", ["exclusive", "exclusive [edit]", "exclusive {master}[edit]", ""])
def test_the_holder_of_a_lock_is_told_without_how_it_is_held(end: str) -> None:
    holder = "ops terminal p0 (pid 2180) on since 2026-02-04 08:24:11 UTC, idle 00:00:09"
    found = session.LOCKED.search(f"cannot lock: configuration database locked by: {holder} {end}".strip())
    assert found is not None
    assert found.group(1) == holder
