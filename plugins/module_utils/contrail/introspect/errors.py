# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


"""What can go wrong between us and an introspect page."""

from __future__ import annotations

from collections.abc import Sequence

from ..codec.errors import ContrailError

REFUSED = "refused"
UNREACHABLE = "unreachable"
TLS = "tls"
NOT_IN_RELEASE = "not in this release"
FAILED = "failed"
NO_RESPONSE = "no response"
INVALID_INPUT = "invalid input"
NOT_UNDERSTOOD = "not understood"


class IntrospectError(ContrailError):
    """A page could not be had.

    ``reason`` is one of the constants of this module: nobody listens (``REFUSED``, which is normal for a standby),
    no connection or no answer in time (``UNREACHABLE``), no agreement on certificates (``TLS``), a request that the
    daemon does not know (``NOT_IN_RELEASE``, 404), an error status (``FAILED``), a daemon that has nothing to say
    (``NO_RESPONSE``) or says that the question was wrong (``INVALID_INPUT``), and what cannot be read
    (``NOT_UNDERSTOOD``). An empty list is an answer, not an error.
    """

    def __init__(self, reason: str, message: str, *, status: int = 0) -> None:
        super().__init__(message, status=status, verb="read")
        self.reason = reason

    @classmethod
    def of_all(cls, failures: Sequence[IntrospectError]) -> IntrospectError:
        """Return one error for several hosts none of which answered; the reason is theirs if they agree."""
        reasons = {failure.reason for failure in failures}
        reason = reasons.pop() if len(reasons) == 1 else UNREACHABLE
        return cls(reason, "; ".join(str(failure) for failure in failures))
