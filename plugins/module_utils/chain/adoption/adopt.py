# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole of an adoption: chains, what they need, what is behind routers, and what the data model says to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ...contrail.codec.scope import Scope
from ...values.faults import IntentError
from ..intent.model import CHAINS, NAT, NETWORKS, ROUTERS, SERVICES, Chain
from ..intent.schema import read_chain
from .described import DescribedExternal, Draft
from .gateways import Entry, Gateway, vrf_target
from .objects import (
    FoundChain,
    FoundService,
    Item,
    Known,
    UndescribedError,
    described_network,
    found_chain,
    found_service,
    given,
    wanted_policies,
)
from .refused_parts import agreed


def adopt(
    contrail: Mapping[str, Iterable[Item]],
    routers: Mapping[str, Item],
    *,
    policies: Sequence[str] = (),
    domain: str = "default-domain",
    project: str = "default-project",
) -> dict[str, Any]:
    """Return the four variables of the data model that describe the chains that stand, and ``remarks``.

    :param contrail: lists of objects as ``contrail_info`` returns them: ``networks``, ``templates``, ``instances`` and
        ``policies`` with ``as_config``, and ``ports`` with their references to port tuples.
    :param routers: by inventory host what ``vmx_vrf`` returns as ``gathered`` (``config`` and ``filters``), or what
        :func:`.router_survey.survey` makes of its configuration, which has ``hindrances`` as well.
    :param policies: the names of the policies whose chains are meant; all with services when empty.
    :returns: ``service_chain_networks``, ``service_chain_services``, ``service_chain_routers``, ``service_chains``,
        each a mapping, and ``remarks``, one line for each thing that the data model cannot say. The variables are such
        that the data model's own checks find no fault in them.
    """
    known = Known.of(contrail, domain, project)
    wanted = list(wanted_policies(known, policies))
    found = _Found(known, wanted)
    # Terms of chains that are not meant are theirs, and nothing to tell.
    others = _Found(replace(known, remarks=[]), [each for each in wanted_policies(known, ()) if each not in wanted])
    gateways = [Gateway(name, gathered, known, found.networks) for name, gathered in routers.items()]
    _find_entries(gateways, found, others)
    external = _external(found.chains, [gateway for gateway in gateways if gateway.serves])
    targets = {network: vrf_target(vrf) for gateway in reversed(gateways) for network, vrf in gateway.vrfs.items()}
    draft: Draft = {
        NETWORKS: {known.key(name): described_network(known, name, targets.get(name)) for name in found.networks},
        SERVICES: {known.key(name): service.described for name, service in found.services.items()},
        ROUTERS: {gateway.name: gateway.described for gateway in gateways if gateway.serves},
        CHAINS: {
            known.key(policy): _with_external(chain.described(known), external[policy])
            for policy, chain in found.chains.items()
        },
    }
    return {**agreed(draft, known.remarks, Scope(domain, project)), "remarks": known.remarks}


def _find_entries(gateways: Iterable[Gateway], found: _Found, others: _Found) -> None:
    """Find what enters the chains behind each router; what enters other chains there is theirs."""
    ends = {name: [*found.ends[name], *others.ends.get(name, ())] for name in found.networks}
    for gateway in gateways:
        gateway.find_entries({**others.records, **found.records}, ends)
        meant = {record.name for record, _returns in found.records.values()}
        gateway.entries = [entry for entry in gateway.entries if entry.chain.name in meant]


class _Found:
    """The chains that can be described, with what they need; each name stands for one object of its kind."""

    def __init__(self, known: Known, policies: Iterable[str]) -> None:
        self._known = known
        self.chains: dict[str, FoundChain] = {}
        self.services: dict[str, FoundService] = {}
        self.records: dict[str, tuple[Chain, bool]] = {}
        self._taken: dict[tuple[str, str], str] = {}
        for policy in policies:
            self._add(policy)

    def _add(self, policy: str) -> None:
        """Add the chain of a policy, or tell why it is left out."""
        known = self._known
        told = len(known.remarks)
        try:
            chain = found_chain(known, policy)
            services = {name: self.services.get(name) or found_service(known, name, chain) for name in chain.services}
            self._claim(chain, services)
            record = read_chain(known.key(policy))(chain.described(known), f"{CHAINS}.{known.key(policy)}")
        except UndescribedError as error:
            del known.remarks[told:]  # what was said of a chain that is left out has no meaning any more
            known.remarks.append(f"policy {known.short(policy)} is left out: {error}")
            return
        except IntentError as error:
            del known.remarks[told:]
            known.remarks += [f"policy {known.short(policy)} is left out: {fault}" for fault in error.faults]
            return
        returns = record.direction == "both" and services[chain.services[-1]].mode != NAT
        self.chains[policy] = chain
        self.services |= services
        self.records[policy] = (record, returns)

    def _claim(self, chain: FoundChain, services: Mapping[str, FoundService]) -> None:
        """Take the names that a chain needs; raises UndescribedError for one that means something else already."""
        networks = [
            chain.left,
            chain.right,
            *(each for service in services.values() for each in service.networks.values()),
        ]
        needed = [
            ("policy", chain.policy),
            *(("service", name) for name in services),
            *(("network", name) for name in networks),
        ]
        taken = dict(self._taken)
        for kind, name in needed:
            other = taken.setdefault((kind, self._known.key(name)), name)
            if other != name:
                raise UndescribedError(
                    f"{kind} {name} has the name of {other}, and the data model has one {kind} of a name"
                )
        self._taken = taken

    @property
    def networks(self) -> list[str]:
        """All networks, those at the ends of chains first."""
        ends = [name for chain in self.chains.values() for name in (chain.left, chain.right)]
        others = [name for service in self.services.values() for name in service.networks.values()]
        return list(dict.fromkeys([*ends, *others]))

    @property
    def ends(self) -> dict[str, list[tuple[str, str]]]:
        """By network the chains that end in it, each with the side."""
        found: dict[str, list[tuple[str, str]]] = {name: [] for name in self.networks}
        for policy, chain in self.chains.items():
            for word, network in chain.sides:
                found[network].append((policy, word))
        return found


def _external(chains: Iterable[str], serving: Sequence[Gateway]) -> dict[str, dict[str, list[DescribedExternal]]]:
    """Return by policy and side the external prefixes of the chains, as the data model has them.

    What several routers have alike is one of them; what they call differently is one for each.
    """
    found: dict[str, dict[str, list[DescribedExternal]]] = {policy: {"left": [], "right": []} for policy in chains}
    by_chain = {policy.rpartition(":")[2]: policy for policy in found}
    for gateway in serving:
        for entry in gateway.ordered_entries():
            listed = found[by_chain[entry.chain.name]][entry.word]
            _add(listed, {"prefix": entry.prefix, **gateway.steering(entry)}, entry, several=len(serving) > 1)
    return found


def _add(listed: list[DescribedExternal], described: DescribedExternal, entry: Entry, *, several: bool) -> None:
    if not several:
        listed.append(described)
        return
    for other in listed:
        if {key: value for key, value in other.items() if key != "routers"} == described:
            other["routers"].append(entry.router)
            return
    listed.append({**described, "routers": [entry.router]})


def _with_external(chain: Item, external: Mapping[str, list[DescribedExternal]]) -> Item:
    return {
        key: given({**value, "external": external[key]}) if key in external else value for key, value in chain.items()
    }
