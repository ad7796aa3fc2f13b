# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Boots and deletes servers with their ports, by the modules of the collection ``openstack.cloud``."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import import_module
from typing import Any

from ansible_collections.opencontrail.service_chain.plugins.module_utils.hosts.cloud_init import cloud_config
from ansible_collections.opencontrail.service_chain.plugins.module_utils.openstack.servers import (
    OWNER,
    ServerStates,
    connection_of,
    machine_states,
    networks_to_read,
    owner_mark,
    plan_machines,
    plan_removal,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values.faults import IntentError
from ansible_collections.opencontrail.service_chain.plugins.plugin_utils.steps import StepError, StepsAction

Entry = Mapping[str, Any]
Found = dict[str, list[dict[str, Any]]]

SHORTEST_INTERVAL = 0.1
CLIENTS_DIFFER = "has no attribute 'version'"
"""What openstack.cloud says where it does not know the openstacksdk that is installed."""


PORT: Mapping[str, Mapping[str, Any]] = {
    "name": {"type": "str", "required": True},
    "network": {"type": "str", "required": True},
    "address": {"type": "str"},
    "security_groups": {"type": "list", "elements": "str"},
    "port_security": {"type": "bool"},
}
SERVER: Mapping[str, Mapping[str, Any]] = {
    "name": {"type": "str", "required": True},
    "image": {"type": "str", "required": True},
    "flavor": {"type": "str", "required": True},
    "ports": {"type": "list", "elements": "dict", "required": True, "options": PORT},
    "user_data": {"type": "str"},
    "routes": {"type": "list", "elements": "dict"},
    "forwarding": {"type": "list", "elements": "str", "choices": ["ipv4", "ipv6"]},
    "key_name": {"type": "str"},
    "availability_zone": {"type": "str"},
    "config_drive": {"type": "bool"},
}


class ActionModule(StepsAction):
    """See the module's documentation."""

    SPEC: Mapping[str, Mapping[str, Any]] = {
        "servers": {"type": "list", "elements": "dict", "required": True, "options": SERVER},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "cloud": {"type": "raw", "required": True},
        "owner": {"type": "str", "default": ""},
        "planned": {"type": "list", "elements": "str", "default": []},
        "timeout": {"type": "float", "default": 300},
        "interval": {"type": "float", "default": 3},
    }

    def steps(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """Read what OpenStack has, plan, and do it."""
        if not options["cloud"]:
            raise StepError(
                "cloud (service_machines_cloud): is needed to boot servers; give an entry of a clouds.yaml, or the name"
                " of one"
            )
        try:
            import_module("ansible_collections.openstack.cloud")
        except ImportError:
            raise StepError(
                "booting servers takes the collection openstack.cloud and the Python package openstacksdk on the"
                " control node; install them (ansible-galaxy collection install openstack.cloud; pip install"
                " openstacksdk), or leave the list of servers empty"
            ) from None
        self._asked = options
        self._cloud = connection_of(options["cloud"])
        return self._create() if options["state"] == "present" else self._delete()

    # --- creating ---

    def _create(self) -> dict[str, Any]:
        servers = self._asked["servers"]
        found = self._found() | {
            "images": self._list("image", "images", "list the images"),
            "flavors": self._list("compute_flavor", "flavors", "list the flavors"),
        }
        plan = plan_machines(servers, found, self._asked["planned"] if self._task.check_mode else ())
        if plan["problems"]:
            raise StepError("\n".join(plan["problems"]))
        for port in plan["ports"]:
            self._change(f"create port {port['name']}", "port", _port(port, self._asked["owner"]))
        for server in plan["servers"]:
            self._change(f"boot server {server['name']}", "server", _server(server, self._asked["owner"]))
        if not self._task.check_mode:
            self._wait_until_running(plan["names"], [] if plan["servers"] else found["servers"])
        return {"created": _names(plan["ports"], plan["servers"])}

    def _wait_until_running(self, names: Sequence[str], known: Sequence[Entry]) -> None:
        """Wait until the servers run; ``known`` is what was read of them, empty where that is not true any more."""
        state: ServerStates | None = machine_states(names, known) if known else None
        if state is None or not state["settled"]:
            state = self._poll(lambda servers: machine_states(names, servers), lambda found: found["settled"])
        if state["problems"]:
            raise StepError("\n".join(state["problems"]))
        if not state["settled"]:
            raise StepError(
                f"{', '.join(state['waiting'])}: still on the way after {self._asked['timeout']:g} s; wait for"
                " OpenStack and run again, or raise timeout (service_machines_timeout)"
            )

    # --- deleting ---

    def _delete(self) -> dict[str, Any]:
        plan = plan_removal(self._asked["servers"], self._found(), self._asked["owner"])
        for line in plan["kept"]:
            self.show(line)
        for server in plan["servers"]:
            options = {"name": server["id"], "state": "absent", "wait": False}
            self._change(f"delete server {server['name']}", "server", options)
        if plan["servers"] and not self._task.check_mode:
            self._wait_until_gone(plan["servers"])
        for port in plan["ports"]:
            self._change(f"delete port {port['name']}", "port", {"name": port["id"], "state": "absent"})
        return {"deleted": _names(plan["ports"], plan["servers"]), "kept": plan["kept"]}

    def _wait_until_gone(self, going: Sequence[Entry]) -> None:
        def left(servers: Sequence[Entry]) -> list[str]:
            there = {one["id"] for one in servers}
            return [one["name"] for one in going if one["id"] in there]

        names = self._poll(left, lambda found: not found)
        if names:
            raise StepError(
                f"server {', '.join(names)} still stands after {self._asked['timeout']:g} s; see why OpenStack does"
                " not delete it, then run again"
            )

    # --- OpenStack ---

    def _found(self) -> Found:
        networks = self._list("networks", "networks", "list the networks")
        ports = [
            port
            for network in networks_to_read(self._asked["servers"], networks)
            for port in self._list("port", "ports", "list the ports", filters={"network_id": network})
        ]
        return {"networks": networks, "ports": ports, "servers": self._servers()}

    def _servers(self) -> list[dict[str, Any]]:
        return self._list("server", "servers", "list the servers")

    def _poll(self, judge: Callable[[Sequence[Entry]], Any], is_over: Callable[[Any], bool]) -> Any:
        """Return what is judged of the servers when that is over, or the time is."""
        ends = time.monotonic() + self._asked["timeout"]
        while True:
            found = judge(self._servers())
            if is_over(found) or time.monotonic() >= ends:
                return found
            time.sleep(max(self._asked["interval"], SHORTEST_INTERVAL))

    def _list(self, kind: str, key: str, purpose: str, **options: Any) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = self._cloud_module(f"{kind}_info", options, purpose)[key]
        return listed

    def _change(self, purpose: str, name: str, options: Mapping[str, Any]) -> None:
        """Create or delete something; in check mode it is only shown."""
        self.show(purpose)
        self._changed = True
        self._differences.append({"prepared": f"{purpose}\n"})
        if not self._task.check_mode:
            self._cloud_module(name, options, purpose)

    def _cloud_module(self, name: str, options: Mapping[str, Any], purpose: str) -> dict[str, Any]:
        given = {"cloud": self._cloud, **options}
        # The modules of openstack.cloud would write `cloud`, with its password, to the log of the control node.
        shown, self._task.no_log = self._task.no_log, True
        try:
            return self._module(f"openstack.cloud.{name}", given, purpose)
        except StepError as error:
            cure = (
                "; openstack.cloud before 2.6.0 works with openstacksdk before 4.15 only: upgrade the one or take an"
                " older other"
            )
            raise StepError(f"{error}{cure if CLIENTS_DIFFER in str(error) else ''}") from None
        finally:
            self._task.no_log = shown


def _port(port: Entry, owner: str) -> dict[str, Any]:
    options = {
        "name": port["name"],
        "network": port["network_id"],
        "fixed_ips": port["fixed_ips"],
        "security_groups": port["security_groups"] or None,
        "no_security_groups": port["security_groups"] == [],
        "port_security_enabled": port["port_security"],
        "description": owner_mark(owner) or None,
    }
    return {name: value for name, value in options.items() if value is not None}


def _server(server: Entry, owner: str) -> dict[str, Any]:
    options = {
        "name": server["name"],
        "image": server["image"],
        "flavor": server["flavor"],
        "nics": [{"port-name": port} for port in server["ports"]],
        "userdata": _user_data(server),
        "key_name": server.get("key_name"),
        "availability_zone": server.get("availability_zone"),
        "config_drive": server.get("config_drive"),
        "metadata": {OWNER: owner} if owner else None,
        "auto_ip": False,
        "wait": False,
    }
    return {name: value for name, value in options.items() if value is not None}


def _user_data(server: Entry) -> str | None:
    routes, forwarding = server.get("routes") or [], server.get("forwarding") or []
    if server.get("user_data") or not (routes or forwarding):
        return server.get("user_data") or None
    try:
        return cloud_config(routes, forwarding=forwarding)
    except IntentError as error:
        raise StepError(f"server {server['name']}: {error}") from None


def _names(ports: Iterable[Entry], servers: Iterable[Entry]) -> list[str]:
    return [*(f"port {one['name']}" for one in ports), *(f"server {one['name']}" for one in servers)]
