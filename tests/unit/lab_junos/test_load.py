# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Loading documents into a candidate."""

from __future__ import annotations

import pytest
from lab.junos.complaints import Complaint
from lab.junos.load import load
from lab.junos.tree import empty, equal, merged_changes
from lxml import etree
from unit.lab_junos.configurations import configuration, document, filter_with, loaded, names, term, vrf

TERMS = "firewall/family/inet/filter/term/name"
INSTANCES = "routing-instances/instance"


def messages(complaints: list[Complaint]) -> list[str]:
    return [complaint.message for complaint in complaints]


class TestMerge:
    def test_a_leaf_takes_the_new_value(self) -> None:
        made = configuration(vrf("a", "<description>old</description>"), vrf("a", "<description>new</description>"))
        assert names(made, f"{INSTANCES}/description") == ["new"]

    def test_a_leaf_list_grows_and_keeps_its_order(self) -> None:
        made = configuration(
            vrf("a", "<vrf-import>z</vrf-import>"),
            vrf("a", "<vrf-import>b</vrf-import><vrf-import>z</vrf-import>"),
        )
        assert names(made, f"{INSTANCES}/vrf-import") == ["z", "b"]

    def test_statements_stand_in_the_routers_order_however_they_came(self) -> None:
        made = configuration(vrf("a", "<vrf-table-label/><vrf-target><community>target:1:1</community></vrf-target>"))
        assert [child.tag for child in made.find(INSTANCES)] == [  # type: ignore[union-attr]
            "name",
            "instance-type",
            "vrf-target",
            "vrf-table-label",
        ]

    def test_new_entries_append(self) -> None:
        made = configuration(filter_with(term("t2")), filter_with(term("t1")))
        assert names(made, TERMS) == ["t2", "t1"]

    def test_the_same_prefix_in_another_spelling_is_the_same_entry(self) -> None:
        route = "<routing-options><static><route><name>{}</name><discard/></route></static></routing-options>"
        made = configuration(route.format("2001:DB8:0::/48"), route.format("2001:db8::/48"))
        assert names(made, "routing-options/static/route/name") == ["2001:db8::/48"]

    def test_an_empty_container_is_ignored_with_a_warning(self) -> None:
        made = empty()
        assert messages(loaded(made, "<routing-options><static/></routing-options>")) == [
            "mgd: statement has no contents; ignored"
        ]
        assert not len(made)

    def test_replace_marks_do_not_count_in_a_merge(self) -> None:
        made = configuration(filter_with(term("t1")))
        loaded(made, filter_with(term("t2")).replace("<filter>", '<filter replace="replace">'), "merge")
        assert names(made, TERMS) == ["t1", "t2"]

    def test_override_leaves_only_the_document(self) -> None:
        made = configuration(vrf("a"), filter_with(term("t1")))
        loaded(made, vrf("b"), "override")
        assert names(made, f"{INSTANCES}/name") == ["b"]
        assert made.find("firewall") is None


class TestReplace:
    def test_a_tagged_statement_is_replaced_where_it_stands(self) -> None:
        made = configuration(filter_with(term("t1", then="<count>c</count><accept/>"), term("t2")))
        loaded(made, filter_with(term("t1", 'replace="replace"', "<discard/>")))
        assert names(made, TERMS) == ["t1", "t2"]
        assert [child.tag for child in made.iterfind("firewall/family/inet/filter/term[1]/then/*")] == ["discard"]

    def test_operation_replace_needs_no_action(self) -> None:
        made = configuration(vrf("a", "<description>x</description>"))
        loaded(made, vrf("a", attributes='operation="replace"'), "merge")
        assert names(made, f"{INSTANCES}/description") == []


class TestDelete:
    def test_one_value_of_a_leaf_list_goes(self) -> None:
        made = configuration(vrf("a", "<vrf-import>x</vrf-import><vrf-import>y</vrf-import>"))
        loaded(made, vrf("a", '<vrf-import delete="delete">x</vrf-import>'))
        assert names(made, f"{INSTANCES}/vrf-import") == ["y"]

    def test_a_list_without_a_key_goes_as_a_whole(self) -> None:
        made = configuration(filter_with(term("t1"), term("t2")))
        assert loaded(made, filter_with('<term delete="delete"/>')) == []
        assert names(made, TERMS) == []

    def test_each_absent_statement_is_one_warning(self) -> None:
        made = configuration(vrf("a"))
        said = loaded(made, vrf("a", '<description delete="delete"/><vrf-import delete="delete">p</vrf-import>'))
        assert [(one.severity, one.message) for one in said] == [("warning", "statement not found")] * 2

    def test_remove_is_quiet_about_what_is_absent(self) -> None:
        assert loaded(configuration(vrf("a")), vrf("a", '<description operation="remove"/>')) == []


