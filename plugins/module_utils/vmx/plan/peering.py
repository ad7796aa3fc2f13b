# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the peering that a task wants and the configuration that a router has to the one document that is
loaded.

Pure Python; see ``plan`` for the same of VRFs. What Contrail's device manager brings in its configuration group is
its own: where it peers for the router, this refuses to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_interface
from typing import Any

from ...values.hints import nearest
from ..model import peering as peers
from ..model import values as spell
from ..model import vrf as routing
from ..model.field import (
    ConfigError,
    Field,
    Values,
    checked,
    combine,
    parse_fields,
    present_fields,
    protection_error,
    read_fields,
    refuse_deactivated,
    refuse_inactive,
    refuse_inactive_way,
    write_fields,
)
from ..model.filter import FAMILIES, units
from ..model.gathered import DEACTIVATED, INHERITED, without_name
from ..model.statement import Statement, difference, entry, inherited_part, protected
from .plan import Plan

PEERING_STATES = ("merged", "replaced", "deleted", "rendered", "gathered")
PEERING_SECTIONS = ("chassis", "routing-options", "protocols", "policy-options")
"""The sections that are written, in the order of a Junos configuration."""

DEVICE_MANAGER = "__contrail"
"""How the names of the configuration groups begin that Contrail's device manager writes."""

DEFAULT_TYPE = "internal"
EXTERNAL_TYPE = "external"
DEFAULT_ENCAPSULATION = "gre"
ROUTER_FIELDS = {one.name: one for one in peers.ROUTER_FIELDS}


@dataclass(frozen=True)
class Peering:
    """A peering that a task names; ``next_hop_self`` and ``tunnel`` are None when left out.

    ``mark``: what is made of it is marked as ours, and only what is marked is deleted.
    """

    path: str
    name: str
    values: Values
    next_hop_self: tuple[str, ...] | None
    tunnel: Values | None
    mark: bool = False


@dataclass(frozen=True)
class PeeringRequest:
    """A task's input, checked and in normal form; ``router`` holds what was given of the whole router."""

    state: str
    peerings: tuple[Peering, ...]
    router: Values

    @property
    def names(self) -> list[str]:
        """The peerings that are named."""
        return [one.name for one in self.peerings]

    @property
    def read_sections(self) -> tuple[str, ...]:
        """The sections to read: VRFs only where they may need what is to go, or own interfaces that are asked about."""
        if self.state == "deleted":
            return (*PEERING_SECTIONS, "routing-instances")
        external = any(one.values.get("type") != DEFAULT_TYPE for one in self.peerings)
        return (*PEERING_SECTIONS, "interfaces", "routing-instances") if external else PEERING_SECTIONS

    def plan(self, own: Statement, effective: Statement | None) -> Plan:
        """Return what turns the configuration into what is wanted; nothing that a group holds is changed.

        ``effective`` is the configuration with groups applied; None: no router was asked.
        """
        return _Planner(self, own, effective).plan()

    def gather(self, own: Statement, effective: Statement | None = None) -> Mapping[str, Any]:
        """Return the peerings (all, where none is named) and the facts of the router in the shape of a task's
        input."""
        live = own.in_effect()
        facts = read_fields(peers.ROUTER_FIELDS, live)
        shown = present_fields(peers.ROUTER_FIELDS, {name: ROUTER_FIELDS[name].sayable(facts[name]) for name in facts})
        return {
            "config": list(self._offered(live).values()),
            "router": {name: value for name, value in shown.items() if value is not False},
        }

    def unmanaged(self, own: Statement, effective: Statement | None = None) -> Mapping[str, Any]:
        """Return, by place, what no option can say of the peerings, what is deactivated and what groups give."""
        live = own.in_effect()
        given = inherited_part(effective.in_effect()) if effective is not None else None
        inherited = self._rest(given, given, {}) if given is not None else ()
        return {
            **dict(self._rest(own, live, self._offered(live))),
            **{INHERITED + place: data for place, data in inherited},
        }

    def _offered(self, live: Statement) -> dict[str, Mapping[str, Any]]:
        known = dict.fromkeys(one.name or "" for one in peers.bgp_groups(live))
        offered = {name: peers.offer_peering(live, name) for name in known if self._is_wanted(name)}
        return {name: peering for name, peering in offered.items() if peering}

    def _is_wanted(self, name: str) -> bool:
        return not self.peerings or name in self.names

    def _rest(
        self, own: Statement, live: Statement, offered: Mapping[str, Mapping[str, Any]]
    ) -> Iterator[tuple[str, Any]]:
        """Yield what is left of groups and tunnels, and those that a task cannot say or that are deactivated."""
        for words, find, fields, holders, key in (
            ("protocols bgp group", peers.bgp_group, peers.GROUP_FIELDS, peers.bgp_groups(own), "name"),
            ("routing-options dynamic-tunnels", peers.tunnel, peers.TUNNEL_FIELDS, peers.tunnels(own), "tunnels"),
        ):
            for holder in holders:
                name = holder.name or ""
                told = key in offered.get(name, {})
                rest = peers.unmanaged(holder, fields) if told else holder
                if rest is not None and self._is_wanted(name):
                    mark = "" if find(live, name) is not None else DEACTIVATED
                    yield f"{mark}{words} {name}", without_name(rest)


