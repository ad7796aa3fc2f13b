# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A configuration in the making: what a router has, what it is to have, and the plan that comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..model.statement import Statement, inherited_part


class Edit:
    """One plan in the making: ``after`` is the router's own configuration as it is to be.

    ``own`` is that configuration as it is, ``effective`` the same in effect and with groups applied (None where no
    router was asked), ``inherited`` the part that groups give.
    """

    def __init__(self, own: Statement, effective: Statement | None) -> None:
        self.own = own
        self.effective = effective.in_effect() if effective is not None else None
        self.after = own.copy()
        given = inherited_part(effective) if effective is not None else None
        self.inherited = given or Statement("configuration")
        self.warnings: list[str] = []


@dataclass(frozen=True)
class RouterPlan:
    """The work to do. ``changes`` is None when the router already is as wanted."""

    changes: Statement | None
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    unmanaged: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
