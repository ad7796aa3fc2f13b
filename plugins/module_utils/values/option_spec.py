# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Argument specifications of modules: how an option is declared to Ansible."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypedDict


class OptionSpec(TypedDict, total=False):
    """One option; those of a mapping, or of the mappings of a list, are in ``options``."""

    type: str
    elements: str
    required: bool
    default: Any
    fallback: tuple[Any, ...]
    choices: list[Any]
    no_log: bool
    aliases: list[str]
    options: dict[str, OptionSpec]
    required_one_of: Sequence[Sequence[str]]
    required_by: dict[str, Sequence[str]]
    mutually_exclusive: Sequence[Sequence[str]]


OptionSpecs = dict[str, OptionSpec]
"""Options by name."""
