# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with a value that was given: where it stands, why it cannot be, and the errors that carry this.

Whatever reads input, of the data model, of Contrail's modules or of the router's, raises an error of this family.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .finding import ERROR, REASON, Finding, FindingKind
from .plain_text import escaped, in_short

VALUE_NOT_VALID = FindingKind(
    "value-not-valid",
    ERROR,
    REASON,
    "nothing is written: the data model cannot be read",
    "correct the value as described; the data model's page and the example inventory show every key",
)
VALUE_MISSING = FindingKind(
    "value-missing",
    ERROR,
    REASON,
    "nothing is written: the chain is not complete without this value",
    "add the value at this path",
)
KEY_UNKNOWN = FindingKind(
    "key-unknown",
    ERROR,
    REASON,
    "nothing is written: an unknown key has no effect",
    "correct the key, or remove it",
)
NOT_SUPPORTED = FindingKind(
    "not-supported",
    ERROR,
    REASON,
    "nothing is written: this collection does not support the value",
    "remove the value, or configure this by other means",
)
GIVEN_TWICE = FindingKind(
    "given-twice",
    ERROR,
    REASON,
    "nothing is written: the second one would replace the first",
    "use different values",
)


@dataclass(frozen=True)
class Fault:
    """One bad value: where it stands (``service_chains.a.left.network``), what is wrong with it, of which kind.

    Both texts are one line, whatever the value.
    """

    path: str
    text: str
    kind: FindingKind = VALUE_NOT_VALID

    def __post_init__(self) -> None:
        object.__setattr__(self, "path", in_short(escaped(self.path)))
        object.__setattr__(self, "text", in_short(escaped(self.text)))

    def __str__(self) -> str:
        return f"{self.path}: {self.text}" if self.path else self.text

    @property
    def finding(self) -> Finding:
        """The fault as what a check has found."""
        return Finding(self.kind, self.path, {"reason": self.text})


class InputError(Exception):
    """Everything that was found wrong in what was given, in the order of the input; ``str(error)`` tells each once."""

    between = "\n"
    """What stands between two faults where they are told."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.between.join(dict.fromkeys(str(fault) for fault in self.faults)))


class BadValueError(InputError):
    """One value that cannot be: ``path`` says where, as in ``config[0].subnets[1].cidr``, and ``reason`` why."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__([Fault(path, reason)])

    @property
    def path(self) -> str:
        """The place of the value; empty where that is not known."""
        return self.faults[0].path

    @property
    def reason(self) -> str:
        """The reason why it is wrong, and the cure."""
        return self.faults[0].text


class IntentError(InputError, ValueError):
    """The data model cannot be read."""


def fault(path: str, text: str, kind: FindingKind = VALUE_NOT_VALID) -> IntentError:
    """Return (to raise) the error for one bad value."""
    return IntentError([Fault(path, text, kind)])
