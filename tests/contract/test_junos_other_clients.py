# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What other tools do with a router: JSON, patches, `get` with a filter, edits as resource modules make them."""

from __future__ import annotations

import json
from collections.abc import Iterator

import ncclient.transport.session
import pytest
from jnpr.junos import Device
from jnpr.junos.utils.config import Config
from lab.junos.running import PASSWORD, USER, Running
from lxml import etree
from ncclient import manager

ncclient.transport.session.TICK = 0.001

CHANGE = """
set system host-name other
set routing-instances vn1 instance-type vrf
set routing-instances vn1 vrf-target target:64512:1
set routing-instances vn1 vrf-table-label
set routing-instances vn1 vrf-import [ p1 p2 ]
set policy-options policy-statement p1 then accept
set policy-options policy-statement p2 then accept
set firewall family inet filter f term t1 from source-address 10.0.0.0/8
set firewall family inet filter f term t1 from source-address 10.1.0.0/16 except
set firewall family inet filter f term t1 then routing-instance vn1
set firewall family inet filter f term t2 then accept
deactivate firewall family inet filter f term t2
"""


@pytest.fixture
def device(router: Running) -> Iterator[Device]:
    with Device("127.0.0.1", port=router.port, user=USER, password=PASSWORD) as one:
        yield one


def committed(router: Running) -> bytes:
    """Return the running configuration, whatever order its statements came in."""
    return etree.tostring(router.router.committed, method="c14n")


def changed(device: Device, text: str = CHANGE) -> None:
    candidate = Config(device)
    candidate.load(text, format="set", merge=True)
    candidate.commit()


def test_a_configuration_in_json_is_taken_back_without_a_change(router: Running, device: Device) -> None:
    changed(device)
    shown = device.rpc.get_config(options={"format": "json", "database": "committed"})
    vn1 = shown["configuration"]["routing-instances"]["instance"][0]
    assert vn1["vrf-import"] == ["p1", "p2"]
    assert vn1["vrf-table-label"] == [None]
    before = committed(router)
    candidate = Config(device)
    candidate.load(json.dumps(shown), format="json", overwrite=True)
    assert candidate.diff() is None
    candidate.rollback()
    assert committed(router) == before


def test_json_of_older_releases_and_marks_are_understood(device: Device) -> None:
    changed(device)
    candidate = Config(device)
    old = {"configuration": [{"system": [{"host-name": [{"data": "older"}]}]}]}
    candidate.load(json.dumps(old), format="json", merge=True)
    assert "+   host-name older;" in str(candidate.diff())
    candidate.load(
        json.dumps({"configuration": {"system": {"@host-name": {"operation": "delete"}, "host-name": [None]}}}),
        format="json",
        merge=True,
    )
    assert "-   host-name other;" in str(candidate.diff())
    candidate.rollback()


def test_what_is_no_json_is_refused(device: Device) -> None:
    with pytest.raises(Exception, match="syntax error"):
        Config(device).load('{"configuration": {"system": ', format="json", merge=True)


@pytest.mark.parametrize(
    "edit",
    [
        "set routing-instances vn1 description left",
        "delete routing-instances vn1",
        "delete routing-instances vn1 vrf-import p1\nset routing-instances vn1 vrf-import p3\n"
        "set policy-options policy-statement p3 then accept",
        "delete firewall family inet filter f term t1 from source-address 10.1.0.0/16",
        "set system host-name third\nactivate firewall family inet filter f term t2",
        "deactivate firewall family inet filter f term t1",
    ],
)
def test_a_patch_is_what_another_router_shows_as_its_difference(router: Running, device: Device, edit: str) -> None:
    changed(device)
    if "delete routing-instances vn1" in edit.splitlines():
        edit += "\ndelete firewall family inet filter f term t1"
    candidate = Config(device)
    candidate.load(edit, format="set", merge=True)
    patch = candidate.diff()
    assert patch is not None
    candidate.rollback()
    candidate.load(patch, format="text", patch=True)
    assert candidate.diff() == patch
    candidate.rollback()


def test_a_patch_for_what_is_not_there_is_refused(device: Device) -> None:
    with pytest.raises(Exception, match="syntax error"):
        Config(device).load("[edit nowhere]\n+   a b;\n", format="text", patch=True)


def test_get_answers_a_filter_with_a_part_of_the_configuration(router: Running) -> None:
    options = {
        "device_params": {"name": "junos"},
        "hostkey_verify": False,
        "allow_agent": False,
        "look_for_keys": False,
    }
    with manager.connect(host="127.0.0.1", port=router.port, username=USER, password=PASSWORD, **options) as session:
        wanted = "<configuration><interfaces><interface><name>ge-0/0/0</name></interface></interfaces></configuration>"
        reply = str(session.get(filter=("subtree", wanted)))
        assert "<name>ge-0/0/0</name>" in reply
        assert "<groups>" not in reply
        assert "<groups>" in str(session.get())


ACL = """
<firewall><family><inet><filter><name>acl</name><term><name>ace</name><from>
<source-address>10.0.0.0/8</source-address><source-port>80</source-port><protocol>tcp</protocol></from>
<then><accept/></then></term></filter></inet></family></firewall>
"""
"""A document as a resource module for filters makes it: an address is the text of an entry, not a key in it."""


@pytest.mark.parametrize("operation", ["load", "edit"])
def test_filters_of_a_resource_module_are_taken(router: Running, operation: str) -> None:
    options = {
        "device_params": {"name": "junos"},
        "hostkey_verify": False,
        "allow_agent": False,
        "look_for_keys": False,
    }
    with manager.connect(host="127.0.0.1", port=router.port, username=USER, password=PASSWORD, **options) as session:

        def load(inside: str) -> None:
            if operation == "load":
                session.load_configuration(format="xml", action="merge", config=etree.fromstring(inside))
            else:
                session.edit_config(
                    target="candidate", config=f"<config><configuration>{inside}</configuration></config>"
                )
            session.validate()
            session.commit()

        with session.locked("candidate"):
            load(ACL)
        (source,) = router.router.committed.iterfind("firewall/family/inet/filter/term/from/source-address")
        assert source.findtext("name") == "10.0.0.0/8"
        gone = '<term delete="delete"><name>ace</name></term><term><name>new</name><then><discard/></then></term>'
        with session.locked("candidate"):
            load(f"<firewall><family><inet><filter><name>acl</name>{gone}</filter></inet></family></firewall>")
        names = router.router.committed.iterfind("firewall/family/inet/filter/term/name")
        assert [name.text for name in names] == ["new"]
