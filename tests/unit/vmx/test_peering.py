# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is planned for BGP groups, dynamic tunnels and the facts of a router."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.model.field import ConfigError
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.model.statement import Statement
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.plan import peering_plan
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.session import xml
from unit.vmx.peering_scenario import NAME, PEERING, POLICY, ROUTER, peered, peering, plan, router_of
from unit.vmx.scenario import GOLDEN, loaded

EMPTY = router_of(
    "<routing-options><autonomous-system><as-number>64512</as-number></autonomous-system></routing-options>"
)
OWNED = router_of(
    "<groups><name>__contrail__</name><protocols><bgp><group><name>_contrail_asn-64512</name>"
    "<type>internal</type></group></bgp></protocols></groups>"
)


def changes(own: Statement, state: str, config: Any = None, router: Any = None) -> str:
    """Return the document of a plan on one line without white space between elements, empty where there is
    none."""
    found = plan(own, state, config, router).changes
    return "".join(line.strip() for line in xml.to_text(found).splitlines()) if found is not None else ""


def refused(own: Statement, state: str, config: Any = None, router: Any = None) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        plan(own, state, config, router)
    assert "\n" not in str(caught.value)
    return caught.value


class TestReference:
    def test_the_rendered_peering_is_the_golden_configuration(self) -> None:
        request = peering_plan.parse_peering_request("rendered", [PEERING], ROUTER)
        rendered = xml.to_text(peering_plan.render_peering(request))
        assert rendered == (GOLDEN / "vmx-peering.xml").read_text()

    def test_a_router_that_has_it_is_left_alone(self) -> None:
        for state in ("merged", "replaced"):
            assert changes(peered(), state, [PEERING], ROUTER) == ""

    def test_what_is_gathered_is_what_was_given(self) -> None:
        request = peering_plan.parse_peering_request("gathered", None, None)
        assert request.gather(peered()) == {"config": [PEERING], "router": ROUTER}

    def test_what_was_given_is_deleted_again(self) -> None:
        planned = plan(peered(), "deleted", [PEERING], ROUTER)
        assert planned.after == {"config": [], "router": {}}
        assert planned.warnings == ()
        assert planned.changes is not None
        assert [(one.tag, dict(one.attributes)) for one in planned.changes.children] == [
            (section, {"delete": "delete"}) for section in peering_plan.PEERING_SECTIONS
        ]


class TestMerged:
    def test_a_compute_node_is_added_to_the_tunnel(self) -> None:
        more = {"name": NAME, "tunnels": {"destinations": ["172.31.10.156"]}}
        document = changes(peered(), "merged", [more])
        assert document.count("<destination-networks>") == 1
        assert "<name>172.31.10.156/32</name>" in document
        assert "delete" not in document
        assert "protocols" not in document

    def test_a_neighbor_is_added_and_the_others_stay(self) -> None:
        document = changes(peered(), "merged", [{"name": NAME, "neighbors": [{"address": "172.31.4.77"}]}])
        assert document.count("<neighbor>") == 1
        assert "<name>172.31.4.77</name>" in document

    def test_a_policy_joins_the_others_in_order(self) -> None:
        own = peered()
        own.ensure("policy-options", ("policy-statement", "later"))
        document = changes(own, "merged", [{"name": NAME, "export_policies": ["later"]}])
        assert "<export>later</export>" in document
        assert POLICY not in document

    def test_an_option_left_out_is_left_alone(self) -> None:
        assert changes(peered(), "merged", [{"name": NAME, "hold_time": 90}]) == ""

    def test_tunnels_go_to_udp_in_one_edit(self) -> None:
        document = changes(peered(), "merged", [{"name": NAME, "tunnels": {"encapsulation": "udp"}}])
        assert '<gre delete="delete"/>' in document
        assert "<udp/>" in document

    def test_the_source_of_a_tunnel_is_the_local_address_by_default(self) -> None:
        document = changes(EMPTY, "merged", [peering(tunnels={"destinations": ["10.0.0.0/24"]})], ROUTER)
        assert "<source-address>172.31.10.57</source-address><gre/>" in document

    def test_a_policy_of_our_own_gets_a_name(self) -> None:
        document = changes(EMPTY, "merged", [peering(name="contrail", export_policies=None)])
        assert "<export>contrail-export</export>" in document
        assert "<policy-statement><name>contrail-export</name><term><name>inet-vpn</name>" in document

    def test_the_as_number_in_dots_is_the_same(self) -> None:
        own = router_of(
            "<routing-options><autonomous-system><as-number>1.10</as-number></autonomous-system></routing-options>"
        )
        assert changes(own, "merged", None, {"autonomous_system": 65546}) == ""


