# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which Contrail objects a removal takes, and who else uses them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...contrail.codec.scope import FABRIC_ROUTING_INSTANCE, Scope
from ...contrail.plan.stored import is_owned
from ...contrail.plan.users import MENTIONS
from ...contrail.schema.data import KINDS
from ...contrail.schema.kinds import back_references_field, children_field, referrers
from ...values.finding import Finding, FindingKind
from ..design.design import Design
from ..findings.removal import (
    INSTANCE_HAS_MEMBERS,
    INSTANCE_IN_POLICIES,
    NAMED_BY_OTHERS,
    NETWORK_HAS_BGP,
    NETWORK_HAS_INSTANCES,
    NETWORK_HAS_POLICIES,
    NETWORK_HAS_PORTS,
    OBJECT_IN_USE,
    OBJECTS_OF_OTHERS,
    POLICY_ON_OTHER_NETWORKS,
    PORT_SERVES_OTHERS,
    SERVICE_ADDRESS_LEFT,
    TEMPLATE_HAS_INSTANCES,
)
from ..intent.model import CHAINS, NETWORKS, ROUTERS, SERVICES, Intent
from ..intent.peering import contrail_bgp_router

FqName = tuple[str, ...]
Key = tuple[str, FqName]
Stored = Mapping[str, Any]

NETWORK, POLICY, PORT = "virtual-network", "network-policy", "virtual-machine-interface"
INSTANCE, TEMPLATE, TUPLE = "service-instance", "service-template", "port-tuple"
ROUTE_TABLE = "route-table"
ROUTING_INSTANCE, ADDRESS, BGP_ROUTER = "routing-instance", "instance-ip", "bgp-router"

LISTS: Mapping[str, str] = {
    "policies": POLICY,
    "instances": INSTANCE,
    "templates": TEMPLATE,
    "ports": PORT,
    "networks": NETWORK,
    "bgp_routers": BGP_ROUTER,
}
"""What goes, in the order in which it goes: the list's name and the kind of its objects."""

_LOOKED_AT_APART: Mapping[str, frozenset[str]] = {
    NETWORK: frozenset({PORT, ADDRESS, TUPLE}),
    POLICY: frozenset({NETWORK}),
    PORT: frozenset({ADDRESS}),
    # Tables, policies and checks on a service's sides are taken off with it; machines are those of version 1.
    INSTANCE: frozenset(
        {
            "interface-route-table",
            "route-aggregate",
            "routing-policy",
            "service-health-check",
            "virtual-machine",
        }
    ),
    TEMPLATE: frozenset({INSTANCE}),
    BGP_ROUTER: frozenset(),
}

_SERVICE_ADDRESS = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-[a-z0-9]+-v[46]")
"""The name that svc-monitor gives to an address: uuid of the service instance, interface type, family."""


def other_users(kind: str) -> dict[str, str]:
    """Return the fields that list who else hinders the deletion of objects of a kind, each with their kind."""
    apart = _LOOKED_AT_APART[kind]
    children = {children_field(each): each for each, derived in KINDS[kind]["children"].items() if not derived}
    back = {back_references_field(each): each for each in referrers(kind) if each not in apart}
    return {**children, **back}


FIELDS: Mapping[str, tuple[str, ...]] = {
    NETWORK: (
        "annotations",
        "network_policy_refs",
        "virtual_machine_interface_back_refs",
        "instance_ip_back_refs",
        *other_users(NETWORK),
    ),
    POLICY: ("annotations", "network_policy_entries", "virtual_network_back_refs", *other_users(POLICY)),
    PORT: ("annotations", "port_tuple_refs", "instance_ip_back_refs", *other_users(PORT)),
    INSTANCE: ("annotations", "service_instance_properties", "port_tuples", *other_users(INSTANCE)),
    TEMPLATE: ("annotations", "service_instance_back_refs"),
    TUPLE: ("annotations",),
    BGP_ROUTER: ("annotations", *other_users(BGP_ROUTER)),
    ROUTING_INSTANCE: ("bgp_routers",),
    ADDRESS: ("service_instance_ip", "virtual_machine_interface_refs", "virtual_network_refs"),
}
"""What is read of each kind."""


@dataclass
class ObjectFacts:
    """Objects as the API gives them.

    ``objects`` by kind and full name; those that were asked for and do not exist are None. ``policies``,
    ``instances`` and ``route_tables`` are all there are, whosever they are; ``listed`` are the objects of the projects
    in question by kind, with their annotations, where orphans are looked for.
    """

    objects: dict[Key, Stored | None] = field(default_factory=dict)
    policies: Sequence[Stored] = ()
    instances: Sequence[Stored] = ()
    route_tables: Sequence[Stored] = ()
    listed: Mapping[str, Sequence[Stored]] = field(default_factory=dict)


