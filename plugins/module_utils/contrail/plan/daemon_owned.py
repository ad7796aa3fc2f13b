# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Contrail's own daemons keep as they want it, whatever else is written. Pure.

The schema transformer and svc-monitor write to objects of users. A value that one of them would overwrite is
refused before anything is written, with the cure; to write it again at every run would help nobody. References that
they make are never taken away as superfluous, for they would come back. As seen on running daemons, and in their
source (tf-controller).
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from ..codec.codec import get_path, is_empty, set_path
from ..codec.errors import InvalidValueError
from ..codec.scope import FABRIC_ROUTING_INSTANCE, GLOBAL_SYSTEM_CONFIG_NAME, Json, Look, Value
from ..codec.values import FqName, joined, split_name
from ..kinds.config import Task
from ..kinds.entity import ReferenceField
from ..schema.facts import MADE_BY_DAEMONS
from .actions import Action
from .desired import DesiredObject

BGP_ROUTER = "bgp-router"
GLOBAL_SYSTEM_CONFIG = "global-system-config"
PORT = "virtual-machine-interface"
ROUTE_AGGREGATE = "route-aggregate"
PARAMETERS = "bgp_router_parameters"
CLIENT = "bgpaas-client"
OF_A_SERVICE = frozenset({CLIENT, "bgpaas-server"})
CONTROL_NODE = "control-node"
ON_SIDES = {"interface-route-table": "interface_route_tables", "service-health-check": "health_checks"}
"""What svc-monitor puts on the ports of a side, by the option of contrail_service_instance that lists it."""

ALSO_READ: Mapping[str, tuple[str, ...]] = {
    BGP_ROUTER: (PARAMETERS, "bgp_router_refs", "sub_cluster_refs"),
    GLOBAL_SYSTEM_CONFIG: ("autonomous_system", "ibgp_auto_mesh"),
    "routing-instance": ("bgp_routers",),
    PORT: ("port_tuple_refs", "vrf_assign_table"),
    ROUTE_AGGREGATE: ("service_instance_refs", "aggregate_route_nexthop"),
    "tag": ("tag_type_name", "tag_value"),
}
"""The API fields that have to be read of a kind for what this module says of it."""


@dataclass(frozen=True)
class Subject:
    """An object that a task describes: what is stored of it, and all that is known beside it.

    ``wants`` are those of the whole task; ``stored`` is ``None`` for a new object.
    """

    want: DesiredObject
    stored: Json
    look: Look
    wants: Iterable[DesiredObject]
    task: Task

    def place(self, *api: str) -> str:
        """Return where the configuration gives the value at an API path, "" where it does not."""
        for item in self.want.entity.fields:
            rest = api[len(item.api) :]
            if item.option not in self.want.values or api[: len(item.api)] != item.api:
                continue
            value = self.want.values[item.option]
            for name in rest:
                if not isinstance(value, dict) or name not in value:
                    return ""
                value = value[name]
            return ".".join([self.want.path, item.where, *rest])
        return ""

    def result(self) -> dict[str, Json]:
        """Return the properties of the object as they will be, in the API's form."""
        return _result(self.want, self.stored)

    def added(self, kind: str) -> Iterator[tuple[str, str]]:
        """Yield the objects of a kind that the task attaches, by name, each with its place."""
        for reference in self.want.entity.references:
            if reference.kind != kind:
                continue
            there = reference.decode(get_path(self.stored, [reference.api]))
            for index, name in enumerate(self.want.references.get(reference.option, {})):
                if name not in there:
                    usual = f"{self.want.path}.{reference.where}" + (f"[{index}]" if reference.many else "")
                    yield name, self.want.places.get(f"{reference.option} {name}", usual)


