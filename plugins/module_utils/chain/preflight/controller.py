# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of an intent against a live controller: which objects to read, and what they say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...contrail.codec.scope import Scope
from ...contrail.codec.values import address, prefix
from ...values.bgp import TWO_BYTES_MAX, in_reserved_range, reserved_numbers
from ...values.finding import Finding
from ...values.hints import did_you_mean
from ...values.prefix_index import overlap
from ..design.design import Design
from ..findings.controller import (
    EXISTING_LACKS_ROUTE_TARGET,
    EXISTING_SUBNET_DIFFERS,
    GATEWAY_CHANGES,
    INSTANCE_BETWEEN_OTHER_NETWORKS,
    INSTANCE_OF_ANOTHER_TEMPLATE,
    KINDS_HIDDEN,
    OBJECT_MISSING,
    POLICY_ELSEWHERE,
    POLICY_ON_ONE_SIDE,
    PORT_IN_ANOTHER_TUPLE,
    PORT_OF_ANOTHER_NETWORK,
    PORT_WITHOUT_MACHINE,
    RIVAL_POLICY,
    ROUTE_TARGET_AS_TOO_LONG,
    ROUTE_TARGET_IN_USE,
    ROUTE_TARGET_OF_THE_CONTROLLER,
    RULE_WITH_ANY,
    SEQUENCE_IN_USE,
    SUBNETS_IN_USE,
    SUBNETS_OVERLAP_IN_VRF,
    TEMPLATE_DIFFERS,
)
from ..intent.model import CHAINS, NETWORKS, SERVICES, Chain, Intent, Network, Service
from .route_targets import all_targets

FqName = tuple[str, ...]
Key = tuple[str, FqName]
Stored = Mapping[str, Any]

NETWORK, PORT, TEMPLATE = "virtual-network", "virtual-machine-interface", "service-template"
INSTANCE, POLICY, TARGET, SYSTEM = "service-instance", "network-policy", "route-target", "global-system-config"

FIELDS: Mapping[str, tuple[str, ...]] = {
    NETWORK: (
        "network_ipam_refs",
        "route_target_list",
        "import_route_target_list",
        "export_route_target_list",
        "network_policy_refs",
    ),
    PORT: ("virtual_network_refs", "port_tuple_refs", "virtual_machine_refs"),
    TEMPLATE: ("service_template_properties", "service_instance_back_refs"),
    INSTANCE: ("service_template_refs", "service_instance_properties"),
    POLICY: ("network_policy_entries", "virtual_network_back_refs"),
    TARGET: ("routing_instance_back_refs",),
    SYSTEM: ("autonomous_system", "enable_4byte_as"),
}
"""What is read of each kind."""

OPERATOR_KINDS = (SYSTEM, TARGET)
"""Kinds that a user of a project may be forbidden to read; without them there is less to check."""

SYSTEM_NAME: Key = (SYSTEM, ("default-global-system-config",))


@dataclass
class ControllerFacts:
    """Objects as the API gives them.

    ``objects`` by kind and full name; those that were asked for and do not exist are None. ``near`` are names like
    those of missing objects. ``control_nodes`` are addresses; ``computes`` are the full names of the virtual machines
    on each compute node, by its address. ``hidden`` are kinds that this user may not read. ``speakers`` are the names
    of all BGP routers, by address.
    """

    objects: dict[Key, Stored | None]
    near: dict[Key, Sequence[str]] = field(default_factory=dict)
    control_nodes: tuple[str, ...] = ()
    computes: Mapping[str, frozenset[FqName]] = field(default_factory=dict)
    hidden: Sequence[str] = ()
    speakers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def get(self, kind: str, name: FqName) -> Stored | None:
        """Return an object, None where there is none."""
        return self.objects.get((kind, name))


