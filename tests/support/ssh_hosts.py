# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Linux hosts in namespaces of this machine, reached over SSH: each has its interfaces, processes, /run and /etc.

Of a host only /etc outlives :meth:`SshHost.reboot`, as on a real one. Its sshd is started for each connection, by ssh's
ProxyCommand, so that no port is taken anywhere. Takes root.
"""

from __future__ import annotations

import os
import select
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

BOOT = """\
set -eu
mount -t tmpfs tmpfs /run
mkdir -p /run/sshd /run/network /run/dbus
mount -t overlay overlay -o "lowerdir=/etc,upperdir=$1/etc,workdir=$1/work" /etc
mount -t tmpfs tmpfs /var/lib/NetworkManager 2>/dev/null || :
mount -t sysfs -o ro sysfs /sys
hostname "$2"
ip link set lo up
for interface in eth0 eth1; do
  ip link add "$interface" type veth peer name "peer-$interface"
  ip link set "peer-$interface" up
done
"""
BOOT_SECONDS = 30.0
SSHD = """\
HostKey {home}/host_key
AuthorizedKeysFile {home}/key.pub
PermitRootLogin yes
StrictModes no
UsePAM no
PidFile none
Subsystem sftp internal-sftp
"""


def obstacle(*commands: str) -> str:
    """Say why there can be no such hosts here, or none with these commands; empty when nothing stands against them."""
    if os.geteuid() != 0:
        return "hosts in namespaces of their own take root"
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
    needed = ("unshare", "nsenter", "ip", "ssh-keygen", "sshd", *commands)
    missing = [command for command in needed if not shutil.which(command, path=path)]
    return f"this machine has no {', '.join(missing)}" if missing else ""


class SshHost:
    """One host. ``files`` are put into its /etc when it is made; ``start`` is what its boot does to its network."""

    def __init__(self, name: str, home: Path, files: Mapping[str, str], start: str) -> None:
        self.name = name
        self.home = home
        self._start = start
        self._process: subprocess.Popen[bytes] | None = None
        for directory in ("etc", "work"):
            (home / directory).mkdir(parents=True)
        for path, content in files.items():
            target = home / "etc" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(content)
            target.chmod(0o600 if "netplan" in path or path.endswith(".nmconnection") else 0o644)
        for key in ("key", "host_key"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", home / key], check=True)
        (home / "sshd_config").write_text(SSHD.format(home=home))
        (home / "known_hosts").write_text(f"{name} {(home / 'host_key.pub').read_text()}")

    def boot(self) -> None:
        """Start the host with what is in its /etc. Raises RuntimeError with what its boot said."""
        script = f"{BOOT}{self._start}\necho ready\nexec cat >/dev/null\n"
        self._process = subprocess.Popen(
            [
                "unshare", "--net", "--mount", "--uts", "--pid", "--fork", "--kill-child", "--mount-proc",
                "/bin/sh", "-c", script, "boot", str(self.home), self.name,
            ],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=(self.home / "boot.log").open("wb"),
        )  # fmt: skip
        stdout = self._process.stdout
        if stdout is None or not select.select([stdout], [], [], BOOT_SECONDS)[0] or stdout.readline() != b"ready\n":
            self.end()
            raise RuntimeError(f"{self.name} did not boot: {(self.home / 'boot.log').read_text()[-2000:]}")

    def end(self) -> None:
        """End everything that runs in the host."""
        if self._process is None:
            return
        self._process.kill()  # its child is the host's first process, which goes with it, and all others with that
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream:
                stream.close()
        self._process = None

    def reboot(self) -> None:
        """End the host and start it again."""
        self.end()
        self.boot()

    @property
    def enter(self) -> list[str]:
        """The command line that runs a further command in the host."""
        if self._process is None:
            raise RuntimeError(f"{self.name} does not run")
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
        return ["nsenter", "--target", children[0], "--net", "--mount", "--uts", "--pid"]

    def run(self, command: str) -> str:
        """Run a shell command in the host; return what it printed. Raises CalledProcessError."""
        done = subprocess.run([*self.enter, "/bin/sh", "-c", command], check=True, stdout=subprocess.PIPE, text=True)
        return done.stdout

    def routes(self) -> set[str]:
        """Return the routes through a next hop, as ``PREFIX via NEXT_HOP dev INTERFACE``."""
        shown = self.run("ip -4 route show; ip -6 route show").splitlines()
        return {" ".join(line.split()[:5]) for line in shown if " via " in line}

    def files(self) -> dict[str, tuple[str, str]]:
        """Return mode and content of each file that the host has of its own in /etc."""
        etc = self.home / "etc"
        return {
            str(path.relative_to(etc)): (f"{path.stat().st_mode & 0o7777:04o}", path.read_text(errors="replace"))
            for path in sorted(etc.rglob("*"))
            if path.is_file() and not path.is_symlink()
        }

    def inventory(self) -> dict[str, Any]:
        """Return the variables by which Ansible reaches the host."""
        server = shlex.join([*self.enter, "/usr/sbin/sshd", "-i", "-f", str(self.home / "sshd_config")])
        options = {
            "ProxyCommand": server,
            "UserKnownHostsFile": str(self.home / "known_hosts"),
            "HostKeyAlias": self.name,
            "StrictHostKeyChecking": "yes",
            "IdentityFile": str(self.home / "key"),
            "IdentitiesOnly": "yes",
        }
        return {
            "ansible_host": self.name,
            "ansible_user": "root",
            "ansible_python_interpreter": sys.executable,
            "ansible_ssh_common_args": " ".join(
                ["-F none", *(f"-o {shlex.quote(f'{key}={value}')}" for key, value in options.items())]
            ),
        }
