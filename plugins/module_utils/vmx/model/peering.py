# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The router's peering with Contrail: which options describe it, and where each stands in the configuration.

Pure Python. A peering is a BGP group to the control nodes (:data:`GROUP_FIELDS`), the policy that sets the next
hop of what it gives, and a dynamic tunnel to the compute and control nodes (:data:`TUNNEL_FIELDS`);
:data:`ROUTER_FIELDS` are facts of the whole router. The order of the fields is that in which Junos writes the
statements.
"""

# ruff: noqa: D102 - what the methods of a field do is said once, at Field

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ...values.names import fits
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
    descriptions,
    offer_fields,
    parse_fields,
    present_fields,
    read_fields,
    specifications,
    write_fields,
)
from .statement import Statement, Step, entry
from .vrf import MARK

FAMILIES: Mapping[str, tuple[str, ...]] = {
    "inet": ("inet", "unicast"),
    "inet-vpn": ("inet-vpn", "unicast"),
    "inet6": ("inet6", "unicast"),
    "inet6-vpn": ("inet6-vpn", "unicast"),
    "l2vpn": ("l2vpn", "signaling"),
    "evpn": ("evpn", "signaling"),
    "route-target": ("route-target",),
}
"""BGP families and the statement below ``family`` that stands for each, in Junos's order."""

NEXT_HOP_FAMILIES = ("inet", "inet-vpn", "inet6", "inet6-vpn", "evpn")
"""Families that a policy term can match and whose routes have a next hop to set."""

ENCAPSULATIONS = ("gre", "udp")
BGP_GROUPS: tuple[Step, ...] = ("protocols", "bgp")
TUNNELS: tuple[Step, ...] = ("routing-options", "dynamic-tunnels")
POLICIES: tuple[Step, ...] = ("policy-options",)


@dataclass(frozen=True)
class Families(Several):
    """BGP address families; what a family has beside the statement of :data:`FAMILIES` is not modelled."""

    def parse(self, value: Any, path: str) -> Any:
        parsed = super().parse(value, path)
        return tuple(family for family in FAMILIES if family in parsed)

    def read(self, holder: Statement) -> Any:
        found = holder.active(*self.path)
        return tuple(one for one, steps in FAMILIES.items() if found is not None and found.active(*steps) is not None)

    def write(self, holder: Statement, value: Any) -> None:
        for family, steps in FAMILIES.items():
            if family in value:
                holder.ensure(*self.path, *steps)
            elif holder.active(*self.path, *steps) is not None:
                holder.remove(*self.path, *steps)

    def strip(self, holder: Statement) -> None:
        for steps in FAMILIES.values():
            found = holder.active(*self.path, *steps)
            if found is not None and not found.children:
                holder.remove(*self.path, *steps)

    def merge(self, before: Any, wanted: Any) -> Any:
        return tuple(family for family in FAMILIES if family in before or family in wanted)


@dataclass(frozen=True)
class Encapsulation(JunosField):
    """The statement of a dynamic tunnel that says how packets are wrapped; each excludes the other."""

    def read(self, holder: Statement) -> Any:
        return next((one for one in ENCAPSULATIONS if holder.active(one) is not None), None)

    def write(self, holder: Statement, value: Any) -> None:
        for one in ENCAPSULATIONS:
            if one == value:
                holder.ensure(one)
            elif holder.active(one) is not None:
                holder.remove(one)


