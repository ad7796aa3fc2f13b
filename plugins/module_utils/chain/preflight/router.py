# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of an intent against a live router, from its configuration and what it says of itself."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ...values.finding import ERROR, Finding
from ...vmx.model import filter as steer
from ...vmx.model import filter_effect
from ...vmx.model import vrf as routing
from ...vmx.model.field import ConfigError
from ...vmx.model.statement import Statement
from ...vmx.model.values import show_route_target, table_instance
from ...vmx.plan import peering_plan as peerings
from ...vmx.plan import vrf_plan as planning
from ...vmx.plan.edit import RouterPlan
from ..design.derive import vrf_of
from ..design.design import RouterDesign
from ..design.origins import Origins
from ..findings.router import (
    BGP_PEER_MISSING,
    BGP_ROUTER_OF_ANOTHER_NAME,
    CANDIDATE_MODIFIED,
    COMMIT_PENDING,
    CONFIGURATION_LOCKED,
    INTERFACE_HAS_ANOTHER_FILTER,
    INTERFACE_MISSING,
    INTERFACE_WITHOUT_FAMILY,
    NEXT_TABLE_LOOP,
    NO_BGP_PEER,
    NO_ROUTE_BACK,
    NO_TUNNEL,
    OWN_COMMIT_PENDING,
    PEERING_ONE_SIDED,
    PEERING_REMARK,
    ROUTE_DISTINGUISHER_IN_USE,
    ROUTER_REFUSES,
    STEERING_CATCHES_INFRASTRUCTURE,
    STEERING_HIDDEN_BY_OTHERS,
    TARGET_OF_ANOTHER_VRF,
    TUNNEL_MISSING,
    VRF_CHANGES_TARGET,
    VRF_OF_ANOTHER,
)
from ..intent.model import ROUTERS, Intent, family_of
from ..intent.peering import contrail_bgp_router
from .infrastructure import Peers, flows_to
from .intent import request_of
from .term_order import EarlierTerms, PlacedTerm
from .traffic import holds, takes

LOOP = "next-table may loop"
MAIN_INSTANCE = (None, "master")
"""How the main instance of a BGP peer is told."""


@dataclass(frozen=True)
class RouterFacts:
    """A router as it is: configuration as written and with groups applied, the pending commit and the state of the
    candidate, BGP peers and best routes in the shapes of ``vmx_info``; what was not read is None."""

    written: Statement
    effective: Statement
    pending: Mapping[str, Any] | None = None
    candidate: Mapping[str, Any] = field(default_factory=dict)
    peers: tuple[Mapping[str, Any], ...] | None = None
    best_routes: Mapping[str, Mapping[str, Any] | None] | None = None
    session: Mapping[str, Any] = field(default_factory=dict)


