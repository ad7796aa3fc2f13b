# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is read of the reference scenario when all is well, as fresh data that a test may bend."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.diagnosis.evidence import (
    Compute,
    Daemons,
    Evidence,
    Objects,
    router_facts,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.diagnosis.verdict import (
    ChainDiagnosis,
    diagnose,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.intent.read import read_intent
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec.scope import Scope
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.introspect.records import (
    ChainOfRule,
    ChainState,
    ConnectedRoute,
    Interface,
    KnownNetwork,
    Neighbor,
    RoutePath,
    TableRoute,
    XmppPeer,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.session import xml
from unit.chain.scenario import reference

GOLDEN = Path(__file__).resolve().parents[2] / "golden"
PROJECT = ("default-domain", "default-project")
CHAIN = "8c0ac968-d0b1-4d15-a632-0a916d416295"
COMPUTE = "172.31.10.155"
CONTROL = "http://172.31.4.76:8083"
LABELS = {"left": 30, "right": 34}


def full(*name: str) -> tuple[str, ...]:
    """Return a name within the default project."""
    return (*PROJECT, *name)


def text(*name: str) -> str:
    """Return it with colons."""
    return ":".join(full(*name))


def to(*names: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return references to objects."""
    return [{"to": list(name)} for name in names]


def port_tuple(name: str, sides: tuple[str, ...], prefix: str) -> dict[Any, Any]:
    """Return a port tuple of the service with its ports and their addresses."""
    ports = {side: full(f"{prefix}-{side}") for side in sides}
    found: dict[Any, Any] = {
        ("port-tuple", full("1-to-2", name)): {"virtual_machine_interface_back_refs": to(*ports.values())}
    }
    for side, port in ports.items():
        network, number = ("vn1", 1) if side == "left" else ("vn2", 2)
        own, shared = (f"{port[-1]}-own",), (f"{port[-1]}-shared",)
        found["virtual-machine-interface", port] = {
            "uuid": f"uuid of {port[-1]}",
            "virtual_network_refs": to(full(network)),
            "virtual_machine_refs": to((prefix,)),
            "virtual_machine_interface_properties": {"service_interface_type": side},
            "instance_ip_back_refs": to(own, shared),
        }
        found["instance-ip", own] = {"instance_ip_address": f"10.0.{number}.4"}
        found["instance-ip", shared] = {"instance_ip_address": f"10.0.{number}.5", "service_instance_ip": True}
    return found


def objects() -> dict[Any, Any]:
    """Return Contrail's objects of the chain."""
    service = f"service-{CHAIN}-default-domain_default-project_1-to-2"
    rule = {
        "direction": "<>",
        "src_addresses": [{"virtual_network": text("vn1")}],
        "dst_addresses": [{"virtual_network": text("vn2")}],
        "action_list": {"simple_action": "pass", "apply_service": [text("1-to-2")]},
    }
    found: dict[Any, Any] = {
        ("network-policy", full("vn1-to-vn2")): {"network_policy_entries": {"policy_rule": [rule]}},
        ("service-instance", full("1-to-2")): {
            "service_template_refs": to(("default-domain", "in-network")),
            "port_tuples": to(full("1-to-2", "first")),
        },
        **port_tuple("first", ("left", "right"), "1-to-2"),
    }
    for number, name in enumerate(("vn1", "vn2"), start=1):
        found["virtual-network", full(name)] = {
            "network_policy_refs": [{"to": list(full("vn1-to-vn2")), "attr": {"sequence": {"major": 0, "minor": 0}}}],
            "route_target_list": {"route_target": [f"target:64512:{number}"]},
            "routing_instances": to(full(name, name), full(name, service)),
        }
    return found


def state(near: str, far: str, **values: Any) -> ChainState:
    """Return what a control node says of one side of the service."""
    route = TableRoute(prefix="10.0.1.5/32", paths=(RoutePath(next_hop=COMPUTE, label=30),))
    given: dict[str, Any] = {
        "state": "active",
        "family": "inet",
        "service": text("1-to-2"),
        "connected": ConnectedRoute(route=route),
        **values,
    }
    return ChainState(source_network=text(near), destination_network=text(far), **given)


def interface(side: str, prefix: str = "1-to-2", **values: Any) -> Interface:
    """Return what an agent says of a port of the service."""
    given: dict[str, Any] = {"active": "Active", "label": LABELS[side], **values}
    return Interface(uuid=f"uuid of {prefix}-{side}", **given)


def daemons() -> dict[str, Any]:
    """Return what the daemons say of the chain."""
    rule = ChainOfRule(
        name=CHAIN, left=text("vn1"), right=text("vn2"), services=(text("1-to-2"),), direction="<>", created=True
    )
    return {
        "rules": [rule],
        "networks": [KnownNetwork(name=text("vn1")), KnownNetwork(name=text("vn2"))],
        "states": {CONTROL: [state("vn1", "vn2"), state("vn2", "vn1")]},
        "neighbors": {CONTROL: [Neighbor(name="vmx1", address="172.31.10.57", state="Established")]},
        "interfaces": {"compute1": [interface("left"), interface("right")]},
        "controllers": {"compute1": [XmppPeer(address="172.31.4.76", state="Established")]},
    }


def bgp(prefix: str, label: int, **values: Any) -> dict[str, Any]:
    """Return a route that the router learned."""
    return {"prefix": prefix, "protocol": "BGP", "label": label, "med": 100, "local_preference": 200, **values}


def router() -> dict[str, Any]:
    """Return what vmx_info tells of the router."""
    routes = {
        "vn1.inet.0": [bgp("10.0.1.4/32", 30), bgp("10.0.2.4/32", 30), bgp("172.31.8.198/32", 30)],
        "vn2.inet.0": [bgp("10.0.2.4/32", 34), bgp("10.0.1.4/32", 34), bgp("172.31.9.34/32", 34)],
    }
    tunnel = {"network": f"{COMPUTE}/32", "destination": f"{COMPUTE}/32", "state": "Up"}
    peer = {"address": "172.31.4.76", "type": "internal", "state": "Established", "established": True}
    return {
        "route_tables": {name: {"exists": True, "hidden": 0, "routes": found} for name, found in routes.items()},
        "bgp": {"peers": [peer]},
        "tunnels": [tunnel],
    }


@dataclass
class World:
    """Everything that is read, as a test may bend it, and the data model."""

    model: dict[str, Any] = field(default_factory=reference)
    objects: dict[Any, Any] = field(default_factory=objects)
    computes: list[Compute] = field(default_factory=list)
    control_nodes: list[str] = field(default_factory=list)
    daemons: dict[str, Any] = field(default_factory=daemons)
    router: dict[str, Any] = field(default_factory=router)
    configuration: str = field(default_factory=(GOLDEN / "vmx-reference.xml").read_text)

    def network(self, name: str) -> dict[str, Any]:
        """Return a stored network."""
        found: dict[str, Any] = self.objects["virtual-network", full(name)]
        return found

    def port(self, side: str) -> dict[str, Any]:
        """Return a stored port of the service."""
        found: dict[str, Any] = self.objects["virtual-machine-interface", full(f"1-to-2-{side}")]
        return found

    def rule(self) -> dict[str, Any]:
        """Return the rule of the stored policy."""
        policy = self.objects["network-policy", full("vn1-to-vn2")]
        found: dict[str, Any] = policy["network_policy_entries"]["policy_rule"][0]
        return found

    def add_member(self, name: str, sides: tuple[str, ...] = ("left", "right")) -> None:
        """Give the service another port tuple, on some sides only."""
        self.objects["service-instance", full("1-to-2")]["port_tuples"] += to(full("1-to-2", name))
        self.objects.update(port_tuple(name, sides, name))

    def verdict(self) -> ChainDiagnosis:
        """Return the verdict on the one chain."""
        facts = router_facts("vmx1", self.router, xml.parse_configuration(self.configuration))
        evidence = Evidence(
            Objects(self.objects, self.computes, self.control_nodes), Daemons(**self.daemons), {"vmx1": facts}
        )
        (found,) = diagnose(read_intent(**self.model), Scope(), evidence)
        return found
