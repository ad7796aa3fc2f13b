# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nova's HTTP surface, version 2.1 with microversions, under /compute.

| GET /compute/, /compute/v2.1/                   | the versions there are                                       |
| GET /os-services, PUT /os-services/{what}       | services; what: enable, disable, disable-log-reason, or a uuid |
| GET /flavors, /flavors/detail, /flavors/{id}    | flavors                                                      |
| GET /os-keypairs, /os-keypairs/{name}           | key pairs                                                    |
| GET, POST /servers, GET /servers/detail         | servers                                                      |
| GET, PUT, DELETE /servers/{id}                  | a server; also /os-security-groups, /tags, /metadata below it |
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from lab.contrail.access import Caller
from lab.openstack.cloud import Cloud
from lab.openstack.compute import ComputeError, Server, Service, bad_request
from lab.openstack.data import Flavor
from lab.openstack.ports import NetworkError

JsonDict = dict[str, Any]
OLDEST = (2, 1)
CALLER = web.RequestKey("caller", Caller)
MICROVERSION = web.RequestKey("microversion", tuple[int, int])
UUIDS_SINCE, EMBEDDED_FLAVOR_SINCE, TAGS_SINCE, DESCRIPTION_SINCE = (2, 53), (2, 47), (2, 26), (2, 19)
FORCED_DOWN_SINCE = (2, 11)
LONGEST_REASON = 255
HEADER = "OpenStack-API-Version"
LEGACY_HEADER = "X-OpenStack-Nova-API-Version"


def compute_app(cloud: Cloud) -> web.Application:
    """Return the application that serves a cloud's Nova."""
    nova = _Nova(cloud)
    app = web.Application(middlewares=[nova.negotiate])
    base = "/v2.1"
    app.add_routes(
        [
            web.get("/", nova.versions),
            web.get(f"{base}/", nova.version),
            web.get(f"{base}/os-services", nova.services),
            web.put(f"{base}/os-services/{{what}}", nova.set_service),
            web.get(f"{base}/flavors", nova.flavors),
            web.get(f"{base}/flavors/detail", nova.flavors),
            web.get(f"{base}/flavors/{{id}}", nova.flavor),
            web.get(f"{base}/flavors/{{id}}/os-extra_specs", nova.extra_specs),
            web.get(f"{base}/os-keypairs", nova.key_pairs),
            web.get(f"{base}/os-keypairs/{{name}}", nova.key_pair),
            web.get(f"{base}/servers", nova.servers),
            web.get(f"{base}/servers/detail", nova.servers),
            web.post(f"{base}/servers", nova.boot),
            web.get(f"{base}/servers/{{id}}", nova.server),
            web.put(f"{base}/servers/{{id}}", nova.update),
            web.delete(f"{base}/servers/{{id}}", nova.delete),
            web.get(f"{base}/servers/{{id}}/os-security-groups", nova.security_groups),
            web.get(f"{base}/servers/{{id}}/os-interface", nova.interfaces),
            web.get(f"{base}/servers/{{id}}/tags", nova.tags),
            web.put(f"{base}/servers/{{id}}/tags", nova.set_tags),
            web.post(f"{base}/servers/{{id}}/metadata", nova.set_metadata),
        ]
    )
    return app


