# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's introspect pages against those of real daemons: the same objects in, the same pages out.

Uuids of chains and times are left aside, so is the order of lists. Pages that differ are listed with the reason in
introspect_differences.yml; one that is listed and does not differ fails as well.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from contract.recorded_scenarios import RELEASE, SCENARIOS, load, recorded_objects
from lab.core.site import read_site
from lab.core.world import World
from lxml import etree
from support.lab_pages import Answered, ask

GOOD = SCENARIOS / "01-good"
DAEMONS = {"schema": "schema", "svc-monitor": "svc_monitor"}
NOT_SIMULATED = {"11-transparent": "transparent services"}
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
Tree = tuple[str, tuple[tuple[str, str], ...], str, tuple[Any, ...]]

pytestmark = pytest.mark.skipif(not SCENARIOS.exists(), reason="recorded truth is not here")


def recorded_pages() -> list[Any]:
    """Return file and meta data of each page that was kept and that the lab's daemons have."""
    found = []
    for file in sorted(SCENARIOS.glob("*/meta.json")):
        for told in json.loads(file.read_text(encoding="utf-8"))["pages"]:
            body = SCENARIOS / told["file"]
            if told["daemon"] in DAEMONS and body.exists():
                found.append(pytest.param(body, told, id=told["file"].removesuffix(".xml")))
    return found


def differences() -> dict[str, str]:
    """Return the pages that differ, with the reasons."""
    text = Path(__file__).with_name("introspect_differences.yml").read_text(encoding="utf-8")
    return {page: one["reason"] for one in yaml.safe_load(text)["differences"] for page in one["pages"]}


def take_from_tuple(world: World) -> None:
    (port,) = [one for one in world.store.objects("virtual-machine-interface") if one["fq_name"][-1] == "1-to-2-right"]
    world.store.update(port["uuid"], {"port_tuple_refs": []})


def detach_right(world: World) -> None:
    detach(world, "vn2")


def detach_both(world: World) -> None:
    detach(world, "vn1")
    detach(world, "vn2")


def detach(world: World, name: str) -> None:
    network = world.store.find("virtual-network", ["default-domain", "demo", name])
    assert network
    world.store.update(network["uuid"], {"network_policy_refs": []})


STEPS: Mapping[str, Callable[[World], None]] = {
    "18-transitions-d-port-left-tuple": take_from_tuple,
    "18-transitions-e-detached-vn2": detach_right,
    "18-transitions": detach_both,
}
"""What was done to the good scenario before a page was recorded, where its history shows or no objects were kept."""
WITHOUT = {
    "19-policy-first-a-policy-first": ("service-instance", "port-tuple", "virtual-machine-interface", "instance-ip")
}
"""Kinds of objects that were not there yet in a scenario whose objects were not kept."""


def world_of(scenario: Path) -> World:
    """Return a world in a scenario; one whose objects were not kept is the good one but for what is said above."""
    world = World(read_site().of_release(RELEASE))
    told = (scenario / "api.json").exists() and scenario.name not in STEPS
    recorded = recorded_objects(scenario if told else GOOD)
    load(world.store, {kind: items for kind, items in recorded.items() if kind not in WITHOUT.get(scenario.name, ())})
    world.settle()
    if scenario.name in STEPS:
        STEPS[scenario.name](world)
        world.settle()
    return world


def comparable(answered: bytes) -> Tree | str:
    """Return a page so that it compares: XML as a tree without uuids and with lists sorted, other text as it is."""
    if not answered.startswith(b"<?xml-stylesheet"):
        return heading(answered.decode())
    return _tree(etree.fromstring(answered))


def heading(text: str) -> str:
    """Return what an HTML answer says, without its layout and addresses."""
    said = re.sub(r"https?://[^/]*", "", re.sub(r"<(style|head).*?</\1>", " ", text, flags=re.S))
    return " ".join(re.sub(r"<[^>]*>", " ", said).split())


def _tree(element: etree._Element) -> Tree:
    inner = [_tree(one) for one in element]
    if element.tag == "list":
        inner.sort()
    attributes = tuple(sorted((str(key), str(value)) for key, value in element.attrib.items()))
    return (str(element.tag), attributes, UUID.sub("UUID", element.text or ""), tuple(inner))