class TestReplaced:
    def test_what_is_not_given_goes(self) -> None:
        wanted = peering(hold_time=None, families=["inet-vpn"], next_hop_self=["inet-vpn"])
        document = changes(peered(), "replaced", [wanted])
        assert '<hold-time delete="delete"/>' in document
        for family in ("inet6-vpn", "evpn", "route-target"):
            assert f'<{family} delete="delete"/>' in document
        assert '<term delete="delete"><name>inet6-vpn</name></term>' in document

    def test_tunnels_and_policy_terms_left_out_are_left_alone(self) -> None:
        assert changes(peered(), "replaced", [peering(tunnels=None, next_hop_self=None)]) == ""

    def test_one_policy_takes_the_place_of_another(self) -> None:
        own = peered()
        own.ensure("policy-options", ("policy-statement", "other"))
        document = changes(own, "replaced", [peering(export_policies=["other"], next_hop_self=None)])
        assert f'<export delete="delete">{POLICY}</export><export>other</export>' in document

    def test_a_neighbor_that_is_not_named_goes(self) -> None:
        wanted = peering(neighbors=[{"address": "172.31.4.77", "peer_as": 64512}])
        document = changes(peered(), "replaced", [wanted])
        assert '<neighbor delete="delete"><name>172.31.4.76</name></neighbor>' in document

    def test_what_is_not_modelled_stays_and_is_told_without_secrets(self) -> None:
        own = peered()
        group = own.find("protocols", "bgp", ("group", NAME))
        assert group is not None
        group.ensure("log-updown")
        group.ensure(("neighbor", "172.31.4.76"), "authentication-key").text = "$9$secret"
        planned = plan(own, "replaced", [peering(hold_time=30)], None)
        assert planned.changes is not None
        assert "log-updown" not in xml.to_text(planned.changes)
        assert planned.unmanaged == {
            f"protocols bgp group {NAME}": {
                "log-updown": "",
                "neighbor": {"name": "172.31.4.76", "authentication-key": "********"},
            }
        }

    def test_facts_of_the_router_are_never_taken_away(self) -> None:
        own = peered()
        own.ensure("chassis", ("fpc", "1"), ("pic", "0"), "tunnel-services")
        assert changes(own, "replaced", [PEERING], ROUTER) == ""


class TestDeleted:
    def test_what_others_need_stays_and_is_told(self) -> None:
        own = peered()
        own.ensure("protocols", "bgp", ("group", "upstream"), "type").text = "external"
        own.ensure("routing-options", "dynamic-tunnels", ("dynamic-tunnel", "other"), "gre")
        own.ensure("routing-instances", ("instance", "vn1"), "instance-type").text = "vrf"
        planned = plan(own, "deleted", [PEERING], ROUTER)
        assert planned.after["router"] == ROUTER
        assert [warning.split(" is still needed by ")[1] for warning in planned.warnings] == [
            "dynamic tunnel other; it stays",
            "BGP group upstream; it stays",
            "VRF vn1; it stays",
            "BGP group upstream; it stays",
        ]

    def test_another_value_than_the_given_stays(self) -> None:
        planned = plan(peered(), "deleted", None, {"router_id": "10.0.0.1"})
        assert planned.changes is None
        assert planned.warnings == ("router id is 172.31.10.57, not 10.0.0.1; it stays",)

    def test_a_policy_that_others_use_or_filled_stays(self) -> None:
        used = peered()
        used.ensure("protocols", "bgp", ("group", "other"), "export").text = POLICY
        filled = peered()
        filled.ensure("policy-options", ("policy-statement", POLICY), ("term", "own"), "then", "reject")
        for own in (used, filled):
            assert "policy-options" not in changes(own, "deleted", [{"name": NAME}])

    def test_deleting_what_is_not_there_is_no_change(self) -> None:
        assert changes(EMPTY, "deleted", [{"name": "nobody"}], {"ipv6_tunneling": True}) == ""


