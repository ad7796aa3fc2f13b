# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading the description of a site: items in the shape of the modules' ``config``, with what only machines know.

Keys that say nothing about routes are passed over, so that what :func:`.derive.derive` returns and what people give
to the modules can be read as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypedDict

from ...values.faults import Fault, IntentError, fault
from ...values.hints import nearest
from ...values.reading import Reader, address, choice, flag, listing, number, prefix, route_target, shown, text
from ..intent.model import family_of
from .site import (
    FAMILIES,
    FLAT_ADDRESSES_SINCE,
    Address,
    Endpoint,
    ServiceAddress,
    Site,
    SiteNetwork,
    SitePolicy,
    SitePort,
    SiteRouter,
    SiteRule,
    SiteService,
    SiteStatic,
    SiteVrf,
)

_TARGETS = listing(route_target)
_ADDRESSES = listing(address)
_LISTED: Reader[tuple[Any, ...]] = listing(Reader(lambda value, _path: value, "anything"))
_FAMILIES = listing(choice(*FAMILIES))
_LABEL = number(16, 2**20 - 1)
_PREFERENCE = number(1, 2**32 - 1)
_PREFERENCE_OF_ROUTE = number(0, 2**32 - 1)


class SiteDescription(TypedDict, total=False):
    """The lists of items that describe a site, as :func:`read_site` takes them."""

    networks: Sequence[Mapping[str, Any]]
    ports: Sequence[Mapping[str, Any]]
    services: Sequence[Mapping[str, Any]]
    templates: Sequence[Mapping[str, Any]]
    policies: Sequence[Mapping[str, Any]]
    routers: Sequence[Mapping[str, Any]]


def read_site(
    *,
    networks: Any = (),
    ports: Any = (),
    services: Any = (),
    templates: Any = (),
    policies: Any = (),
    routers: Any = (),
    release: Any = "4.0",
    domain: str = "default-domain",
    project: str = "default-project",
) -> Site:
    """Read a whole description; of several items with one name, the later ones complete the first.

    :param networks: items of ``contrail_vn``, with ``automatic_route_target`` where it is known.
    :param ports: items of ``contrail_port``, with ``compute``, ``label``, ``local_preference``, ``silent`` and ``up``;
    :param services: items of ``contrail_service_instance``, with ``mode`` where their template is not in
        ``templates`` (items of ``contrail_service_template``), and with ``service_addresses`` by side; without that
        key the addresses are there, but not known.
    :param policies: items of ``contrail_policy``.
    :param routers: ``name``, ``vrfs`` (items of ``vmx_vrf``), ``address`` and ``families``.
    :param release: Contrail's release, such as ``4.0``.
    :raises IntentError: with the path of each bad value.
    """
    reader = _SiteReader(domain, project, _release(release))
    return reader.read(
        networks=networks, ports=ports, services=services, templates=templates, policies=policies, routers=routers
    )


def _release(value: Any) -> tuple[int, ...]:
    parts = str(value).split(".")
    if not all(part.isdigit() for part in parts):
        raise fault("release", f"{value!r} is not a release such as 4.0")
    return tuple(int(part) for part in parts)


def _items(value: Any, path: str) -> list[tuple[Mapping[str, Any], str]]:
    """Return the items of a list of mappings that have names, each with its path."""
    if value is not None and (isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Iterable)):
        raise fault(path, "must be a list")
    found = []
    for index, item in enumerate(value or ()):
        if not isinstance(item, Mapping):
            raise fault(f"{path}[{index}]", "must be a mapping")
        found.append((item, f"{path}[{index}]"))
    return found


def _mapping(value: Any, path: str) -> Mapping[str, Any]:
    if value is not None and not isinstance(value, Mapping):
        raise fault(path, f"must be a mapping, not {shown(value)}")
    return value or {}


def _list(value: Any, path: str) -> tuple[Any, ...]:
    return _LISTED([] if value is None else value, path)