@pytest.mark.parametrize(("recorded", "told"), recorded_pages())
def test_answers_as_recorded(recorded: Path, told: Mapping[str, Any]) -> None:
    if recorded.parent.name in NOT_SIMULATED:
        pytest.skip(f"{NOT_SIMULATED[recorded.parent.name]} are not simulated")
    world = world_of(recorded.parent)
    (answered,) = ask(world, DAEMONS[told["daemon"]], told["request"])
    same = (answered.status, answered.content_type, comparable(answered.body)) == (
        told["status"],
        told["content_type"],
        comparable(recorded.read_bytes()),
    )
    reason = differences().get(told["file"].removesuffix(".xml"))
    assert same == (reason is None), reason or shown(answered, recorded)


def shown(answered: Answered, recorded: Path) -> str:
    """Return both pages for the eye."""
    return f"{answered.status} {answered.content_type}\n{answered.body.decode()}\n--\n{recorded.read_text()}"


DERIVED_PAGES = {
    "control.ShowServiceChain.active": ("control", "/Snh_ShowServiceChainReq?search_string="),
    "control.ShowServiceChain.empty": ("control", "/Snh_ShowServiceChainReq?search_string=nosuch"),
    "control.ShowRoute.vn1": ("control", "/Snh_ShowRouteReq?routing_table=default-domain%3Ademo%3Avn1%3Avn1.inet.0"),
    "control.ShowRoute.next-batch": ("control", "/Snh_ShowRouteReq?x=default-domain:demo:vn1:vn1.inet.0&count=2"),
    "control.ShowRoute.empty": ("control", "/Snh_ShowRouteReq?routing_table=nosuch.inet.0"),
    "control.ShowRoutingInstance": ("control", "/Snh_ShowRoutingInstanceReq?search_string=default-domain:demo:vn1:"),
    "control.BgpNeighbor": ("control", "/Snh_BgpNeighborReq?search_string="),
    "control.ShowRtGroup": ("control", "/Snh_ShowRtGroupReq?search_string=target:64512:1%24"),
    "agent.Itf": ("agent:compute1", "/Snh_ItfReq?name=&vn=default-domain%3Ademo%3A"),
    "agent.VrfList": ("agent:compute1", "/Snh_VrfListReq?name=default-domain:demo:vn1:vn1"),
    "agent.Inet4UcRoute": ("agent:compute1", "/Snh_Inet4UcRouteReq?vrf_index=1"),
    "agent.Inet4UcRoute.none": ("agent:compute1", "/Snh_Inet4UcRouteReq?vrf_index=1&src_ip=10.9.9.9&prefix_len=32"),
    "agent.Error": ("agent:compute1", "/Snh_Inet4UcRouteReq?vrf_index=99"),
    "agent.Mpls": ("agent:compute1", "/Snh_MplsReq?type=&label="),
    "agent.HealthCheck": ("agent:compute1", "/Snh_HealthCheckSandeshReq?uuid="),
    "agent.Itf.inactive": ("agent:compute1", "/Snh_ItfReq?vn=default-domain:demo:vn1"),
    "control.ShowServiceChain.pending": ("control", "/Snh_ShowServiceChainReq?search_string=pending"),
    "control.ShowServiceChain.down": ("control", "/Snh_ShowServiceChainReq?search_string=down"),
    "agent.AgentXmppConnectionStatus": ("agent:compute1", "/Snh_AgentXmppConnectionStatusReq?"),
}
"""Samples derived from the daemons' definitions, and what to ask the lab for. Values in them are invented."""
IN_SOME_ONLY = {
    "NhSandeshData": {"itf", "sip", "dip", "vrf", "mcast", "tunnel_type", "vxlan_flag", "mc_list"},
    "BgpNeighborResp": {"last_error", "flap_time"},
    "ProcessStatus": {"flag_infos"},
}
"""Fields by structure that are written only where there is something to say."""

Field = tuple[str, tuple[tuple[str, str], ...]]


def fields_by_structure(tree: etree._Element) -> dict[str, list[Field]]:
    """Return the fields of each structure of a page in order: name, and attributes with the type of a list's items."""
    found: dict[str, list[Field]] = {}
    for element in tree.iter():
        fields = [one for one in element if one.get("type") and one.tag != "list"]
        if fields and element.tag != "list":
            known = found.setdefault(str(element.tag), [])
            known += [field for one in fields if (field := _field(one)) not in known]
    return found


