# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Inheritance from groups."""

from __future__ import annotations

from lab.junos.groups import effective, inherited
from unit.lab_junos.configurations import configuration, filter_with, names, term, vrf


def group(name: str, inner: str) -> str:
    return f"<groups><name>{name}</name>{inner}</groups>"


def apply(*groups: str) -> str:
    return "".join(f"<apply-groups>{name}</apply-groups>" for name in groups)


def host(name: str) -> str:
    return f"<system><host-name>{name}</host-name></system>"


def test_what_is_missing_comes_from_the_group_with_its_mark() -> None:
    result = inherited(configuration(group("g", host("a")), apply("g")))
    assert result.find("system/host-name").get("group") == "g"  # type: ignore[union-attr]
    assert result.find("groups") is None
    assert result.find("apply-groups") is None


def test_the_own_value_hides_the_groups() -> None:
    result = inherited(configuration(group("g", host("a")), apply("g"), host("own")))
    assert names(result, "system/host-name") == ["own"]


def test_the_first_group_comes_first() -> None:
    result = inherited(configuration(group("g", host("g")), group("h", host("h")), apply("h", "g")))
    assert names(result, "system/host-name") == ["h"]


def test_entries_of_lists_and_values_of_leaf_lists_come_together() -> None:
    result = inherited(
        configuration(
            group("g", vrf("a", "<vrf-import>p</vrf-import>") + vrf("b")),
            apply("g"),
            vrf("a", "<vrf-import>q</vrf-import>"),
        )
    )
    assert names(result, "routing-instances/instance/name") == ["a", "b"]
    assert sorted(names(result, "routing-instances/instance/vrf-import")) == ["p", "q"]


def test_two_groups_fill_the_same_container() -> None:
    router = "<routing-options><router-id>1.1.1.1</router-id></routing-options>"
    number = "<routing-options><route-distinguisher-id>1.1.1.1</route-distinguisher-id></routing-options>"
    result = inherited(configuration(group("g", router), group("h", number), apply("g", "h")))
    assert [child.get("group") for child in result.find("routing-options")] == ["g", "h"]  # type: ignore[union-attr]


def test_a_pattern_speaks_of_every_entry_that_is_there() -> None:
    pattern = (
        "<interfaces><interface><name>&lt;ge-*&gt;</name><mtu>9000</mtu></interface>"
        "<interface><name>&lt;*&gt;</name><description>any</description></interface></interfaces>"
    )
    own = "<interfaces><interface><name>{}</name><unit><name>0</name></unit></interface></interfaces>"
    result = inherited(configuration(group("g", pattern), apply("g"), own.format("ge-0/0/0"), own.format("lo0")))
    assert names(result, "interfaces/interface/name") == ["ge-0/0/0", "lo0"]
    assert names(result, "interfaces/interface/mtu") == ["9000"]
    assert names(result, "interfaces/interface/description") == ["any", "any"]


def test_a_group_applied_further_down_reaches_only_there() -> None:
    groups = group("g", vrf("a", "<description>from g</description>") + vrf("b", "<description>x</description>"))
    result = inherited(configuration(groups, vrf("a", apply("g")), vrf("b")))
    assert names(result, "routing-instances/instance/description") == ["from g"]


def test_an_excepted_group_does_not_reach_further() -> None:
    groups = group("g", vrf("a", "<description>x</description>"))
    own = vrf("a", "<apply-groups-except>g</apply-groups-except>")
    result = inherited(configuration(groups, apply("g"), own))
    assert names(result, "routing-instances/instance/description") == []


def test_a_deactivated_group_is_not_applied() -> None:
    inactive = '<apply-groups inactive="inactive">g</apply-groups>'
    assert inherited(configuration(group("g", host("a")), inactive)).find("system") is None


def test_in_effect_is_what_is_active_without_marks() -> None:
    result = effective(
        configuration(
            group("g", host("a")),
            apply("g"),
            vrf("a", attributes='inactive="inactive"'),
            filter_with(term("t")),
        )
    )
    assert result.find("routing-instances/instance") is None
    assert result.find("system/host-name").get("group") is None  # type: ignore[union-attr]