@dataclass(frozen=True)
class MultihopField(JunosField):
    """The routers that a session may cross: how many as text, empty for as many as Junos allows, None for none.

    It stays when the option is left out: a session that crosses routers does not come up without it.
    """

    @property
    def specification(self) -> OptionSpec:
        return {"type": "dict", "options": {"ttl": {"type": "int"}}}

    @property
    def texts(self) -> Mapping[str, str]:
        return {"ttl": "How far packets go, from 1 to 255; Junos takes 64 where it is left out."}

    def parse(self, value: Any, path: str) -> Any:
        ttl = value.get("ttl")
        return checked(spell.hops, ttl, f"{path}.ttl") if ttl is not None else ""

    def read(self, holder: Statement) -> Any:
        found, hops = holder.active(*self.path), holder.active(*self.path, "ttl")
        return ((hops.text if hops is not None else None) or "") if found is not None else None

    def write(self, holder: Statement, value: Any) -> None:
        if value is None:
            holder.remove(*self.path)
            return
        holder.ensure(*self.path)
        if value:
            holder.ensure(*self.path, "ttl").text = value
        else:
            holder.remove(*self.path, "ttl", keep=frozenset({"multihop"}))

    def strip(self, holder: Statement) -> None:
        found = holder.active(*self.path)
        if found is not None and self.sayable(self.read(holder)) is not None:
            if found.active("ttl") is not None:
                found.remove("ttl")
            if not found.children:
                holder.remove(*self.path)

    def merge(self, before: Any, wanted: Any) -> Any:
        return wanted or before or ""

    def present(self, value: Any) -> Any:
        return None if value is None else {"ttl": int(value)} if value.isdigit() else {}


MULTIHOP = MultihopField(
    "multihop",
    ("multihop",),
    keep=True,
    description=(
        "Lets the sessions of an external group cross other routers.\n"
        "Set by itself where no neighbor of an external group is on a subnet of the router's "
        "interfaces, for without it such a session does not come up. Where some neighbors are and "
        "others are not, these others get it. With O(state=merged) that goes for neighbors that the "
        "router does not have yet.\n"
        "What the router has stays where this is left out."
    ),
)
NEIGHBOR_FIELDS: tuple[JunosField, ...] = (
    JunosField("description", ("description",), spell.description, description="Description of the neighbor."),
    replace(
        MULTIHOP,
        description="Lets the session with this neighbor cross other routers, see O(config[].multihop).",
    ),
    JunosField(
        "local_address",
        ("local-address",),
        spell.address,
        description="Address of the router's end, where it is another than that of the group.",
    ),
    JunosField(
        "hold_time",
        ("hold-time",),
        spell.hold_time,
        int,
        option={"type": "int"},
        description="Hold time in seconds, where it is another than that of the group.",
    ),
    JunosField(
        "peer_as",
        ("peer-as",),
        spell.as_number,
        int,
        option={"type": "int"},
        description="Number of the neighbor's autonomous system. In an internal group that is the router's own.",
    ),
)


@dataclass(frozen=True)
class Neighbors(JunosField):
    """The neighbors of a BGP group by address; the value of each is that of :data:`NEIGHBOR_FIELDS`."""

    @property
    def specification(self) -> OptionSpec:
        address: OptionSpecs = {"address": {"type": "str", "required": True}}
        return {"type": "list", "elements": "dict", "options": address | specifications(NEIGHBOR_FIELDS)}

    @property
    def texts(self) -> Mapping[str, str]:
        return {"address": "Address of the neighbor."} | descriptions(NEIGHBOR_FIELDS)

    @property
    def empty(self) -> Any:
        return {}

    def parse(self, value: Any, path: str) -> Any:
        found: dict[str, Values] = {}
        for place, given in enumerate(value or []):
            here = f"{path}[{place}]"
            address = checked(spell.address, given["address"], f"{here}.address")
            if address in found:
                raise ConfigError(f"{here}.address", f"neighbor {address} is given twice")
            found[address] = {**_absent(NEIGHBOR_FIELDS), **parse_fields(NEIGHBOR_FIELDS, given, here)}
        return found

    def read(self, holder: Statement) -> Any:
        return {self._address(one): read_fields(NEIGHBOR_FIELDS, one) for one in self._active(holder)}

    def write(self, holder: Statement, value: Any) -> None:
        for one in self._active(holder):
            if self._address(one) not in value:
                holder.drop(one)
        known = {self._address(one): one for one in holder.all("neighbor")}
        for address, wanted in value.items():
            if address not in known:
                known[address] = entry("neighbor", address)
                holder.children.append(known[address])
            target = known[address]
            write_fields(NEIGHBOR_FIELDS, target, read_fields(NEIGHBOR_FIELDS, target), wanted)

    def strip(self, holder: Statement) -> None:
        known = self.sayable(self.read(holder))
        for one in self._active(holder):
            if self._address(one) in known:
                for field in NEIGHBOR_FIELDS:
                    field.strip(one)
                if one.is_bare:
                    holder.drop(one)

    def sayable(self, value: Any) -> Any:
        said = {
            address: {one.name: one.sayable(values[one.name]) for one in NEIGHBOR_FIELDS}
            for address, values in value.items()
        }
        return {one: values for one, values in said.items() if self._is_sayable({one: values}, self.present)}

    def merge(self, before: Any, wanted: Any) -> Any:
        merged = dict(before)
        for address, new in wanted.items():
            old = before.get(address, _absent(NEIGHBOR_FIELDS))
            given = {one.name: one.merge(old[one.name], new[one.name]) for one in NEIGHBOR_FIELDS}
            merged[address] = {name: old[name] if new[name] is None else value for name, value in given.items()}
        return merged

    def present(self, value: Any) -> Any:
        return [{"address": address, **present_fields(NEIGHBOR_FIELDS, one)} for address, one in value.items()]

    @staticmethod
    def _active(holder: Statement) -> list[Statement]:
        return [one for one in holder.all("neighbor") if one.is_active]

    @staticmethod
    def _address(one: Statement) -> str:
        try:
            return spell.address(one.name or "")
        except ValueError:
            return one.name or ""