class ControllerChecks:
    """One intent, with its names completed by a domain and a project."""

    def __init__(self, intent: Intent, derived: Design, scope: Scope) -> None:
        self.intent = intent
        self.scope = scope
        self.derived = derived
        self._networks = self._networks_of_services()
        self._planned_ports = {each["name"] for each in derived.planned if each["kind"] == PORT}
        self._services = [
            intent.services[name]
            for name in dict.fromkeys(name for chain in intent.present_chains for name in chain.services)
        ]
        self._own_instances = {scope.name(INSTANCE, service.full_name) for service in self._services}
        self._own_policies = {scope.name(POLICY, chain.full_name) for chain in intent.chains.values()}

    def _networks_of_services(self) -> dict[tuple[str, str], str]:
        """Return the network of each interface of the services that are to stand, in full."""
        found: dict[tuple[str, str], str] = {}
        for chain in self.intent.present_chains:
            for name in chain.services:
                own = self.intent.services[name].networks
                ends = {**own, "left": chain.left.network, "right": chain.right.network}
                for word, network in ends.items():
                    found.setdefault((name, word), self.intent.networks[network].full_name)
        return found

    # --- what to read ---

    def needs(self) -> set[Key]:
        """Return the objects to read first."""
        intent = self.intent
        named: dict[str, Iterable[str]] = {
            NETWORK: [network.full_name for network in intent.networks.values()],
            PORT: [*intent.ports, *(port for _service, _path, _word, port in self._member_ports())],
            TEMPLATE: [service.template.name for service in self._services],
            INSTANCE: [service.full_name for service in self._services],
            POLICY: [chain.full_name for chain in intent.present_chains],
        }
        targets = {target for network in intent.networks.values() for target in all_targets(network)}
        return {
            SYSTEM_NAME,
            *((kind, self.scope.name(kind, name)) for kind, names in named.items() for name in names),
            *((TARGET, (f"target:{target}",)) for target in targets),
        }

    def more_needs(self, facts: ControllerFacts) -> set[Key]:
        """Return what the objects read first lead to: other networks with our route targets, and
        policies of our networks."""
        more: set[Key] = set()
        for _network, _target, others in self._sharers(facts):
            more |= {(NETWORK, other) for other in others}
        for network in self.intent.networks.values():
            stored = facts.get(NETWORK, self._name(NETWORK, network.full_name))
            more |= {(POLICY, policy) for policy in _references(stored, POLICY)}
        return more - facts.objects.keys()

    def shrinking(self, facts: ControllerFacts) -> list[FqName]:
        """Return the networks that are to lose a subnet; whether they have addresses decides."""
        names = [(network, self._name(NETWORK, network.full_name)) for network in self._made()]
        return [name for network, name in names if _lost_subnets(network, facts.get(NETWORK, name))]

    # --- the checks ---

    def findings(self, facts: ControllerFacts) -> Iterator[Finding]:
        """Yield what stands against the intent; the facts hold all that was needed."""
        if facts.hidden:
            yield Finding(KINDS_HIDDEN, "api_url", {"kinds": ", ".join(facts.hidden)})
        yield from self._missing(facts)
        yield from self._ports(facts)
        yield from self._targets(facts)
        for network in self.intent.networks.values():
            stored = facts.get(NETWORK, self._name(NETWORK, network.full_name))
            if stored is not None:
                yield from (_existing if network.existing else _subnets)(network, stored)
        for service in self._services:
            yield from self._template(service, facts)
            yield from self._instance(service, facts)
        for chain in self.intent.present_chains:
            yield from self._policies(chain, facts)

    def _name(self, kind: str, name: str) -> FqName:
        return self.scope.name(kind, name)

    def _made(self) -> list[Network]:
        return [network for network in self.intent.networks.values() if not network.existing]

    def _member_ports(self) -> Iterator[tuple[Service, str, str, str]]:
        """Yield (service, path, interface, port) for the ports of all services that are to stand."""
        for service in self._services:
            for index, member in enumerate(service.members):
                for word, port in member.ports.items():
                    yield service, f"{SERVICES}.{service.name}.members[{index}]", word, port

    def _must_exist(self) -> Iterator[tuple[str, str, str]]:
        """Yield kind, name and path of what others must have made, because this run does not."""
        places: dict[tuple[str, str], list[str]] = {}
        for network in self.intent.networks.values():
            places.setdefault((NETWORK, network.full_name), []).append(f"{NETWORKS}.{network.name}")
        for _service, path, word, port in self._member_ports():
            places.setdefault((PORT, port), []).append(f"{path}.{word}")
        for service in self._services:
            path = f"{SERVICES}.{service.name}"
            places.setdefault((INSTANCE, service.full_name), []).append(path)
            places.setdefault((TEMPLATE, service.template.name), []).append(f"{path}.template")
        for kind, names in self.derived.existing.items():
            for name in names:
                yield from ((kind, name, place) for place in places.get((kind, name), [f"{kind} {name}"]))

    def missing(self, facts: ControllerFacts) -> list[Key]:
        """Return what others must have made and have not."""
        names = [(kind, self._name(kind, name)) for kind, name, _path in self._must_exist()]
        return [key for key in dict.fromkeys(names) if facts.objects.get(key) is None]

    def _missing(self, facts: ControllerFacts) -> Iterator[Finding]:
        missing = set(self.missing(facts))
        for kind, name, path in self._must_exist():
            key = (kind, self._name(kind, name))
            if key in missing:
                near = facts.near.get(key) or ()
                hint = did_you_mean(near) if near else "none is named like it"
                yield Finding(OBJECT_MISSING, path, {"kind": kind, "name": name, "near": hint})

    # Ports

    def _ports(self, facts: ControllerFacts) -> Iterator[Finding]:
        for service, path, word, port in self._member_ports():
            stored = facts.get(PORT, self._name(PORT, port))
            if stored is None or service.existing:
                continue
            where = f"{path}.{word}"
            wanted = self._name(NETWORK, self._networks[service.name, word])
            yield from self._port_network(stored, wanted, where, {"side": word, "service": service.name, "port": port})
            member = service.members[int(path.rpartition("[")[2].rstrip("]"))]
            own = (*self._name(INSTANCE, service.full_name), member.name)
            for other in _references(stored, "port-tuple"):
                if other != own:
                    yield Finding(PORT_IN_ANOTHER_TUPLE, where, {"port": port, "tuple": self._shown(other)})
            if port not in self._planned_ports and not _references(stored, "virtual-machine"):
                yield Finding(PORT_WITHOUT_MACHINE, where, {"port": port})

    def _port_network(self, stored: Stored, wanted: FqName, where: str, values: Mapping[str, str]) -> Iterator[Finding]:
        networks = _references(stored, NETWORK)
        if networks and wanted not in networks:
            names = {"network": self._shown(networks[0]), "wanted": self._shown(wanted)}
            yield Finding(PORT_OF_ANOTHER_NETWORK, where, {**values, **names})

    def machines_at(self, facts: ControllerFacts) -> dict[str, tuple[str, ...]]:
        """Return by compute node the virtual machines of the services' members that run there."""
        machines: dict[FqName, None] = {}
        for _service, _path, _word, port in self._member_ports():
            machines |= dict.fromkeys(_references(facts.get(PORT, self._name(PORT, port)), "virtual-machine"))
        return {
            address: tuple(self._shown(machine) for machine in machines if machine in here)
            for address, here in facts.computes.items()
        }

    # Route targets

    def _sharers(self, facts: ControllerFacts) -> Iterator[tuple[Network, str, list[FqName]]]:
        """Yield (network, route target, other networks that have it): networks of the intent are no others."""
        own = {self._name(NETWORK, network.full_name) for network in self.intent.networks.values()}
        for network in self.intent.networks.values():
            for target in network.route_targets:
                stored = facts.get(TARGET, (f"target:{target}",))
                instances = (tuple(each["to"]) for each in (stored or {}).get("routing_instance_back_refs") or ())
                others = {name[:-1] for name in instances} - own
                if others:
                    yield network, target, sorted(others)

    def _targets(self, facts: ControllerFacts) -> Iterator[Finding]:
        system = facts.objects.get(SYSTEM_NAME) or {}
        for network in self._made():
            yield from _refused_targets(network, system)
        for network, target, others in self._sharers(facts):
            where = f"{NETWORKS}.{network.name}.route_target"
            names = ", ".join(self._shown(other) for other in others)
            yield Finding(ROUTE_TARGET_IN_USE, where, {"target": target, "others": names})
            for other in others:
                theirs = _subnets_of(facts.get(NETWORK, other))
                for index, subnet in enumerate(network.subnets):
                    for cidr in theirs:
                        if overlap(subnet.cidr, cidr):
                            values = {"subnet": subnet.cidr, "other": cidr, "network": self._shown(other)}
                            path = f"{NETWORKS}.{network.name}.subnets[{index}].cidr"
                            yield Finding(SUBNETS_OVERLAP_IN_VRF, path, {**values, "target": target})

    # Services

    def _template(self, service: Service, facts: ControllerFacts) -> Iterator[Finding]:
        stored = facts.get(TEMPLATE, self._name(TEMPLATE, service.template.name))
        if stored is None or service.existing:
            return
        users = set(_named(stored.get("service_instance_back_refs")))
        foreign = users - self._own_instances
        if not service.template.existing and not foreign:
            return  # ours alone: it is brought to what is wanted
        properties = stored.get("service_template_properties") or {}
        interfaces = [each.get("service_interface_type") for each in properties.get("interface_type") or ()]
        for what, standing, wanted in (
            ("the interfaces", ", ".join(map(str, interfaces)), ", ".join(service.interfaces)),
            ("mode", str(properties.get("service_mode")), service.mode),
            ("version", str(properties.get("version") or 1), "2"),
        ):
            if standing != wanted:
                used = ", ".join(self._shown(each) for each in sorted(foreign)) or "no instance of others"
                values = {"template": service.template.name, "what": what, "standing": standing, "wanted": wanted}
                yield Finding(TEMPLATE_DIFFERS, f"{SERVICES}.{service.name}.template", {**values, "users": used})

    def _instance(self, service: Service, facts: ControllerFacts) -> Iterator[Finding]:
        stored = facts.get(INSTANCE, self._name(INSTANCE, service.full_name))
        if stored is None:
            return
        path = f"{SERVICES}.{service.name}"
        wanted = self._name(TEMPLATE, service.template.name)
        standing = _references(stored, TEMPLATE)
        if not service.existing and standing and wanted not in standing:
            values = {"instance": service.name, "standing": self._shown(standing[0]), "wanted": self._shown(wanted)}
            yield Finding(INSTANCE_OF_ANOTHER_TEMPLATE, path, values)
            return
        interfaces = (stored.get("service_instance_properties") or {}).get("interface_list") or ()
        between = [tuple(str(each.get("virtual_network") or "").split(":")) for each in interfaces]
        meant = [self._name(NETWORK, self._networks[service.name, word]) for word in service.interfaces]
        if between and between != meant:
            names = {
                "standing": ", ".join(map(self._shown, between)),
                "wanted": ", ".join(map(self._shown, meant)),
            }
            yield Finding(INSTANCE_BETWEEN_OTHER_NETWORKS, path, {"instance": service.name, **names})

    # Policies

    def _policies(self, chain: Chain, facts: ControllerFacts) -> Iterator[Finding]:
        path = f"{CHAINS}.{chain.name}"
        own = self._name(POLICY, chain.full_name)
        ends = [self._name(NETWORK, self.intent.networks[side.network].full_name) for side in (chain.left, chain.right)]
        stored = facts.get(POLICY, own)
        if stored is not None:
            yield from self._own_policy(path, chain, set(_named(stored.get("virtual_network_back_refs"))), ends)
        others = {
            end: {
                policy: attributes.get("sequence")
                for policy, attributes in _attached(facts.get(NETWORK, end))
                if policy not in self._own_policies
            }
            for end in ends
        }
        for policy in sorted({policy for of_end in others.values() for policy in of_end}):
            rules = _rules(facts.get(POLICY, policy))
            by_router = bool(chain.left.external or chain.right.external)
            attached_here = all(policy in others[end] for end in ends)
            yield from self._services_of_others(path, policy, rules, ends if by_router and attached_here else [])
            for end in ends:
                sequence = others[end].get(policy)
                same = sequence and (sequence.get("major"), sequence.get("minor")) == chain.sequence
                if same and any(_joins(rule, ends) for rule in rules):
                    shown = "{}.{}".format(*chain.sequence)
                    values = {"policy": self._shown(policy), "network": self._shown(end), "sequence": shown}
                    yield Finding(SEQUENCE_IN_USE, f"{path}.sequence", values)

    def _own_policy(self, path: str, chain: Chain, attached: set[FqName], ends: list[FqName]) -> Iterator[Finding]:
        missing = [end for end in ends if end not in attached]
        if len(missing) == 1:
            (here,) = (end for end in ends if end in attached)
            values = {"policy": chain.name, "attached": self._shown(here), "missing": self._shown(missing[0])}
            yield Finding(POLICY_ON_ONE_SIDE, path, values)
        elsewhere = sorted(attached - set(ends))
        if elsewhere:
            values = {"policy": chain.name, "others": ", ".join(map(self._shown, elsewhere))}
            yield Finding(POLICY_ELSEWHERE, path, values)

    def _services_of_others(
        self, path: str, policy: FqName, rules: Sequence[Stored], rival_ends: Sequence[FqName]
    ) -> Iterator[Finding]:
        """Yield what rules with services of somebody's policy do to a chain.

        ``rival_ends`` are the chain's networks where such a rule between them would be a rival for the router.
        """
        for rule in rules:
            services = (rule.get("action_list") or {}).get("apply_service") or ()
            names = {"policy": self._shown(policy), "services": ", ".join(services)}
            if services and any("any" in _networks(rule, key) for key in ("src_addresses", "dst_addresses")):
                yield Finding(RULE_WITH_ANY, path, names)
            elif services and rival_ends and _joins(rule, rival_ends):
                yield Finding(RIVAL_POLICY, path, names)

    def _shown(self, name: FqName) -> str:
        """Return a name as short as the scope allows."""
        own = (self.scope.domain, self.scope.project)
        if name[:2] == own and len(name) > 2:
            return ":".join(name[2:])
        return ":".join(name[1:] if name[:1] == own[:1] and len(name) > 1 else name)


