# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a session makes of replies and faults, and what the user's client configuration says about a router."""

from __future__ import annotations

import re
import shutil
import subprocess
from getpass import getuser
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.session import session, ssh
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.session.connection import NotConnectedError
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.session.session import Connection
from jnpr.junos import jxml
from jnpr.junos.exception import RpcError
from ncclient.operations.rpc import RPCError, RPCReply
from ncclient.xml_ import to_ele


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".ssh").mkdir()
    return tmp_path


def configured(home: Path, text: str, **files: str) -> Path:
    """Write the client configuration and files beside it."""
    for name, content in {"config": text, **files}.items():
        (home / ".ssh" / name).write_text(content)
    return home / ".ssh" / "config"


def trusted(connection: Connection) -> list[str]:
    return [str(one) for one in ssh.known_hosts_files(connection, ssh.read_settings(connection))]


def test_the_usual_files_hold_the_trusted_keys(home: Path) -> None:
    assert trusted(Connection("vmx1")) == [f"{home}/.ssh/known_hosts", "/etc/ssh/ssh_known_hosts"]


def test_a_file_of_one_s_own_is_the_only_one_that_counts(home: Path) -> None:
    configured(home, "UserKnownHostsFile /a\n")
    assert trusted(Connection("vmx1", known_hosts_file="~/own")) == [f"{home}/own"]


def test_known_hosts_of_the_user_s_configuration_are_respected(home: Path) -> None:
    configured(home, 'Host vmx*\n  UserKnownHostsFile /a "/b c"\n  GlobalKnownHostsFile none\n')
    assert trusted(Connection("vmx1")) == ["/a", "/b c"]
    assert len(trusted(Connection("mx1"))) == 2


def test_the_options_win_over_the_user_s_configuration(home: Path) -> None:
    configured(home, "Host vmx1\n  Port 22\n  User ops\n  HostName 192.0.2.1\n  ProxyCommand nc jump %h %p\n")
    found = ssh.read_settings(Connection("vmx1", port=831, user="lab"))
    assert (found.host, found.user) == ("192.0.2.1", "lab")
    assert found.found["proxycommand"] == "nc jump 192.0.2.1 831"
    assert ssh.read_settings(Connection("vmx1")).user == "ops"
    assert ssh.read_settings(Connection("2001:db8::1")).host == "2001:db8::1"


INCLUDING = {
    "before everything": "Include {0}/one\nUser last\n",
    "two, one of which is not there": "Include {0}/none {0}/one\n",
    "a pattern": "Include {0}/*.conf\nUser last\n",
    "quoted, in capitals and with a sign": 'INCLUDE="{0}/one"\n',
    "below a host that is meant": "Host vmx*\n  Include {0}/one\n  ProxyCommand after\n",
    "below a host that is not meant": "Host mx*\n  Include {0}/one\nHost *\n  User last\n",
    "with hosts of its own": "Host vmx*\n  Include {0}/two\n  User after\nHost *\n  HostName last\n",
    "in another": "Include {0}/three\n",
    "that says nothing about the lines behind it": "Host mx*\n  User mx\n  Include {0}/one\n  ProxyCommand mx\n",
}
INCLUDED = {
    "one": "User first\n",
    "two": "Host mx*\n  User two\nHost vmx1\n  HostName two\n",
    "three": "Include {0}/one\nHostName three\n",
    "b.conf": "User b\n",
    "a.conf": "User a\nHostName a\n",
}


@pytest.mark.skipif(shutil.which("ssh") is None, reason="needs OpenSSH's ssh")
@pytest.mark.parametrize("place", INCLUDING)
def test_files_are_included_as_ssh_includes_them(home: Path, place: str) -> None:
    directory = home / ".ssh"
    file = configured(
        home, INCLUDING[place].format(directory), **{name: text.format(directory) for name, text in INCLUDED.items()}
    )
    said = subprocess.run(["ssh", "-G", "-F", file, "-p", "830", "vmx1"], capture_output=True, text=True, check=True)
    expected = dict(re.findall(r"(?m)^(user|hostname|proxycommand) (.*)$", said.stdout))
    found = ssh.read_settings(Connection("vmx1"))
    ours = {"user": found.found.get("user", getuser()), "hostname": found.host}
    if "proxycommand" in found.found:
        ours["proxycommand"] = found.found["proxycommand"]
    assert ours == expected


def test_files_are_included_from_the_user_s_directory(home: Path) -> None:
    configured(home, "Include config.d/*\n")
    (home / ".ssh" / "config.d").mkdir()
    (home / ".ssh" / "config.d" / "10-routers").write_text("Host vmx1\n  User lab\n")
    assert ssh.read_settings(Connection("vmx1")).user == "lab"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Include config\n", "is included in more than 16 files"),
        ("Host\n", "~/.ssh/config cannot be understood: Unparsable line Host"),
        ('Host "vmx1\n', "~/.ssh/config cannot be understood"),
        (
            "ProxyJump jump1\n",
            "ProxyJump jump1 of ~/.ssh/config is not followed; write it as ProxyCommand ssh -W %h:%p",
        ),
    ],
)
def test_a_configuration_that_cannot_be_followed_is_refused(home: Path, text: str, message: str) -> None:
    configured(home, text)
    with pytest.raises(NotConnectedError) as caught:
        ssh.read_settings(Connection("vmx1"))
    assert message in str(caught.value)


def test_a_configuration_that_cannot_be_read_is_refused(home: Path) -> None:
    (home / ".ssh" / "config").symlink_to(home / ".ssh")
    assert ssh.read_settings(Connection("vmx1")).host == "vmx1"


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

    def send_ahead(self, rpc: Any) -> None:
        pass

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
