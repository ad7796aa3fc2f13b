# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a router tells about itself: which requests to send for what, and what becomes of the replies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.operational import (
    absent_filter,
    parse_bgp,
    parse_filters,
    parse_instances,
    parse_tunnels,
    parse_version,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.routes import (
    absent_table,
    parse_routes,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.session import Session
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.xml import Element, element


@dataclass(frozen=True)
class Question:
    """What to read: the tables and filters that are meant (None: all), and whether routes are wanted in
    detail."""

    tables: Sequence[str] | None = None
    filters: Sequence[str] | None = None
    details: bool = False


def gather(session: Session, subjects: Sequence[str], question: Question) -> dict[str, Any]:
    """Return what is told about each of these subjects, keys of :data:`SUBJECTS`."""
    found: dict[str, Any] = {}
    for subject, read in SUBJECTS.items():
        if subject in subjects:
            found |= read(session, question)
    return found


def route_tables(session: Session, question: Question) -> dict[str, Any]:
    """Return routing tables by name: those named, in one request each, or all."""
    if question.tables is None:
        reply = session.ask(_route_request(question), "read the routing tables")
        return {"route_tables": parse_routes(reply)}
    found: dict[str, dict[str, Any]] = {}
    for name in question.tables:
        tables = parse_routes(session.ask(_route_request(question, name), f"read routing table {name}"))
        found[name] = tables.get(name, absent_table())
    return {"route_tables": found}


def _route_request(question: Question, table: str | None = None) -> Element:
    request = element("get-route-information")
    if question.details:
        request.append(element("detail"))
    if table is not None:
        request.append(element("table", text=table))
    return request


def _bgp(session: Session, _question: Question) -> dict[str, Any]:
    summary = session.ask(element("get-bgp-summary-information"), "read the state of BGP")
    neighbors = session.ask(element("get-bgp-neighbor-information"), "read the BGP neighbors")
    return {"bgp": parse_bgp(summary, neighbors)}


def _instances(session: Session, _question: Question) -> dict[str, Any]:
    reply = session.ask(element("get-instance-information"), "read the routing instances")
    return {"instances": parse_instances(reply)}


def _filters(session: Session, question: Question) -> dict[str, Any]:
    found = parse_filters(session.ask(element("get-firewall-information"), "read the filter counters"))
    if question.filters is not None:
        found = {name: found.get(name, absent_filter()) for name in question.filters}
    return {"filters": found}


def _tunnels(session: Session, _question: Question) -> dict[str, Any]:
    """Return the dynamic tunnels, as the router prints them: the XML form of the reply is not documented."""
    request = element("command", text="show dynamic-tunnels database", format="text")
    reply = session.execute(request, "read the dynamic tunnels")
    return {"tunnels": parse_tunnels(str(reply.xpath("string()")) if reply is not None else "")}


def _version(session: Session, _question: Question) -> dict[str, Any]:
    reply = session.ask(element("get-software-information"), "read the software version")
    return {"version": parse_version(reply)}


def _commits(session: Session, _question: Question) -> dict[str, Any]:
    history = [asdict(one) for one in session.commits()]
    return {"commits": history, "pending_commit": next((one for one in history if one["pending"]), None)}


SUBJECTS: dict[str, Callable[[Session, Question], dict[str, Any]]] = {
    "routes": route_tables,
    "bgp": _bgp,
    "instances": _instances,
    "filters": _filters,
    "tunnels": _tunnels,
    "version": _version,
    "commits": _commits,
}
