# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Contrail config API, spoken over any transport, so that tests can state the exact conversation."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

from ..codec.errors import ApiError
from ..plan.actions import Action
from .login import Login, NoLogin
from .parallel import side_by_side
from .reading import ApiReader
from .sending import Sender
from .transport import Transport
from .writing import Writer


class ApiClient(ApiReader):
    """Objects, by kind and name, of the Contrail config API.

    ``urls`` are the API servers; when one does not answer, the next is asked. What may be repeated is:
    reads, changes and deletions always, for their result is the same; a creation only after a look whether
    it happened. A status 500 is not repeated: the server answers so to requests that it will never take.
    ``patience`` are the seconds after which nothing is repeated any more.
    """

    def __init__(
        self,
        urls: Sequence[str],
        transport: Transport,
        login: Login | None = None,
        *,
        parallel: int = 8,
        patience: float = 60,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        super().__init__(Sender(urls, transport, login or NoLogin(), patience=patience, sleep=sleep), parallel)
        self._writer = Writer(self._sender, self._uuids, self.name_of)
        self._lock = threading.Lock()

    @property
    def requests(self) -> int:
        """So many requests were sent."""
        return self._sender.requests

    @property
    def writes(self) -> int:
        """So many of them were writes."""
        return self._sender.writes

    def apply(self, actions: Sequence[Action], done: Callable[[Action, str, bool], None]) -> None:
        """Carry out actions that do not depend on each other, several at a time.

        ``done(action, uuid, changed)`` is called for each that succeeded; ``changed`` is false where the
        server already was as wanted. All are tried, then the first failure is raised.
        """
        outcomes = side_by_side(self._attempt(done), actions, self.parallel)
        for failure in outcomes:
            if failure is not None:
                raise failure

    def _attempt(self, done: Callable[[Action, str, bool], None]) -> Callable[[Action], ApiError | None]:
        def attempt(action: Action) -> ApiError | None:
            try:
                uuid, changed = self._writer.carry_out(action)
            except ApiError as failure:
                return failure
            with self._lock:
                done(action, uuid, changed)
            return None

        return attempt
