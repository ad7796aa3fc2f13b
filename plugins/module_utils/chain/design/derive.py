# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the intent to what roles and modules take: everything that follows from the data model.

:func:`derive` returns a :class:`.design.Design`.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from dataclasses import asdict

from ...values.faults import Fault, IntentError
from ..findings.intent import STEERING_CONTRADICTS
from ..intent.consistency import filters_for, routers_of
from ..intent.model import (
    CHAINS,
    Chain,
    External,
    Filter,
    Intent,
    Match,
    Network,
    Router,
    Service,
    Side,
    Subnet,
    Vrf,
    family_of,
)
from ..intent.options import given
from ..intent.peering import contrail_bgp_router, router_peering
from ..intent.servers import machines
from .design import (
    DeletedObjects,
    DeletedStatements,
    Design,
    ExpectedRoutes,
    Options,
    PlannedObject,
    RouterDesign,
    SteeringPlace,
    SteeringTerm,
)
from .hosts import dhcp_host_routes, forwarding_hosts, host_routes, host_sources, service_guests

# A term with a match must come before one that takes all traffic of the same source.
PRIORITY_WITH_MATCH = 50
PRIORITY = 100


def derive(intent: Intent) -> Design:
    """Return what is to be configured to carry out ``intent``.

    :raises IntentError: for two terms or two host routes that contradict each other.
    """
    services = _services(intent, intent.present_chains)
    guests = service_guests(intent)
    return Design(
        networks=[_network(intent, each) for each in intent.networks.values() if not each.existing],
        templates=[_template(each) for each in _templates(services)],
        instances=[_instance(intent, each) for each in services],
        policies=[_policy(intent, chain) for chain in intent.present_chains],
        machines=machines(intent, services, guests),
        absent=_absent(intent),
        planned=_planned(intent),
        existing=_existing(intent),
        bgp_routers=[made for each in intent.routers.values() if (made := contrail_bgp_router(each)) is not None],
        routers={router.name: _router(intent, router) for router in intent.routers.values()},
        hosts=host_routes(intent),
        forwarding=forwarding_hosts(intent),
        sources=host_sources(intent),
        guests=guests,
        summary=[_summary(intent, chain) for chain in intent.present_chains],
    )


# --- Contrail ---------------------------------------------------------------------------------------------


def _network(intent: Intent, network: Network) -> Options:
    return given(
        {
            "name": network.full_name,
            "subnets": tuple(_subnet(intent, network, subnet) for subnet in network.subnets),
            "route_targets": network.route_targets,
            "import_route_targets": network.import_route_targets,
            "export_route_targets": network.export_route_targets,
            **network.properties,
        }
    )


def _subnet(intent: Intent, network: Network, subnet: Subnet) -> Options:
    fields = given({**asdict(subnet), "host_routes": None})
    told = dhcp_host_routes(intent, network, subnet)
    # An empty list takes routes away that a chain no longer asks for; nobody's are touched without the flag.
    return {**fields, "host_routes": told} if told or network.dhcp_routes is not None else fields


def _services(intent: Intent, chains: Iterable[Chain]) -> list[Service]:
    names = dict.fromkeys(name for chain in chains for name in chain.services)
    return [intent.services[name] for name in names if not intent.services[name].existing]


def _templates(services: Iterable[Service]) -> list[Service]:
    """Return one service for each template that is ours to make."""
    return list({each.template.name: each for each in services if not each.template.existing}.values())


def _template(service: Service) -> Options:
    return {
        "name": service.template.name,
        "version": 2,
        "mode": service.mode,
        "type": service.type,
        "virtualization": service.virtualization,
        "interfaces": list(service.interfaces),
    }


def _instance(intent: Intent, service: Service) -> Options:
    return given(
        {
            "name": service.full_name,
            "template": service.template.name,
            "interfaces": tuple(
                {"type": interface, "network": intent.network_of(service, interface).full_name}
                for interface in service.interfaces
            ),
            "port_tuples": tuple({"name": member.name, "ports": dict(member.ports)} for member in service.members),
            "ha_mode": service.ha,
        }
    )


def _policy(intent: Intent, chain: Chain) -> Options:
    left, right = (intent.networks[side.network].full_name for side in (chain.left, chain.right))
    major, minor = chain.sequence
    return {
        "name": chain.full_name,
        "rules": [_rule(intent, chain, match) for match in chain.match or (Match.everything(),)],
        "networks": [{"name": name, "sequence": {"major": major, "minor": minor}} for name in (left, right)],
    }


