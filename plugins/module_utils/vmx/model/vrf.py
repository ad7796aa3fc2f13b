# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A VRF: which options describe it, and where each stands in ``[edit routing-instances]``.

Pure Python. :data:`VRF_FIELDS` is the whole model; its order is the order in which Junos writes the
statements.
"""

# ruff: noqa: D102 - what the methods of a field do is said once, at Field

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ...values.option_spec import OptionSpec, OptionSpecs
from . import values as spell
from .field import (
    ConfigError,
    Entries,
    JunosField,
    Presence,
    Several,
    Values,
    checked,
    combine,
    descriptions,
    offer_fields,
    parse_fields,
    present_fields,
    read_fields,
    refuse_deactivated,
    refuse_inactive,
    specifications,
    write_fields,
)
from .statement import Statement, entry

MARK = "opencontrail-service-chain"
"""Name of the apply-macro that says: this VRF was made by us (option ``mark``)."""

INSTANCE_TYPE = "vrf"
PREFERENCE_MAX = 2**32 - 1
ROUTE_KINDS = ("static", "aggregate", "generate")
"""The lists of routes that a configuration can hold, in the main instance, in a VRF and in their ribs."""

DISABLE = "disable"
"""A statement that turns off what it stands in."""

ROUTE_ACTIONS = ("next_table", "next_hop", "discard")

OTHER_WAYS = (
    "reject",
    "receive",
    "qualified-next-hop",
    "lsp-next-hop",
    "p2mp-lsp-next-hop",
    "p2mp-ldp-next-hop",
    "static-lsp-next-hop",
    "backup-pe-group",
)
"""What else a static route can do with packets (Junos YANG); none goes together with a next table or discard."""

BESIDE_NEXT_HOPS = frozenset(OTHER_WAYS) - {"reject", "receive"}
"""The ways of :data:`OTHER_WAYS` that a route can have beside next hops."""


def _preference(text: str) -> str:
    if text.isascii() and text.isdigit() and int(text) <= PREFERENCE_MAX:
        return str(int(text))
    raise ValueError(f"{text!r} is not a route preference from 0 to {PREFERENCE_MAX}")


@dataclass(frozen=True)
class OneTarget(Several):
    """Route targets of one direction: a list for its user, one leaf of vrf-target for the router."""

    def parse(self, value: Any, path: str) -> Any:
        parsed = super().parse(value, path)
        if len(parsed) > 1:
            raise ConfigError(
                f"{path}[1]",
                "vrf-target takes one route target for each direction; match several in a policy and name that in"
                f" {'import_policies' if self.tag == 'import' else 'export_policies'}",
            )
        return parsed

    def merge(self, before: Any, wanted: Any) -> Any:
        return wanted or before


ROUTE_FIELDS: tuple[JunosField, ...] = (
    JunosField("next_table", ("next-table",), spell.table, description="Table in which to look on, such as V(inet.0)."),
    Several(
        "next_hop",
        ("next-hop",),
        spell.next_hop,
        description=(
            "Next hops, each an address or the logical interface of a point-to-point link, such as V(gr-0/0/0.1)."
        ),
    ),
    Presence("discard", ("discard",), description="Whether to drop the traffic silently."),
    JunosField(
        "preference",
        ("preference", "metric-value"),
        _preference,
        int,
        option={"type": "int"},
        description="Preference of the route; 5 where left out.",
    ),
)


@dataclass(frozen=True)
class StaticRoutes(JunosField):
    """Static routes by prefix; IPv6 routes stand in the instance's own rib (``vn1.inet6.0``)."""

    @property
    def specification(self) -> OptionSpec:
        prefix: OptionSpecs = {"prefix": {"type": "str", "required": True}}
        return {"type": "list", "elements": "dict", "options": prefix | specifications(ROUTE_FIELDS)}

    @property
    def texts(self) -> Mapping[str, str]:
        prefix = {"prefix": "Destination, such as V(172.31.9.34/32); IPv6 as well."}
        return prefix | descriptions(ROUTE_FIELDS)

    @property
    def empty(self) -> Any:
        return {}

    def parse(self, value: Any, path: str) -> Any:
        routes: dict[str, Values] = {}
        for place, given in enumerate(value or []):
            here = f"{path}[{place}]"
            prefix = checked(spell.prefix, given["prefix"], f"{here}.prefix")
            if prefix in routes:
                raise ConfigError(f"{here}.prefix", f"the route to {prefix} is given twice")
            routes[prefix] = _parse_route(prefix, given, here)
        return routes

    def read(self, holder: Statement) -> Any:
        return {
            prefix: {**values, "contradicts": True} if _contradicting(route, values) else values
            for prefix, (_family, route) in self._routes(holder).items()
            if route.is_active and any((values := read_fields(ROUTE_FIELDS, route))[action] for action in ROUTE_ACTIONS)
        }

    def write(self, holder: Statement, value: Any) -> None:
        before, known = self.read(holder), self._routes(holder)
        for prefix in before:
            if prefix not in value:
                self._take_out(holder, *known[prefix])
        for prefix, wanted in value.items():
            if wanted != before.get(prefix):
                route = known[prefix][1] if prefix in known else self._make(holder, prefix)
                write_fields(ROUTE_FIELDS, route, read_fields(ROUTE_FIELDS, route), wanted)
                for way in _contradicting(route, wanted):
                    route.drop(way)

    def strip(self, holder: Statement) -> None:
        known = self._routes(holder)
        for prefix in self.sayable(self.read(holder)):
            family, route = known[prefix]
            for one in ROUTE_FIELDS:
                one.strip(route)
            if route.is_bare:
                self._take_out(holder, family, route)

    def sayable(self, value: Any) -> Any:
        return {prefix: route for prefix, route in value.items() if self._is_sayable({prefix: route}, self.present)}

    def merge(self, before: Any, wanted: Any) -> Any:
        merged = dict(before)
        for prefix, route in wanted.items():
            old = before.get(prefix)
            merged[prefix] = _merge_route(old, route) if old is not None else route
        return merged

    def present(self, value: Any) -> Any:
        return [
            {"prefix": prefix, **{k: v for k, v in present_fields(ROUTE_FIELDS, route).items() if v is not False}}
            for prefix, route in value.items()
        ]

    @staticmethod
    def _container(holder: Statement, family: str) -> tuple[str | tuple[str, str], ...]:
        if family == "inet":
            return ("routing-options", "static")
        return ("routing-options", ("rib", f"{holder.name}.inet6.0"), "static")

    def _routes(self, holder: Statement) -> dict[str, tuple[str, Statement]]:
        """Return the routes, deactivated ones as well, with their family by prefix."""
        found: dict[str, tuple[str, Statement]] = {}
        for family in ("inet", "inet6"):
            static = holder.active(*self._container(holder, family))
            for route in static.all("route") if static is not None else []:
                prefix = self._prefix(route)
                known = found.get(prefix)
                if spell.family_of(prefix) == family and (known is None or not known[1].is_active):
                    found[prefix] = (family, route)
        return found

    def _make(self, holder: Statement, prefix: str) -> Statement:
        return holder.ensure(*self._container(holder, spell.family_of(prefix)), ("route", prefix))

    def _take_out(self, holder: Statement, family: str, route: Statement) -> None:
        container = self._container(holder, family)
        holder.remove(*container, ("route", route.name or ""))
        rib = holder.find(*container[:-1])
        if family == "inet6" and rib is not None and rib.is_bare:
            holder.remove(*container[:-1])

    @staticmethod
    def _prefix(route: Statement) -> str:
        try:
            return spell.route_prefix(route.name or "")
        except ValueError:
            return route.name or ""