@dataclass
class ObjectRemoval:
    """One removal: of what the data model has, of what was left by earlier ones of it, or of both.

    ``derived`` is what follows from the intent; names are completed by ``scope``. ``owner`` is what the annotation of
    objects must say to be taken; empty, all are.
    """

    intent: Intent
    derived: Design
    scope: Scope
    owner: str
    of_model: bool = True
    of_orphans: bool = False

    def __post_init__(self) -> None:
        lists = self.lists()
        self.named: dict[str, list[Key]] = {
            name: [(kind, self.scope.name(kind, each["name"])) for each in lists[name]] for name, kind in LISTS.items()
        }
        self._paths = self._model_paths()
        self._machines = [*self.derived.machines, *self.derived.absent.machines] if self.of_model else []
        self.booted = {
            (PORT, self.scope.name(PORT, port["name"])) for machine in self._machines for port in machine["ports"]
        }

    def lists(self) -> dict[str, list[Mapping[str, Any]]]:
        """Return all that the data model has had made, list by list, what belongs to chains that go last."""
        absent = self.derived.absent
        return {
            "policies": [*self.derived.policies, *absent.policies],
            "instances": [*self.derived.instances, *absent.instances],
            "templates": [*self.derived.templates, *absent.templates],
            "ports": [{"name": name} for name in self.intent.ports],
            "networks": [*self.derived.networks],
            "bgp_routers": [*self.derived.bgp_routers],
        }

    def _model_paths(self) -> dict[Key, str]:
        """Return all objects that the data model names, and where it does; those of others as well."""
        services = self.intent.services.values()
        members = [(port, service) for service in services for each in service.members for port in each.ports.values()]
        found = {
            **{(PORT, port): f"{SERVICES}.{service.name}.members" for port, service in members},
            **{(PORT, port): f"contrail_objects_ports.{port}" for port in self.intent.ports},
            **{(NETWORK, each.full_name): f"{NETWORKS}.{each.name}" for each in self.intent.networks.values()},
            **{(TEMPLATE, each.template.name): f"{SERVICES}.{each.name}.template" for each in services},
            **{(INSTANCE, each.full_name): f"{SERVICES}.{each.name}" for each in services},
            **{
                (BGP_ROUTER, made["name"]): f"{ROUTERS}.{each.name}.peering.bgp_router"
                for each in self.intent.routers.values()
                if (made := contrail_bgp_router(each)) is not None
            },
            **{(POLICY, each.full_name): f"{CHAINS}.{each.name}" for each in self.intent.chains.values()},
        }
        return {(kind, self.scope.name(kind, name)): path for (kind, name), path in found.items()}

    # --- what to read ---

    def containers(self) -> dict[str, list[str]]:
        """Return by kind the projects and domains in which orphans are looked for: those that the data model names."""
        projects = {name[:2] for (kind, name) in self._paths if kind not in (TEMPLATE, BGP_ROUTER)}
        projects.add((self.scope.domain, self.scope.project))
        domains = {name[:1] for name in projects}
        apart: dict[str, set[FqName]] = {TEMPLATE: domains, BGP_ROUTER: {FABRIC_ROUTING_INSTANCE}}
        places = {kind: apart.get(kind, projects) for kind in LISTS.values()}
        return {kind: sorted(":".join(name) for name in of_kind) for kind, of_kind in places.items()}

    def orphans(self, facts: ObjectFacts) -> list[Key]:
        """Return what carries our annotation and is not in the data model, in the order in which it goes."""
        if not self.of_orphans:
            return []
        return [
            (kind, tuple(stored["fq_name"]))
            for kind in LISTS.values()
            for stored in facts.listed.get(kind, ())
            if (kind, tuple(stored["fq_name"])) not in self._paths and is_owned(stored, self.owner)
        ]

    def orphan_tuples(self, facts: ObjectFacts) -> list[Key]:
        """Return the port tuples of ours whose service instance is gone."""
        if not self.of_orphans:
            return []
        parents = {stored["uuid"] for stored in facts.instances}
        return [
            (TUPLE, tuple(stored["fq_name"]))
            for stored in facts.listed.get(TUPLE, ())
            if stored.get("parent_uuid") not in parents
            and tuple(stored["fq_name"][:2]) == (self.scope.domain, self.scope.project)
            and is_owned(stored, self.owner)
        ]

    def needs(self, facts: ObjectFacts) -> set[Key]:
        """Return the objects to read first."""
        named = [key for keys in self.named.values() for key in keys] if self.of_model else []
        return {*named, *self.orphans(facts)}

    def more_needs(self, facts: ObjectFacts) -> set[Key]:
        """Return what the objects read first lead to."""
        more: set[Key] = set()
        for (kind, name), stored in facts.objects.items():
            if stored is None:
                continue
            more |= {(ADDRESS, each) for each in _named(stored.get("instance_ip_back_refs"))}
            more |= {(TUPLE, each) for each in _named(stored.get("port_tuples"))}
            if kind == NETWORK:
                more.add((ROUTING_INSTANCE, (*name, name[-1])))
        return more - facts.objects.keys()

    # --- what goes ---

    def going(self, facts: ObjectFacts) -> list[Key]:
        """Return the objects that are there and ours to delete."""
        return [key for key in sorted(self.needs(facts)) if is_there(facts, key) and self._is_ours(facts, key)]

    def _is_ours(self, facts: ObjectFacts, key: Key) -> bool:
        return is_owned(facts.objects[key], self.owner)

    def uses(self, facts: ObjectFacts, going: Iterable[Key]) -> dict[Key, list[Finding]]:
        """Return of each object that goes who uses it and stays; what nobody uses is not in it."""
        uses = _Uses(facts, frozenset({*going, *self.booted}), self.owner, self._ends())
        found: dict[Key, list[Finding]] = {}
        for key in going:
            for kind, users in uses.of(key):
                if users:
                    names = ", ".join(sorted({self._shown(user) for user in users}))
                    found.setdefault(key, []).append(Finding(kind, self.place(key), {"users": names}))
        return found

    def _ends(self) -> dict[Key, set[FqName]]:
        """Return the networks that each policy of the data model is for."""
        lists = self.lists()
        return {
            key: {self.scope.name(NETWORK, network["name"]) for network in config["networks"]}
            for key, config in zip(self.named["policies"], lists["policies"], strict=True)
        }

    def machines_going(self, left: Collection[Key]) -> list[int]:
        """Return the places of the machines that OpenStack is to delete: all but those of services that are left."""
        serving = {
            port
            for service in self.intent.services.values()
            if (INSTANCE, self.scope.name(INSTANCE, service.full_name)) in left
            for member in service.members
            for port in member.ports.values()
        }
        return [
            place
            for place, machine in enumerate(self._machines)
            if not serving & {port["name"] for port in machine["ports"]}
        ]

    def left_addresses(self, facts: ObjectFacts) -> list[Key]:
        """Return the service addresses on our ports and networks whose service instance is gone."""
        there = {stored["uuid"] for stored in facts.instances}
        ours = set(self.going(facts))
        found: list[Key] = []
        for (kind, name), stored in facts.objects.items():
            match = _SERVICE_ADDRESS.fullmatch(name[-1]) if kind == ADDRESS and stored is not None else None
            if stored is None or match is None or not stored.get("service_instance_ip") or match[1] in there:
                continue
            held = {
                *((PORT, port) for port in _named(stored.get("virtual_machine_interface_refs"))),
                *((NETWORK, network) for network in _named(stored.get("virtual_network_refs"))),
            }
            if held & ours and {key for key in held if key[0] == PORT} <= ours:
                found.append((kind, name))
        return sorted(found)

    def addresses_finding(self, facts: ObjectFacts) -> Iterator[Finding]:
        """Yield that service addresses are left, where nobody is asked to take them."""
        left = [] if self.of_orphans else self.left_addresses(facts)
        if left:
            names = ", ".join(self._shown(key) for key in left)
            yield Finding(SERVICE_ADDRESS_LEFT, "service_chain_services", {"addresses": names})

    def others_finding(self, facts: ObjectFacts) -> Iterator[Finding]:
        """Yield that objects of the data model stay because somebody else made them."""
        named = [key for keys in self.named.values() for key in keys] if self.of_model else []
        theirs = [key for key in named if is_there(facts, key) and not self._is_ours(facts, key)]
        if theirs:
            objects = ", ".join(f"{kind} {self._shown((kind, name))}" for kind, name in theirs)
            yield Finding(OBJECTS_OF_OTHERS, "service_chain_owner", {"objects": objects, "owner": self.owner})

    def place(self, key: Key) -> str:
        """Return where the data model names an object; of an orphan its kind and name."""
        return self._paths.get(key) or f"{key[0]} {self._shown(key)}"

    def _shown(self, key: Key) -> str:
        """Return a name as short as the scope allows."""
        name = key[1]
        if name[:2] == (self.scope.domain, self.scope.project) and len(name) > 2:
            name = name[2:]
        return ":".join(name)


