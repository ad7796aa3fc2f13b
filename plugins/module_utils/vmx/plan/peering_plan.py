# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the peering that a task wants and the configuration that a router has to the one document that is
loaded.

Pure Python; see ``vrf_plan`` for the same of VRFs. What Contrail's device manager brings in its configuration group is
its own: where it peers for the router, this refuses to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ..model import peering as peers
from ..model import values as spell
from ..model.field import (
    ConfigError,
    checked,
    parse_fields,
    present_fields,
    protection_error,
    read_fields,
)
from ..model.gathered import DEACTIVATED, INHERITED, without_name
from ..model.statement import Statement, difference, inherited_part, protected
from .edit import Edit, RouterPlan
from .peering_edits import DEFAULT_TYPE, PeeringEdits
from .router_fact_edits import RouterFactEdits
from .wanted_peerings import DEVICE_MANAGER, ROUTER_FIELDS, WantedPeering, WantedPeerings

PEERING_STATES = ("merged", "replaced", "deleted", "rendered", "gathered")
PEERING_SECTIONS = ("chassis", "routing-options", "protocols", "policy-options")
"""The sections that are written, in the order of a Junos configuration."""


@dataclass(frozen=True)
class PeeringRequest(WantedPeerings):
    """The wish of a task, and how it is carried out."""

    @property
    def read_sections(self) -> tuple[str, ...]:
        """The sections to read: VRFs only where they may need what is to go, or own interfaces that are asked about."""
        if self.state == "deleted":
            return (*PEERING_SECTIONS, "routing-instances")
        external = any(one.values.get("type") != DEFAULT_TYPE for one in self.peerings)
        return (*PEERING_SECTIONS, "interfaces", "routing-instances") if external else PEERING_SECTIONS

    def plan(self, own: Statement, effective: Statement | None) -> RouterPlan:
        """Return what turns the configuration into what is wanted; nothing that a group holds is changed.

        ``effective`` is the configuration with groups applied; None: no router was asked.
        """
        return _PeeringPlanner(self, own, effective).plan()

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
    found: list[WantedPeering] = []
    for place, given in enumerate(config or []):
        path = f"config[{place}]"
        one = _parse_peering(given, path)
        twin = next((other for other in found if other.name == one.name), None)
        if twin is not None:
            raise ConfigError(f"{path}.name", f"peering {one.name} is given twice, first at {twin.path}.name")
        found.append(one)
    return PeeringRequest(state, tuple(found), facts)


def _parse_peering(given: Mapping[str, Any], path: str) -> WantedPeering:
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
    return WantedPeering(path, name, values, next_hop_self, wanted, mark=bool(given.get("mark")))


def render_peering(request: PeeringRequest) -> Statement:
    """Return the configuration that a router without any of it would be given."""
    planned = request.plan(Statement("configuration"), None)
    return planned.changes or Statement("configuration")


class _PeeringPlanner:
    """The order in which a plan is made."""

    def __init__(self, request: PeeringRequest, own: Statement, effective: Statement | None) -> None:
        self.request = request
        self.edit = Edit(own, effective)
        self.facts = RouterFactEdits(request, self.edit)
        self.peerings = PeeringEdits(request, self.edit)

    def plan(self) -> RouterPlan:
        """Carry out the request on the copy and compare."""
        if self.request.state == "deleted":
            facts = self.request.router
            for one in self.request.peerings:
                facts = {**self.facts.noted(one), **facts}
                self.peerings.delete(one)
            self.facts.delete(facts)
        else:
            with self._owned_first():
                added = self.facts.write()
                for one in self.request.peerings:
                    self.peerings.converge(one)
            self.facts.note(added)
            self.peerings.remark()
        changes = difference(self.edit.own, self.edit.after)
        if changes is not None:
            if self.request.state != "deleted":
                self._refuse_owned()
            changes.children.sort(key=lambda section: PEERING_SECTIONS.index(section.tag))
            way = protected(self.edit.own, changes)
            if way:
                raise ConfigError(self._path_of(way), protection_error(way))
        return RouterPlan(
            changes=changes,
            before=self._overview(self.edit.own),
            after=self._overview(self.edit.after),
            unmanaged=self._unmanaged(),
            warnings=tuple(self.edit.warnings),
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
        if self.edit.effective is None or not self.request.peerings:
            return
        for what, holders in (
            ("BGP group", peers.bgp_groups(self.edit.effective)),
            ("dynamic tunnel", peers.tunnels(self.edit.effective)),
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
            inherited = peers.bgp_group(self.edit.effective, one.name)
            self._refuse_inherited(one, "BGP group", peers.bgp_group(self.edit.own, one.name), inherited)
            if one.tunnel is not None:
                inherited = peers.tunnel(self.edit.effective, one.name)
                self._refuse_inherited(one, "dynamic tunnel", peers.tunnel(self.edit.own, one.name), inherited)

    def _refuse_inherited(self, one: WantedPeering, what: str, own: Statement | None, found: Statement | None) -> None:
        if own is None and found is not None:
            raise ConfigError(
                f"{one.path}.name",
                f"{what} {one.name} exists only through configuration group"
                f" {found.attributes.get('group', 'another')}; choose another name",
            )

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
                (f"protocols bgp group {one.name}", peers.bgp_group(self.edit.after, one.name), peers.GROUP_FIELDS),
                (
                    f"routing-options dynamic-tunnels {one.name}",
                    peers.tunnel(self.edit.after, one.name),
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
