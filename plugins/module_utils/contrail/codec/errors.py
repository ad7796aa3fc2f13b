# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can go wrong between a task and the Contrail API, each as one line for the user."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ...values.faults import BadValueError, InputError
from ...values.plain_text import on_one_line


class ContrailError(Exception):
    """A failure that the user is told of.

    ``str(error)`` is one line: what failed, on which object, and what to do. ``facts()`` gives the
    machine-readable rest (``kind``, ``fq_name``, ``status``, ``verb``), leaving out what is not known.
    """

    def __init__(self, message: str, *, kind: str = "", fq_name: str = "", status: int = 0, verb: str = "") -> None:
        super().__init__(on_one_line(message))
        self.kind = kind
        self.fq_name = fq_name
        self.status = status
        self.verb = verb

    def facts(self) -> dict[str, Any]:
        """Return the keys that a failed module result carries besides ``msg``."""
        facts: dict[str, Any] = {"kind": self.kind, "fq_name": self.fq_name, "status": self.status}
        facts["verb"] = self.verb
        return {key: value for key, value in facts.items() if value}


class InvalidValueError(BadValueError, ValueError):
    """A value of a Contrail module's configuration that cannot be right."""


class InvalidConfigError(InputError, ContrailError):
    """One or more values are wrong; nothing was read or written because of them."""

    between = "; "

    def __init__(self, errors: Iterable[InvalidValueError]) -> None:
        super().__init__([fault for error in errors for fault in error.faults])


class ApiError(ContrailError):
    """The API answered a request with an error status, or did not answer at all (status 0)."""

    def __init__(
        self,
        message: str,
        *,
        text: str = "",
        kind: str = "",
        fq_name: str = "",
        status: int = 0,
        verb: str = "",
    ) -> None:
        super().__init__(message, kind=kind, fq_name=fq_name, status=status, verb=verb)
        self.text = text


class AlreadyExistsError(ApiError):
    """A create met an object of this name: somebody else was faster (409)."""


class StillInUseError(ApiError):
    """A delete was refused because other objects refer to this one or are its children (409)."""


class WaitTimeoutError(ContrailError):
    """A task waited in vain; ``waited`` says how the wait went."""

    def __init__(self, message: str, waited: Mapping[str, Any]) -> None:
        super().__init__(message, verb="wait")
        self.waited = waited

    def facts(self) -> dict[str, Any]:
        """Return the keys that a failed module result carries besides ``msg``."""
        return {**super().facts(), "waited": dict(self.waited)}