# --- single networks ------------------------------------------------------------------------------


def _refused_targets(network: Network, system: Stored) -> Iterator[Finding]:
    """Route targets that this controller refuses, by its own AS number."""
    asn = system.get("autonomous_system")
    for target in all_targets(network):
        administrator, _colon, _number = target.rpartition(":")
        where = f"{NETWORKS}.{network.name}.route_targets"
        if not administrator.isdigit():
            continue
        if int(administrator) > TWO_BYTES_MAX and system.get("enable_4byte_as") is False:
            yield Finding(ROUTE_TARGET_AS_TOO_LONG, where, {"target": target})
            continue
        if asn is not None and in_reserved_range(target, asn):
            first = reserved_numbers(asn)[0]
            yield Finding(ROUTE_TARGET_OF_THE_CONTROLLER, where, {"target": target, "asn": asn, "first": first})


def _subnets_of(stored: Stored | None) -> dict[str, str | None]:
    """Return the gateways of a stored network's subnets by prefix, in the spelling of the data model."""
    return {
        prefix(f"{subnet['subnet']['ip_prefix']}/{subnet['subnet']['ip_prefix_len']}"): _spelled(
            subnet.get("default_gateway")
        )
        for ref in (stored or {}).get("network_ipam_refs") or ()
        for subnet in (ref.get("attr") or {}).get("ipam_subnets") or ()
        if subnet.get("subnet")
    }


