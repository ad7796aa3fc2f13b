# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is to be done on a Linux host so that its routes and its forwarding are as wanted, now and after each boot."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

from ..values.faults import Fault, IntentError
from ..values.plain_text import visible
from ..values.reading import Key, address, choice, listing, prefix, reads, record, text
from .forwarding import plan_settings, settings_file
from .persistence import Choice, NotHereError, choose, routes_in
from .routes import HostRoute, HostRouteChanges, host_route_changes
from .state import HostState, OwnFile, read_host_state

ROUTES = "service_endpoints_routes"
SOURCES = "service_endpoints_sources"
PERSISTENCE = "service_endpoints_persistence"
NAME = "service_endpoints_name"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")
_INTERFACE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+-]{0,14}")
"""Names of interfaces that mean nothing else in files' names, scripts and units; the kernel takes nearly any."""


class Command(TypedDict):
    """A command to run; ``says`` is what people read of it."""

    argv: list[str]
    says: str


class WantedFile(TypedDict):
    """A file that is to stand; ``validate`` is a command that checks it, empty for none."""

    dest: str
    mode: str
    content: str
    validate: str


class HostPlan(TypedDict):
    """The work to do on a host.

    ``problems``: lines that say why nothing can be done, then all else is empty; ``notes``: lines to show;
    ``commands`` to run at once; ``directories`` and ``files`` that are to stand; ``gone``: paths to delete;
    ``afterwards``: commands to run when files have changed; ``managers``: by interface what keeps its routes.
    """

    problems: list[str]
    notes: list[str]
    commands: list[Command]
    directories: list[str]
    files: list[WantedFile]
    gone: list[str]
    afterwards: list[Command]
    managers: dict[str, str]


@dataclass(frozen=True)
class _Asked:
    """A route as it is asked for; ``dev`` is empty where the kernel shall find it."""

    prefix: str
    via: str
    dev: str
    present: bool
    path: str

    @property
    def hop(self) -> str:
        """The next hop as the script takes it and names its section."""
        return f"{self.via}%{self.dev}" if self.dev else self.via


@dataclass(frozen=True)
class _Wish:
    """The desired state of a host."""

    wanted: list[_Asked]
    unwanted: list[_Asked]
    sources: list[_Asked]
    name: str
    persistence: str
    forwarding: list[str]


def read_name(name: str) -> str:
    """Read the part of file names that is ours. Raises IntentError."""
    if not _NAME.fullmatch(name):
        reason = f"'{name}' is not a name for files (letters, digits, - and _, up to 32 of them)"
        raise IntentError([Fault(NAME, reason)])
    return name


@reads("network interface")
def _interface(value: Any, path: str) -> str:
    word = text(value, path)
    if not _INTERFACE.fullmatch(word):
        raise IntentError([Fault(path, f"'{word}' is not the name of a network interface")])
    return word


@reads("mapping")
def _asked(value: Any, path: str) -> _Asked:
    def build(dev: str | None, state: str, **values: str) -> _Asked:
        return _Asked(dev=dev or "", present=state == "present", path=path, **values)

    fields = {
        "prefix": Key(prefix, "Where the route leads.", required=True),
        "via": Key(address, "The next hop, a neighbour of the host.", required=True),
        "dev": Key(_interface, "The interface; the kernel tells it by the next hop unless given."),
        "state": Key(choice("present", "absent"), "Whether the route is to stand.", default="present"),
    }
    found: _Asked = record(build, fields)(value, path)
    if (":" in found.prefix) != (":" in found.via):
        raise IntentError([Fault(f"{path}.via", f"{found.via} is of another address family than {found.prefix}")])
    if found.present and not found.dev and ipaddress.ip_address(found.via).is_link_local:
        raise IntentError([Fault(f"{path}.dev", f"is required: {found.via} is a neighbour on every interface")])
    return found


def read_routes(routes: Any) -> tuple[_Asked, ...]:
    """Read the list of routes. Raises IntentError with one fault for each bad value."""
    found: tuple[_Asked, ...] = listing(_asked)(routes, ROUTES)
    ways: dict[str, _Asked] = {}
    for each in found:
        other = ways.setdefault(each.prefix, each) if each.present else each
        if other.hop != each.hop:
            reason = f"{each.prefix} goes via {other.via} already, by {other.path}"
            raise IntentError([Fault(f"{each.path}.via", reason)])
    return found


def read_sources(sources: Any) -> tuple[_Asked, ...]:
    """Read the list of sources, entries like routes. Raises IntentError with one fault for each bad value."""
    found: tuple[_Asked, ...] = listing(_asked)(sources, SOURCES)
    return found


def next_hops(routes: Any, sources: Any = ()) -> list[str]:
    """Return the addresses that ``look.sh`` is to ask the kernel for; none where something cannot be read.

    They are the next hops of the routes and of the sources, and an address of each source.
    """
    try:
        asked = [each for each in (*read_routes(routes), *read_sources(list(sources))) if each.present]
        answered = [_first_address(each) for each in read_sources(list(sources)) if each.present]
        return list(dict.fromkeys([*(each.hop for each in asked), *answered]))
    except IntentError:
        return []


