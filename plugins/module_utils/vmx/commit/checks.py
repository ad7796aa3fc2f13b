# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What must hold on a router before a confirmed commit is confirmed: addresses that answer, BGP peers that stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ...values.option_spec import OptionSpecs
from ..model import values as spell
from ..model.field import ConfigError, checked
from ..replies.operational import ESTABLISHED, MAIN_INSTANCE, information, number, parse_bgp
from ..session.session import Session
from ..session.xml import element

INTERVAL_SECONDS = 2.0
"""How long to wait before what does not hold yet is looked at again."""

PING_COUNT_MAX = 100

CHECK_OPTIONS: OptionSpecs = {
    "ping": {
        "type": "list",
        "elements": "dict",
        "options": {
            "destination": {"type": "str", "required": True},
            "source": {"type": "str"},
            "routing_instance": {"type": "str"},
            "count": {"type": "int", "default": 3},
        },
    },
    "bgp_established": {"type": "list", "elements": "str"},
    "timeout": {"type": "int", "default": 30},
}
"""The argument specification of ``checks``."""


@dataclass(frozen=True)
class Ping:
    """An address that must answer at least one of ``count`` requests of the router."""

    destination: str
    source: str | None
    routing_instance: str | None
    count: int


@dataclass(frozen=True)
class Peer:
    """A BGP peer that must be established, in one routing instance or, where that is None, in all that have it."""

    address: str
    instance: str | None = None

    @classmethod
    def of(cls, text: str) -> Peer:
        """Return the peer of ``ADDRESS`` or ``ADDRESS@INSTANCE``."""
        address, _at, instance = text.partition("@")
        return cls(address, instance or None)

    def __str__(self) -> str:
        return self.address + (f" in routing instance {self.instance}" if self.instance is not None else "")


@dataclass(frozen=True)
class Checks:
    """The conditions that must hold within ``timeout`` seconds; ``peers`` are texts as :meth:`Peer.of` takes them."""

    pings: tuple[Ping, ...] = ()
    peers: tuple[str, ...] = ()
    timeout: int = 30

    @property
    def wanted(self) -> bool:
        """Return whether there is anything to check."""
        return bool(self.pings or self.peers)


NO_CHECKS = Checks()


def parse_checks(given: Mapping[str, Any] | None, path: str) -> Checks:
    """Return a task's ``checks``; :class:`ConfigError` says the path of what is wrong."""
    wanted = given or {}
    pings = tuple(_parse_ping(one, f"{path}.ping[{place}]") for place, one in enumerate(wanted.get("ping") or []))
    peers = tuple(
        _parse_peer(one, f"{path}.bgp_established[{place}]")
        for place, one in enumerate(wanted.get("bgp_established") or [])
    )
    timeout = wanted.get("timeout")
    if timeout is not None and timeout < 0:
        raise ConfigError(f"{path}.timeout", "is a number of seconds, 0 for a single try")
    return Checks(pings, peers, Checks.timeout if timeout is None else timeout)


def _parse_peer(given: str, path: str) -> str:
    address, at, instance = given.partition("@")
    if at and instance != MAIN_INSTANCE:
        checked(spell.instance_name, instance, path)
    return checked(spell.address, address, path) + at + instance


def _parse_ping(given: Mapping[str, Any], path: str) -> Ping:
    source, instance, count = given.get("source"), given.get("routing_instance"), given.get("count")
    if count is not None and not 1 <= count <= PING_COUNT_MAX:
        raise ConfigError(f"{path}.count", f"is a number from 1 to {PING_COUNT_MAX}")
    return Ping(
        destination=checked(spell.address, given["destination"], f"{path}.destination"),
        source=checked(spell.address, source, f"{path}.source") if source else None,
        routing_instance=checked(spell.instance_name, instance, f"{path}.routing_instance") if instance else None,
        count=3 if count is None else count,
    )


def failures(session: Session, checks: Checks) -> list[str]:
    """Return what does not hold, one line each, after having given it its time; empty where all is well."""
    tries = int(checks.timeout / INTERVAL_SECONDS) + 1
    found: list[str] = []
    for attempt in range(tries):
        found = [*_silent(session, checks), *_not_established(session, checks)]
        if not found:
            break
        if attempt < tries - 1:
            session.sleep(INTERVAL_SECONDS)
    return found


def _silent(session: Session, checks: Checks) -> Iterator[str]:
    for ping in checks.pings:
        request = element("ping", element("count", text=str(ping.count)))
        if ping.source:
            request.append(element("source", text=ping.source))
        if ping.routing_instance:
            request.append(element("routing-instance", text=ping.routing_instance))
        request.append(element("host", text=ping.destination))
        if not answered(session.ask(request, f"ping {ping.destination}")):
            where = f" from routing instance {ping.routing_instance}" if ping.routing_instance else ""
            yield f"{ping.destination} does not answer a ping{where}"


def answered(reply: Mapping[str, Any]) -> bool:
    """Return whether a reply to ``ping`` tells of at least one response."""
    summary = information(reply, "ping-results").get("probe-results-summary")
    return isinstance(summary, Mapping) and bool(number(summary.get("responses-received")))


def _not_established(session: Session, checks: Checks) -> Iterator[str]:
    wanted = [Peer.of(text) for text in checks.peers]
    if not wanted:
        return
    summary = session.ask(element("get-bgp-summary-information"), "read the state of BGP")
    known = states(summary, {})
    if _need_instances(wanted, known):
        known = states(summary, session.ask(element("get-bgp-neighbor-information"), "read the BGP neighbors"))
    for peer in wanted:
        found = [one for one in known if peer in (one[0], Peer(one[0].address))]
        if not found:
            yield f"the router has no BGP peer {peer}"
        for one, state in found:
            if state != ESTABLISHED:
                yield f"BGP with {one if len(found) > 1 else peer} is {state}"


def _need_instances(peers: Iterable[Peer], known: Iterable[tuple[Peer, str]]) -> bool:
    """Return whether the neighbors must be read, for the summary names no instance."""
    addresses = [one.address for one, _state in known]
    return any(peer.instance is not None or addresses.count(peer.address) > 1 for peer in peers)


def states(summary: Mapping[str, Any], neighbors: Mapping[str, Any]) -> list[tuple[Peer, str]]:
    """Return each peer with its state, from ``get-bgp-summary-information`` and ``get-bgp-neighbor-information``."""
    return [
        (Peer(_address(one["address"]), one["instance"]), one["state"] or "unknown")
        for one in parse_bgp(summary, neighbors)["peers"]
    ]


def _address(text: str) -> str:
    try:
        return spell.address(text)
    except ValueError:
        return text