GROUP_FIELDS: tuple[JunosField, ...] = (
    JunosField(
        "type",
        ("type",),
        keep=True,
        option={"choices": ["internal", "external"]},
        description="Type of the BGP group; V(internal) where left out of a new one.",
    ),
    JunosField(
        "description",
        ("description",),
        spell.description,
        description="Description of the BGP group. An empty text removes it.",
    ),
    MULTIHOP,
    JunosField(
        "local_address", ("local-address",), spell.address, description="Address of the router's end of the sessions."
    ),
    JunosField(
        "hold_time",
        ("hold-time",),
        spell.hold_time,
        int,
        option={"type": "int"},
        description="Seconds after which a silent neighbor counts as down; 90 where left out.",
    ),
    Families(
        "families",
        ("family",),
        option={"choices": list(FAMILIES)},
        description="Address families to exchange. Needed for a new group.",
    ),
    Several(
        "export_policies",
        ("export",),
        spell.label,
        ordered=True,
        description=(
            "Policies that choose and change what is given to the neighbors, in order.\n"
            "They must be on the router, but for the first one where O(config[].next_hop_self) is "
            "given.\n"
            "Left out together with O(config[].next_hop_self), nothing is said; with it, it is the name "
            "of the peering and C(-export)."
        ),
    ),
    Neighbors("neighbors", description="The control nodes."),
)

TUNNEL_FIELDS: tuple[JunosField, ...] = (
    JunosField(
        "source_address",
        ("source-address",),
        spell.address,
        keep=True,
        description="Address of the router's end; O(config[].local_address) where left out of a new tunnel.",
    ),
    Encapsulation(
        "encapsulation",
        keep=True,
        option={"choices": list(ENCAPSULATIONS)},
        description=(
            "How packets are wrapped; V(gre) where left out of a new tunnel.\n"
            "Steering by a filter together with routes to another table is said not to work over "
            "V(udp)."
        ),
    ),
    Entries(
        "destinations",
        ("destination-networks",),
        spell.prefix,
        understand=spell.matched_prefix,
        description=(
            "Prefixes with the addresses of compute and control nodes; a tunnel is made to each next hop in them."
        ),
    ),
)

SLOT_MAX = 255


