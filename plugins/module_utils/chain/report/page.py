# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as one page of HTML that needs nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from xml.etree import ElementTree as ET

from ..verification.tables import ComparedRoute, route_cells
from .content import DOWN, UNKNOWN, UP, ChainHealth, Report, RouterState, TableState
from .layout import narrow_picture, wide_picture
from .markup import element, written
from .scene import scene_of
from .selection import Selection, select
from .style import STYLE
from .svg import svg
from .words import MARKS, NOTHING_FOUND, arrows, counted, destinations, grouped, headline, left_out, remarks, seconds

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
COLUMNS = ("Change", "Prefix", "Protocol", "MED", "Local pref.", "Label", "Next hop")
MOST_PLACES = 8
_SEVERITIES = {"error": "✕ Error", "warning": "! Warning"}
_STATES = {UP: ("good", "✓"), DOWN: ("bad", "✕")}


def page(report: Report, pictures: int = 20) -> str:
    """Return the report as HTML.

    :param pictures: of how many chains a picture and the tables are shown, the broken ones first.
    """
    chosen = select(report, pictures)
    head = element(
        "head",
        {},
        element("meta", {"charset": "utf-8"}),
        element("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}),
        element("meta", {"name": "color-scheme", "content": "light dark"}),
        element("meta", {"http-equiv": "Content-Security-Policy", "content": POLICY}),
        element("title", {}, f"Service chains: {headline(report)}"),
        element("style", {}, STYLE),
    )
    body = element(
        "body",
        {},
        _header(report),
        element(
            "main",
            {},
            _overview(report),
            _findings(report),
            *_pictures(report, chosen),
            *_routers(report, chosen),
            *_timings(report),
        ),
        element("footer", {}, f"Made by the Ansible collection opencontrail.service_chain, {report.made}."),
    )
    return written(element("html", {"lang": "en"}, head, body))


def _header(report: Report) -> ET.Element:
    routers = ", ".join(
        f"{router.name} read {router.taken}" if router.taken else router.name for router in report.routers.values()
    )
    states = [state for state in (DOWN, UNKNOWN, UP) if report.count(state)]
    errors = sum(each.get("severity") == "error" for each in report.findings)
    warnings = len(report.findings) - errors
    items = [_state_mark(state, f"{counted(report.count(state), 'chain')} {state}") for state in states]
    items += [element("span", {"class": "state bad"}, f"✕ {counted(errors, 'error')}")] if errors else []
    items += [element("span", {"class": "state warn"}, f"! {counted(warnings, 'warning')}")] if warnings else []
    return element(
        "header",
        {},
        element("h1", {}, "Service chains"),
        element("p", {"class": "quiet"}, routers or "No router was read."),
        element("ul", {"class": "states"}, *(element("li", {}, item) for item in items)),
    )


def _state_mark(state: str, text: str | None = None) -> ET.Element:
    css, sign = _STATES.get(state, ("warn", "?"))
    return element("span", {"class": f"state {css}"}, f"{sign} {text or state}")


def _section(name: str, title: str, *content: ET.Element | str, css: str = "") -> ET.Element:
    attributes = {"aria-labelledby": name, **({"class": css} if css else {})}
    return element("section", attributes, element("h2", {"id": name}, title), *content)


def _table(caption: ET.Element | str, columns: Sequence[str], rows: Iterable[ET.Element]) -> ET.Element:
    """Return a table whose rows become blocks on phones; the roles keep it a table for those who listen to it."""
    heads = (element("th", {"scope": "col", "role": "columnheader"}, each) for each in columns)
    head = element("tr", {"role": "row"}, *heads)
    return element(
        "table",
        {"class": "rows", "role": "table"},
        element("caption", {}, caption),
        element("thead", {"role": "rowgroup"}, head),
        element("tbody", {"role": "rowgroup"}, *rows),
    )


def _cell(label: str, *content: ET.Element | str, css: str = "") -> ET.Element:
    return element("td", {"data-label": label, "role": "cell", **({"class": css} if css else {})}, *content)


def _row(first: ET.Element | str, *cells: ET.Element, css: str = "") -> ET.Element:
    head = element("th", {"scope": "row", "role": "rowheader"}, first)
    return element("tr", {"role": "row", **({"class": css} if css else {})}, head, *cells)


def _overview(report: Report) -> ET.Element:
    rows = []
    for each in report.chains:
        notes = remarks(each)
        way = arrows(each.summary.partition(": ")[2])
        rows.append(
            _row(
                element("code", {}, each.chain.name),
                _cell("State", _state_mark(each.state)),
                _cell("Path", way),
                _cell("Notes", notes, css="" if notes else "nothing"),
            )
        )
    if not rows:
        return _section("chains", "Chains", element("p", {}, "The data model has no chain that is to stand."))
    return _section("chains", "Chains", _table(counted(len(rows), "chain"), ("Chain", "State", "Path", "Notes"), rows))


def _findings(report: Report) -> ET.Element:
    cards = [_card(group) for group in grouped(report.findings)]
    remarks = (
        [element("p", {"class": "quiet"}, f"Not looked at: {'; '.join(report.remarks)}.")] if report.remarks else []
    )
    return _section("findings", "Findings", *(cards or [element("p", {}, NOTHING_FOUND)]), *remarks)


def _card(findings: Sequence[Mapping[str, str]]) -> ET.Element:
    """Return what is to be said of findings that have the same consequence and cure."""
    first = findings[0]
    word = _SEVERITIES.get(first.get("severity", ""), "")
    if len(findings) == 1:
        head = element("h3", {}, f"{word}: {first.get('message', '')}")
        places = [element("dt", {}, "Where"), element("dd", {}, element("code", {}, first.get("where", "")))]
    else:
        head = element("h3", {}, f"{word}: {len(findings):,} of one kind")
        items = [
            element("li", {}, element("code", {}, each.get("where", "")), f": {each.get('message', '')}")
            for each in findings
        ]
        whole = [element("ul", {}, *items[:MOST_PLACES])]
        if len(items) > MOST_PLACES:
            rest = element("ul", {}, *items[MOST_PLACES:])
            whole.append(element("details", {}, element("summary", {}, f"{len(items) - MOST_PLACES:,} more"), rest))
        places = [element("dt", {}, "Where"), element("dd", {}, *whole)]
    facts = element("dl", {}, *places, *_facts(first))
    return element("article", {"class": f"finding {first.get('severity', '')}"}, head, facts)


def _facts(finding: Mapping[str, str]) -> Iterator[ET.Element]:
    for key, word in (("consequence", "What follows"), ("cure", "Cure"), ("code", "Code")):
        if finding.get(key):
            value: ET.Element | str = element("code", {}, finding[key]) if key == "code" else finding[key]
            yield element("dt", {}, word)
            yield element("dd", {}, value)


def _pictures(report: Report, chosen: Selection) -> Iterator[ET.Element]:
    for number, state in enumerate(chosen.chains, start=1):
        yield _picture(report, state, f"chain-{number}")
    if chosen.left_out:
        yield element("p", {"class": "quiet"}, left_out(chosen.left_out))


def _picture(report: Report, state: ChainHealth, name: str) -> ET.Element:
    scene = scene_of(report, state)
    pictures = [
        svg(wide_picture(scene), f"{name}-wide", "wide"),
        svg(narrow_picture(scene), f"{name}-narrow", "narrow"),
    ]
    title = element("h2", {"id": name}, "Chain ", element("code", {}, state.chain.name), " ", _state_mark(state.state))
    reason = [element("p", {}, element("strong", {}, "Why: "), state.reason)] if state.reason else []
    figure = element("figure", {}, *pictures)
    return element("section", {"aria-labelledby": name, "class": "chain"}, title, *reason, figure)


def _routers(report: Report, chosen: Selection) -> Iterator[ET.Element]:
    for number, router in enumerate(report.routers.values(), start=1):
        names = chosen.tables.get(router.name, ())
        more = len(router.tables) - len(names)
        content: list[ET.Element | str] = [element("p", {"class": "quiet"}, _taken(router))]
        for name in names:
            table = _routes(router, router.tables[name])
            if len(names) > 4 and router.tables[name].count("same") == len(router.tables[name].rows):
                table = element("details", {}, element("summary", {}, f"{name}, as before"), table)
            content.append(table)
        labels = [element("li", {}, str(each)) for each in router.labels]
        if labels:
            content += [element("h3", {}, "Labels"), element("ul", {}, *labels[:100])]
        if more > 0:
            content.append(element("p", {"class": "quiet"}, f"Tables of chains that are not drawn: {more:,}."))
        yield _section(f"router-{number}", f"Router {router.name}", *content)


def _taken(router: RouterState) -> str:
    before = f"Before the chains: {router.taken_before}" if router.taken_before else "No tables from before the chains"
    return f"{before}; now: {router.taken}" if router.taken else before


def _routes(router: RouterState, table: TableState) -> ET.Element:
    if not table.exists:
        return element("p", {}, element("code", {}, table.name), f": {destinations(table)}.")
    counts = element("span", {"class": "quiet"}, destinations(table))
    caption = element("span", {}, element("code", {}, table.name), " ", counts)
    return _table(caption, COLUMNS, (_route(router, each) for each in table.rows))


def _route(router: RouterState, compared: ComparedRoute) -> ET.Element:
    cells = route_cells(compared.route, router.labels)
    was = route_cells(compared.before, router.labels) if compared.change == "changed" and compared.before else cells
    sign, word = MARKS[compared.change]
    mark = element("span", {"class": "mark"}, f"{sign} {word}".strip())
    values = []
    for label, value, before in zip(COLUMNS[2:], cells[1:], was[1:], strict=True):
        earlier = [element("span", {"class": "was"}, f"was {before}")] if before != value else []
        shown = element("span", {"class": "value"}, value)
        values.append(_cell(label, shown, *earlier, css="nothing" if value == "-" else ""))
    prefix = element("th", {"scope": "row", "role": "rowheader"}, element("span", {"class": "value"}, cells[0]))
    change = _cell("Change", mark, css="" if word else "nothing")
    return element("tr", {"role": "row", "class": compared.change}, change, prefix, *values)


def _timings(report: Report) -> Iterator[ET.Element]:
    if report.timings:
        rows = [_row(each.what, _cell("Time", seconds(each.seconds), css="number")) for each in report.timings]
        yield _section("timings", "Timings", _table("How long it took", ("What", "Time"), rows))