def _rule(intent: Intent, chain: Chain, match: Match) -> Options:
    def end(side: Side, prefix: str | None) -> Options:
        return given({"network": intent.networks[side.network].full_name, "subnet": prefix})

    return given(
        {
            "protocol": match.protocol,
            "direction": "<>" if chain.direction == "both" else ">",
            "source": [end(chain.left, match.source)],
            "destination": [end(chain.right, match.destination)],
            "source_ports": match.source_ports,
            "destination_ports": match.destination_ports,
            "action": "pass",
            "services": tuple(intent.services[name].full_name for name in chain.services),
        }
    )


def _absent(intent: Intent) -> DeletedObjects:
    kept = _services(intent, intent.present_chains)
    gone = [each for each in _services(intent, intent.absent_chains) if each not in kept]
    kept_templates = {each.template.name for each in kept}
    return DeletedObjects(
        policies=[_policy(intent, chain) for chain in intent.absent_chains],
        instances=[_instance(intent, each) for each in gone],
        machines=machines(intent, gone, []),
        templates=[_template(each) for each in _templates(gone) if each.template.name not in kept_templates],
    )


def _planned(intent: Intent) -> list[PlannedObject]:
    services = _services(intent, intent.present_chains)
    names = {
        "virtual-network": [each.full_name for each in intent.networks.values() if not each.existing],
        "virtual-machine-interface": list(intent.ports),
        "service-template": [each.template.name for each in _templates(services)],
        "service-instance": [each.full_name for each in services],
        "network-policy": [chain.full_name for chain in intent.present_chains],
    }
    return [{"kind": kind, "name": name} for kind, of_kind in names.items() for name in of_kind]


def _existing(intent: Intent) -> dict[str, list[str]]:
    """Return by kind the names of what must be there already, because nobody here makes it."""
    services = [intent.services[name] for chain in intent.present_chains for name in chain.services]
    names = {
        "virtual-network": [each.full_name for each in intent.networks.values() if each.existing],
        "virtual-machine-interface": [
            port
            for each in services
            if not each.existing
            for member in each.members
            for port in member.ports.values()
            if port not in intent.ports
        ],
        "service-template": [each.template.name for each in services if each.template.existing and not each.existing],
        "service-instance": [each.full_name for each in services if each.existing],
    }
    return {kind: list(dict.fromkeys(of_kind)) for kind, of_kind in names.items() if of_kind}


# --- routers ----------------------------------------------------------------------------------------------


def returns(intent: Intent, chain: Chain) -> bool:
    """Return whether the way back goes through the services too (:meth:`.model.Intent.returns`)."""
    return intent.returns(chain)


def entries_behind(
    intent: Intent, chains: Iterable[Chain], router: Router
) -> Iterator[tuple[Chain, str, Side, External]]:
    """Yield (chain, left or right, side, external prefix) for everything behind ``router``."""
    for chain in chains:
        for word, side, _far in chain.sides:
            for external in side.external:
                if router in routers_of(intent, external):
                    yield chain, word, side, external


def vrf_of(router: Router, network: str) -> Vrf:
    """Return what a router's VRF of a network is to be, named like the network unless the data model says otherwise."""
    plain = Vrf(network, network, description=None, route_distinguisher=None, interfaces=(), table_label=True)
    return router.vrfs.get(network, plain)


def _router(intent: Intent, router: Router) -> RouterDesign:
    present, gone = intent.present_chains, intent.absent_chains
    statics, gone_statics = (_statics(intent, chains, router) for chains in (present, gone))
    terms, gone_terms = (_terms(intent, chains, router) for chains in (present, gone))
    standing = list(dict.fromkeys([*statics, *router.vrfs]))
    in_place = frozenset(standing)
    vrfs = {
        network: _vrf_config(intent, router, network, statics.get(network, []), terms.get(network, []))
        for network in standing
    }
    steered, formerly = (
        {_place(term) for of_network in each.values() for term in of_network} for each in (terms, gone_terms)
    )
    return RouterDesign(
        peering=router_peering(router),
        vrfs=[_without_empty_lists(vrf) for vrf in vrfs.values()],
        filters=[_filter(each) for each in router.filters if (each.family, each.name) in steered],
        absent=DeletedStatements(
            vrfs=[{"name": vrf_of(router, network).name} for network in gone_statics if network not in vrfs],
            filters=[_filter(each) for each in router.filters if (each.family, each.name) in formerly - steered],
            replaced=[
                vrfs[network]
                for network, prefixes in gone_statics.items()
                if network in vrfs
                and (
                    any(prefix not in statics.get(network, []) for prefix in prefixes)
                    or any(term not in terms.get(network, []) for term in gone_terms.get(network, []))
                )
            ],
        ),
        tables=[f"{vrf['name']}.{family}.0" for vrf in vrfs.values() for family in vrf["auto_export"]],
        expected=[each for chain in present for each in _expected(intent, chain, router, in_place)],
        steering=_places_by_chain(intent, present, router, terms),
    )