def _field(element: etree._Element) -> Field:
    held = element.find("list") if element.get("type") == "list" else None
    attributes = {str(key): str(value) for key, value in element.attrib.items()}
    if held is not None and len(held):
        attributes["items"] = str(held[0].tag if held.get("type") == "struct" else held.get("type"))
    return (str(element.tag), tuple(sorted(attributes.items())))


def agrees(ours: list[Field], theirs: list[Field], some_only: set[str]) -> None:
    """Compare the fields of a structure; what a list holds counts where both of them hold something."""
    known = {name: dict(attributes) for name, attributes in ours}
    for name, attributes in theirs:
        if name not in known:
            assert name in some_only
            continue
        both = known[name].keys() & dict(attributes).keys()
        assert {key: known[name][key] for key in both} == {key: dict(attributes)[key] for key in both}, name
        assert known[name].keys() ^ dict(attributes).keys() <= {"items"}, name
    names = list(dict.fromkeys(name for name, _attributes in theirs))
    assert {name for name, _attributes in ours} - set(names) <= some_only
    assert [name for name in dict.fromkeys(name for name, _attributes in ours) if name in names] == [
        name for name in names if name in known
    ]


def reference_world() -> World:
    """Return the good scenario."""
    return world_of(GOOD)


def add_health_check(world: World) -> None:
    """Let the service be checked from its left port."""
    properties = {"monitor_type": "PING", "health_check_type": "end-to-end", "delay": 3, "timeout": 5, "max_retries": 2}
    checked = {"to": ["default-domain", "demo", "1-to-2"], "attr": {"interface_type": "left"}}
    body: dict[str, Any] = {"fq_name": ["default-domain", "demo", "hc1"], "parent_type": "project"}
    body |= {"service_health_check_properties": properties, "service_instance_refs": [checked]}
    world.store.create("service-health-check", body)
    world.settle()


def order(server: str, kind: str, **more: Any) -> Callable[[World], None]:
    """Return what orders a fault."""
    return lambda world: world.set_faults([{"server": server, "kind": kind, **more}])


PREPARED: Mapping[str, Callable[[World], None]] = {
    "agent.HealthCheck": add_health_check,
    "agent.Itf.inactive": order("agent", "interface", reason="vrf-null"),
    "control.ShowServiceChain.pending": order("control", "pending"),
    "control.ShowServiceChain.down": order("agent", "down"),
}
"""What is done before a sample of another state is compared."""


@pytest.mark.parametrize("sample", DERIVED_PAGES)
def test_pages_of_cpp_daemons_have_the_fields_of_their_definitions(sample: str) -> None:
    world = reference_world()
    if sample in PREPARED:
        PREPARED[sample](world)
    daemon, path = DERIVED_PAGES[sample]
    (answered,) = ask(world, daemon, path)
    theirs = etree.fromstring((SCENARIOS.parent / "derived" / f"{sample}.xml").read_bytes())
    assert (answered.status, answered.content_type) == (200, "text/xml")
    assert answered.tree.tag == theirs.tag
    assert answered.chunked == (theirs.get("type") == "slist")
    ours, defined = fields_by_structure(answered.tree), fields_by_structure(theirs)
    assert defined.keys() == ours.keys()
    for name, fields in defined.items():
        agrees(ours[name], fields, IN_SOME_ONLY.get(name, set()))


@pytest.mark.parametrize(("sample", "daemon"), [("control.NodeStatusUVE.2020", "control")])
def test_status_of_the_control_node_is_as_others_recorded_it(sample: str, daemon: str) -> None:
    (answered,) = ask(reference_world(), daemon, "/Snh_SandeshUVECacheReq?x=NodeStatus")
    theirs = fields_by_structure(etree.parse(SCENARIOS.parent / "public" / f"{sample}.xml").getroot())
    ours = fields_by_structure(answered.tree)
    assert ours.keys() == theirs.keys()
    for name, fields in theirs.items():
        agrees(ours[name], fields, IN_SOME_ONLY.get(name, set()))


@pytest.mark.parametrize(
    ("daemon", "module"), [("control", "bgp_peer"), ("control", "service_chaining"), ("agent:compute1", "agent")]
)
def test_request_forms_are_those_of_the_definitions(daemon: str, module: str) -> None:
    (answered,) = ask(reference_world(), daemon, f"/{module}.xml")
    theirs = etree.parse(SCENARIOS.parent / "derived" / "request-forms" / f"{module}.xml").getroot()
    assert etree.tostring(answered.tree, method="c14n").split() == (etree.tostring(theirs, method="c14n").split())
