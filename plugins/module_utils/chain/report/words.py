# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Words that both forms of the report use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .content import DOWN, UNKNOWN, UP, ChainHealth, Report, TableState

NOTHING_FOUND = "Nothing was found that needs a look."
MARKS = {"added": ("+", "added"), "removed": ("-", "removed"), "changed": ("~", "changed"), "same": ("", "")}


def counted(number: int, word: str) -> str:
    """Return a number with its word: ``1 chain``, ``2 chains``."""
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


def arrows(text: str) -> str:
    """Return a text with arrows in place of the characters that draw them."""
    return text.replace("<->", "↔").replace("->", "→")


def destinations(table: TableState) -> str:
    """Return how many destinations a table had and has."""
    if not table.exists:
        return "the router has no such table"
    if table.before is None:
        return counted(table.after, "destination")
    return f"{counted(table.before, 'destination')} before, {table.after:,} now"


def remarks(state: ChainHealth) -> str:
    """Return why a chain is broken, and what else is to be said of it."""
    return "; ".join([*([state.reason] if state.reason else []), *state.warnings])


def grouped(findings: Iterable[Mapping[str, str]]) -> list[list[Mapping[str, str]]]:
    """Return findings together that have the same code, consequence and cure, in the order of the first of each."""
    groups: dict[tuple[str | None, ...], list[Mapping[str, str]]] = {}
    for each in findings:
        groups.setdefault(tuple(each.get(key) for key in ("code", "severity", "consequence", "cure")), []).append(each)
    return list(groups.values())


def left_out(chains: int) -> str:
    """Return that so many chains are only listed."""
    return f"{counted(chains, 'chain')} more: see the list of chains; they are not drawn here."


def headline(report: Report) -> str:
    """Return how many chains are up and how many are not, in one line."""
    states = [f"{report.count(state):,} {state}" for state in (DOWN, UNKNOWN, UP) if report.count(state)]
    return ", ".join(states) or "none"


def seconds(value: float) -> str:
    """Return a time as people say it."""
    minutes, rest = divmod(value, 60)
    return f"{minutes:.0f} min {rest:.0f} s" if minutes else f"{rest:.1f} s"