class _SiteReader:
    """Reads items; names are completed with domain and project."""

    def __init__(self, domain: str, project: str, release: tuple[int, ...]) -> None:
        self._default = [domain, project]
        self._release = release
        self._faults: list[Fault] = []
        self._networks: dict[str, SiteNetwork] = {}
        self._ports: dict[str, SitePort] = {}

    def read(self, *, networks: Any, ports: Any, services: Any, templates: Any, policies: Any, routers: Any) -> Site:
        """Return the site; raise all faults together."""
        self._networks = {each.name: each for each in self._each(networks, "networks", self._network)}
        services = self._merged(services, "services")
        merged = {self._name(item["name"], path): (item, path) for item, path in self._merged(ports, "ports")}
        modes = {
            self._template_name(item.get("name")): str(item.get("mode"))
            for item, _path in _items(templates, "templates")
        }
        hints = self._hints(services)
        for name, (item, path) in {**{name: ({}, path) for name, (_network, path) in hints.items()}, **merged}.items():
            try:
                self._ports[name] = self._port(name, item, path, hints.get(name, (None, ""))[0])
            except IntentError as error:
                self._faults += error.faults
        read = Site(
            networks=self._networks,
            ports=self._ports,
            services={
                each.name: each for each in self._read(services, lambda item, path: self._service(item, path, modes))
            },
            policies=tuple(self._each(policies, "policies", self._policy)),
            routers=tuple(self._each(routers, "routers", self._router)),
            release=self._release,
        )
        if self._faults:
            raise IntentError(self._faults)
        return read

    def _merged(self, value: Any, path: str) -> list[tuple[Mapping[str, Any], str]]:
        """Return the items of a list; of several with one name, the later ones complete the first."""
        merged: dict[str, tuple[Mapping[str, Any], str]] = {}
        for item, here in _items(value, path):
            name = self._name(item.get("name"), f"{here}.name")
            given = {key: entry for key, entry in item.items() if entry is not None}
            merged[name] = ({**merged.get(name, ({}, ""))[0], **given, "name": name}, here)
        return list(merged.values())

    def _each(self, value: Any, path: str, read: Any) -> list[Any]:
        return self._read(self._merged(value, path), read)

    def _read(self, items: Iterable[tuple[Mapping[str, Any], str]], read: Any) -> list[Any]:
        found = []
        for item, here in items:
            try:
                found.append(read(item, here))
            except IntentError as error:
                self._faults += error.faults
        return found

    def _name(self, value: Any, path: str) -> str:
        """Return a name in full: ``vn1`` is ``default-domain:default-project:vn1``."""
        parts = text(str(value) if isinstance(value, int) else value, path).split(":")
        return ":".join([*self._default[: max(0, 3 - len(parts))], *parts])

    def _known_network(self, value: Any, path: str) -> str:
        name = self._name(value, path)
        if name not in self._networks:
            raise fault(path, f"no network {value!r} is described{nearest(name, self._networks)}")
        return name

    def _network(self, item: Mapping[str, Any], path: str) -> SiteNetwork:
        def targets(long: str) -> frozenset[str]:
            return frozenset(_TARGETS(item.get(long) or item.get(f"{long[:-1]}_list") or (), f"{path}.{long}"))

        cidrs = [prefix(each.get("cidr"), f"{where}.cidr") for each, where in _items(item.get("subnets"), path)]
        automatic = item.get("automatic_route_target")
        return SiteNetwork(
            name=self._name(item.get("name"), f"{path}.name"),
            targets=targets("route_targets"),
            imports=targets("import_route_targets"),
            exports=targets("export_route_targets"),
            families=tuple(sorted({family_of(cidr) for cidr in cidrs})) or ("inet",),
            transit=flag(item.get("allow_transit") or False, f"{path}.allow_transit"),
            automatic=route_target(automatic, f"{path}.automatic_route_target") if automatic else None,
        )

    def _template_name(self, value: Any) -> str:
        """Return the name of a template, which belongs to a domain, in full."""
        parts = str(value).split(":")
        return ":".join([*self._default[: max(0, 2 - len(parts))], *parts])

    def _hints(self, services: Iterable[tuple[Mapping[str, Any], str]]) -> dict[str, tuple[str | None, str]]:
        """Return the networks and paths of the ports that services name: nobody else may describe them."""
        hints: dict[str, tuple[str | None, str]] = {}
        for item, path in services:
            networks = {each.get("type"): each.get("network") for each, _path in _items(item.get("interfaces"), path)}
            for member, here in _items(item.get("port_tuples"), f"{path}.port_tuples"):
                for side, port in _mapping(member.get("ports"), f"{here}.ports").items():
                    where = f"{here}.ports.{side}"
                    hints[self._name(port, where)] = (networks.get(side), where)
        return hints

    def _port(self, name: str, item: Mapping[str, Any], path: str, hint: str | None) -> SitePort:
        network = self._known_network(item.get("network") or hint, f"{path}.network")
        given = item.get("addresses")
        short = name.rpartition(":")[2]
        addresses = tuple(Address.of(each, short) for each in _ADDRESSES(given or (), f"{path}.addresses"))
        if given is None:
            addresses = tuple(Address(family, f"port {short}") for family in self._networks[network].families)
        label, fixed = item.get("label"), item.get("local_preference")
        silent = _ADDRESSES(item.get("silent") or (), f"{path}.silent")
        return SitePort(
            name=name,
            network=network,
            addresses=addresses,
            compute=str(item["compute"]) if item.get("compute") else None,
            label=None if label is None else _LABEL(label, f"{path}.label"),
            local_preference=None if fixed is None else _PREFERENCE(fixed, f"{path}.local_preference"),
            silent=frozenset(Address.of(each, short).key for each in silent),
            up=flag(item.get("up", True), f"{path}.up"),
        )

    def _service(self, item: Mapping[str, Any], path: str, modes: Mapping[str, str]) -> SiteService:
        name = self._name(item.get("name"), f"{path}.name")
        mode = item.get("mode") or modes.get(self._template_name(item.get("template")))
        if mode is None:
            raise fault(f"{path}.mode", "is required, where the template is not described")
        members = _items(item.get("port_tuples"), f"{path}.port_tuples")
        tuples = tuple(
            {
                str(side): self._name(port, f"{here}.ports.{side}")
                for side, port in _mapping(member.get("ports"), f"{here}.ports").items()
            }
            for member, here in members
        )
        given = item.get("service_addresses")
        if given is None:
            addresses = self._unknown_addresses(name, tuples)
        else:
            where = f"{path}.service_addresses"
            addresses = {
                str(side): tuple(
                    _service_address(each, name, f"{where}.{side}") for each in _list(listed, f"{where}.{side}")
                )
                for side, listed in _mapping(given, where).items()
            }
        return SiteService(name, str(mode), tuples, addresses)

    def _unknown_addresses(
        self, name: str, tuples: Iterable[Mapping[str, str]]
    ) -> dict[str, tuple[ServiceAddress, ...]]:
        """Return the service addresses that Contrail will choose: up to 4.0 in the subnets' families, later in both."""
        short = name.rpartition(":")[2]
        found: dict[str, tuple[ServiceAddress, ...]] = {}
        for ports in tuples:
            for side, port in ports.items():
                families: tuple[str, ...] = FAMILIES
                if self._release < FLAT_ADDRESSES_SINCE and port in self._ports:
                    families = self._networks[self._ports[port].network].families
                owner = f"service address of {short} on its {side} side"
                found[side] = tuple(ServiceAddress(Address(family, owner)) for family in families)
        return found

    def _policy(self, item: Mapping[str, Any], path: str) -> SitePolicy:
        return SitePolicy(
            name=self._name(item.get("name"), f"{path}.name"),
            rules=tuple(self._rule(rule, here) for rule, here in _items(item.get("rules"), f"{path}.rules")),
            networks=tuple(
                self._name(each.get("name"), f"{here}.name")
                for each, here in _items(item.get("networks"), f"{path}.networks")
                if self._name(each.get("name"), f"{here}.name") in self._networks
            ),
        )

    def _rule(self, item: Mapping[str, Any], path: str) -> SiteRule:
        ports = [
            [str(each) for each in _list(item.get(key), f"{path}.{key}")]
            for key in ("source_ports", "destination_ports")
        ]
        protocol = str(item.get("protocol") or "any").lower()
        where = f"{path}.services"
        return SiteRule(
            sources=self._ends(item.get("source"), f"{path}.source"),
            destinations=self._ends(item.get("destination"), f"{path}.destination"),
            both_ways=(item.get("direction") or "<>") == "<>",
            services=tuple(self._name(each, where) for each in _list(item.get("services"), where)),
            passes=(item.get("action") or "pass") == "pass",
            traffic=f"{protocol} {ports[0]} {ports[1]}",
        )

    def _ends(self, value: Any, path: str) -> tuple[Endpoint, ...]:
        """Read the addresses of a rule; those that are only prefixes mean no network."""
        found = []
        for item, here in _items(value, path):
            network = item.get("network")
            if item.get("any") or network == "any":
                found.append(Endpoint("any"))
            elif item.get("local") or network == "local":
                found.append(Endpoint("local"))
            elif network:
                found.append(Endpoint("network", self._name(network, f"{here}.network")))
            elif item.get("policy"):
                found.append(Endpoint("policy", self._name(item["policy"], f"{here}.policy")))
        return tuple(found)

    def _router(self, item: Mapping[str, Any], path: str) -> SiteRouter:
        families = item.get("families")
        return SiteRouter(
            name=text(str(item["name"]), f"{path}.name").rpartition(":")[2],
            vrfs=tuple(_vrf(each, here) for each, here in _items(item.get("vrfs"), f"{path}.vrfs")),
            address=address(item["address"], f"{path}.address") if item.get("address") else None,
            families=frozenset(FAMILIES if families is None else _FAMILIES(families, f"{path}.families")),
        )


