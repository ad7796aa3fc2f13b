# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finding a port by its machine, its address or its uuid.

A virtual machine is an object whose name is what its orchestrator calls it; OpenStack takes the server's
uuid for it. Its display name may be another. Addresses may be used in several networks at a time; the
network of the interface, or the one given, says which is meant.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...codec.scope import Json, Value
from ...codec.values import FqName, joined
from ...kinds import INSTANCE_IP, PORT, VIRTUAL_MACHINE
from ...kinds.config import Task
from ..snapshot import Snapshot
from .composition import Composition, FailedSearch, targets


class PortSearch:
    """Finds the ports of one task; what it does not find is noted in ``result``."""

    def __init__(self, snapshot: Snapshot, task: Task, result: Composition) -> None:
        self._snapshot = snapshot
        self._task = task
        self._result = result

    def find(self, wanted: Value, network: str, path: str) -> FqName | None:
        """Return the name of a port from its canonical description, ``None`` while or where there is none.

        ``network`` is where the port should be, "" where that is not known.
        """
        if isinstance(wanted, str):
            return tuple(wanted.split(":"))
        network = wanted.get("network") or network
        if "uuid" in wanted:
            return self._by_uuid(wanted["uuid"], f"{path}.uuid")
        if "address" in wanted:
            return self._by_address(wanted["address"], network, f"{path}.address")
        return self._by_server(wanted["server"], network, f"{path}.server")

    def _by_uuid(self, uuid: str, path: str) -> FqName | None:
        ports = self._snapshot.find((PORT.kind, "uuid", uuid))
        if not ports:
            message = f"there is no {PORT.kind} with the uuid {uuid}"
            self._result.unfound.append(FailedSearch(path, message, uuid, PORT.kind, ("uuid",)))
            return None
        return tuple(ports[0]["fq_name"])

    def _by_address(self, address: str, network: str, path: str) -> FqName | None:
        holders = [
            stored
            for stored in self._snapshot.find((INSTANCE_IP.kind, "instance_ip_address", address))
            if not stored.get("service_instance_ip") and _is_in(stored, network)
        ]
        ports = list(dict.fromkeys(name for stored in holders for name in _ports(stored)))
        if not ports:
            where = f" in {network}" if network else ""
            message = f"no port has the address {address}{where}"
            fields = ("instance_ip_address",)
            self._result.unfound.append(FailedSearch(path, message, address, INSTANCE_IP.kind, fields, network))
            return None
        return self._only(ports, f"the address {address}", path)

    def _by_server(self, server: str, network: str, path: str) -> FqName | None:
        machine = self._machine(server, path)
        if machine is None:
            return None
        ports = {
            name: stored
            for name in targets(machine, "virtual_machine_interface_back_refs")
            if (stored := self._snapshot.look(PORT.kind, name)) is not None
        }
        fitting = [name for name, stored in ports.items() if _is_in(stored, network)]
        if fitting:
            return self._only(fitting, f"server {server}", path)
        where = f" in {network}" if network else ""
        has = ", ".join(f"{joined(name)}{_placed(stored)}" for name, stored in sorted(ports.items())) or "none at all"
        self._result.fault(path, f"server {server} has no port{where}; it has {has}")
        return None

    def _machine(self, server: str, path: str) -> Json:
        """Return the virtual machine of that name, else the one of that display name."""
        named = self._snapshot.look(VIRTUAL_MACHINE.kind, (server,))
        if named is not None:
            return named
        shown = self._snapshot.find((VIRTUAL_MACHINE.kind, "display_name", server))
        if len(shown) == 1:
            return shown[0]
        if shown:
            names = ", ".join(sorted(joined(machine["fq_name"]) for machine in shown))
            self._result.fault(path, f"{len(shown)} servers are called {server}: give one of {names}")
        elif not (self._task.check and (VIRTUAL_MACHINE.kind, (server,)) in self._task.planned):
            message = f"there is no {VIRTUAL_MACHINE.kind} {server}"
            fields = ("display_name", "fq_name")
            self._result.unfound.append(FailedSearch(path, message, server, VIRTUAL_MACHINE.kind, fields))
        return None

    def _only(self, ports: Sequence[FqName], whose: str, path: str) -> FqName | None:
        if len(ports) == 1:
            return ports[0]
        names = ", ".join(sorted(joined(port) for port in ports))
        self._result.fault(path, f"{whose} has {len(ports)} ports there: give one of {names} by name, or a network")
        return None


def _ports(instance_ip: Json) -> list[FqName]:
    return targets(instance_ip, "virtual_machine_interface_refs")


def _is_in(stored: Json, network: str) -> bool:
    """Tell whether a port or an address is in a network; "" is any."""
    return not network or network in [joined(name) for name in targets(stored, "virtual_network_refs")]


def _placed(port: Json) -> str:
    return "".join(f" in {joined(name)}" for name in targets(port, "virtual_network_refs"))