class TestOrder:
    @pytest.mark.parametrize(
        ("order", "after"),
        [
            ('insert="first"', ["t3", "t1", "t2"]),
            ('insert="last"', ["t1", "t2", "t3"]),
            ('insert="before" name="t2"', ["t1", "t3", "t2"]),
            ('insert="after" name="t1"', ["t1", "t3", "t2"]),
            ('insert="before" name="t1"', ["t3", "t1", "t2"]),
            ('insert="before" name="t3"', ["t1", "t2", "t3"]),
        ],
    )
    def test_a_term_moves(self, order: str, after: list[str]) -> None:
        made = configuration(filter_with(term("t1"), term("t2"), term("t3")))
        assert loaded(made, filter_with(term("t3", order, ""))) == []
        assert names(made, TERMS) == after

    def test_a_term_can_be_defined_and_moved_in_one_document(self) -> None:
        made = configuration(filter_with(term("t2")))
        loaded(made, filter_with(term("t1"), term("t1", 'insert="before" name="t2"', "")))
        assert names(made, TERMS) == ["t1", "t2"]

    def test_a_term_that_is_not_there_cannot_move(self) -> None:
        made = configuration(filter_with(term("t2")))
        said = loaded(made, filter_with(term("t9", 'insert="first"', "")))
        assert messages(said) == ["statement 't9' not found"]
        assert names(made, TERMS) == ["t2"]

    def test_an_entry_is_renamed_in_its_place(self) -> None:
        made = configuration(filter_with(term("t1"), term("t2")))
        loaded(made, filter_with(term("t1", 'rename="rename" name="t0"', "")))
        assert names(made, TERMS) == ["t0", "t2"]


class TestRefusal:
    @pytest.mark.parametrize(
        ("bad", "element"),
        [
            ("<sytem/>", "sytem"),
            (vrf("a", "<vrf-targets/>"), "vrf-targets"),
            (vrf("a", "<vrf-table-label><colour/></vrf-table-label>"), "colour"),
            (vrf("a", "<vrf-target>target:1:1</vrf-target>"), "target:1:1"),
            (filter_with(term("t", then="<accept><now/></accept>")), "now"),
            (filter_with("<term><name>t</name><from><protcol>tcp</protcol></from></term>"), "protcol"),
        ],
    )
    def test_what_the_router_does_not_know_is_named(self, bad: str, element: str) -> None:
        (said,) = loaded(empty(), bad)
        assert (said.severity, said.message, said.bad_element) == ("error", "syntax error", element)

    @pytest.mark.parametrize(
        ("inner", "path"),
        [
            (vrf("all"), "[edit routing-instances instance]"),
            (vrf("a", "<route-distinguisher><rd-type>x</rd-type></route-distinguisher>"), "rd-type]"),
            (filter_with(term("__t")), "[edit firewall family inet filter F term]"),
            (filter_with(term("t" * 65)), "[edit firewall family inet filter F term]"),
            (vrf("a", f"<description>{'d' * 256}</description>"), "description]"),
        ],
    )
    def test_a_bad_value_has_the_path_of_its_statement(self, inner: str, path: str) -> None:
        (said,) = loaded(empty(), inner)
        assert said.severity == "error"
        assert said.path is not None
        assert said.path.endswith(path)

    def test_system_statements_are_taken_as_they_come(self) -> None:
        made = configuration("<system><ntp><server><name>1.2.3.4</name><prefer/></server></ntp></system>")
        loaded(made, "<system><ntp><server><name>1.2.3.4</name><version>4</version></server></ntp></system>")
        assert [child.tag for child in made.iterfind("system/ntp/server/*")] == ["name", "prefer", "version"]

    def test_a_mark_can_stand_in_any_statement(self) -> None:
        mark = "<apply-macro><name>owner</name><data><name>chain</name><value>x</value></data></apply-macro>"
        made = configuration(vrf("a", mark), vrf("a", mark))
        assert names(made, f"{INSTANCES}/apply-macro/data/value") == ["x"]


