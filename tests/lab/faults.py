# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults on order: what the lab's servers are told to do wrong.

A fault is a mapping, as the control server takes it:

    {"server": "contrail", "match": {"method": "POST", "path": "^/virtual-networks$"},
     "kind": "status", "status": 503, "body": "Service Unavailable", "times": 2}

* `server`  "contrail" or "junos"
* `match`   regular expressions that must all be found in the request's attributes of the same name: `method`
            and `path` (with query) for the Contrail server, `rpc` (the name of the operation) for the router
* `kind`    "status" (answer `status` with `body`), "drop" (close the connection without an answer),
            "drop_after" (do what was asked, then close the connection without an answer), "slow" (wait
            `seconds`, then go on), "expire" (let all tokens be invalid, then go on), "rpc_error" (answer an
            rpc-error with the text `body`)
* `times`   how often the fault strikes; without it, always
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

KINDS: Mapping[str, frozenset[str]] = {
    "contrail": frozenset({"status", "drop", "drop_after", "slow", "expire"}),
    "junos": frozenset({"rpc_error", "drop", "drop_after", "slow"}),
}
MATCHED_ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "contrail": frozenset({"method", "path"}),
    "junos": frozenset({"rpc"}),
}


@dataclass
class Fault:
    """One fault. `remaining` counts down how often it will still strike; None is without end."""

    server: str
    kind: str
    match: dict[str, re.Pattern[str]] = field(default_factory=dict)
    status: int = 503
    body: str = ""
    seconds: float = 0.0
    remaining: int | None = None

    def strikes(self, server: str, attributes: Mapping[str, str]) -> bool:
        """Say whether the fault is meant for a request of `server` with these attributes."""
        if server != self.server or self.remaining == 0:
            return False
        return all(pattern.search(attributes.get(name, "")) for name, pattern in self.match.items())


class Faults:
    """The faults that wait for their requests, in the order they were given."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, descriptions: Iterable[Mapping[str, Any]]) -> None:
        """Take faults as the module's text describes them.

        Raises ValueError, naming the fault, for an unknown server, kind or attribute; then none is taken.
        """
        self._faults += [_fault(description) for description in descriptions]

    def clear(self) -> None:
        """Forget all faults."""
        self._faults.clear()

    def take(self, server: str, **attributes: str) -> Fault | None:
        """Return the first fault that strikes this request, counted as used up once; None if all is well."""
        for fault in self._faults:
            if fault.strikes(server, attributes):
                if fault.remaining is not None:
                    fault.remaining -= 1
                return fault
        return None


def _fault(description: Mapping[str, Any]) -> Fault:
    """Return the fault that a description means. Raises ValueError if it means none."""
    server, kind = str(description.get("server")), str(description.get("kind"))
    if kind not in KINDS.get(server, frozenset()):
        raise ValueError(f"no such fault: {dict(description)}")
    match = dict(description.get("match") or {})
    if not match.keys() <= MATCHED_ATTRIBUTES[server]:
        raise ValueError(f"the {server} server has no such attribute to match: {dict(description)}")
    times = description.get("times")
    return Fault(
        server=server,
        kind=kind,
        match={name: re.compile(str(pattern)) for name, pattern in match.items()},
        status=int(description.get("status", 503)),
        body=str(description.get("body", "")),
        seconds=float(description.get("seconds", 0)),
        remaining=None if times is None else int(times),
    )
