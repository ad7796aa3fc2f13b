# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is to be done in an OpenStack so that servers and their ports stand, or are gone: plans, nothing more.

Servers are those of the role ``service_machines``; what OpenStack has is as the info modules of the collection
``openstack.cloud`` give it: ``{images, flavors, networks, ports, servers}``, each a list of mappings.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypedDict

from ..values.hints import nearest
from ..values.plain_text import visible

Entry = Mapping[str, Any]

OWNER = "service_chain.owner"
"""The key of a server's metadata, and the word in a port's description, that say who made it."""

RUNNING = "ACTIVE"
ON_THE_WAY = frozenset({"BUILD"})
SETTINGS: Final = ("key_name", "availability_zone", "config_drive", "user_data", "routes", "forwarding")


class NewPort(TypedDict):
    """A port to make; ``network_id`` is null while its network does not stand."""

    name: str
    network: str
    network_id: str | None
    fixed_ips: list[dict[str, str]] | None
    security_groups: list[str] | None
    port_security: bool | None


class NewServer(TypedDict, total=False):
    """A server to boot, by the ids of image and flavor and the names of its ports, with its settings."""

    name: str
    image: str | None
    flavor: str | None
    ports: list[str]
    key_name: str
    availability_zone: str
    config_drive: bool
    user_data: str
    routes: Sequence[Entry]
    forwarding: Sequence[str]


class ServersPlan(TypedDict):
    """The plan that makes servers; with ``problems``, a line each, nothing may be done.

    ``names`` are those of all that must run in the end.
    """

    problems: list[str]
    ports: list[NewPort]
    servers: list[NewServer]
    names: list[str]


class Named(TypedDict):
    """Something that stands."""

    name: str
    id: str


class ServersRemoval(TypedDict):
    """The plan that deletes servers and ports; ``kept`` says what stays, a line each."""

    servers: list[Named]
    ports: list[Named]
    kept: list[str]


class ServerStates(TypedDict):
    """The progress of servers: ``settled`` when waiting no longer helps; ``problems``, a line each."""

    settled: bool
    waiting: list[str]
    problems: list[str]


def owner_mark(owner: str) -> str:
    """Return the description of ports that we make for ``owner``."""
    return f"{OWNER}={owner}" if owner else ""


def connection_of(cloud: str | Mapping[str, Any]) -> str | Entry:
    """Return what modules of ``openstack.cloud`` take as ``cloud``: the name of an entry of a clouds.yaml, or an entry.

    The secrets of an entry are in there and not in the modules' ``auth``, where Ansible would mask its words (such as
    ``admin``) in the names that are read.
    """
    if isinstance(cloud, str):
        return cloud
    auth = dict(cloud.get("auth") or {})
    if "username" in auth and not any("domain" in key for key in auth):
        auth = {"user_domain_name": "Default", "project_domain_name": "Default", **auth}
    kind = "v3applicationcredential" if "application_credential_secret" in auth else "password"
    authority = cloud.get("ca_cert", cloud.get("cacert", ""))
    return {
        "auth": auth,
        "auth_type": cloud.get("auth_type", kind),
        "verify": cloud.get("validate_certs", cloud.get("verify", True)),
        **({"cacert": authority} if authority else {}),
        **{key: cloud[key] for key in ("region_name", "interface") if key in cloud},
    }


def networks_to_read(servers: Sequence[Entry], networks: Sequence[Entry]) -> list[str]:
    """Return the ids of the networks of servers: ports are read by network, for a cloud may have very many."""
    wanted = {port["network"] for server in servers for port in server["ports"]}
    return [str(one["id"]) for one in networks if one["name"] in wanted or one["id"] in wanted]


def plan_machines(
    servers: Sequence[Entry], found: Mapping[str, Sequence[Entry]], planned: Iterable[str] = ()
) -> ServersPlan:
    """Return what makes ``servers`` stand.

    :param planned: names of networks that an earlier step of the same run makes; only a check runs before they stand.
    """
    plan = _Plan(found, frozenset(planned))
    for server in servers:
        plan.add(server)
    return {
        "problems": visible(plan.problems),
        "ports": plan.ports,
        "servers": plan.servers,
        "names": [server["name"] for server in servers],
    }


def plan_removal(servers: Sequence[Entry], found: Mapping[str, Sequence[Entry]], owner: str) -> ServersRemoval:
    """Return what takes ``servers`` and their ports away: ``servers`` and ``ports``, each ``{name, id}``, and ``kept``.

    With an owner only what carries its mark goes; what else stands is told in ``kept``, a line each.
    """
    removal: ServersRemoval = {"servers": [], "ports": [], "kept": []}
    ours: set[str] = set()
    for server in servers:
        for one in _named(found.get("servers", ()), server["name"]):
            if owner and (one.get("metadata") or {}).get(OWNER) != owner:
                removal["kept"].append(f"server {one['name']} was not made for {owner}")
                continue
            ours.add(one["id"])
            removal["servers"].append({"name": one["name"], "id": one["id"]})
    for port in (port for server in servers for port in server["ports"]):
        for one in _named(found.get("ports", ()), port["name"]):
            if owner and one.get("description") != owner_mark(owner):
                removal["kept"].append(f"port {one['name']} was not made for {owner}")
            elif one.get("device_id") and one["device_id"] not in ours:
                removal["kept"].append(f"port {one['name']} belongs to device {one['device_id']}")
            else:
                removal["ports"].append({"name": one["name"], "id": one["id"]})
    return {**removal, "kept": visible(removal["kept"])}


