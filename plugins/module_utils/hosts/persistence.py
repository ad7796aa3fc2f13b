# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How routes outlive a reboot: for each tool that may manage an interface a file of our own, and nobody else's touched.

Every file begins with the same remarks, whatever its language: whose it is, and each route it holds. They are how a
later run knows what is ours.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from .routes import HostRoute
from .state import HostState

# .network files take drop-ins from this release of systemd on.
DROP_INS_FROM = 232
_NETPLAN_FILE = re.compile(r"^10-netplan-(?P<id>.+)\.network$")
_NETPLAN_CONNECTION = "netplan-"
_ROUTE_REMARK = re.compile(r"^# route (?P<prefix>\S+) via (?P<via>\S+) dev (?P<dev>\S+)$", re.MULTILINE)

# Only netplan's own reading of all its files together says whether a further one is good; a bad one would leave the
# host without network at its next boot, so it is tried in a directory aside before it is put in place.
_NETPLAN_TRIAL = (
    # A run that is killed leaves its directory; the next one removes it.
    'sh -ec \'cd /tmp; find . -maxdepth 1 -user root -name "service-endpoints.??????" -mmin +60 -exec rm -rf {{}} + '
    '|| :; trial=$(mktemp -d /tmp/service-endpoints.XXXXXX); trap "rm -rf $trial" EXIT; for place in lib etc run; do '
    "mkdir -p $trial/$place/netplan; cp /$place/netplan/*.yaml $trial/$place/netplan/ 2>/dev/null || :; done; "
    'cp "$0" $trial{path}; netplan generate --root-dir $trial\' %s'
)


@dataclass(frozen=True)
class Place:
    """The place of the routes of one interface: the file, its format, and whether its directory is ours too.

    ``validate`` is a command line that judges the file (``%s``) before it is put in place.
    """

    path: str
    mode: str
    render: Callable[[Iterable[HostRoute]], str]
    validate: str = ""
    directory: bool = False


class NotHereError(Exception):
    """A back end does not manage an interface; the message says why."""


class UnfitError(NotHereError):
    """A back end manages an interface, but cannot keep routes for it alone; the message says why."""


def remark(name: str, what: str) -> str:
    """Return the first remark of a file of ours."""
    return f"# Role service_endpoints, {name}: {what}. Written anew by each run."


def routes_in(content: str, name: str) -> tuple[HostRoute, ...] | None:
    """Return the routes that a file holds, or nothing when it is not ours."""
    if not re.search(rf"^# Role service_endpoints, {re.escape(name)}: ", content, re.MULTILINE):
        return None
    return tuple(HostRoute(each["prefix"], each["via"], each["dev"]) for each in _ROUTE_REMARK.finditer(content))


def _remarks(name: str, interface: str, routes: Iterable[HostRoute]) -> list[str]:
    return [remark(name, f"routes of {interface}"), *(f"# route {route}" for route in routes)]