class TestCarriedChanges:
    def carried(self, base: str, mine: str, theirs: str) -> etree._Element:
        result = configuration(theirs)
        merged_changes(configuration(base), configuration(mine), result)
        return result

    def test_both_sides_keep_what_they_added(self) -> None:
        result = self.carried(vrf("a"), vrf("a") + vrf("b"), vrf("a") + vrf("c"))
        assert sorted(names(result, f"{INSTANCES}/name")) == ["a", "b", "c"]

    def test_what_i_deleted_goes_and_what_they_deleted_stays_away(self) -> None:
        result = self.carried(vrf("a") + vrf("b") + vrf("c"), vrf("b") + vrf("c"), vrf("a") + vrf("b"))
        assert names(result, f"{INSTANCES}/name") == ["b"]

    def test_a_value_i_changed_wins_and_others_stay_theirs(self) -> None:
        base = vrf("a", "<description>0</description>")
        mine = vrf("a", "<description>1</description>")
        theirs = vrf("a", "<description>0</description><vrf-import>p</vrf-import>")
        result = self.carried(base, mine, theirs)
        assert names(result, f"{INSTANCES}/description") == ["1"]
        assert names(result, f"{INSTANCES}/vrf-import") == ["p"]

    def test_an_order_i_changed_is_carried(self) -> None:
        result = self.carried(
            filter_with(term("t1"), term("t2")),
            filter_with(term("t2"), term("t1")),
            filter_with(term("t1"), term("t2")),
        )
        assert names(result, TERMS) == ["t2", "t1"]

    def test_a_term_put_before_the_tail_stays_before_it(self) -> None:
        result = self.carried(
            filter_with(term("t2")), filter_with(term("t1"), term("t2")), filter_with(term("t0"), term("t2"))
        )
        assert names(result, TERMS)[-1] == "t2"

    def test_nothing_changed_carries_nothing(self) -> None:
        result = self.carried(vrf("a"), vrf("a"), vrf("b"))
        assert equal(result, configuration(vrf("b")))


def test_two_loads_are_as_good_as_one() -> None:
    once, twice = empty(), empty()
    whole = vrf("a", "<vrf-target><community>target:1:1</community></vrf-target>") + filter_with(term("t"))
    load(once, document(whole), "merge")
    for _unused in range(2):
        load(twice, document(whole), "merge")
    assert equal(once, twice)


class TestProtection:
    """What is protected is not changed; the router warns, and takes the rest (Juniper, protect and unprotect)."""

    @pytest.mark.parametrize(
        ("protected", "edit"),
        [
            (filter_with(term("t", 'protect="protect"')), filter_with(term("t", then="<discard/>"))),
            (filter_with(term("t", 'protect="protect"')), filter_with('<term delete="delete"><name>t</name></term>')),
            (
                filter_with(term("t", 'protect="protect"'), term("u")),
                filter_with('<term insert="after" name="u"><name>t</name></term>'),
            ),
            (
                filter_with(term("t", 'protect="protect"')),
                filter_with('<term inactive="inactive"><name>t</name></term>'),
            ),
            (
                filter_with(term("t", 'protect="protect"')),
                filter_with('<term rename="rename" name="u"><name>t</name></term>'),
            ),
            (vrf("a", attributes='protect="protect"'), vrf("a", "<description>new</description>")),
            (
                vrf("a", '<description protect="protect">old</description>'),
                vrf("a", "<description>new</description>"),
            ),
        ],
    )
    def test_a_protected_statement_is_not_changed(self, protected: str, edit: str) -> None:
        made = configuration(protected)
        before = etree.tostring(made)
        other = "<system><host-name>r1</host-name></system>"
        (complaint,) = loaded(made, edit + other)
        assert complaint.severity == "warning"
        assert "is protected" in complaint.message
        assert names(made, "system/host-name") == ["r1"]
        made.remove(made.find("system"))  # type: ignore[arg-type]
        assert etree.tostring(made) == before

    def test_nothing_new_goes_into_a_protected_statement(self) -> None:
        made = configuration(filter_with(term("t")), '<firewall protect="protect"/>')
        assert loaded(made, filter_with(term("u")))[0].severity == "warning"
        assert names(made, TERMS) == ["t"]

    def test_what_is_already_so_makes_no_warning(self) -> None:
        made = configuration(filter_with(term("t", 'protect="protect"')))
        assert loaded(made, filter_with(term("t"), term("u"))) == []
        assert names(made, TERMS) == ["t", "u"]

    def test_of_a_deleted_statement_the_protected_ones_in_it_stay(self) -> None:
        made = configuration(filter_with(term("t"), term("u", 'protect="protect"')))
        assert loaded(made, '<firewall delete="delete"/>')[0].severity == "warning"
        assert names(made, TERMS) == ["u"]

    def test_protection_can_be_taken_away(self) -> None:
        made = configuration(filter_with(term("t", 'protect="protect"')))
        assert loaded(made, filter_with('<term unprotect="unprotect"><name>t</name></term>')) == []
        assert loaded(made, filter_with('<term delete="delete"><name>t</name></term>')) == []