def _result(want: DesiredObject, stored: Json) -> dict[str, Json]:
    after: dict[str, Json] = {name: value for name, value in (stored or {}).items() if not name.endswith("_refs")}
    for item in want.entity.fields:
        if not item.api or item.api[0].endswith("_refs"):
            continue
        if item.option not in want.values:
            if stored is None and item.absence.initial is not None:
                set_path(after, item.api, item.absence.initial)
            continue
        before = get_path(stored, item.api)
        merged = item.codec.merge(want.values[item.option], item.codec.decode(before))
        if len(item.api) > 1:
            after[item.api[0]] = copy.deepcopy(after.get(item.api[0]) or {})
        set_path(after, item.api, None if is_empty(merged) else item.codec.encode(merged, before))
    return after


def overwritten(subject: Subject) -> Iterator[InvalidValueError]:
    """Yield what the task gives and a daemon would not leave so."""
    rules = _RULES.get(subject.want.entity.kind, ())
    for rule in rules if subject.want.state != "absent" else ():
        yield from rule(subject)


def comes_back(subject: Subject, reference: ReferenceField, name: str) -> bool:
    """Tell whether a daemon would put a reference back that is taken away."""
    kind = subject.want.entity.kind
    pattern = MADE_BY_DAEMONS.get((kind, reference.kind))
    if pattern is not None and re.search(pattern, name):
        return True
    if kind == PORT and reference.kind in ON_SIDES:
        return bool(get_path(subject.stored, ["port_tuple_refs"]))
    if kind == BGP_ROUTER and reference.kind == BGP_ROUTER:
        mesh = Mesh.of(subject)
        return mesh.holds(subject.want.fq_name) and not mesh.reflector_between(subject.want.fq_name, _name(name))
    return False


# BGP routers


@dataclass(frozen=True)
class Mesh:
    """The BGP routers of the underlay as the schema transformer sees them: their parameters, by name.

    ``own`` is the global autonomous system, ``None`` where it is not known; ``automatic`` tells whether the
    schema transformer makes peerings at all.
    """

    routers: Mapping[FqName, Json]
    own: int | None
    automatic: bool

    @classmethod
    def of(cls, subject: Subject) -> Mesh:
        """Read the mesh that there will be after a task."""
        system = subject.look(GLOBAL_SYSTEM_CONFIG, GLOBAL_SYSTEM_CONFIG_NAME)
        fabric = subject.look("routing-instance", FABRIC_ROUTING_INSTANCE)
        names = [tuple(child["to"]) for child in get_path(fabric, ["bgp_routers"]) or []]
        routers = {name: get_path(subject.look(BGP_ROUTER, name), [PARAMETERS]) or {} for name in names}
        for want in subject.wants:
            if want.entity.kind == BGP_ROUTER and want.state == "present":
                routers[want.fq_name] = _result(want, subject.look(*want.key)).get(PARAMETERS) or {}
        own = get_path(system, ["autonomous_system"])
        automatic = get_path(system, ["ibgp_auto_mesh"]) is not False
        return cls(routers, None if own is None else int(own), automatic)

    def holds(self, name: FqName) -> bool:
        """Tell whether the schema transformer keeps the peerings of a router."""
        router = self.routers.get(name) or {}
        number = self.own if _is_contrails_own(router) else router.get("autonomous_system")
        return self.automatic and number is not None and str(number) == str(self.own)

    def reflector_between(self, name: FqName, other: FqName) -> str:
        """Return a router that reflects routes between two, so that they are kept from being peers; "" for none."""
        ends = [self.routers.get(name) or {}, self.routers.get(other) or {}]
        if any(not is_empty(end.get("cluster_id")) for end in ends):
            return ""
        of_control_nodes = all(end.get("router_type") == CONTROL_NODE for end in ends)
        for reflector, router in sorted(self.routers.items()):
            if is_empty(router.get("cluster_id")):
                continue
            if not of_control_nodes or router.get("router_type") == CONTROL_NODE:
                return joined(reflector)
        return ""


def _is_contrails_own(parameters: Json) -> bool:
    return str(get_path(parameters, ["vendor"]) or "contrail").lower() == "contrail"


def _name(text: str) -> FqName:
    return split_name(BGP_ROUTER, text)


def peers_allowed(subject: Subject, names: Iterable[FqName]) -> list[FqName]:
    """Return those of the routers with which the schema transformer lets an object keep a peering."""
    own = subject.want.fq_name
    mesh = Mesh.of(subject)
    return [name for name in names if not mesh.holds(own) or not mesh.reflector_between(own, name)]


