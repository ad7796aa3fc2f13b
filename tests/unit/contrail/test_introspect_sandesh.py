# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages of daemons as data and as records: types, what is unset, what is not declared."""

from __future__ import annotations

from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.introspect.records import (
    AgentPath,
    ChainOfRule,
    ChainState,
    Interface,
    RoutePath,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.introspect.sandesh import parse

STYLESHEET = b'<?xml-stylesheet type="text/xsl" href="/universal_parse.xsl"?>'


def test_every_type_of_field_becomes_its_value() -> None:
    (message,) = parse(
        STYLESHEET
        + b"""<AnyResp type="sandesh"><on type="bool">true</on><off type="bool">false</off><count type="u32">7</count>
        <label type="i32">-1</label><ratio type="double">0.5</ratio><odd type="i32">many</odd>
        <text type="string">a &lt;&gt; b</text><empty type="string"></empty>
        <one type="struct"><Inner><name type="string">x</name><lost type="string"></lost></Inner></one>
        <none type="struct"><Inner></Inner></none>
        <names type="list"><list type="string" size="2"><element>a</element><element>b</element></list></names>
        <items type="list"><list type="struct" size="1"><Inner><n type="u16">1</n></Inner></list></items>
        <nothing type="list"><list type="string" size="0"></list></nothing>
        <by_name type="map"><map key="string" value="struct" size="1">
        <element>k</element><Inner><n type="u16">2</n></Inner></map></by_name>
        <numbers type="map"><map key="string" value="u32" size="1">
        <element>k</element><element>3</element></map></numbers>
        </AnyResp>"""
        + b"\0"
    )
    assert message.name == "AnyResp"
    assert message.data == {
        "on": True,
        "off": False,
        "count": 7,
        "label": -1,
        "ratio": "0.5",
        "odd": "many",
        "text": "a <> b",
        "one": {"name": "x"},
        "none": {},
        "names": ["a", "b"],
        "items": [{"n": 1}],
        "nothing": [],
        "by_name": {"k": {"n": 2}},
        "numbers": {"k": 3},
    }


def test_several_messages_stand_in_a_list() -> None:
    page = b'<__AResp_list type="slist"><AResp type="sandesh"></AResp><BResp type="sandesh"></BResp></__AResp_list>'
    assert [message.name for message in parse(STYLESHEET + page)] == ["AResp", "BResp"]


def test_what_a_page_lacks_is_unset_and_what_is_not_declared_is_kept() -> None:
    chain = ChainOfRule.read({"created": False, "newer_field": ["x"]})
    assert (chain.created, chain.error, chain.name, chain.services) == (False, None, None, ())
    assert chain.unknown == {"newer_field": ["x"]}


def test_structures_that_are_missing_are_records_without_values() -> None:
    chain = ChainState.read({})
    assert (chain.connected.address, chain.connected.route.paths) == (None, ())


def test_a_field_is_read_under_its_older_name_too() -> None:
    assert AgentPath.read({"dest_vn": "d:p:vn1"}).networks == ("d:p:vn1",)
    assert AgentPath.read({"dest_vn_list": ["d:p:vn2"], "dest_vn": "d:p:vn1"}).networks == ("d:p:vn2",)


def test_the_protocol_is_its_first_word_in_every_release() -> None:
    for text in ("ServiceChain", "ServiceChain (service-interface)"):
        assert RoutePath.read({"protocol": text}).protocol == "ServiceChain"
    assert RoutePath().protocol is None


def test_a_port_is_active_only_when_its_page_says_so() -> None:
    assert Interface.read({"active": "Active"}).is_active
    assert not Interface.read({"active": "Inactive < no-dev  >"}).is_active
    assert not Interface.read({}).is_active
    assert Interface.read({}).is_healthy
    assert not Interface.read({"health_check_active": "Inactive"}).is_healthy