@dataclass(frozen=True)
class TunnelServices(JunosField):
    """The PICs that do tunnels, by slot of the FPC and of the PIC; the value of each is its bandwidth or
    None."""

    @property
    def specification(self) -> OptionSpec:
        slot: OptionSpec = {"type": "int", "required": True}
        return {
            "type": "list",
            "elements": "dict",
            "options": {"fpc": slot, "pic": slot.copy(), "bandwidth": {"type": "str"}},
        }

    @property
    def texts(self) -> Mapping[str, str]:
        bandwidth = "Bandwidth to reserve, such as V(10g)."
        return {"fpc": "Slot of the FPC.", "pic": "Slot of the PIC.", "bandwidth": bandwidth}

    @property
    def empty(self) -> Any:
        return {}

    def parse(self, value: Any, path: str) -> Any:
        found: dict[tuple[str, str], str | None] = {}
        for place, given in enumerate(value or []):
            for name in ("fpc", "pic"):
                if not 0 <= given[name] <= SLOT_MAX:
                    raise ConfigError(f"{path}[{place}].{name}", f"is the number of a slot from 0 to {SLOT_MAX}")
            slots = (str(given["fpc"]), str(given["pic"]))
            if slots in found:
                raise ConfigError(f"{path}[{place}]", f"PIC {slots[1]} of FPC {slots[0]} is given twice")
            bandwidth = given.get("bandwidth")
            found[slots] = checked(spell.bandwidth, bandwidth, f"{path}[{place}].bandwidth") if bandwidth else None
        return found

    def read(self, holder: Statement) -> Any:
        chassis = holder.active("chassis")
        return {
            (fpc.name or "", pic.name or ""): bandwidth.text if bandwidth is not None else None
            for fpc in (chassis.all("fpc") if chassis is not None else [])
            for pic in fpc.all("pic")
            if fpc.is_active and pic.is_active and (services := pic.active("tunnel-services")) is not None
            for bandwidth in (services.active("bandwidth"),)
        }

    def write(self, holder: Statement, value: Any) -> None:
        for fpc, pic in self.read(holder):
            if (fpc, pic) not in value:
                self._take_out(holder, fpc, pic)
        for (fpc, pic), bandwidth in value.items():
            services = holder.ensure("chassis", ("fpc", fpc), ("pic", pic), "tunnel-services")
            if bandwidth is not None:
                services.ensure("bandwidth").text = bandwidth

    def merge(self, before: Any, wanted: Any) -> Any:
        return {**before, **{slots: bandwidth or before.get(slots) for slots, bandwidth in wanted.items()}}

    def present(self, value: Any) -> Any:
        return [
            {"fpc": int(fpc), "pic": int(pic), **({"bandwidth": bandwidth} if bandwidth else {})}
            for (fpc, pic), bandwidth in value.items()
        ]

    def sayable(self, value: Any) -> Any:
        said = {
            slots: bandwidth if self._is_sayable({slots: bandwidth}, self.present) else None
            for slots, bandwidth in value.items()
        }
        return {slots: one for slots, one in said.items() if self._is_sayable({slots: one}, self.present)}

    def note(self, value: Any) -> str:
        return ",".join(f"{fpc}/{pic}" for fpc, pic in value)

    def noted(self, word: str) -> Any:
        return {(fpc, pic): None for fpc, _slash, pic in (one.partition("/") for one in word.split(","))}

    @staticmethod
    def _take_out(holder: Statement, fpc: str, pic: str) -> None:
        trail: tuple[Step, ...] = ("chassis", ("fpc", fpc), ("pic", pic))
        holder.remove(*trail, "tunnel-services")
        while len(trail) > 1:
            found = holder.find(*trail)
            if found is not None and found.is_bare:
                holder.remove(*trail)
            trail = trail[:-1]


