# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the router says when it does not do as told, or does so reluctantly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Complaint:
    """One `rpc-error`: `path` in the form `[edit ...]`, `source` the daemon that complains, None for the CLI.

    `info` names further elements of `error-info` with their text.
    """

    message: str
    severity: Literal["error", "warning"] = "error"
    tag: str = "operation-failed"
    path: str | None = None
    bad_element: str | None = None
    source: str | None = None
    info: tuple[tuple[str, str], ...] = ()


class RefusedError(Exception):
    """The router refuses an operation; `complaints` is all that it has to say about it."""

    def __init__(self, *complaints: Complaint) -> None:
        super().__init__("; ".join(complaint.message.strip() for complaint in complaints))
        self.complaints = complaints


def syntax_error(bad_element: str, path: str | None = None) -> Complaint:
    """The complaint about an element that the router does not know there."""
    return Complaint("syntax error", tag="unknown-element", path=path, bad_element=bad_element)