def parse_peering_request(
    state: str, config: Sequence[Mapping[str, Any]] | None, router: Mapping[str, Any] | None
) -> PeeringRequest:
    """Check a task's input; :class:`ConfigError` says the path of what is wrong."""
    facts = parse_fields(peers.ROUTER_FIELDS, router or {}, "router")
    if state != "gathered" and not config and not facts:
        raise ConfigError("config", f"is needed with state {state}, or router; nothing is taken to mean everything")
    found: list[Peering] = []
    for place, given in enumerate(config or []):
        path = f"config[{place}]"
        one = _parse_peering(given, path)
        twin = next((other for other in found if other.name == one.name), None)
        if twin is not None:
            raise ConfigError(f"{path}.name", f"peering {one.name} is given twice, first at {twin.path}.name")
        found.append(one)
    return PeeringRequest(state, tuple(found), facts)


def _parse_peering(given: Mapping[str, Any], path: str) -> Peering:
    name = checked(spell.label, given["name"], f"{path}.name")
    if given.get("tunnels") is not None:
        checked(spell.tunnel_name, name, f"{path}.name")
    values = parse_fields(peers.GROUP_FIELDS, given, path)
    families = given.get("next_hop_self")
    if families is not None:
        values = {"export_policies": (f"{name}-export",), **values}
        if not values["export_policies"]:
            raise ConfigError(f"{path}.export_policies", "is empty, and next_hop_self needs a policy to stand in")
    dynamic = given.get("tunnels")
    wanted = parse_fields(peers.TUNNEL_FIELDS, dynamic, f"{path}.tunnels") if dynamic is not None else None
    next_hop_self = tuple(dict.fromkeys(families)) if families is not None else None
    return Peering(path, name, values, next_hop_self, wanted, mark=bool(given.get("mark")))


def render_peering(request: PeeringRequest) -> Statement:
    """Return the configuration that a router without any of it would be given."""
    planned = request.plan(Statement("configuration"), None)
    return planned.changes or Statement("configuration")


