# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Subtree filters."""

from __future__ import annotations

from lab.junos.selection import selected
from lab.junos.tree import equal
from lxml import etree
from unit.lab_junos.configurations import configuration, document, filter_with, names, term, vrf

NAME = "routing-instances/instance/name"
WHOLE = configuration(
    vrf("a", "<description>x</description><vrf-import>p</vrf-import><vrf-import>q</vrf-import>"),
    vrf("b"),
    filter_with(term("t1"), term("t2")),
)


def asked(inner: str) -> etree._Element:
    return selected(WHOLE, document(inner))


def test_no_filter_asks_for_everything() -> None:
    assert equal(asked(""), WHOLE)


def test_an_empty_element_asks_for_all_below() -> None:
    found = asked("<routing-instances/>")
    assert names(found, NAME) == ["a", "b"]
    assert found.find("firewall") is None


def test_a_key_asks_for_one_entry() -> None:
    assert names(asked("<routing-instances><instance><name>a</name></instance></routing-instances>"), NAME) == ["a"]


def test_several_keys_ask_for_several_entries() -> None:
    both = "<instance><name>b</name></instance><instance><name>a</name></instance>"
    assert names(asked(f"<routing-instances>{both}</routing-instances>"), NAME) == ["a", "b"]


def test_an_empty_key_asks_for_the_keys_alone() -> None:
    found = asked("<routing-instances><instance><name/></instance></routing-instances>")
    assert names(found, NAME) == ["a", "b"]
    assert found.find(".//instance-type") is None


def test_a_named_entry_without_the_wanted_statement_is_there_by_its_key() -> None:
    found = asked("<routing-instances><instance><name>b</name><description/></instance></routing-instances>")
    assert names(found, NAME) == ["b"]


def test_an_entry_not_named_and_without_the_statement_is_left_out() -> None:
    found = asked("<routing-instances><instance><description/></instance></routing-instances>")
    assert names(found, NAME) == ["a"]


def test_two_wishes_for_one_entry_come_together() -> None:
    wishes = "<instance><name>a</name><description/></instance><instance><name>a</name><vrf-import/></instance>"
    found = asked(f"<routing-instances>{wishes}</routing-instances>")
    assert [child.tag for child in found.iterfind("routing-instances/instance/*")] == [
        "name",
        "description",
        "vrf-import",
        "vrf-import",
    ]


def test_what_is_not_there_gives_nothing() -> None:
    assert not len(asked("<routing-instances><instance><name>z</name></instance></routing-instances>"))
