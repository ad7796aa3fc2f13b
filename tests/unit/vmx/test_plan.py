# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is planned for VRFs, terms, filters and interfaces, against routers in all states."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.model.field import ConfigError
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.model.gathered import gather
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.model.statement import Statement, entry
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.plan import vrf_plan as planning
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.session import xml
from hypothesis import given
from hypothesis import strategies as st
from support.examples import examples
from unit.vmx import scenario
from unit.vmx.scenario import FILTER, TAIL, VN1, VN2, changed, fresh, loaded, plan, reference, terms, text

UNIT = ("interfaces", ("interface", "ge-0/0/0"), ("unit", "0"), "family", "inet")


def carried_out(own: Statement, state: str, config: Any = None, filters: Any = None) -> Statement:
    """Return the router after a call, which must then have nothing left to do."""
    after = loaded(own, plan(own, state, config, filters).changes)
    assert text(plan(after, state, config, filters).changes) == ""
    return after


def vrf(configuration: Statement, name: str) -> Statement:
    found = configuration.find("routing-instances", ("instance", name))
    assert found is not None
    return found


def a_filter(*parts: str, name: str = FILTER) -> str:
    inside = f"<filter><name>{name}</name>{''.join(parts)}</filter>"
    return f"<firewall><family><inet>{inside}</inet></family></firewall>"


def term(name: str, inside: str) -> str:
    return f"<term><name>{name}</name>{inside}</term>"


ACCEPT = "<then><accept/></then>"
SSH = "<from><protocol>tcp</protocol><destination-port>22</destination-port></from><then><accept/></then>"


def router_with(*sections: str) -> Statement:
    """Return the fresh router with more sections of configuration."""
    own = fresh()
    own.children += xml.parse_configuration(f"<configuration>{''.join(sections)}</configuration>").children
    return own


def feeding(vrf_name: str, source: str = "10.9.9.9/32") -> str:
    return (
        f"<from><source-address><name>{source}</name></source-address></from><then><routing-instance>"
        f"<routing-instance-name>{vrf_name}</routing-instance-name></routing-instance></then>"
    )


# --- the reference scenario ---


def test_the_rendered_reference_is_the_golden_configuration() -> None:
    request = planning.parse_request("rendered", [VN1, VN2], [TAIL])
    rendered = xml.to_text(planning.render(request))
    assert rendered == (scenario.GOLDEN / "vmx-reference.xml").read_text()


def test_merging_the_reference_into_a_fresh_router_gives_the_reference() -> None:
    after = carried_out(fresh(), "merged", [VN1, VN2], [TAIL])
    golden = xml.parse_configuration((scenario.GOLDEN / "vmx-reference.xml").read_text())
    assert after.find("routing-instances") == golden.find("routing-instances")
    assert after.find("firewall") == golden.find("firewall")
    assert after.find(*UNIT, "filter") == golden.find(*UNIT, "filter")


def test_deleting_the_reference_leaves_the_router_as_it_was() -> None:
    after = carried_out(reference(), "deleted", [{"name": "vn1"}, {"name": "vn2"}], [TAIL])
    assert after == fresh()


def test_a_group_of_the_device_manager_is_never_in_the_document() -> None:
    for state in ("merged", "replaced", "overridden", "deleted"):
        assert "__contrail__" not in text(plan(fresh(), state, [VN1], [TAIL]).changes)
        assert "__contrail__" not in text(plan(reference(), state, [VN1], [TAIL]).changes)


# --- merged ---


def test_merged_never_removes_an_entry_of_a_list() -> None:
    more = changed(VN1, static_routes=[{"prefix": "10.5.0.0/16", "discard": True}], auto_export=["inet6"])
    after = carried_out(reference(), "merged", [more])
    values = gather(after, ["vn1"])["config"][0]
    assert [route["prefix"] for route in values["static_routes"]] == ["172.31.9.34/32", "10.5.0.0/16"]
    assert values["auto_export"] == ["inet", "inet6"]


def test_merged_leaves_alone_what_is_not_given() -> None:
    after = carried_out(reference(), "merged", [{"name": "vn1", "description": "left"}])
    assert vrf(after, "vn1").value("description") == "left"
    assert vrf(after, "vn1").value("vrf-target", "community") == "target:64512:1"
    assert terms(after) == ["t1", "t11", "t2"]


def test_an_empty_text_clears_a_statement() -> None:
    own = carried_out(reference(), "merged", [{"name": "vn1", "description": "left"}])
    after = carried_out(own, "merged", [{"name": "vn1", "description": ""}])
    assert vrf(after, "vn1").find("description") is None


def test_merged_changes_a_single_value() -> None:
    after = carried_out(reference(), "merged", [{"name": "vn1", "route_target": "64512:9"}])
    assert vrf(after, "vn1").value("vrf-target", "community") == "target:64512:9"


def test_one_equal_target_for_each_direction_is_the_target_of_the_vrf() -> None:
    each_way = changed(VN1, route_target=None, import_route_targets=["64512:1"], export_route_targets=["64512:1"])
    own = carried_out(fresh(), "merged", [each_way, VN2], [TAIL])

    assert plan(own, "merged", [VN1, VN2], [TAIL]).changes is None
    with pytest.raises(ConfigError, match="the two do not mix"):
        plan(own, "merged", [changed(VN1, route_target="64512:9")], [TAIL])


def test_merged_adds_a_source_to_a_term_that_is_there() -> None:
    more = changed(VN1, steering=[{"filter": FILTER, "name": "t1", "source": ["172.31.9.35"]}])
    after = carried_out(reference(), "merged", [more])
    assert gather(after, ["vn1"])["config"][0]["steering"][0]["source"] == [
        "172.31.9.34/32",
        "172.31.9.35/32",
    ]


def test_a_route_that_leads_elsewhere_loses_its_old_way() -> None:
    other = changed(VN1, static_routes=[{"prefix": "172.31.9.34", "next_hop": ["10.0.0.1"], "preference": 7}])
    after = carried_out(reference(), "merged", [other])
    route = vrf(after, "vn1").find("routing-options", "static", ("route", "172.31.9.34/32"))
    assert route is not None
    assert route.value("next-hop") == "10.0.0.1"
    assert route.value("preference", "metric-value") == "7"
    assert route.find("next-table") is None


def test_the_order_of_given_lists_makes_no_change() -> None:
    both = [{"prefix": "10.1.0.0/16", "discard": True}, {"prefix": "10.2.0.0/16", "discard": True}]
    own = carried_out(fresh(), "merged", [changed(VN1, static_routes=both, steering=None)])
    again = changed(VN1, static_routes=both[::-1], steering=None)
    assert plan(own, "replaced", [again]).changes is None


