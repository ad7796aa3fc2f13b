# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""VRFs as a plan makes them: created, changed, taken out."""

from __future__ import annotations

from collections.abc import Iterable

from ..model import vrf as routing
from ..model.field import ConfigError, Values, refuse_inactive_way
from ..model.statement import Statement
from .edit import Edit
from .wanted_vrfs import WantedVrf, WantedVrfs


class VrfEdits:
    """The edits of VRFs; ``removed`` are those that it takes out."""

    def __init__(self, request: WantedVrfs, edit: Edit) -> None:
        self.request = request
        self.edit = edit
        self.removed: list[str] = []

    def refuse_all_inherited(self) -> None:
        """Raise where a VRF that is named exists only through a configuration group."""
        for vrf in self.request.vrfs:
            self._refuse_inherited(vrf)

    def _refuse_inherited(self, vrf: WantedVrf) -> None:
        if self.edit.effective is None or routing.instance(self.edit.own, vrf.name) is not None:
            return
        found = routing.instance(self.edit.effective, vrf.name)
        if found is not None:
            group = found.attributes.get("group", "another")
            raise ConfigError(
                f"{vrf.path}.name",
                f"routing instance {vrf.name} exists only through configuration group {group}, whose owner would"
                " change it at will; choose another name",
            )

    def converge(self, vrf: WantedVrf) -> None:
        """Make a VRF what is wanted."""
        refuse_inactive_way(self.edit.own, ("routing-instances",), f"{vrf.path}.name")
        holder = routing.instance(self.edit.own, vrf.name)
        before = routing.absent_vrf(vrf.name)
        if holder is not None:
            inherited = routing.instance(self.edit.effective, vrf.name) if self.edit.effective is not None else None
            kind = (inherited or holder).value("instance-type")
            if kind != routing.INSTANCE_TYPE:
                raise ConfigError(
                    f"{vrf.path}.name",
                    f"routing instance {vrf.name} is of type {kind or 'forwarding'}, not vrf",
                )
            before = routing.read_vrf(holder, vrf.path)
        after = routing.combine_vrf(before, {"name": vrf.name, **vrf.values}, exact=self.request.exact)
        if any(before[name] != after[name] for mode in routing.TARGET_MODES for name in mode):
            self._refuse_mixed_targets(vrf, after)
        routing.write_vrf(self.edit.after, before, self._without_given(vrf, before, after), vrf.path)
        self._tell_kept_label(vrf, after)
        self._refuse_unbeaten_groups(vrf, after)
        self._require_distinguisher(vrf, after)
        if before["route_distinguisher"] != after["route_distinguisher"]:
            self._tell_shared_distinguisher(vrf, after)

    def _without_given(self, vrf: WantedVrf, before: Values, after: Values) -> Values:
        """Return the values to write: a statement without a value that a group gives already is not made again."""
        inherited = routing.instance(self.edit.inherited, vrf.name)
        given = [
            one.name
            for one in routing.VRF_FIELDS
            if inherited is not None and after[one.name] is True and not before[one.name] and one.read(inherited)
        ]
        return {**after, **dict.fromkeys(given, False)}

    def _tell_kept_label(self, vrf: WantedVrf, after: Values) -> None:
        holder = routing.instance(self.edit.after, vrf.name)
        if holder is not None and not after["table_label"] and routing.read_vrf(holder)["table_label"]:
            self.edit.warnings.append(
                f"vrf-table-label of VRF {vrf.name} stays, because it holds statements that this module does not"
                " model; see unmanaged"
            )

    def _refuse_unbeaten_groups(self, vrf: WantedVrf, after: Values) -> None:
        """Raise where the task wants nothing of a statement that a group gives: what is not there beats no group."""
        inherited = routing.instance(self.edit.inherited, vrf.name)
        if inherited is None:
            return
        for one in routing.VRF_FIELDS:
            adds = isinstance(one.empty, (tuple, dict)) and not self.request.exact
            if one.name not in vrf.values or adds or after[one.name] != one.empty:
                continue
            if given := one.read(inherited):
                group = next(part.attributes["group"] for part in inherited.walk() if "group" in part.attributes)
                raise ConfigError(
                    f"{vrf.path}.{one.name}",
                    f"VRF {vrf.name} has {one.present(given)} through a configuration group (such as {group}), which"
                    " leaving it out does not beat; change the group, or add apply-groups-except to the instance",
                )

    def _tell_shared_distinguisher(self, vrf: WantedVrf, after: Values) -> None:
        automatic = (
            self.edit.effective.value("routing-options", "route-distinguisher-id")
            if self.edit.effective is not None
            else None
        )
        given = after["route_distinguisher"]
        if automatic and given and given.partition(":")[0] == automatic:
            self.edit.warnings.append(
                f"route distinguisher {given} of VRF {vrf.name} shares its address with route-distinguisher-id, from"
                " which the router makes distinguishers of its own; two VRFs may come to have the same"
            )

    def _refuse_mixed_targets(self, vrf: WantedVrf, after: Values) -> None:
        inherited = routing.instance(self.edit.effective, vrf.name) if self.edit.effective is not None else None
        through_groups = [
            name
            for name, value in (routing.read_vrf(inherited) if inherited is not None else {}).items()
            if any(name in mode for mode in routing.TARGET_MODES)
            and value
            and not routing.read_vrf(routing.instance(self.edit.own, vrf.name) or Statement("instance"))[name]
        ]
        given = routing.target_modes(vrf.values)
        modes = routing.target_modes({**after, **dict.fromkeys(through_groups, True)})
        if len(modes) > 1:
            other = next(mode for mode in modes if mode not in given)
            where = "through a configuration group" if other in through_groups else "on the router"
            raise ConfigError(
                f"{vrf.path}.{given[0] if given else other}",
                f"VRF {vrf.name} has {other} {where}, and the two do not mix;"
                " use state replaced to go from one to the other",
            )

    def _require_distinguisher(self, vrf: WantedVrf, after: Values) -> None:
        if self.edit.effective is None or after["route_distinguisher"]:
            return
        inherited = routing.instance(self.edit.inherited, vrf.name)
        if inherited is not None and inherited.value("route-distinguisher", "rd-type"):
            return
        known = self.edit.effective.value("routing-options", "route-distinguisher-id")
        if not (known or self.request.plans_distinguisher_id):
            raise ConfigError(
                f"{vrf.path}.route_distinguisher",
                f"is needed for VRF {vrf.name}: the router has no routing-options route-distinguisher-id",
            )

    def remove(self, names: Iterable[str]) -> None:
        """Take out VRFs that are there."""
        there = [name for name in dict.fromkeys(names) if routing.instance(self.edit.after, name) is not None]
        routing.remove_vrfs(self.edit.after, there)
        self.removed += there
