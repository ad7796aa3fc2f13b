# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's router as ncclient sees it, on the wire and through its Junos handler."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import ncclient.transport.session
import pytest
from lab.junos.running import PASSWORD, USER, Running
from lxml import etree
from ncclient import manager
from ncclient.operations.rpc import RPCError
from ncclient.transport.errors import AuthenticationError, SSHUnknownHostError, TransportError
from support.recorded import RECORDED

ncclient.transport.session.TICK = 0.001

EXCERPTS = RECORDED / "junos" / "fixtures" / "excerpts"
BASE = "{urn:ietf:params:xml:ns:netconf:base:1.0}"

EDIT = """<config xmlns:nc="urn:ietf:params:xml:ns:netconf:base:1.0"><configuration><routing-instances>
<instance nc:operation="{operation}"><name>vn1</name><instance-type>vrf</instance-type>
<vrf-target><community>target:64512:{number}</community></vrf-target></instance>
</routing-instances></configuration></config>"""


@contextmanager
def session(router: Running, **how: object) -> Iterator[manager.Manager]:
    options: dict[str, object] = {
        "host": "127.0.0.1",
        "port": router.port,
        "username": USER,
        "password": PASSWORD,
        "hostkey_verify": False,
        "look_for_keys": False,
        "allow_agent": False,
        "device_params": {"name": "junos"},
        "timeout": 20,
    }
    with manager.connect(**{**options, **how}) as connected:
        yield connected


@pytest.fixture
def device(router: Running) -> Iterator[manager.Manager]:
    with session(router) as one:
        yield one


def edit(device: manager.Manager, operation: str = "merge", number: int = 1) -> object:
    return device.edit_config(target="candidate", config=EDIT.format(operation=operation, number=number))


class TestHello:
    def test_capabilities_are_those_of_a_recorded_router(self, device: manager.Manager) -> None:
        path: Path = EXCERPTS / "hello-junos-18.4R3.xml"
        if not path.is_file():
            pytest.skip("no recorded device output here")
        recorded = etree.fromstring(path.read_text().replace("]]>]]>", ""))
        wanted = {element.text for element in recorded.iter(f"{BASE}capability")}
        assert {str(one) for one in device.server_capabilities} == wanted

    def test_the_framing_stays_at_the_first_version(self, device: manager.Manager) -> None:
        assert "urn:ietf:params:netconf:base:1.1" not in list(device.server_capabilities)

    def test_sessions_have_numbers_of_their_own(self, router: Running) -> None:
        with session(router) as one, session(router) as other:
            assert one.session_id != other.session_id

    def test_a_wrong_password_is_refused(self, router: Running) -> None:
        with pytest.raises(AuthenticationError), session(router, password="wrong"):
            pass

    def test_the_host_key_can_be_verified(self, router: Running, tmp_path: Path) -> None:
        known = tmp_path / "ssh_config"
        hosts = tmp_path / "known_hosts"
        hosts.write_text(router.known_hosts)
        known.write_text(f"Host 127.0.0.1\n  UserKnownHostsFile {hosts}\n")
        with session(router, hostkey_verify=True, ssh_config=str(known)) as device:
            assert device.connected

    def test_an_unknown_host_key_is_refused_by_who_looks(self, router: Running, tmp_path: Path) -> None:
        hosts, config = tmp_path / "known_hosts", tmp_path / "ssh_config"
        hosts.write_text("")
        config.write_text(f"Host 127.0.0.1\n  UserKnownHostsFile {hosts}\n")
        with (
            pytest.raises(SSHUnknownHostError),
            session(router, hostkey_verify=True, ssh_config=str(config)),
        ):
            pass

    def test_a_client_without_the_subsystem_gets_a_session_by_command(self, router: Running) -> None:
        import paramiko

        client = paramiko.SSHClient()
        client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
        client.connect("127.0.0.1", router.port, USER, PASSWORD, look_for_keys=False, allow_agent=False)
        _stdin, out, _stderr = client.exec_command("xml-mode netconf need-trailer")
        assert b"<hello" in out.channel.recv(4096)
        client.close()


class TestReplies:
    def test_two_requests_in_one_packet_are_answered_in_order(self, router: Running) -> None:
        import paramiko

        transport = paramiko.Transport(("127.0.0.1", router.port))
        transport.connect(username=USER, password=PASSWORD)
        channel = transport.open_session()
        channel.invoke_subsystem("netconf")
        hello = '<hello xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"><capabilities/></hello>'
        one = '<rpc message-id="1" note="a&amp;b"><close-configuration/></rpc>'
        two = '<rpc message-id="2"><close-session/></rpc>'
        text = "".join(f"{message}]]>]]>" for message in (hello, one, two))
        for start in range(0, len(text), 7):
            channel.sendall(text[start : start + 7].encode())
        answer = b""
        while part := channel.recv(65536):
            answer += part
        transport.close()
        _unused, first, second, rest = answer.split(b"]]>]]>")
        assert b'message-id="1" note="a&amp;b"' in first
        assert b'message-id="2"' in second
        assert b"<ok/>" in second
        assert not rest.strip()

    def test_what_is_no_xml_is_a_malformed_message(self, router: Running) -> None:
        import paramiko

        transport = paramiko.Transport(("127.0.0.1", router.port))
        transport.connect(username=USER, password=PASSWORD)
        channel = transport.open_session()
        channel.invoke_subsystem("netconf")
        channel.sendall(b"<rpc message-id='1'><oops></rpc>]]>]]>")
        channel.settimeout(10)
        answer = b""
        while b"</rpc-reply>" not in answer and (read := channel.recv(65536)):
            answer += read
        transport.close()
        assert b"malformed-message" in answer

    def test_an_unknown_operation_is_a_syntax_error(self, device: manager.Manager) -> None:
        with pytest.raises(RPCError, match="syntax error"):
            device.rpc("<get-nothing/>")