def _first_address(source: _Asked) -> str:
    network = ipaddress.ip_network(source.prefix)
    return str(network[min(1, network.num_addresses - 1)])


def host_plan(
    seen: str,
    routes: Any,
    *,
    host: str,
    name: str = "service-chain",
    state: str = "present",
    persistence: str = "auto",
    forwarding: Iterable[str] = (),
    sources: Any = (),
) -> HostPlan:
    """Compare a host with what is wanted of it.

    :param seen: what ``look.sh`` printed, given ``name`` and :func:`next_hops` of the routes and sources.
    :param routes: ``[{prefix, via, dev (may be left out), state: present or absent}]``, all that this name has here.
    :param state: ``absent`` takes away every route of the list, and everything that earlier runs of this name left.
    :param persistence: a back end of :mod:`.persistence`, or ``auto``.
    :param forwarding: ``ipv4`` and ``ipv6`` that the host is to forward.
    :param sources: ``[{prefix, via}]``: packets from the prefix arrive by the interface that leads to the next hop,
        though the host may answer them by another one.
    """
    try:
        asked = read_routes(routes)
        arriving = read_sources(list(sources))
        read_name(name)
    except IntentError as error:
        return _refusal([f"{host}: {fault}" for fault in error.faults])
    wish = _Wish(
        wanted=[each for each in asked if each.present and state == "present"],
        unwanted=[each for each in asked if not each.present or state != "present"],
        sources=[each for each in arriving if each.present and state == "present"],
        name=name,
        persistence=persistence,
        forwarding=list(forwarding) if state == "present" else [],
    )
    found = read_host_state(seen)
    problems = [visible(each) for each in _problems(found, [*wish.wanted, *wish.sources], host)]
    if problems:
        return _refusal(problems)
    try:
        plan = _plan(found, wish)
    except NotHereError as error:
        return _refusal([f"{host}: {PERSISTENCE}: {persistence} is asked for, but {error}; auto takes what does"])
    problems = list(_unable(found, plan, host))
    return _refusal(problems) if problems else {**plan, "notes": [visible(f"{host}: {note}") for note in plan["notes"]]}


def _refusal(problems: list[str]) -> HostPlan:
    return {
        "problems": problems, "notes": [], "commands": [], "directories": [], "files": [], "gone": [],
        "afterwards": [], "managers": {},
    }  # fmt: skip


def _problems(found: HostState, wanted: list[_Asked], host: str) -> Iterator[str]:
    """Find what stands in the way of the routes on this host."""
    if "ip" not in found.tools:
        yield f"{host}: has no `ip` to set routes with; install iproute2"
        return
    for each in wanted:
        hop = found.hops.get(each.hop)
        if each.dev and each.dev not in found.interfaces:
            known = ", ".join(interface for interface in found.interfaces if interface != "lo")
            yield f"{host}: {each.path}.dev: no interface '{each.dev}' on this host (it has {known})"
        elif hop is None or hop.interface is None:
            trouble = hop.trouble if hop else "the host was not asked for it"
            yield (
                f"{host}: {each.path}.via: {each.via}, the next hop to {each.prefix}, is no neighbour of this host "
                f"({trouble}); correct it, or bring up the interface that leads to it"
            )
        elif not _INTERFACE.fullmatch(hop.interface):
            yield (
                f"{host}: {each.path}.via: {each.via} is behind interface '{hop.interface}', whose name cannot stand "
                "in scripts; rename it, with letters, digits and -, _, ., + only"
            )


def _unable(found: HostState, plan: HostPlan, host: str) -> Iterator[str]:
    """Find what keeps us from carrying out a plan."""
    if not found.is_root and (plan["commands"] or plan["files"] or plan["gone"] or plan["afterwards"]):
        yield f"{host}: routes and settings can only be looked after by root; set become: true"
    if "sysctl" not in found.tools and any(each["argv"][0] == "sysctl" for each in plan["commands"]):
        yield f"{host}: has no `sysctl` to let it forward; install procps"


