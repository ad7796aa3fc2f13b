# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdict on a verification: what the routers' tables hold, what they should hold, and how the chains fare.

It takes what was read, as data, and returns what people see, and what playbooks decide by.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...values.finding import WARNING, Finding
from ...values.plain_text import visible
from ...vmx.replies.routes import RouteTables
from ..intent.model import Intent
from .differences import table_findings
from .labels import label_names, port_words
from .pings import ping_findings
from .tables import change_lines, table_lines

MOST_SHOWN = 6
"""Of one kind of message, so many are shown; the result has all."""

SILENT_GUEST = "guest-silent"
"""The code of the diagnosis for a guest that does not answer; the tables tell the same of its address."""


@dataclass(frozen=True)
class RouterRead:
    """The facts read from a router.

    ``names`` are its tables in the order in which they are shown, ``expected`` is what the chains bring into them.
    ``missing`` lists in words what of that is not there after ``seconds``, ``missing_chains`` the chains that it is
    missing of. ``snapshot`` is the snapshot from before the chains (empty where there is none), and ``no_snapshot``
    says why it is empty.
    """

    name: str
    tables: RouteTables
    names: Sequence[str]
    expected: Sequence[Mapping[str, Any]] = ()
    missing: Sequence[str] = ()
    missing_chains: Sequence[str] = ()
    seconds: float = 0
    waited_for: float = 0
    taken: str = ""
    snapshot: Mapping[str, Any] = field(default_factory=dict)
    no_snapshot: str = ""


@dataclass(frozen=True)
class Diagnosis:
    """The result of ``chain_diagnose``; ``failure`` says why it could not look."""

    chains: Sequence[Mapping[str, Any]] = ()
    findings: Sequence[Mapping[str, str]] = ()
    not_looked_at: Sequence[str] = ()
    failure: str = ""

    @property
    def remarks(self) -> list[str]:
        """The notes on what was not looked at, a line each."""
        return [f"the chains were not diagnosed: {self.failure}"] if self.failure else list(self.not_looked_at)

    @property
    def broken(self) -> list[Mapping[str, Any]]:
        """The chains with a broken link."""
        return [each for each in self.chains if not each["stands"]]

    def lines(self) -> list[str]:
        """Return a line for each chain that is up, the warnings, and what was not looked at.

        The failure names broken chains, and the tables name silent service VMs.
        """
        up = [f"{each['name']}: up" for each in self.chains if each["stands"]]
        cautions = [each for each in self.findings if each["severity"] == WARNING and each["code"] != SILENT_GUEST]
        return [*up, *grouped(cautions), *(f"not looked at: {each}" for each in self.remarks)]


@dataclass(frozen=True)
class Pinged:
    """Results of pings, and of those while the service did not forward, as :func:`.pings.ping_findings` takes them."""

    results: Sequence[Mapping[str, Any]] = ()
    unproven: Sequence[Mapping[str, Any]] = ()

    def __str__(self) -> str:
        proven = f", and {len(self.unproven)} were not while the service did not forward" if self.unproven else ""
        return f"{len(self.results)} pings were answered{proven}"


@dataclass(frozen=True)
class Verdict:
    """The verdict on everything that was read.

    ``lines`` show the tables and how the chains fare, ``reasons`` why verification fails (none when it does not),
    ``failed_chains`` the chains that are down.
    """

    lines: Sequence[str]
    reasons: Sequence[str]
    failed_chains: Sequence[str]
    findings: Sequence[Mapping[str, str]]
    ping_findings: Sequence[Mapping[str, str]]


