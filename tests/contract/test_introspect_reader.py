# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The reader understands introspect pages of real daemons, and those derived from the daemons' definitions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.api.reply import Reply
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.introspect import pages
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.introspect.errors import (
    FAILED,
    INVALID_INPUT,
    NO_RESPONSE,
    NOT_IN_RELEASE,
    NOT_UNDERSTOOD,
    IntrospectError,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.introspect.reader import parsed
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.introspect.sandesh import parse
from support.recorded import RECORDED

SAMPLES = RECORDED / "contrail" / "introspect"
HERE, PUBLIC, DERIVED = SAMPLES / "recorded-here", SAMPLES / "public", SAMPLES / "derived"

pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="no recordings here")

VN1, VN2, SERVICE = "default-domain:demo:vn1", "default-domain:demo:vn2", "default-domain:demo:1-to-2"


def read(file: Path, page: pages.Page[Any]) -> list[Any]:
    """Return the records of a recorded page."""
    return page.read(parse(file.read_bytes()))


def one(file: Path, page: pages.Page[Any]) -> Any:
    """Return the only record of a recorded page."""
    (record,) = read(file, page)
    return record


def recorded_exchanges() -> Iterator[tuple[Mapping[str, Any], Reply]]:
    """Yield what is told of each recorded page, and the answer."""
    for meta in sorted(HERE.glob("*/meta.json")):
        for page in json.loads(meta.read_text())["pages"]:
            file = HERE / page["file"]
            if file.is_file():
                yield page, Reply(page["status"], file.read_bytes(), {"Content-Type": page["content_type"]})


# --- recorded from the schema transformer, the service monitor and the API server ---------------------------


def test_every_recorded_page_is_data_or_the_error_that_it_is() -> None:
    reasons: dict[str, set[str]] = {}
    for page, reply in recorded_exchanges():
        try:
            parsed(reply, page["file"])
            reason = "data"
        except IntrospectError as error:
            reason = error.reason
        kind = "html" if "html" in page["content_type"] else "sandesh"
        reasons.setdefault(f"{kind} {reply.status}", set()).add(reason)
    assert reasons["sandesh 200"] == {"data"}
    assert reasons["html 404"] == {NOT_IN_RELEASE}
    assert reasons["html 500"] == {FAILED}
    assert reasons["html 200"] == {NO_RESPONSE, NOT_UNDERSTOOD}


def test_a_chain_that_stands() -> None:
    chain = one(HERE / "01-good" / "schema.ServiceChainList.xml", pages.CHAINS_OF_RULES)
    assert (chain.left, chain.right, chain.services) == (VN1, VN2, (SERVICE,))
    assert (chain.direction, chain.protocol, chain.created, chain.error) == ("<>", "any", True, None)
    assert chain.unknown == {"src_ports": "-1--1", "dst_ports": "-1--1"}

    instances = {
        each.name: each for each in read(HERE / "01-good" / "schema.RoutingInstanceList.xml", pages.CONNECTED_INSTANCES)
    }
    service = f"{VN1}:service-{chain.name}-default-domain_demo_1-to-2"
    assert instances[service].chain == chain.name
    assert instances[service].connections == (f"{VN1}:vn1",)

    networks = {each.name: each for each in read(HERE / "01-good" / "schema.VnList.xml", pages.KNOWN_NETWORKS)}
    assert networks[VN1].policies == ("default-domain:demo:pol-1-to-2",)
    assert networks[VN1].connections == ()


@pytest.mark.parametrize(
    ("scenario", "created", "error"),
    [
        ("02-policy-one-vn", False, None),
        ("03-missing-si", False, "Service instance "),
        ("04-no-port-tuple", False, "No vms/pts found for service instance default-domain:demo:1-to-2"),
        ("05-right-port-no-type", False, "Right interface not found for "),
        ("05b-left-port-no-type", False, "Left interface not found for "),
        ("07-asym-rt", True, None),
        ("18-transitions-e-detached-vn2", False, None),
    ],
)
def test_chains_that_lack_something_say_what(scenario: str, created: bool, error: str | None) -> None:
    chain = one(HERE / scenario / "schema.ServiceChainList.xml", pages.CHAINS_OF_RULES)
    assert chain.created is created
    assert (chain.error or "").startswith(error or "") and bool(chain.error) == bool(error)