def machine_states(names: Sequence[str], servers: Sequence[Entry]) -> ServerStates:
    """Return how far servers have come: ``settled`` when waiting no longer helps, and ``problems``, a line each."""
    problems: list[str] = []
    waiting: list[str] = []
    for name in names:
        status = next((str(one["status"]) for one in _named(servers, name)), "not there")
        if status in ON_THE_WAY:
            waiting.append(name)
        elif status != RUNNING:
            problems += [_not_running(name, one) for one in _named(servers, name)] or [f"server {name}: is gone"]
    return {"settled": bool(problems) or not waiting, "waiting": waiting, "problems": visible(problems)}


class _Plan:
    def __init__(self, found: Mapping[str, Sequence[Entry]], planned: frozenset[str]) -> None:
        self._found = found
        self._planned = planned
        self.problems: list[str] = []
        self.ports: list[NewPort] = []
        self.servers: list[NewServer] = []

    def add(self, server: Entry) -> None:
        """Take a server into the plan."""
        name = server["name"]
        standing = _named(self._found.get("servers", ()), name)
        image, flavor = (self._one(f"{kind}s", server[kind], kind, name) for kind in ("image", "flavor"))
        if len(standing) > 1:
            self.problems.append(
                f"server {name}: there are {len(standing)} of that name in the project; remove or rename"
            )
            return
        if standing and standing[0]["status"] not in {RUNNING, *ON_THE_WAY}:
            self.problems.append(_not_running(name, standing[0]))
        identifier = standing[0]["id"] if standing else None
        for port in server["ports"]:
            self._add_port(port, name, identifier)
        if not standing:
            ports = [port["name"] for port in server["ports"]]
            made: NewServer = {"name": name, "image": image, "flavor": flavor, "ports": ports}
            for key in SETTINGS:
                if server.get(key) is not None:
                    made[key] = server[key]
            self.servers.append(made)

    def _add_port(self, port: Entry, server: str, identifier: str | None) -> None:
        here = f"server {server}: port {port['name']}"
        network = self._network(port["network"], here)
        standing = _named(self._found.get("ports", ()), port["name"])
        if len(standing) > 1:
            self.problems.append(f"{here}: there are {len(standing)} of that name; remove or rename all but one")
        elif standing:
            self.problems += [f"{here}: {reason}" for reason in _misfits(port, standing[0], network, identifier)]
        elif identifier is not None:
            self.problems.append(f"{here}: does not exist, but the server does; attach one, or delete the server")
        else:
            self.ports.append(
                {
                    "name": port["name"],
                    "network": port["network"],
                    "network_id": network,
                    "fixed_ips": [{"ip_address": port["address"]}] if port.get("address") else None,
                    "security_groups": port.get("security_groups"),
                    "port_security": port.get("port_security"),
                }
            )

    def _network(self, wanted: str, here: str) -> str | None:
        """Return the id of a network; none for one that is still to be made."""
        there = self._found.get("networks", ())
        fitting = _named(there, wanted) or [one for one in there if one["id"] == wanted]
        if len(fitting) == 1:
            return str(fitting[0]["id"])
        if fitting:
            reason = "OpenStack's user sees several of that name; use one who sees those of one project"
            self.problems.append(f"{here}: network '{wanted}': {reason}")
        elif wanted not in self._planned:
            near = nearest(wanted, {str(one["name"]) for one in there})
            self.problems.append(f"{here}: no network '{wanted}' that OpenStack's user sees{near}")
        return None

    def _one(self, kind: str, wanted: str, word: str, server: str) -> str | None:
        there = self._found.get(kind, ())
        fitting = [one for one in there if one["id"] == wanted] or _named(there, wanted)
        if len(fitting) == 1:
            return str(fitting[0]["id"])
        if fitting:
            self.problems.append(f"server {server}: there are {len(fitting)} {kind} called '{wanted}'; give the id")
        else:
            near = nearest(wanted, {str(one["name"]) for one in there})
            self.problems.append(f"server {server}: no {word} '{wanted}'{near}")
        return None


def _named(entries: Sequence[Entry], name: str) -> list[Entry]:
    return [one for one in entries if one["name"] == name]


def _misfits(port: Entry, standing: Entry, network: str | None, server: str | None) -> Iterator[str]:
    """Tell why a port that stands is not the one that is wanted."""
    if network is not None and standing["network_id"] != network:
        yield f"is in another network than {port['network']}; delete it, or give another name"
    addresses = [str(one["ip_address"]) for one in standing.get("fixed_ips") or ()]
    if port.get("address") and port["address"] not in addresses:
        yield f"has {', '.join(addresses) or 'no address'}, not {port['address']}, and keeps it; delete it first"
    device = standing.get("device_id") or None
    if device is not None and device != server:
        yield f"belongs to device {device} already"
    if device is None and server is not None:
        yield "is not attached to the server, which stands; attach it, or delete the server"


def _not_running(name: str, server: Entry) -> str:
    """Tell of a server that does not run, with what Nova says about it."""
    reason = (server.get("fault") or {}).get("message")
    cure = "delete it and run again" if server["status"] == "ERROR" else "start it, or delete it and run again"
    return f"server {name}: is {server['status']}{': ' + json.dumps(reason) if reason else ''}; {cure}"