class RouterChecks:
    """One router of an intent; ``described`` is what was derived for it."""

    def __init__(self, intent: Intent, name: str, described: RouterDesign, facts: RouterFacts) -> None:
        self.router = intent.routers[name]
        self.facts = facts
        self._described = described
        self._request = request_of(described)
        self._origins = Origins(intent)
        self._networks = {vrf_of(self.router, network).name: network for network in intent.networks}

    def findings(self, infrastructure: Peers) -> Iterator[Finding]:
        """Yield what stands against the intent on this router; nothing where nothing is to be configured."""
        yield from self._peering(infrastructure)
        if self._request.vrfs:
            yield from self._configuration()
            yield from self._connections(infrastructure)
            yield from self._caught(infrastructure)
            yield from self._ways_back()
        yield from self._database()

    def _configuration(self) -> Iterator[Finding]:
        explained = [*self._interfaces(), *self._vrfs()]
        yield from explained
        planned = self._plan(self._request)
        if isinstance(planned, RouterPlan):
            yield from self._hidden(planned)
        elif not any(finding.kind.severity == ERROR for finding in explained):
            yield planned

    @property
    def _path(self) -> str:
        return f"{ROUTERS}.{self.router.name}"

    # --- interfaces and filters ---

    def _interfaces(self) -> Iterator[Finding]:
        """Yield interfaces to which a filter cannot be bound."""
        known = dict(steer.units(self.facts.effective))
        used = {(one["family"], one["name"]) for one in self._described.filters}
        for index, each in enumerate(self.router.filters):
            for place, logical in enumerate(each.interfaces if (each.family, each.name) in used else ()):
                where = f"{self._path}.filters[{index}].interfaces[{place}]"
                if logical not in known:
                    yield Finding(INTERFACE_MISSING, where, {"interface": logical})
                elif known[logical].find("family", each.family) is None:
                    yield Finding(INTERFACE_WITHOUT_FAMILY, where, {"interface": logical, "family": each.family})
                else:
                    single, _listed = steer.input_filters(known[logical], each.family)
                    if single not in {None, each.name}:
                        values = {"interface": logical, "standing": single}
                        yield Finding(INTERFACE_HAS_ANOTHER_FILTER, where, values)

    def _plan(self, request: planning.Request) -> RouterPlan | Finding:
        """Return what the run would change, or why the router would not take it."""
        try:
            return planning.plan(request, self.facts.written, self.facts.effective)
        except ConfigError as error:
            kind = NEXT_TABLE_LOOP if LOOP in error.reason else ROUTER_REFUSES
            path, option = self._origins.of_option(self.router.name, self._described, error.path)
            return Finding(kind, path, {"reason": f"{option}: {error.reason}" if option else error.reason})

    def _requests(self) -> Iterator[planning.Request]:
        """Yield what the run asks the router for, in its order: what goes, and what is to stand."""
        absent = self._described.absent
        for state, vrfs, filters in (
            ("deleted", absent.vrfs, absent.filters),
            ("replaced", absent.replaced, []),
        ):
            if vrfs or filters:
                yield planning.parse_request(state, vrfs, filters)
        if self._request.vrfs:
            yield self._request

    def _changes(self) -> bool:
        """Return whether the run would change the configuration; what cannot be planned counts."""
        plans: list[RouterPlan | Finding] = [self._plan(request) for request in self._requests()]
        planned = self._planned_peering
        plans += [planned] if planned is not None else []
        return any(not isinstance(plan, RouterPlan) or plan.changes is not None for plan in plans)

    def _hidden(self, planned: RouterPlan) -> Iterator[Finding]:
        """Yield our terms before which a term of others takes their traffic, once the run has put them in place."""
        ours = {(*term.place, term.name): term for term in self._request.terms}
        for shown in planned.after["filters"]:
            place = (shown["family"], shown["name"])
            holder = steer.find_filter(self.facts.effective, place)
            find = filter_effect.finder(place[0], self.facts.effective)
            earlier = EarlierTerms()
            for name in shown["terms"]:
                own = ours.get((*place, name))
                if own is None:
                    standing = holder.child(("term", name)) if holder is not None else None
                    for one in filter_effect.verdicts(standing, place[0], find) if standing is not None else ():
                        if one.ends_its_values:
                            earlier.add(PlacedTerm(name, one.values, one.vrf))
                    continue
                hider = earlier.hiding(own.values)
                if hider is not None and hider.vrf != own.vrf:
                    where = self._origins.of_term(self.router.name, *place, name)
                    values = {"other": hider.name, "filter": place[1], "term": name}
                    yield Finding(STEERING_HIDDEN_BY_OTHERS, f"{where}.prefix", values)

    # --- VRFs ---

    def _vrfs(self) -> Iterator[Finding]:
        """Yield VRFs, route targets and route distinguishers that others have already."""
        own = {vrf.name for vrf in self._request.vrfs}
        standing = {
            one.name or "": routing.read_vrf(one)
            for one in routing.instances(self.facts.effective)
            if one.value("instance-type") == routing.INSTANCE_TYPE
        }
        by_distinguisher = {values["route_distinguisher"]: name for name, values in standing.items()}
        by_target: dict[str, list[str]] = {}
        for name, values in standing.items():
            for target in _targets(values) if name not in own else ():
                by_target.setdefault(target, []).append(name)
        for vrf in self._request.vrfs:
            where = f"{self._path}.vrfs.{self._networks[vrf.name]}"
            given, target = vrf.values.get("route_distinguisher"), vrf.values["route_target"]
            other = by_distinguisher.get(given) if given else None
            if other not in {None, vrf.name}:
                values = {"distinguisher": given, "other": other}
                yield Finding(ROUTE_DISTINGUISHER_IN_USE, f"{where}.route_distinguisher", values)
            for name in by_target.get(target, ()):
                names = {"other": name, "target": show_route_target(target), "vrf": vrf.name}
                yield Finding(TARGET_OF_ANOTHER_VRF, where, names)
            yield from self._standing_vrf(vrf.name, target, standing.get(vrf.name), where)

    def _standing_vrf(
        self, name: str, wanted: str, standing: Mapping[str, Any] | None, where: str
    ) -> Iterator[Finding]:
        holder = routing.instance(self.facts.written, name)
        targets = _targets(standing) if standing else set()
        if holder is None or not targets or targets == {wanted} or routing.MARK_FIELD.read(holder):
            return
        rest = routing.unmanaged_vrf(holder)
        more = [child.tag for child in rest.children if child.tag != "name"] if rest is not None else []
        values = {
            "vrf": name,
            "standing": ", ".join(sorted(map(show_route_target, targets))),
            "wanted": show_route_target(wanted),
            "more": ", ".join(dict.fromkeys(more)),
            "router": self.router.name,
            "network": self._networks[name],
        }
        yield Finding(VRF_OF_ANOTHER if more else VRF_CHANGES_TARGET, where, values)

    # --- what hinders a commit ---

    def _database(self) -> Iterator[Finding]:
        """Yield pending commits, and who works on the configuration where the run would have to change it."""
        pending = self.facts.pending
        if pending is not None and any(True for _request in self._requests()):
            values = {**pending, "log": pending.get("log") or "no log text"}
            yield Finding(OWN_COMMIT_PENDING if pending.get("token") else COMMIT_PENDING, self._path, values)
        state = self.facts.candidate.get("state")
        if state in ("modified", "locked") and self._changes():
            kind = CANDIDATE_MODIFIED if state == "modified" else CONFIGURATION_LOCKED
            yield Finding(kind, self._path, {"holder": self.facts.candidate.get("holder")})

    # --- the peering of the data model ---

    @cached_property
    def _planned_peering(self) -> RouterPlan | Finding | None:
        """Return what the run would change for the peering, or why the router would not take it; None without one."""
        given = self._described.peering
        if not given["config"]:
            return None
        try:
            request = peerings.parse_peering_request("merged", given["config"], given["router"])
            return request.plan(self.facts.written, self.facts.effective)
        except ConfigError as error:
            key = error.path.removeprefix("config[0]").removeprefix("router").removeprefix(".")
            where = f"{self._path}.peering.{key}" if key else f"{self._path}.peering"
            return Finding(ROUTER_REFUSES, where, {"reason": error.reason})

    def _peering(self, infrastructure: Peers) -> Iterator[Finding]:
        """Yield what stands against the peering, at the router's end and at Contrail's."""
        planned = self._planned_peering
        if isinstance(planned, Finding):
            yield planned
        elif planned is not None:
            where = f"{self._path}.peering"
            yield from (Finding(PEERING_REMARK, where, {"reason": warning}) for warning in planned.warnings)
            made = contrail_bgp_router(self.router)
            address = self._described.peering["config"][0]["local_address"]
            names = infrastructure.speakers.get(address, ())
            other = [name for name in names if made is not None and name != made["name"]]
            if other:
                values = {"other": other[0], "address": address}
                yield Finding(BGP_ROUTER_OF_ANOTHER_NAME, f"{where}.bgp_router", values)
            elif made is None and infrastructure.speakers and not names:
                yield Finding(PEERING_ONE_SIDED, where, {"address": address, "router": self.router.name})

    def _coming(self, infrastructure: Peers) -> tuple[set[str], set[str]]:
        """Return the neighbors whose sessions, and the prefixes whose tunnels, come up by this run alone."""
        planned = self._planned_peering
        if not isinstance(planned, RouterPlan):
            return set(), set()
        (given,) = self._described.peering["config"]
        told = contrail_bgp_router(self.router) is None or given["local_address"] in infrastructure.speakers
        neighbors = {each["address"] for each in given["neighbors"]}
        fresh = planned.changes is not None or not told
        return (neighbors if fresh else set()), set((given.get("tunnels") or {}).get("destinations", ()))

    # --- the way to Contrail ---

    def _connections(self, infrastructure: Peers) -> Iterator[Finding]:
        """Yield control nodes without a BGP session and compute nodes without a tunnel."""
        coming, led_to = self._coming(infrastructure)
        if self.facts.peers is not None:
            main = [peer for peer in self.facts.peers if peer.get("instance") in MAIN_INSTANCE]
            yield from self._sessions(infrastructure, main, coming)
        reached = tunnel_destinations(self.facts.effective) | led_to
        elsewhere = []
        for compute, machines in infrastructure.computes.items():
            if any(holds(prefix, compute) for prefix in reached):
                continue
            if machines:
                yield Finding(NO_TUNNEL, self._path, {"compute": compute, "machines": ", ".join(machines)})
            else:
                elsewhere.append(compute)
        if elsewhere:
            yield Finding(TUNNEL_MISSING, self._path, {"computes": ", ".join(elsewhere)})

    def _sessions(
        self, infrastructure: Peers, peers: Sequence[Mapping[str, Any]], coming: Collection[str]
    ) -> Iterator[Finding]:
        """Yield control nodes that neither a session of the main instance nor a route reflector leads to."""
        # Where Contrail tells of no control node, the peers of the router's own AS are taken for them.
        known = infrastructure.control_nodes or tuple(peer["address"] for peer in peers if _is_internal(peer))
        up = {peer["address"] for peer in peers if peer["established"]}
        others = [peer for peer in peers if _is_internal(peer) and peer["address"] in up - set(known)]
        down = [node for node in known if node not in up and node not in coming]
        if any(_brings_vpn_routes(peer) for peer in others):
            configured = {peer["address"] for peer in peers}
            down = [node for node in down if node in configured]
        if down:
            reflected = any(_carries_vpn(peer) for peer in others)
            kind = NO_BGP_PEER if len(down) == len(known) and not reflected else BGP_PEER_MISSING
            yield Finding(kind, self._path, {"nodes": ", ".join(down)})

    def _caught(self, infrastructure: Peers) -> Iterator[Finding]:
        """Yield steering terms that take what is meant for the router itself."""
        own = own_addresses(self.facts.effective)
        flows = list(flows_to(own, infrastructure, self.facts.peers or (), self.facts.session))
        for term in self._request.terms:
            taken = {
                (what, flow.source): None
                for what, flow in flows
                if family_of(flow.source) == term.family and takes(term.values, flow)
            }
            for what, address in taken:
                where = self._origins.of_term(self.router.name, *term.place, term.name)
                values = {"term": term.name, "filter": term.filter, "what": what, "address": address}
                yield Finding(STEERING_CATCHES_INFRASTRUCTURE, f"{where}.prefix", {**values, "vrf": term.vrf})

    def _ways_back(self) -> Iterator[Finding]:
        """Yield external prefixes that the router has no route to."""
        if self.facts.best_routes is None:
            return
        for vrf in self._request.vrfs:
            for prefix, route in vrf.values.get("static_routes", {}).items():
                best = self.facts.best_routes.get(prefix, {})
                if best is None and route["next_table"] in {"inet.0", "inet6.0"}:
                    where = self._origins.of_prefix(self.router.name, self._networks[vrf.name], prefix)
                    yield Finding(NO_ROUTE_BACK, f"{where}.prefix", {"table": route["next_table"], "prefix": prefix})


