# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`show | compare`."""

from __future__ import annotations

from lab.junos.compare import compare
from unit.lab_junos.configurations import configuration, filter_with, loaded, term, vrf


def difference(before: str, *changes: str) -> list[str]:
    old, new = configuration(before), configuration(before)
    for change in changes:
        loaded(new, change)
    text = compare(old, new)
    assert text.startswith("\n")
    return text[1:].splitlines()


def test_no_change_is_a_newline_alone() -> None:
    same = configuration(vrf("a"))
    assert compare(same, configuration(vrf("a"))) == "\n"


def test_a_changed_value_goes_and_comes() -> None:
    assert difference(
        vrf("a", "<vrf-target><community>target:1:1</community></vrf-target>"),
        vrf("a", "<vrf-target><community>target:1:2</community></vrf-target>"),
    ) == [
        "[edit routing-instances a]",
        "-    vrf-target target:1:1;",
        "+    vrf-target target:1:2;",
    ]


def test_a_new_term_stands_between_its_neighbours() -> None:
    assert difference(
        filter_with(term("t1"), term("t2"), term("t3")),
        filter_with(term("x", then="<count>c</count><accept/>"), term("x", 'insert="before" name="t3"', "")),
    ) == [
        "[edit firewall family inet filter F]",
        "        term t2 { ... }",
        "+       term x {",
        "+           then {",
        "+               count c;",
        "+               accept;",
        "+           }",
        "+       }",
        "        term t3 { ... }",
    ]


def test_a_moved_term_is_neither_gone_nor_new() -> None:
    lines = difference(filter_with(term("t1"), term("t2"), term("t3")), filter_with(term("t3", 'insert="first"', "")))
    assert lines[1] == "!       term t3 { ... }"
    assert not any(line.startswith(("+", "-")) for line in lines)


def test_a_deactivated_statement_is_marked() -> None:
    assert difference(vrf("a"), vrf("a", attributes='inactive="inactive"')) == [
        "[edit routing-instances]",
        "!   inactive: a { ... }",
    ]


def test_a_family_is_shown_with_its_keyword() -> None:
    unit = "<interfaces><interface><name>ge-0/0/0</name><unit><name>0</name>{}</unit></interface></interfaces>"
    assert difference(
        unit.format("<family><inet/></family>"),
        unit.format("<family><inet><mtu>1500</mtu></inet><mpls/></family>"),
    ) == [
        "[edit interfaces ge-0/0/0 unit 0]",
        "+      family mpls;",
        "[edit interfaces ge-0/0/0 unit 0 family inet]",
        "+        mtu 1500;",
    ]


def test_values_of_one_list_are_shown_together() -> None:
    assert difference("<apply-groups>a</apply-groups>", "<apply-groups>b</apply-groups>") == [
        "[edit]",
        "-  apply-groups a;",
        "+  apply-groups [ a b ];",
    ]


def test_prefixes_in_a_block_have_a_level_of_their_own() -> None:
    prefixes = "<term><name>t</name><from><source-address><name>{}</name></source-address></from></term>"
    lines = difference(filter_with(prefixes.format("10.0.0.1")), filter_with(prefixes.format("10.0.0.2")))
    assert lines[0] == "[edit firewall family inet filter F term t from source-address]"
    assert lines[-1].split() == ["+", "10.0.0.2/32;"]


def test_swapping_the_sides_swaps_the_marks() -> None:
    one, other = configuration(vrf("a")), configuration(vrf("a"), vrf("b"))
    marks = {"+": "-", "-": "+"}
    there, back = compare(one, other), compare(other, one)
    assert [marks.get(line[:1], line[:1]) + line[1:] for line in there.splitlines()] == back.splitlines()
