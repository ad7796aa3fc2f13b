# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The text form and commands, out and in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lab.junos.load import load
from lab.junos.reading import from_commands, from_text
from lab.junos.running import INITIAL
from lab.junos.text import quoted, render, set_lines
from lab.junos.tree import empty, equal, plain
from lxml import etree
from support.examples import examples
from unit.lab_junos.configurations import configuration, document, filter_with, term, vrf

POLICY = """<policy-options><policy-statement><name>p</name><term><name>1</name>
<from><family>inet-vpn</family><protocol>bgp</protocol><protocol>static</protocol>
<route-filter><address>10.0.0.0/8</address><orlonger/></route-filter></from>
<then><local-preference><local-preference>200</local-preference></local-preference>
<community><add/><community-name>c</community-name></community><next-hop><self/></next-hop><accept/></then>
</term></policy-statement><community><name>c</name><members>target:1:1</members></community></policy-options>"""

EVERYTHING = (
    vrf(
        "a",
        """<description>two words</description><interface><name>lo0.3</name></interface>
        <route-distinguisher><rd-type>1.1.1.1:3</rd-type></route-distinguisher>
        <vrf-import>x</vrf-import><vrf-import>y</vrf-import>
        <vrf-target><community>target:1:1</community><import>target:1:2</import></vrf-target><vrf-table-label/>
        <routing-options><rib><name>a.inet6.0</name><static><route><name>2001:db8::/64</name>
        <next-table>inet6.0</next-table></route></static></rib>
        <static><route><name>0.0.0.0/0</name><next-hop>10.0.0.1</next-hop><next-hop>10.0.0.2</next-hop></route>
        <route><name>10.9.0.0/16</name><discard/><preference><metric-value>9</metric-value></preference></route>
        </static><auto-export><family><inet><unicast/></inet><inet6><unicast/></inet6></family></auto-export>
        </routing-options>
        <apply-macro><name>owner</name><data><name>chain</name><value>a to b</value></data></apply-macro>""",
    )
    + filter_with(
        """<term><name>t</name><from><source-address><name>10.0.0.0/8</name></source-address>
        <source-address><name>10.1.0.0/16</name><except/></source-address>
        <protocol>tcp</protocol><destination-port>80</destination-port><destination-port>443</destination-port>
        </from><then><count>c</count><routing-instance><routing-instance-name>a</routing-instance-name>
        </routing-instance></then></term>""",
        term("tail", 'inactive="inactive"'),
    )
    + POLICY
    + """<interfaces><interface><name>ge-0/0/0</name><unit><name>0</name><family><inet><filter><input>
    <filter-name>F</filter-name></input></filter><address><name>10.0.0.1/24</name></address></inet><mpls/></family>
    </unit></interface></interfaces>
    <system><host-name>r</host-name><services><netconf><ssh/></netconf></services>
    <ntp><server><name>1.2.3.4</name><prefer/></server></ntp></system>
    <snmp><community><name>public</name><authorization>read-only</authorization></community></snmp>
    <apply-groups>g</apply-groups><groups><name>g</name><routing-options><router-id>1.1.1.1</router-id>
    </routing-options></groups>"""
)


def read(text: str) -> etree._Element:
    made, complaints = from_text(text)
    result = empty()
    assert complaints == []
    assert load(result, made, "merge") == []
    return result


def test_a_configuration_shows_as_people_know_it() -> None:
    assert render(configuration(POLICY)) == (
        "policy-options {\n"
        "    policy-statement p {\n"
        "        term 1 {\n"
        "            from {\n"
        "                family inet-vpn;\n"
        "                protocol [ bgp static ];\n"
        "                route-filter 10.0.0.0/8 orlonger;\n"
        "            }\n"
        "            then {\n"
        "                local-preference 200;\n"
        "                community add c;\n"
        "                next-hop self;\n"
        "                accept;\n"
        "            }\n"
        "        }\n"
        "    }\n"
        "    community c members target:1:1;\n"
        "}\n"
    )


def test_what_is_shown_reads_as_the_same_configuration() -> None:
    whole = configuration(EVERYTHING)
    again = read(render(whole))
    assert render(again) == render(whole)
    assert equal(again, whole)


def test_the_initial_configuration_survives_its_text_form() -> None:
    initial = plain(etree.fromstring(INITIAL))
    assert equal(read(render(initial)), initial)


def test_set_commands_build_the_same_configuration() -> None:
    whole = configuration(EVERYTHING.replace("<prefer/>", ""))
    result = empty()
    for made in from_commands("\n".join(set_lines(whole))):
        assert load(result, made, "set") == []
    assert set_lines(result) == set_lines(whole)


def test_commands_take_effect_in_their_order() -> None:
    result = configuration(filter_with(term("t1"), term("t2")))
    commands = """
    set firewall family inet filter F term t3 then accept
    insert firewall family inet filter F term t3 before term t2
    rename firewall family inet filter F term t1 to term t0
    delete firewall family inet filter F term t2
    """
    for made in from_commands(commands):
        assert load(result, made, "set") == []
    assert [name.text for name in result.iterfind(".//term/name")] == ["t0", "t3"]


def test_prefixes_of_the_text_form_are_orders() -> None:
    result = configuration(vrf("a", "<description>x</description>"), vrf("b"))
    made, complaints = from_text(
        'routing-instances { replace: a { instance-type vrf; } delete: b; inactive: c { description "a { b"; } }'
    )
    assert complaints == []
    load(result, made, "replace")
    assert render(result) == (
        "routing-instances {\n"
        "    a {\n"
        "        instance-type vrf;\n"
        "    }\n"
        "    inactive: c {\n"
        '        description "a { b";\n'
        "    }\n"
        "}\n"
    )


def test_comments_are_not_read() -> None:
    text = "/* routing-instances { */ routing-options { # here\n router-id 1.1.1.1; ## SECRET-DATA\n }"
    assert read(text).findtext("routing-options/router-id") == "1.1.1.1"


def test_what_follows_an_unknown_word_is_skipped_to_its_end() -> None:
    made, complaints = from_text("system1 { a { b; } }\nrouting-options { router-id 1.1.1.1; }")
    assert [(one.message, one.bad_element) for one in complaints] == [
        ("syntax error", "system1"),
        ("error recovery ignores input until this point", "}"),
    ]
    assert made.findtext("routing-options/router-id") == "1.1.1.1"


@examples(100)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=40))
def test_any_description_survives_the_text_form(text: str) -> None:
    words = " ".join(text.split()) or "x"
    made = document("<routing-instances><instance><name>a</name><description/></instance></routing-instances>")
    made.find(".//description").text = words  # type: ignore[union-attr]
    whole = empty()
    assert load(whole, made, "merge") == []
    assert equal(read(render(whole)), whole)


@pytest.mark.parametrize("value", ["inet.0", "10.0.0.0/8", "target:1:1L", "__contrail__", "*", "ge-0/0/0.0"])
def test_plain_values_need_no_quotes(value: str) -> None:
    assert quoted(value) == value
