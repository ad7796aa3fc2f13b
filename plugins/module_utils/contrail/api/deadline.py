# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How long one request may take in all, and how far it has come. Pure."""

from __future__ import annotations

import threading
import time

CONNECTING = "connecting"
HANDSHAKE = "the TLS handshake"
SENDING = "sending the request"
STATUS = "waiting for the status line"
HEADERS = "reading the headers"
BODY = "reading the body"

UNSENT = frozenset({CONNECTING, HANDSHAKE})
"""Stages in which the server has not seen the request."""

HEAD = frozenset({STATUS, HEADERS})
"""Stages in which an answer that ends is not whole, whatever it says."""


class Deadline(threading.local):
    """The time that is left for the request under way in this thread, and its ``stage``.

    Each step that waits for the peer waits for as long as is left, so that a peer that sends a little from time to time
    cannot draw a request out.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stage = CONNECTING
        self.seconds = 0.0
        self._end = 0.0

    def start(self, seconds: float) -> None:
        """Give a new request so many seconds."""
        self.stage = CONNECTING
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Return the seconds that are left; raises TimeoutError where none are."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left
