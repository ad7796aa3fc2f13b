# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a Linux host is like, as far as its routes go: read from what ``look.sh`` of role service_endpoints prints.

The text is sections, each begun by a line ``@@ WHAT``; the script says what each holds. Everything in it is made by
tools of any age (iproute2 without JSON, busybox), so unknown words are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from .routes import HostRoute, shown_routes

_SECTION = "@@ "
_LINK = re.compile(r"^(?P<index>[0-9]+): (?P<name>[^:@\s]+)")


@dataclass(frozen=True)
class KernelRoute:
    """The kernel's route to an address.

    ``interface`` leads to it when it is a neighbour, else ``trouble`` says why it is none; ``out`` is the interface
    that packets to it leave by, in both cases, and empty where there is none.
    """

    interface: str | None
    trouble: str
    out: str = ""


@dataclass(frozen=True)
class OwnFile:
    """A file that an earlier run may have written; ``entries`` counts everything in its directory."""

    path: str
    content: str
    entries: int
    enabled: bool


@dataclass(frozen=True)
class HostState:
    """A host as it was found.

    ``interfaces``: kernel index by name. ``networkd``: by index the .network file in use of links that
    systemd-networkd configures. ``networkmanager``: by device the connection it is up with. ``netplan``: by
    identifier the kind (``ethernets``, ...) of what netplan knows. ``settings`` are the kernel's, with slashes in
    their names; ``kept_settings`` are those of sysctl's files other than ours, in the order in which they are read.
    """

    is_root: bool
    tools: frozenset[str]
    systemd: int | None
    interfaces: Mapping[str, str]
    routes: tuple[HostRoute, ...]
    hops: Mapping[str, KernelRoute]
    networkd: Mapping[str, str]
    networkmanager: Mapping[str, str]
    netplan: Mapping[str, str]
    ifupdown: frozenset[str]
    files: tuple[OwnFile, ...]
    settings: Mapping[str, str]
    kept_settings: Mapping[str, str]


def read_host_state(seen: str) -> HostState:
    """Read what the script printed. Raises ValueError when the text is not its output."""
    sections = dict(_sections(seen))
    if "user" not in sections:
        raise ValueError("this is not what look.sh prints: it has no section 'user'")
    systemd = sections.get("systemd", [])
    return HostState(
        is_root=sections["user"] == ["0"],
        tools=frozenset(sections.get("tools", ())),
        systemd=int(systemd[0]) if systemd else None,
        interfaces={match["name"]: match["index"] for match in map(_LINK.match, sections.get("links", ())) if match},
        routes=tuple(shown_routes(sections.get("routes", ()))),
        hops={what[4:]: _hop(lines) for what, lines in sections.items() if what.startswith("hop ")},
        networkd=_networkd(sections.get("networkd", ())),
        networkmanager=_networkmanager(sections.get("networkmanager", ())),
        netplan=_pairs(sections.get("netplan", ())),
        ifupdown=frozenset(line.partition("=")[0] for line in sections.get("ifupdown", ())),
        files=tuple(_files(sections)),
        settings=_pairs(sections.get("settings", ())),
        kept_settings={_slashed(key): value for key, value in _pairs(sections.get("kept settings", ())).items()},
    )


def _sections(seen: str) -> Iterator[tuple[str, list[str]]]:
    what, lines = "", list[str]()
    for line in seen.splitlines():
        if line.startswith(_SECTION):
            yield what, lines
            what, lines = line[len(_SECTION) :], []
        else:
            lines.append(line)
    yield what, lines


def _pairs(lines: Iterable[str]) -> dict[str, str]:
    return {key: value for key, _unused, value in (line.partition(" ") for line in lines) if key and value}


def _slashed(key: str) -> str:
    """Return a kernel setting's name with slashes; in the form with dots a slash stands for a dot of a name."""
    if "." not in key.partition("/")[0]:
        return key
    return key.translate(str.maketrans("./", "/."))


def _hop(lines: list[str]) -> KernelRoute:
    """Read ``ip route get``: a neighbour has ``dev`` and no ``via``."""
    said = lines[0].strip() if lines else "no answer"
    words = said.split()
    out = words[words.index("dev") + 1] if "dev" in words[:-1] else ""
    if words[0] == "local":
        return KernelRoute(None, "it is an address of the host itself")
    if "via" in words:
        return KernelRoute(None, f"the host reaches it through {words[words.index('via') + 1]}", out)
    if not out or words[0] in {"unreachable", "prohibit", "blackhole", "throw", "broadcast", "multicast"}:
        return KernelRoute(None, said.removeprefix("RTNETLINK answers: "))
    return KernelRoute(out, "", out)


def _networkd(lines: Iterable[str]) -> dict[str, str]:
    """Return by index the .network file of each link that systemd-networkd has in hand."""
    files: dict[str, str] = {}
    unmanaged = set()
    for index, what, value in (line.split(" ", 2) for line in lines if line.count(" ") > 1):
        if what == "NETWORK_FILE":
            files[index] = value
        elif value == "unmanaged":
            unmanaged.add(index)
    return {index: file for index, file in files.items() if index not in unmanaged}


def _networkmanager(lines: Iterable[str]) -> dict[str, str]:
    """Read ``nmcli -t``, which escapes colons; a device that others configured is "connected (externally)"."""
    fields = ([part.replace("\\:", ":") for part in re.split(r"(?<!\\):", line)] for line in lines)
    return {each[0]: each[2] for each in fields if len(each) == 3 and each[1] == "connected"}


def _files(sections: Mapping[str, list[str]]) -> Iterator[OwnFile]:
    for what, lines in sections.items():
        kind, _unused, path = what.partition(" ")
        if kind == "file":
            directory, _unused, base = path.rpartition("/")
            counted = sections.get(f"entries {directory}", [])
            enabled = sections.get(f"unit {base}") == ["enabled"]
            yield OwnFile(path, "\n".join(lines), int(counted[0]) if counted else 0, enabled)
