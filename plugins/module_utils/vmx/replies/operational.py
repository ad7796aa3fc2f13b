# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Replies to operational requests, as data with fixed keys and types: version, routing instances, commit
history, BGP, filters, tunnels.

Pure Python. The input is what ``xml.to_data`` makes of a reply; of tunnels, the text that the router prints.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypedDict

from ..model.values import table_instance

Reply = Mapping[str, Any]
"""A reply of the router, or a part of one, as ``xml.to_data`` gives it."""

_ROLLBACK_IN = re.compile(r"rollback in (\d+) ?min")
"""What the comment of a confirmed commit says, as in ``commit confirmed, rollback in 5mins``."""


def entries(value: Any) -> list[Reply]:
    """Return a repeated element as a list: one entry comes as a dict, none as nothing or an empty text."""
    if isinstance(value, Mapping):
        return [dict(value)]
    return [dict(one) for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def information(reply: Mapping[str, Any], tag: str) -> Mapping[str, Any]:
    """Return what a reply holds below its root element, empty where there is nothing.

    A router with several routing engines, or of several chassis, may answer with ``multi-routing-engine-results``: one
    part for each of them, of which the first that tells anything counts.
    """
    several = reply.get("multi-routing-engine-results")
    items = entries(several.get("multi-routing-engine-item")) if isinstance(several, Mapping) else []
    found = (one.get(tag) for one in (reply, *items))
    return next((one for one in found if isinstance(one, Mapping) and one), {})


def number(value: Any) -> int | None:
    """Return a count or metric, None where there is none."""
    text = str(value if value is not None else "").strip()
    return int(text) if text.isdigit() else None


def words(value: Any) -> str | None:
    """Return a text, None where it is empty."""
    return str(value) if value not in (None, "") and not isinstance(value, dict | list) else None


@dataclass(frozen=True)
class Commit:
    """One entry of the commit history; ``pending`` while a confirmed commit waits for its confirmation.

    None says that it may be: the newest commit was a confirmed one, and the history of older releases does not tell
    whether it has been confirmed since.
    """

    number: int
    user: str
    client: str
    time: str
    comment: str
    log: str
    pending: bool | None


def parse_commits(reply: Mapping[str, Any]) -> list[Commit]:
    """Return the entries of ``get-commit-information``, newest first.

    The marker ``<commit-confirmed>`` tells a pending commit, but only newer releases have it. The comment about the
    rollback tells one as well, but stays after a confirmation that makes no entry of its own.
    """
    history = entries(information(reply, "commit-information").get("commit-history"))
    commits = [
        Commit(
            number=number(one.get("sequence-number")) or 0,
            user=words(one.get("user")) or "",
            client=words(one.get("client")) or "",
            time=words(one.get("date-time")) or "",
            comment=words(one.get("comment")) or "",
            log=words(one.get("log")) or "",
            pending="commit-confirmed" in one,
        )
        for one in history
    ]
    if commits and not any(one.pending for one in commits) and confirm_minutes(commits[0]) is not None:
        commits[0] = replace(commits[0], pending=None)
    return commits


def confirm_minutes(commit: Commit) -> int | None:
    """Return how many minutes a confirmed commit was to wait, as its comment has it; None for another commit."""
    found = _ROLLBACK_IN.search(commit.comment)
    return int(found.group(1)) if found else None


def current_time(reply: Mapping[str, Any]) -> str:
    """Return the current time of ``get-system-uptime-information``, empty where there is none."""
    found = information(reply, "system-uptime-information").get("current-time")
    return (words(found.get("date-time")) or "") if isinstance(found, Mapping) else ""


def parse_version(reply: Mapping[str, Any]) -> dict[str, str | None]:
    """Return host name, model and Junos version of ``get-software-information``."""
    found = information(reply, "software-information")
    version = words(found.get("junos-version")) or _package_version(found)
    return {
        "host_name": words(found.get("host-name")),
        "model": words(found.get("product-model")),
        "version": version,
    }


def _package_version(found: Mapping[str, Any]) -> str | None:
    """Return the version in square brackets of a package comment, which is where releases before 15.1 say it."""
    for package in entries(found.get("package-information")):
        comment = words(package.get("comment")) or ""
        if "[" in comment and "]" in comment:
            return comment.partition("[")[2].partition("]")[0]
    return None


class InstanceTable(TypedDict):
    """A table of a routing instance, and how many of its routes are active, held down and hidden."""

    name: str | None
    active: int | None
    holddown: int | None
    hidden: int | None


class RoutingInstance(TypedDict):
    """A routing instance with its tables."""

    name: str | None
    type: str | None
    tables: list[InstanceTable]


def parse_instances(reply: Mapping[str, Any]) -> list[RoutingInstance]:
    """Return the entries of ``get-instance-information`` with the tables of each, in the router's order."""
    cores = entries(information(reply, "instance-information").get("instance-core"))
    return [
        {
            "name": words(core.get("instance-name")),
            "type": words(core.get("instance-type")),
            "tables": [
                {
                    "name": words(rib.get("irib-name")),
                    "active": number(rib.get("irib-active-count")),
                    "holddown": number(rib.get("irib-holddown-count")),
                    "hidden": number(rib.get("irib-hidden-count")),
                }
                for rib in entries(core.get("instance-rib"))
            ],
        }
        for core in cores
    ]


# --- BGP ---

MAIN_INSTANCE = "master"
ESTABLISHED = "Established"


class BgpRoutes(TypedDict):
    """The numbers of prefixes that BGP has for a table."""

    active: int | None
    received: int | None
    accepted: int | None
    suppressed: int | None


class PeerTable(BgpRoutes):
    """A table that a peer fills."""

    name: str | None


class BgpTable(PeerTable):
    """A table that BGP fills, with all its prefixes."""

    total: int | None


class BgpPeer(TypedDict):
    """A BGP peer."""

    address: str
    peer_as: int | None
    local_as: int | None
    local_address: str | None
    group: str | None
    type: str | None
    instance: str | None
    state: str | None
    established: bool
    elapsed: str | None
    flaps: int | None
    last_error: str | None
    hold_time: int | None
    families: list[str]
    tables: list[PeerTable]


class Bgp(TypedDict):
    """BGP on a router."""

    peers: list[BgpPeer]
    tables: list[BgpTable]


def parse_bgp(summary: Reply, neighbors: Reply) -> Bgp:
    """Return the peers of a router and the tables that BGP fills.

    ``summary`` is of ``get-bgp-summary-information`` and gives the tables and how long each session has been as
    it is; ``neighbors`` is of ``get-bgp-neighbor-information`` and gives the rest. A peer that only one of them
    names is told all the same. Peers of one address in several routing instances are peers of their own.
    """
    return {
        "peers": [_peer(short, long) for short, long in _paired(_bgp_peers(summary), _bgp_peers(neighbors))],
        "tables": [
            {
                "name": words(rib.get("name")),
                "total": number(rib.get("total-prefix-count")),
                **_rib_counts(rib),
            }
            for rib in entries(information(summary, "bgp-information").get("bgp-rib"))
        ],
    }


def _bgp_peers(reply: Reply) -> list[Reply]:
    return entries(information(reply, "bgp-information").get("bgp-peer"))


def _paired(summary: list[Reply], neighbors: list[Reply]) -> list[tuple[Reply, Reply]]:
    """Return the entries of both replies that are about the same peer; an empty one where a reply has none.

    The summary names no instance. It is known by the tables of a session that is up, and where one is left of each.
    What cannot be told apart is left out of the summary's entries, rather than told of another peer.
    """
    pairs: list[tuple[Reply, Reply]] = []
    for address in dict.fromkeys(_peer_key(one) for one in (*summary, *neighbors)):
        short = [one for one in summary if _peer_key(one) == address]
        long = [one for one in neighbors if _peer_key(one) == address]
        if not long:
            pairs += [(one, {}) for one in short]
            continue
        found = {place: one for place, peer in enumerate(long) if (one := _same_instance(peer, short)) is not None}
        rest = [one for one in short if not any(one is known for known in found.values())]
        places = [place for place in range(len(long)) if place not in found]
        if len(rest) == len(places) == 1:
            found[places[0]] = rest[0]
        pairs += [(found.get(place, {}), peer) for place, peer in enumerate(long)]
    return pairs


def _same_instance(peer: Reply, summary: list[Reply]) -> Reply | None:
    """Return the only entry of a summary that is of a peer's instance."""
    instance = peer_instance(peer)
    alike = [one for one in summary if instance is not None and peer_instance(one) == instance]
    return alike[0] if len(alike) == 1 else None


def peer_instance(peer: Mapping[str, Any]) -> str | None:
    """Return the routing instance of a peer, ``master`` for the main one; None where its entry does not tell."""
    named = words(peer.get("peer-cfg-rti"))
    if named is not None:
        return named
    tables = [words(rib.get("name")) or "" for rib in entries(peer.get("bgp-rib"))]
    owners = {MAIN_INSTANCE if name.startswith("bgp.") else table_instance(name) or MAIN_INSTANCE for name in tables}
    return MAIN_INSTANCE if MAIN_INSTANCE in owners else owners.pop() if len(owners) == 1 else None


def peer_state(peer: Mapping[str, Any]) -> str | None:
    """Return the state of a peer; a terse entry has counts in its place where the session is up."""
    state = words(peer.get("peer-state"))
    up = state is not None and (state.startswith("Establ") or re.match(r"^[0-9]+/", state))
    return ESTABLISHED if up else state


def _peer_key(peer: Mapping[str, Any]) -> str:
    """Return the address of a peer without the port that stands behind a plus sign while a session is up."""
    return _without_port(peer.get("peer-address")) or ""


def _without_port(value: Any) -> str | None:
    text = words(value)
    return text.partition("+")[0] if text else None


def _peer(short: Reply, long: Reply) -> BgpPeer:
    """Return one peer by its entries in both replies."""
    state = peer_state(long) or peer_state(short)
    options = long.get("bgp-option-information")
    hold_time = options.get("holdtime") if isinstance(options, Mapping) else None
    return {
        "address": _peer_key(long) or _peer_key(short),
        "peer_as": number(long.get("peer-as") or short.get("peer-as")),
        "local_as": number(long.get("local-as")),
        "local_address": _without_port(long.get("local-address")),
        "group": words(long.get("peer-group")),
        "type": (words(long.get("peer-type")) or "").lower() or None,
        "instance": words(long.get("peer-cfg-rti")) or words(short.get("peer-cfg-rti")),
        "state": state,
        "established": state == ESTABLISHED,
        "elapsed": words(short.get("elapsed-time")),
        "flaps": number(short.get("flap-count") or long.get("flap-count")),
        "last_error": words(long.get("last-error")),
        "hold_time": number(long.get("active-holdtime") or hold_time),
        "families": (words(long.get("nlri-type-session")) or "").split(),
        "tables": [
            {"name": words(rib.get("name")), **_rib_counts(rib)}
            for rib in entries(long.get("bgp-rib")) or entries(short.get("bgp-rib"))
        ],
    }


def _rib_counts(rib: Reply) -> BgpRoutes:
    return {
        "active": number(rib.get("active-prefix-count")),
        "received": number(rib.get("received-prefix-count")),
        "accepted": number(rib.get("accepted-prefix-count")),
        "suppressed": number(rib.get("suppressed-prefix-count")),
    }


# --- filters ---


class FilterCounter(TypedDict):
    """The value of a filter's counter."""

    name: str | None
    packets: int | None
    bytes: int | None


class FilterInstance(TypedDict):
    """The counters of a filter on one interface."""

    name: str
    counters: list[FilterCounter]


class _Counters(TypedDict):
    exists: bool
    counters: list[FilterCounter]


class FilterState(_Counters, total=False):
    """A filter with its counters; ``instances`` has them by interface where the router counts for each."""

    instances: list[FilterInstance]


def parse_filters(reply: Reply) -> dict[str, FilterState]:
    """Return the filters of ``get-firewall-information`` by name with ``exists`` and the ``counters`` of each."""
    found = entries(information(reply, "firewall-information").get("filter-information"))
    return {
        words(one.get("filter-name")) or "": {
            "exists": True,
            "counters": [
                {
                    "name": words(counter.get("counter-name")),
                    "packets": number(counter.get("packet-count")),
                    "bytes": number(counter.get("byte-count")),
                }
                for counter in entries(one.get("counter"))
            ],
        }
        for one in found
    }


LIST_INSTANCE = re.compile(r"[A-Za-z][A-Za-z0-9/:_-]*\.[0-9]+-[io]")
"""What Junos names the filter that it makes of an input or output list, ``ge-0/0/0.0-i``.

The same stands behind the name and the counters of a filter that is ``interface-specific``.
"""


def find_filter(
    found: Mapping[str, FilterState], name: str, lists: Mapping[str, Collection[str]], counters: Collection[str]
) -> FilterState:
    """Return a filter of what :func:`parse_filters` gives, whatever names the router has for it.

    ``lists`` are the filters of each list by its name, ``counters`` those of the filter, as they are configured. What
    the router counts for each interface is added up, and told in ``instances``.
    """
    instances: list[FilterInstance] = [
        {"name": known, "counters": _counters_of(one, known, counters)}
        for known, one in found.items()
        if name in lists.get(known, ())
    ]
    instances += [
        {"name": known, "counters": _counters_of(one, suffix, None)}
        for known, one in found.items()
        if known.startswith(f"{name}-") and LIST_INSTANCE.fullmatch(suffix := known.removeprefix(f"{name}-"))
    ]
    plain = found.get(name)
    if not instances:
        return plain if plain is not None else absent_filter()
    total: dict[str | None, FilterCounter] = {}
    counted = [*(plain["counters"] if plain else ()), *(each for one in instances for each in one["counters"])]
    for counter in counted:
        sums = total.setdefault(counter["name"], {"name": counter["name"], "packets": 0, "bytes": 0})
        sums["packets"] = (sums["packets"] or 0) + (counter["packets"] or 0)
        sums["bytes"] = (sums["bytes"] or 0) + (counter["bytes"] or 0)
    return {"exists": True, "counters": list(total.values()), "instances": instances}


def _counters_of(found: FilterState, suffix: str, only: Collection[str] | None) -> list[FilterCounter]:
    """Return the counters of a filter's instance as they are configured; ``only`` those of these names, if given."""
    named: list[FilterCounter] = [
        {**one, "name": (one["name"] or "").removesuffix(f"-{suffix}")} for one in found["counters"]
    ]
    return [one for one in named if only is None or one["name"] in only]


def absent_filter() -> FilterState:
    """Return what is told of a filter that the router does not have."""
    return {"exists": False, "counters": []}


# --- tunnels ---


class DynamicTunnel(TypedDict):
    """A dynamic tunnel, and the network that it is made for."""

    table: str | None
    network: str
    destination: str | None
    state: str | None
    references: int | None
    encapsulation: str | None
    source_address: str | None
    via: str | None


def parse_tunnels(text: str) -> list[DynamicTunnel]:
    """Return the tunnels that ``show dynamic-tunnels database`` prints, with the network that each is made for.

    A network to which no tunnel leads yet is told as an entry whose ``destination`` is None.
    """
    found: list[tuple[str | None, str, str | None, dict[str, str]]] = []
    table: str | None = None
    network: str | None = None
    for line in text.splitlines():
        name, _colon, rest = (part.strip() for part in line.partition(":"))
        if name == "Table":
            table = rest
        elif name == "Destination-network":
            network = rest
            found.append((table, network, None, {}))
        elif name == "Tunnel to" and network is not None:
            if found[-1][:3] == (table, network, None):
                found.pop()
            destination, _state, after = rest.partition("State:")
            found.append((table, network, destination.strip(), dict(zip(["State"], after.split(), strict=False))))
        elif found:
            # The first word counts, for UDP tunnels have identifiers behind it; and the first line of a name, for the
            # next hop below a tunnel has a count and a state of its own.
            for word in rest.replace(",", " ").split()[:1]:
                found[-1][3].setdefault(name, word)
    return [_tunnel(*each) for each in found]


def _tunnel(table: str | None, network: str, destination: str | None, told: Mapping[str, str]) -> DynamicTunnel:
    return {
        "table": table,
        "network": network,
        "destination": destination,
        "state": told.get("State"),
        "references": number(told.get("Reference count")),
        "encapsulation": told["Next-hop type"].lower() if "Next-hop type" in told else None,
        "source_address": told.get("Source address"),
        "via": told.get("Next hop"),
    }
