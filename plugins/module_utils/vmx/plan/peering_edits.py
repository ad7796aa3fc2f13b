# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""BGP groups, their export policies and dynamic tunnels as a plan makes them: created, changed, taken out."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_address, ip_interface
from typing import Any

from ...values.hints import nearest
from ..model import peering as peers
from ..model import values as spell
from ..model import vrf as routing
from ..model.field import (
    ConfigError,
    Values,
    combine,
    read_fields,
    refuse_deactivated,
    refuse_inactive,
    refuse_inactive_way,
    write_fields,
)
from ..model.filter import FAMILIES, units
from ..model.statement import Statement, entry
from .edit import Edit
from .wanted_peerings import ROUTER_FIELDS, WantedPeering, WantedPeerings

DEFAULT_TYPE = "internal"
EXTERNAL_TYPE = "external"
DEFAULT_ENCAPSULATION = "gre"


class PeeringEdits:
    """The edits of peerings; ``exact``: what is not given is deleted."""

    def __init__(self, request: WantedPeerings, edit: Edit) -> None:
        self.request = request
        self.edit = edit
        self.exact = request.state == "replaced"

    def converge(self, one: WantedPeering) -> None:
        """Make a peering what is wanted."""
        self._converge_group(one)
        if one.next_hop_self is not None:
            self._converge_policy(one)
        if one.tunnel is not None:
            self._converge_tunnel(one, one.tunnel)
        self._require_policies(one)

    def _converge_group(self, one: WantedPeering) -> None:
        holder = peers.bgp_group(self.edit.own, one.name)
        before = peers.absent_group()
        refuse_inactive_way(self.edit.own, (*peers.BGP_GROUPS, ("group", one.name)), one.path)
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
        target = peers.bgp_group(self.edit.after, one.name)
        if target is None:
            target = entry("group", one.name)
            self.edit.after.ensure(*peers.BGP_GROUPS).children.append(target)
            if one.mark:
                peers.mark(target)
        write_fields(peers.GROUP_FIELDS, target, before, after)
        refuse_deactivated(peers.GROUP_FIELDS, target, after, one.path)

    def _add_multihop(self, one: WantedPeering, before: Values, after: dict[str, Any]) -> None:
        """Let external sessions cross other routers where their neighbors are not on a subnet of the router.

        Without that Junos brings up external sessions with its direct neighbors alone. State merged does so for new
        neighbors alone, so that what was gathered can be merged again without a change.
        """
        if self.edit.effective is None or after["type"] != EXTERNAL_TYPE or after["multihop"] is not None:
            return
        given = (self.edit.effective.find(*peers.BGP_GROUPS), peers.bgp_group(self.edit.inherited, one.name))
        if any(holder is not None and holder.child("multihop") is not None for holder in given):
            return
        subnets = connected_subnets(self.edit.effective)
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

    def _require_as(self, one: WantedPeering, after: Values) -> None:
        """Raise where neighbors are not of the AS that the type of their group says."""
        field = ROUTER_FIELDS["autonomous_system"]
        number = field.read(self.edit.after)
        if number is None and self.edit.effective is not None:
            number = field.read(self.edit.effective)
            if number is None:
                raise ConfigError("router.autonomous_system", "is needed: the router has none yet")
        group = peers.bgp_group(self.edit.after, one.name)
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

    def _converge_policy(self, one: WantedPeering) -> None:
        """Give the first export policy of a peering the terms that make the router the next hop."""
        families = one.next_hop_self or ()
        name = one.values["export_policies"][0]
        holder = peers.policy(self.edit.after, name)
        if holder is None:
            if self.edit.effective is not None and (found := peers.policy(self.edit.effective, name)) is not None:
                raise ConfigError(
                    f"{one.path}.export_policies[0]",
                    f"policy {name} exists only through configuration group"
                    f" {found.attributes.get('group', 'another')}; choose another name",
                )
            if not families:
                return
            holder = entry("policy-statement", name)
            self.edit.after.ensure(*peers.POLICIES).children.append(holder)
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

    def _require_policies(self, one: WantedPeering) -> None:
        if self.edit.effective is None:
            return
        known = {
            found.name or ""
            for tree in (self.edit.after, self.edit.effective)
            for found in (tree.find(*peers.POLICIES) or Statement("policy-options")).all("policy-statement")
        }
        group = peers.bgp_group(self.edit.own, one.name)
        known |= {one.text or "" for one in (group.all("export") if group is not None else ())}
        for place, name in enumerate(one.values.get("export_policies", ())):
            if name not in known:
                raise ConfigError(
                    f"{one.path}.export_policies[{place}]",
                    f"the router has no policy {name}{nearest(name, known, most=3)}; next_hop_self makes the first one",
                )

    def _converge_tunnel(self, one: WantedPeering, wanted: Values) -> None:
        holder = peers.tunnel(self.edit.own, one.name)
        before = peers.absent_tunnel()
        refuse_inactive_way(self.edit.own, (*peers.TUNNELS, ("dynamic-tunnel", one.name)), f"{one.path}.tunnels")
        if holder is not None:
            before = read_fields(peers.TUNNEL_FIELDS, holder)
        after = combine(peers.TUNNEL_FIELDS, before, wanted, exact=self.exact)
        if holder is not None and after == before:
            return
        if after["source_address"] is None:
            group = peers.bgp_group(self.edit.after, one.name)
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
        target = peers.tunnel(self.edit.after, one.name)
        if target is None:
            target = entry("dynamic-tunnel", one.name)
            self.edit.after.ensure(*peers.TUNNELS).children.append(target)
            if one.mark:
                peers.mark(target)
        write_fields(peers.TUNNEL_FIELDS, target, before, after)
        refuse_deactivated(peers.TUNNEL_FIELDS, target, after, f"{one.path}.tunnels")

    def remark(self) -> None:
        """Say what keeps GRE tunnels from coming up."""
        if self.edit.effective is None or ROUTER_FIELDS["tunnel_services"].read(self.edit.effective):
            return
        needs = [one.name for one in self.request.peerings if _is_gre(peers.tunnel(self.edit.after, one.name))]
        if needs and not ROUTER_FIELDS["tunnel_services"].read(self.edit.after):
            self.edit.warnings.append(
                f"dynamic tunnel {needs[0]} does not come up: no PIC of the router does tunnel services;"
                " set router.tunnel_services"
            )

    def delete(self, one: WantedPeering) -> None:
        """Take out a peering that is ours, with the policy that was made for it."""
        group, tunnel = peers.bgp_group(self.edit.after, one.name), peers.tunnel(self.edit.after, one.name)
        policies = read_fields(peers.GROUP_FIELDS, group)["export_policies"] if group is not None else ()
        if self._goes(one, "BGP group", group):
            peers.remove_entry(self.edit.after, peers.BGP_GROUPS, ("group", one.name))
            for name in policies[:1]:
                self._delete_policy(name)
        if self._goes(one, "dynamic tunnel", tunnel):
            peers.remove_entry(self.edit.after, peers.TUNNELS, ("dynamic-tunnel", one.name))

    def _goes(self, one: WantedPeering, what: str, holder: Statement | None) -> bool:
        """Return whether a group or tunnel is there to be deleted; tell of one that is not ours."""
        if holder is not None and one.mark and not peers.is_marked(holder):
            self.edit.warnings.append(f"{what} {one.name} does not carry our mark, so it was not made here; it stays")
            return False
        return holder is not None

    def _delete_policy(self, name: str) -> None:
        """Delete an export policy in which nothing but our terms is, and that nothing else uses."""
        holder = peers.policy(self.edit.after, name)
        used = any(peers.policy_references(tree, name) for tree in (self.edit.after, self.edit.inherited))
        if holder is not None and peers.is_next_hop_self(holder) and not used:
            peers.remove_entry(self.edit.after, peers.POLICIES, ("policy-statement", name))


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
