# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a router tells about itself: which requests to send for what, and what becomes of the replies."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from types import TracebackType
from typing import Any

from .commit.confirmation import read_history, token_of
from .model.filter import filter_counters, filter_lists
from .model.statement import Statement, mask_secrets
from .plan.vrf_plan import READ_SECTIONS
from .replies.operational import (
    LIST_INSTANCE,
    find_filter,
    parse_bgp,
    parse_filters,
    parse_instances,
    parse_tunnels,
    parse_version,
)
from .replies.routes import RouteRow, RouteTables, absent_table, best_route, parse_routes
from .session.session import LOCKED, Connection, NoReplyError, RouterError, Session, open_session
from .session.xml import Element, element, table_to_data, to_text

Opener = Callable[[Connection], AbstractContextManager[Session]]
"""Opens a session for the time of a with statement."""

SEPARATE_DESTINATIONS = 20
"""Up to so many prefixes are asked for one by one, whatever the size of their table."""

ROUTES_PER_DESTINATION = 100
"""So many routes cost about as much in one long reply as a request of its own."""


@dataclass(frozen=True)
class Question:
    """A question to a router.

    ``tables`` and ``filters`` are those that are meant (None: all), ``details`` asks for routes in detail,
    ``destinations`` are the prefixes whose best route is asked for, ``sections`` those of the configuration.
    """

    tables: Sequence[str] | None = None
    filters: Sequence[str] | None = None
    details: bool = False
    destinations: Sequence[str] = ()
    sections: Sequence[str] = READ_SECTIONS


def gather(session: Session, subjects: Sequence[str], question: Question) -> Mapping[str, Any]:
    """Return what is told about each of these subjects, keys of :data:`SUBJECTS`."""
    found: dict[str, object] = {}
    for subject, read in SUBJECTS.items():
        if subject in subjects:
            found |= read(session, question)
    return found


class RouterReader:
    """Looks at one router as often as is wanted, in one session that is kept from look to look.

    Use it in a with statement. ``requests`` counts what was sent so far, ``warnings`` is what the router remarked. A
    session that has ended since the last look, as by a router's idle timeout, is opened anew.
    """

    def __init__(self, connection: Connection, opener: Opener = open_session) -> None:
        self._connection = connection
        self._opener = opener
        self._stack = ExitStack()
        self._session: Session | None = None
        self._opened: list[Session] = []

    def __enter__(self) -> RouterReader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the session as the work in it ended: a task that is out of time hangs up."""
        self._session = None
        self._stack.__exit__(kind, error, trace)

    def look(self, subjects: Sequence[str], question: Question) -> Mapping[str, Any]:
        """Return what is told about each of these subjects, as :func:`gather` does; raises :class:`RouterError`."""
        kept = self._session is not None
        try:
            return self._looked(subjects, question)
        except NoReplyError:
            was_cut = self._session is not None and self._session.is_over
            self.close(lost=True)
            if not (kept and was_cut):
                raise
        return self.look(subjects, question)

    def _looked(self, subjects: Sequence[str], question: Question) -> Mapping[str, Any]:
        if self._session is None:
            self._session = self._stack.enter_context(self._opener(self._connection))
            self._opened.append(self._session)
        try:
            found = gather(self._session, subjects, question)
        except NoReplyError:
            raise
        except RouterError:
            self._release(self._session)
            raise
        except Exception:
            self.close(lost=True)  # replies that nobody waits for may be under way
            raise
        self._release(self._session)
        return found

    def _release(self, session: Session) -> None:
        """Undo what a look opened; what was read is not lost where that fails, but the session is not used again."""
        try:
            session.release()
        except RouterError as failure:
            session.warnings.append(str(failure))
            self.close(lost=True)

    def close(self, *, lost: bool = False) -> None:
        """End the session; nothing more is said in one that is ``lost``."""
        if self._session is not None and lost:
            self._session.abandon()
        self._session = None
        self._stack.close()

    @property
    def requests(self) -> int:
        """The number of requests that were sent, without those that end a session."""
        return sum(len(one.rpcs) for one in self._opened)

    @property
    def warnings(self) -> list[str]:
        """The router's warnings, each once."""
        return list(dict.fromkeys(warning for one in self._opened for warning in one.warnings))


class _Readers(dict[Connection, RouterReader]):
    """A reader for each router, which ends when the stack does."""

    def __init__(self, stack: ExitStack) -> None:
        super().__init__()
        self._stack = stack

    def __missing__(self, connection: Connection) -> RouterReader:
        reader = self[connection] = self._stack.enter_context(RouterReader(connection))
        return reader


_kept: ContextVar[_Readers | None] = ContextVar("kept", default=None)


@contextmanager
def kept_sessions() -> Iterator[None]:
    """Let :func:`reading` keep the session with each router until this block is left.

    An action plugin that runs ``vmx_info`` in its own process again and again uses it; a module in a process of its own
    keeps nothing.
    """
    with ExitStack() as stack:
        token = _kept.set(_Readers(stack))
        try:
            yield
        finally:
            _kept.reset(token)


@contextmanager
def reading(connection: Connection) -> Iterator[RouterReader]:
    """Give the reader of a router: one that is kept, see :func:`kept_sessions`, else one for this block alone."""
    kept = _kept.get()
    if kept is not None:
        yield kept[connection]
        return
    with RouterReader(connection) as reader:
        yield reader