def _plan(found: HostState, wish: _Wish) -> HostPlan:
    name, persistence = wish.name, wish.persistence
    goal = [HostRoute(each.prefix, each.via, found.hops[each.hop].interface or "") for each in wish.wanted]
    held = {file.path: routes for file in found.files if (routes := routes_in(file.content, name)) is not None}
    unwanted = [*(route for routes in held.values() for route in routes)]
    unwanted += [HostRoute(each.prefix, each.via, each.dev) for each in wish.unwanted]
    changes = host_route_changes(found.routes, goal, unwanted)

    choices = {dev: choose(found, dev, name, persistence) for dev in dict.fromkeys(route.dev for route in goal)}
    files = {
        choice_.place.path: _routes_file(choice_, [route for route in goal if route.dev == dev])
        for dev, choice_ in choices.items()
    }
    directories = [each.place.path for each in choices.values() if each.place.directory and each.place.path not in held]

    own_settings = [file for file in found.files if file.path in held and "/sysctl.d/" in file.path]
    lasting = persistence != "none"
    loose = dict.fromkeys(_answered_elsewhere(found, wish.sources, goal))
    kept = [file.content for file in own_settings]
    settings = plan_settings(found, wish.forwarding, loose, name, kept, lasting=lasting)
    if settings.content:
        path = settings_file(name, lasting=lasting)
        files[path] = {"dest": path, "mode": "0644", "content": settings.content, "validate": ""}
        directories += [path] if path not in held else []

    gone = [file for file in found.files if file.path in held and file.path not in files]
    return {
        "problems": [],
        "notes": list(_notes(choices)),
        "managers": {dev: each.back_end for dev, each in choices.items()},
        "commands": [*_now(changes, settings.now), *_disabling(gone)],
        "directories": list(dict.fromkeys(path.rpartition("/")[0] for path in directories)),
        "files": list(files.values()),
        "gone": [file.path for file in gone],
        "afterwards": list(_afterwards(found, files, gone)),
    }


def _now(changes: HostRouteChanges, settings: Iterable[tuple[str, str]]) -> Iterator[Command]:
    """Yield what sets routes and settings of the running host."""
    yield from (_command(*route.command("replace"), says=f"+ {route}") for route in changes.replace)
    yield from (_command(*route.command("del"), says=f"- {route}") for route in changes.remove)
    yield from (_command("sysctl", "-q", "-w", f"{key}={value}", says=f"{key} = {value}") for key, value in settings)


def _disabling(gone: Iterable[OwnFile]) -> Iterator[Command]:
    yield from (_command("systemctl", "disable", _base(file.path)) for file in gone if _is_unit(file.path))


def _routes_file(choice_: Choice, routes: Sequence[HostRoute]) -> WantedFile:
    """Return the file that keeps routes of an interface."""
    place = choice_.place
    return {"dest": place.path, "mode": place.mode, "content": place.render(routes), "validate": place.validate}


def _answered_elsewhere(found: HostState, sources: list[_Asked], goal: list[HostRoute]) -> Iterator[str]:
    """Yield interfaces by which IPv4 packets arrive whose source the host would answer by another interface.

    They are those of the sources named, and those of our routes of which another route takes a part elsewhere.
    """
    for each in sources:
        arriving = found.hops[each.hop].interface or ""
        back = found.hops.get(_first_address(each))
        if ":" not in each.prefix and (back is None or back.out != arriving):
            yield arriving
    for route in goal:
        whole = ipaddress.ip_network(route.prefix)
        if isinstance(whole, ipaddress.IPv4Network) and any(
            other.family == "4" and other.dev != route.dev and _is_inside(other.prefix, whole) for other in found.routes
        ):
            yield route.dev


def _is_inside(prefix_: str, whole: ipaddress.IPv4Network) -> bool:
    part = ipaddress.IPv4Network(prefix_)
    return part != whole and part.subnet_of(whole)


def _afterwards(found: HostState, files: Mapping[str, WantedFile], gone: list[OwnFile]) -> Iterator[Command]:
    """Yield what makes tools take note of files that are new, different or gone."""
    standing = {file.path: file for file in found.files}
    different = [
        path
        for path, file in files.items()
        if path not in standing or standing[path].content.strip() != file["content"].strip()
    ]
    moved = [*different, *(file.path for file in gone)]
    if any(_is_unit(path) for path in moved):
        yield _command("systemctl", "daemon-reload")
    for path in files:
        if _is_unit(path) and (path in different or not standing[path].enabled):
            yield _command("systemctl", "enable", _base(path))
            yield _command("systemctl", "restart", _base(path))
    if any(path.startswith("/etc/netplan/") for path in moved):
        yield _command("netplan", "generate")
    for directory in dict.fromkeys(file.path.rpartition("/")[0] for file in gone):
        leaving = [file for file in gone if file.path.rpartition("/")[0] == directory]
        is_ours = directory.endswith(".network.d") or directory.startswith("/run/")
        if is_ours and leaving[0].entries == len(leaving):
            yield _command("rmdir", directory)


def _notes(choices: Mapping[str, Choice]) -> Iterator[str]:
    """Tell what one would not expect: routes that do not last, and a manager that cannot keep them."""
    for dev, choice_ in choices.items():
        if choice_.back_end == "none" and choice_.passed_over:
            yield f"the routes of {dev} last until the next boot: {', '.join(choice_.passed_over)}"
        elif choice_.unfit:
            yield f"the routes of {dev} are kept by {choice_.back_end}: {', '.join(choice_.unfit)}"


def _command(*argv: str, says: str = "") -> Command:
    return {"argv": list(argv), "says": visible(says or " ".join(argv))}


def _base(path: str) -> str:
    return path.rpartition("/")[2]


def _is_unit(path: str) -> bool:
    return path.endswith(".service")