class _Planner:
    """One plan in the making: ``after`` is the router's own configuration as it is to be."""

    def __init__(self, request: PeeringRequest, own: Statement, effective: Statement | None) -> None:
        self.request = request
        self.own = own
        self.effective = effective.in_effect() if effective is not None else None
        self.after = own.copy()
        given = inherited_part(effective) if effective is not None else None
        self.inherited = given or Statement("configuration")
        self.exact = request.state == "replaced"
        self.warnings: list[str] = []

    def plan(self) -> Plan:
        """Carry out the request on the copy and compare."""
        if self.request.state == "deleted":
            facts = self.request.router
            for one in self.request.peerings:
                facts = {**self._noted_facts(one), **facts}
                self._delete(one)
            self._delete_facts(facts)
        else:
            with self._owned_first():
                added = self._write_facts()
                for one in self.request.peerings:
                    self._converge(one)
            self._note(added)
            self._remark()
        changes = difference(self.own, self.after)
        if changes is not None:
            if self.request.state != "deleted":
                self._refuse_owned()
            changes.children.sort(key=lambda section: PEERING_SECTIONS.index(section.tag))
            way = protected(self.own, changes)
            if way:
                raise ConfigError(self._path_of(way), protection_error(way))
        return Plan(
            changes=changes,
            before=self._overview(self.own),
            after=self._overview(self.after),
            unmanaged=self._unmanaged(),
            warnings=tuple(self.warnings),
        )

    def _path_of(self, way: Sequence[Statement]) -> str:
        """Return the item of the task that leads to a change of a statement."""
        names = {statement.name for statement in way}
        by_name = (one.path for one in self.request.peerings if one.name in names)
        return next(by_name, self.request.peerings[0].path if self.request.peerings else "router")

    # --- whose the peering is ---

    @contextmanager
    def _owned_first(self) -> Iterator[None]:
        """Let an error about whose the peering is come before one about what it is to be."""
        try:
            yield
        except ConfigError:
            self._refuse_owned()
            raise

    def _refuse_owned(self) -> None:
        """Raise where Contrail's device manager peers for this router, or another group holds what is named."""
        if self.effective is None or not self.request.peerings:
            return
        for what, holders in (
            ("BGP group", peers.bgp_groups(self.effective)),
            ("dynamic tunnel", peers.tunnels(self.effective)),
        ):
            for holder in holders:
                owner = _device_manager(holder)
                if owner is not None:
                    raise ConfigError(
                        f"{self.request.peerings[0].path}.name",
                        f"{what} {holder.name} of the router comes from configuration group {owner}, so Contrail's"
                        " device manager does its peering; leave it to that, or have Contrail unmanage the router"
                        " (physical-router property physical_router_vnc_managed false) first",
                    )
        for one in self.request.peerings:
            inherited = peers.bgp_group(self.effective, one.name)
            self._refuse_inherited(one, "BGP group", peers.bgp_group(self.own, one.name), inherited)
            if one.tunnel is not None:
                inherited = peers.tunnel(self.effective, one.name)
                self._refuse_inherited(one, "dynamic tunnel", peers.tunnel(self.own, one.name), inherited)

    def _refuse_inherited(self, one: Peering, what: str, own: Statement | None, found: Statement | None) -> None:
        if own is None and found is not None:
            raise ConfigError(
                f"{one.path}.name",
                f"{what} {one.name} exists only through configuration group"
                f" {found.attributes.get('group', 'another')}; choose another name",
            )

    # --- facts of the whole router ---

    def _write_facts(self) -> Values:
        """Add or change them; they are everybody's, so nothing of them is ever taken away here.

        Return what was added where the router had nothing.
        """
        added: dict[str, Any] = {}
        for name, wanted in self.request.router.items():
            field = ROUTER_FIELDS[name]
            path = f"router.{name}"
            before = field.read(self.own)
            after = field.merge(before, wanted)
            if after == before:
                continue
            refuse_inactive_way(self.own, field.path or ("chassis",), path)
            if before == field.empty and self.effective is not None:
                inherited = field.read(self.effective)
                if field.merge(inherited, wanted) == inherited:
                    continue  # a group gives it already
                self._refuse_owned_fact(field, self.effective, inherited, path)
            field.write(self.after, after)
            if isinstance(after, dict):
                added[name] = {key: value for key, value in after.items() if key not in before}
            elif before == field.empty:
                added[name] = after
            if name == "autonomous_system" and before not in (None, after):
                self.warnings.append(f"the AS number changes from {before} to {after}: every BGP session starts anew")
        return {name: value for name, value in added.items() if value}

    def _refuse_owned_fact(self, field: Field, effective: Statement, inherited: Any, path: str) -> None:
        found = effective.find(*field.path) if field.path else None
        owner = found.attributes.get("group", "") if found is not None else ""
        if owner.startswith(DEVICE_MANAGER):
            raise ConfigError(
                path,
                f"the router has {field.present(inherited)} through configuration group {owner} of Contrail's device"
                " manager; change it in Contrail (properties of the physical-router and the bgp-router)",
            )

    def _note(self, added: Values) -> None:
        """Note on the first peering of ours which facts of the router came with it, so that they can go with it."""
        for one in self.request.peerings:
            if one.mark and peers.is_marked(peers.bgp_group(self.after, one.name)):
                peers.mark_facts(self.after, one.name, added)
                return

    def _noted_facts(self, one: Peering) -> Values:
        """Return the facts of the router that came with a peering that goes with its mark."""
        return peers.marked_facts(self.after, one.name) if one.mark else {}

    def _delete_facts(self, facts: Values) -> None:
        """Take out what is as given and nobody needs; tell what stays."""
        for name, given in facts.items():
            field = ROUTER_FIELDS[name]
            have = field.read(self.after)
            if name == "tunnel_services":
                rest = {slots: bandwidth for slots, bandwidth in have.items() if slots not in given}
                gone = have != rest
                if rest:  # another PIC serves what needs one
                    field.write(self.after, rest)
                    continue
            else:
                rest, gone = field.empty, have != field.empty
                if gone and have != given:
                    self.warnings.append(
                        f"{_words(name)} is {field.present(have)}, not {field.present(given)}; it stays"
                    )
                    continue
            needed = self._needed_for(name) if gone else None
            if needed is not None:
                self.warnings.append(f"{_words(name)} is still needed by {needed}; it stays")
            elif gone:
                field.write(self.after, rest)

    def _needed_for(self, name: str) -> str | None:
        """Return what else of the router needs a fact of it, None where nothing does."""
        removed = set(self.request.names) if self.request.state == "deleted" else set()
        trees = [self.after, *([self.effective] if self.effective is not None else [])]
        if name in ("autonomous_system", "router_id"):
            left = [one for tree in trees for one in peers.bgp_groups(tree)]
            return next((f"BGP group {one.name}" for one in left if one.name not in removed), None)
        if name == "tunnel_services":
            left = [one for tree in trees for one in peers.tunnels(tree)]
            return next((f"dynamic tunnel {one.name}" for one in left if one.name not in removed), None)
        if name == "route_distinguisher_id":
            return next((f"VRF {one}" for tree in trees for one in _without_distinguisher(tree)), None)
        return None

    # --- peerings ---

    def _converge(self, one: Peering) -> None:
        self._converge_group(one)
        if one.next_hop_self is not None:
            self._converge_policy(one)
        if one.tunnel is not None:
            self._converge_tunnel(one, one.tunnel)
        self._require_policies(one)

    def _converge_group(self, one: Peering) -> None:
        holder = peers.bgp_group(self.own, one.name)
        before = peers.absent_group()
        refuse_inactive_way(self.own, (*peers.BGP_GROUPS, ("group", one.name)), one.path)
        if holder is not None:
            before = read_fields(peers.GROUP_FIELDS, holder)
        after = combine(peers.GROUP_FIELDS, before, one.values, exact=self.exact)
        after["neighbors"] = peers.keep_multihop(before["neighbors"], after["neighbors"])
        if holder is None:
            after["type"] = after["type"] or DEFAULT_TYPE
        self._add_multihop(one, before, after)
        if holder is not None and after == before:
            return
        if (not after["families"] and after["families"] != before["families"]) or (
            holder is None and not after["families"]
        ):
            raise ConfigError(
                f"{one.path}.families", f"is needed: BGP group {one.name} would exchange nothing but plain IPv4 routes"
            )
        self._require_as(one, after)
        target = peers.bgp_group(self.after, one.name)
        if target is None:
            target = entry("group", one.name)
            self.after.ensure(*peers.BGP_GROUPS).children.append(target)
            if one.mark:
                peers.mark(target)
        write_fields(peers.GROUP_FIELDS, target, before, after)
        refuse_deactivated(peers.GROUP_FIELDS, target, after, one.path)

    def _add_multihop(self, one: Peering, before: Values, after: dict[str, Any]) -> None:
        """Let external sessions cross other routers where their neighbors are not on a subnet of the router.

        Without that Junos brings up external sessions with its direct neighbors alone. State merged does so for new
        neighbors alone, so that what was gathered can be merged again without a change.
        """
        if self.effective is None or after["type"] != EXTERNAL_TYPE or after["multihop"] is not None:
            return
        given = (self.effective.find(*peers.BGP_GROUPS), peers.bgp_group(self.inherited, one.name))
        if any(holder is not None and holder.child("multihop") is not None for holder in given):
            return
        subnets = connected_subnets(self.effective)
        distant = [
            address
            for address in after["neighbors"]
            if (self.exact or address not in before["neighbors"])
            and not any(ip_address(address) in subnet for subnet in subnets)
        ]
        if distant == list(after["neighbors"]):
            after["multihop"] = "" if distant else None
            return
        after["neighbors"] = {
            address: {**neighbor, "multihop": ""} if address in distant and neighbor["multihop"] is None else neighbor
            for address, neighbor in after["neighbors"].items()
        }

    def _require_as(self, one: Peering, after: Values) -> None:
        """Raise where neighbors are not of the AS that the type of their group says."""
        field = ROUTER_FIELDS["autonomous_system"]
        number = field.read(self.after)
        if number is None and self.effective is not None:
            number = field.read(self.effective)
            if number is None:
                raise ConfigError("router.autonomous_system", "is needed: the router has none yet")
        group = peers.bgp_group(self.after, one.name)
        common = group.value("peer-as") if group is not None else None
        given = list(one.values.get("neighbors", {}))
        for address, neighbor in after["neighbors"].items():
            path = f"{one.path}.neighbors"
            if address in given:
                path += f"[{given.index(address)}].peer_as"
            peer_as = neighbor["peer_as"] or common
            if after["type"] == EXTERNAL_TYPE and peer_as in (None, number):
                raise ConfigError(path, f"neighbor {address} of an external group needs the number of its own AS")
            if after["type"] == DEFAULT_TYPE and peer_as is not None and number is not None and peer_as != number:
                raise ConfigError(
                    path,
                    f"neighbor {address} is in AS {peer_as} and the router in AS {number}; an internal group has one,"
                    " use type: external",
                )

    def _converge_policy(self, one: Peering) -> None:
        """Give the first export policy of a peering the terms that make the router the next hop."""
        families = one.next_hop_self or ()
        name = one.values["export_policies"][0]
        holder = peers.policy(self.after, name)
        if holder is None:
            if self.effective is not None and (found := peers.policy(self.effective, name)) is not None:
                raise ConfigError(
                    f"{one.path}.export_policies[0]",
                    f"policy {name} exists only through configuration group"
                    f" {found.attributes.get('group', 'another')}; choose another name",
                )
            if not families:
                return
            holder = entry("policy-statement", name)
            self.after.ensure(*peers.POLICIES).children.append(holder)
        have = peers.next_hop_self_families(holder)
        if holder.is_active and (set(have) == set(families) or (not self.exact and set(families) <= set(have))):
            return
        refuse_inactive(holder, f"{one.path}.export_policies[0]")
        taken = [term.name for term in holder.all("term") if term.name in families and term.name not in have]
        if taken:
            raise ConfigError(
                f"{one.path}.next_hop_self",
                f"policy {name} has a term {taken[0]} of its own that does something else; choose another policy",
            )
        if self.exact:
            gone = [term for term in holder.all("term") if term.name in have and term.name not in families]
            holder.children = [child for child in holder.children if not any(child is term for term in gone)]
        new = [peers.next_hop_self_term(family) for family in families if family not in have]
        foreign = not peers.is_next_hop_self(holder)
        place = 1 if foreign else len(holder.children)  # before terms that may end the policy
        holder.children = [*holder.children[:place], *new, *holder.children[place:]]

    def _require_policies(self, one: Peering) -> None:
        if self.effective is None:
            return
        known = {
            found.name or ""
            for tree in (self.after, self.effective)
            for found in (tree.find(*peers.POLICIES) or Statement("policy-options")).all("policy-statement")
        }
        group = peers.bgp_group(self.own, one.name)
        known |= {one.text or "" for one in (group.all("export") if group is not None else ())}
        for place, name in enumerate(one.values.get("export_policies", ())):
            if name not in known:
                raise ConfigError(
                    f"{one.path}.export_policies[{place}]",
                    f"the router has no policy {name}{nearest(name, known, most=3)}; next_hop_self makes the first one",
                )

    def _converge_tunnel(self, one: Peering, wanted: Values) -> None:
        holder = peers.tunnel(self.own, one.name)
        before = peers.absent_tunnel()
        refuse_inactive_way(self.own, (*peers.TUNNELS, ("dynamic-tunnel", one.name)), f"{one.path}.tunnels")
        if holder is not None:
            before = read_fields(peers.TUNNEL_FIELDS, holder)
        after = combine(peers.TUNNEL_FIELDS, before, wanted, exact=self.exact)
        if holder is not None and after == before:
            return
        if after["source_address"] is None:
            group = peers.bgp_group(self.after, one.name)
            after["source_address"] = group.value("local-address") if group is not None else None
        after["encapsulation"] = after["encapsulation"] or DEFAULT_ENCAPSULATION
        if after["source_address"] is None:
            raise ConfigError(f"{one.path}.tunnels.source_address", "is needed, or local_address of the peering")
        if not after["destinations"]:
            raise ConfigError(f"{one.path}.tunnels.destinations", "is needed: a tunnel leads somewhere")
        for place, prefix in enumerate(after["destinations"]):
            if spell.family_of(prefix) != spell.family_of(after["source_address"]):
                raise ConfigError(
                    f"{one.path}.tunnels.destinations[{place}]",
                    f"{prefix} is not of the address family of the source {after['source_address']}",
                )
        target = peers.tunnel(self.after, one.name)
        if target is None:
            target = entry("dynamic-tunnel", one.name)
            self.after.ensure(*peers.TUNNELS).children.append(target)
            if one.mark:
                peers.mark(target)
        write_fields(peers.TUNNEL_FIELDS, target, before, after)
        refuse_deactivated(peers.TUNNEL_FIELDS, target, after, f"{one.path}.tunnels")

    def _remark(self) -> None:
        """Say what keeps GRE tunnels from coming up."""
        if self.effective is None or ROUTER_FIELDS["tunnel_services"].read(self.effective):
            return
        needs = [one.name for one in self.request.peerings if _is_gre(peers.tunnel(self.after, one.name))]
        if needs and not ROUTER_FIELDS["tunnel_services"].read(self.after):
            self.warnings.append(
                f"dynamic tunnel {needs[0]} does not come up: no PIC of the router does tunnel services;"
                " set router.tunnel_services"
            )

    def _delete(self, one: Peering) -> None:
        group, tunnel = peers.bgp_group(self.after, one.name), peers.tunnel(self.after, one.name)
        policies = read_fields(peers.GROUP_FIELDS, group)["export_policies"] if group is not None else ()
        if self._goes(one, "BGP group", group):
            peers.remove_entry(self.after, peers.BGP_GROUPS, ("group", one.name))
            for name in policies[:1]:
                self._delete_policy(name)
        if self._goes(one, "dynamic tunnel", tunnel):
            peers.remove_entry(self.after, peers.TUNNELS, ("dynamic-tunnel", one.name))

    def _goes(self, one: Peering, what: str, holder: Statement | None) -> bool:
        """Whether a group or tunnel is there to be deleted; tell of one that is not ours."""
        if holder is not None and one.mark and not peers.is_marked(holder):
            self.warnings.append(f"{what} {one.name} does not carry our mark, so it was not made here; it stays")
            return False
        return holder is not None

    def _delete_policy(self, name: str) -> None:
        """Delete an export policy in which nothing but our terms is, and that nothing else uses."""
        holder = peers.policy(self.after, name)
        used = any(peers.policy_references(tree, name) for tree in (self.after, self.inherited))
        if holder is not None and peers.is_next_hop_self(holder) and not used:
            peers.remove_entry(self.after, peers.POLICIES, ("policy-statement", name))

    # --- reporting ---

    def _overview(self, configuration: Statement) -> Mapping[str, Any]:
        configuration = configuration.in_effect()
        given = [ROUTER_FIELDS[name] for name in self.request.router]
        shown = [peers.present_peering(configuration, name) for name in self.request.names]
        return {
            "config": [one for one in shown if one],
            "router": present_fields(given, read_fields(given, configuration)),
        }

    def _unmanaged(self) -> Mapping[str, Any]:
        """Return what stays on the router unjudged inside the groups and tunnels of the request, by path."""
        found: dict[str, Any] = {}
        for one in self.request.peerings:
            for path, holder, fields in (
                (f"protocols bgp group {one.name}", peers.bgp_group(self.after, one.name), peers.GROUP_FIELDS),
                (
                    f"routing-options dynamic-tunnels {one.name}",
                    peers.tunnel(self.after, one.name),
                    peers.TUNNEL_FIELDS,
                ),
            ):
                rest = peers.unmanaged(holder, fields) if holder is not None else None
                if rest is not None:
                    found[path] = without_name(rest)
        return found