def _contradicting(route: Statement, values: Values) -> list[Statement]:
    """Return what a route says beside its way that leads elsewhere: of two ways a router takes one."""
    fits = BESIDE_NEXT_HOPS if values["next_hop"] else frozenset()
    ways = [child for child in route.children if child.is_active and child.tag in OTHER_WAYS]
    return [child for child in ways if child.tag not in fits]


def _merge_route(old: Values, new: Values) -> Values:
    """Return a route that goes where the new one says; next hops add to those it has."""
    hops = (*old["next_hop"], *(hop for hop in new["next_hop"] if hop not in old["next_hop"]))
    return {
        **new,
        "next_hop": hops if new["next_hop"] else (),
        "preference": new["preference"] if new["preference"] is not None else old["preference"],
    }


def _parse_route(prefix: str, given: Mapping[str, Any], path: str) -> Values:
    parsed = parse_fields(ROUTE_FIELDS, given, path)
    route: Values = {one.name: parsed.get(one.name, one.empty) for one in ROUTE_FIELDS}
    chosen = [action for action in ROUTE_ACTIONS if route[action]]
    if len(chosen) != 1:
        found = f"not {' and '.join(chosen)}" if chosen else "none is given"
        raise ConfigError(path, f"a static route needs one of next_table, next_hop and discard; {found}")
    family = spell.family_of(prefix)
    if route["next_table"] and spell.table_family(route["next_table"]) != family:
        raise ConfigError(
            f"{path}.next_table",
            f"{route['next_table']} does not hold {family} routes, which {prefix} needs",
        )
    for place, hop in enumerate(route["next_hop"]):
        if spell.is_address(hop) and spell.family_of(hop) != family:
            raise ConfigError(f"{path}.next_hop[{place}]", f"{hop} is not an {family} address as {prefix} is")
    return route


