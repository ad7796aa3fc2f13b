# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which VRFs a removal takes from a router, and who else uses them there."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ...values.finding import Finding, FindingKind
from ...vmx.model import filter as steer
from ...vmx.model import peering as peers
from ...vmx.model import vrf as routing
from ...vmx.model.statement import Statement
from ...vmx.plan.overview import config_without_terms
from ...vmx.plan.steering import fed_by_place
from ..design.design import RouterDesign
from ..findings.removal import (
    PEERING_SERVES_VRFS,
    VRF_HAS_INTERFACES,
    VRF_HAS_MORE,
    VRF_HAS_OTHER_ROUTES,
    VRF_HAS_ROUTES,
    VRF_HAS_TERMS,
    VRF_IN_POLICIES,
    VRF_IN_RIB_GROUPS,
)
from ..intent.model import ROUTERS, Router

_MAIN_TABLES = frozenset({"inet.0", "inet6.0"})

_NAMING = frozenset({"rib", "instance"})
"""Leaves of policy statements that name a routing instance or its table."""


@dataclass(frozen=True)
class RouterRemoval:
    """One router of an intent; ``described`` is what was derived for it.

    ``written`` is its configuration as written, ``effective`` the same with groups applied.
    """

    router: Router
    described: RouterDesign
    written: Statement
    effective: Statement
    of_model: bool = True
    of_orphans: bool = False

    @property
    def named(self) -> list[str]:
        """The VRFs that the data model has had made, those that only chains that go have last."""
        return [vrf["name"] for vrf in (*self.described.vrfs, *self.described.absent.vrfs)]

    @property
    def orphans(self) -> list[str]:
        """The VRFs that carry our mark and are not in the data model."""
        if not self.of_orphans:
            return []
        standing = [one.name or "" for one in routing.instances(self.written) if routing.MARK_FIELD.read(one)]
        return [name for name in standing if name not in self.named]

    @property
    def going(self) -> list[str]:
        """The VRFs that are there and go."""
        names = [*(self.named if self.of_model else []), *self.orphans]
        return [name for name in names if routing.instance(self.written, name) is not None]

    def uses(self, going: Collection[str]) -> dict[str, list[Finding]]:
        """Return of each VRF that goes what uses it and stays; what nobody uses is not in it."""
        found: dict[str, list[Finding]] = {}
        for name in going:
            for kind, users in self._uses_of(name, going):
                if users:
                    where = f"{ROUTERS}.{self.router.name}: VRF {name}"
                    found.setdefault(name, []).append(Finding(kind, where, {"users": ", ".join(dict.fromkeys(users))}))
        return found

    @property
    def peerings(self) -> list[str]:
        """The peerings with our mark that go: that of the data model, and those that it no longer has."""
        marked = dict.fromkeys(
            one.name or ""
            for one in (*peers.bgp_groups(self.written), *peers.tunnels(self.written))
            if peers.is_marked(one)
        )
        named = {one["name"] for one in self.described.peering["config"]}
        return [name for name in marked if (self.of_model if name in named else self.of_orphans)]

    def peering_uses(self, going: Collection[str]) -> list[Finding]:
        """Return who needs the routes of the peerings that go, given the VRFs that go."""
        standing = [
            one.name or ""
            for one in routing.instances(self.effective)
            if one.value("instance-type") == routing.INSTANCE_TYPE and one.name not in going
        ]
        if not standing or not self.peerings:
            return []
        where = f"{ROUTERS}.{self.router.name}.peering"
        return [Finding(PEERING_SERVES_VRFS, where, {"users": ", ".join(standing)})]

    def _uses_of(self, name: str, going: Collection[str]) -> Iterator[tuple[FindingKind, list[str]]]:
        yield VRF_HAS_ROUTES, list(self._routes(name, going))
        yield VRF_IN_RIB_GROUPS, list(self._rib_groups(name))
        yield VRF_HAS_TERMS, [f"{family} {filter_} {term}" for family, filter_, term in self.foreign_terms(name)]
        holder = routing.instance(self.effective, name)
        if holder is not None:
            yield VRF_HAS_INTERFACES, self._foreign_interfaces(name, holder)
            yield VRF_HAS_OTHER_ROUTES, list(self._other_routes(name, holder))
            rest = routing.unmanaged_vrf(holder)
            yield VRF_HAS_MORE, [child.tag for child in rest.children if child.tag != "name"] if rest else []
        yield VRF_IN_POLICIES, list(self._policies(name))

    def _routes(self, name: str, going: Collection[str]) -> Iterator[str]:
        """Yield static, aggregate and generated routes of what stays that lead to a table of the VRF."""
        for table, targets in routing.next_tables(self.effective).items():
            for target, prefix in targets.items():
                if _is_table_of(target, name) and not any(_is_table_of(table, each) for each in going):
                    yield f"{prefix} in {table}"

    def _rib_groups(self, name: str) -> Iterator[str]:
        options = self.effective.find("routing-options")
        for group in options.all("rib-groups") if options is not None else ():
            if any(_is_table_of(leaf.text or "", name) for leaf in group.walk()):
                yield group.name or ""

    def foreign_terms(self, name: str) -> Iterator[tuple[str, str, str]]:
        """Yield (family, filter, term) for the terms that feed a VRF and are neither in the data model nor in a filter
        that is all ours."""
        described = [*self.described.vrfs, *self.described.absent.vrfs]
        named = {
            (each["family"], each["filter"], each["name"]) for vrf in described for each in vrf.get("steering") or ()
        }
        ours = {(each.family, each.name) for each in self.router.filters if each.before is None}
        for place, holder in steer.filters(self.effective):
            for term in holder.all("term"):
                if steer.target_vrf(term) == name and place not in ours and (*place, term.name) not in named:
                    yield (*place, term.name or "")

    def _foreign_interfaces(self, name: str, holder: Statement) -> list[str]:
        own = {each for vrf in self.described.vrfs if vrf["name"] == name for each in vrf.get("interfaces") or ()}
        return [each for each in routing.read_vrf(holder)["interfaces"] if each not in own]

    def _other_routes(self, name: str, holder: Statement) -> Iterator[str]:
        """Yield the static routes in a VRF that cannot be ours: neither in the data model, nor back to the main tables,
        as those are that an earlier data model had."""
        described = (*self.described.vrfs, *self.described.absent.vrfs)
        own = {route["prefix"] for vrf in described if vrf["name"] == name for route in vrf.get("static_routes") or ()}
        for prefix, route in routing.read_vrf(holder)["static_routes"].items():
            if prefix not in own and route["next_table"] not in _MAIN_TABLES:
                yield prefix

    def _policies(self, name: str) -> Iterator[str]:
        options = self.effective.find("policy-options")
        for statement in options.all("policy-statement") if options is not None else ():
            leaves = (leaf for leaf in statement.walk() if leaf.tag in _NAMING and leaf.text)
            if any(leaf.text == name or _is_table_of(leaf.text or "", name) for leaf in leaves):
                yield statement.name or ""

    def unsteered(self, names: Collection[str]) -> list[Mapping[str, Any]]:
        """Return the ``config`` that, with state ``replaced``, takes our steering out of VRFs that stay."""
        feeding = {name: [place for place, fed in fed_by_place(self.written).items() if fed == name] for name in names}
        ours = {name: set(places) - set(self.foreign_terms(name)) for name, places in feeding.items()}
        return config_without_terms(self.written, ours)


def _is_table_of(text: str, name: str) -> bool:
    return text.startswith(f"{name}.") and text.removeprefix(f"{name}.") in {"inet.0", "inet6.0"}