def _autonomous_system(subject: Subject) -> Iterator[InvalidValueError]:
    place = subject.place(PARAMETERS, "autonomous_system")
    parameters = subject.result().get(PARAMETERS) or {}
    if not place or not _is_contrails_own(parameters) or parameters.get("router_type") in OF_A_SERVICE:
        return
    if (GLOBAL_SYSTEM_CONFIG, GLOBAL_SYSTEM_CONFIG_NAME) in subject.task.planned and subject.task.check:
        return
    number = parameters.get("autonomous_system")
    own = get_path(subject.look(GLOBAL_SYSTEM_CONFIG, GLOBAL_SYSTEM_CONFIG_NAME), ["autonomous_system"])
    if number is not None and own is not None and int(number) != int(own):
        vendor = get_path(parameters, ["vendor"])
        yield InvalidValueError(
            place,
            f"{number} would be overwritten with {own}, the global autonomous system, which the schema transformer "
            f"gives to every BGP router {f'of the vendor {vendor}' if vendor else 'without a vendor'}: "
            "give the router's vendor, as in vendor: Juniper, or set the global autonomous system",
        )


def _client_of_a_service(subject: Subject) -> Iterator[InvalidValueError]:
    place = subject.place(PARAMETERS, "router_type")
    kind = get_path(subject.result(), [PARAMETERS, "router_type"])
    if place and kind == CLIENT and get_path(subject.stored, [PARAMETERS, "router_type"]) != CLIENT:
        yield InvalidValueError(
            place,
            f"the schema transformer would delete the router, for it makes a {CLIENT} itself for each port of a BGP "
            "service: make a bgp-as-a-service that refers to the port (contrail_object)",
        )


def _reflected_peers(subject: Subject) -> Iterator[InvalidValueError]:
    added = list(subject.added(BGP_ROUTER))
    if not added:
        return
    mesh = Mesh.of(subject)
    if not mesh.holds(subject.want.fq_name):
        return
    for name, place in added:
        reflector = mesh.reflector_between(subject.want.fq_name, _name(name))
        if reflector:
            yield InvalidValueError(
                place,
                f"the schema transformer would delete the peering with {name}, because {reflector} has a cluster_id "
                f"and reflects routes: peer with {reflector} or set ibgp_auto_mesh to false (contrail_global_config)",
            )


# Sides of service instances


def _next_hop(subject: Subject) -> Iterator[InvalidValueError]:
    place = subject.place("aggregate_route_nexthop")
    attached = get_path(subject.stored, ["service_instance_refs"]) or []
    names = [joined(reference["to"]) for reference in attached]
    names += [name for name, _unused in subject.added("service-instance")]
    wanted = subject.result().get("aggregate_route_nexthop")
    if place and names and (wanted or "") != (get_path(subject.stored, ["aggregate_route_nexthop"]) or ""):
        yield InvalidValueError(
            place,
            f"the schema transformer sets the next hop of a route aggregate to the service address while the aggregate "
            f"is on a side of service instance {names[0]}: leave it out",
        )


def _port_in_tuple(subject: Subject) -> Iterator[InvalidValueError]:
    tuples = [joined(reference["to"][:-1]) for reference in get_path(subject.stored, ["port_tuple_refs"]) or []]
    if not tuples:
        return
    field = "virtual_machine_interface_allowed_address_pairs"
    place = subject.place(field, "allowed_address_pair") or subject.place(field)
    if place and _pairs(subject.result().get(field)) != _pairs(get_path(subject.stored, [field])):
        yield InvalidValueError(
            place,
            f"svc-monitor keeps the pairs of this port as they are on the interface of service instance {tuples[0]}, "
            "to which the port belongs: give them in interfaces of contrail_service_instance",
        )
    for kind, option in ON_SIDES.items():
        for name, where in subject.added(kind):
            yield InvalidValueError(
                where,
                f"svc-monitor would detach {kind} {name} from this port, which belongs to service instance "
                f"{tuples[0]}: give it as {option} in sides of contrail_service_instance",
            )