class TestForeignPolicy:
    OTHER = (
        "<policy-options><policy-statement><name>mine</name><term><name>last</name><then><reject/></then></term>"
        "</policy-statement></policy-options>"
    )

    def test_our_terms_stand_before_those_that_end_it(self) -> None:
        own = EMPTY.copy()
        own.children += router_of(self.OTHER).children
        planned = plan(own, "merged", [peering(export_policies=["mine"])])
        assert planned.changes is not None
        document = "".join(line.strip() for line in xml.to_text(planned.changes).splitlines())
        assert '<term insert="before" name="last"><name>inet6-vpn</name></term>' in document
        assert document.index('insert="before" name="last"') < document.index('insert="before" name="inet6-vpn"')

    def test_a_term_of_that_name_that_does_something_else_is_refused(self) -> None:
        own = EMPTY.copy()
        own.children += router_of(self.OTHER.replace("last", "inet-vpn")).children
        error = refused(own, "merged", [peering(export_policies=["mine"])])
        assert error.path == "config[0].next_hop_self"


class TestRefused:
    def test_a_router_that_the_device_manager_owns(self) -> None:
        error = refused(OWNED, "merged", [peering(name="mine")])
        assert error.path == "config[0].name"
        assert "comes from configuration group __contrail__" in str(error)
        assert "physical_router_vnc_managed" in str(error)

    def test_a_tunnel_that_the_device_manager_brings(self) -> None:
        own = router_of(
            "<groups><name>__contrail_overlay__</name><routing-options><dynamic-tunnels><dynamic-tunnel><name>x</name>"
            "<gre/></dynamic-tunnel></dynamic-tunnels></routing-options></groups>"
        )
        assert "dynamic tunnel x" in str(refused(own, "replaced", [PEERING]))

    def test_facts_alone_are_taken_beside_the_device_manager(self) -> None:
        assert "<tunnel-services/>" in changes(OWNED, "merged", None, {"tunnel_services": [{"fpc": 0, "pic": 0}]})

    def test_a_fact_that_the_device_manager_gives_otherwise(self) -> None:
        own = router_of(
            "<groups><name>__contrail__</name><routing-options><router-id>10.0.0.1</router-id></routing-options></groups>"
        )
        assert changes(own, "merged", None, {"router_id": "10.0.0.1"}) == ""
        assert refused(own, "merged", None, {"router_id": "10.0.0.2"}).path == "router.router_id"

    def test_a_group_that_exists_through_somebody_s_configuration_group(self) -> None:
        own = router_of(
            "<groups><name>global</name><protocols><bgp><group><name>contrail</name></group></bgp></protocols></groups>"
        )
        assert "only through configuration group global" in str(refused(own, "merged", [peering(name="contrail")]))

    @pytest.mark.parametrize(
        ("values", "path"),
        [
            ({"families": None}, "config[0].families"),
            ({"neighbors": [{"address": "10.0.0.1", "peer_as": 65000}]}, "config[0].neighbors[0].peer_as"),
            ({"type": "external", "neighbors": [{"address": "10.0.0.1"}]}, "config[0].neighbors[0].peer_as"),
            ({"export_policies": ["nobody"], "next_hop_self": None}, "config[0].export_policies[0]"),
            ({"export_policies": []}, "config[0].export_policies"),
            ({"tunnels": {"destinations": []}}, "config[0].tunnels.destinations"),
            ({"tunnels": {"destinations": ["2001:db8::/64"]}}, "config[0].tunnels.destinations[0]"),
            (
                {"local_address": None, "tunnels": {"destinations": ["10.0.0.0/24"]}},
                "config[0].tunnels.source_address",
            ),
            ({"local_address": "172.31.10"}, "config[0].local_address"),
            ({"hold_time": 2}, "config[0].hold_time"),
            ({"neighbors": [{"address": "10.0.0.1"}, {"address": "10.0.0.1"}]}, "config[0].neighbors[1].address"),
        ],
    )
    def test_what_cannot_be(self, values: dict[str, Any], path: str) -> None:
        assert refused(EMPTY, "merged", [peering(**values)]).path == path

    def test_a_router_without_an_as(self) -> None:
        assert refused(router_of(""), "merged", [PEERING]).path == "router.autonomous_system"

    @pytest.mark.parametrize(
        ("facts", "path"),
        [
            ({"autonomous_system": 0}, "router.autonomous_system"),
            ({"router_id": "2001:db8::1"}, "router.router_id"),
            ({"tunnel_services": [{"fpc": 0, "pic": 300}]}, "router.tunnel_services[0].pic"),
            ({"tunnel_services": [{"fpc": 0, "pic": 0}, {"fpc": 0, "pic": 0}]}, "router.tunnel_services[1]"),
            ({"tunnel_services": [{"fpc": 0, "pic": 0, "bandwidth": "fast"}]}, "router.tunnel_services[0].bandwidth"),
        ],
    )
    def test_facts_that_cannot_be(self, facts: dict[str, Any], path: str) -> None:
        assert refused(EMPTY, "merged", None, facts).path == path

    def test_a_call_that_says_nothing(self) -> None:
        assert refused(EMPTY, "deleted").path == "config"

    def test_a_name_given_twice(self) -> None:
        assert refused(EMPTY, "merged", [PEERING, PEERING]).path == "config[1].name"

    def test_a_deactivated_group(self) -> None:
        own = peered()
        group = own.find("protocols", "bgp", ("group", NAME))
        assert group is not None
        group.attributes["inactive"] = "inactive"
        assert "deactivated" in str(refused(own, "merged", [PEERING]))

    def test_a_deactivated_fact(self) -> None:
        own = peered()
        found = own.find("routing-options", "router-id")
        assert found is not None
        found.attributes["inactive"] = "inactive"
        assert refused(own, "merged", None, {"router_id": "10.0.0.1"}).path == "router.router_id"


