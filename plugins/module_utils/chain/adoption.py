# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From service chains that stand, made by whatever means, to the data model that describes them.

The reverse of :mod:`.derive`. What the data model has no word for is left out and told in ``remarks``; whether the
site would change anything is for the modules to say, in check mode.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from .schema import NETWORK_PROPERTIES

JsonDict = dict[str, Any]
Item = Mapping[str, Any]

DEFAULT_IPAM = "default-domain:default-project:default-network-ipam"


@dataclass
class _Contrail:
    """What stands in Contrail, by full name, as items of the modules' ``config``.

    ``sides`` are the networks of a service instance in the order of its template's interfaces, ``tuples`` by instance
    its port tuples, each with its ports by interface.
    """

    domain: str
    project: str
    networks: Mapping[str, Item]
    templates: Mapping[str, Item]
    instances: Mapping[str, Item]
    policies: Mapping[str, Item]
    sides: Mapping[str, Sequence[str]]
    tuples: Mapping[str, Mapping[str, Mapping[str, str]]]
    remarks: list[str] = field(default_factory=list)

    def key(self, full_name: str) -> str:
        """Return the name under which the data model keeps an object."""
        return full_name.rpartition(":")[2]

    def place(self, full_name: str) -> JsonDict:
        """Return the keys that say where an object stands if it is not the usual domain and project."""
        domain, project = full_name.split(":")[:2]
        found = {"domain": domain} if domain != self.domain else {}
        return {**found, "project": project} if project != self.project or found else {}

    def short(self, full_name: str) -> str:
        """Return a name as tasks of the usual domain and project write it."""
        return full_name.removeprefix(f"{self.domain}:").removeprefix(f"{self.project}:")


def adopt(
    contrail: Mapping[str, Iterable[Item]],
    routers: Mapping[str, Item],
    *,
    policies: Sequence[str] = (),
    domain: str = "default-domain",
    project: str = "default-project",
) -> JsonDict:
    """Return the four variables of the data model that describe the chains that stand, and ``remarks``.

    :param contrail: lists of objects as ``contrail_info`` returns them: ``networks``, ``templates``, ``instances`` and
        ``policies`` with ``as_config``, and ``ports`` with their references to port tuples.
    :param routers: by inventory host what ``vmx_vrf`` returns as ``gathered``: ``config`` and ``filters``.
    :param policies: the names of the policies whose chains are meant; all with services when empty.
    :returns: ``service_chain_networks``, ``service_chain_services``, ``service_chain_routers``, ``service_chains``,
        each a mapping, and ``remarks``, one line for each thing that the data model cannot say.
    """
    configs = {kind: _configs(contrail.get(kind) or ()) for kind in ("networks", "templates", "instances", "policies")}
    known = _Contrail(
        domain,
        project,
        networks=configs["networks"],
        templates=configs["templates"],
        instances=configs["instances"],
        policies=configs["policies"],
        sides={item["fq_name"]: _sides(item) for item in contrail.get("instances") or ()},
        tuples=_tuples(contrail.get("ports") or ()),
    )
    chains = [chain for name in _wanted(known, policies) if (chain := _chain(known, name)) is not None]
    networks = list(dict.fromkeys(name for chain in chains for name in (chain.left, chain.right)))
    services = _services(known, chains)
    for service in services.values():
        networks += [name for name in service.networks.values() if name not in networks]
    sites = {name: _Gateway(name, gathered, known, networks) for name, gathered in routers.items()}
    external = _external(known, chains, sites)
    return {
        "service_chain_networks": {
            known.key(name): _network(known, name) for name in networks if name in known.networks
        },
        "service_chain_services": {known.key(name): service.described for name, service in services.items()},
        "service_chain_routers": {name: site.described for name, site in sites.items() if site.serves},
        "service_chains": {known.key(chain.policy): chain.described(known, external[chain.policy]) for chain in chains},
        "remarks": known.remarks,
    }


def _configs(items: Iterable[Item]) -> dict[str, Item]:
    return {item["fq_name"]: item["config"] for item in items}


