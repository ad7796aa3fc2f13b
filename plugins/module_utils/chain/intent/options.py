# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of modules from values of the data model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def given(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was given, for a module leaves alone what it is not told; tuples become lists, in what is nested too.

    None and the empty tuple stand in the data model for what nobody gave. An empty list says that there is to be none.
    """
    return {key: _as_option(value) for key, value in values.items() if value is not None and value != ()}


def _as_option(value: Any) -> Any:
    if isinstance(value, dict):
        return given(value)
    return [_as_option(each) for each in value] if isinstance(value, tuple) else value
