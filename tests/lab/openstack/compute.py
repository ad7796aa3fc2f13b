# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nova's state: the compute service of each node, and the servers."""

from __future__ import annotations

import base64
import binascii
import re
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta, timezone
from typing import Any

from lab.openstack.data import Flavor, OpenStackData
from lab.openstack.ports import NetworkError, Ports

JsonDict = dict[str, Any]
COMPUTE = "nova-compute"
BUILD_SECONDS = 0.5  # from the request to ACTIVE
DELETE_SECONDS = 0.2  # from the request until the server is gone
HEARTBEAT_SECONDS = 1  # how often a service says that it lives
MISSED_SECONDS = 60  # how long ago a service that is down has said so for the last time


class ComputeError(Exception):
    """What Nova refuses; `kind` is the outer key of its answer."""

    def __init__(self, status: int, kind: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind
        self.message = message


@dataclass(frozen=True)
class Service:
    """A service of Nova. `number` is its id up to microversion 2.52, `identifier` from then on."""

    number: int
    identifier: str
    binary: str
    host: str
    zone: str
    disabled: bool = False
    reason: str | None = None


@dataclass(frozen=True)
class Server:
    """A virtual machine. `asked` and `gone` are seconds of the clock: when it was ordered, and when deleted."""

    identifier: str
    name: str
    project: str
    user: str
    image: str
    flavor: str
    ports: tuple[str, ...]
    own_ports: tuple[str, ...]
    host: str
    asked: float
    created: str
    user_data: str | None = None
    key_pair: str | None = None
    config_drive: bool = False
    metadata: Mapping[str, str] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    description: str | None = None
    fault: str = ""
    gone: float | None = None


class Compute:
    """Nova over a Neutron. `is_down` says of a service whether it has stopped to report."""

    def __init__(
        self,
        data: OpenStackData,
        nodes: Iterable[str],
        ports: Ports,
        clock: Callable[[], float],
        is_down: Callable[[Service], bool],
    ) -> None:
        self.data = data
        self._nodes = tuple(nodes)
        self._ports = ports
        self._clock = clock
        self._is_down = is_down
        self._servers: dict[str, Server] = {}
        self.reset()

    # Services

    def services(self) -> list[Service]:
        """Return all services, in the order of their numbers."""
        return list(self._services.values())

    def reported(self, service: Service) -> tuple[str, str]:
        """Return the state of a service, up or down, and when it has reported last, as Nova writes it."""
        down = self._is_down(service)
        now = datetime.now(timezone.utc)
        since = MISSED_SECONDS if down else now.timestamp() % HEARTBEAT_SECONDS
        return "down" if down else "up", stamp(now - timedelta(seconds=since), "T%H:%M:%S.000000")

    def set_service(self, service: Service, *, disabled: bool, reason: str | None) -> Service:
        """Enable or disable a service, and return it."""
        changed = replace(service, disabled=disabled, reason=reason)
        self._services[service.identifier] = changed
        return changed

    # Servers

    def servers(self) -> list[Server]:
        """Return the servers that are not gone, newest first."""
        now = self._clock()
        self._servers = {
            key: one for key, one in self._servers.items() if one.gone is None or now < one.gone + DELETE_SECONDS
        }
        return sorted(self._servers.values(), key=lambda one: one.asked, reverse=True)

    def server(self, identifier: str) -> Server:
        """Return a server. Raises ComputeError 404."""
        found = next((one for one in self.servers() if one.identifier == identifier), None)
        if found is None:
            raise ComputeError(404, "itemNotFound", f"Instance {identifier} could not be found.")
        return found

    def status(self, server: Server) -> tuple[str, str | None]:
        """Return the status of a server, and the task that it is in."""
        if server.gone is not None:
            return self._settled(server), "deleting"
        if server.fault:
            return "ERROR", None
        return ("ACTIVE", None) if self._clock() >= server.asked + BUILD_SECONDS else ("BUILD", "spawning")

    def _settled(self, server: Server) -> str:
        return "ERROR" if server.fault else "ACTIVE"

    def boot(self, project: str, user: str, asked: Mapping[str, Any]) -> Server:
        """Order a server and return it. Raises ComputeError for what cannot be."""
        image, flavor = self._image(asked), self._flavor(asked)
        _check_user_data(asked.get("user_data"))
        if asked.get("key_name") and asked["key_name"] not in self.data.key_pairs:
            raise bad_request("Invalid key_name provided.")
        identifier = str(uuid.uuid4())
        given, made = self._interfaces(project, asked.get("networks"))
        host = next((one.host for one in self.services() if one.binary == COMPUTE and self._takes_servers(one)), "")
        server = Server(
            identifier=identifier,
            name=str(asked["name"]),
            project=project,
            user=user,
            image=image,
            flavor=flavor.identifier,
            ports=tuple(given),
            own_ports=tuple(made),
            host=host,
            asked=self._clock(),
            created=stamp(datetime.now(timezone.utc), "T%H:%M:%SZ"),
            user_data=asked.get("user_data"),
            key_pair=asked.get("key_name"),
            config_drive=bool(asked.get("config_drive")),
            metadata=dict(asked.get("metadata") or {}),
            tags=tuple(asked.get("tags") or ()),
            description=asked.get("description"),
            fault="" if host else "No valid host was found. There are not enough hosts available.",
        )
        if host:
            for port in given:
                binding = {"device_id": identifier, "device_owner": "compute:nova", "binding:host_id": host}
                self._ports.update(port, binding)
        self._servers[identifier] = server
        return server

    def delete(self, identifier: str) -> None:
        """Delete a server: it frees the ports that were given to it, and deletes those that were made for it."""
        server = self.server(identifier)
        known = {port["id"] for port in self._ports.ports()}
        for port in server.ports:
            if port in server.own_ports and port in known:
                self._ports.delete(port)
            elif port in known:
                self._ports.update(port, {"device_id": "", "device_owner": "", "binding:host_id": ""})
        self._servers[identifier] = replace(server, gone=server.gone or self._clock())

    def change(self, identifier: str, **values: Any) -> Server:
        """Change name, description, metadata or tags of a server, and return it."""
        changed = replace(self.server(identifier), **values)
        self._servers[identifier] = changed
        return changed

    def flavor(self, reference: str) -> Flavor | None:
        """Return the flavor of that id, None if there is none."""
        return next((one for one in self.data.flavors.values() if one.identifier == reference), None)

    # Keeping

    def reset(self) -> None:
        """Go back to the start: services enabled, no servers."""
        self._servers.clear()
        binaries = [("nova-conductor", "controller", "internal"), ("nova-scheduler", "controller", "internal")]
        binaries += [(COMPUTE, node, "nova") for node in self._nodes]
        services = [
            Service(number, str(uuid.uuid5(uuid.NAMESPACE_DNS, f"{binary}.{host}")), binary, host, zone)
            for number, (binary, host, zone) in enumerate(binaries, 1)
        ]
        self._services = {one.identifier: one for one in services}

    def dump(self) -> JsonDict:
        """Return what a restart must not lose."""
        return {
            "services": [asdict(one) for one in self.services()],
            "servers": [asdict(one) for one in self.servers() if one.gone is None],
        }

    def restore(self, dump: Mapping[str, Any]) -> None:
        """Go on from what `dump` returned; the servers have long been ready."""
        self._services = {one["identifier"]: Service(**one) for one in dump["services"]}
        lists = ("ports", "own_ports", "tags")
        servers = [{**one, **{key: tuple(one[key]) for key in lists}, "asked": 0.0} for one in dump["servers"]]
        self._servers = {one["identifier"]: Server(**one) for one in servers}

    # Parts of the above

    def _takes_servers(self, service: Service) -> bool:
        return not service.disabled and not self._is_down(service)

    def _image(self, asked: Mapping[str, Any]) -> str:
        image = str(asked.get("imageRef") or "")
        if image not in self.data.images.values():
            raise bad_request("Can not find requested image")
        return image

    def _flavor(self, asked: Mapping[str, Any]) -> Flavor:
        reference = str(asked.get("flavorRef")).rpartition("/")[2]
        flavor = self.flavor(reference)
        if flavor is None:
            raise bad_request(f"Flavor {reference} could not be found.")
        return flavor

    def _interfaces(self, project: str, asked: Any) -> tuple[list[str], list[str]]:
        """Return the ports of a new server in order, and those of them that were made for it."""
        given: list[str] = []
        made: list[str] = []
        if not isinstance(asked, list):
            raise bad_request("Invalid input for field/attribute networks: this Nova wants networks one by one.")
        try:
            for one in asked:
                if one.get("port"):
                    port = self._ports.port(str(one["port"]))
                    if port["device_id"] or port["id"] in given:
                        raise ComputeError(409, "conflictingRequest", f"Port {port['id']} is still in use.")
                else:
                    port = self._ports.create(project, {"network_id": one.get("uuid")})
                    made.append(port["id"])
                given.append(port["id"])
        except NetworkError as error:
            raise bad_request(error.message) from error
        return given, made


def bad_request(message: str) -> ComputeError:
    """Return Nova's refusal of a request that makes no sense."""
    return ComputeError(400, "badRequest", message)


def stamp(moment: datetime, form: str) -> str:
    """Write a moment as Nova does, the time of day in the given form."""
    return moment.strftime("%Y-%m-%d" + form)


def _check_user_data(user_data: Any) -> None:
    """Refuse user data that is not Base64. Raises ComputeError 400."""
    if user_data is None:
        return
    try:
        base64.b64decode(re.sub(r"\s", "", user_data), validate=True)
    except (TypeError, ValueError, binascii.Error) as error:
        raise bad_request(f"Invalid input for field/attribute user_data. Value: {user_data}.") from error
