# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lab hosts: Linux namespaces with an address and an /etc of their own, entered through a shell script.

A host is a small child process that keeps user, network, mount and UTS namespaces alive. It ends when the lab
does, whatever way the lab ends, because it reads a pipe from it.
"""

from __future__ import annotations

import os
import select
import shlex
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import yaml

from lab.core.site import Host
from lab.hosts.container_engine import ContainerEngine

BOOT = Path(__file__).with_name("boot.sh")
ENGINE_SCRIPT = Path(__file__).with_name("container_engine.py")
NEEDED = {
    "unshare": "util-linux",
    "nsenter": "util-linux",
    "mount": "mount",
    "ip": "iproute2",
    "hostname": "hostname",
}
NAMESPACES = ("--user", "--net", "--mount", "--uts")
OWN_DIRECTORIES = (  # in /etc, so that files can be made there though the real ones belong to the real root
    "network/interfaces.d",
    "netplan",
    "sysctl.d",
    "sysconfig/network-scripts",
    "systemd/network",
    "systemd/system",
    "NetworkManager/system-connections",
    "NetworkManager/dispatcher.d",
)
BOOT_SECONDS = 20.0
KEPT_DIRECTORIES = ("etc", "containers")
KEPT_SETTINGS = r"^net\.ipv[46]\.(ip_forward$|conf\..*\.(forwarding|rp_filter|accept_ra)$)"
KEPT_STATE = {  # what a host has in memory: file, the command that writes it, the command that reads it again
    "routes4": ("ip -4 route save table main", "ip -4 route restore"),
    "routes6": ("ip -6 route save table main", "ip -6 route restore"),
    # The first of these settings sets others, so it comes first.
    "run": ("tar -C /run -c .", "tar -C /run -x"),
    "settings": (f"sysctl -e -a -r '{KEPT_SETTINGS}' 2>/dev/null | sort -r", "sysctl -e -q -p -"),
}
REFUSED = (
    "no lab hosts: this machine refuses user namespaces ({reason}); allow them "
    "(sysctl kernel.unprivileged_userns_clone=1, kernel.apparmor_restrict_unprivileged_userns=0, "
    "user.max_user_namespaces above 0, or for a "
    "container --security-opt seccomp=unconfined --security-opt apparmor=unconfined), or start the lab with "
    "--no-hosts"
)

ENTRY = """\
#!/bin/sh
# The shell of lab host {name}, for ansible_connection: local with ansible_shell_executable: this file.
read -r pid network 2>/dev/null < {pid} && [ "$(readlink "/proc/$pid/ns/net")" = "$network" ] ||
  {{ echo "lab host {name} is not running" >&2; exit 1; }}
PATH={bin}:$PATH HOME={home} exec nsenter --preserve-credentials --user --net --mount --uts --target "$pid" \\
  /bin/sh -c 'cd "$0" 2>/dev/null || cd /; exec /bin/sh "$@"' "$PWD" "$@"