def _vrf_config(intent: Intent, router: Router, network: str, statics: list[str], terms: list[SteeringTerm]) -> Options:
    """Return the VRF of a network with all its keys, empty lists included."""
    details = vrf_of(router, network)
    return {
        "name": details.name,
        "description": details.description,
        "route_distinguisher": details.route_distinguisher,
        # Contrail tells the router's routes by a route target that exactly one network imports and exports.
        "route_target": intent.networks[network].targets_both_ways[0],
        "table_label": details.table_label,
        "interfaces": list(details.interfaces),
        "static_routes": [{"prefix": prefix, "next_table": f"{family_of(prefix)}.0"} for prefix in statics],
        "auto_export": sorted({*intent.networks[network].families, *map(family_of, statics)}),
        "mark": router.mark,
        "steering": terms,
    }


def _without_empty_lists(vrf: Options) -> Options:
    """Return a VRF for state merged, where an empty list adds nothing."""
    return given({key: value for key, value in vrf.items() if value != []})


def _filter(filter_: Filter) -> Options:
    return given({**asdict(filter_), "default": None if filter_.default == "none" else filter_.default})


def _place(term: SteeringTerm) -> tuple[str, str]:
    return term["family"], term["filter"]


def _statics(intent: Intent, chains: Iterable[Chain], router: Router) -> dict[str, list[str]]:
    """Return by network the external prefixes behind ``router``."""
    found: dict[str, dict[str, None]] = {}
    for _chain, _word, side, external in entries_behind(intent, chains, router):
        found.setdefault(side.network, {})[external.prefix] = None
    return {network: list(prefixes) for network, prefixes in found.items()}


def _terms(intent: Intent, chains: Iterable[Chain], router: Router) -> dict[str, list[SteeringTerm]]:
    """Return by network the terms for all traffic that ``router`` sends into its VRF."""
    by_name: dict[tuple[str, str, str], tuple[str, SteeringTerm]] = {}
    by_traffic: dict[str, str] = {}
    found: dict[str, list[SteeringTerm]] = {}
    for _chain, side, external, term in _steered(intent, chains, router):
        named = by_name.setdefault((*_place(term), term["name"]), (side.network, term))
        if named != (side.network, term):
            reason = f"term '{term['name']}' of filter {term['filter']} has another content elsewhere"
            raise IntentError([Fault(f"{external.path}.term", reason, STEERING_CONTRADICTS)])
        network = by_traffic.get(_traffic(term))
        if network not in {None, side.network}:
            reason = f"router {router.name} sends the traffic of {external.prefix} into {network} already"
            raise IntentError([Fault(f"{external.path}.prefix", reason, STEERING_CONTRADICTS)])
        if network is None:
            by_traffic[_traffic(term)] = side.network
            found.setdefault(side.network, []).append(term)
    return found


def _steered(
    intent: Intent, chains: Iterable[Chain], router: Router
) -> Iterator[tuple[Chain, Side, External, SteeringTerm]]:
    """Yield (chain, side, external prefix, term) for all that ``router`` is to send into a VRF."""
    for chain, word, side, external in entries_behind(intent, chains, router):
        if word == "left" or intent.returns(chain):
            for term in steering_terms(chain, word, router, external):
                yield chain, side, external, term


def _traffic(term: SteeringTerm) -> str:
    """Return what a term takes, whatever it is called: of two that take the same only the first is made."""
    return repr({key: value for key, value in term.items() if key not in {"name", "priority"}})


def _places_by_chain(
    intent: Intent, chains: Iterable[Chain], router: Router, terms: dict[str, list[SteeringTerm]]
) -> dict[str, list[SteeringPlace]]:
    made: dict[str, SteeringPlace] = {
        _traffic(term): {"filter": term["filter"], "family": term["family"], "name": term["name"]}
        for of_network in terms.values()
        for term in of_network
    }
    found: dict[str, list[SteeringPlace]] = {}
    for chain, _side, _external, term in _steered(intent, chains, router):
        found.setdefault(chain.name, []).append(made[_traffic(term)])
    return found


