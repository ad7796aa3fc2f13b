# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a router tells about itself: which requests to send for what, and what becomes of the replies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from .commit.confirmation import read_history, token_of
from .model.filter import filter_counters, filter_lists
from .model.statement import Statement, mask_secrets
from .plan.plan import READ_SECTIONS
from .replies.operational import (
    LIST_INSTANCE,
    find_filter,
    parse_bgp,
    parse_filters,
    parse_instances,
    parse_tunnels,
    parse_version,
)
from .replies.routes import absent_table, best_route, parse_routes
from .session.session import LOCKED, RouterError, Session
from .session.xml import Element, element, to_text

SEPARATE_DESTINATIONS = 20
"""Up to so many prefixes are asked for one by one, whatever the size of their table."""

ROUTES_PER_DESTINATION = 100
"""So many routes cost about as much in one long reply as a request of its own."""


@dataclass(frozen=True)
class Question:
    """What to read: the tables and filters that are meant (None: all), whether routes are wanted in detail, the
    prefixes whose best route is asked for, and the sections of the configuration."""

    tables: Sequence[str] | None = None
    filters: Sequence[str] | None = None
    details: bool = False
    destinations: Sequence[str] = ()
    sections: Sequence[str] = READ_SECTIONS


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
    if question.filters is None:
        return {"filters": found}
    configuration = Statement("configuration")
    if any(LIST_INSTANCE.fullmatch(name) for name in found):
        configuration = session.read_configuration(("interfaces", "firewall"), inherited=True).in_effect()
    lists = filter_lists(configuration)
    return {
        "filters": {
            name: find_filter(found, name, lists, filter_counters(configuration, name)) for name in question.filters
        }
    }


def _tunnels(session: Session, _question: Question) -> dict[str, Any]:
    """Return the dynamic tunnels, as the router prints them: the XML form of the reply is not documented."""
    request = element("command", text="show dynamic-tunnels database", format="text")
    reply = session.execute(request, "read the dynamic tunnels")
    parts = reply.iter() if reply is not None else ()
    texts = [one.text or "" for one in parts if isinstance(one.tag, str) and not one.tag.endswith("re-name")]
    return {"tunnels": parse_tunnels("\n".join(texts))}


def _version(session: Session, _question: Question) -> dict[str, Any]:
    reply = session.ask(element("get-software-information"), "read the software version")
    return {"version": parse_version(reply)}


def _commits(session: Session, _question: Question) -> dict[str, Any]:
    history = [{**asdict(one), "token": token_of(one)} for one in read_history(session)]
    return {"commits": history, "pending_commit": next((one for one in history if one["pending"] is not False), None)}


def _best_routes(session: Session, question: Question) -> dict[str, Any]:
    """Return the most specific active route for the first address of each prefix, None where there is none.

    A table that is small for the number of prefixes is read whole instead of being asked for each.
    """
    by_table: dict[str, list[str]] = {}
    for prefix in dict.fromkeys(question.destinations):
        by_table.setdefault("inet6.0" if ":" in prefix else "inet.0", []).append(prefix)
    many = {table: prefixes for table, prefixes in by_table.items() if len(prefixes) > SEPARATE_DESTINATIONS}
    sizes = _table_sizes(session) if many else {}
    found: dict[str, Any] = {}
    for table, prefixes in by_table.items():
        whole = None
        if table in many and 0 <= sizes.get(table, -1) <= ROUTES_PER_DESTINATION * len(prefixes):
            whole = parse_routes(session.ask(_active_routes(table), f"read routing table {table}"))
        for prefix in prefixes:
            address = prefix.partition("/")[0]
            tables = whole
            if tables is None:
                tables = parse_routes(session.ask(_active_routes(table, address), f"look for a route to {prefix}"))
            found[prefix] = best_route(tables.get(table, absent_table())["routes"], address)
    return {"best_routes": {prefix: found[prefix] for prefix in question.destinations}}


def _active_routes(table: str, destination: str | None = None) -> Element:
    request = element("get-route-information", element("active-path"), element("table", text=table))
    if destination is not None:
        request.append(element("destination", text=destination))
    return request


def _table_sizes(session: Session) -> dict[str, int]:
    """Return how many active routes each table has."""
    reply = session.ask(element("get-instance-information"), "read the routing instances")
    return {table["name"]: table["active"] or 0 for instance in parse_instances(reply) for table in instance["tables"]}


def _configuration(session: Session, question: Question) -> dict[str, Any]:
    """Return sections of the committed configuration in native XML, as written and with groups applied."""
    written = session.read_configuration(question.sections)
    effective = session.read_configuration(question.sections, inherited=True)
    for each in (written, effective):
        mask_secrets(each)
    return {"configuration": {"written": to_text(written), "effective": to_text(effective)}}


def _candidate(session: Session, _question: Question) -> dict[str, Any]:
    """Return whether anybody works on the configuration: a private copy, which is thrown away, is only had when nobody
    holds the lock and no edits lie in the shared candidate."""
    state, holder = "clean", None
    try:
        session.open_private()
    except RouterError as error:
        locked = LOCKED.search(str(error))
        if locked is None and "modified" not in str(error):
            raise
        state, holder = ("locked", locked.group(1)) if locked else ("modified", None)
    return {"candidate": {"state": state, "holder": holder}}


def _session(session: Session, _question: Question) -> dict[str, Any]:
    return {"session": {"source": session.source_address(), "port": session.connection.port}}


SUBJECTS: dict[str, Callable[[Session, Question], dict[str, Any]]] = {
    "routes": route_tables,
    "bgp": _bgp,
    "instances": _instances,
    "filters": _filters,
    "tunnels": _tunnels,
    "version": _version,
    "commits": _commits,
    "best_routes": _best_routes,
    "configuration": _configuration,
    "candidate": _candidate,
    "session": _session,
}
