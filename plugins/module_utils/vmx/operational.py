# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Replies to operational requests, as data with fixed keys and types: version, routing instances, commit
history, BGP, filters, tunnels.

Pure Python. The input is what ``xml.to_data`` makes of a reply; of tunnels, the text that the router prints.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

_ROLLBACK_IN = re.compile(r"rollback in (\d+) ?min")
"""What the comment of a confirmed commit says, as in ``commit confirmed, rollback in 5mins``."""


def entries(value: Any) -> list[dict[str, Any]]:
    """Return a repeated element as a list: one entry comes as a dict, none as nothing or an empty text."""
    if isinstance(value, Mapping):
        return [dict(value)]
    return [dict(one) for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


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
    information = reply.get("commit-information")
    history = entries(information.get("commit-history")) if isinstance(information, Mapping) else []
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
    several = reply.get("multi-routing-engine-results")
    items = entries(several.get("multi-routing-engine-item")) if isinstance(several, Mapping) else []
    found: Any = items[0] if items else reply
    for name in ("system-uptime-information", "current-time"):
        found = found.get(name) if isinstance(found, Mapping) else None
    return (words(found.get("date-time")) or "") if isinstance(found, Mapping) else ""


def parse_version(reply: Mapping[str, Any]) -> dict[str, str | None]:
    """Return host name, model and Junos version of ``get-software-information``."""
    found: Any = reply.get("software-information")
    if not isinstance(found, Mapping):
        several = reply.get("multi-routing-engine-results")
        items = entries(several.get("multi-routing-engine-item")) if isinstance(several, Mapping) else []
        found = items[0].get("software-information") if items else None
    information = found if isinstance(found, Mapping) else {}
    version = words(information.get("junos-version")) or _package_version(information)
    return {
        "host_name": words(information.get("host-name")),
        "model": words(information.get("product-model")),
        "version": version,
    }


def _package_version(information: Mapping[str, Any]) -> str | None:
    """Return the version in square brackets of a package comment, which is where releases before 15.1 say it."""
    for package in entries(information.get("package-information")):
        comment = words(package.get("comment")) or ""
        if "[" in comment and "]" in comment:
            return comment.partition("[")[2].partition("]")[0]
    return None


def parse_instances(reply: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the entries of ``get-instance-information`` with the tables of each, in the router's order."""
    information = reply.get("instance-information")
    cores = entries(information.get("instance-core")) if isinstance(information, Mapping) else []
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

_RIB_COUNTS = ("active", "received", "accepted", "suppressed")
_TUNNEL_LINES: Mapping[str, str] = {
    "Reference count": "references",
    "Next-hop type": "encapsulation",
    "Source address": "source_address",
    "Next hop": "via",
    "State": "state",
}
"""What the lines below a tunnel tell."""


def parse_bgp(summary: Mapping[str, Any], neighbors: Mapping[str, Any]) -> dict[str, Any]:
    """Return the peers of a router and the tables that BGP fills.

    ``summary`` is of ``get-bgp-summary-information`` and gives the tables and how long each session has been as
    it is; ``neighbors`` is of ``get-bgp-neighbor-information`` and gives the rest. A peer that only one of them
    names is told all the same.
    """
    short = {_peer_key(one): one for one in _bgp_peers(summary)}
    long = {_peer_key(one): one for one in _bgp_peers(neighbors)}
    information = summary.get("bgp-information")
    ribs = entries(information.get("bgp-rib")) if isinstance(information, Mapping) else []
    return {
        "peers": [_peer(key, short.get(key, {}), long.get(key, {})) for key in {**short, **long}],
        "tables": [
            {
                "name": words(rib.get("name")),
                "total": number(rib.get("total-prefix-count")),
                **_rib_counts(rib),
            }
            for rib in ribs
        ],
    }


def _bgp_peers(reply: Mapping[str, Any]) -> list[dict[str, Any]]:
    information = reply.get("bgp-information")
    return entries(information.get("bgp-peer")) if isinstance(information, Mapping) else []


def _peer_key(peer: Mapping[str, Any]) -> str:
    """Return the address of a peer without the port that stands behind a plus sign while a session is up."""
    return _without_port(peer.get("peer-address")) or ""


def _without_port(value: Any) -> str | None:
    text = words(value)
    return text.partition("+")[0] if text else None


def _peer(address: str, short: Mapping[str, Any], long: Mapping[str, Any]) -> dict[str, Any]:
    """Return one peer; terse tables have counts for state text where a peer has one table only."""
    state = words(long.get("peer-state")) or words(short.get("peer-state"))
    if state is not None and (state.startswith("Establ") or re.match(r"^[0-9]+/", state)):
        state = "Established"
    options = long.get("bgp-option-information")
    hold_time = options.get("holdtime") if isinstance(options, Mapping) else None
    return {
        "address": address,
        "peer_as": number(long.get("peer-as") or short.get("peer-as")),
        "local_as": number(long.get("local-as")),
        "local_address": _without_port(long.get("local-address")),
        "group": words(long.get("peer-group")),
        "type": (words(long.get("peer-type")) or "").lower() or None,
        "instance": words(long.get("peer-cfg-rti")),
        "state": state,
        "established": state == "Established",
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


def _rib_counts(rib: Mapping[str, Any]) -> dict[str, int | None]:
    return {name: number(rib.get(f"{name}-prefix-count")) for name in _RIB_COUNTS}


# --- filters ---


def parse_filters(reply: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the filters of ``get-firewall-information`` by name with ``exists`` and the ``counters`` of each."""
    information = reply.get("firewall-information")
    found = entries(information.get("filter-information")) if isinstance(information, Mapping) else []
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


def absent_filter() -> dict[str, Any]:
    """Return what is told of a filter that the router does not have."""
    return {"exists": False, "counters": []}


# --- tunnels ---


def parse_tunnels(text: str) -> list[dict[str, Any]]:
    """Return the tunnels that ``show dynamic-tunnels database`` prints, with the network that each is made for.

    A network to which no tunnel leads yet is told as an entry whose ``destination`` is None.
    """
    tunnels: list[dict[str, Any]] = []
    table = network = None
    idle: set[tuple[str | None, str]] = set()
    for line in text.splitlines():
        name, _colon, rest = (part.strip() for part in line.partition(":"))
        if name == "Table":
            table = rest
        elif name == "Destination-network":
            network = rest
            tunnels.append(_tunnel(table, network))
            idle.add((table, rest))
        elif name == "Tunnel to" and network is not None:
            if (table, network) in idle:
                idle.discard((table, network))
                tunnels.pop()
            made = _tunnel(table, network)
            destination, _state, after = rest.partition("State:")
            made["destination"] = destination.strip()
            made["state"] = next(iter(after.split()), None)
            tunnels.append(made)
        elif name in _TUNNEL_LINES and tunnels:
            _note(tunnels[-1], _TUNNEL_LINES[name], rest)
    return tunnels


def _note(tunnel: dict[str, Any], key: str, told: str) -> None:
    """Take a line about a tunnel over, of which the first word counts: UDP tunnels have identifiers behind it.

    The first line counts as well, for the next hop below a tunnel has a count and a state of its own.
    """
    word = next(iter(told.replace(",", " ").split()), None)
    if tunnel[key] is None and word is not None:
        tunnel[key] = number(word) if key == "references" else word.lower() if key == "encapsulation" else word


def _tunnel(table: str | None, network: str) -> dict[str, Any]:
    return {
        "table": table,
        "network": network,
        "destination": None,
        "state": None,
        **dict.fromkeys(_TUNNEL_LINES.values()),
    }