# --- chains -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Chain:
    """A policy's chain; networks and services by full name."""

    policy: str
    left: str
    right: str
    direction: str
    services: tuple[str, ...]
    matches: tuple[JsonDict, ...]
    sequence: JsonDict | None

    @property
    def sides(self) -> tuple[tuple[str, str], ...]:
        """The two sides as (word, network)."""
        return (("left", self.left), ("right", self.right))

    def traffic(self, word: str) -> list[tuple[Any, ...]]:
        """Return what terms match, beside their source, that steer the chain's traffic entering on a side."""
        if word == "right" and self.direction == ">":
            return []
        return sorted(_traffic(match, mirrored=word == "right") for match in self.matches or ({},))

    def described(self, known: _Contrail, external: Mapping[str, list[JsonDict]]) -> JsonDict:
        """Return the chain as the data model has it, with what is behind routers by side."""
        return _given(
            {
                **known.place(self.policy),
                **{
                    word: _given({"network": known.key(network), "external": external[word]})
                    for word, network in self.sides
                },
                "services": [known.key(name) for name in self.services],
                "direction": "forward" if self.direction == ">" else None,
                "match": list(self.matches),
                "sequence": self.sequence,
            }
        )


def _traffic(match: Item, *, mirrored: bool = False) -> tuple[Any, ...]:
    """Return protocol, destination and ports of a match in one form, to compare it with a term's."""
    near, far = ("destination", "source") if mirrored else ("source", "destination")
    ports = (tuple(map(str, match.get(f"{end}_ports") or ())) for end in (near, far))
    return (str(match.get("protocol", "any")), str(match.get(far) or ""), *ports)


def _term_traffic(term: Item) -> tuple[Any, ...]:
    flat = {key: (term.get(key) or [""])[0] for key in ("protocol", "destination")}
    return _traffic(
        {**term, **{key: value for key, value in flat.items() if value}, "protocol": flat["protocol"] or "any"}
    )


@dataclass(frozen=True)
class _Entry:
    """A prefix behind a router that enters a network, and the terms that steer it."""

    router: str
    network: str
    prefix: str
    terms: tuple[Item, ...]

    def chain(self, chains: Iterable[_Chain]) -> tuple[_Chain, str] | None:
        """Return the chain that the prefix enters, and the side: where the terms match its traffic, else the first."""
        candidates = [(chain, word) for chain in chains for word, network in chain.sides if network == self.network]
        mine = sorted(map(_term_traffic, self.terms))
        fitting = [each for each in candidates if each[0].traffic(each[1]) == mine]
        return next(iter([*fitting, *candidates]), None)


def _external(known: _Contrail, chains: Sequence[_Chain], sites: Mapping[str, _Gateway]) -> dict[str, dict[str, Any]]:
    """Return by policy and side the external prefixes of the chains, as the data model has them."""
    found: dict[str, dict[str, list[JsonDict]]] = {chain.policy: {"left": [], "right": []} for chain in chains}
    behind: dict[tuple[str, str, str], tuple[JsonDict, list[str]]] = {}
    for site in sites.values():
        for entry in site.entries():
            place = entry.chain(chains)
            if place is not None:
                chain, word = place
                key = (chain.policy, word, entry.prefix)
                details, routers = behind.setdefault(key, (site.steering(entry, known.key(chain.policy)), []))
                routers.append(entry.router)
    serving = [name for name, site in sites.items() if site.serves]
    for (policy, word, prefix), (details, routers) in behind.items():
        at = {"routers": routers} if len(serving) > 1 else {}
        found[policy][word].append({"prefix": prefix, **details, **at})
    return found


def _wanted(known: _Contrail, policies: Sequence[str]) -> Iterator[str]:
    """Yield the full names of the policies that are to be adopted."""
    if policies:
        full = {known.short(name): name for name in known.policies} | {name: name for name in known.policies}
        for name in policies:
            if name in full:
                yield full[name]
            else:
                known.remarks.append(f"there is no policy {name}")
    else:
        yield from (
            name for name, policy in known.policies.items() if any(map(_services_of, policy.get("rules") or ()))
        )


