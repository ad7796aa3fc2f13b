# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All kinds of findings, gathered from the modules of this package."""

from __future__ import annotations

import pkgutil
from importlib import import_module

from ...values.finding import ERROR, WARNING, FindingKind

_NOT_PLACES = frozenset({"catalogue"})


def places() -> dict[str, tuple[FindingKind, ...]]:
    """Return the kinds of findings by place (the name of the module that declares them), in the order of their text.

    :raises ValueError: for a kind whose code is another's too, is not its constant's name in lower case with hyphens,
        or whose severity is none; so a wrong declaration fails where it is first imported.
    """
    package = import_module(__package__ or "")
    found: dict[str, tuple[FindingKind, ...]] = {}
    owners: dict[str, str] = {}
    for entry in pkgutil.iter_modules(package.__path__):
        if entry.name in _NOT_PLACES:
            continue
        declared = vars(import_module(f"{package.__name__}.{entry.name}"))
        kinds = {name: value for name, value in declared.items() if isinstance(value, FindingKind)}
        for name, kind in kinds.items():
            where = f"{entry.name}.{name}"
            if kind.code != name.lower().replace("_", "-"):
                raise ValueError(f"{where}: the code {kind.code} is not the constant's name")
            if kind.severity not in {ERROR, WARNING}:
                raise ValueError(f"{where}: the severity {kind.severity} is neither {ERROR} nor {WARNING}")
            if owners.setdefault(kind.code, where) != where:
                raise ValueError(f"{where}: the code {kind.code} is that of {owners[kind.code]} already")
        if kinds:
            found[entry.name] = tuple(kinds.values())
    return found


CATALOGUE: tuple[FindingKind, ...] = tuple(kind for kinds in places().values() for kind in kinds)
"""Every kind there is; codes are unique."""