class _Nova:
    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._compute = cloud.compute

    @web.middleware
    async def negotiate(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """Find out the microversion, put refusals into Nova's words, and name the version in the answer."""
        try:
            request[MICROVERSION] = self._asked_version(request)
            response = await handler(request)
        except ComputeError as error:
            response = _error(error.status, error.kind, error.message)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            response = _error(400, "badRequest", f"Malformed request body: {error!r}")
        version = _written(request.get(MICROVERSION, OLDEST))
        response.headers[HEADER] = f"compute {version}"
        response.headers[LEGACY_HEADER] = version
        response.headers["Vary"] = f"{HEADER}, {LEGACY_HEADER}"
        return response

    def _asked_version(self, request: web.Request) -> tuple[int, int]:
        service, _space, text = request.headers.get(HEADER, "").partition(" ")
        asked = text if service == "compute" else request.headers.get(LEGACY_HEADER, "")
        newest = self._cloud.data.microversion
        if asked == "latest":
            return newest
        if not asked:
            return OLDEST
        if not re.fullmatch(r"\d+\.\d+", asked):
            reason = f"API Version String {asked} is of invalid format. Must be of format MajorNum.MinorNum."
            raise bad_request(reason)
        major, minor = asked.split(".")
        version = int(major), int(minor)
        if not OLDEST <= version <= newest:
            reason = f"Version {asked} is not supported by the API. Minimum is {_written(OLDEST)} and maximum is"
            raise ComputeError(406, "computeFault", f"{reason} {_written(newest)}.")
        return version

    # Versions

    async def versions(self, request: web.Request) -> web.Response:
        return web.json_response({"versions": [self._shown_version(request)]})

    async def version(self, request: web.Request) -> web.Response:
        return web.json_response({"version": self._shown_version(request)})

    def _shown_version(self, request: web.Request) -> JsonDict:
        return {
            "id": "v2.1",
            "status": "CURRENT",
            "version": _written(self._cloud.data.microversion),
            "min_version": _written(OLDEST),
            "updated": "2013-07-23T11:33:21Z",
            "links": [{"rel": "self", "href": f"{request.url.origin()}/compute/v2.1/"}],
        }

    # Services

    async def services(self, request: web.Request) -> web.Response:
        _check_admin(request, "os_compute_api:os-services:list")
        found = [one for one in self._compute.services() if _named(one, request)]
        return web.json_response({"services": [self._shown_service(one, request[MICROVERSION]) for one in found]})

    async def set_service(self, request: web.Request) -> web.Response:
        _check_admin(request, "os_compute_api:os-services:update")
        body = await request.json()
        what = request.match_info["what"]
        if request[MICROVERSION] >= UUIDS_SINCE:
            return self._set_by_uuid(request, what, body)
        if what not in ("enable", "disable", "disable-log-reason"):
            raise ComputeError(404, "itemNotFound", "Unknown action")
        disabled = what != "enable"
        reason = _reason(body["disabled_reason"]) if what == "disable-log-reason" else None
        host, binary = body["host"], body["binary"]
        found = next((one for one in self._compute.services() if (one.host, one.binary) == (host, binary)), None)
        if found is None:
            raise ComputeError(404, "itemNotFound", f"Could not find binary {binary} on host {host}.")
        self._compute.set_service(found, disabled=disabled, reason=reason)
        answer = {"host": host, "binary": binary, "status": "disabled" if disabled else "enabled"}
        return web.json_response({"service": answer | ({"disabled_reason": reason} if reason else {})})

    def _set_by_uuid(self, request: web.Request, identifier: str, body: JsonDict) -> web.Response:
        found = next((one for one in self._compute.services() if one.identifier == identifier), None)
        if found is None:
            raise ComputeError(404, "itemNotFound", f"Service {identifier} not found.")
        disabled = {"enabled": False, "disabled": True}[body["status"]]
        given = body.get("disabled_reason")
        if given is not None and not disabled:
            raise bad_request("Specifying 'disabled_reason' when status is 'enabled' is invalid.")
        reason = None if given is None else _reason(given)
        changed = self._compute.set_service(found, disabled=disabled, reason=reason)
        return web.json_response({"service": self._shown_service(changed, request[MICROVERSION])})

    def _shown_service(self, service: Service, version: tuple[int, int]) -> JsonDict:
        state, updated = self._compute.reported(service)
        shown: JsonDict = {
            "id": service.identifier if version >= UUIDS_SINCE else service.number,
            "binary": service.binary,
            "host": service.host,
            "zone": service.zone,
            "status": "disabled" if service.disabled else "enabled",
            "state": state,
            "updated_at": updated,
            "disabled_reason": service.reason,
        }
        return shown | ({"forced_down": False} if version >= FORCED_DOWN_SINCE else {})

    # Flavors and key pairs

    async def flavors(self, request: web.Request) -> web.Response:
        shown = [_shown_flavor(one, request) for one in self._cloud.data.flavors.values()]
        if not request.path.endswith("/detail"):
            shown = [{key: one[key] for key in ("id", "name", "links")} for one in shown]
        return web.json_response({"flavors": shown})

    async def flavor(self, request: web.Request) -> web.Response:
        return web.json_response({"flavor": _shown_flavor(self._flavor(request), request)})

    async def extra_specs(self, request: web.Request) -> web.Response:
        self._flavor(request)
        return web.json_response({"extra_specs": {}})

    def _flavor(self, request: web.Request) -> Flavor:
        found = self._compute.flavor(request.match_info["id"])
        if found is None:
            raise ComputeError(404, "itemNotFound", f"Flavor {request.match_info['id']} could not be found.")
        return found

    async def key_pairs(self, _request: web.Request) -> web.Response:
        return web.json_response({"keypairs": [{"keypair": _key_pair(one)} for one in self._cloud.data.key_pairs]})

    async def key_pair(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in self._cloud.data.key_pairs:
            raise ComputeError(404, "itemNotFound", f"Keypair {name} not found for user {request[CALLER].user}")
        return web.json_response({"keypair": _key_pair(name)})

    # Servers

    async def servers(self, request: web.Request) -> web.Response:
        caller = request[CALLER]
        everywhere = caller.is_admin and request.query.get("all_tenants") in ("1", "True", "true")
        found = [one for one in self._compute.servers() if everywhere or one.project == caller.project_id]
        if "name" in request.query:
            found = [one for one in found if re.search(request.query["name"], one.name)]
        shown = [self._shown_server(one, request) for one in found]
        if "status" in request.query:
            shown = [one for one in shown if one["status"] == request.query["status"].upper()]
        if not request.path.endswith("/detail"):
            shown = [{key: one[key] for key in ("id", "name", "links")} for one in shown]
        return web.json_response({"servers": shown})

    async def boot(self, request: web.Request) -> web.Response:
        asked = (await request.json())["server"]
        caller = request[CALLER]
        server = self._compute.boot(caller.project_id, caller.user, asked)
        shown = self._shown_server(server, request)
        answer = {key: shown[key] for key in ("id", "links", "OS-DCF:diskConfig", "security_groups")}
        return web.json_response({"server": {**answer, "adminPass": "not-told-twice"}}, status=202)

    async def server(self, request: web.Request) -> web.Response:
        return web.json_response({"server": self._shown_server(self._found(request), request)})

    async def update(self, request: web.Request) -> web.Response:
        asked = (await request.json())["server"]
        names = {"name", "description"} & asked.keys()
        changed = self._compute.change(self._found(request).identifier, **{name: asked[name] for name in names})
        return web.json_response({"server": self._shown_server(changed, request)})

    async def delete(self, request: web.Request) -> web.Response:
        self._compute.delete(self._found(request).identifier)
        return web.Response(status=204)

    async def security_groups(self, request: web.Request) -> web.Response:
        groups = {group["id"]: group for group in self._cloud.ports.security_groups()}
        used = {one for port in self._ports_of(self._found(request)) for one in port["security_groups"]}
        return web.json_response({"security_groups": [groups[one] | {"rules": []} for one in sorted(used)]})

    async def interfaces(self, request: web.Request) -> web.Response:
        shown = [
            {
                "port_id": port["id"],
                "net_id": port["network_id"],
                "mac_addr": port["mac_address"],
                "port_state": port["status"],
                "fixed_ips": port["fixed_ips"],
            }
            for port in self._ports_of(self._found(request))
        ]
        return web.json_response({"interfaceAttachments": shown})

    async def tags(self, request: web.Request) -> web.Response:
        return web.json_response({"tags": list(self._found(request).tags)})

    async def set_tags(self, request: web.Request) -> web.Response:
        tags = (await request.json())["tags"]
        self._compute.change(self._found(request).identifier, tags=tuple(tags))
        return web.json_response({"tags": tags})

    async def set_metadata(self, request: web.Request) -> web.Response:
        server = self._found(request)
        metadata = {**server.metadata, **(await request.json())["metadata"]}
        self._compute.change(server.identifier, metadata=metadata)
        return web.json_response({"metadata": metadata})

    def _found(self, request: web.Request) -> Server:
        server = self._compute.server(request.match_info["id"])
        caller = request[CALLER]
        if not caller.is_admin and caller.project_id != server.project:
            raise ComputeError(404, "itemNotFound", f"Instance {server.identifier} could not be found.")
        return server

    def _ports_of(self, server: Server) -> list[JsonDict]:
        """Return the ports of a server in their order; those that were deleted meanwhile are left out."""
        found = []
        for identifier in server.ports:
            try:
                found.append(self._cloud.ports.port(identifier))
            except NetworkError:
                continue
        return found

    def _shown_server(self, server: Server, request: web.Request) -> JsonDict:
        status, task = self._compute.status(server)
        version = request[MICROVERSION]
        groups = {group["id"]: group["name"] for group in self._cloud.ports.security_groups()}
        ports = self._ports_of(server) if server.host else []
        used = {groups[one] for port in ports for one in port["security_groups"]}
        link = f"{request.url.origin()}/compute/v2.1/servers/{server.identifier}"
        shown: JsonDict = {
            "id": server.identifier,
            "name": server.name,
            "status": status,
            "tenant_id": server.project,
            "user_id": server.user,
            "created": server.created,
            "updated": server.created,
            "hostId": server.host,
            "image": {"id": server.image, "links": []},
            "flavor": self._shown_server_flavor(server, version, request),
            "addresses": self._addresses(ports),
            "accessIPv4": "",
            "accessIPv6": "",
            "key_name": server.key_pair,
            "config_drive": "True" if server.config_drive else "",
            "metadata": dict(server.metadata),
            "security_groups": [{"name": name} for name in sorted(used)],
            "links": [{"rel": "self", "href": link}],
            "progress": 100 if status == "ACTIVE" else 0,
            "OS-DCF:diskConfig": "MANUAL",
            "OS-EXT-AZ:availability_zone": "nova" if server.host else "",
            "OS-EXT-STS:vm_state": {"ACTIVE": "active", "BUILD": "building"}.get(status, "error"),
            "OS-EXT-STS:task_state": task,
            "OS-EXT-STS:power_state": 1 if status == "ACTIVE" else 0,
            "OS-SRV-USG:launched_at": server.created if status == "ACTIVE" else None,
            "OS-SRV-USG:terminated_at": None,
            "os-extended-volumes:volumes_attached": [],
        }
        if server.fault:
            shown["fault"] = {"code": 500, "created": server.created, "message": server.fault}
        if request[CALLER].is_admin:
            shown["OS-EXT-SRV-ATTR:host"] = server.host or None
            shown["OS-EXT-SRV-ATTR:hypervisor_hostname"] = server.host or None
            shown["OS-EXT-SRV-ATTR:instance_name"] = f"instance-{server.identifier[:8]}"
            shown |= {"OS-EXT-SRV-ATTR:user_data": server.user_data} if version >= (2, 3) else {}
        shown |= {"description": server.description} if version >= DESCRIPTION_SINCE else {}
        return shown | ({"tags": list(server.tags)} if version >= TAGS_SINCE else {})

    def _shown_server_flavor(self, server: Server, version: tuple[int, int], request: web.Request) -> JsonDict:
        flavor = self._compute.flavor(server.flavor)
        if flavor is None or version < EMBEDDED_FLAVOR_SINCE:
            return {"id": server.flavor, "links": []}
        shown = _shown_flavor(flavor, request)
        names = {"ram": "ram", "disk": "disk", "vcpus": "vcpus", "name": "original_name", "swap": "swap"}
        return {names[key]: shown[key] for key in names} | {"ephemeral": 0, "extra_specs": {}}

    def _addresses(self, ports: list[JsonDict]) -> dict[str, list[JsonDict]]:
        names = {network["id"]: network["name"] for network in self._cloud.ports.networks()}
        addresses: dict[str, list[JsonDict]] = {}
        for port in ports:
            for fixed in port["fixed_ips"]:
                entry = {
                    "addr": fixed["ip_address"],
                    "version": 6 if ":" in fixed["ip_address"] else 4,
                    "OS-EXT-IPS:type": "fixed",
                    "OS-EXT-IPS-MAC:mac_addr": port["mac_address"],
                }
                addresses.setdefault(names[port["network_id"]], []).append(entry)
        return addresses


def _named(service: Service, request: web.Request) -> bool:
    query = request.query
    return query.get("host", service.host) == service.host and query.get("binary", service.binary) == service.binary


def _reason(text: Any) -> str:
    if not isinstance(text, str) or not 0 < len(text.strip()) <= LONGEST_REASON:
        raise bad_request("Invalid input for field/attribute disabled_reason.")
    return text


def _check_admin(request: web.Request, rule: str) -> None:
    if not request[CALLER].is_admin:
        raise ComputeError(403, "forbidden", f"Policy doesn't allow {rule} to be performed.")


def _shown_flavor(flavor: Flavor, request: web.Request) -> JsonDict:
    link = f"{request.url.origin()}/compute/v2.1/flavors/{flavor.identifier}"
    return {
        "id": flavor.identifier,
        "name": flavor.name,
        "vcpus": flavor.vcpus,
        "ram": flavor.ram,
        "disk": flavor.disk,
        "swap": "",
        "rxtx_factor": 1.0,
        "OS-FLV-DISABLED:disabled": False,
        "OS-FLV-EXT-DATA:ephemeral": 0,
        "os-flavor-access:is_public": True,
        "links": [{"rel": "self", "href": link}],
    }


def _key_pair(name: str) -> JsonDict:
    return {"name": name, "fingerprint": "", "public_key": ""}


def _written(version: tuple[int, int]) -> str:
    return f"{version[0]}.{version[1]}"


def _error(status: int, kind: str, message: str) -> web.Response:
    return web.json_response({kind: {"code": status, "message": message}}, status=status)