def _spelled(gateway: str | None) -> str | None:
    return address(gateway) if gateway else None


def _lost_subnets(network: Network, stored: Stored | None) -> list[str]:
    wanted = {subnet.cidr for subnet in network.subnets}
    return [cidr for cidr in _subnets_of(stored) if cidr not in wanted] if wanted else []


def _subnets(network: Network, stored: Stored) -> Iterator[Finding]:
    path = f"{NETWORKS}.{network.name}.subnets"
    lost = _lost_subnets(network, stored)
    if lost and stored.get("instance_ip_back_refs"):
        yield Finding(SUBNETS_IN_USE, path, {"standing": ", ".join(lost)})
    gateways = _subnets_of(stored)
    for index, subnet in enumerate(network.subnets):
        standing = gateways.get(subnet.cidr)
        if standing is not None and standing != subnet.gateway:
            values = {"subnet": subnet.cidr, "standing": standing, "wanted": subnet.gateway}
            yield Finding(GATEWAY_CHANGES, f"{path}[{index}].gateway", values)


def _existing(network: Network, stored: Stored) -> Iterator[Finding]:
    standing = _subnets_of(stored)
    wrong = [subnet.cidr for subnet in network.subnets if subnet.cidr not in standing]
    if wrong:
        values = {"standing": ", ".join(standing) or "no subnet", "wanted": ", ".join(wrong)}
        yield Finding(EXISTING_SUBNET_DIFFERS, f"{NETWORKS}.{network.name}.subnets", values)
    imported, exported, both = (
        {target.removeprefix("target:") for target in (stored.get(key) or {}).get("route_target") or ()}
        for key in ("import_route_target_list", "export_route_target_list", "route_target_list")
    )
    for target in network.route_targets:
        if target not in both | (imported & exported):
            yield Finding(EXISTING_LACKS_ROUTE_TARGET, f"{NETWORKS}.{network.name}.route_target", {"target": target})


