# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What in a planned configuration contradicts itself, or what the router has: checks over the whole."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from ...values.hints import nearest
from ..model import filter as steer
from ..model import values as spell
from ..model import vrf as routing
from ..model.field import ConfigError, protection_error
from ..model.statement import Statement, protected
from .edit import Edit
from .wanted_vrfs import WantedVrf, WantedVrfs


class Conflicts:
    """Looks for conflicts in what a plan makes; ``removed`` are the VRFs that it takes out."""

    def __init__(self, request: WantedVrfs, edit: Edit, removed: Collection[str]) -> None:
        self.request = request
        self.edit = edit
        self.removed = removed

    def refuse(self, changes: Statement) -> None:
        """Raise :class:`ConfigError` for the first conflict; ``changes`` is the document that is to be loaded."""
        self._refuse_shared()
        self._refuse_dangling()
        self._refuse_loops()
        self._refuse_protected(changes)

    def _links(self) -> dict[str, dict[str, str]]:
        """Return where tables lead to by static routes once the plan is carried out."""
        links = routing.next_tables(self.edit.after)
        for table, targets in routing.next_tables(self.edit.inherited).items():
            if spell.table_instance(table) not in self.removed:
                links[table] = {**targets, **links.get(table, {})}
        return links

    def _refuse_loops(self) -> None:
        links = self._links()
        for vrf in self.request.vrfs:
            for table in (f"{vrf.name}.inet.0", f"{vrf.name}.inet6.0"):
                for target in links.get(table, {}):
                    way = _way(links, target, table)
                    if way:
                        raise ConfigError(
                            self._route_path(vrf, target),
                            f"next-table may loop: {' -> '.join([table, *way])}",
                        )
                    self._require_table(vrf, target)

    def _require_table(self, vrf: WantedVrf, table: str) -> None:
        name = spell.table_instance(table)
        if self.edit.effective is None or not name:
            return
        rest = table.removeprefix(f"{name}.")
        known = {one.name or "" for tree in (self.edit.after, self.edit.effective) for one in routing.instances(tree)}
        if name not in known - set(self.removed):
            hint = nearest(table, [f"{other}.{rest}" for other in known], most=3)
            raise ConfigError(self._route_path(vrf, table), f"no routing instance has the table {table}{hint}")

    @staticmethod
    def _route_path(vrf: WantedVrf, target: str) -> str:
        given = list(vrf.values.get("static_routes", {}).values())
        place = next((n for n, route in enumerate(given) if route["next_table"] == target), None)
        return f"{vrf.path}.static_routes[{place}].next_table" if place is not None else vrf.path

    def _refuse_protected(self, changes: Statement) -> None:
        """Raise where the document would change what the router protects: it would leave that out and take the rest."""
        way = protected(self.edit.own, changes)
        if way:
            raise ConfigError(self._path_of(way), protection_error(way))

    def _path_of(self, way: Sequence[Statement]) -> str:
        """Return the option that leads to a change of a statement."""
        steps = [(one.tag, one.name) for one in way]
        for vrf in self.request.vrfs:
            terms = [term for term in vrf.steering or () if ("filter", term.filter) in steps]
            own = [term.path for term in terms if ("term", term.name) in steps]
            if ("instance", vrf.name) in steps or own or (terms and not self.request.filters):
                return (own or [vrf.path])[0]
        for one in self.request.filters:
            if ("filter", one.name) in steps or way[0].tag == "interfaces":
                return one.path
        return self.request.vrfs[0].path if self.request.vrfs else "config"

    def _refuse_shared(self) -> None:
        """Raise where two instances come to have what only one can have: an interface, a route distinguisher."""
        holders = [one for tree in (self.edit.after, self.edit.inherited) for one in routing.instances(tree)]
        interfaces: dict[str, set[str]] = {}
        distinguishers: dict[str, set[str]] = {}
        for holder in holders:
            name = holder.name or ""
            for one in holder.all("interface"):
                interfaces.setdefault(one.name or "", set()).add(name)
            distinguisher = holder.value("route-distinguisher", "rd-type")
            if distinguisher is not None:
                distinguishers.setdefault(spell.known(spell.route_distinguisher, distinguisher), set()).add(name)
        for vrf in self.request.vrfs:
            for place, logical in enumerate(vrf.values.get("interfaces", ())):
                for other in sorted(interfaces.get(logical, set()) - {vrf.name}):
                    raise ConfigError(
                        f"{vrf.path}.interfaces[{place}]",
                        f"{logical} is already in routing instance {other}, and an interface is in one; take it out"
                        " there first",
                    )
            given = vrf.values.get("route_distinguisher")
            for other in sorted(distinguishers.get(given, set()) - {vrf.name}) if given else ():
                raise ConfigError(
                    f"{vrf.path}.route_distinguisher",
                    f"{given} is already the route distinguisher of routing instance {other}; choose another one",
                )

    def _refuse_dangling(self) -> None:
        """Raise where a route, or a term that is no steering term or a group's, leads to a VRF that is removed."""
        removed = set(self.removed)
        for table, targets in self._links().items() if removed else ():
            for target, prefix in targets.items():
                if (name := spell.table_instance(target)) in removed:
                    raise self._still_needed(name, f"the route to {prefix} in {table} leads to {target}")
        for tree in (self.edit.after, self.edit.inherited) if removed else ():
            for place, holder in steer.filters(tree):
                for term in holder.all("term"):
                    for name in sorted(removed & steer.instances_of(term)):
                        what = f"term {term.name} of filter {place[1]} leads to it; delete that term first"
                        raise self._still_needed(name, what)

    def _still_needed(self, name: str, why: str) -> ConfigError:
        path = next((vrf.path for vrf in self.request.vrfs if vrf.name == name), "config")
        return ConfigError(path, f"VRF {name} is still needed: {why}")


def _way(links: Mapping[str, Mapping[str, str]], start: str, goal: str) -> list[str]:
    """Return a way from one table to another by static routes, both included; empty where there is none."""
    ways = [[start]]
    seen = {start}
    while ways:
        way = ways.pop()
        if way[-1] == goal:
            return way
        for following in links.get(way[-1], {}):
            if following not in seen:
                seen.add(following)
                ways.append([*way, following])
    return []
