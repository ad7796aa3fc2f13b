# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What list requests of Nova, Neutron and Glance filter by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from multidict import MultiMapping

JsonDict = dict[str, Any]
NO_FILTERS = frozenset({"fields", "limit", "marker", "sort_key", "sort_dir", "sort", "page_reverse", "all_tenants"})


def selected(items: Iterable[JsonDict], query: MultiMapping[str]) -> list[JsonDict]:
    """Return the items whose attributes have one of the values that a query asks for, attribute by attribute."""
    wanted = {name: query.getall(name) for name in query if name not in NO_FILTERS}
    return [item for item in items if all(_fits(item, name, values) for name, values in wanted.items())]


def _fits(item: Mapping[str, Any], name: str, values: list[str]) -> bool:
    if name == "fixed_ips":
        held = {f"{key}={value}" for one in item["fixed_ips"] for key, value in one.items()}
        return bool(held & set(values))
    return name not in item or str(item[name]).lower() in {value.lower() for value in values}