def test_ipv6_routes_stand_in_the_instance_s_own_table() -> None:
    six = changed(VN1, static_routes=[{"prefix": "2001:DB8::1", "next_table": "inet6.0"}], auto_export=["inet6"])
    after = carried_out(fresh(), "merged", [six], [TAIL])
    rib = vrf(after, "vn1").find("routing-options", ("rib", "vn1.inet6.0"), "static", ("route", "2001:db8::1/128"))
    assert rib is not None
    assert rib.value("next-table") == "inet6.0"
    gone = carried_out(after, "replaced", [changed(six, static_routes=[])])
    assert vrf(gone, "vn1").find("routing-options", ("rib", "vn1.inet6.0")) is None


def test_ipv6_terms_name_the_protocol_as_their_family_does() -> None:
    six = changed(
        VN1,
        steering=[{"filter": "F6", "family": "inet6", "name": "t", "source": ["2001:db8::/32"], "protocol": ["tcp"]}],
    )
    after = carried_out(fresh(), "merged", [six], [{"name": "F6", "family": "inet6"}])
    found = after.find("firewall", "family", "inet6", ("filter", "F6"), ("term", "t"), "from")
    assert found is not None
    assert found.value("next-header") == "tcp"


def test_all_parts_of_a_match_are_written_and_read_back() -> None:
    match = {
        "filter": FILTER,
        "family": "inet",
        "name": "t1",
        "source": ["10.0.0.0/8"],
        "source_except": ["10.1.0.9/32"],
        "destination": ["0.0.0.0/0"],
        "destination_except": ["172.31.9.34/32"],
        "protocol": ["tcp", "udp"],
        "source_ports": ["1024-65535"],
        "destination_ports": ["80", "443"],
        "counter": "to-vn1",
    }
    after = carried_out(fresh(), "merged", [changed(VN1, steering=[match])], [TAIL])
    assert gather(after, ["vn1"])["config"][0]["steering"] == [{**match, "priority": 10}]
    assert "<except/>" in text(plan(fresh(), "merged", [changed(VN1, steering=[match])], [TAIL]).changes)


def test_the_mark_is_off_unless_asked_for_and_stays() -> None:
    marked = carried_out(fresh(), "merged", [changed(VN1, mark=True)], [TAIL])
    assert vrf(marked, "vn1").find("apply-macro") is not None
    assert vrf(carried_out(marked, "replaced", [VN1]), "vn1").find("apply-macro") is not None
    assert vrf(carried_out(marked, "replaced", [changed(VN1, mark=False)]), "vn1").find("apply-macro") is None
    assert vrf(reference(), "vn1").find("apply-macro") is None


# --- replaced, overridden ---


def test_replaced_removes_what_is_not_given() -> None:
    own = carried_out(
        reference(),
        "merged",
        [changed(VN1, description="x", interfaces=["lo0.3"], auto_export=["inet", "inet6"])],
    )
    after = carried_out(own, "replaced", [VN1])
    assert after == reference()


def test_replaced_leaves_statements_that_are_not_modelled_and_tells_them() -> None:
    own = reference()
    vrf(own, "vn1").children.append(Statement("protocols", children=[Statement("ospf")]))
    vrf(own, "vn1").ensure("routing-options", "static", ("route", "172.31.9.34/32"), "retain")
    planned = plan(own, "replaced", [changed(VN1, static_routes=[])])
    after = loaded(own, planned.changes)
    assert vrf(after, "vn1").find("protocols", "ospf") is not None
    assert planned.unmanaged == {"routing-instances vn1": {"protocols": {"ospf": ""}}}
    kept = plan(own, "replaced", [VN1])
    assert kept.changes is None
    assert "retain" in str(kept.unmanaged)


def test_replaced_leaves_the_route_distinguisher_alone_unless_it_is_given() -> None:
    own = carried_out(reference(), "merged", [changed(VN1, route_distinguisher="172.31.10.58:3")])
    assert plan(own, "replaced", [VN1]).changes is None
    after = carried_out(own, "replaced", [changed(VN1, route_distinguisher="")])
    assert vrf(after, "vn1").find("route-distinguisher") is None


def test_replaced_goes_from_a_route_target_to_policies_in_one_load() -> None:
    by_policy = changed(VN1, route_target=None, import_policies=["in2", "in1"], export_policies=["out"])
    after = carried_out(reference(), "replaced", [by_policy])
    assert [one.text for one in vrf(after, "vn1").all("vrf-import")] == ["in2", "in1"]
    assert vrf(after, "vn1").find("vrf-target") is None
    swapped = carried_out(after, "replaced", [changed(by_policy, import_policies=["in1", "in2"])])
    assert [one.text for one in vrf(swapped, "vn1").all("vrf-import")] == ["in1", "in2"]


def test_replaced_makes_the_steering_exact_where_it_is_given() -> None:
    other = changed(VN1, steering=[{"filter": FILTER, "name": "t5", "source": ["10.0.0.1"]}])
    assert terms(carried_out(reference(), "replaced", [other])) == ["t11", "t5", "t2"]
    assert terms(carried_out(reference(), "replaced", [changed(VN1, steering=[])])) == ["t11", "t2"]
    assert terms(carried_out(reference(), "replaced", [changed(VN1, steering=None)])) == ["t1", "t11", "t2"]


def test_overridden_removes_only_vrfs_that_carry_the_mark() -> None:
    own = carried_out(fresh(), "merged", [changed(VN1, mark=True), VN2], [TAIL])
    third = {"name": "vn3", "route_target": "64512:3", "mark": True, "table_label": True}
    after = carried_out(own, "overridden", [third])
    assert [one["name"] for one in gather(after, [])["config"]] == ["vn2", "vn3"]
    assert terms(after) == ["t11", "t2"]
    nothing = carried_out(after, "overridden", [])
    assert [one["name"] for one in gather(nothing, [])["config"]] == ["vn2"]


# --- terms ---


def test_terms_of_all_vrfs_are_ordered_by_priority_then_name() -> None:
    def steer(name: str, priority: int) -> list[dict[str, Any]]:
        return [{"filter": FILTER, "name": name, "priority": priority, "source": ["10.0.0.1"]}]

    config = [changed(VN1, steering=steer("b", 100)), changed(VN2, steering=steer("c", 50) + steer("a", 100))]
    own = carried_out(fresh(), "merged", config, [TAIL])
    assert terms(own) == ["c", "a", "b", "t2"]
    last = [config[0], changed(VN2, steering=steer("c", 200) + steer("a", 100))]
    planned = plan(own, "merged", last)
    assert terms(loaded(own, planned.changes)) == ["a", "b", "c", "t2"]
    assert 'insert="before"' in text(planned.changes)
    assert planned.before != planned.after