"""


class HostError(RuntimeError):
    """A lab host cannot be had; the message says why, and what to do, in one line."""


def check_commands(which: Callable[[str], str | None] = shutil.which) -> None:
    """Raise HostError if a command that hosts need is missing."""
    missing = [f"{command} (package {package})" for command, package in NEEDED.items() if not which(command)]
    if missing:
        raise HostError(f"no lab hosts: missing {', '.join(missing)}; install them, or start the lab with --no-hosts")


class LabHost:
    """One host. All it has lies in `directory`: etc/, home/, bin/, containers/, and `sh`, its entry."""

    def __init__(self, host: Host, directory: Path) -> None:
        self.host = host
        self.directory = directory.absolute()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def entry(self) -> Path:
        """The shell that runs commands inside the host."""
        return self.directory / "sh"

    def start(self) -> None:
        """Begin to make the host afresh: nothing of an earlier life remains."""
        self._lay_out()
        self._boot()

    def _boot(self) -> None:
        settings = [f"{key}={value}" for key, value in self.host.sysctl.items()]
        self._process = subprocess.Popen(
            [
                "unshare",
                "--map-root-user",
                *NAMESPACES,
                "/bin/sh",
                str(BOOT),
                str(self.directory),
                self.host.name,
                *(f"{name}={address}" for name, address in self.host.interfaces.items()),
                *(["--", *settings] if settings else []),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for the lab, which then ends its hosts
        )

    def await_ready(self) -> None:
        """Wait until the host that was started can be entered. Raises HostError."""
        if self._process is None or not _says_ready(self._process):
            reason = self._last_words()
            self.stop()
            raise HostError(reason)
        network = Path(f"/proc/{self._process.pid}/ns/net").readlink()  # so that nobody enters a successor of the pid
        (self.directory / "pid").write_text(f"{self._process.pid} {network}\n")

    def stop(self) -> None:
        """End the host's process and with it its namespaces; its files stay to be looked at."""
        (self.directory / "pid").unlink(missing_ok=True)
        if self._process is None:
            return
        if self._process.stdin:
            self._process.stdin.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for stream in (self._process.stdout, self._process.stderr):
            if stream:
                stream.close()
        self._process = None

    def keep(self, directory: Path) -> None:
        """Copy what the host has written, its routes and its settings into a directory. Raises HostError."""
        directory.mkdir(parents=True)
        for name in KEPT_DIRECTORIES:
            shutil.copytree(self.directory / name, directory / name, symlinks=True)
        for name, (write, _read) in self._state.items():
            (directory / name).write_bytes(self._inside(write))

    def put_back(self, directory: Path) -> None:
        """Let the host, which has stopped, be as `keep` has found it, and run. Raises HostError."""
        self._lay_out()
        for name in KEPT_DIRECTORIES:
            shutil.rmtree(self.directory / name)
            shutil.copytree(directory / name, self.directory / name, symlinks=True)
        self._boot()
        self.await_ready()
        for name, (_write, read) in self._state.items():
            self._inside(read, directory / name)

    @property
    def _state(self) -> dict[str, tuple[str, str]]:
        """How to keep what the host has in memory; a lab below /run has its hosts use that of the machine (boot.sh)."""
        shared = {"run"} if self.directory.is_relative_to("/run") else set()
        return {name: both for name, both in KEPT_STATE.items() if name not in shared}

    def _inside(self, command: str, given: Path = Path(os.devnull)) -> bytes:
        """Run a shell's command inside the host, with a file as its input; return what it prints. Raises HostError."""
        with given.open("rb") as stdin:  # a file, for ip seeks in what it restores
            done = subprocess.run([self.entry, "-c", command], stdin=stdin, capture_output=True, check=False)
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip()
            raise HostError(f"lab host {self.host.name}: {command} ended with status {done.returncode}: {said}")
        return done.stdout

    def _lay_out(self) -> None:
        """Make the host's directory."""
        _remove(self.directory)
        etc = self.directory / "etc"
        for name in OWN_DIRECTORIES:
            (etc / name).mkdir(parents=True)
        for name in ("home", "bin", "containers", "work"):
            (self.directory / name).mkdir()
        (etc / "hostname").write_text(f"{self.host.name}\n")
        (etc / "hosts").write_text(f"127.0.0.1 localhost\n127.0.1.1 {self.host.name}\n")
        if self.host.etc:
            shutil.copytree(self.host.etc, etc, dirs_exist_ok=True)
        if self.host.containers:
            self._create_containers(self.host.containers)
        quoted = {name: shlex.quote(str(self.directory / name)) for name in ("pid", "bin", "home")}
        _write_script(self.entry, ENTRY.format(name=self.host.name, **quoted))

    def _create_containers(self, definitions: Path) -> None:
        containers = self.directory / "containers"
        engine = ContainerEngine(containers, self.directory / "etc")
        for name, definition in yaml.safe_load(definitions.read_text(encoding="utf-8")).items():
            engine.create(name, definition)
        command = shlex.join([sys.executable, str(ENGINE_SCRIPT), "--containers", str(containers)])
        _write_script(self.directory / "bin" / "docker", f'#!/bin/sh\nexec {command} "$@"\n')

    def _last_words(self) -> str:
        """Return why the host did not come up, in one line with the cure."""
        process = self._process
        if process is None or process.stderr is None:
            return f"lab host {self.host.name} did not start"
        if process.poll() is None:
            process.kill()
        said = process.stderr.read().decode(errors="replace").strip().splitlines() or ["no reason given"]
        if any(line.startswith("unshare:") for line in said):
            return REFUSED.format(reason=said[0])
        return f"lab host {self.host.name} did not start: {said[-1]}; to do without, use --no-hosts"


class LabHosts:
    """All hosts of a site, in a directory of their own."""

    def __init__(self, hosts: Iterable[Host], directory: Path) -> None:
        self._hosts = [LabHost(host, directory / host.name) for host in hosts]

    @property
    def names(self) -> list[str]:
        """The hosts' names."""
        return [one.host.name for one in self._hosts]

    def start(self) -> None:
        """Start all hosts afresh. Raises HostError; then none is left running."""
        if self._hosts:
            check_commands()
        try:
            for one in self._hosts:
                one.start()
            for one in self._hosts:
                one.await_ready()
        except HostError:
            self.stop()
            raise

    def stop(self) -> None:
        """End all hosts."""
        for one in self._hosts:
            one.stop()

    def restart(self) -> None:
        """End all hosts and make them afresh."""
        self.stop()
        self.start()

    def keep(self, directory: Path) -> None:
        """Keep how all hosts are in a directory that is not there yet. Raises HostError."""
        directory.mkdir(parents=True)
        for one in self._hosts:
            one.keep(directory / one.host.name)

    def put_back(self, directory: Path) -> None:
        """Let all hosts be as `keep` has found those of this site, be it in another lab. Raises HostError."""
        self.stop()
        for one in self._hosts:
            one.put_back(directory / one.host.name)


def _says_ready(process: subprocess.Popen[bytes]) -> bool:
    if process.stdout is None:
        return False
    readable, _unused, _unused = select.select([process.stdout], [], [], BOOT_SECONDS)
    return bool(readable) and process.stdout.readline().strip() == b"ready"


def _write_script(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


def _remove(directory: Path) -> None:
    """Delete a directory tree, also the closed directories that overlays leave behind."""
    if not directory.exists():
        return
    for root, names, _files in os.walk(directory):
        for name in names:
            path = Path(root, name)
            if not path.is_symlink():
                path.chmod(stat.S_IRWXU)
    shutil.rmtree(directory)
