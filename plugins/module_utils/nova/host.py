# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A compute host as the script ``look.sh`` of role compute_prep has seen it."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

# Where kolla's start script looks inside a container for what it copies, and where nova.conf is below what is mounted
# there: kolla mounts the directory of one service, TripleO what Puppet generates as a tree of the whole file system.
KOLLA_MOUNTS = {"/var/lib/kolla/config_files": "", "/var/lib/kolla/config_files/src": "/etc/nova"}
_CONFIG = re.compile(r"^--config-(?P<kind>file|dir)(?:=(?P<path>.+))?$")


class LookError(ValueError):
    """The text is not the output of the script."""


@dataclass(frozen=True)
class File:
    """A file on the host. ``state`` is missing, other (not a file), unreadable, read-only or writable; ``content`` is
    None where it is not UTF-8, ``mode`` octal digits, ``changed`` seconds since 1970."""

    path: str
    state: str = "missing"
    mode: str = ""
    changed: int = 0
    content: str | None = ""

    @property
    def exists(self) -> bool:
        """Return whether there is anything of that name."""
        return self.state != "missing"


@dataclass(frozen=True)
class CommandResult:
    """The exit status of a command and what it printed."""

    status: int
    output: str


@dataclass(frozen=True)
class Unit:
    """A unit of systemd; ``started`` is in seconds since 1970, 0 where unknown, ``arguments`` those of its process."""

    name: str
    state: str
    started: int
    arguments: tuple[str, ...]

    @property
    def sources(self) -> list[tuple[str, str]]:
        """The sources that its process was told to read, in order: ``file`` or ``dir``, and the path."""
        found = []
        for index, argument in enumerate(self.arguments):
            match = _CONFIG.match(argument)
            if match:
                found.append((match["kind"], match["path"] or "".join(self.arguments[index + 1 : index + 2])))
        return [(kind, path) for kind, path in found if path]

    @property
    def config_files(self) -> list[str]:
        """The files among :attr:`sources`."""
        return [path for kind, path in self.sources if kind == "file"]


@dataclass(frozen=True)
class Container:
    """A container as an engine describes it; ``config_directory`` is where its nova.conf is on the host, if a mount
    tells."""

    engine: str
    running: bool
    status: str
    strategy: str
    config_directory: str


@dataclass
class Host:
    """All that was seen."""

    user: str = ""
    machine: str = ""
    has_kvm_device: bool = False
    has_virtualization: bool = False
    is_pending: bool = False
    files: dict[str, File] = field(default_factory=dict)
    kolla_services: list[str] = field(default_factory=list)
    deployers: list[str] = field(default_factory=list)
    engines: dict[str, CommandResult] = field(default_factory=dict)
    inside: CommandResult | None = None
    units: dict[str, Unit] = field(default_factory=dict)
    domains: dict[str, CommandResult] = field(default_factory=dict)
    guests: list[str] = field(default_factory=list)

    @property
    def can_kvm(self) -> bool:
        """Return whether kvm works here, as far as device and processor tell; only x86 shows it in its flags."""
        is_x86 = self.machine in ("x86_64", "i686", "i586", "i386", "amd64")
        return self.has_kvm_device and (self.has_virtualization or not is_x86)

    def file(self, path: str) -> File:
        """Return a file, missing ones too."""
        return self.files.get(path, File(path))

    def files_in(self, directory: str) -> list[str]:
        """Return the files of a directory that oslo.config reads, in its order."""
        inside = [path for path in self.files if path.rpartition("/")[0] == directory.rstrip("/")]
        return sorted(path for path in inside if path.endswith(".conf"))

    def containers(self) -> list[Container]:
        """Return the container that was asked for, once for each engine that has it."""
        return [_container(engine, answer.output) for engine, answer in self.engines.items() if answer.status == 0]


def read_look(printed: str) -> Host:
    """Read the output of ``look.sh``. Raises LookError."""
    host = Host()
    for line in printed.splitlines():
        word, *encoded = line.split(" ")
        _take(host, word, [_decoded(one) for one in encoded])
    if not host.user:
        raise LookError("the host did not answer with what the role's script prints")
    return host


def _take(host: Host, word: str, fields: list[bytes]) -> None:
    texts = [one.decode("utf-8", errors="replace") for one in fields]
    try:
        if word == "file":
            path, state, about = texts[:3]
            mode, changed = (about.split() or ["", "0"])[:2]
            host.files[path] = File(path, state, mode, int(changed), _utf8(fields[3]))
        elif word == "unit":
            name, state, started, arguments = texts
            host.units[name] = Unit(name, state, int(started or 0), tuple(arguments.splitlines()))
        elif word in ("engine", "domain"):
            answers = host.engines if word == "engine" else host.domains
            answers[texts[0]] = CommandResult(int(texts[1]), texts[2])
        elif word == "inside":
            host.inside = CommandResult(int(texts[1]), texts[2])
        else:
            _take_word(host, word, texts)
    except LookError:
        raise
    except (ValueError, IndexError) as error:
        raise LookError(f"the host printed '{word}' in another form than the role's script does") from error


def _take_word(host: Host, word: str, texts: list[str]) -> None:
    if word == "user":
        host.user = texts[0]
    elif word == "machine":
        host.machine = texts[0]
    elif word == "kvm":
        host.has_kvm_device = True
    elif word == "virtualization":
        host.has_virtualization = True
    elif word == "pending":
        host.is_pending = True
    elif word == "kolla":
        host.kolla_services.append(texts[0])
    elif word == "deployer":
        host.deployers.append(texts[0])
    elif word == "guest":
        host.guests.append(texts[0])
    else:
        raise LookError(f"the host printed '{word}', which is no word of the role's script")


def _decoded(encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded, validate=True)
    except binascii.Error as error:
        raise LookError("the host printed what the role's script does not print") from error


def _utf8(content: bytes) -> str | None:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _container(engine: str, output: str) -> Container:
    try:
        described = json.loads(output)[0]
        state = described["State"]
        environment = _environment(described["Config"].get("Env") or [])
        return Container(
            engine=engine,
            running=bool(state["Running"]),
            status=str(state.get("Status", "")),
            strategy=environment.get("KOLLA_CONFIG_STRATEGY", "COPY_ALWAYS"),
            config_directory=next(iter(_config_directories(described.get("Mounts") or [])), ""),
        )
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise LookError(f"{engine} inspect printed something else than the description of a container") from error


def _environment(lines: Iterable[Any]) -> dict[str, str]:
    return dict(str(line).partition("=")[::2] for line in lines)


def _config_directories(mounts: Iterable[Any]) -> Iterable[str]:
    for mount in mounts:
        below = KOLLA_MOUNTS.get(str(mount.get("Destination", "")).rstrip("/"))
        if below is not None:
            yield str(mount["Source"]).rstrip("/") + below
