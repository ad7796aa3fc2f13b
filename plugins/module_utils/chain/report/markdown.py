# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as Markdown, for tickets and chats, with the chains drawn in characters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ..verification.tables import ComparedRoute, route_cells
from .content import ChainHealth, Report, RouterState
from .markup import clean
from .scene import Box, Scene, scene_of
from .selection import select
from .words import MARKS, NOTHING_FOUND, arrows, destinations, grouped, headline, left_out, remarks, seconds

COLUMNS = ("Change", "Prefix", "Protocol", "MED", "Local pref.", "Label", "Next hop")


def markdown(report: Report, pictures: int = 20) -> str:
    """Return the report as Markdown.

    :param pictures: of how many chains a picture and the tables are shown, the broken ones first.
    """
    chosen = select(report, pictures)
    lines = ["# Service chains", "", f"{headline(report)}. {_plain(report.made)}".strip(), "", "## Chains", ""]
    lines += _table(("Chain", "State", "Path", "Notes"), (_chain(each) for each in report.chains))
    lines += ["", "## Findings", "", *(_findings(report) if report.findings else [NOTHING_FOUND])]
    lines += ["", _plain(f"Not looked at: {'; '.join(report.remarks)}.")] if report.remarks else []
    for state in chosen.chains:
        lines += ["", f"## Chain {_plain(state.chain.name)}: {state.state}", "", *_picture(report, state)]
    if chosen.left_out:
        lines += ["", left_out(chosen.left_out)]
    for router in report.routers.values():
        lines += ["", f"## Router {_plain(router.name)}", *_tables(router, chosen.tables.get(router.name, ()))]
    if report.timings:
        rows = ((each.what, seconds(each.seconds)) for each in report.timings)
        lines += ["", "## Timings", "", *_table(("What", "Time"), rows)]
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    """Return a text on one line in which nothing means anything to Markdown or HTML."""
    return re.sub(r"([\\`*_{}\[\]<>#|~&!])", r"\\\1", re.sub(r"\s+", " ", clean(text)))


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield "| " + " | ".join(columns) + " |"
    yield "|" + "---|" * len(columns)
    for row in rows:
        yield "| " + " | ".join(_plain(cell) for cell in row) + " |"


def _chain(state: ChainHealth) -> tuple[str, ...]:
    return state.chain.name, state.state, arrows(state.summary.partition(": ")[2]), remarks(state)


def _findings(report: Report) -> Iterator[str]:
    for group in grouped(report.findings):
        for each in group:
            severity, where, message = (_plain(each.get(key, "")) for key in ("severity", "where", "message"))
            yield f"* **{severity}** {where}: {message}"
        for key, word in (("consequence", "What follows"), ("cure", "Cure"), ("code", "Code")):
            if group[0].get(key):
                yield f"  * {word}: {_plain(group[0][key])}"


def _tables(router: RouterState, names: Sequence[str]) -> Iterator[str]:
    for name in names:
        table = router.tables[name]
        yield from ("", f"### {_plain(name)}: {destinations(table)}", "")
        if table.exists:
            yield from _table(COLUMNS, (_route(router, each) for each in table.rows))
    labels = [str(each) for each in router.labels]
    if labels:
        yield from ("", "### Labels", "", *(f"* {_plain(each)}" for each in labels[:100]))


def _route(router: RouterState, compared: ComparedRoute) -> tuple[str, ...]:
    cells = route_cells(compared.route, router.labels)
    was = route_cells(compared.before, router.labels) if compared.change == "changed" and compared.before else cells
    values = (value if value == before else f"{value} (was {before})" for value, before in zip(cells, was, strict=True))
    return (" ".join(MARKS[compared.change]).strip(), *values)


def _picture(report: Report, state: ChainHealth) -> Iterator[str]:
    """Yield the chain from left to right, one box below the other."""
    scene = scene_of(report, state)
    arrow = "  ↕" if scene.both_ways else "  ↓"
    yield "    " + clean(scene.title)
    for index, box in enumerate(_way(scene)):
        if index:
            yield "    " + arrow
        yield "    " + _one_line(f"[{box.caption}] {box.title}")
        for line in box.lines:
            yield "    " + _one_line(f"    {line.text}{' !' if line.warns else ''}")


def _one_line(text: str) -> str:
    return re.sub(r"[\r\n\t]+", " ", clean(text))


def _way(scene: Scene) -> Iterator[Box]:
    """Yield what a packet meets from left to right."""
    yield from (part.outside_left for part in scene.routers if part.outside_left)
    yield from (part.left for part in scene.routers)
    yield scene.left
    yield from scene.services
    yield scene.right
    yield from (part.right for part in scene.routers)
    yield from (part.outside_right for part in scene.routers if part.outside_right)
