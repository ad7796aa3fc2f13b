# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Roles: each way in is described, and switches are taken as ``-e switch=false`` gives them, too: as texts, of which
none is false by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
ROLES = sorted(path.parents[1] for path in ROOT.glob("roles/*/meta/argument_specs.yml"))
CONDITIONS = ("when", "until", "failed_when", "changed_when")


def entry_points(role: Path) -> dict[str, dict[str, Any]]:
    """Return the specification of each way into a role, by its name."""
    specs: dict[str, dict[str, Any]] = yaml.safe_load((role / "meta/argument_specs.yml").read_text())["argument_specs"]
    return specs


def switches(role: Path) -> set[str]:
    """Return the options of a role that are true or false."""
    specs = entry_points(role).values()
    return {name for spec in specs for name, option in spec.get("options", {}).items() if option["type"] == "bool"}


def decisions(tasks: Any) -> Iterator[str]:
    """Yield the conditions of tasks, and of the expressions in them what stands between ``if`` and ``else``."""
    if isinstance(tasks, list):
        for each in tasks:
            yield from decisions(each)
    elif isinstance(tasks, dict):
        for key, value in tasks.items():
            yield from map(str, (value if isinstance(value, list) else [value]) if key in CONDITIONS else ())
            yield from decisions(value)
    elif isinstance(tasks, str):
        yield from re.findall(r"\bif\b(.*?)(?:\belse\b|[%}]})", tasks, re.DOTALL)


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_each_way_in_is_described(role: Path) -> None:
    specs = entry_points(role).items()
    assert not [name for name, spec in specs if not (spec.get("short_description") and spec.get("description"))]


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_a_switch_given_as_text_decides_like_a_boolean(role: Path) -> None:
    known = switches(role)
    bare = [
        f"{path.relative_to(ROOT)}: {condition}"
        for path in sorted(role.glob("tasks/*.yml"))
        for condition in decisions(yaml.safe_load(path.read_text()))
        for name in re.findall(r"\b[a-z_]+\b(?!\s*\|\s*bool)", condition)
        if name in known
    ]
    assert not bare, "\n".join(bare)
