# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the kernel lets through: forwarding and the check of sources, now and at each boot, and what was set before.

Settings are named with slashes (``net/ipv4/ip_forward``), for names of interfaces may have dots.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .persistence import remark
from .state import HostState

# How a kernel checks that packets come by the interface that leads back to their source (RFC 3704): the greater of the
# number for all interfaces and the interface's own counts.
STRICT, LOOSE = 1, 2
FORWARDING = {"ipv4": "net/ipv4/ip_forward", "ipv6": "net/ipv6/conf/all/forwarding"}
_WAS = re.compile(r"^# (?P<key>net/\S+) was (?P<value>\S+)$", re.MULTILINE)
_IS = re.compile(r"^(?P<key>net/\S+) = (?P<value>\S+)$", re.MULTILINE)


@dataclass(frozen=True)
class SettingsPlan:
    """Settings to change now (name, value), and the text of the file that keeps them, empty for none."""

    now: tuple[tuple[str, str], ...]
    content: str


def settings_file(name: str, *, lasting: bool) -> str:
    """Return the path of the file; its name comes after that of everybody else's. In /run it goes with the boot."""
    return f"{'/etc' if lasting else '/run'}/sysctl.d/99-zz-{name}.conf"


def plan_settings(
    state: HostState, families: Iterable[str], loose: Iterable[str], name: str, kept: Iterable[str], *, lasting: bool
) -> SettingsPlan:
    """Return what makes a host forward, and takes back what earlier runs set and nobody asks for any more.

    :param families: ``ipv4`` and ``ipv6`` that are to be forwarded.
    :param loose: interfaces by which packets arrive whose source the host would answer by another one.
    :param kept: the content of our files that stand. What a setting was before our first run is told by them.
    """
    texts = list(kept)
    before = {match["key"]: match["value"] for text in texts for match in _WAS.finditer(text)}
    ours = {match["key"]: match["value"] for text in texts for match in _IS.finditer(text)}
    now: list[tuple[str, str]] = []
    lines: list[str] = []
    for key, value in (_loosened(state, loose, ours) | _wanted(state, list(families), ours)).items():
        current = state.settings.get(key)
        if current != value:
            now.append((key, value))
        elif key not in ours and (not lasting or state.kept_settings.get(key) == value):
            continue  # it is so without us
        lines += [f"# {key} was {before.get(key, current or '0')}", f"{key} = {value}"]
        ours.pop(key, None)
    for key, value in ours.items():
        if state.settings.get(key) == value != before.get(key, value):
            now.append((key, before[key]))
    return SettingsPlan(tuple(now), "".join(f"{line}\n" for line in [remark(name, "forwarding"), *lines] if lines))


def _loosened(state: HostState, interfaces: Iterable[str], ours: Mapping[str, str]) -> dict[str, str]:
    """Return the settings that stop a strict check on interfaces; one that is off or loose already stays as it is."""
    for_all = int(state.settings.get(_rp_filter("all"), "0"))
    return {
        key: str(LOOSE)
        for key in map(_rp_filter, interfaces)
        if ours.get(key) == str(LOOSE) or max(for_all, int(state.settings.get(key, "0"))) == STRICT
    }


def _rp_filter(interface: str) -> str:
    return f"net/ipv4/conf/{interface}/rp_filter"


def _wanted(state: HostState, families: list[str], ours: Mapping[str, str]) -> dict[str, str]:
    """Return the settings that forwarding takes.

    A host that forwards IPv6 no longer listens to router advertisements (accept_ra 1) and would lose the default
    route that it has from them; 2 lets it listen all the same.
    """
    wanted: dict[str, str] = {}
    if "ipv6" in families:
        for interface in state.interfaces:
            key = f"net/ipv6/conf/{interface}/accept_ra"
            advertised = any(
                route.dev == interface and route.protocol == "ra" and route.prefix == "::/0" for route in state.routes
            )
            if ours.get(key) == "2" or (advertised and state.settings.get(key) == "1"):
                wanted[key] = "2"
    return wanted | {FORWARDING[family]: "1" for family in families}