def _is_internal(peer: Mapping[str, Any]) -> bool:
    """Return whether a BGP peer is one of the router's own AS."""
    return peer.get("type") == "internal"


def _brings_vpn_routes(peer: Mapping[str, Any]) -> bool:
    """Return whether routes that a BGP peer gave are in VRF tables, or in the tables from which these take theirs."""
    filled = [
        table["name"] or ""
        for table in peer.get("tables") or ()
        if any(table.get(count) for count in ("active", "accepted", "received"))
    ]
    return any(name.startswith("bgp.l3vpn") or (".inet" in name and table_instance(name)) for name in filled)


def _carries_vpn(peer: Mapping[str, Any]) -> bool:
    """Return whether a BGP session can bring VPN routes."""
    vpn = any("vpn" in family for family in peer.get("families") or ())
    return vpn or _brings_vpn_routes(peer)


def _targets(values: Mapping[str, Any]) -> set[str]:
    """Return the route targets of a VRF as it stands."""
    single = values.get("route_target")
    lists: Iterable[str] = (
        *(values.get("import_route_targets") or ()),
        *(values.get("export_route_targets") or ()),
    )
    return {*lists, *([single] if single else [])}


def tunnel_destinations(configuration: Statement) -> set[str]:
    """Return the prefixes to which dynamic tunnels lead."""
    tunnels = configuration.find("routing-options", "dynamic-tunnels")
    return {
        destination.name or ""
        for tunnel in (tunnels.all("dynamic-tunnel") if tunnels is not None else [])
        for destination in tunnel.all("destination-networks")
    }


def own_addresses(configuration: Statement) -> tuple[str, ...]:
    """Return the addresses of the router's interfaces."""
    return tuple(
        (address.name or "").partition("/")[0]
        for _logical, unit in steer.units(configuration)
        for family in steer.FAMILIES
        if (holder := unit.find("family", family)) is not None
        for address in holder.all("address")
    )