def _device_manager(holder: Statement) -> str | None:
    """Return the device manager's group that gives a statement or anything in it, None where there is none."""
    groups = (part.attributes.get("group", "") for part in holder.walk())
    return next((group for group in groups if group.startswith(DEVICE_MANAGER)), None)


def connected_subnets(effective: Statement) -> list[IPv4Network | IPv6Network]:
    """Return the subnets of the interfaces of the main instance, in a configuration with groups applied."""
    elsewhere = {interface.name for holder in routing.instances(effective) for interface in holder.all("interface")}
    return [
        ip_interface(address.name or "").network
        for logical, unit in units(effective)
        if logical not in elsewhere
        for family in FAMILIES
        if (holder := unit.find("family", family)) is not None
        for address in holder.all("address")
        if _is_interface_address(address.name or "")
    ]


def _is_interface_address(text: str) -> bool:
    try:
        ip_interface(text)
    except ValueError:
        return False
    return True


def _is_gre(holder: Statement | None) -> bool:
    return holder is not None and holder.child("gre") is not None


def _without_distinguisher(configuration: Statement) -> list[str]:
    """Return the VRFs that have no route distinguisher of their own."""
    holder = configuration.find("routing-instances")
    return [
        one.name or ""
        for one in (holder.all("instance") if holder is not None else [])
        if one.value("instance-type") == "vrf" and one.value("route-distinguisher", "rd-type") is None
    ]


def _words(name: str) -> str:
    return name.replace("_", " ")