def steering_terms(chain: Chain, word: str, router: Router, external: External) -> Iterator[SteeringTerm]:
    """Yield the terms for one external prefix: one for each match that can come from it.

    A router without a filter of the family has none; the data model takes that where nothing is steered.
    """
    filter_ = next(iter(filters_for(router, external)), None)
    if filter_ is None:
        return
    base = external.term or derived_term(chain, external.prefix)
    for suffix, source, match in steered_traffic(chain, word, external.prefix):
        term: SteeringTerm = {
            "filter": filter_.name,
            "family": filter_.family,
            "name": f"{base}{suffix}",
            "priority": external.priority if external.priority is not None else usual_priority(match),
            "source": [source],
        }
        if match.destination:
            term["destination"] = [match.destination]
        if match.protocol != "any":
            term["protocol"] = [match.protocol]
        if match.source_ports:
            term["source_ports"] = list(match.source_ports)
        if match.destination_ports:
            term["destination_ports"] = list(match.destination_ports)
        yield term


def derived_term(chain: Chain, prefix: str) -> str:
    """Return what the term of an external prefix is called where the data model gives no name."""
    return f"{chain.name}-{prefix}".replace("/", "-").replace(":", "_")


def usual_priority(match: Match) -> int:
    """Return the priority of the term of a match where the data model gives none."""
    return PRIORITY if match.is_any else PRIORITY_WITH_MATCH


def steered_traffic(chain: Chain, word: str, prefix: str) -> Iterator[tuple[str, str, Match]]:
    """Yield what is steered of the traffic from a prefix that enters a chain on a side, a term each.

    It comes as (what the term's name ends in, source, match as seen from this side).
    """
    matches = [match if word == "left" else match.mirrored for match in chain.match] or [Match.everything()]
    for index, match in enumerate(matches, start=1):
        source = _narrower(prefix, match.source)
        if source is not None and not (match.destination and family_of(match.destination) != family_of(prefix)):
            yield "" if len(matches) == 1 else f"-{index}", source, match


def _narrower(prefix: str, other: str | None) -> str | None:
    """Return the narrower of two prefixes, or nothing when they have no address in common."""
    if other is None:
        return prefix
    first, second = ipaddress.ip_network(prefix), ipaddress.ip_network(other)
    if first.version != second.version or not first.overlaps(second):
        return None
    return str(max(first, second, key=lambda each: each.prefixlen))


def _expected(intent: Intent, chain: Chain, router: Router, standing: frozenset[str]) -> Iterator[ExpectedRoutes]:
    """Yield what a chain brings into each of a router's tables.

    ``prefixes``: the far side's external prefixes. ``copies``: everything that table ``table`` of the far
    side holds within the far network's subnets ``within`` must be in this table too.
    """
    for word, near, far in chain.sides:
        if near.network not in standing or (word == "right" and not intent.returns(chain)):
            continue
        far_network = intent.networks[far.network]
        families = {*far_network.families, *(external.family for external in far.external)}
        for family in sorted(families):
            within = [each.cidr for each in far_network.subnets if family_of(each.cidr) == family]
            prefixes = [external.prefix for external in far.external if external.family == family]
            entry: ExpectedRoutes = {
                "table": f"{vrf_of(router, near.network).name}.{family}.0",
                "chain": chain.name,
                "prefixes": prefixes,
            }
            if far.network in standing and within:
                table = f"{vrf_of(router, far.network).name}.{family}.0"
                entry["copies"] = {"table": table, "within": within}
            elif within and not prefixes:
                entry["any_within"] = within
            yield entry


# --- words ------------------------------------------------------------------------------------------------


def _summary(intent: Intent, chain: Chain) -> str:
    """Return one line that shows a chain: who enters where, and the services between."""
    arrow = "<->" if chain.direction == "both" else "->"

    def side(each: Side) -> list[str]:
        outside = ", ".join(
            f"{external.host} {external.prefix}" if external.host else external.prefix for external in each.external
        )
        return [f"{each.network}", *([outside] if outside else [])]

    words = [*reversed(side(chain.left)), *(f"[{name}]" for name in chain.services), *side(chain.right)]
    return f"{CHAINS}.{chain.name}: " + f" {arrow} ".join(words)
