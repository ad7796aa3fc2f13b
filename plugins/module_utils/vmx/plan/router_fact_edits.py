# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Facts of a whole router as a plan makes them: added or changed, and taken out where nobody needs them."""

from __future__ import annotations

from typing import Any

from ..model import peering as peers
from ..model.field import ConfigError, JunosField, Values, refuse_inactive_way
from ..model.statement import Statement
from .edit import Edit
from .wanted_peerings import DEVICE_MANAGER, ROUTER_FIELDS, WantedPeering, WantedPeerings


class RouterFactEdits:
    """The edits of facts of the whole router, which all users share."""

    def __init__(self, request: WantedPeerings, edit: Edit) -> None:
        self.request = request
        self.edit = edit

    def write(self) -> Values:
        """Add or change them; they are everybody's, so nothing of them is ever taken away here.

        Return what was added where the router had nothing.
        """
        added: dict[str, Any] = {}
        for name, wanted in self.request.router.items():
            field = ROUTER_FIELDS[name]
            path = f"router.{name}"
            before = field.read(self.edit.own)
            after = field.merge(before, wanted)
            if after == before:
                continue
            refuse_inactive_way(self.edit.own, field.path or ("chassis",), path)
            if before == field.empty and self.edit.effective is not None:
                inherited = field.read(self.edit.effective)
                if field.merge(inherited, wanted) == inherited:
                    continue  # a group gives it already
                self._refuse_owned_fact(field, self.edit.effective, inherited, path)
            field.write(self.edit.after, after)
            if isinstance(after, dict):
                added[name] = {key: value for key, value in after.items() if key not in before}
            elif before == field.empty:
                added[name] = after
            if name == "autonomous_system" and before not in (None, after):
                self.edit.warnings.append(
                    f"the AS number changes from {before} to {after}: every BGP session starts anew"
                )
        return {name: value for name, value in added.items() if value}

    def _refuse_owned_fact(self, field: JunosField, effective: Statement, inherited: Any, path: str) -> None:
        found = effective.find(*field.path) if field.path else None
        owner = found.attributes.get("group", "") if found is not None else ""
        if owner.startswith(DEVICE_MANAGER):
            raise ConfigError(
                path,
                f"the router has {field.present(inherited)} through configuration group {owner} of Contrail's device"
                " manager; change it in Contrail (properties of the physical-router and the bgp-router)",
            )

    def note(self, added: Values) -> None:
        """Note on the first peering of ours which facts of the router came with it, so that they can go with it."""
        for one in self.request.peerings:
            if one.mark and peers.is_marked(peers.bgp_group(self.edit.after, one.name)):
                peers.mark_facts(self.edit.after, one.name, added)
                return

    def noted(self, one: WantedPeering) -> Values:
        """Return the facts of the router that came with a peering that goes with its mark."""
        return peers.marked_facts(self.edit.after, one.name) if one.mark else {}

    def delete(self, facts: Values) -> None:
        """Take out what is as given and nobody needs; tell what stays."""
        for name, given in facts.items():
            field = ROUTER_FIELDS[name]
            have = field.read(self.edit.after)
            if name == "tunnel_services":
                rest = {slots: bandwidth for slots, bandwidth in have.items() if slots not in given}
                gone = have != rest
                if rest:  # another PIC serves what needs one
                    field.write(self.edit.after, rest)
                    continue
            else:
                rest, gone = field.empty, have != field.empty
                if gone and have != given:
                    self.edit.warnings.append(
                        f"{_words(name)} is {field.present(have)}, not {field.present(given)}; it stays"
                    )
                    continue
            needed = self._needed_for(name) if gone else None
            if needed is not None:
                self.edit.warnings.append(f"{_words(name)} is still needed by {needed}; it stays")
            elif gone:
                field.write(self.edit.after, rest)

    def _needed_for(self, name: str) -> str | None:
        """Return what else of the router needs a fact of it, None where nothing does."""
        removed = set(self.request.names) if self.request.state == "deleted" else set()
        trees = [self.edit.after, *([self.edit.effective] if self.edit.effective is not None else [])]
        if name in ("autonomous_system", "router_id"):
            left = [one for tree in trees for one in peers.bgp_groups(tree)]
            return next((f"BGP group {one.name}" for one in left if one.name not in removed), None)
        if name == "tunnel_services":
            left = [one for tree in trees for one in peers.tunnels(tree)]
            return next((f"dynamic tunnel {one.name}" for one in left if one.name not in removed), None)
        if name == "route_distinguisher_id":
            return next((f"VRF {one}" for tree in trees for one in _without_distinguisher(tree)), None)
        return None


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
