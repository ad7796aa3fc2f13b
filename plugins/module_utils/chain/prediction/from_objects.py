# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From objects of a running Contrail to the description of a site.

Objects are taken as the config API gives them with ``detail``, or as ``contrail_info`` returns them (references by
name, full names with colons).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ...values.faults import IntentError
from ...values.reading import route_target
from .read_site import SiteDescription

Objects = Mapping[str, Iterable[Mapping[str, Any]]]

KINDS = (
    "virtual-network",
    "virtual-machine-interface",
    "instance-ip",
    "service-template",
    "service-instance",
    "port-tuple",
    "network-policy",
    "virtual-router",
)


def describe_objects(objects: Objects) -> SiteDescription:
    """Return the description of a site that follows from live objects, routers apart.

    :param objects: lists of objects by kind, of those in ``KINDS``. Compute nodes are known where
        ``virtual-router`` objects name the machines; labels and who is silent the API does not know.
    """
    addresses = _addresses_by_port(objects.get("instance-ip") or ())
    ports = [each for each in objects.get("virtual-machine-interface") or () if _references(each, "virtual-network")]
    computes = _computes(objects.get("virtual-router") or ())
    tuples = _tuples(ports)
    return {
        "networks": [_network(each) for each in objects.get("virtual-network") or ()],
        "ports": [_port(each, addresses.get(_name(each), []), computes) for each in ports],
        "services": [
            _service(each, objects.get("port-tuple") or (), tuples, addresses)
            for each in objects.get("service-instance") or ()
        ],
        "templates": [
            {"name": _name(each), "mode": _inside(each, "service_template_properties", "service_mode")}
            for each in objects.get("service-template") or ()
        ],
        "policies": _policies(objects),
    }


def _name(item: Mapping[str, Any]) -> str:
    name = item["fq_name"]
    return name if isinstance(name, str) else ":".join(name)


def _references(item: Mapping[str, Any], kind: str) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the names of the objects of a kind that an object refers to, each with its attributes."""
    found = item.get(f"{kind.replace('-', '_')}_refs") or ()
    return [(each.get("name") or ":".join(each["to"]), each.get("attr") or {}) for each in found]


def _inside(item: Mapping[str, Any], *path: str) -> Any:
    for key in path:
        item = item.get(key) or {}
    return item or None


def _targets(item: Mapping[str, Any], key: str) -> list[str]:
    """Return the route targets of a list; one that nobody can write, such as target:0:0, is left out."""
    found = []
    for each in _inside(item, key, "route_target") or ():
        try:
            found.append(route_target(each, key))
        except IntentError:
            continue
    return found


def _network(item: Mapping[str, Any]) -> Mapping[str, Any]:
    subnets = [
        f"{subnet['subnet']['ip_prefix']}/{subnet['subnet']['ip_prefix_len']}"
        for _ipam, attributes in _references(item, "network-ipam")
        for subnet in attributes.get("ipam_subnets") or ()
        if subnet.get("subnet")
    ]
    return {
        "name": _name(item),
        "subnets": [{"cidr": subnet} for subnet in subnets],
        "route_targets": _targets(item, "route_target_list"),
        "import_route_targets": _targets(item, "import_route_target_list"),
        "export_route_targets": _targets(item, "export_route_target_list"),
        "allow_transit": bool(_inside(item, "virtual_network_properties", "allow_transit")),
    }


def _addresses_by_port(items: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for item in items:
        if item.get("instance_ip_address"):
            for port, _attributes in _references(item, "virtual-machine-interface"):
                found.setdefault(port, []).append(item)
    return found


def _computes(routers: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return the address of the compute node of each virtual machine."""
    return {
        machine: router["virtual_router_ip_address"]
        for router in routers
        for machine, _attributes in _references(router, "virtual-machine")
        if router.get("virtual_router_ip_address")
    }


def _side(port: Mapping[str, Any]) -> str | None:
    side = _inside(port, "virtual_machine_interface_properties", "service_interface_type")
    return None if side is None else str(side)