def test_services_in_order_and_an_empty_list() -> None:
    chain = one(HERE / "08-two-services" / "schema.ServiceChainList.xml", pages.CHAINS_OF_RULES)
    assert chain.services == (SERVICE, "default-domain:demo:fw2")
    assert read(HERE / "00-empty" / "schema.ServiceChainList.xml", pages.CHAINS_OF_RULES) == []


def test_a_service_of_version_2_as_the_service_monitor_sees_it() -> None:
    service = one(HERE / "01-good" / "svc-monitor.ServiceInstanceList.xml", pages.KNOWN_SERVICES)
    assert (service.name, service.state) == (SERVICE, "launch")


# --- recorded by others ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "module", "connections"),
    [
        ("control.NodeStatusUVE.2020.xml", "contrail-control", {"Collector", "Database"}),
        ("control.NodeStatusUVE.2014.xml", "ControlNode", {"Discovery", "IFMap", "Collector"}),
    ],
)
def test_how_a_control_node_sees_itself(file: str, module: str, connections: set[str]) -> None:
    (status,) = read(PUBLIC / file, pages.NODE_STATUS)
    assert status.module == module
    assert status.state == "Functional"
    assert {each.type for each in status.connections} == connections
    assert all(each.status == "Up" for each in status.connections)


def test_a_page_of_another_request_has_no_records() -> None:
    assert parse((PUBLIC / "agent.VnListResp.2014.xml").read_bytes())[0].name == "VnListResp"
    assert read(PUBLIC / "agent.VnListResp.2014.xml", pages.INTERFACES) == []


# --- derived from the definitions of control node and agent --------------------------------------------------


@pytest.mark.parametrize(
    ("file", "state", "reason", "has_route"),
    [
        ("active", "active", None, True),
        ("down", "down", None, False),
        ("group-down", "group down", None, True),
        ("pending", "pending", "Destination routing instance does not exist", False),
    ],
)
def test_states_of_chains(file: str, state: str, reason: str | None, has_route: bool) -> None:
    chain = one(DERIVED / f"control.ShowServiceChain.{file}.xml", pages.CHAIN_STATES)
    assert (chain.state, chain.pending_reason) == (state, reason)
    assert (chain.source_network, chain.destination_network, chain.service) == (VN1, VN2, SERVICE)
    assert chain.connected.address in (chain.address, None)
    assert bool(chain.connected.route.paths) is has_route


def test_no_chain_at_all() -> None:
    assert read(DERIVED / "control.ShowServiceChain.empty.xml", pages.CHAIN_STATES) == []
    assert read(DERIVED / "control.ShowRoute.empty.xml", pages.ROUTES) == []


def test_routes_with_their_paths() -> None:
    table = one(DERIVED / "control.ShowRoute.vn1.xml", pages.ROUTES)
    routes = {route.prefix: route.paths[0] for route in table.routes}
    assert table.name == f"{VN1}:vn1.inet.0"
    assert (routes["0.255.255.252/32"].protocol, routes["0.255.255.252/32"].label) == ("XMPP", 27)
    leaked = next(path for path in routes.values() if path.protocol == "ServiceChain")
    assert leaked.origin_network == VN2
    assert leaked.local_preference == 200


def test_the_next_batch_is_asked_for_by_the_request_that_the_page_names() -> None:
    messages = parse((DERIVED / "control.ShowRoute.next-batch.xml").read_bytes())
    following = pages.ROUTES.following(messages)
    assert following.startswith("/Snh_ShowRouteReqIterate?x=%7C%7Cdefault-domain%3Ademo%3Avn1%3Avn1.inet.0%7C%7C")
    assert pages.is_allowed(following)
    assert pages.NEIGHBORS.following(messages) == ""