@dataclass(frozen=True)
class AutoExport(Several):
    """Families for which routes leak between the VRFs of this router (``auto-export family inet unicast``)."""

    def parse(self, value: Any, path: str) -> Any:
        parsed = super().parse(value, path)
        return tuple(family for family in ("inet", "inet6") if family in parsed)

    def read(self, holder: Statement) -> Any:
        return tuple(family for family in ("inet", "inet6") if self._is_on(holder, family))

    def write(self, holder: Statement, value: Any) -> None:
        for family in ("inet", "inet6"):
            steps = (*self.path, "family", family, "unicast")
            if family in value:
                holder.ensure(*steps)
                for length in range(len(self.path), len(steps) + 1):
                    holder.remove(
                        *steps[:length], DISABLE, keep=frozenset({"auto-export", "family", family, "unicast"})
                    )
            elif self._is_on(holder, family):
                holder.remove(*steps)

    def strip(self, holder: Statement) -> None:
        for family in self.read(holder):
            unicast = holder.active(*self.path, "family", family, "unicast")
            if unicast is not None and not unicast.children:
                holder.remove(*self.path, "family", family, "unicast")

    def _is_on(self, holder: Statement, family: str) -> bool:
        """Return whether the family is there, and neither it nor anything that it stands in is disabled."""
        steps = (*self.path, "family", family, "unicast")
        way = [holder.active(*steps[:length]) for length in range(len(self.path), len(steps) + 1)]
        return all(one is not None and one.active(DISABLE) is None for one in way)


MARK_FIELD = Presence(
    "mark",
    (("apply-macro", MARK),),
    keep=True,
    description=("Whether the VRF carries the mark (an C(apply-macro)) by which O(state=overridden) knows it as ours."),
)

