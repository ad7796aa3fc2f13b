# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A router of the lab for tests of the router modules, which run inside the test's process over real SSH."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.model.statement import Statement
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.session import xml
from jnpr.junos import Device
from lab.core.faults import Faults
from lab.core.routes import RouteTable
from lab.junos.running import INITIAL, PASSWORD, USER, Running, running
from lxml import etree
from support.module_run import ModuleFailedError, run_module


@dataclass
class Bed:
    """A router that listens, and the options to reach it."""

    served: Running
    faults: Faults
    known_hosts: Path

    @property
    def connection(self) -> dict[str, Any]:
        """The connection options of the modules."""
        return {
            "host": "127.0.0.1",
            "port": self.served.port,
            "user": USER,
            "password": PASSWORD,
            "known_hosts_file": str(self.known_hosts),
        }

    def run(self, module: str, *, check: bool = False, **options: Any) -> dict[str, Any]:
        """Run a module in diff mode and return its result; raises ModuleFailedError."""
        return run_module(module, {**self.connection, **options}, check=check)

    def refused(self, module: str, *, check: bool = False, **options: Any) -> str:
        """Run a module that must fail, and return its message, which must be one line without the password."""
        try:
            result = self.run(module, check=check, **options)
        except ModuleFailedError as error:
            message = str(error.result["msg"])
            assert "\n" not in message
            assert options.get("password", PASSWORD) not in message
            return message
        raise AssertionError(f"{module} did not fail: {result}")

    def prove(self, module: str, **options: Any) -> None:
        """Change the router by a module, in check mode, for real, and twice again, which must change nothing."""
        before, commits = self.committed, self.counted("commits")
        checked = self.run(module, check=True, **options)
        assert checked["changed"]
        assert self.committed == before
        assert self.counted("commits") == commits
        done = self.run(module, **options)
        assert done["changed"]
        assert done["diff"] == checked["diff"]
        assert done["after"] == checked["after"]
        assert self.counted("commits") == commits + 1
        locks = self.counted("locks")
        for check in (True, False):
            again = self.run(module, check=check, **options)
            assert not again["changed"]
            assert "diff" not in again
            assert again["before"] == again["after"] == done["after"]
        assert self.counted("commits") == commits + 1
        assert self.counted("locks") == locks

    @property
    def committed(self) -> Statement:
        """The router's running configuration."""
        text = self.served.ask(lambda: etree.tostring(self.served.router.committed))
        assert isinstance(text, bytes)
        return xml.parse_configuration(text)

    def counted(self, name: str) -> int:
        """Return one of the router's counters since the last reset: sessions, rpcs, locks, commits."""
        return self.served.counters.get(name, 0)

    def reset(self) -> None:
        """Bring the router back to the fresh state and forget counters and faults."""
        self.served.ask(self.served.router.reset)
        self.served.router.marks_pending = True
        self.served.ask(self.served.counters.clear)
        self.faults.clear()

    @contextmanager
    def somebody(self) -> Iterator[Device]:
        """Open a session of somebody else."""
        device = Device(host="127.0.0.1", port=self.served.port, user=USER, passwd=PASSWORD, look_for_keys=False)
        device.open(gather_facts=False)
        try:
            yield device
        finally:
            device.close()

    @property
    def is_locked(self) -> bool:
        """Whether anybody holds the configuration lock."""
        return self.served.router.locked_by is not None


@contextmanager
def bed(directory: Path, tables: list[RouteTable], *, initial: str = INITIAL) -> Iterator[Bed]:
    """Serve a fresh router until the block ends."""
    faults = Faults()
    with running(lambda: tables, initial=initial, faults=faults) as served:
        known_hosts = directory / "known_hosts"
        known_hosts.write_text(served.known_hosts)
        yield Bed(served, faults, known_hosts)