def test_peers_of_a_control_node() -> None:
    peers = {peer.name: peer for peer in read(DERIVED / "control.BgpNeighbor.xml", pages.NEIGHBORS)}
    assert (peers["mx1"].address, peers["mx1"].encoding, peers["mx1"].state) == ("192.0.2.1", "BGP", "Active")
    assert peers["mx1"].last_error == "Cease:Peer De-configured"
    assert "inet-vpn" in peers["ctrl2"].negotiated_families
    assert [peer.encoding for peer in peers.values()].count("XMPP") == 1


def test_routing_instances_with_their_targets() -> None:
    instances = read(DERIVED / "control.ShowRoutingInstance.xml", pages.ROUTING_INSTANCES)
    service = next(each for each in instances if ":service-" in each.name)
    assert "target:64512:1" in service.exports
    assert all(each.network == VN1 for each in instances)


def test_a_port_that_is_active_and_one_that_is_not() -> None:
    port = read(DERIVED / "agent.Itf.xml", pages.INTERFACES)[0]
    assert (port.is_active, port.is_healthy, port.label, port.network) == (True, True, 27, VN1)
    idle = one(DERIVED / "agent.Itf.inactive.xml", pages.INTERFACES)
    assert (idle.is_active, idle.active, idle.label) == (False, "Inactive < vrf-null  >", -1)


def test_the_next_page_of_an_agent() -> None:
    messages = parse((DERIVED / "agent.Itf.first-page-of-many.xml").read_bytes())
    following = pages.INTERFACES.following(messages)
    assert following == "/Snh_PageReq?x=table%3Adb.interface.0%2Cbegin%3A100%2Cend%3A199%2C"
    assert pages.INTERFACES.following(parse((DERIVED / "agent.Itf.xml").read_bytes())) == ""


def test_what_else_an_agent_tells() -> None:
    route = one(DERIVED / "agent.Inet4UcRoute.xml", pages.AGENT_ROUTES)
    assert (route.address, route.length, route.paths[0].label) == ("10.0.2.4", 32, 27)
    assert (route.paths[0].next_hop.type, route.paths[0].next_hop.destination) == ("tunnel", "192.0.2.21")
    assert read(DERIVED / "agent.Inet4UcRoute.none.xml", pages.AGENT_ROUTES) == []
    assert one(DERIVED / "agent.Mpls.xml", pages.LABELS).next_hop.interface == "tapa4994e79-61"
    assert one(DERIVED / "agent.VrfList.xml", pages.AGENT_INSTANCES).index == 3
    check = one(DERIVED / "agent.HealthCheck.xml", pages.HEALTH_CHECKS)
    assert [(each.active, each.address) for each in check.results] == [(True, "10.0.2.252")]
    assert one(DERIVED / "agent.AgentXmppConnectionStatus.xml", pages.XMPP_PEERS).state == "Established"


def test_an_agents_refusal() -> None:
    with pytest.raises(IntrospectError) as caught:
        parse((DERIVED / "agent.Error.xml").read_bytes())
    assert (caught.value.reason, str(caught.value)) == (INVALID_INPUT, "Invalid Input !!!")


def test_the_allowed_requests_and_their_fields_are_those_of_the_daemons_forms() -> None:
    forms: dict[str, set[str]] = {}
    for file in (DERIVED / "request-forms").glob("*.xml"):
        for message in _forms(file):
            forms[message[0]] = message[1]
    asked = {page.request: page.fields for page in pages.PAGES}
    for request, fields in asked.items():
        assert set(fields) <= forms[request], request


def _forms(file: Path) -> Iterator[tuple[str, set[str]]]:
    text = re.sub(r"<\?xml-stylesheet[^>]*\?>", "", file.read_text())
    for request in ElementTree.fromstring(text):
        yield request.tag, {field.tag for field in request}