def _second_tuple(subject: Subject) -> Iterator[InvalidValueError]:
    """Refuse a second port tuple for a port, of which svc-monitor serves one."""
    for reference in subject.want.entity.references:
        if reference.kind != "port-tuple" or reference.option in subject.want.exact:
            continue
        leaving = subject.want.drops.get(reference.option, frozenset())
        wanted = subject.want.references.get(reference.option, {})
        others = [name for name in reference.decode(get_path(subject.stored, [reference.api])) if name not in wanted]
        for name, place in subject.added("port-tuple"):
            for other in [other for other in others if other not in leaving][:1]:
                yield InvalidValueError(
                    place,
                    f"the port is in port tuple {other}, and cannot be in {name} too: purge_references: [port-tuple] "
                    "moves it",
                )


def _pairs(stored: Json) -> list[Value]:
    """Return allowed address pairs so that equal ones are equal."""
    pairs = get_path(stored, ["allowed_address_pair"]) or []
    return sorted(
        (
            str(get_path(pair, ["ip", "ip_prefix"])),
            int(get_path(pair, ["ip", "ip_prefix_len"]) or 0),
            str(pair.get("mac") or "").lower(),
            pair.get("address_mode") or "active-active",
        )
        for pair in pairs
    )


def _vrf_assign_table(subject: Subject) -> Iterator[InvalidValueError]:
    place = subject.place("vrf_assign_table")
    wanted = subject.result().get("vrf_assign_table")
    if place and (wanted or None) != (get_path(subject.stored, ["vrf_assign_table"]) or None):
        yield InvalidValueError(
            place, "the schema transformer replaces it by what service chains need on the port: leave it out"
        )


# Secrets


def _encryption(subject: Subject) -> Iterator[InvalidValueError]:
    place = subject.place("physical_router_encryption_type")
    after = subject.result()
    given = after.get("physical_router_encryption_type")
    if place and given != "local" and get_path(after, ["physical_router_user_credentials", "password"]):
        yield InvalidValueError(place, f"the server encrypts the password, which makes {given} local: leave it out")


# Tags


def _tag_name(subject: Subject) -> Iterator[InvalidValueError]:
    after = subject.result()
    made_of = (after.get("tag_type_name"), after.get("tag_value"))
    name = subject.want.fq_name[-1]
    if all(made_of) and name != "=".join(map(str, made_of)):
        yield InvalidValueError(
            f"{subject.want.path}.name",
            f"the server names a tag after its type and value: write {'='.join(map(str, made_of))} instead of {name}",
        )


_RULES: Mapping[str, tuple[Callable[[Subject], Iterator[InvalidValueError]], ...]] = {
    BGP_ROUTER: (_autonomous_system, _client_of_a_service, _reflected_peers),
    PORT: (_port_in_tuple, _second_tuple, _vrf_assign_table),
    "physical-router": (_encryption,),
    ROUTE_AGGREGATE: (_next_hop,),
    "tag": (_tag_name,),
}


def loses_attributes(actions: Iterable[Action], wants: Iterable[DesiredObject], look: Look) -> bool:
    """Tell whether the schema transformer will take attributes of peerings away after these writes.

    When a BGP router gets a cluster id or loses it, all peerings are made anew, once; what is written afterwards stays.
    """
    given = any(
        attr
        for want in wants
        if want.entity.kind == BGP_ROUTER and want.state == "present"
        for attrs in want.references.values()
        for attr in attrs.values()
    )
    return given and any(_changes_reflection(action, look) for action in actions)


def _changes_reflection(action: Action, look: Look) -> bool:
    if action.kind != BGP_ROUTER or action.verb not in {"create", "update"} or PARAMETERS not in action.payload:
        return False
    before = get_path(look(BGP_ROUTER, action.fq_name), [PARAMETERS, "cluster_id"])
    return is_empty(before) != is_empty(get_path(action.payload, [PARAMETERS, "cluster_id"]))
