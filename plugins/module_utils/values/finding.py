# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a check can find: kinds of findings, which are data, and the findings themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .plain_text import escaped

ERROR, WARNING = "error", "warning"

REASON = "{reason}"
"""What a kind says whose findings bring their own words: the value, what is wrong with it, and what it should be."""


@dataclass(frozen=True)
class FindingKind:
    """One thing that can be wrong.

    ``code`` names it (``policy-not-attached``) for people who search and for playbooks that decide. An ``error``
    stops the site, a ``warning`` is listed. ``says``, ``consequence`` (what happens if nobody acts) and ``cure`` are
    one sentence each without its full stop; words in braces are filled from the finding's values.
    """

    code: str
    severity: str
    says: str
    consequence: str
    cure: str


@dataclass(frozen=True)
class Finding:
    """Something that was found: where, and with which values.

    ``where`` is a path of the data model (``service_chains.a.left.network``), an object (``network-policy d:p:a``), or
    a place on a router (``vmx1: firewall family inet filter f term t``).
    """

    kind: FindingKind
    where: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{escaped(self.where)}: {self._filled(self.kind.says)}"

    def shown(self) -> dict[str, str]:
        """Return the finding as results and reports carry it."""
        return {
            "code": self.kind.code,
            "severity": self.kind.severity,
            "where": escaped(self.where),
            "message": self._filled(self.kind.says),
            "consequence": self._filled(self.kind.consequence),
            "cure": self._filled(self.kind.cure),
        }

    def _filled(self, sentence: str) -> str:
        """Return a sentence with the values, which come from anywhere, on one line."""
        return escaped(sentence.format_map(self.values))
