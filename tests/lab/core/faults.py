# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults on order: what the lab's parts are told to do wrong.

A fault is a mapping, as the control server takes it:

    {"server": "contrail", "match": {"method": "POST", "path": "^/virtual-networks$"},
     "kind": "status", "status": 503, "body": "Service Unavailable", "times": 2}
    {"server": "agent", "kind": "label", "match": {"port": "1-to-2-left"}, "label": 77}

There are two sorts. Faults of requests strike the next requests that fit:

* `server`  "contrail", "junos", "introspect" or "openstack" (Nova, Neutron and Glance)
* `match`   regular expressions that must all be found in the request's attributes of the same name (REQUEST_FAULTS)
* `kind`    "status" (answer `status` with `body`), "drop" (close the connection without an answer),
            "drop_after" (do what was asked, then close the connection without an answer), "slow" (wait
            `seconds`, then go on), "expire" (let all tokens be invalid, then go on), "rpc_error" (answer an
            rpc-error with the text `body`), "no_response" (what Python daemons say instead of a page),
            "truncated" (send half of the page)
* `times`   how often the fault strikes; without it, always

Faults of conditions (CONDITIONS) last until they are cleared, and everything that shows what they disturb shows it
alike. What they `match` are regular expressions that must fit the whole attribute, so that a name means itself.
`reason` is a text, `label` a number, where the kind has one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Sort:
    """The faults of a part of the lab: their kinds, and the attributes that each kind can match."""

    kinds: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, kinds: Iterable[str], *attributes: str) -> Sort:
        """Return kinds that all match the same attributes."""
        return cls(dict.fromkeys(kinds, frozenset(attributes)))

    def __or__(self, other: Sort) -> Sort:
        return Sort({**self.kinds, **other.kinds})


REQUEST_FAULTS: Mapping[str, Sort] = {
    "contrail": Sort.of(("status", "drop", "drop_after", "slow", "expire"), "method", "path"),
    "junos": Sort.of(("rpc_error", "drop", "drop_after", "slow"), "router", "rpc"),
    "introspect": Sort.of(("status", "drop", "slow", "no_response", "truncated"), "daemon", "request"),
    "openstack": Sort.of(("status", "drop", "slow"), "method", "path"),
}
CHAIN_ATTRIBUTES = ("instance", "service", "network", "family")
CONDITIONS: Mapping[str, Sort] = {
    "introspect": Sort.of(("refused",), "daemon"),
    "guest": Sort.of(("down", "silent"), "port"),
    "agent": Sort(
        {
            "down": frozenset({"compute"}),
            "disconnected": frozenset({"compute"}),
            "interface": frozenset({"port"}),
            "health_check": frozenset({"port"}),
            "label": frozenset({"port"}),
        }
    ),
    "monitor": Sort({"held": frozenset(), "no_address": frozenset({"service", "side"})}),
    "schema": Sort({"held": frozenset(), "message": frozenset({"service", "network"})}),
    "control": Sort.of(("down", "group_down", "pending", "missing"), *CHAIN_ATTRIBUTES)
    | Sort.of(("infeasible", "stale", "no_route"), "table", "prefix"),
    "router": Sort(
        {
            "down": frozenset({"router"}),
            "session_down": frozenset({"router", "peer"}),
            "unresolved": frozenset({"router", "address"}),
        }
    ),
    "nova": Sort.of(("down",), "host", "status"),
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
    reason: str = ""
    label: int = 0
    remaining: int | None = None

    def strikes(self, server: str, attributes: Mapping[str, str]) -> bool:
        """Say whether the fault is meant for a request of `server` with these attributes."""
        if server != self.server or self.remaining == 0:
            return False
        return all(pattern.search(attributes.get(name, "")) for name, pattern in self.match.items())

    def holds(self, kind: str, attributes: Mapping[str, str]) -> bool:
        """Say whether the fault is a condition of this kind of what has these attributes."""
        if kind != self.kind:
            return False
        return all(pattern.fullmatch(attributes.get(name, "")) for name, pattern in self.match.items())


class Faults:
    """The faults that wait for their requests, in the order they were given, and the conditions that last."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._conditions: dict[str, list[Fault]] = {}

    def add(self, descriptions: Iterable[Mapping[str, Any]]) -> None:
        """Take faults as the module's text describes them.

        Raises ValueError, naming the fault, for an unknown server, kind or attribute; then none is taken.
        """
        for fault in [_fault(description) for description in descriptions]:
            if _is_condition(fault.server, fault.kind):
                self._conditions.setdefault(fault.server, []).append(fault)
            else:
                self._faults.append(fault)

    def clear(self) -> None:
        """Forget all faults."""
        self._faults.clear()
        self._conditions.clear()

    def condition(self, server: str, kind: str, **attributes: str) -> Fault | None:
        """Return the first fault of a kind that lasts for what has these attributes; None if all is well."""
        for fault in self._conditions.get(server, ()):
            if fault.holds(kind, attributes):
                return fault
        return None

    @property
    def lasting(self) -> bool:
        """Whether any fault lasts until it is cleared."""
        return bool(self._conditions)

    def disturbs(self, server: str) -> bool:
        """Say whether any fault lasts in a part of the lab."""
        return server in self._conditions

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
    sort = (CONDITIONS if _is_condition(server, kind) else REQUEST_FAULTS).get(server)
    if sort is None or kind not in sort.kinds:
        raise ValueError(f"no such fault: {dict(description)}")
    match = dict(description.get("match") or {})
    if not match.keys() <= sort.kinds[kind]:
        raise ValueError(f"{server}: {kind} has no such attribute to match: {dict(description)}")
    if _is_condition(server, kind) and description.get("times") is not None:
        raise ValueError(f"{server}: {kind} lasts until it is cleared, times has no meaning: {dict(description)}")
    times = description.get("times")
    return Fault(
        server=server,
        kind=kind,
        match={name: re.compile(str(pattern)) for name, pattern in match.items()},
        status=int(description.get("status", 503)),
        body=str(description.get("body", "")),
        seconds=float(description.get("seconds", 0)),
        reason=str(description.get("reason", "")),
        label=int(description.get("label", 0)),
        remaining=None if times is None else int(times),
    )


def _is_condition(server: str, kind: str) -> bool:
    return server in CONDITIONS and kind in CONDITIONS[server].kinds