VRF_FIELDS: tuple[JunosField, ...] = (
    JunosField(
        "description",
        ("description",),
        spell.description,
        description="Description of the routing instance. An empty text removes it.",
    ),
    MARK_FIELD,
    Entries("interfaces", ("interface",), spell.unit, description="Logical interfaces in the VRF, such as V(lo0.3)."),
    JunosField(
        "route_distinguisher",
        ("route-distinguisher", "rd-type"),
        spell.route_distinguisher,
        keep=True,
        description=(
            "Route distinguisher, such as V(172.31.10.57:3).\n"
            "Needed where the router has no C(routing-options route-distinguisher-id). A new one flaps "
            "every route of the VRF. An empty text removes it."
        ),
    ),
    Several(
        "import_policies",
        ("vrf-import",),
        spell.label,
        ordered=True,
        description=(
            "Policies that choose the routes to take, in order. They are not made by this module.\n"
            "A VRF has a route target, or one for each direction, or policies; these do not mix."
        ),
    ),
    Several(
        "export_policies",
        ("vrf-export",),
        spell.label,
        ordered=True,
        description="Policies that mark the routes to give, in order. They are not made by this module.",
    ),
    JunosField(
        "route_target",
        ("vrf-target", "community"),
        spell.route_target,
        spell.show_route_target,
        description=(
            "Route target for both directions, such as V(64512:1); V(target:64512:1) is the same.\n"
            "A four-byte AS number gets the suffix C(L) that Junos wants, with or without which it may "
            "be given."
        ),
    ),
    OneTarget(
        "import_route_targets",
        ("vrf-target", "import"),
        spell.route_target,
        spell.show_route_target,
        description=(
            "Route target of the routes to take. C(vrf-target) takes one; use O(config[].import_policies) for several."
        ),
    ),
    OneTarget(
        "export_route_targets",
        ("vrf-target", "export"),
        spell.route_target,
        spell.show_route_target,
        description=(
            "Route target for the routes to give. C(vrf-target) takes one; use O(config[].export_policies) for several."
        ),
    ),
    Presence(
        "table_label",
        ("vrf-table-label",),
        option={"default": True},
        description=(
            "Whether the VRF has one MPLS label for its whole table (C(vrf-table-label)). A VRF without "
            "interfaces needs it to be reached.\n"
            "Where V(false) is given and the statement holds others that this module does not model, it "
            "stays, with a warning."
        ),
    ),
    StaticRoutes(
        "static_routes",
        description=(
            "Static routes of the VRF. Each needs one of O(config[].static_routes[].next_table), "
            "O(config[].static_routes[].next_hop) and O(config[].static_routes[].discard).\n"
            "Next tables that lead back to where they started are refused."
        ),
    ),
    AutoExport(
        "auto_export",
        ("routing-options", "auto-export"),
        option={"choices": ["inet", "inet6"]},
        description="Address families for which routes leak between the VRFs of this router.",
    ),
)

TARGET_MODES: tuple[tuple[str, ...], ...] = (
    ("route_target",),
    ("import_route_targets", "export_route_targets"),
    ("import_policies", "export_policies"),
)
"""The three ways to say which routes a VRF takes and gives; they are different intents and do not mix."""


def parse_vrf(given: Mapping[str, Any], path: str) -> Values:
    """Return the given values of one VRF in normal form, with its ``name``; errors carry the path."""
    name = checked(spell.instance_name, given["name"], f"{path}.name")
    values = parse_fields(VRF_FIELDS, given, path)
    modes = target_modes(values)
    if len(modes) > 1:
        raise ConfigError(
            f"{path}.{modes[1]}",
            f"cannot stand beside {modes[0]}: a VRF has a route target, or one for each direction, or policies",
        )
    return {"name": name, **values}


def target_modes(values: Values) -> list[str]:
    """Return the first option of each way in use to say the route targets."""
    used = [[name for name in mode if values.get(name)] for mode in TARGET_MODES]
    return [names[0] for names in used if names]


def instances(configuration: Statement) -> list[Statement]:
    """Return the routing instances of a configuration."""
    holder = configuration.find("routing-instances")
    return holder.all("instance") if holder is not None else []


def instance(configuration: Statement, name: str) -> Statement | None:
    """Return one routing instance."""
    return configuration.find("routing-instances", ("instance", name))


def read_vrf(holder: Statement, path: str = "") -> Values:
    """Return all values of a VRF that are in effect on the router.

    Given the ``path`` of a task's item, a VRF that is deactivated is refused.
    """
    if path and not holder.is_active:
        refuse_inactive(holder, path)
    return {"name": holder.name or "", **read_fields(VRF_FIELDS, holder)}


def absent_vrf(name: str) -> Values:
    """Return the values of a VRF that is not there."""
    return {"name": name, **{one.name: one.empty for one in VRF_FIELDS}}


