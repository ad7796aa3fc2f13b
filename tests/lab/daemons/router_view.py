# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the router's control plane takes from its effective configuration: interfaces, VRFs, BGP, tunnels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import ip_interface

from lxml import etree

FAMILIES = {4: "inet", 6: "inet6"}


@dataclass(frozen=True)
class StaticRoute:
    """A static route; one of `next_table`, `next_hops` or `discard` says where it leads."""

    prefix: str
    next_table: str | None = None
    next_hops: tuple[str, ...] = ()
    discard: bool = False
    preference: int = 5


@dataclass(frozen=True)
class Vrf:
    """A routing instance of type vrf. `auto_export` has the families that leak between the router's VRFs."""

    name: str
    imports: frozenset[str]
    exports: frozenset[str]
    statics: tuple[StaticRoute, ...]
    interfaces: tuple[str, ...]
    table_label: bool
    auto_export: frozenset[str]
    distinguisher: str = ""


@dataclass(frozen=True)
class Neighbor:
    """A BGP neighbor of the main instance, with what it has from its group; None where not given."""

    address: str
    internal: bool
    families: frozenset[str]
    local_address: str | None = None
    peer_as: int | None = None


@dataclass(frozen=True)
class RouterView:
    """The router as its routing processes see it.

    `interfaces` maps logical interfaces to addresses with prefix lengths; `tunnels` are the destination
    networks of dynamic GRE tunnels; `tunnel_interface` is the gr interface of the first PIC with tunnel
    services.
    """

    interfaces: dict[str, tuple[str, ...]] = field(default_factory=dict)
    statics: tuple[StaticRoute, ...] = ()
    vrfs: tuple[Vrf, ...] = ()
    neighbors: tuple[Neighbor, ...] = ()
    tunnels: tuple[str, ...] = ()
    tunnel_interface: str | None = None
    autonomous_system: int | None = None
    router_id: str | None = None


def view_of(tree: etree._Element) -> RouterView:
    """Read an effective configuration: groups applied, deactivated statements left out, no namespaces."""
    autonomous_system = _text(tree, "routing-options/autonomous-system/as-number") or _text(
        tree, "routing-options/autonomous-system"
    )
    policies = _Policies(tree)
    return RouterView(
        interfaces=_interfaces(tree),
        statics=_statics(tree),
        vrfs=tuple(
            _vrf(instance, policies)
            for instance in tree.iterfind("routing-instances/instance")
            if _text(instance, "instance-type") == "vrf"
        ),
        neighbors=tuple(_neighbors(tree)),
        tunnels=tuple(_names(tree, "routing-options/dynamic-tunnels/dynamic-tunnel[gre]/destination-networks")),
        tunnel_interface=_tunnel_interface(tree),
        autonomous_system=int(autonomous_system) if autonomous_system else None,
        router_id=_text(tree, "routing-options/router-id"),
    )


class _Policies:
    """Route targets that policies import and export, by the names of the policies."""

    def __init__(self, tree: etree._Element) -> None:
        self._statements = {_name(one): one for one in tree.iterfind("policy-options/policy-statement")}
        self._communities = {
            _name(one): {str(member.text).strip() for member in one.iterfind("members")}
            for one in tree.iterfind("policy-options/community")
        }

    def imported(self, policy: str) -> set[str]:
        """Return the targets that a vrf-import policy accepts."""
        return self._targets(policy, "from/community")

    def exported(self, policy: str) -> set[str]:
        """Return the targets that a vrf-export policy adds to what it accepts."""
        return self._targets(policy, "then/community[add]/community-name") | self._targets(
            policy, "then/community[set]/community-name"
        )

    def _targets(self, policy: str, path: str) -> set[str]:
        statement = self._statements.get(policy)
        if statement is None:
            return set()
        terms = [*statement.iterfind("term"), statement]
        names = {
            str(element.text).strip()
            for term in terms
            if term.find("then/accept") is not None
            for element in term.iterfind(path)
        }
        return {target for name in names for target in self._communities.get(name, ())}


