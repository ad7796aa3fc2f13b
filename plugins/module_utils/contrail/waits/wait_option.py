# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting for what Contrail's own daemons do after a change, as a task's ``wait`` option asks."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence

from ..api.client import ApiClient
from ..codec.scope import Value
from ..codec.values import FqName
from ..kinds.config import Item
from ..plan.snapshot import Snapshot
from .object_reader import ObjectReader
from .polling import Pending, PollPolicy, PollResult
from .routing_instances import ServiceRoutingInstances
from .service_addresses import ServiceAddresses

WAITS: Mapping[str, type[ServiceAddresses] | type[ServiceRoutingInstances]] = {
    "service_addresses": ServiceAddresses,
    "service_routing_instances": ServiceRoutingInstances,
}


class Waiting:
    """All the waiting of one task, as its ``wait`` option asks; ``tell`` hears of the progress.

    ``fields`` is what the task itself should read, by kind, so that the first look after a task that wrote nothing
    needs no request.
    """

    def __init__(
        self, client: ApiClient, items: Sequence[Item], options: Mapping[str, Value], tell: Callable[[str], None]
    ) -> None:
        self._client = client
        self._items = items
        self._wait = WAITS[options["for"]]
        self._patience = PollPolicy(options["timeout"], options["interval"], tell)
        self._waited = PollResult()
        self.fields = self._wait.FIELDS

    def settle(self) -> None:
        """Wait, before old members leave, until the new ones do the service; raises WaitTimeoutError."""
        self._patience.wait(self._wait(ObjectReader(self._client), self._items, Snapshot()).appear, self._waited)

    def finish(
        self, state: str, before: Snapshot, kept: Container[FqName], fields: Mapping[str, Sequence[str]]
    ) -> dict[str, Value]:
        """Wait for what the task made or, in the state absent, deleted, but for what was ``kept``.

        ``before`` is what was stored before the task, by kind with ``fields``. Returns what a module's result says of
        it; raises WaitTimeoutError.
        """
        unchanged = self._client.writes == 0
        reader = ObjectReader(self._client, before, fields) if unchanged else ObjectReader(self._client)
        wait = self._wait(reader, [item for item in self._items if item.fq_name not in kept], before)
        pending = wait.vanish if state == "absent" else wait.appear
        self._patience.wait(_looking(pending, reader), self._waited)
        found = {"service_addresses": wait.found} if isinstance(wait, ServiceAddresses) and state == "present" else {}
        return {"waited": self._waited.as_result(), **found}


def _looking(pending: Pending, reader: ObjectReader) -> Pending:
    """Return a look after which the next one reads everything from the server."""

    def look() -> Sequence[str]:
        missing = pending()
        reader.again()
        return missing

    return look