def _services_of(rule: Item) -> tuple[str, ...]:
    return tuple(rule.get("services") or ())


def _ends(rule: Item) -> tuple[Any, ...]:
    """Return what all rules of a chain have in common: networks, direction and services."""
    ends = [[end.get("network") for end in rule.get(side) or ()] for side in ("source", "destination")]
    return (*map(tuple, ends), rule.get("direction", "<>"), _services_of(rule))


def _chain(known: _Contrail, policy: str) -> _Chain | None:
    rules = known.policies[policy].get("rules") or ()
    short = known.short(policy)
    common = {_ends(rule) for rule in rules}
    if len(common) != 1:
        known.remarks.append(
            f"policy {short} is left out: its rules join several networks, or differ in their services"
        )
        return None
    ((sources, destinations, direction, services),) = common
    if len(sources) != 1 or len(destinations) != 1 or not {*sources, *destinations} <= set(known.networks):
        known.remarks.append(
            f"policy {short} is left out: a chain joins one network with one other, both by their names"
        )
        return None
    if not set(services) <= set(known.instances):
        missing = ", ".join(known.short(name) for name in services if name not in known.instances)
        known.remarks.append(f"policy {short} is left out: there is no service instance {missing}")
        return None
    attached = [
        next((each for each in known.networks[end].get("policies") or () if each["name"] == policy), None)
        for end in (*sources, *destinations)
    ]
    if not all(attached):
        known.remarks.append(f"policy {short} is not attached to both of its networks; the site will attach it")
    sequences = [each.get("sequence") or {} for each in attached if each]
    if any(sequence != sequences[0] for sequence in sequences):
        known.remarks.append(f"policy {short} has another sequence on each network; the first one is taken")
    matches = [_match(rule) for rule in rules]
    return _Chain(
        policy,
        sources[0],
        destinations[0],
        direction,
        services,
        matches=() if matches == [{}] else tuple(match or {"protocol": "any"} for match in matches),
        sequence={part: number for part, number in sequences[0].items() if number} if sequences else None,
    )


def _match(rule: Item) -> JsonDict:
    """Return the traffic of a rule, nothing for all traffic."""
    protocol = rule.get("protocol", "any")
    return _given(
        {
            "protocol": None if protocol == "any" else protocol,
            "source": rule["source"][0].get("subnet"),
            "destination": rule["destination"][0].get("subnet"),
            "source_ports": list(rule.get("source_ports") or ()),
            "destination_ports": list(rule.get("destination_ports") or ()),
        }
    )


# --- networks and services --------------------------------------------------------------------------------------------


def _network(known: _Contrail, name: str) -> JsonDict:
    network = known.networks[name]
    targets = [target.removeprefix("target:") for target in network.get("route_targets") or ()]
    one_way = {
        option: [target.removeprefix("target:") for target in network.get(option) or ()]
        for option in ("import_route_targets", "export_route_targets")
    }
    return _given(
        {
            **known.place(name),
            "subnets": [_subnet(subnet) for subnet in network.get("subnets") or ()],
            "route_target": targets[0] if len(targets) == 1 else None,
            "route_targets": targets if len(targets) > 1 else None,
            **one_way,
            **{key: network[key] for key in NETWORK_PROPERTIES if key in network},
        }
    )


def _subnet(subnet: Item) -> JsonDict:
    """Return a subnet without what the server would choose by itself."""
    network = ipaddress.ip_network(subnet["cidr"])
    from_start = bool(subnet.get("allocate_from_start"))
    chosen = (str(network[1]), str(network[2])) if from_start else (str(network[-2]), str(network[-3]))
    usual = {"gateway": chosen[0], "dns_server": chosen[1], "ipam": DEFAULT_IPAM}
    kept = ("gateway", "dns_server", "enable_dhcp", "allocation_pools", "host_routes", "ipam")
    return {
        "cidr": subnet["cidr"],
        **({} if from_start else {"allocate_from_start": False}),
        **{key: subnet[key] for key in kept if subnet.get(key) is not None and subnet[key] != usual.get(key)},
    }