# --- stored objects -------------------------------------------------------------------------------


def _named(references: Any) -> list[FqName]:
    return [tuple(each["to"]) for each in references or ()]


def _references(stored: Stored | None, kind: str) -> list[FqName]:
    return _named((stored or {}).get(f"{kind.replace('-', '_')}_refs"))


def _attached(stored: Stored | None) -> list[tuple[FqName, Stored]]:
    """Return the policies of a network with what the attachment says."""
    return [(tuple(each["to"]), each.get("attr") or {}) for each in (stored or {}).get("network_policy_refs") or ()]


def _rules(stored: Stored | None) -> list[Stored]:
    return list(((stored or {}).get("network_policy_entries") or {}).get("policy_rule") or ())


def _networks(rule: Stored, key: str) -> set[str]:
    return {str(each.get("virtual_network")) for each in rule.get(key) or () if each.get("virtual_network")}


def _joins(rule: Stored, ends: Sequence[FqName]) -> bool:
    """Return whether a rule is about both networks, in either direction."""
    left, right = (":".join(end) for end in ends)
    sources, destinations = _networks(rule, "src_addresses"), _networks(rule, "dst_addresses")
    local = {"local"}
    return any(
        sources & {one, *local} and destinations & {other, *local} and (sources | destinations) & {one, other}
        for one, other in ((left, right), (right, left))
    )