def _vrf(instance: etree._Element, policies: _Policies) -> Vrf:
    both = {_target(one) for one in instance.iterfind("vrf-target/community")}
    imports = {_target(one) for one in instance.iterfind("vrf-target/import")} or both
    exports = {_target(one) for one in instance.iterfind("vrf-target/export")} or both
    for policy in instance.iterfind("vrf-import"):
        imports = imports | policies.imported(str(policy.text).strip())
    for policy in instance.iterfind("vrf-export"):
        exports = exports | policies.exported(str(policy.text).strip())
    leaking = instance.find("routing-options/auto-export")
    families = [] if leaking is None else [one.tag for one in leaking.iterfind("family/*")] or ["inet"]
    return Vrf(
        name=_name(instance),
        imports=frozenset(imports),
        exports=frozenset(exports),
        statics=_statics(instance),
        interfaces=tuple(_names(instance, "interface")),
        table_label=instance.find("vrf-table-label") is not None,
        auto_export=frozenset(families),
        distinguisher=_text(instance, "route-distinguisher/rd-type") or "",
    )


def _statics(scope: etree._Element) -> tuple[StaticRoute, ...]:
    """Return the static routes of the main instance or of a VRF, those of its ribs included."""
    return tuple(
        _static(route)
        for path in ("routing-options/static/route", "routing-options/rib/static/route")
        for route in scope.iterfind(path)
    )


def _static(route: etree._Element) -> StaticRoute:
    preference = _text(route, "preference/metric-value") or _text(route, "preference")
    return StaticRoute(
        prefix=_name(route),
        next_table=_text(route, "next-table"),
        next_hops=tuple(str(hop.text).strip() for hop in route.iterfind("next-hop")),
        discard=route.find("discard") is not None or route.find("reject") is not None,
        preference=int(preference) if preference else 5,
    )


def _interfaces(tree: etree._Element) -> dict[str, tuple[str, ...]]:
    found = {}
    for interface in tree.iterfind("interfaces/interface"):
        for unit in interface.iterfind("unit"):
            if interface.find("disable") is not None or unit.find("disable") is not None:
                continue
            addresses = [
                address for family in FAMILIES.values() for address in _names(unit, f"family/{family}/address")
            ]
            found[f"{_name(interface)}.{_name(unit)}"] = tuple(str(ip_interface(one)) for one in addresses)
    return found


def _neighbors(tree: etree._Element) -> Iterator[Neighbor]:
    for group in tree.iterfind("protocols/bgp/group"):
        for neighbor in group.iterfind("neighbor"):
            scopes = (neighbor, group, group.getparent())
            families = next(
                (
                    {family.tag for family in scope.iterfind("family/*")}
                    for scope in scopes
                    if scope is not None and scope.find("family") is not None
                ),
                {"inet"},
            )
            peer_as = _text(neighbor, "peer-as") or _text(group, "peer-as")
            yield Neighbor(
                address=_name(neighbor),
                internal=_text(group, "type") == "internal",
                families=frozenset(families),
                local_address=_text(neighbor, "local-address") or _text(group, "local-address"),
                peer_as=int(peer_as) if peer_as else None,
            )


def _tunnel_interface(tree: etree._Element) -> str | None:
    for fpc in tree.iterfind("chassis/fpc"):
        for pic in fpc.iterfind("pic"):
            if pic.find("tunnel-services") is not None:
                return f"gr-{_name(fpc)}/{_name(pic)}/0"
    return None


def _name(element: etree._Element) -> str:
    return _text(element, "name") or ""


def _names(scope: etree._Element, path: str) -> list[str]:
    return [_name(element) for element in scope.iterfind(path)]


def _text(scope: etree._Element, path: str) -> str | None:
    element = scope.find(path)
    if element is None or element.text is None or not element.text.strip():
        return None
    return str(element.text).strip()


def _target(element: etree._Element) -> str:
    """Return a route target as the control node writes it: without the L of a four-byte AS number."""
    kind, administrator, number = str(element.text).strip().split(":")
    return f"{kind}:{administrator.removesuffix('L')}:{number}"