def _port(
    item: Mapping[str, Any], addresses: Iterable[Mapping[str, Any]], computes: Mapping[str, str]
) -> Mapping[str, Any]:
    machines = [machine for machine, _attributes in _references(item, "virtual-machine")]
    return {
        "name": _name(item),
        "network": _references(item, "virtual-network")[0][0],
        "addresses": [each["instance_ip_address"] for each in addresses if not each.get("service_instance_ip")],
        "compute": next((computes[machine] for machine in machines if machine in computes), None),
        "local_preference": _inside(item, "virtual_machine_interface_properties", "local_preference"),
        "up": bool(machines) and (item.get("id_perms") or {}).get("enable") is not False,
    }


def _tuples(ports: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    """Return by port tuple its ports by side; a port without an interface type is in none."""
    found: dict[str, dict[str, str]] = {}
    for port in ports:
        side = _side(port)
        for name, _attributes in _references(port, "port-tuple") if side else ():
            found.setdefault(name, {})[str(side)] = _name(port)
    return found


def _service(
    item: Mapping[str, Any],
    port_tuples: Iterable[Mapping[str, Any]],
    tuples: Mapping[str, Mapping[str, str]],
    addresses: Mapping[str, Iterable[Mapping[str, Any]]],
) -> Mapping[str, Any]:
    name = _name(item)
    own = [_name(each) for each in port_tuples if _name(each).rpartition(":")[0] == name]
    template = next((each for each, _attributes in _references(item, "service-template")), None)
    shared: dict[str, dict[str, Mapping[str, Any]]] = {}
    for port_tuple in own:
        for side, port in tuples.get(port_tuple, {}).items():
            for each in addresses.get(port, ()):
                if each.get("service_instance_ip"):
                    shared.setdefault(side, {})[each["instance_ip_address"]] = _service_address(each)
    return {
        "name": name,
        "template": template,
        "mode": None if template else "unknown",
        "port_tuples": [{"name": each.rpartition(":")[2], "ports": dict(tuples.get(each, {}))} for each in own],
        "service_addresses": {side: list(each.values()) for side, each in shared.items()},
    }


def _service_address(item: Mapping[str, Any]) -> Mapping[str, Any]:
    followed = _inside(item, "secondary_ip_tracking_ip", "ip_prefix")
    return {
        "address": item["instance_ip_address"],
        "tracking": followed if item.get("instance_ip_mode") == "active-standby" else None,
    }


def _policies(objects: Objects) -> list[Mapping[str, Any]]:
    """Return the policies with the networks that give them a sequence; the others' policies do not count."""
    attached: dict[str, list[Mapping[str, Any]]] = {}
    for network in objects.get("virtual-network") or ():
        for policy, attributes in _references(network, "network-policy"):
            if attributes.get("sequence"):
                attached.setdefault(policy, []).append({"name": _name(network), "sequence": attributes["sequence"]})
    return [
        {
            "name": _name(item),
            "rules": [_rule(rule) for rule in _inside(item, "network_policy_entries", "policy_rule") or ()],
            "networks": attached.get(_name(item), []),
        }
        for item in objects.get("network-policy") or ()
    ]


def _rule(rule: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "protocol": rule.get("protocol"),
        "direction": rule.get("direction") or ">",
        "source": _ends(rule.get("src_addresses")),
        "destination": _ends(rule.get("dst_addresses")),
        "source_ports": _ranges(rule.get("src_ports")),
        "destination_ports": _ranges(rule.get("dst_ports")),
        "action": _inside(rule, "action_list", "simple_action") or "deny",
        "services": list(_inside(rule, "action_list", "apply_service") or ()),
    }


def _ends(addresses: Any) -> list[Mapping[str, Any]]:
    return [{"network": each.get("virtual_network"), "policy": each.get("network_policy")} for each in addresses or ()]


def _ranges(ports: Any) -> list[str]:
    """Return ranges of ports; all ports, which the API writes -1 to -1, are none."""
    ranges = [(each.get("start_port", -1), each.get("end_port", -1)) for each in ports or ()]
    return [f"{first}-{last}" for first, last in ranges if (first, last) != (-1, -1)]