ROUTER_FIELDS: tuple[JunosField, ...] = (
    TunnelServices("tunnel_services", description="PICs that do tunnels. GRE tunnels need one."),
    JunosField(
        "router_id",
        ("routing-options", "router-id"),
        spell.ipv4_address,
        description="Identifier of the router, an IPv4 address.",
    ),
    JunosField(
        "route_distinguisher_id",
        ("routing-options", "route-distinguisher-id"),
        spell.ipv4_address,
        description="IPv4 address from which the router makes route distinguishers for VRFs that have none.",
    ),
    JunosField(
        "autonomous_system",
        ("routing-options", "autonomous-system", "as-number"),
        spell.as_number,
        int,
        option={"type": "int"},
        description="Number of the router's autonomous system. A new one starts every BGP session anew.",
    ),
    Presence(
        "ipv6_tunneling",
        ("protocols", "mpls", "ipv6-tunneling"),
        description=(
            "Whether IPv6 routes may use MPLS tunnels over IPv4, which C(inet6-vpn) routes over GRE "
            "need. V(false) turns it off."
        ),
    ),
)


def _absent(fields: tuple[JunosField, ...]) -> Values:
    return {one.name: one.empty for one in fields}


def keep_multihop(before: Mapping[str, Values], after: Mapping[str, Values]) -> dict[str, Values]:
    """Return neighbors of a group that keep the ``multihop`` they have where the task says nothing about it."""
    return {
        address: {**neighbor, "multihop": before[address]["multihop"]}
        if neighbor["multihop"] is None and address in before
        else neighbor
        for address, neighbor in after.items()
    }


def absent_group() -> Values:
    """Return the values of a BGP group that is not there."""
    return _absent(GROUP_FIELDS)


def absent_tunnel() -> Values:
    """Return the values of a dynamic tunnel that is not there."""
    return _absent(TUNNEL_FIELDS)


def is_marked(holder: Statement | None) -> bool:
    """Return whether a BGP group or dynamic tunnel carries our mark: it was made by us (option ``mark``)."""
    return holder is not None and holder.child(("apply-macro", MARK)) is not None


def mark(holder: Statement) -> None:
    """Mark a BGP group or dynamic tunnel as made by us."""
    holder.ensure(("apply-macro", MARK))


def marked_facts(configuration: Statement, name: str) -> Values:
    """Return the facts of the whole router that were added for a peering, as its mark tells them."""
    group = bgp_group(configuration, name)
    macro = group.child(("apply-macro", MARK)) if group is not None else None
    noted = {one.name: one.value("value") or "" for one in (macro.all("data") if macro is not None else [])}
    return {one.name: one.noted(noted[one.name]) for one in ROUTER_FIELDS if one.name in noted}


def mark_facts(configuration: Statement, name: str, facts: Values) -> None:
    """Note in the mark of a peering which facts of the whole router were added for it; earlier notes stay."""
    group = bgp_group(configuration, name)
    if group is None or not is_marked(group):
        return
    for one in ROUTER_FIELDS:
        if one.name in facts:
            note = group.ensure(("apply-macro", MARK), ("data", one.name), "value")
            note.text = one.note(facts[one.name])


def bgp_group(configuration: Statement, name: str) -> Statement | None:
    """Return one BGP group."""
    return configuration.find(*BGP_GROUPS, ("group", name))


def bgp_groups(configuration: Statement) -> list[Statement]:
    """Return all BGP groups of the main instance."""
    holder = configuration.find(*BGP_GROUPS)
    return holder.all("group") if holder is not None else []


def tunnel(configuration: Statement, name: str) -> Statement | None:
    """Return one dynamic tunnel."""
    return configuration.find(*TUNNELS, ("dynamic-tunnel", name))


def tunnels(configuration: Statement) -> list[Statement]:
    """Return all dynamic tunnels."""
    holder = configuration.find(*TUNNELS)
    return holder.all("dynamic-tunnel") if holder is not None else []


def policy(configuration: Statement, name: str) -> Statement | None:
    """Return one policy."""
    return configuration.find(*POLICIES, ("policy-statement", name))


def remove_entry(configuration: Statement, path: tuple[Step, ...], step: Step) -> None:
    """Take a list entry out of a configuration, and the containers that it leaves empty."""
    configuration.remove(*path, step)


def next_hop_self_term(family: str) -> Statement:
    """Return the term that makes the router the next hop of a family's routes, and leaves the verdict to what
    follows."""
    matched = Statement("from", children=[Statement("family", family)])
    itself = Statement("next-hop", children=[Statement("self")])
    return entry("term", family, matched, Statement("then", children=[itself]))