class TestWarned:
    def test_gre_without_tunnel_services(self) -> None:
        planned = plan(EMPTY, "merged", [PEERING])
        assert planned.warnings[0].startswith(f"dynamic tunnel {NAME} does not come up")

    def test_another_as_number(self) -> None:
        planned = plan(EMPTY, "merged", None, {"autonomous_system": 64513})
        assert "every BGP session starts anew" in planned.warnings[0]


class TestMark:
    """What is made is marked as ours, and with the mark nothing else is deleted."""

    GONE: tuple[dict[str, Any], ...] = ({"name": NAME, "mark": True},)

    def made(self, own: Statement) -> Statement:
        """Return a router with nothing of its own, or no more than ``own``, after the peering was made on it."""
        request = peering_plan.parse_peering_request("merged", [peering(mark=True)], ROUTER)
        made = request.plan(own, None)
        assert made.changes is not None
        for section in made.changes.children:
            for child in section.children:
                own.ensure(section.tag).children.append(child)
        return own

    def test_all_that_was_made_goes_and_nothing_need_be_said_of_it_but_its_name(self) -> None:
        marked = self.made(Statement("configuration"))
        assert changes(marked, "merged", [peering(mark=True)], ROUTER) == ""
        planned = plan(marked, "deleted", list(self.GONE))
        assert planned.warnings == ()
        assert planned.changes is not None
        assert [(one.tag, dict(one.attributes)) for one in planned.changes.children] == [
            (section, {"delete": "delete"}) for section in peering_plan.PEERING_SECTIONS
        ]

    def test_facts_that_the_router_had_before_stay(self) -> None:
        own = router_of(
            "<routing-options><autonomous-system><as-number>64512</as-number></autonomous-system></routing-options>"
        )
        document = changes(self.made(own), "deleted", list(self.GONE))
        assert "autonomous-system" not in document
        assert '<router-id delete="delete"/>' in document
        assert '<dynamic-tunnels delete="delete"/>' in document

    def test_a_peering_of_others_is_neither_marked_nor_deleted(self) -> None:
        assert changes(peered(), "merged", [peering(mark=True)], ROUTER) == ""
        planned = plan(peered(), "deleted", list(self.GONE))
        assert planned.changes is None
        assert planned.warnings == (
            f"BGP group {NAME} does not carry our mark, so it was not made here; it stays",
            f"dynamic tunnel {NAME} does not carry our mark, so it was not made here; it stays",
        )

    def test_the_mark_is_told_and_is_nothing_unmanaged(self) -> None:
        marked = self.made(Statement("configuration"))
        request = peering_plan.parse_peering_request("gathered", None, None)
        assert request.gather(marked)["config"] == [peering(mark=True)]
        assert plan(marked, "replaced", [peering(mark=True)], ROUTER).unmanaged == {}


