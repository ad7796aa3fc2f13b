# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a report says, put together from what verification read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...values.finding import Finding
from ...values.plain_text import visible
from ...vmx.replies.routes import RouteTables
from ..design.derive import derive, entries_behind
from ..findings.tables import ADDRESS_SILENT
from ..intent.model import Chain, Intent, Router
from ..intent.read import read_intent
from ..verification.differences import table_findings
from ..verification.labels import LabelNames, label_names, port_words
from ..verification.tables import ComparedRoute, compared_routes, missing_by_chain, missing_findings

UP, DOWN, UNKNOWN = "up", "down", "not verified"
_RANK = {DOWN: 0, UNKNOWN: 1, UP: 2}


@dataclass(frozen=True)
class TableState:
    """A router's table; ``rows`` hold it before and after, ``before`` is null where nobody kept a snapshot."""

    name: str
    exists: bool
    before: int | None
    after: int
    rows: tuple[ComparedRoute, ...]

    def count(self, change: str) -> int:
        """Return how many rows are ``added``, ``removed``, ``changed`` or the ``same``."""
        return sum(row.change == change for row in self.rows)


@dataclass(frozen=True)
class RouterState:
    """A router: its tables, whose its labels are, when it was read, and which tables lack what of which chains."""

    name: str
    tables: Mapping[str, TableState]
    labels: LabelNames
    taken: str | None
    taken_before: str | None
    missing: frozenset[tuple[str, str]]


@dataclass(frozen=True)
class ChainHealth:
    """The health of a chain: ``state`` is one of the constants of this module, ``reason`` says why it is down."""

    chain: Chain
    summary: str
    state: str
    reason: str
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Timing:
    """The time that something took."""

    what: str
    seconds: float


@dataclass(frozen=True)
class Report:
    """All that a report says. Findings are as :meth:`.finding.Finding.shown` returns them, errors first.

    ``silent`` are the prefixes of addresses that nobody answers for, ``remarks`` tells what was not looked at.
    """

    made: str
    intent: Intent
    chains: tuple[ChainHealth, ...]
    routers: Mapping[str, RouterState]
    findings: tuple[Mapping[str, str], ...]
    timings: tuple[Timing, ...]
    silent: frozenset[str]
    remarks: tuple[str, ...]

    def count(self, state: str) -> int:
        """Return how many chains are in a state."""
        return sum(each.state == state for each in self.chains)


def read_report(data: Mapping[str, Any]) -> Report:
    """Return the report on what was read.

    :param data: ``intent`` (arguments of :func:`.intent.read_intent`), ``routers`` by name (``tables`` and
        ``before`` as ``vmx_info`` returns ``route_tables``, ``expected`` as :func:`.derive.derive` returns it,
        ``taken`` and ``taken_before``, which are times), ``prediction`` (tables by router), ``chains`` and
        ``findings`` as ``chain_diagnose`` returns them, ``remarks`` (what was not looked at), ``timings`` (``what``,
        ``seconds``) and ``made``, the time of the report. All but the intent may be left out.
    :raises IntentError: with the path of each bad value of the intent.
    """
    data = visible(data)
    intent = read_intent(**(data.get("intent") or {}))
    words = port_words(intent)
    predictions: Mapping[str, RouteTables] = data.get("prediction") or {}
    routers: dict[str, RouterState] = {}
    silent: set[str] = set()
    findings: list[Mapping[str, str]] = [dict(each) for each in data.get("findings") or ()]
    for name, read in (data.get("routers") or {}).items():
        tables, expected = read.get("tables") or {}, read.get("expected") or ()
        predicted = predictions.get(name) or {}
        labels = label_names(tables, predicted, words)
        routers[name] = _router_state(name, read, labels)
        of_tables = table_findings(tables, predicted, sorted(predicted), name, labels)
        silent |= {str(found.values["prefix"]) for found in of_tables if found.kind is ADDRESS_SILENT}
        findings += _news(findings, [*missing_findings(tables, expected, name), *of_tables])
    return Report(
        made=str(data.get("made") or ""),
        intent=intent,
        chains=_chains(intent, routers, data.get("chains") or ()),
        routers=routers,
        findings=tuple(sorted(_once(findings), key=lambda each: each.get("severity") != "error")),
        timings=tuple(Timing(str(each["what"]), float(each["seconds"])) for each in data.get("timings") or ()),
        silent=frozenset(silent),
        remarks=tuple(str(each) for each in data.get("remarks") or ()),
    )


