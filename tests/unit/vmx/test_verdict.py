# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What terms do: which packets they take and what becomes of them (Juniper's terminating actions and conditions)."""

from __future__ import annotations

import ipaddress

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.model import filter_effect
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.model.filter_effect import (
    Reach,
    TermAction,
    TermVerdict,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.model.statement import Statement
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.session import xml
from hypothesis import given
from hypothesis import strategies as st
from support.examples import examples

ACCEPT = "<then><accept/></then>"


def term(inside: str, name: str = "t") -> Statement:
    return xml.parse_configuration(f"<term><name>{name}</name>{inside}</term>")


def configuration(**filters: str) -> Statement:
    """Return filters of family inet by their names."""
    inside = "".join(f"<filter><name>{name}</name>{terms}</filter>" for name, terms in filters.items())
    text = f"<configuration><firewall><family><inet>{inside}</inet></family></firewall></configuration>"
    return xml.parse_configuration(text)


NESTED = configuration(
    accepts=f"<term><name>1</name>{ACCEPT}</term>",
    mixed="<term><name>1</name><from><protocol>udp</protocol></from><then><discard/></then></term>"
    f"<term><name>2</name>{ACCEPT}</term>",
    some=f"<term><name>1</name><from><protocol>udp</protocol></from>{ACCEPT}</term>",
    itself="<term><name>1</name><filter>itself</filter></term>",
)
FIND = filter_effect.finder("inet", NESTED)


def judged(inside: str) -> list[TermVerdict]:
    return filter_effect.verdicts(term(inside), "inet", FIND)


@pytest.mark.parametrize(
    ("then", "action"),
    [
        ("", TermAction.ACCEPT),
        ("<then><count>c</count></then>", TermAction.ACCEPT),
        ("<then><policer>p</policer><log/></then>", TermAction.ACCEPT),
        (ACCEPT, TermAction.ACCEPT),
        ("<then><discard/></then>", TermAction.DISCARD),
        ("<then><reject><tcp-reset/></reject></then>", TermAction.DISCARD),
        ("<then><next>term</next></then>", TermAction.CONTINUE),
        ("<then><next-ip><address>192.0.2.1/32</address></next-ip></then>", TermAction.REDIRECT),
        ("<then><next-ip6><address>2001:db8::1/128</address></next-ip6></then>", TermAction.REDIRECT),
        (
            "<then><next-interface><interface-name>ge-0/0/1.0</interface-name></next-interface></then>",
            TermAction.REDIRECT,
        ),
        (
            "<then><next-interface><interface-name>ge-0/0/1.0</interface-name><next>term</next></next-interface></then>",
            TermAction.CONTINUE,
        ),
        ("<then><next-hop-group>g</next-hop-group></then>", TermAction.REDIRECT),
        ("<then><decapsulate><gre/></decapsulate></then>", TermAction.REDIRECT),
        ("<then><encapsulate><tunnel-end-point>e</tunnel-end-point></encapsulate></then>", TermAction.REDIRECT),
        (
            "<then><logical-system><logical-system-name>ls</logical-system-name></logical-system></then>",
            TermAction.REDIRECT,
        ),
        ("<then><topology>voice</topology></then>", TermAction.REDIRECT),
        ("<then><accept inactive='inactive'/><discard/></then>", TermAction.DISCARD),
    ],
)
def test_a_term_without_conditions_does_its_action_with_every_packet(then: str, action: TermAction) -> None:
    (found,) = judged(then)
    assert (found.reach, found.action) == (Reach.ALL, action)
    assert found.ends_all == (action is not TermAction.CONTINUE)
    assert filter_effect.accepts_all(term(then), "inet", FIND) == (action is TermAction.ACCEPT)
    assert filter_effect.accepts_the_rest([term(then)], "inet", FIND) == (action is TermAction.ACCEPT)


def test_a_steering_term_names_its_vrf() -> None:
    steer = "<routing-instance><routing-instance-name>vn1</routing-instance-name></routing-instance>"
    (found,) = judged(f"<from><protocol>tcp</protocol></from><then>{steer}</then>")
    assert (found.reach, found.action, found.vrf) == (Reach.KNOWN, TermAction.STEER, "vn1")


def source(*prefixes: str) -> str:
    return "".join(f"<source-address><name>{one}</name></source-address>" for one in prefixes)


EXCEPT = "<source-address><name>10.1.0.0/16</name><except/></source-address>"


@pytest.mark.parametrize(
    ("conditions", "reach"),
    [
        ("", Reach.ALL),
        (source("0.0.0.0/0"), Reach.ALL),
        (source("0.0.0.0/1", "128.0.0.0/1"), Reach.ALL),
        ("<destination-address><name>0.0.0.0/0</name></destination-address>", Reach.ALL),
        ("<address><name>0.0.0.0/0</name></address>", Reach.ALL),
        ("<address><name>10.0.0.0/8</name></address>", Reach.SOME),
        ("<protocol>0-255</protocol>", Reach.ALL),
        ("<protocol inactive='inactive'>udp</protocol>", Reach.ALL),
        (source("0.0.0.0/0") + EXCEPT, Reach.KNOWN),
        (source("10.0.0.0/8"), Reach.KNOWN),
        (source("10.0.0.0/8") + "<source-prefix-list><name>more</name></source-prefix-list>", Reach.KNOWN),
        (
            source("10.0.0.0/8") + "<source-prefix-list><name>less</name><except/></source-prefix-list>",
            Reach.SOME,
        ),
        ("<source-prefix-list><name>only</name></source-prefix-list>", Reach.SOME),
        ("<ttl>64</ttl>", Reach.SOME),
        ("<is-fragment/>", Reach.SOME),
        (source("0.0.0.0/0") + "<ttl>64</ttl>", Reach.SOME),
        (source("10.0.0.1/255.0.0.255"), Reach.SOME),
        (EXCEPT, Reach.NOTHING),
    ],
)
def test_the_conditions_decide_which_packets_a_term_takes(conditions: str, reach: Reach) -> None:
    (found,) = judged(f"<from>{conditions}</from>{ACCEPT}")
    assert found.reach is reach
    assert filter_effect.accepts_all(term(f"<from>{conditions}</from>{ACCEPT}"), "inet", FIND) == (reach is Reach.ALL)


def test_a_deactivated_term_does_nothing() -> None:
    assert (
        filter_effect.verdicts(
            xml.parse_configuration(f"<term inactive='inactive'><name>t</name>{ACCEPT}</term>"), "inet", FIND
        )
        == []
    )


@pytest.mark.parametrize(
    ("name", "ends", "accepts", "accepts_rest"),
    [
        ("accepts", True, True, True),
        ("mixed", True, False, True),
        ("some", False, False, False),
        ("itself", False, False, False),
        ("unknown", False, False, False),
    ],
)
def test_a_nested_filter_does_what_its_terms_do(name: str, ends: bool, accepts: bool, accepts_rest: bool) -> None:
    one = term(f"<filter>{name}</filter>")
    assert filter_effect.ends_all(one, "inet", FIND) == ends
    assert filter_effect.accepts_all(one, "inet", FIND) == accepts
    assert filter_effect.accepts_the_rest([one], "inet", FIND) == accepts_rest


# --- the law: what is said of a filter holds for every packet ------------------------------------------

PREFIXES = ("0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "10.0.0.0/8", "10.1.0.0/16")
PACKETS = [(source, protocol) for source in ("10.1.2.3", "10.2.0.1", "192.0.2.1") for protocol in ("tcp", "udp")]
THEN = {"accept": "<accept/>", "discard": "<discard/>", "next": "<next>term</next>", "redirect": "<next-ip/>"}


@st.composite
def conditions(draw: st.DrawFn) -> tuple[list[tuple[str, bool]], list[str]]:
    prefixes = [
        (one, draw(st.integers(0, 4)) == 0)
        for one in draw(st.lists(st.sampled_from(PREFIXES), max_size=2, unique=True))
    ]
    return prefixes, draw(st.lists(st.sampled_from(["tcp", "udp", "0-255"]), max_size=1))


Row = tuple[tuple[list[tuple[str, bool]], list[str]], str]
"""A term: prefixes (with whether they are exceptions) and protocols that it matches, and its action."""

terms = st.lists(st.tuples(conditions(), st.sampled_from(sorted(THEN))), min_size=1, max_size=4)


def written(rows: list[Row]) -> str:
    shown = ""
    for number, ((prefixes, protocols), action) in enumerate(rows):
        inside = "".join(
            f"<source-address><name>{one}</name>{'<except/>' if out else ''}</source-address>" for one, out in prefixes
        ) + "".join(f"<protocol>{one}</protocol>" for one in protocols)
        shown += f"<term><name>{number}</name><from>{inside}</from><then>{THEN[action]}</then></term>"
    return shown


def fate(rows: list[Row], packet: tuple[str, str]) -> str:
    """What becomes of a packet; "past" where no term takes it."""
    for (prefixes, protocols), action in rows:
        held = [row for row in prefixes if ipaddress.ip_address(packet[0]) in ipaddress.ip_network(row[0])]
        longest = max(held, key=lambda row: ipaddress.ip_network(row[0]).prefixlen, default=None)
        taken = (not prefixes or (longest is not None and not longest[1])) and (
            not protocols or protocols[0] in (packet[1], "0-255")
        )
        if taken and action != "next":
            return action
    return "past"


@given(terms)
@examples(200)
def test_what_is_said_of_a_filter_holds_for_every_packet(rows: list[Row]) -> None:
    found = configuration(F=written(rows)).find("firewall", "family", "inet", ("filter", "F"))
    assert found is not None
    fates = {packet: fate(rows, packet) for packet in PACKETS}
    if filter_effect.first_catch_all(found.all("term"), "inet", FIND) is not None:
        assert "past" not in fates.values()
    for one, row in zip(found.all("term"), rows, strict=True):
        alone = {fate([row], packet) for packet in PACKETS}
        if filter_effect.ends_all(one, "inet", FIND):
            assert "past" not in alone
        if filter_effect.accepts_all(one, "inet", FIND):
            assert alone == {"accept"}