def left_after_deletion(section: str) -> bool:
    """Whether the policy of the peering is left when that is deleted from a router with more configuration."""
    own = loaded(peered(), xml.parse_configuration(f"<configuration>{section}</configuration>"))
    after = loaded(own, plan(own, "deleted", [PEERING], None).changes)
    return after.find("policy-options", ("policy-statement", POLICY)) is not None


@pytest.mark.parametrize(
    "section",
    [
        f"<routing-options><rib-groups><name>g</name><import-policy>{POLICY}</import-policy></rib-groups>"
        "</routing-options>",
        f"<protocols><ospf><export>( {POLICY} &amp;&amp; !other )</export></ospf></protocols>",
        f"<protocols><ospf><export>(other||{POLICY})</export></ospf></protocols>",
        f"<routing-instances><instance><name>a</name><vrf-export>{POLICY}</vrf-export></instance></routing-instances>",
        "<policy-options><policy-statement><name>other</name><from>"
        f"<policy>{POLICY}</policy></from></policy-statement></policy-options>",
    ],
)
def test_a_policy_that_is_used_elsewhere_stays(section: str) -> None:
    assert left_after_deletion(section)
    assert not left_after_deletion(section.replace(POLICY, f"{POLICY}-2"))


def test_all_that_can_name_a_policy_is_read_before_one_is_deleted() -> None:
    request = peering_plan.parse_peering_request("deleted", [PEERING], None)
    assert "routing-instances" in request.read_sections


@pytest.mark.parametrize("name", ["all", "a.b", "n" * 64, "tunnel/1"])
def test_a_name_that_no_dynamic_tunnel_can_have_is_refused(name: str) -> None:
    error = refused(EMPTY, "merged", [{**PEERING, "name": name}], ROUTER)
    assert str(error).startswith(f"config[0].name: {name!r} cannot name a dynamic tunnel")
    without = {key: value for key, value in PEERING.items() if key != "tunnels"}
    assert changes(EMPTY, "merged", [{**without, "name": name}], ROUTER)


@pytest.mark.parametrize(
    ("steps", "where"),
    [
        (("protocols",), "protocols"),
        (("protocols", "bgp", ("group", NAME)), f"protocols bgp group {NAME}"),
        (("policy-options", ("policy-statement", POLICY)), f"policy-options policy-statement {POLICY}"),
    ],
)
def test_a_change_to_a_protected_statement_is_refused_naming_it(steps: Any, where: str) -> None:
    own = peered()
    own.ensure(*steps).attributes["protect"] = "protect"
    assert changes(own, "merged", [PEERING], ROUTER) == ""
    error = refused(own, "deleted", [PEERING], ROUTER)
    assert str(error).startswith(f"config[0]: {where} is protected on the router")


# --- sessions that cross other routers ---

OWN_SUBNETS = (
    "<interfaces><interface><name>ge-0/0/0</name><unit><name>0</name><family><inet><address><name>172.31.4.1/24</name>"
    "</address></inet></family></unit></interface><interface><name>ge-0/0/1</name><unit><name>0</name><family><inet>"
    "<address><name>192.0.2.1/24</name></address></inet></family></unit></interface></interfaces>"
    "<routing-options><autonomous-system><as-number>64512</as-number></autonomous-system></routing-options>"
    "<routing-instances><instance><name>ce</name><interface><name>ge-0/0/1.0</name></interface></instance>"
    "</routing-instances>"
)
NEAR, FAR, OF_A_VRF = "172.31.4.76", "172.31.5.76", "192.0.2.76"


def external(*addresses: str, **values: Any) -> dict[str, Any]:
    neighbors = [{"address": address, "peer_as": 64999} for address in addresses]
    return peering(type="external", next_hop_self=None, export_policies=None, neighbors=neighbors, **values)


