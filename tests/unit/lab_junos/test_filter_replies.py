# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters as the router's forwarding engine has them: one for each interface, or a part of a list."""

from __future__ import annotations

from lab.junos.asked import Asked
from lab.junos.forwarding_reply import firewall
from lab.junos.router import Router
from lxml import etree
from unit.lab_junos.configurations import SECURE

TERM = "<term><name>t</name><then><count>c</count><accept/></then></term>"
FILTERS = "".join(
    f"<filter><name>{name}</name>{more}{TERM}</filter>"
    for name, more in (("A", ""), ("B", "<interface-specific/>"), ("C", ""), ("D", ""))
)
UNITS = "".join(
    f"<unit><name>{number}</name><family><inet><filter>{bound}</filter></inet></family></unit>"
    for number, bound in (
        (0, "<input><filter-name>B</filter-name></input>"),
        (1, "<input-list>C</input-list><input-list>B</input-list>"),
        (2, "<input><filter-name>A</filter-name></input><output><filter-name>B</filter-name></output>"),
    )
)


def test_filters_have_the_names_that_the_forwarding_engine_gives_them() -> None:
    router = Router(
        f"<configuration>{SECURE}<interfaces><interface><name>ge-0/0/0</name><vlan-tagging/>{UNITS}</interface></interfaces>"
        f"<firewall><family><inet>{FILTERS}</inet></family></firewall></configuration>"
    )
    reply = firewall(Asked(router, etree.Element("get-firewall-information"), list))
    shown = {
        one.findtext("filter-name"): [counter.text for counter in one.iterfind("counter/counter-name")]
        for one in reply.iterfind("filter-information")
    }
    assert shown == {
        "A": ["c"],
        "B-ge-0/0/0.0-i": ["c-ge-0/0/0.0-i"],
        "B-ge-0/0/0.2-o": ["c-ge-0/0/0.2-o"],
        "D": ["c"],
        "ge-0/0/0.1-i": ["c-ge-0/0/0.1-i"],
    }
