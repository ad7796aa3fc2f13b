# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Trees of statements and the edits between them."""

from __future__ import annotations

from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.model.statement import (
    Statement,
    as_data,
    difference,
    entry,
    mask_secrets,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.session import xml
from hypothesis import given
from hypothesis import strategies as st
from support.examples import examples
from unit.vmx import scenario


def tree(text: str) -> Statement:
    return xml.parse_configuration(text)


def terms(*names: str) -> Statement:
    return Statement("filter", children=[entry("term", name) for name in names])


def test_equal_trees_need_no_edit() -> None:
    assert difference(scenario.reference(), scenario.reference()) is None


def test_a_leaf_that_changes_is_set() -> None:
    edit = difference(tree("<a><b>1</b><c>2</c></a>"), tree("<a><b>1</b><c>3</c></a>"))
    assert edit == tree("<a><c>3</c></a>")


def test_what_goes_is_deleted_by_key_and_before_what_comes() -> None:
    before = tree("<a><e><name>x</name><v>1</v></e></a>")
    after = tree("<a><e><name>y</name><v>1</v></e></a>")
    edit = difference(before, after)
    assert edit is not None
    assert edit.children == [
        Statement("e", children=[Statement("name", "x")], attributes={"delete": "delete"}),
        entry("e", "y", Statement("v", "1")),
    ]


def test_a_value_of_a_leaf_list_is_deleted_by_its_text() -> None:
    before = tree("<a><vrf-import>p</vrf-import><vrf-import>q</vrf-import></a>")
    edit = difference(before, tree("<a><vrf-import>q</vrf-import></a>"))
    assert edit is not None
    assert edit.children == [Statement("vrf-import", "p", attributes={"delete": "delete"})]


def test_policies_in_another_order_are_put_in_that_order() -> None:
    before = tree("<a><vrf-import>p</vrf-import><vrf-import>q</vrf-import></a>")
    after = tree("<a><vrf-import>q</vrf-import><vrf-import>p</vrf-import></a>")
    assert scenario.loaded(before, difference(before, after)) == after


def test_a_new_term_is_defined_and_then_put_before_the_tail() -> None:
    edit = difference(terms("t1", "tail"), terms("t1", "t2", "tail"))
    assert edit is not None
    assert edit.children == [
        entry("term", "t2"),
        Statement("term", children=[Statement("name", "t2")], attributes={"insert": "before", "name": "tail"}),
    ]


def test_a_new_last_term_needs_no_move() -> None:
    edit = difference(terms("t1"), terms("t1", "tail"))
    assert edit is not None
    assert edit.children == [entry("term", "tail")]


def test_where_either_of_two_could_move_the_movable_one_does() -> None:
    before, after = terms("foreign", "ours"), terms("ours", "foreign")
    edit = difference(before, after, movable=frozenset({"ours"}))
    assert edit is not None
    assert [child.name for child in edit.children] == ["ours"]


names = st.lists(st.sampled_from("abcdefgh"), unique=True)


@examples(100)
@given(names, names)
def test_any_order_of_terms_is_reached(before: list[str], after: list[str]) -> None:
    edit = difference(terms(*before), terms(*after))
    assert scenario.loaded(terms(*before), edit) == terms(*after)


def test_removing_a_leaf_takes_empty_containers_along_but_not_entries() -> None:
    holder = tree("<a><e><name>x</name><b><c><d>1</d></c></b></e></a>")
    holder.remove(("e", "x"), "b", "c", "d")
    assert holder == tree("<a><e><name>x</name></e></a>")


def test_a_container_that_means_something_empty_stays() -> None:
    holder = tree("<a><inet><filter><input>F</input></filter></inet></a>")
    holder.remove("inet", "filter", "input", keep=frozenset({"inet"}))
    assert holder == tree("<a><inet/></a>")


def test_statements_become_plain_data() -> None:
    assert as_data(tree("<a><b>1</b><b>2</b><c><d/></c></a>")) == {"b": ["1", "2"], "c": {"d": ""}}


def test_secrets_are_masked_and_communities_of_route_targets_are_not() -> None:
    branch = tree(
        "<instance><name>vn1</name><vrf-target><community>target:64512:1</community></vrf-target>"
        "<group><authentication-key>$9$abc</authentication-key><other>$6$salt$hash</other>"
        "<secret>plain</secret><description>a key to it all</description></group></instance>"
    )
    mask_secrets(branch)
    assert as_data(branch) == {
        "name": "vn1",
        "vrf-target": {"community": "target:64512:1"},
        "group": {
            "authentication-key": "********",
            "other": "********",
            "secret": "********",
            "description": "a key to it all",
        },
    }