def route_tables(session: Session, question: Question) -> Mapping[str, Any]:
    """Return routing tables by name: those named, in one request each and many under way, or all.

    One reply with all tables would cost the router the same, and several times the memory here.
    """
    if question.tables is None:
        reply = session.ask(_route_request(question), "read the routing tables", table_to_data)
        return {"route_tables": parse_routes(reply)}
    requests = [(_route_request(question, name), f"read routing table {name}") for name in question.tables]
    replies = zip(question.tables, session.ask_all(requests, table_to_data), strict=False)
    return {"route_tables": {name: parse_routes(reply).get(name, absent_table()) for name, reply in replies}}


def _route_request(question: Question, table: str | None = None) -> Element:
    request = element("get-route-information")
    if question.details:
        request.append(element("detail"))
    if table is not None:
        request.append(element("table", text=table))
    return request


def _bgp(session: Session, _question: Question) -> Mapping[str, Any]:
    summary, neighbors = session.ask_all(
        [
            (element("get-bgp-summary-information"), "read the state of BGP"),
            (element("get-bgp-neighbor-information"), "read the BGP neighbors"),
        ]
    )
    return {"bgp": parse_bgp(summary, neighbors)}


def _instances(session: Session, _question: Question) -> Mapping[str, Any]:
    reply = session.ask(element("get-instance-information"), "read the routing instances")
    return {"instances": parse_instances(reply)}


def _filters(session: Session, question: Question) -> Mapping[str, Any]:
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


def _tunnels(session: Session, _question: Question) -> Mapping[str, Any]:
    """Return the dynamic tunnels, as the router prints them: the XML form of the reply is not documented."""
    request = element("command", text="show dynamic-tunnels database", format="text")
    reply = session.execute(request, "read the dynamic tunnels")
    parts = reply.iter() if reply is not None else ()
    texts = [one.text or "" for one in parts if isinstance(one.tag, str) and not one.tag.endswith("re-name")]
    return {"tunnels": parse_tunnels("\n".join(texts))}


def _version(session: Session, _question: Question) -> Mapping[str, Any]:
    reply = session.ask(element("get-software-information"), "read the software version")
    return {"version": parse_version(reply)}


def _commits(session: Session, _question: Question) -> Mapping[str, Any]:
    history = [{**asdict(one), "token": token_of(one)} for one in read_history(session)]
    return {"commits": history, "pending_commit": next((one for one in history if one["pending"] is not False), None)}


def _best_routes(session: Session, question: Question) -> Mapping[str, Any]:
    """Return the most specific active route for the first address of each prefix, None where there is none.

    A table that is small for the number of prefixes is read whole instead of being asked for each.
    """
    by_table: dict[str, list[str]] = {}
    for prefix in dict.fromkeys(question.destinations):
        by_table.setdefault("inet6.0" if ":" in prefix else "inet.0", []).append(prefix)
    many = {table: prefixes for table, prefixes in by_table.items() if len(prefixes) > SEPARATE_DESTINATIONS}
    sizes = _table_sizes(session) if many else {}
    whole = [table for table in many if 0 <= sizes.get(table, -1) <= ROUTES_PER_DESTINATION * len(many[table])]
    asked = [(table, prefix) for table, prefixes in by_table.items() if table not in whole for prefix in prefixes]
    requests = [(_active_routes(table), f"read routing table {table}") for table in whole]
    requests += [(_active_routes(table, _first(prefix)), f"look for a route to {prefix}") for table, prefix in asked]
    replies = map(parse_routes, session.ask_all(requests, table_to_data))
    tables = {table: next(replies) for table in whole}
    found = {prefix: _best(table, prefix, tables[table]) for table in whole for prefix in by_table[table]}
    found |= {prefix: _best(table, prefix, reply) for (table, prefix), reply in zip(asked, replies, strict=False)}
    return {"best_routes": {prefix: found[prefix] for prefix in question.destinations}}


def _first(prefix: str) -> str:
    """Return the first address of a prefix."""
    return prefix.partition("/")[0]


def _best(table: str, prefix: str, tables: RouteTables) -> RouteRow | None:
    return best_route(tables.get(table, absent_table())["routes"], _first(prefix))


def _active_routes(table: str, destination: str | None = None) -> Element:
    request = element("get-route-information", element("active-path"), element("table", text=table))
    if destination is not None:
        request.append(element("destination", text=destination))
    return request


def _table_sizes(session: Session) -> dict[str, int]:
    """Return how many active routes each table has."""
    reply = session.ask(element("get-instance-information"), "read the routing instances")
    return {
        table["name"] or "": table["active"] or 0 for instance in parse_instances(reply) for table in instance["tables"]
    }


def _configuration(session: Session, question: Question) -> Mapping[str, Any]:
    """Return sections of the committed configuration in native XML, as written and with groups applied."""
    written, effective = session.read_configurations(question.sections)
    for each in (written, effective):
        mask_secrets(each)
    return {"configuration": {"written": to_text(written), "effective": to_text(effective)}}


def _candidate(session: Session, _question: Question) -> Mapping[str, Any]:
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


def _session(session: Session, _question: Question) -> Mapping[str, Any]:
    return {"session": {"source": session.source_address(), "port": session.connection.port}}


SUBJECTS: dict[str, Callable[[Session, Question], Mapping[str, Any]]] = {
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