def multihops(own: Statement) -> dict[str, str | None]:
    """Return the multihop statements of the group and of its neighbors: their ttl, empty for none."""
    group = own.find("protocols", "bgp", ("group", NAME))
    assert group is not None
    holders = {"group": group, **{one.name or "": one for one in group.all("neighbor")}}
    return {name: one.value("multihop", "ttl") or "" for name, one in holders.items() if one.child("multihop")}


def made(own: Statement, state: str, config: dict[str, Any]) -> Statement:
    """Return the router after a call, which must then have nothing left to do."""
    after = loaded(own, plan(own, state, [config], ROUTER).changes)
    assert changes(after, state, [config], ROUTER) == ""
    return after


class TestMultihop:
    @pytest.mark.parametrize("state", ["merged", "replaced"])
    @pytest.mark.parametrize(
        ("addresses", "expected"),
        [
            ([NEAR], {}),
            ([FAR], {"group": ""}),
            ([OF_A_VRF], {"group": ""}),
            ([FAR, OF_A_VRF], {"group": ""}),
            ([NEAR, FAR], {FAR: ""}),
            (["2001:db8::1"], {"group": ""}),
        ],
    )
    def test_it_is_set_where_neighbors_of_another_system_are_not_on_a_subnet_of_the_router(
        self, addresses: list[str], expected: dict[str, str], state: str
    ) -> None:
        wanted = external(*addresses, tunnels=None)
        assert multihops(made(router_of(OWN_SUBNETS), state, wanted)) == expected

    def test_an_internal_group_needs_none(self) -> None:
        assert multihops(made(router_of(OWN_SUBNETS), "merged", PEERING)) == {}

    def test_a_given_ttl_is_written_read_back_and_kept(self) -> None:
        own = made(router_of(OWN_SUBNETS), "merged", external(FAR, multihop={"ttl": 4}))
        assert multihops(own) == {"group": "4"}
        request = peering_plan.parse_peering_request("gathered", None, None)
        assert request.gather(own)["config"][0]["multihop"] == {"ttl": 4}
        for state in ("merged", "replaced"):
            assert multihops(made(own, state, external(FAR))) == {"group": "4"}
        assert multihops(made(own, "replaced", external(FAR, multihop={}))) == {"group": ""}

    def test_merged_leaves_neighbors_alone_that_are_there_without_it(self) -> None:
        own = made(router_of(""), "merged", external(FAR, tunnels=None))
        group = own.find("protocols", "bgp", ("group", NAME))
        assert group is not None
        group.remove("multihop")
        assert multihops(made(own, "merged", external(FAR, tunnels=None))) == {}
        assert multihops(made(own, "merged", external(FAR, "203.0.113.9", tunnels=None))) == {"203.0.113.9": ""}
        assert multihops(made(own, "replaced", external(FAR, tunnels=None))) == {"group": ""}

    def test_what_a_neighbor_has_is_kept(self) -> None:
        wanted = external(NEAR, FAR)
        wanted["neighbors"][1]["multihop"] = {"ttl": 7}
        own = made(router_of(OWN_SUBNETS), "merged", wanted)
        assert multihops(made(own, "replaced", external(NEAR, FAR))) == {FAR: "7"}

    def test_a_group_that_a_configuration_group_lets_cross_routers_is_left_alone(self) -> None:
        given = f"<protocols><bgp><group><name>{NAME}</name><multihop/></group></bgp></protocols>"
        own = made(router_of(OWN_SUBNETS), "merged", external(NEAR))
        own.children.insert(0, xml.parse_configuration(f"<groups><name>site</name>{given}</groups>"))
        assert multihops(made(own, "replaced", external(FAR))) == {}

    @pytest.mark.parametrize("ttl", [0, 256, -1])
    def test_a_ttl_out_of_range_is_refused(self, ttl: int) -> None:
        error = refused(EMPTY, "merged", [external(FAR, multihop={"ttl": ttl})], ROUTER)
        assert str(error).startswith("config[0].multihop.ttl: ")

    def test_interfaces_are_read_where_they_decide(self) -> None:
        def read(config: dict[str, Any]) -> tuple[str, ...]:
            return peering_plan.parse_peering_request("merged", [config], ROUTER).read_sections

        assert {"interfaces", "routing-instances"} <= set(read(external(FAR)))
        assert read(PEERING) == peering_plan.PEERING_SECTIONS