def _sides(instance: Item) -> list[str]:
    entries = (instance.get("service_instance_properties") or {}).get("interface_list") or ()
    return [entry.get("virtual_network") or "" for entry in entries]


def _tuples(ports: Iterable[Item]) -> dict[str, dict[str, dict[str, str]]]:
    """Return by service instance its port tuples, each with its ports by interface; all names in full."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for port in ports:
        interface = (port.get("virtual_machine_interface_properties") or {}).get("service_interface_type")
        for reference in port.get("port_tuple_refs") or ():
            instance, _colon, name = reference["name"].rpartition(":")
            if interface:
                found.setdefault(instance, {}).setdefault(name, {})[interface] = port["fq_name"]
    return found


@dataclass(frozen=True)
class _Service:
    """A service as the data model has it, and the networks of interfaces other than left and right, in full."""

    described: JsonDict
    networks: Mapping[str, str]


def _services(known: _Contrail, chains: Iterable[_Chain]) -> dict[str, _Service]:
    return {name: _service(known, name) for name in dict.fromkeys(each for chain in chains for each in chain.services)}


def _service(known: _Contrail, name: str) -> _Service:
    instance = known.instances[name]
    template = known.templates.get(instance.get("template", ""), {})
    interfaces = [each["type"] for each in template.get("interfaces") or ()]
    if template.get("version", 1) != 2 or template.get("mode") not in {"in-network", "in-network-nat"}:
        known.remarks.append(
            f"service {known.short(name)} is taken as existing: the data model makes services of version 2, in-network"
        )
        return _Service({**known.place(name), "existing": True, "mode": template.get("mode")}, {})
    members = known.tuples.get(name, {})
    networks = {
        interface: network
        for interface, network in zip(interfaces, known.sides[name], strict=False)
        if interface not in {"left", "right"}
    }
    described = {
        **known.place(name),
        "mode": template["mode"],
        "type": None if template.get("type", "firewall") == "firewall" else template["type"],
        "template": known.key(instance["template"]),
        "interfaces": None if interfaces == ["left", "right"] else interfaces,
        "networks": {interface: known.key(network) for interface, network in networks.items()},
        "members": [
            {**{interface: known.short(port) for interface, port in _in_order(ports, interfaces)}, "name": member}
            for member, ports in members.items()
        ],
        "ha": instance.get("ha_mode"),
    }
    return _Service(_given(described), networks)


def _in_order(ports: Mapping[str, str], interfaces: Sequence[str]) -> list[tuple[str, str]]:
    """Return the ports of a member by interface, as the template orders these."""
    return sorted(
        ports.items(), key=lambda each: interfaces.index(each[0]) if each[0] in interfaces else len(interfaces)
    )


# --- routers ----------------------------------------------------------------------------------------------------------


class _Gateway:
    """What one router has for the networks of the chains: their VRFs, the terms that feed these, the filters."""

    def __init__(self, name: str, gathered: Item, known: _Contrail, networks: Iterable[str]) -> None:
        self._name = name
        self._remarks = known.remarks
        self._key = known.key
        self._filters = list(gathered.get("filters") or ())
        owners = {
            target.removeprefix("target:"): network
            for network in networks
            for target in known.networks.get(network, {}).get("route_targets") or ()
        }
        self._vrfs: dict[str, Item] = {}
        for vrf in gathered.get("config") or ():
            network = owners.get(str(vrf.get("route_target") or "").removeprefix("target:"))
            if network is not None:
                self._vrfs[network] = vrf

    @property
    def serves(self) -> bool:
        """Whether the router has a VRF of one of the networks."""
        return bool(self._vrfs)

    @cached_property
    def _terms(self) -> list[tuple[str, Item]]:
        """The steering terms that feed the VRFs, each with the network of its VRF, in the router's order."""
        terms = [(network, term) for network, vrf in self._vrfs.items() for term in vrf.get("steering") or ()]
        return sorted(terms, key=lambda each: each[1].get("priority", 0))

    @cached_property
    def _has_own_order(self) -> bool:
        """Whether the terms stand in an order that their names alone would not give."""
        names = [str(term["name"]) for _network, term in self._terms]
        return names != sorted(names)

    def entries(self) -> Iterator[_Entry]:
        """Yield the prefixes behind the router, those of steering terms first, in their order."""
        behind: dict[tuple[str, str], list[Item]] = {}
        routed = {
            (network, str(route["prefix"]))
            for network, vrf in self._vrfs.items()
            for route in vrf.get("static_routes") or ()
            if route.get("next_table")
        }
        for network, term in self._terms:
            sources = term.get("source") or ()
            if len(sources) > 1:
                self._remarks.append(
                    f"{self._name}: term {term['name']} has several sources; the site will write a term for each"
                )
            for source in sources:
                prefix = next((each for of, each in sorted(routed) if of == network and _holds(each, source)), None)
                if prefix is None:
                    self._remarks.append(f"{self._name}: {source} has no static route in its VRF; the site will add it")
                behind.setdefault((network, prefix or source), []).append(term)
        for place in dict.fromkeys([*behind, *sorted(routed)]):
            yield _Entry(self._name, *place, tuple(behind.get(place, ())))

    def steering(self, entry: _Entry, chain: str) -> JsonDict:
        """Return what the data model says of the terms of an entry that belongs to a chain."""
        if not entry.terms:
            return {}
        first = entry.terms[0]
        names = [str(term["name"]) for term in entry.terms]
        base = names[0] if len(names) == 1 else names[0].removesuffix("-1")
        if len(names) > 1 and names != [f"{base}-{number}" for number in range(1, len(names) + 1)]:
            self._remarks.append(
                f"{self._name}: terms {', '.join(names)} do not share a name; the site will write {base}-1 and so on"
            )
        derived = f"{chain}-{entry.prefix}".replace("/", "-").replace(":", "_")
        rivals = {each["name"] for each in self._filters if each.get("family", "inet") == first.get("family")}
        return _given(
            {
                "term": None if base == derived else base,
                "filter": first["filter"] if len(rivals) > 1 else None,
                "priority": first.get("priority") if self._has_own_order else None,
            }
        )

    @property
    def described(self) -> JsonDict:
        """The router as the data model has it."""
        marks = [bool(vrf.get("mark")) for vrf in self._vrfs.values()]
        details = {self._key(network): self._vrf(network, vrf) for network, vrf in self._vrfs.items()}
        return _given(
            {
                "filters": [self._filter(each) for each in self._filters],
                "vrfs": _given(details),
                "mark": True if marks and all(marks) else None,
            }
        )

    def _filter(self, given: Item) -> JsonDict:
        plain = {"family": "inet", "default_term": "default"}
        shown = {key: value for key, value in given.items() if value and plain.get(key) != value and key != "default"}
        return shown if given.get("default") == "accept" else {**shown, "default": "none"}

    def _vrf(self, network: str, vrf: Item) -> JsonDict:
        name = vrf["name"] if vrf["name"] != self._key(network) else None
        return _given(
            {
                "name": name,
                "description": vrf.get("description"),
                "route_distinguisher": vrf.get("route_distinguisher"),
                "interfaces": list(vrf.get("interfaces") or ()),
                "table_label": None if vrf.get("table_label") else False,
            }
        )


def _holds(prefix: str, other: str) -> bool:
    """Tell whether a prefix holds another one."""
    first, second = ipaddress.ip_network(prefix), ipaddress.ip_network(other)
    return first.version == second.version and second.subnet_of(first)  # type: ignore[arg-type]


def _given(values: JsonDict) -> JsonDict:
    """Leave out what has no value."""
    return {key: value for key, value in values.items() if value is not None and value not in ([], {}, ())}