class TestEdit:
    def test_an_edit_is_merged_compared_and_committed(self, device: manager.Manager) -> None:
        with device.locked("candidate"):
            edit(device)
            assert "vrf-target target:64512:1;" in str(device.compare_configuration())
            device.validate("candidate")
            device.commit(comment="by ncclient")
        names = device.get_config("running").xpath("//*[local-name()='instance']/*[local-name()='name']")
        assert [name.text for name in names] == ["vn1"]

    def test_replace_leaves_nothing_of_the_old_statement(self, device: manager.Manager) -> None:
        edit(device)
        edit(device, "replace", 2)
        targets = device.get_configuration().xpath("//vrf-target/community")
        assert [target.text for target in targets] == ["target:64512:2"]

    def test_create_refuses_what_is_there(self, device: manager.Manager) -> None:
        edit(device)
        with pytest.raises(RPCError):
            edit(device, "create")

    def test_delete_takes_it_away(self, device: manager.Manager) -> None:
        edit(device)
        device.edit_config(
            target="candidate",
            config="""<config><configuration><routing-instances><instance operation="delete"><name>vn1</name>
            </instance></routing-instances></configuration></config>""",
        )
        assert not device.get_configuration().xpath("//routing-instances")

    def test_discarded_changes_are_gone(self, device: manager.Manager) -> None:
        edit(device)
        device.discard_changes()
        assert not device.get_configuration().xpath("//routing-instances")

    def test_rollback_is_a_load_too(self, device: manager.Manager) -> None:
        edit(device)
        device.commit()
        device.rollback(rollback=1)
        assert "-  routing-instances {" in str(device.compare_configuration())
        device.discard_changes()

    def test_commands_build_a_vrf(self, device: manager.Manager) -> None:
        device.load_configuration(
            action="set",
            config=[
                "set routing-instances vn3 instance-type vrf",
                "set routing-instances vn3 vrf-target target:64512:3",
                "set routing-instances vn3 routing-options static route 10.0.0.9/32 next-table inet.0",
                "set policy-options community c members target:1:1",
                "set policy-options policy-statement p term 1 from family inet-vpn",
                "set policy-options policy-statement p term 1 then community add c",
                "set policy-options policy-statement p term 1 then accept",
                "set apply-groups other",
                "delete apply-groups other",
                "deactivate routing-instances vn3",
            ],
        )
        found = device.get_configuration()
        assert found.xpath("//vrf-target/community")[0].text == "target:64512:3"
        assert found.xpath("//then/community/community-name")[0].text == "c"
        assert len(found.xpath("//then/community/add")) == 1
        assert found.xpath("//routing-instances/instance")[0].get("inactive") == "inactive"
        device.discard_changes()

    def test_a_wrong_command_is_a_syntax_error(self, device: manager.Manager) -> None:
        with pytest.raises(RPCError, match="syntax error"):
            device.load_configuration(action="set", config=["set routing-instance vn3"])


class TestLocks:
    def test_the_holder_is_named_as_a_recorded_router_does(self, router: Running) -> None:
        path: Path = EXCERPTS / "lock-denied-15.1X49.xml"
        if not path.is_file():
            pytest.skip("no recorded device output here")
        recorded = etree.fromstring(path.read_bytes())
        with session(router) as holder, session(router) as other:
            holder.lock("candidate")
            with pytest.raises(RPCError) as refused:
                other.lock("candidate")
            holder.unlock("candidate")
        mine = refused.value.xml
        shape = [(child.tag, [part.tag for part in child]) for child in recorded]
        assert [(child.tag, [part.tag for part in child]) for child in mine] == shape
        assert mine.findtext(f"{BASE}error-info/{BASE}session-id") == holder.session_id
        for wanted, got in zip(recorded.iter(), mine.iter(), strict=True):
            if wanted.tag.endswith(("error-type", "error-tag", "error-severity")):
                assert got.text == wanted.text

    def test_a_session_can_end_another(self, router: Running) -> None:
        with session(router) as other, pytest.raises(TransportError), session(router) as holder:
            holder.lock("candidate")
            other.kill_session(holder.session_id)
            for _unused in range(200):
                try:
                    other.lock("candidate")
                except RPCError:
                    continue
                break
            other.unlock("candidate")

    def test_a_session_that_is_not_there_cannot_be_ended(self, device: manager.Manager) -> None:
        with pytest.raises(RPCError):
            device.kill_session("1")


class TestConfirmed:
    def test_a_confirmed_commit_is_pending_until_the_next(self, router: Running, device: manager.Manager) -> None:
        with device.locked("candidate"):
            edit(device)
            device.commit(confirmed=True, timeout="10")
            assert router.router.pending is not None
            device.commit()
            assert router.router.pending is None
        assert device.get_config("running").xpath("//*[local-name()='routing-instances']")

    def test_the_timer_brings_the_old_configuration_back(self, router: Running, device: manager.Manager) -> None:
        import threading

        back = threading.Event()
        edit(device)
        device.rpc("<commit><confirmed/><confirm-timeout>1</confirm-timeout></commit>")
        router.router.on_commit.append(back.set)
        try:
            assert back.wait(timeout=5)
        finally:
            router.router.on_commit.remove(back.set)
        assert not device.get_config("running").xpath("//*[local-name()='routing-instances']")