@dataclass(frozen=True)
class _Uses:
    """The users of what is deleted, given all that is deleted."""

    facts: ObjectFacts
    going: frozenset[Key]
    owner: str
    ends: Mapping[Key, set[FqName]]

    def of(self, key: Key) -> Iterator[tuple[FindingKind, list[Key]]]:
        """Yield each sort of use with the users that stay; there may be none."""
        kind, name = key
        stored = self.facts.objects[key] or {}
        look = {
            NETWORK: self._of_network,
            POLICY: self._of_policy,
            INSTANCE: self._of_instance,
            TEMPLATE: self._of_template,
            PORT: self._of_port,
        }
        if kind in look:
            yield from look[kind](name, stored)
        yield (
            OBJECT_IN_USE,
            [
                user
                for api, user_kind in other_users(kind).items()
                for user in self._staying(user_kind, stored.get(api))
            ],
        )

    def _staying(self, kind: str, references: Any) -> list[Key]:
        return [(kind, name) for name in _named(references) if (kind, name) not in self.going]

    def _naming(self, key: Key, by: str) -> list[Key]:
        """Return the objects of a kind that name one as text and stay."""
        facts = {POLICY: self.facts.policies, INSTANCE: self.facts.instances, ROUTE_TABLE: self.facts.route_tables}
        kind, name = key
        mentions = [mention for mention in MENTIONS[kind] if mention.kind == by]
        users = [each for each in facts[by] if any(any(one.places(each, ":".join(name))) for one in mentions)]
        return self._staying(by, [{"to": each["fq_name"]} for each in users])

    def _of_network(self, name: FqName, stored: Stored) -> Iterator[tuple[FindingKind, list[Key]]]:
        yield NETWORK_HAS_PORTS, self._staying(PORT, stored.get("virtual_machine_interface_back_refs"))
        attached = self._staying(POLICY, stored.get("network_policy_refs"))
        yield NETWORK_HAS_POLICIES, list(dict.fromkeys([*attached, *self._naming((NETWORK, name), POLICY)]))
        yield NETWORK_HAS_INSTANCES, self._naming((NETWORK, name), INSTANCE)
        routing_instance = self.facts.objects.get((ROUTING_INSTANCE, (*name, name[-1]))) or {}
        yield NETWORK_HAS_BGP, self._staying("bgp-router", routing_instance.get("bgp_routers"))
        addresses = [(ADDRESS, each) for each in _named(stored.get("instance_ip_back_refs"))]
        yield OBJECT_IN_USE, [key for key in addresses if self._is_reserved(self.facts.objects.get(key) or {})]

    def _is_reserved(self, address: Stored) -> bool:
        """Tell whether somebody holds an address without a port; those of ports go with the ports."""
        return not address.get("virtual_machine_interface_refs") and not address.get("service_instance_ip")

    def _of_policy(self, name: FqName, stored: Stored) -> Iterator[tuple[FindingKind, list[Key]]]:
        own = self.ends.get((POLICY, name), set()) | _rule_networks(stored)
        attached = _named(stored.get("virtual_network_back_refs"))
        yield POLICY_ON_OTHER_NETWORKS, [(NETWORK, each) for each in attached if each not in own]
        yield NAMED_BY_OTHERS, self._naming((POLICY, name), POLICY)

    def _of_instance(self, name: FqName, stored: Stored) -> Iterator[tuple[FindingKind, list[Key]]]:
        yield INSTANCE_IN_POLICIES, self._naming((INSTANCE, name), POLICY)
        yield NAMED_BY_OTHERS, self._naming((INSTANCE, name), ROUTE_TABLE)
        tuples = [(TUPLE, each) for each in _named(stored.get("port_tuples"))]
        theirs = [key for key in tuples if is_there(self.facts, key) and not self._is_ours(key)]
        yield INSTANCE_HAS_MEMBERS, theirs

    def _is_ours(self, key: Key) -> bool:
        return is_owned(self.facts.objects[key], self.owner)

    def _of_template(self, _name: FqName, stored: Stored) -> Iterator[tuple[FindingKind, list[Key]]]:
        yield TEMPLATE_HAS_INSTANCES, self._staying(INSTANCE, stored.get("service_instance_back_refs"))

    def _of_port(self, _name: FqName, stored: Stored) -> Iterator[tuple[FindingKind, list[Key]]]:
        there = {tuple(each["fq_name"]) for each in self.facts.instances}
        tuples = [(TUPLE, each) for each in _named(stored.get("port_tuple_refs"))]
        staying = [key for key in tuples if key[1][:-1] in there and (INSTANCE, key[1][:-1]) not in self.going]
        yield PORT_SERVES_OTHERS, staying


def is_there(facts: ObjectFacts, key: Key) -> bool:
    """Tell whether an object that was asked for exists."""
    return facts.objects.get(key) is not None


def _named(references: Any) -> list[FqName]:
    return [tuple(each["to"]) for each in references or ()]


def _rules(policy: Stored) -> list[Stored]:
    return list((policy.get("network_policy_entries") or {}).get("policy_rule") or ())


def _rule_networks(policy: Stored) -> set[FqName]:
    return {
        tuple(each["virtual_network"].split(":"))
        for rule in _rules(policy)
        for end in ("src_addresses", "dst_addresses")
        for each in rule.get(end) or ()
        if each.get("virtual_network")
    }