def _service_address(value: Any, service: str, path: str) -> ServiceAddress:
    item = value if isinstance(value, Mapping) else {"address": value}
    owner = service.rpartition(":")[2]
    tracking = item.get("tracking")
    return ServiceAddress(
        Address.of(address(item.get("address"), path), owner),
        Address.of(address(tracking, path), owner).key if tracking else None,
    )


def _vrf(item: Mapping[str, Any], path: str) -> SiteVrf:
    both = item.get("route_target")
    own = [route_target(both, f"{path}.route_target")] if both else []
    imports = _TARGETS(item.get("import_route_targets") or own, f"{path}.import_route_targets")
    exports = _TARGETS(item.get("export_route_targets") or own, f"{path}.export_route_targets")
    if not imports and item.get("import_policies"):
        raise fault(f"{path}.import_route_targets", "is required beside import_policies: what do the policies import?")
    statics = _items(item.get("static_routes"), f"{path}.static_routes")
    table_label = item.get("table_label")
    return SiteVrf(
        name=text(item.get("name"), f"{path}.name"),
        imports=frozenset(imports),
        exports=frozenset(exports),
        statics=tuple(_static(each, here) for each, here in statics),
        table_label=True if table_label is None else flag(table_label, f"{path}.table_label"),
        auto_export=frozenset(_list(item.get("auto_export"), f"{path}.auto_export")),
    )


def _static(item: Mapping[str, Any], path: str) -> SiteStatic:
    destination = prefix(item.get("prefix"), f"{path}.prefix")
    hops = item.get("next_hop") or ()
    preference = item.get("preference")
    return SiteStatic(
        prefix=destination,
        family=family_of(destination),
        to_table=item.get("next_table"),
        next_hops=(hops,) if isinstance(hops, str) else _list(hops, f"{path}.next_hop"),
        preference=5 if preference is None else _PREFERENCE_OF_ROUTE(preference, f"{path}.preference"),
    )
