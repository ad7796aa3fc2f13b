# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parts of the data model as an adoption writes them, and changes them until the data model takes them."""

from __future__ import annotations

from typing import Any, TypedDict

Draft = dict[str, dict[str, Any]]
"""The four variables of the data model by their names."""


class DescribedExternal(TypedDict, total=False):
    """An external prefix as the data model has it."""

    prefix: str
    term: str
    filter: str
    priority: int
    routers: list[str]


class DescribedSide(TypedDict, total=False):
    """A side of a chain as the data model has it; an external prefix that is left out is null for a time."""

    network: str
    external: list[DescribedExternal | None]