def _text(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _is_shared(state: HostState, interface: str) -> bool:
    """Return whether the .network file of an interface is that of another one as well; its routes would be too."""
    file = state.networkd.get(state.interfaces[interface])
    return list(state.networkd.values()).count(str(file)) > 1


def _netplan_id(state: HostState, interface: str) -> str:
    """Return what netplan calls an interface that it has handed to systemd-networkd or NetworkManager."""
    file = state.networkd.get(state.interfaces[interface], "")
    match = _NETPLAN_FILE.match(file.rpartition("/")[2])
    connection = state.networkmanager.get(interface, "")
    named = connection.removeprefix(_NETPLAN_CONNECTION) if connection.startswith(_NETPLAN_CONNECTION) else ""
    return match["id"] if match else named


def _netplan(state: HostState, interface: str, name: str) -> Place:
    identifier = _netplan_id(state, interface)
    if identifier not in state.netplan:
        raise NotHereError(f"netplan does not manage {interface}")
    if _is_shared(state, interface):
        raise UnfitError(f"netplan's '{identifier}' is more interfaces than {interface}")
    path = f"/etc/netplan/90-{name}-{interface}.yaml"

    def render(routes: Iterable[HostRoute]) -> str:
        held = list(routes)
        return _text(
            [
                *_remarks(name, interface, held),
                "network:",
                "  version: 2",
                f"  {state.netplan[identifier]}:",
                f"    {json.dumps(identifier)}:",
                "      routes:",
                *(f'        - {{to: "{route.prefix}", via: "{route.via}"}}' for route in held),
            ]
        )

    return Place(path, "0600", render, validate=_NETPLAN_TRIAL.format(path=path))


def _networkd(state: HostState, interface: str, name: str) -> Place:
    file = state.networkd.get(state.interfaces[interface])
    if file is None:
        raise NotHereError(f"systemd-networkd does not manage {interface}")
    if _is_shared(state, interface):
        raise UnfitError(f"{file} is that of more interfaces than {interface}")
    if (state.systemd or DROP_INS_FROM) < DROP_INS_FROM:
        raise UnfitError(f"systemd {state.systemd} takes no drop-ins for .network files")

    def render(routes: Iterable[HostRoute]) -> str:
        held = list(routes)
        sections = [
            line for route in held for line in ("", "[Route]", f"Destination={route.prefix}", f"Gateway={route.via}")
        ]
        return _text([*_remarks(name, interface, held), *sections])

    base = file.rpartition("/")[2]
    return Place(f"/etc/systemd/network/{base}.d/90-{name}.conf", "0644", render, directory=True)


# A next hop may become a neighbour later than the event that a script runs at.
_PATIENCE = [
    "tries=30",
    "patiently() {",
    '  until "$@"; do',
    "    tries=$((tries - 1))",
    '    [ "$tries" -gt 0 ] || { status=1 && return; }',
    "    sleep 1",
    "  done",
    "}",
    "status=0",
]


def patient_script(routes: Iterable[HostRoute]) -> list[str]:
    """Return the end of a shell script that sets routes, and waits for next hops up to half a minute in all."""
    return [*_PATIENCE, *(f"patiently {' '.join(route.command('replace'))}" for route in routes), "exit $status"]


def _networkmanager(state: HostState, interface: str, name: str) -> Place:
    if interface not in state.networkmanager:
        raise NotHereError(f"NetworkManager does not manage {interface}")

    def render(routes: Iterable[HostRoute]) -> str:
        held = list(routes)
        return _text(
            [
                "#!/bin/sh",
                *_remarks(name, interface, held),
                f'[ "$1" = {interface} ] || exit 0',
                "case $2 in up | reapply | dhcp4-change | dhcp6-change) ;; *) exit 0 ;; esac",
                *patient_script(held),
            ]
        )

    return Place(f"/etc/NetworkManager/dispatcher.d/90-{name}-{interface}", "0755", render)


def _ifupdown(state: HostState, interface: str, name: str) -> Place:
    if interface not in state.ifupdown:
        raise NotHereError(f"ifupdown has not brought {interface} up")

    def render(routes: Iterable[HostRoute]) -> str:
        held = list(routes)
        # ifup calls for each family on its own; the addresses of the other one may not be there yet.
        family = {"4": "inet", "6": "inet6"}
        commands = (
            f'{" ".join(route.command("replace"))} || [ "$ADDRFAM" != {family[route.family]} ]' for route in held
        )
        return _text(
            [
                "#!/bin/sh -e",
                *_remarks(name, interface, held),
                f'[ "$IFACE" = {interface} ] || exit 0',
                *commands,
            ]
        )

    # run-parts passes over names with a dot.
    return Place(f"/etc/network/if-up.d/{name}-{interface.replace('.', '_')}", "0755", render)


def _unit(state: HostState, interface: str, name: str) -> Place:
    if state.systemd is None:
        raise NotHereError("systemd does not run here")
    managers = "systemd-networkd.service NetworkManager.service networking.service network.service"

    def render(routes: Iterable[HostRoute]) -> str:
        held = list(routes)
        return _text(
            [
                *_remarks(name, interface, held),
                "[Unit]",
                f"Description=Routes of {interface} for {name}",
                "Wants=network-online.target",
                f"After=network-online.target {managers}",
                f"PartOf={managers}",
                "",
                "[Service]",
                "Type=oneshot",
                "RemainAfterExit=yes",
                "TimeoutStartSec=90",
                *(
                    f"ExecStart=/bin/sh -c 'until {' '.join(route.command('replace'))}; do sleep 1; done'"
                    for route in held
                ),
                "",
                "[Install]",
                "WantedBy=multi-user.target",
            ]
        )

    return Place(f"/etc/systemd/system/{name}-routes-{interface}.service", "0644", render)


def _none(state: HostState, interface: str, name: str) -> Place:
    """Keep only the remarks, where they last as long as the routes do: until the next boot."""
    del state

    def render(routes: Iterable[HostRoute]) -> str:
        return _text(_remarks(name, interface, routes))

    return Place(f"/run/{name}/routes-{interface}", "0644", render, directory=True)


# In the order in which they are looked for: netplan hands its interfaces to one of the next two.
_MANAGERS: Mapping[str, Callable[[HostState, str, str], Place]] = {
    "netplan": _netplan,
    "systemd-networkd": _networkd,
    "networkmanager": _networkmanager,
    "ifupdown": _ifupdown,
    "unit": _unit,
}
_BACK_ENDS = {**_MANAGERS, "none": _none}


@dataclass(frozen=True)
class Choice:
    """The back end of an interface; ``passed_over`` says why those before it were not taken.

    ``unfit`` are those of the reasons that tell of a back end that manages the interface all the same.
    """

    back_end: str
    place: Place
    passed_over: tuple[str, ...] = ()
    unfit: tuple[str, ...] = ()


def choose(state: HostState, interface: str, name: str, asked: str = "auto") -> Choice:
    """Return the back end that manages an interface, or the one that is asked for.

    :raises NotHereError: when the one that is asked for does not manage the interface.
    """
    if asked != "auto":
        return Choice(asked, _BACK_ENDS[asked](state, interface, name))
    passed_over: list[NotHereError] = []
    for back_end, manages in _MANAGERS.items():
        try:
            return _chosen(back_end, manages(state, interface, name), passed_over)
        except NotHereError as error:
            passed_over.append(error)
    return _chosen("none", _none(state, interface, name), passed_over)


def _chosen(back_end: str, place: Place, passed_over: list[NotHereError]) -> Choice:
    unfit = tuple(str(error) for error in passed_over if isinstance(error, UnfitError))
    return Choice(back_end, place, tuple(map(str, passed_over)), unfit)