def combine_vrf(before: Values, wanted: Values, *, exact: bool) -> Values:
    """Return the values after merging (or, ``exact``, replacing) what is wanted."""
    if not exact and wanted.get("route_target") and _has_each_way(before, wanted["route_target"]):
        wanted = {key: value for key, value in wanted.items() if key != "route_target"}
    return {"name": wanted["name"], **combine(VRF_FIELDS, before, wanted, exact=exact)}


def _has_each_way(values: Values, target: str) -> bool:
    """Return whether a VRF imports one route target and exports the same, which is that route target written twice."""
    each_way = [values["import_route_targets"], values["export_route_targets"]]
    return not values["route_target"] and each_way == [(target,), (target,)]


def write_vrf(configuration: Statement, before: Values, after: Values, path: str = "") -> None:
    """Write a VRF into a configuration, a new one with its type first.

    Raises where a value would stand in a statement that is deactivated; ``path`` is that of the task's item.
    """
    holder = instance(configuration, after["name"])
    if holder is not None and before == after:
        return  # what is read is in effect
    if holder is None:
        holder = entry("instance", after["name"])
        configuration.ensure("routing-instances").children.append(holder)
        VRF_FIELDS[0].write(holder, after["description"])
        holder.ensure("instance-type").text = INSTANCE_TYPE
    write_fields(VRF_FIELDS, holder, before, after)
    refuse_deactivated(VRF_FIELDS, holder, after, path)


def remove_vrfs(configuration: Statement, names: Iterable[str]) -> None:
    """Take VRFs out of a configuration."""
    holder = configuration.find("routing-instances")
    gone = {id(found) for name in names if (found := instance(configuration, name)) is not None}
    if holder is not None and gone:
        holder.children = [child for child in holder.children if id(child) not in gone]


def present_vrf(values: Values) -> Values:
    """Return a VRF in the shape of an item of ``config``."""
    fields = [one for one in VRF_FIELDS if one.name != "mark" or values["mark"]]
    return {"name": values["name"], **present_fields(fields, values)}


def offer_vrf(values: Values) -> Values:
    """Return what a task can say of a VRF, in the shape of an item of ``config``; empty where it cannot name it.

    Of several ways to say route targets on a router, it is the one that counts before the others.
    """
    offered = {**offer_fields(VRF_FIELDS, values), "name": values["name"]}
    if not values["mark"]:
        offered.pop("mark", None)
    modes = [mode for mode in reversed(TARGET_MODES) if any(offered.get(name) for name in mode)]
    for name in (name for mode in modes[1:] for name in mode):
        offered.pop(name, None)
    try:
        parse_vrf(offered, "")
    except ConfigError:
        return {}
    return {"name": offered.pop("name"), **offered}


def unmanaged_vrf(holder: Statement) -> Statement | None:
    """Return what a VRF holds beyond what :func:`offer_vrf` says of it; None when nothing."""
    rest = holder.copy()
    offered = offer_vrf(read_vrf(holder))
    for one in VRF_FIELDS:
        if one.name in offered or one is MARK_FIELD:
            one.strip(rest)
    rest.remove("instance-type")
    return None if rest.is_bare else rest


def next_tables(configuration: Statement) -> dict[str, dict[str, str]]:
    """Return for each routing table the tables that routes of the configuration lead to.

    The shape is ``{table: {next table: prefix}}``; static, aggregate and generated routes count.
    """
    links: dict[str, dict[str, str]] = {}
    configuration = configuration.in_effect()
    for name, holder in [("", configuration), *((one.name or "", one) for one in instances(configuration))]:
        options = holder.find("routing-options")
        if options is None:
            continue
        own = f"{name}." if name else ""
        for table, owner in [(f"{own}inet.0", options), *((rib.name or "", rib) for rib in options.all("rib"))]:
            for kind in ROUTE_KINDS:
                routes = owner.find(kind)
                for route in routes.all("route") if routes is not None else []:
                    target = route.value("next-table")
                    if target:
                        links.setdefault(table, {}).setdefault(target, route.name or "")
    return links