def _router_state(name: str, read: Mapping[str, Any], labels: LabelNames) -> RouterState:
    tables: RouteTables = read.get("tables") or {}
    return RouterState(
        name,
        {each: _table(each, read.get("before") or None, tables) for each in tables},
        labels,
        read.get("taken"),
        read.get("taken_before"),
        frozenset((each.table, each.chain) for each in missing_by_chain(tables, read.get("expected") or ())),
    )


def routers_behind(intent: Intent, chain: Chain) -> list[Router]:
    """Return the routers that lead traffic into a chain, or hold a VRF of one of its networks."""
    return [
        router
        for router in intent.routers.values()
        if {chain.left.network, chain.right.network} & set(router.vrfs)
        or any(True for _unused in entries_behind(intent, [chain], router))
    ]


def _table(name: str, before: RouteTables | None, after: RouteTables) -> TableState:
    old = (before or {}).get(name, {}).get("routes") or []
    table = after.get(name) or {}
    new = table.get("routes") or []
    return TableState(
        name,
        bool(table.get("exists", bool(new))),
        None if before is None else len({route["prefix"] for route in old}),
        len({route["prefix"] for route in new}),
        tuple(compared_routes(new if before is None else old, new)),
    )


def _chains(
    intent: Intent, routers: Mapping[str, RouterState], judged: Sequence[Mapping[str, Any]]
) -> tuple[ChainHealth, ...]:
    """Return how the chains fare, broken ones first; what a diagnosis says counts before what tables lack."""
    lacking: dict[str, list[str]] = {}
    for router in routers.values():
        tables: dict[str, list[str]] = {}
        for table, name in sorted(router.missing):
            tables.setdefault(name, []).append(table)
        for name, names in tables.items():
            lacking.setdefault(name, []).append(f"{router.name}: routes are missing in {' and '.join(names)}")
    by_name = {each["name"]: each for each in judged}
    states = []
    for chain, summary in zip(intent.present_chains, derive(intent).summary, strict=True):
        said: Mapping[str, Any] = by_name.get(chain.name, {})
        link: Mapping[str, Any] = said.get("link") or {}
        reason = link.get("message") or "; ".join(lacking.get(chain.name, ()))
        stands = bool(said.get("stands", True)) and chain.name not in lacking
        state = UNKNOWN if not routers and not said else UP if stands else DOWN
        warnings = tuple(str(each["message"]) for each in said.get("warnings") or ())
        states.append(ChainHealth(chain, summary, state, reason if state == DOWN else "", warnings))
    return tuple(sorted(states, key=lambda each: _RANK[each.state]))


def _news(known: Iterable[Mapping[str, str]], found: Iterable[Finding]) -> Iterator[Mapping[str, str]]:
    """Yield what a diagnosis, or a graver finding, has not said of the same prefix in the same table already."""
    said: dict[str, list[str]] = {}
    for each in known:
        said.setdefault(each.get("where", ""), []).append(each.get("message", ""))
    for finding in found:
        prefix, there = finding.values.get("prefix"), said.setdefault(finding.where, [])
        if prefix and any(str(prefix) in message.replace(",", " ").split() for message in there):
            continue
        shown = finding.shown()
        there.append(shown["message"])
        yield shown


def _once(findings: Iterable[Mapping[str, str]]) -> list[Mapping[str, str]]:
    """Leave out what was found twice."""
    return list({(each.get("code"), each.get("where"), each.get("message")): each for each in findings}.values())
