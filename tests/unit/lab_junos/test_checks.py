# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Commit constraints."""

from __future__ import annotations

import pytest
from lab.junos.checks import check
from unit.lab_junos.configurations import SECURE, configuration, filter_with, term, vrf

AUTOMATIC = "<routing-options><route-distinguisher-id>1.1.1.1</route-distinguisher-id></routing-options>"
STEERED = "<routing-instance><routing-instance-name>{}</routing-instance-name></routing-instance>"
BOUND = (
    "<interfaces><interface><name>ge-0/0/0</name><unit><name>0</name><family><inet><filter>{}</filter></inet>"
    "</family></unit></interface></interfaces>"
)


def distinguished(number: str) -> str:
    return f"<route-distinguisher><rd-type>1.1.1.1:{number}</rd-type></route-distinguisher>"


def leads_to(table: str, prefix: str = "10.0.0.0/8") -> str:
    route = f"<route><name>{prefix}</name><next-table>{table}</next-table></route>"
    return f"<routing-options><static>{route}</static></routing-options>"


LEGAL = {
    "a VRF without a route target policy": AUTOMATIC + vrf("a"),
    "a VRF with its own distinguisher": vrf("a", distinguished("1")),
    "an instance that is no VRF needs none": "<routing-instances><instance><name>a</name>"
    "<instance-type>virtual-router</instance-type></instance></routing-instances>",
    "a term that feeds an instance": AUTOMATIC + vrf("a") + filter_with(term("t", then=STEERED.format("a"))),
    "a term that goes back to the main table": filter_with(term("t", then=STEERED.format("default"))),
    "a filter that is defined": filter_with(term("t")) + BOUND.format("<input><filter-name>F</filter-name></input>"),
    "static routes out of a VRF": AUTOMATIC + vrf("a", leads_to("inet.0")),
    "a static route into a VRF": AUTOMATIC + vrf("a") + leads_to("a.inet.0"),
    "a deactivated reference": filter_with(term("t", 'inactive="inactive"', STEERED.format("a")), term("u")),
    "a distinguisher id from a group": f"<groups><name>g</name>{AUTOMATIC}</groups>"
    f"<apply-groups>g</apply-groups>{vrf('a')}",
}

ILLEGAL = {
    "a VRF without any distinguisher": (vrf("a"), ["[edit routing-instances a]"]),
    "two VRFs with one distinguisher": (
        vrf("a", distinguished("1")) + vrf("b", distinguished("1")),
        ["[edit routing-instances a]", "[edit routing-instances b]"],
    ),
    "a term into an instance that is not there": (
        filter_with(term("t", then=STEERED.format("a"))),
        ["[edit firewall family inet filter F term t then]"],
    ),
    "a filter that is not there": (
        BOUND.format("<input><filter-name>F</filter-name></input>"),
        ["[edit interfaces ge-0/0/0 unit 0 family inet]"],
    ),
    "one filter of a list that is not there": (
        filter_with(term("t")) + BOUND.format("<input-list>F</input-list><input-list>G</input-list>"),
        ["[edit interfaces ge-0/0/0 unit 0 family inet]"],
    ),
    "a filter and a list of filters": (
        filter_with(term("t")) + BOUND.format("<input><filter-name>F</filter-name></input><input-list>F</input-list>"),
        ["[edit interfaces ge-0/0/0 unit 0 family inet]"],
    ),
    "a loop of two tables": (
        AUTOMATIC + leads_to("a.inet.0", "10.1.0.0/16") + vrf("a", leads_to("inet.0")),
        ["[rib inet.0 routing-options static]", "[rib a.inet.0 routing-options static]"],
    ),
    "a loop by way of a third table": (
        AUTOMATIC + leads_to("a.inet.0", "10.1.0.0/16") + vrf("a", leads_to("b.inet.0")) + vrf("b", leads_to("inet.0")),
        [
            "[rib inet.0 routing-options static]",
            "[rib a.inet.0 routing-options static]",
            "[rib b.inet.0 routing-options static]",
        ],
    ),
    "a next table that is not there": (leads_to("b.inet.0"), ["[rib inet.0 routing-options static]"]),
    "a policy that is not there": (
        AUTOMATIC + vrf("a", "<vrf-import>p</vrf-import>"),
        ["[edit routing-instances a vrf-import]"],
    ),
    "a policy of an expression that is not there": (
        AUTOMATIC
        + "<policy-options><policy-statement><name>p</name></policy-statement></policy-options>"
        + vrf("a", "<vrf-import>( p &amp;&amp; !q )</vrf-import>"),
        ["[edit routing-instances a vrf-import]"],
    ),
    "a policy of a rib group that is not there": (
        "<routing-options><rib-groups><name>g</name><import-policy>p</import-policy></rib-groups></routing-options>",
        ["[edit routing-options rib-groups g import-policy]"],
    ),
    "a nested filter that is not there": (
        filter_with("<term><name>t</name><filter>G</filter></term>"),
        ["[edit firewall filter F term t]"],
    ),
    "a nested filter beside an action": (
        filter_with("<term><name>t</name><filter>F</filter><then><accept/></then></term>"),
        ["[edit firewall filter F term t]"],
    ),
    "decapsulation into an instance that is not there": (
        filter_with(term("t", then="<decapsulate><gre><routing-instance>a</routing-instance></gre></decapsulate>")),
        ["[edit firewall family inet filter F term t then]"],
    ),
    "a group that is not there": ("<apply-groups>g</apply-groups>", ["[edit]"]),
    "an interface in two instances": (
        AUTOMATIC
        + vrf("a", "<interface><name>lo0.1</name></interface>")
        + vrf("b", "<interface><name>lo0.1</name></interface>"),
        ["[edit routing-instances a interface]", "[edit routing-instances b interface]"],
    ),
}


@pytest.mark.parametrize("inner", LEGAL.values(), ids=LEGAL.keys())
def test_this_can_be_committed(inner: str) -> None:
    assert check(configuration(SECURE, inner)) == []


@pytest.mark.parametrize(("inner", "paths"), ILLEGAL.values(), ids=ILLEGAL.keys())
def test_this_cannot(inner: str, paths: list[str]) -> None:
    *complaints, last = check(configuration(SECURE, inner))
    assert [complaint.path for complaint in complaints] == paths
    assert last.message == "configuration check-out failed"


def test_the_root_password_is_mandatory() -> None:
    first, _last = check(configuration(AUTOMATIC))
    assert first.message == "Missing mandatory statement: 'root-authentication'"