def test_a_new_term_goes_before_the_tail() -> None:
    own = carried_out(fresh(), "merged", [VN1], [TAIL])
    planned = plan(own, "merged", [VN2])
    assert terms(loaded(own, planned.changes)) == ["t1", "t11", "t2"]
    assert '<term insert="before" name="t2">' in text(planned.changes)


def test_foreign_terms_keep_their_order_and_content() -> None:
    own = router_with(
        a_filter(
            term("ssh", SSH),
            term("t9", feeding("other")),
            term("rest", ACCEPT),
            term("dead", "<then><discard/></then>"),
        )
    )
    after = carried_out(own, "merged", [VN1, VN2])
    assert terms(after) == ["ssh", "t9", "t1", "t11", "rest", "dead"]
    gone = carried_out(after, "deleted", [{"name": "vn1"}, {"name": "vn2"}], [{"name": FILTER}])
    assert gone.find("firewall") == own.find("firewall")


def test_the_place_in_a_foreign_filter_can_be_given() -> None:
    own = router_with(a_filter(term("ssh", SSH), term("web", SSH), term("rest", ACCEPT)))
    after = carried_out(own, "merged", [VN1], [{"name": FILTER, "before": "web"}])
    assert terms(after) == ["ssh", "t1", "web", "rest"]


def test_a_misplaced_term_is_moved_and_nothing_else() -> None:
    own = router_with(a_filter(term("rest", ACCEPT), term("t1", feeding("vn1", "172.31.9.34/32"))))
    planned = plan(own, "merged", [VN1])
    assert terms(loaded(own, planned.changes)) == ["t1", "rest"]
    firewall = planned.changes.child("firewall") if planned.changes is not None else None
    assert text(firewall).count("<term") == 1


def test_a_term_that_passes_on_is_no_catch_all() -> None:
    count = "<then><count>all</count><next>term</next></then>"
    own = router_with(a_filter(term("count", count), term("rest", ACCEPT)))
    assert terms(carried_out(own, "merged", [VN1])) == ["count", "t1", "rest"]


def test_in_a_foreign_filter_without_catch_all_terms_go_to_the_end() -> None:
    own = router_with(a_filter(term("ssh", SSH)))
    assert terms(carried_out(own, "merged", [VN1])) == ["ssh", "t1"]


def test_a_tail_is_made_in_a_new_filter_even_if_nobody_asks() -> None:
    after = carried_out(fresh(), "merged", [VN1], [{"name": FILTER, "interfaces": ["ge-0/0/0.0"]}])
    assert terms(after) == ["t1", "default"]


def test_unmodelled_conditions_of_a_term_are_told() -> None:
    own = reference()
    holder = own.find("firewall", "family", "inet", ("filter", FILTER), ("term", "t1"), "from")
    assert holder is not None
    holder.children.append(Statement("ttl", "64"))
    planned = plan(own, "replaced", [VN1])
    assert planned.changes is None
    assert planned.unmanaged == {f"firewall family inet filter {FILTER} term t1": {"from": {"ttl": "64"}}}


# --- interfaces ---


def test_an_input_list_is_joined() -> None:
    own = fresh()
    own.ensure(*UNIT, "filter").children.append(Statement("input-list", "guard"))
    after = carried_out(own, "merged", [VN1], [TAIL])
    assert [one.text for one in after.ensure(*UNIT, "filter").all("input-list")] == ["guard", FILTER]
    gone = carried_out(after, "deleted", [{"name": "vn1"}], [TAIL])
    assert gone == own


def test_a_binding_by_a_group_is_left_to_the_group() -> None:
    own = fresh()
    group = xml.parse_configuration(
        "<groups><name>site</name><interfaces><interface><name>ge-0/0/0</name><unit><name>0</name><family><inet>"
        f"<filter><input><filter-name>{FILTER}</filter-name></input></filter></inet></family></unit></interface>"
        "</interfaces></groups>"
    )
    own.children.insert(0, group)
    after = carried_out(own, "merged", [VN1], [TAIL])
    assert after.find(*UNIT, "filter") is None


def test_the_filter_goes_only_when_nothing_foreign_is_in_it() -> None:
    own = reference()
    holder = own.find("firewall", "family", "inet", ("filter", FILTER))
    assert holder is not None
    holder.children.insert(1, xml.parse_configuration(term("ssh", SSH)))
    after = carried_out(own, "deleted", [{"name": "vn1"}, {"name": "vn2"}], [TAIL])
    assert terms(after) == ["ssh", "t2"]
    assert after.value(*UNIT, "filter", "input", "filter-name") == FILTER


def test_a_filter_that_something_else_uses_stays_bound() -> None:
    own = reference()
    own.ensure(*UNIT, "filter", "output", "filter-name").text = FILTER
    planned = plan(own, "deleted", [{"name": "vn1"}, {"name": "vn2"}], [TAIL])
    after = loaded(own, planned.changes)
    assert terms(after) == ["t2"]
    assert after.value(*UNIT, "filter", "input", "filter-name") == FILTER
    assert planned.warnings == (f"filter {FILTER} is still in use elsewhere and stays, with its bindings",)


def test_deleting_one_vrf_leaves_the_other_and_its_steering() -> None:
    after = carried_out(reference(), "deleted", [{"name": "vn1"}], [TAIL])
    assert terms(after) == ["t11", "t2"]
    assert [one["name"] for one in gather(after, [])["config"]] == ["vn2"]


def test_deleting_what_is_not_there_changes_nothing() -> None:
    assert plan(fresh(), "deleted", [{"name": "vn1"}], [TAIL]).changes is None


# --- gathered ---


def test_what_is_gathered_can_be_given_back() -> None:
    found = gather(reference(), [])
    assert plan(reference(), "replaced", found["config"], found["filters"]).changes is None
    assert carried_out(fresh(), "merged", found["config"], found["filters"]) == reference()


def test_only_named_vrfs_are_gathered() -> None:
    assert [one["name"] for one in gather(reference(), ["vn2", "vn9"])["config"]] == ["vn2"]


# --- what is refused ---

LOOSE = {"name": "vn1", "table_label": True}


def steering(**values: Any) -> list[dict[str, Any]]:
    return [changed(LOOSE, steering=[{"filter": FILTER, "name": "t1", "source": ["10.0.0.1"], **values}])]


