# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a router's tables differ from the predicted ones, in words.

Tables come in the shape of ``vmx_info``'s ``route_tables``; predicted routes have ``ports`` and ``address_of`` too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ...values.finding import Finding, FindingKind
from ...vmx.replies.routes import RouteRow, RouteTables
from ..findings.tables import ADDRESS_SILENT, ROUTE_DIFFERS, ROUTE_MISSING, ROUTE_NOT_PREDICTED
from .labels import LabelNames, with_article

PREDICTED_PROTOCOLS = ("BGP", "Static")
# What Contrail announces for an address as long as nobody answers for it.
SILENT = {"med": 200, "local_preference": 100}


def table_findings(
    tables: RouteTables,
    predicted: RouteTables,
    names: Sequence[str] | None = None,
    router: str | None = None,
    labels: LabelNames | None = None,
) -> list[Finding]:
    """Return a finding for each route that is not as predicted, and one for each address that nobody answers for.

    Labels are compared where the prediction knows them. Tunnel interfaces, ages and routes of protocols that are not
    predicted do not count. A route without a known prefix stands for any that has its other attributes.

    :param names: the tables to look at; all predicted ones when left out.
    :param router: the router whose tables they are, for the place of the findings.
    :param labels: whose labels the tables hold.
    """
    found: list[Finding] = []
    for name in names if names is not None else sorted(predicted):
        where = f"{router}: {name}" if router else name
        actual = [
            route for route in tables.get(name, {}).get("routes") or [] if route.get("protocol") in PREDICTED_PROTOCOLS
        ]
        expected = predicted.get(name, {}).get("routes") or []
        found += [Finding(kind, where, values) for kind, values in _differences(actual, expected)]
        found += [Finding(ADDRESS_SILENT, where, values) for values in _silences(actual, labels or LabelNames())]
    return found


def prediction_differences(
    tables: RouteTables, predicted: RouteTables, names: Sequence[str] | None = None
) -> list[str]:
    """Return what :func:`table_findings` finds, a line each."""
    return [str(finding) for finding in table_findings(tables, predicted, names)]


def _differences(
    actual: Iterable[RouteRow], expected: Iterable[RouteRow]
) -> list[tuple[FindingKind, Mapping[str, str | None]]]:
    left = _by_prefix(actual)
    found: list[tuple[FindingKind, Mapping[str, str | None]]] = []
    unknown: list[RouteRow] = []
    for route in expected:
        if route["prefix"] is None:
            unknown.append(route)
            continue
        there = left.get(_key(route), [])
        match = min(there, key=lambda each: len(_deviations(route, each)), default=None)
        if match is None:
            found.append((ROUTE_MISSING, {"route": _named(route), "prefix": route["prefix"]}))
            continue
        there.remove(match)
        if deviations := _deviations(route, match):
            values = {"route": _named(route), "prefix": route["prefix"], "deviations": ", ".join(deviations)}
            found.append((ROUTE_DIFFERS, values))
    rest = [route for routes in left.values() for route in routes]
    for route in unknown:
        match = next((each for each in rest if _fits(route, each)), None)
        if match is None:
            found.append((ROUTE_MISSING, {"route": f"a route to the {route['address_of']}", "prefix": None}))
        else:
            rest.remove(match)
    more = [(ROUTE_NOT_PREDICTED, {"route": _named(route), "prefix": route["prefix"]}) for route in rest]
    return [*found, *more]


def _by_prefix(routes: Iterable[RouteRow]) -> dict[tuple[str, str], list[RouteRow]]:
    found: dict[tuple[str, str], list[RouteRow]] = {}
    for route in routes:
        found.setdefault(_key(route), []).append(route)
    return found


def _key(route: RouteRow) -> tuple[str, str]:
    return str(route["prefix"]), str(route["protocol"])


def _named(route: RouteRow) -> str:
    return f"{route['prefix']} ({route['protocol']})"


def _fits(predicted: RouteRow, route: RouteRow) -> bool:
    same_family = str(predicted["address_of"]).endswith("inet6") == (":" in str(route["prefix"]))
    return same_family and predicted["protocol"] == route["protocol"] and not _deviations(predicted, route)


def _deviations(predicted: RouteRow, route: RouteRow) -> list[str]:
    """Return what of a route is not as predicted; an address that nobody answers for is told elsewhere."""
    words = {"preference": "preference", "med": "MED", "local_preference": "local preference", "label": "label"}
    found = []
    for key, word in {**words, "to_table": "next table"}.items():
        wanted, there = predicted.get(key), route.get(key)
        if wanted == there or (key == "label" and wanted is None) or (key in SILENT and _is_silent(route)):
            continue
        found.append(f"{word} {_shown(there)} instead of {_shown(wanted)}{_of(predicted) if key == 'label' else ''}")
    return found


def _of(predicted: RouteRow) -> str:
    return f" ({' and '.join(predicted['ports'])})" if predicted.get("ports") else ""


def _shown(value: Any) -> str:
    return "none" if value is None else str(value)


def _is_silent(route: RouteRow) -> bool:
    return all(route.get(key) == value for key, value in SILENT.items())


def _silences(routes: Iterable[RouteRow], labels: LabelNames) -> list[Mapping[str, str | None]]:
    return [
        {"prefix": route["prefix"], "label": _shown(route.get("label")) + (f", {with_article(name)}" if name else "")}
        for route in routes
        if route.get("protocol") == "BGP" and _is_silent(route)
        for name in [labels.of(route)]
    ]