def judge(
    intent: Intent,
    routers: Sequence[RouterRead],
    predictions: Mapping[str, RouteTables],
    diagnosis: Diagnosis,
    pinged: Pinged,
) -> Verdict:
    """Return the verdict. A chain that lacks routes on one router is down on all: a path in one direction is of no use.

    :param predictions: the tables that are predicted, by router.
    """
    of_pings = ping_findings(pinged.results, pinged.unproven)
    words = port_words(intent)
    lines: list[str] = []
    of_tables: list[Finding] = []
    for router in routers:
        found = _findings(router, predictions.get(router.name) or {}, words)
        of_tables += found
        lines += _router_lines(router, predictions.get(router.name), words, found)
    lines += diagnosis.lines()
    if pinged.results and not of_pings:
        lines.append(str(pinged))
    failed = [
        *(str(each["name"]) for each in diagnosis.broken),
        *(chain for router in routers for chain in router.missing_chains),
        *(str(finding.values["chain"]) for finding in of_pings),
    ]
    return Verdict(
        lines=visible(lines),
        reasons=visible(list(_reasons(routers, diagnosis, of_pings))),
        failed_chains=list(dict.fromkeys(failed)),
        findings=[*diagnosis.findings, *(each.shown() for each in (*of_pings, *of_tables))],
        ping_findings=[each.shown() for each in of_pings],
    )


def grouped(findings: Iterable[Mapping[str, str]]) -> Iterator[str]:
    """Yield findings as lines: those that differ by their message only are told together, a line each.

    Findings are as :meth:`.finding.Finding.shown` returns them.
    """
    groups: dict[tuple[str, ...], list[str]] = {}
    for each in findings:
        key = tuple(each[part] for part in ("severity", "where", "code", "consequence", "cure"))
        groups.setdefault(key, []).append(each["message"])
    for (severity, where, code, consequence, cure), messages in groups.items():
        if len(messages) == 1:
            yield f"{severity}: {where}: {messages[0]} [{code}]"
        else:
            yield f"{severity}: {where}: {len(messages)} findings [{code}]"
            yield from cut(messages)
        yield f"  consequence: {consequence}"
        yield f"  cure: {cure}"


def cut(lines: Sequence[str]) -> Iterator[str]:
    """Yield the first of many lines, indented, and how many there are besides."""
    yield from (f"  {each}" for each in lines[:MOST_SHOWN])
    if len(lines) > MOST_SHOWN:
        yield f"  and {len(lines) - MOST_SHOWN} more"


def _findings(router: RouterRead, predicted: RouteTables, words: Mapping[str, str]) -> list[Finding]:
    labels = label_names(router.tables, predicted, words)
    return table_findings(router.tables, predicted, router.names, router.name, labels) if predicted else []


def _router_lines(
    router: RouterRead, predicted: RouteTables | None, words: Mapping[str, str], found: Sequence[Finding]
) -> Iterator[str]:
    """Yield the tables of a router before the chains, now and as predicted, and what differs between them."""
    labels = label_names(router.tables, predicted or {}, words)
    before = router.snapshot.get("tables")
    if before is not None:
        yield f"{router.name}: tables before the chains"
        yield from table_lines(before, router.names, labels)
        yield ""
    yield f"{router.name}: tables now"
    yield from table_lines(router.tables, router.names, labels)
    yield ""
    if before is not None:
        yield f"{router.name}: what the chains changed"
        yield from change_lines(before, router.tables, router.names, labels)
    else:
        yield f"{router.name}: {router.no_snapshot}"
    if predicted is not None:
        yield ""
        yield f"{router.name}: predicted tables"
        yield from table_lines(predicted, router.names)
        yield ""
        if not found:
            yield f"{router.name}: all tables are as predicted, and every address answers"
        yield from grouped(each.shown() for each in found)
    yield ""


def _reasons(routers: Sequence[RouterRead], diagnosis: Diagnosis, pings: Sequence[Finding]) -> Iterator[str]:
    """Yield why verification fails: broken links first, for they are why routes are missing."""
    yield from (str(each["message"]) for each in diagnosis.broken)
    for router in routers:
        if router.missing:
            after = f" after {router.waited_for:g} s" if router.waited_for else ""
            yield f"{router.name}: routes of {', '.join(router.missing_chains)} are missing{after}:"
            yield from cut(router.missing)
    yield from (each.shown()["message"] for each in pings)
