# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The refusal of a request, as status and text."""

from __future__ import annotations


class ApiError(Exception):
    """A request the server refuses.

    `status` is the HTTP status, `message` the plain text of the answer. `page` is true for the few
    refusals that are answered as a whole HTML page around the message.
    """

    def __init__(self, status: int, message: str, *, page: bool = False) -> None:
        super().__init__(f"{status} {message}")
        self.status = status
        self.message = message
        self.page = page


class PartialWriteError(ApiError):
    """A server error after which what was written before it stays written."""


def unknown_id(uuid: object) -> ApiError:
    """Return the refusal for a uuid that names no object."""
    return ApiError(404, f"Unknown id: {uuid}")


def unknown_name(fq_name: object) -> ApiError:
    """Return the refusal for a fully qualified name that names no object."""
    return ApiError(404, f"Name {fq_name} not found")
