# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The `docker` of a lab host: containers as kolla runs them, as far as their configuration goes.

Knows inspect, ps, stop, restart, exec and version. A container is a directory: `container.json` and `rootfs`, where
its own files are. At each start kolla's `config.json` says which files are copied in from the host, always
(COPY_ALWAYS) or the first time only (COPY_ONCE). How often a container was restarted is counted in
`container.json`.
"""

from __future__ import annotations

import argparse
import configparser
import hashlib
import json
import os
import re
import shutil
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

VERSION = "Docker version 17.06.2-ce, build cec0b72"
STRATEGY = "KOLLA_CONFIG_STRATEGY"
ENTER = """
for own in "$0"/etc/*; do
  [ -d "$own" ] || continue
  mkdir -p "/etc/${own##*/}" && mount --bind "$own" "/etc/${own##*/}" || exit 126
done
exec "$@"
"""
TEMPLATE = re.compile(r"{{\s*(?P<json>json\s+)?(?:println\s+)?(?P<path>\.[\w.]*)\s*}}")
RANGE = re.compile(r"{{\s*range\s+(?P<path>\.[\w.]*)\s*}}(?P<body>.*?){{\s*end\s*}}", re.DOTALL)


class EngineError(Exception):
    """What docker would refuse; the message is docker's."""


class ContainerEngine:
    """The containers in a directory, on a host whose /etc is at `etc`."""

    def __init__(self, directory: Path, etc: Path = Path("/etc")) -> None:
        self._directory = directory
        self._etc = etc

    def create(self, name: str, definition: Mapping[str, Any]) -> None:
        """Make a container and start it.

        `definition` has image, environment (mapping) and mounts (directory in the container: directory on the
        host).
        """
        (self._directory / name / "rootfs").mkdir(parents=True)
        container = {
            "Id": hashlib.sha256(name.encode()).hexdigest(),
            "Name": name,
            "Image": definition["image"],
            "Environment": dict(definition.get("environment") or {}),
            "Mounts": dict(definition.get("mounts") or {}),
            "Created": _now(),
            "Restarts": 0,
        }
        self._start(container)

    def names(self) -> list[str]:
        """Return the names of all containers."""
        return sorted(path.parent.name for path in self._directory.glob("*/container.json"))

    def restart(self, name: str) -> None:
        """Stop a container and start it again."""
        container = self._read(name)
        self._start({**container, "Restarts": container["Restarts"] + 1})

    def stop(self, name: str) -> None:
        """Stop a container."""
        self._write({**self._read(name), "Status": "exited", "ExitCode": 0})

    def inspect(self, name: str) -> dict[str, Any]:
        """Return a container in the shape of `docker inspect`."""
        container = self._read(name)
        running = container["Status"] == "running"
        return {
            "Id": container["Id"],
            "Created": container["Created"],
            "Name": f"/{container['Name']}",
            "RestartCount": 0,
            "State": {
                "Status": container["Status"],
                "Running": running,
                "Paused": False,
                "Restarting": False,
                "ExitCode": container["ExitCode"],
                "StartedAt": container["StartedAt"],
            },
            "Config": {
                "Hostname": os.uname().nodename,
                "Image": container["Image"],
                "Env": [f"{key}={value}" for key, value in container["Environment"].items()],
            },
            "HostConfig": {
                "NetworkMode": "host",
                "RestartPolicy": {"Name": "unless-stopped", "MaximumRetryCount": 0},
                "Binds": [f"{source}:{inside}:ro" for inside, source in container["Mounts"].items()],
            },
            "Mounts": [
                {"Type": "bind", "Source": source, "Destination": inside, "Mode": "ro", "RW": False}
                for inside, source in container["Mounts"].items()
            ],
        }

    def summary(self, name: str) -> dict[str, Any]:
        """Return a container in the shape of a line of `docker ps`."""
        container = self._read(name)
        up = container["Status"] == "running"
        return {
            "ID": container["Id"][:12],
            "Image": container["Image"],
            "Names": container["Name"],
            "State": container["Status"],
            "Status": "Up" if up else f"Exited ({container['ExitCode']})",
        }

    def enter_command(self, name: str, command: Sequence[str]) -> list[str]:
        """Return the command line that runs a command with the container's files.

        Those in /etc are where they belong; an argument that names another leads to it.
        """
        if self._read(name)["Status"] != "running":
            raise EngineError(f"Error response from daemon: Container {name} is not running")
        rootfs = self._directory / name / "rootfs"
        own = [str(rootfs / one[1:]) if one[:1] == "/" and (rootfs / one[1:]).exists() else one for one in command]
        return ["unshare", "--mount", "/bin/sh", "-c", ENTER, str(rootfs), *own]

    def _start(self, container: dict[str, Any]) -> None:
        """Do what a kolla container does at its start, and write down how that went."""
        home = self._directory / container["Name"]
        strategy = container["Environment"].get(STRATEGY, "COPY_ALWAYS")
        configured = home / "rootfs" / "configured"
        if strategy == "COPY_ALWAYS" or not configured.exists():
            self._copy_configuration(container, home / "rootfs")
            configured.touch()
        healthy = all(_is_readable(path) for path in (home / "rootfs").rglob("*.conf"))
        container |= {
            "Status": "running" if healthy else "exited",
            "ExitCode": 0 if healthy else 1,
            "StartedAt": _now(),
        }
        self._write(container)

    def _write(self, container: Mapping[str, Any]) -> None:
        home = self._directory / container["Name"]
        (home / "container.json").write_text(json.dumps(container, indent=2) + "\n", encoding="utf-8")

    def _copy_configuration(self, container: Mapping[str, Any], rootfs: Path) -> None:
        for inside, source in container["Mounts"].items():
            host_directory = self._etc / Path(source).relative_to("/etc")
            description = host_directory / "config.json"
            if not description.exists():
                continue
            for entry in json.loads(description.read_text(encoding="utf-8")).get("config_files", []):
                wanted = host_directory / Path(entry["source"]).relative_to(inside)
                target = rootfs / Path(entry["dest"]).relative_to("/")
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(wanted, target)
                target.chmod(int(entry.get("perm", "0600"), 8))

    def _read(self, name: str) -> dict[str, Any]:
        path = self._directory / name.removeprefix("/") / "container.json"
        if not path.exists():
            raise EngineError(f"Error: No such object: {name}")
        container: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return container


def fill(template: str, values: Any) -> str:
    """Fill a Go template of the simple kinds: `{{.A.B}}`, `{{json .A}}`, `{{range .A}}{{println .}}{{end}}`.

    Raises EngineError for any other.
    """

    def ranged(match: re.Match[str]) -> str:
        return "".join(
            fill(match["body"].replace("{{println .}}", "{{.}}\n"), one) for one in _at(values, match["path"])
        )

    def plain(match: re.Match[str]) -> str:
        value = _at(values, match["path"])
        if match["json"]:
            return json.dumps(value)
        return str(value).lower() if isinstance(value, bool) else str(value)

    filled = TEMPLATE.sub(plain, RANGE.sub(ranged, template))
    if "{{" in filled:
        raise EngineError(f"the lab's docker cannot fill the template {template!r}")
    return filled


def _at(values: Any, path: str) -> Any:
    for key in filter(None, path.split(".")):
        if not isinstance(values, Mapping) or key not in values:
            raise EngineError(f'template parsing error: map has no entry for key "{key}"')
        values = values[key]
    return values


def _is_readable(path: Path) -> bool:
    """Say whether oslo.config could read a file: whether it is sections of options."""
    parser = configparser.ConfigParser(strict=False, interpolation=None, allow_no_value=True)
    try:
        parser.read_string(path.read_text(encoding="utf-8"))
    except configparser.Error:
        return False
    return True


def _now() -> str:
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f") + "Z"


def _inspect(engine: ContainerEngine, arguments: argparse.Namespace) -> int:
    found, code = [], 0
    for name in arguments.names:
        try:
            found.append(engine.inspect(name))
        except EngineError as error:
            sys.stderr.write(f"{error}\n")
            code = 1
    if arguments.format:
        sys.stdout.writelines(fill(arguments.format, one) + "\n" for one in found)
    else:
        sys.stdout.write(json.dumps(found, indent=4) + "\n")
    return code


def _ps(engine: ContainerEngine, arguments: argparse.Namespace) -> int:
    lines = [engine.summary(name) for name in engine.names()]
    for condition in arguments.filter:
        key, _unused, value = condition.partition("=")
        field = {"name": "Names", "status": "State"}.get(key)
        if field is None:
            raise EngineError(f"Error response from daemon: Invalid filter '{key}'")
        lines = [line for line in lines if re.search(value, line[field])]
    if not arguments.all:
        lines = [line for line in lines if line["State"] == "running"]
    if arguments.quiet:
        sys.stdout.writelines(f"{line['ID']}\n" for line in lines)
    elif arguments.format:
        sys.stdout.writelines(fill(arguments.format, line) + "\n" for line in lines)
    else:
        sys.stdout.write(f"{'CONTAINER ID':<14}{'IMAGE':<44}{'STATUS':<14}NAMES\n")
        sys.stdout.writelines(
            f"{line['ID']:<14}{line['Image']:<44}{line['Status']:<14}{line['Names']}\n" for line in lines
        )
    return 0


def _restart(engine: ContainerEngine, arguments: argparse.Namespace) -> int:
    for name in arguments.names:
        if name not in engine.names():
            raise EngineError(f"Error response from daemon: No such container: {name}")
        engine.restart(name)
        sys.stdout.write(f"{name}\n")
    return 0


def _stop(engine: ContainerEngine, arguments: argparse.Namespace) -> int:
    for name in arguments.names:
        engine.stop(name)
        sys.stdout.write(f"{name}\n")
    return 0


def _exec(engine: ContainerEngine, arguments: argparse.Namespace) -> int:
    if arguments.name not in engine.names():
        raise EngineError(f"Error: No such container: {arguments.name}")
    command = engine.enter_command(arguments.name, arguments.command)
    os.execvp(command[0], command)


def _version(_engine: ContainerEngine, _arguments: argparse.Namespace) -> int:
    sys.stdout.write(f"{VERSION}\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="docker", description=__doc__)
    parser.add_argument("--containers", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("-v", "--version", action="version", version=VERSION)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    inspect = commands.add_parser("inspect")
    inspect.add_argument("-f", "--format")
    inspect.add_argument("--type", choices=["container"])
    inspect.add_argument("names", nargs="+", metavar="NAME")
    inspect.set_defaults(run=_inspect)

    ps = commands.add_parser("ps")
    ps.add_argument("-a", "--all", action="store_true")
    ps.add_argument("-q", "--quiet", action="store_true")
    ps.add_argument("--no-trunc", action="store_true")
    ps.add_argument("-f", "--filter", action="append", default=[])
    ps.add_argument("--format")
    ps.set_defaults(run=_ps)

    restart = commands.add_parser("restart")
    restart.add_argument("-t", "--time", type=int)
    restart.add_argument("names", nargs="+", metavar="NAME")
    restart.set_defaults(run=_restart)

    stop = commands.add_parser("stop")
    stop.add_argument("names", nargs="+", metavar="NAME")
    stop.set_defaults(run=_stop)

    execute = commands.add_parser("exec")
    execute.add_argument("-i", "--interactive", action="store_true")
    execute.add_argument("-t", "--tty", action="store_true")
    execute.add_argument("-u", "--user", help="accepted; commands run as root")
    execute.add_argument("name", metavar="NAME")
    execute.add_argument("command", nargs=argparse.REMAINDER)
    execute.set_defaults(run=_exec)

    commands.add_parser("version").set_defaults(run=_version)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one docker command; return its exit status."""
    parsed = _parser().parse_args(arguments)
    try:
        status: int = parsed.run(ContainerEngine(parsed.containers), parsed)
    except EngineError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return status


if __name__ == "__main__":
    sys.exit(main())