def route(**values: Any) -> list[dict[str, Any]]:
    return [changed(LOOSE, static_routes=[values])]


@pytest.mark.parametrize(
    ("config", "filters", "message"),
    [
        ([{"name": "default"}], [], "config[0].name: 'default' cannot name a routing instance"),
        ([LOOSE, LOOSE], [], "config[1].name: VRF vn1 is given twice, first at config[0].name"),
        ([changed(LOOSE, route_target="x")], [], "config[0].route_target: 'x' is not a route target"),
        (
            [changed(LOOSE, import_route_targets=["1:1", "1:2"])],
            [],
            "config[0].import_route_targets[1]: vrf-target takes one route target for each direction;"
            " match several in a policy and name that in import_policies",
        ),
        (
            [changed(LOOSE, route_target="1:1", import_policies=["p"])],
            [],
            "config[0].import_policies: cannot stand beside route_target",
        ),
        (
            route(prefix="10.0.0.1/8", discard=True),
            [],
            "config[0].static_routes[0].prefix: '10.0.0.1/8' has host bits",
        ),
        (
            route(prefix="10.0.0.0/8"),
            [],
            "config[0].static_routes[0]: a static route needs one of next_table",
        ),
        (
            route(prefix="10.0.0.0/8", discard=True, next_table="inet.0"),
            [],
            "config[0].static_routes[0]: a static route needs one of next_table, next_hop and discard;"
            " not next_table and discard",
        ),
        (
            route(prefix="2001:db8::/32", next_table="inet.0"),
            [],
            "config[0].static_routes[0].next_table: inet.0 does not hold inet6 routes",
        ),
        (
            route(prefix="10.0.0.0/8", next_hop=["2001:db8::1"]),
            [],
            "config[0].static_routes[0].next_hop[0]: 2001:db8::1 is not an inet address",
        ),
        (
            steering(source=["10.0.0.0/8", "10.0.0.300"]),
            [],
            "config[0].steering[0].source[1]: '10.0.0.300' is not an IP prefix",
        ),
        (
            steering(source=["2001:db8::1"]),
            [],
            "config[0].steering[0].source[0]: 2001:db8::1/128 is no inet prefix;"
            " IPv6 traffic needs a filter of family inet6",
        ),
        (
            steering(source=None, counter="c"),
            [],
            "config[0].steering[0]: matches all traffic of the interface; give source",
        ),
        (
            steering(source=None, source_except=["10.0.0.1"]),
            [],
            "config[0].steering[0].source_except: needs source as well",
        ),
        (
            steering(source_except=["10.0.0.1"]),
            [],
            "config[0].steering[0].source_except: 10.0.0.1/32 is in source, too",
        ),
        (
            [*steering(), changed(VN2, steering=steering()[0]["steering"])],
            [],
            "config[1].steering[0].name: term t1 of filter ge000_to_dcrouter is given twice, first at"
            " config[0].steering[0].name",
        ),
        (
            steering(name="t2"),
            [TAIL],
            "config[0].steering[0].name: t2 is the name of the filter's tail (default_term)",
        ),
        (
            steering(),
            [changed(TAIL, interfaces=["ge-0/0/0"])],
            "filters[0].interfaces[0]: 'ge-0/0/0' is not a log",
        ),
        (
            steering(),
            [changed(TAIL, before="x")],
            "filters[0].before: says where terms go in a filter that is not",
        ),
        ([], [], "config: is needed with state merged; nothing is taken to mean everything"),
    ],
)
def test_bad_input_is_refused_with_its_path(config: Any, filters: Any, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        planning.parse_request("merged", config, filters)
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("state", ["deleted", "merged", "replaced", "rendered"])
def test_nothing_is_not_taken_for_everything(state: str) -> None:
    with pytest.raises(ConfigError, match="is needed"):
        planning.parse_request(state, None, None)


def refusal(own: Statement, state: str, config: Any, filters: Any = None) -> str:
    with pytest.raises(ConfigError) as caught:
        plan(own, state, config, filters)
    return str(caught.value)


def test_a_vrf_that_only_a_group_has_is_refused() -> None:
    own = fresh()
    own.children[0].children.append(
        Statement("routing-instances", children=[entry("instance", "vn1", Statement("instance-type", "vrf"))])
    )
    for state in ("merged", "deleted"):
        assert refusal(own, state, [VN1], [TAIL]).startswith(
            "config[0].name: routing instance vn1 exists only through configuration group __contrail__"
        )


def test_an_instance_of_another_type_is_refused() -> None:
    own = router_with(
        "<routing-instances><instance><name>vn1</name><instance-type>virtual-router</instance-type></instance>"
        "</routing-instances>"
    )
    assert refusal(own, "merged", [VN1]) == "config[0].name: routing instance vn1 is of type virtual-router, not vrf"


def test_a_vrf_without_any_route_distinguisher_is_refused() -> None:
    own = fresh()
    own.children = own.children[2:]
    assert refusal(own, "merged", [changed(VN1, steering=None)]).startswith("config[0].route_distinguisher: is needed")
    assert plan(own, "merged", [changed(VN1, steering=None, route_distinguisher="1:1")]).changes is not None


def test_merged_does_not_mix_ways_to_say_route_targets() -> None:
    message = refusal(reference(), "merged", [{"name": "vn1", "import_policies": ["p"]}])
    assert message == (
        "config[0].import_policies: VRF vn1 has route_target on the router, and the two do not mix;"
        " use state replaced to go from one to the other"
    )


def test_a_loop_of_next_tables_is_refused() -> None:
    own = router_with(
        "<routing-options><static><route><name>10.0.0.0/8</name><next-table>vn1.inet.0</next-table></route></static>"
        "</routing-options>"
    )
    assert refusal(own, "merged", [changed(VN1, steering=None)]) == (
        "config[0].static_routes[0].next_table: next-table may loop: vn1.inet.0 -> inet.0 -> vn1.inet.0"
    )


def test_a_loop_over_a_third_table_is_refused() -> None:
    one = changed(VN1, steering=None, static_routes=[{"prefix": "10.1.0.0/16", "next_table": "vn2.inet.0"}])
    two = changed(VN2, steering=None, static_routes=[{"prefix": "10.2.0.0/16", "next_table": "vn1.inet.0"}])
    assert "next-table may loop: vn1.inet.0 -> vn2.inet.0 -> vn1.inet.0" in refusal(fresh(), "merged", [one, two])


def test_a_next_table_of_an_unknown_instance_is_refused() -> None:
    lost = changed(VN1, steering=None, static_routes=[{"prefix": "10.0.0.0/8", "next_table": "vn11.inet.0"}])
    assert refusal(reference(), "merged", [lost]).startswith(
        "config[0].static_routes[0].next_table: no routing instance has the table vn11.inet.0; did you mean vn1.inet.0"
    )


def test_a_vrf_that_a_route_leads_to_is_not_deleted() -> None:
    leak = changed(VN2, static_routes=[{"prefix": "10.0.0.0/8", "next_table": "vn1.inet.0"}])
    own = carried_out(reference(), "merged", [leak])
    assert refusal(own, "deleted", [{"name": "vn1"}]) == (
        "config[0]: VRF vn1 is still needed: the route to 10.0.0.0/8 in vn2.inet.0 leads to vn1.inet.0"
    )


def test_a_filter_that_is_neither_there_nor_named_is_refused_with_near_misses() -> None:
    own = router_with(a_filter(term("rest", ACCEPT), name="ge000_to_dcrouters"))
    message = refusal(own, "merged", [VN1])
    assert message.startswith("config[0].steering[0].filter: the router has no filter ge000_to_dcrouter; did you mean")


def test_an_interface_with_another_input_filter_is_refused() -> None:
    own = router_with(a_filter(term("rest", ACCEPT), name="guard"))
    own.ensure(*UNIT, "filter", "input", "filter-name").text = "guard"
    message = refusal(own, "merged", [VN1], [TAIL])
    assert message.startswith("filters[0].interfaces[0]: ge-0/0/0.0 already has input filter guard; ")


def test_an_interface_that_does_not_exist_is_refused_with_near_misses() -> None:
    assert refusal(fresh(), "merged", [VN1], [changed(TAIL, interfaces=["ge-0/0/1.0"])]) == (
        "filters[0].interfaces[0]: the router has no logical interface ge-0/0/1.0; did you mean ge-0/0/0.0?"
    )


def test_a_family_is_not_made_on_the_way() -> None:
    message = refusal(fresh(), "merged", [VN1], [TAIL, {"name": "F6", "family": "inet6", "interfaces": ["ge-0/0/0.0"]}])
    assert message == ("filters[1].interfaces[0]: ge-0/0/0.0 has no family inet6; configure its address first")


def test_a_filter_without_accept_tail_is_not_bound() -> None:
    own = router_with(a_filter(term("ssh", SSH)))
    message = refusal(own, "merged", [VN1], [{"name": FILTER, "interfaces": ["ge-0/0/0.0"]}])
    assert message.startswith(f"filters[0].interfaces[0]: filter {FILTER} does not end in a term that accepts the rest")


def test_a_second_catch_all_is_not_added() -> None:
    own = router_with(a_filter(term("rest", ACCEPT)))
    assert refusal(own, "merged", [VN1], [TAIL]).startswith(
        f"filters[0].default: filter {FILTER} already ends in its term rest"
    )


def test_a_term_that_steers_nowhere_is_not_taken_over() -> None:
    own = router_with(a_filter(term("t1", SSH), term("t2", ACCEPT)))
    assert refusal(own, "merged", [VN1], [TAIL]).startswith(
        f"config[0].steering[0].name: filter {FILTER} has a term t1 that steers into no VRF"
    )


def test_a_term_of_another_vrf_is_not_taken_over_unless_that_vrf_is_named() -> None:
    theirs = changed(VN2, steering=[{"filter": FILTER, "name": "t1", "source": ["10.0.0.1"]}])
    assert refusal(reference(), "merged", [theirs]).startswith(
        f"config[0].steering[0].name: term t1 of filter {FILTER} steers into VRF vn1, which this task does not name"
    )
    after = carried_out(reference(), "replaced", [changed(VN1, steering=[]), theirs])
    assert terms(after) == ["t1", "t2"]


def test_deactivated_statements_are_not_judged() -> None:
    own = reference()
    vrf(own, "vn1").ensure("vrf-target").attributes["inactive"] = "inactive"
    assert refusal(own, "merged", [VN1]).startswith("config[0]: vrf-target is deactivated on the router")
    elsewhere = reference()
    vrf(elsewhere, "vn1").ensure("protocols").attributes["inactive"] = "inactive"
    assert plan(elsewhere, "merged", [VN1], [TAIL]).changes is None


@pytest.mark.parametrize(
    ("steps", "path", "what"),
    [
        (("routing-instances",), "config[0].name", "routing-instances"),
        (("firewall",), "filters[0].name", "firewall"),
        (("firewall", "family", "inet"), "filters[0].name", "inet"),
        (UNIT[:2], "filters[0].interfaces[0]", "interface ge-0/0/0"),
        (UNIT[:3], "filters[0].interfaces[0]", "unit 0"),
    ],
)
def test_nothing_is_written_into_a_deactivated_section(steps: Any, path: str, what: str) -> None:
    own = fresh()
    own.ensure(*steps).attributes["inactive"] = "inactive"
    said = f"{path}: {what} is deactivated on the router; activate or delete it there first"
    assert refusal(own, "merged", [VN1], [TAIL]) == said


@pytest.mark.parametrize("where", ["<term inactive='inactive'>", "<term>"])
def test_a_deactivated_tail_lets_nothing_through(where: str) -> None:
    inside = ACCEPT if "inactive" in where else "<then><accept inactive='inactive'/><discard/></then>"
    own = router_with(a_filter(f"{where}<name>rest</name>{inside}</term>"))
    message = refusal(own, "merged", [VN1], [{"name": FILTER, "interfaces": ["ge-0/0/0.0"]}])
    assert message.startswith(f"filters[0].interfaces[0]: filter {FILTER} does not end in a term that accepts the rest")


def test_a_term_whose_conditions_are_deactivated_is_a_catch_all() -> None:
    inside = f"<from inactive='inactive'><protocol>tcp</protocol></from>{ACCEPT}"
    own = router_with(a_filter(term("rest", inside)))
    assert terms(carried_out(own, "merged", [VN1], [{"name": FILTER, "before": "rest"}])) == ["t1", "rest"]
    assert terms(carried_out(own, "merged", [VN1])) == ["t1", "rest"]


def test_an_interface_of_a_vrf_keeps_what_stands_below_it() -> None:
    own = reference()
    tunnel = entry("interface", "vt-0/0/0.1", Statement("multicast"))
    vrf(own, "vn1").children.append(tunnel)
    for state in ("merged", "replaced"):
        after = carried_out(own, state, [changed(VN1, interfaces=["vt-0/0/0.1", "lo0.1"])], [TAIL])
        assert [one.name for one in vrf(after, "vn1").all("interface")] == ["vt-0/0/0.1", "lo0.1"]
        assert vrf(after, "vn1").child(("interface", "vt-0/0/0.1")) == tunnel


def test_the_type_of_an_instance_may_come_from_a_group() -> None:
    effective = reference()
    own = effective.copy()
    vrf(own, "vn1").remove("instance-type")
    effective.ensure("routing-options", "route-distinguisher-id").text = "172.31.10.57"
    request = planning.parse_request("merged", [VN1], [TAIL])
    assert planning.plan(request, own, effective).changes is None


def test_before_cannot_be_rendered() -> None:
    request = planning.parse_request("rendered", [VN1], [{"name": FILTER, "before": "x"}])
    with pytest.raises(ConfigError, match=r"filters\[0\].before: needs the filter on the router"):
        planning.render(request)


# --- in general ---

some_vrf = st.builds(
    lambda name, number, routes, families, sources, priority, mark: {
        "name": name,
        "route_target": f"64512:{number}",
        "table_label": True,
        "static_routes": [{"prefix": prefix, "next_table": "inet.0"} for prefix in routes],
        "auto_export": families,
        "mark": mark,
        "steering": [
            {"filter": FILTER, "name": f"{name}-{n}", "source": [source], "priority": priority}
            for n, source in enumerate(sources)
        ],
    },
    st.sampled_from(["vn1", "vn2", "vn3"]),
    st.integers(1, 3),
    st.lists(st.sampled_from(["10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16"]), unique=True),
    st.lists(st.sampled_from(["inet", "inet6"]), unique=True),
    st.lists(st.sampled_from(["10.9.0.1", "10.9.0.2", "10.9.0.3"]), unique=True),
    st.integers(1, 3),
    st.booleans(),
)
some_config = st.lists(some_vrf, unique_by=lambda item: str(item["name"]), min_size=1, max_size=3)


@examples(60)
@given(some_config, some_config, st.sampled_from(["merged", "replaced", "overridden", "deleted"]))
def test_any_call_leaves_nothing_for_the_next(first: Any, second: Any, state: str) -> None:
    own = carried_out(fresh(), "merged", first, [TAIL])
    after = carried_out(own, state, second, [TAIL])
    gone = carried_out(after, "deleted", [{"name": f"vn{n}"} for n in (1, 2, 3)], [TAIL])
    assert gone == fresh()


# --- several filters, and what is left of them ---


def steering_in(*names: str) -> list[dict[str, Any]]:
    return [{"filter": name, "name": "t1", "source": ["10.0.0.1"]} for name in names]


@pytest.mark.parametrize("state", ["deleted", "replaced"])
def test_the_terms_of_two_filters_that_feed_one_vrf_go_together(state: str) -> None:
    two = [{"name": "A", "default": "accept"}, {"name": "B", "default": "accept"}]
    own = carried_out(fresh(), "merged", [changed(VN1, steering=steering_in("A", "B"))], two)
    after = carried_out(own, state, [changed(VN1, steering=[])])
    assert terms(after, "A") == terms(after, "B") == ["default"]
    assert carried_out(own, "deleted", [{"name": "vn1"}], two) == fresh()


def test_filters_of_two_families_with_one_name_go_together() -> None:
    four = {"filter": "F", "name": "t", "source": ["10.0.0.1"]}
    six = {"filter": "F", "family": "inet6", "name": "t", "source": ["2001:db8::1"]}
    own = fresh()
    own.ensure(*UNIT[:-1], "inet6", ("address", "2001:db8:1::1/64"))
    filters = [{"name": "F", "family": family, "interfaces": ["ge-0/0/0.0"]} for family in ("inet", "inet6")]
    before = carried_out(own, "merged", [changed(VN1, steering=[four, six])], filters)
    assert carried_out(before, "deleted", [{"name": "vn1"}], filters) == own


def test_an_unnamed_filter_in_use_goes_on_to_discard_after_its_last_term() -> None:
    own = router_with(a_filter(term("t1", feeding("vn1")), name="F"))
    own = loaded(own, plan(own, "merged", [changed(VN1, steering=None)]).changes)
    own.ensure(*UNIT, "filter", "input", "filter-name").text = "F"
    planned = plan(own, "deleted", [{"name": "vn1"}])
    after = loaded(own, planned.changes)
    assert after.value(*UNIT, "filter", "input", "filter-name") == "F"
    discard = after.find("firewall", "family", "inet", ("filter", "F"), ("term", "discard"), "then", "discard")
    assert discard is not None
    assert planned.warnings[0].startswith("filter F has lost its last steering term and stays; its new term")
    gone = carried_out(after, "deleted", [{"name": "vn1"}], [{"name": "F"}])
    assert gone.find("firewall") is None
    assert gone.find(*UNIT, "filter") is None


def fed_by(*bound_to: Statement) -> Statement:
    """Return a router whose filter F has a term into vn1 and nothing else, bound as told."""
    own = router_with(a_filter(term("t1", feeding("vn1")), name="F"))
    guard = xml.parse_configuration(f"<filter><name>guard</name>{term('rest', ACCEPT)}</filter>")
    own.ensure("firewall", "family", "inet").children.append(guard)
    own = loaded(own, plan(own, "merged", [changed(VN1, steering=None)]).changes)
    own.ensure(*UNIT, "filter").children += bound_to
    return own


def test_an_unnamed_filter_leaves_a_list_of_others_with_its_last_term() -> None:
    own = fed_by(Statement("input-list", "F"), Statement("input-list", "guard"))
    after = carried_out(own, "deleted", [{"name": "vn1"}])
    assert [one.text for one in after.ensure(*UNIT, "filter").all("input-list")] == ["guard"]
    assert terms(after, "F") == []
    alone = carried_out(fed_by(Statement("input-list", "F")), "deleted", [{"name": "vn1"}])
    assert terms(alone, "F") == ["discard"]


def test_a_named_filter_that_stays_goes_on_to_discard_after_its_last_term() -> None:
    for own in (fed_by(), fed_by(Statement("input-list", "F"))):
        after = carried_out(own, "replaced", [changed(VN1, steering=[])], [{"name": "F"}])
        assert terms(after, "F") == ["discard"]
    listed = fed_by(Statement("input-list", "F"), Statement("input-list", "guard"))
    message = refusal(listed, "replaced", [changed(VN1, steering=[])], [{"name": "F"}])
    assert message.startswith("config[0]: filter F would be left without any term")


def test_a_filter_that_another_refers_to_is_not_left_without_terms() -> None:
    own = fed_by()
    own.ensure("firewall", "family", "inet", ("filter", "guard")).children.insert(
        1, xml.parse_configuration("<term><name>f</name><filter>F</filter></term>")
    )
    assert refusal(own, "deleted", [{"name": "vn1"}]) == (
        "config[0]: filter F would be left without any term, and another filter or a list of filters refers to it;"
        " take it out there first"
    )


def test_an_unnamed_filter_that_nothing_uses_goes_with_its_last_term() -> None:
    own = router_with(a_filter(term("t1", feeding("vn1")), name="F"))
    own = loaded(own, plan(own, "merged", [changed(VN1, steering=None)]).changes)
    assert carried_out(own, "deleted", [{"name": "vn1"}]).find("firewall") is None


def test_a_filter_that_a_group_names_is_not_taken_out() -> None:
    own = reference()
    group = xml.parse_configuration(
        "<groups><name>site</name><forwarding-options><family><inet><filter>"
        f"<input>{FILTER}</input></filter></inet></family></forwarding-options></groups>"
    )
    own.children.insert(0, group)
    planned = plan(own, "deleted", [{"name": "vn1"}, {"name": "vn2"}], [TAIL])
    assert planned.warnings == (f"filter {FILTER} is still in use elsewhere and stays, with its bindings",)
    assert terms(loaded(own, planned.changes)) == ["t2"]


def test_terms_of_a_filter_directly_below_firewall_are_steering_terms() -> None:
    top = f"<firewall><filter><name>F</name>{term('t9', feeding('vn1'))}{term('rest', ACCEPT)}</filter></firewall>"
    own = router_with(top)
    own = loaded(own, plan(own, "merged", [changed(VN1, steering=None)]).changes)
    assert gather(own, ["vn1"])["config"][0]["steering"][0]["filter"] == "F"
    more = changed(VN1, steering=[{"filter": "F", "name": "t1", "source": ["10.0.0.1"]}])
    after = carried_out(own, "merged", [more])
    holder = after.find("firewall", ("filter", "F"))
    assert holder is not None
    assert [one.name for one in holder.all("term")] == ["t9", "t1", "rest"]
    assert after.find("firewall", "family") is None
    gone = carried_out(after, "deleted", [{"name": "vn1"}]).find("firewall", ("filter", "F"))
    assert gone is not None
    assert [one.name for one in gone.all("term")] == ["rest"]


# --- what terms do ---

REDIRECT = "<then><next-ip><address>192.0.2.1/32</address></next-ip></then>"


@pytest.mark.parametrize("rest", [REDIRECT, "<filter>inner</filter>", "<then><discard/></then>"])
def test_steering_goes_before_a_term_that_no_packet_gets_past(rest: str) -> None:
    own = router_with(a_filter(term("ssh", SSH), term("rest", rest)))
    inner = xml.parse_configuration(f"<filter><name>inner</name>{term('1', ACCEPT)}</filter>")
    own.ensure("firewall", "family", "inet").children.append(inner)
    assert terms(carried_out(own, "merged", [VN1])) == ["ssh", "t1", "rest"]


@pytest.mark.parametrize("rest", [REDIRECT, "<filter>unknown</filter>", "<then><next>term</next></then>"])
def test_a_filter_that_does_not_accept_the_rest_is_not_bound(rest: str) -> None:
    own = router_with(a_filter(term("rest", rest)))
    message = refusal(own, "merged", [VN1], [{"name": FILTER, "interfaces": ["ge-0/0/0.0"]}])
    assert message.startswith(f"filters[0].interfaces[0]: filter {FILTER} does not end in a term that accepts the rest")


def test_a_term_of_the_tail_s_name_that_leads_elsewhere_is_not_deleted() -> None:
    own = router_with(a_filter(term("default", REDIRECT)))
    assert plan(own, "deleted", [{"name": "vn1"}], [{"name": FILTER}]).changes is None


# --- what the router could not take ---


def test_two_filters_for_one_interface_are_refused() -> None:
    two = [TAIL, {"name": "G", "interfaces": ["ge-0/0/0.0"]}]
    said = f"filters[1].interfaces[0]: ge-0/0/0.0 gets the input filter {FILTER} in the same task"
    assert refusal(fresh(), "merged", [VN1], two).startswith(said)
    with pytest.raises(ConfigError, match="in the same task"):
        planning.render(planning.parse_request("rendered", [VN1], two))


def test_two_filters_for_one_interface_with_a_list_stand_in_the_list() -> None:
    own = fresh()
    own.ensure(*UNIT, "filter").children.append(Statement("input-list", "guard"))
    after = carried_out(own, "merged", [VN1], [TAIL, {"name": "G", "interfaces": ["ge-0/0/0.0"]}])
    assert [one.text for one in after.ensure(*UNIT, "filter").all("input-list")] == ["guard", FILTER, "G"]


def test_the_last_route_distinguisher_is_not_removed() -> None:
    own = fresh()
    own.children = own.children[2:]
    own = loaded(own, plan(own, "merged", [changed(VN1, route_distinguisher="1:1")], [TAIL]).changes)
    for state in ("merged", "replaced"):
        message = refusal(own, state, [changed(VN1, route_distinguisher="")])
        assert message.startswith("config[0].route_distinguisher: is needed for VRF vn1")


def test_a_route_distinguisher_of_another_instance_is_refused() -> None:
    own = carried_out(fresh(), "merged", [changed(VN1, route_distinguisher="172.31.10.57:3")], [TAIL])
    assert refusal(own, "merged", [changed(VN2, route_distinguisher="172.31.10.57:3")]) == (
        "config[0].route_distinguisher: 172.31.10.57:3 is already the route distinguisher of routing instance vn1;"
        " choose another one"
    )


def test_an_interface_of_another_instance_is_refused_unless_it_leaves_that() -> None:
    own = carried_out(fresh(), "merged", [changed(VN1, interfaces=["lo0.3"])], [TAIL])
    theirs = changed(VN2, interfaces=["lo0.3"])
    assert refusal(own, "merged", [theirs]).startswith(
        "config[0].interfaces[0]: lo0.3 is already in routing instance vn1, and an interface is in one"
    )
    moved = carried_out(own, "replaced", [changed(VN1, interfaces=[]), theirs])
    assert [one.name for one in vrf(moved, "vn2").all("interface")] == ["lo0.3"]


@pytest.mark.parametrize("way", ["<reject/>", "<receive/>", "<reject/><next-table>inet.0</next-table>"])
@pytest.mark.parametrize("state", ["merged", "replaced"])
def test_a_wanted_way_of_a_route_takes_the_place_of_any_other(way: str, state: str) -> None:
    own = reference()
    static = vrf(own, "vn1").find("routing-options", "static")
    assert static is not None
    static.children = [xml.parse_configuration(f"<route><name>172.31.9.34/32</name>{way}<retain/></route>")]
    found = vrf(carried_out(own, state, [VN1]), "vn1").find("routing-options", "static", ("route", "172.31.9.34/32"))
    assert found is not None
    assert sorted(child.tag for child in found.children) == ["name", "next-table", "retain"]


def test_a_qualified_next_hop_goes_with_next_hops_and_not_with_a_next_table() -> None:
    own = reference()
    static = vrf(own, "vn1").ensure("routing-options", "static")
    qualified = "<qualified-next-hop><name>10.0.0.9</name><preference>9</preference></qualified-next-hop>"
    static.children = [xml.parse_configuration(f"<route><name>172.31.9.34/32</name>{qualified}</route>")]
    by_hop = changed(VN1, static_routes=[{"prefix": "172.31.9.34/32", "next_hop": ["10.0.0.1"]}])
    for config, tags in ((by_hop, {"name", "next-hop", "qualified-next-hop"}), (VN1, {"name", "next-table"})):
        after = carried_out(own, "merged", [config])
        found = vrf(after, "vn1").find("routing-options", "static", ("route", "172.31.9.34/32"))
        assert found is not None
        assert {child.tag for child in found.children} == tags


def test_an_instance_s_name_may_have_dots() -> None:
    dotted = {"name": "a.inet.b", "route_target": "64512:9", "table_label": True}
    leak = changed(VN1, steering=None, static_routes=[{"prefix": "10.0.0.0/8", "next_table": "a.inet.b.inet.0"}])
    after = carried_out(fresh(), "merged", [dotted, leak])
    assert refusal(after, "deleted", [{"name": "a.inet.b"}]) == (
        "config[0]: VRF a.inet.b is still needed: the route to 10.0.0.0/8 in vn1.inet.0 leads to a.inet.b.inet.0"
    )
    back = changed(dotted, static_routes=[{"prefix": "10.1.0.0/16", "next_table": "vn1.inet.0"}])
    assert "a.inet.b.inet.0 -> vn1.inet.0 -> a.inet.b.inet.0" in refusal(after, "merged", [back])
    other = changed(dotted, name="a", static_routes=[{"prefix": "10.1.0.0/16", "next_table": "vn1.inet.0"}])
    assert plan(after, "merged", [other]).changes is not None


def test_an_instance_that_a_term_of_others_leads_to_is_not_deleted() -> None:
    decapsulate = "<then><decapsulate><gre><routing-instance>vn1</routing-instance></gre></decapsulate></then>"
    own = router_with(a_filter(term("gre", decapsulate), name="edge"))
    own = loaded(own, plan(own, "merged", [VN1], [TAIL]).changes)
    assert refusal(own, "deleted", [{"name": "vn1"}]) == (
        "config[0]: VRF vn1 is still needed: term gre of filter edge leads to it; delete that term first"
    )


def with_group(inside: str) -> Statement:
    """Return the reference router with VRF statements that a group gives to vn1."""
    own = reference()
    instances = f"<routing-instances><instance><name>vn1</name>{inside}</instance></routing-instances>"
    own.children.insert(0, xml.parse_configuration(f"<groups><name>site</name>{instances}</groups>"))
    return own


@pytest.mark.parametrize(
    ("given", "inside"),
    [
        ({"table_label": False}, "<vrf-table-label/>"),
        ({"description": ""}, "<description>theirs</description>"),
    ],
)
def test_what_a_group_gives_is_not_beaten_by_nothing(given: dict[str, Any], inside: str) -> None:
    own = with_group(inside)
    vrf(own, "vn1").remove("vrf-table-label")
    message = refusal(own, "merged", [{"name": "vn1", **given}])
    assert message.startswith(f"config[0].{next(iter(given))}: VRF vn1 has ")
    assert "through a configuration group (such as site)" in message


def test_adding_nothing_to_a_list_is_no_contradiction_to_a_group() -> None:
    own = with_group("<interface><name>lo0.7</name></interface>")
    assert plan(own, "merged", [{"name": "vn1", "interfaces": []}]).changes is None


# --- what is protected ---


@pytest.mark.parametrize(
    ("steps", "path", "where"),
    [
        (("routing-instances",), "config[0]", "routing-instances"),
        (("routing-instances", ("instance", "vn1")), "config[0]", "routing-instances vn1"),
        (
            ("routing-instances", ("instance", "vn1"), "vrf-target"),
            "config[0]",
            "routing-instances vn1 vrf-target",
        ),
        (("firewall",), "config[0]", "firewall"),
        (
            ("firewall", "family", "inet", ("filter", FILTER), ("term", "t1")),
            "config[0].steering[0]",
            f"firewall family inet filter {FILTER} term t1",
        ),
    ],
)
def test_a_change_to_a_protected_statement_is_refused_naming_it(steps: Any, path: str, where: str) -> None:
    own = reference()
    own.ensure(*steps).attributes["protect"] = "protect"
    assert plan(own, "merged", [VN1], [TAIL]).changes is None
    other = changed(VN1, route_target="64512:9", steering=[{"filter": FILTER, "name": "t1", "source": ["10.0.0.1"]}])
    only = changed(other, steering=None) if steps[0] == "routing-instances" else changed(other, route_target=None)
    message = refusal(own, "merged", [only])
    assert message.startswith(f"{path}: {where} is protected on the router, which would leave that part of the change")
    assert message.endswith(f"(unprotect {where})")


def test_a_filter_is_not_bound_to_a_protected_interface() -> None:
    own = fresh()
    own.ensure(*UNIT[:2]).attributes["protect"] = "protect"
    message = refusal(own, "merged", [VN1], [TAIL])
    assert message.startswith("filters[0]: interfaces interface ge-0/0/0 is protected on the router")


def test_a_vrf_with_something_protected_in_it_is_not_deleted() -> None:
    own = reference()
    vrf(own, "vn1").ensure("protocols", "bgp").attributes["protect"] = "protect"
    message = refusal(own, "deleted", [{"name": "vn1"}])
    assert message.startswith("config[0]: routing-instances vn1 protocols bgp is protected on the router")
    assert plan(own, "replaced", [changed(VN1, description="x")]).changes is not None
