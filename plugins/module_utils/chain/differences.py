# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a router's tables differ from the predicted ones, in words.

Tables come in the shape of ``vmx_info``'s ``route_tables``; predicted routes have ``ports`` and ``address_of`` too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

JsonDict = Mapping[str, Any]
Tables = Mapping[str, JsonDict]

PREDICTED_PROTOCOLS = ("BGP", "Static")
# What Contrail announces for an address as long as nobody answers for it.
SILENT = {"med": 200, "local_preference": 100}


def prediction_differences(tables: Tables, predicted: Tables, names: Sequence[str] | None = None) -> list[str]:
    """Return one line for each route that is not as predicted, and one for each address that nobody answers for.

    Labels are compared where the prediction knows them. Tunnel interfaces, ages and routes of protocols that are not
    predicted do not count. A route without a known prefix stands for any that has its other attributes.

    :param names: the tables to look at; all predicted ones when left out.
    """
    lines: list[str] = []
    for name in names if names is not None else sorted(predicted):
        actual = [
            route for route in tables.get(name, {}).get("routes") or [] if route.get("protocol") in PREDICTED_PROTOCOLS
        ]
        expected = predicted.get(name, {}).get("routes") or []
        lines += [f"{name}: {line}" for line in _differences(actual, expected)]
        lines += [f"{name}: {line}" for line in _silences(actual)]
    return lines


def _differences(actual: Iterable[JsonDict], expected: Iterable[JsonDict]) -> list[str]:
    left = _by_prefix(actual)
    lines: list[str] = []
    unknown: list[JsonDict] = []
    for route in expected:
        if route["prefix"] is None:
            unknown.append(route)
            continue
        found = left.get(_key(route), [])
        match = min(found, key=lambda each: len(_deviations(route, each)), default=None)
        if match is None:
            lines.append(f"{_named(route)} is missing")
            continue
        found.remove(match)
        if deviations := _deviations(route, match):
            lines.append(f"{_named(route)} has {', '.join(deviations)}")
    rest = [route for found in left.values() for route in found]
    for route in unknown:
        match = next((each for each in rest if _fits(route, each)), None)
        if match is None:
            lines.append(f"a route to the {route['address_of']} is missing")
        else:
            rest.remove(match)
    return [*lines, *(f"{_named(route)} is there, but not predicted" for route in rest)]


def _by_prefix(routes: Iterable[JsonDict]) -> dict[tuple[str, str], list[JsonDict]]:
    found: dict[tuple[str, str], list[JsonDict]] = {}
    for route in routes:
        found.setdefault(_key(route), []).append(route)
    return found


def _key(route: JsonDict) -> tuple[str, str]:
    return str(route["prefix"]), str(route["protocol"])


def _named(route: JsonDict) -> str:
    return f"{route['prefix']} ({route['protocol']})"


def _fits(predicted: JsonDict, route: JsonDict) -> bool:
    same_family = str(predicted["address_of"]).endswith("inet6") == (":" in str(route["prefix"]))
    return same_family and predicted["protocol"] == route["protocol"] and not _deviations(predicted, route)


def _deviations(predicted: JsonDict, route: JsonDict) -> list[str]:
    """Return what of a route is not as predicted; an address that nobody answers for is told elsewhere."""
    words = {"preference": "preference", "med": "MED", "local_preference": "local preference", "label": "label"}
    found = []
    for key, word in {**words, "to_table": "next table"}.items():
        wanted, there = predicted.get(key), route.get(key)
        if wanted == there or (key == "label" and wanted is None) or (key in SILENT and _is_silent(route)):
            continue
        found.append(f"{word} {_shown(there)} instead of {_shown(wanted)}{_of(predicted) if key == 'label' else ''}")
    return found


def _of(predicted: JsonDict) -> str:
    return f" ({' and '.join(predicted['ports'])})" if predicted.get("ports") else ""


def _shown(value: Any) -> str:
    return "none" if value is None else str(value)


def _is_silent(route: JsonDict) -> bool:
    return all(route.get(key) == value for key, value in SILENT.items())


def _silences(routes: Iterable[JsonDict]) -> list[str]:
    return [
        f"nobody has answered for {route['prefix']} (MED 200, local preference 100, label {_shown(route.get('label'))})"
        ": the routes by that port look right, but a guest that is not up drops what comes by them"
        for route in routes
        if route.get("protocol") == "BGP" and _is_silent(route)
    ]