def next_hop_self_families(holder: Statement) -> tuple[str, ...]:
    """Return the families for which a policy has the term of :func:`next_hop_self_term`."""
    return tuple(
        one.name or ""
        for one in holder.all("term")
        if one.children == next_hop_self_term(one.name or "").children and "inactive" not in one.attributes
    )


def is_next_hop_self(holder: Statement) -> bool:
    """Return whether a policy consists of nothing but such terms."""
    return len(next_hop_self_families(holder)) == len(holder.children) - 1


def policy_references(configuration: Statement, name: str) -> list[str]:
    """Return where a policy is named below protocols, routing-options, policy-options and routing-instances, by itself
    or in an expression such as ``( P && ! Q )``, as the tags that lead there."""
    found: list[str] = []
    for section in configuration.children:
        found += _references(section, name, section.tag)
    return found


_EXPRESSION = re.compile(r"[()!&|\s]+")
"""What sets the names of policies apart in an expression of them (Junos: logical operators in policies)."""


def _names_policy(leaf: Statement, name: str) -> bool:
    """Return whether a leaf names policies: ``import``, ``export``, ``policy`` or one named after these."""
    kind = leaf.tag.rpartition("-")[2]
    return kind in ("import", "export", "policy") and name in _EXPRESSION.split(leaf.text or "")


def _references(holder: Statement, name: str, way: str) -> list[str]:
    found: list[str] = []
    for child in holder.children:
        here = f"{way} {child.tag}" + (f" {child.name}" if child.name else "")
        if not child.children and _names_policy(child, name):
            found.append(here)
        found += _references(child, name, here)
    return found


def unmanaged(holder: Statement, fields: tuple[JunosField, ...]) -> Statement | None:
    """Return what a group or tunnel holds beyond the statements that are modelled here; None when nothing."""
    rest = holder.copy()
    rest.remove(("apply-macro", MARK))
    for one in fields:
        one.strip(rest)
    return None if rest.is_bare else rest


def offer_peering(configuration: Statement, name: str) -> Values:
    """Return what a task can say of the peering of this name; empty where it has no BGP group.

    Given the configuration without what is deactivated.
    """
    group, dynamic = bgp_group(configuration, name), tunnel(configuration, name)
    if group is None:
        return {}
    values = read_fields(GROUP_FIELDS, group)
    offered: dict[str, Any] = {"name": name, **offer_fields(GROUP_FIELDS, values)}
    first = values["export_policies"][0] if values["export_policies"] else None
    told = first is not None and first in offered.get("export_policies", ())
    holder = policy(configuration, first or "") if told else None
    families = [one for one in next_hop_self_families(holder) if one in NEXT_HOP_FAMILIES] if holder is not None else []
    if families:
        offered["next_hop_self"] = families
    if is_marked(group):
        offered["mark"] = True
    if dynamic is not None and fits(spell.tunnel_name, name):
        offered["tunnels"] = offer_fields(TUNNEL_FIELDS, read_fields(TUNNEL_FIELDS, dynamic))
    return offered if fits(spell.label, name) else {}


def present_peering(configuration: Statement, name: str) -> Values:
    """Return the peering of this name in the shape of an item of ``config``, empty where there is none."""
    group, dynamic = bgp_group(configuration, name), tunnel(configuration, name)
    shown: dict[str, Any] = {}
    if group is not None:
        values = read_fields(GROUP_FIELDS, group)
        shown |= present_fields(GROUP_FIELDS, values)
        first = policy(configuration, values["export_policies"][0]) if values["export_policies"] else None
        families = next_hop_self_families(first) if first is not None else ()
        if families:
            shown["next_hop_self"] = list(families)
        if is_marked(group):
            shown["mark"] = True
    if dynamic is not None:
        shown["tunnels"] = present_fields(TUNNEL_FIELDS, read_fields(TUNNEL_FIELDS, dynamic))
    return {"name": name, **shown} if shown or group is not None else {}
