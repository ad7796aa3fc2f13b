# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A pytest fixture that runs the lab as a process of its own, on free ports, in a temporary directory.

In a conftest.py: `from lab.fixture import lab`. One lab serves all tests of a session; a test that minds what
earlier ones left begins with `lab.reset()`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

START_SECONDS = 120.0  # much more than a quiet machine needs, for those that have other work too
STOP_SECONDS = 10.0
TESTS = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Lab:
    """A lab that runs; `directory` holds known_hosts and the hosts' entry shells."""

    directory: Path
    contrail_url: str
    netconf_ports: dict[str, int]
    control_url: str
    pid: int
    keystone_url: str = ""
    local_admin_url: str = ""
    openstack: dict[str, str] = field(default_factory=dict)
    introspect: dict[str, Any] = field(default_factory=dict)

    @property
    def netconf_port(self) -> int:
        """The port of the first router, which is the only one of most sites."""
        return next(iter(self.netconf_ports.values()))

    @property
    def tls(self) -> Path:
        """The directory with `ca.pem` and `client.pem` of a lab that serves over TLS."""
        return self.directory / "tls"

    @property
    def known_hosts(self) -> Path:
        """The file with the routers' host keys."""
        return self.directory / "known_hosts"

    def shell(self, host: str) -> Path:
        """Return the entry shell of a lab host."""
        return self.directory / "hosts" / host / "sh"

    def reset(self) -> None:
        """Bring the lab back to its fresh state."""
        self.control("POST", "/reset")

    def keep(self, directory: Path) -> None:
        """Keep the whole state, hosts included, in a directory that is not there yet."""
        self.control("POST", "/keep", {"directory": str(directory)})

    def restore(self, directory: Path) -> None:
        """Let everything be as this lab, or another one with the same site, was when it was kept; without faults."""
        self.control("POST", "/restore", {"directory": str(directory)})

    def settle(self) -> None:
        """Let Contrail's daemons act on what was written so far."""
        self.control("POST", "/settle")

    def counters(self) -> dict[str, dict[str, int]]:
        """Return how often the servers were asked for what."""
        answer: dict[str, dict[str, int]] = self.control("GET", "/counters")
        return answer

    def state(self) -> dict[str, Any]:
        """Return all objects, the routers' configurations, and how the chains fare."""
        answer: dict[str, Any] = self.control("GET", "/state")
        return answer

    def set_faults(self, faults: Sequence[dict[str, Any]]) -> None:
        """Let these faults, and no others, wait for their requests."""
        self.control("DELETE", "/faults")
        self.control("POST", "/faults", list(faults))

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """Ask the control server. Raises urllib.error.HTTPError for a refusal."""
        request = urllib.request.Request(
            self.control_url + path, None if body is None else json.dumps(body).encode(), method=method
        )
        with urllib.request.urlopen(request, timeout=START_SECONDS) as response:
            return json.load(response)


@contextmanager
def running_lab(directory: Path, *arguments: str) -> Iterator[Lab]:
    """Run a lab on free ports in a directory until the block is left.

    Further command line arguments may be given. Raises RuntimeError with the lab's own words if it does not
    start.
    """
    command = [sys.executable, "-m", "lab", "--directory", str(directory), *arguments]
    for server in ("contrail", "netconf", "control", "keystone", "local-admin", "openstack"):
        command += [f"--{server}-port", "0"]
    command += ["--introspect-port-base", "0"]
    environment = {**os.environ, "PYTHONPATH": str(TESTS)}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield Lab(directory, **_wait_until_ready(directory / "ready.json", process))
        finally:
            process.terminate()
            try:
                process.wait(timeout=STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait_until_ready(file: Path, process: subprocess.Popen[str]) -> dict[str, Any]:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            said = process.stderr.read() if process.stderr else ""
            raise RuntimeError(f"the lab ended with status {process.returncode}: {said.strip()}")
        if file.exists() and (text := file.read_text(encoding="utf-8")).endswith("\n"):
            ready: dict[str, Any] = json.loads(text)
            return ready
        time.sleep(0.05)
    raise RuntimeError(f"the lab did not become ready within {START_SECONDS:.0f} s")


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A running lab with the default site."""
    with running_lab(tmp_path_factory.mktemp("lab")) as running:
        yield running
