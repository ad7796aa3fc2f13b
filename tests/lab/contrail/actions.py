# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the server can be asked besides reading and writing instances: lookups, references, collections."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pprint import pformat
from typing import Any, cast

from lab.contrail.errors import ApiError, unknown_id, unknown_name
from lab.contrail.schema import JsonDict, Kind
from lab.contrail.store import Operation, Store

Answer = JsonDict | None
Action = Callable[[Store, JsonDict], Answer]

ADVERTISED = (
    ("prop-collection-get", "prop-collection-get", "GET"),
    ("prop-collection-update", "prop-collection-update", "POST"),
    ("ref-update", "ref-update", "POST"),
    ("ref-relax-for-delete", "ref-relax-for-delete", "POST"),
    ("fqname-to-id", "name-to-id", "POST"),
    ("id-to-fqname", "id-to-name", "POST"),
    ("useragent-kv", "useragent-keyvalue", "POST"),
    ("db-check", "database-check", "POST"),
    ("fetch-records", "fetch-records", "POST"),
    ("start-profile", "start-profile", "POST"),
    ("stop-profile", "stop-profile", "POST"),
    ("list-bulk-collection", "list-bulk-collection", "POST"),
    ("obj-perms", "obj-perms", "GET"),
    ("chown", "chown", "POST"),
    ("chmod", "chmod", "POST"),
    ("aaa-mode", "aaa-mode", "PUT"),
    ("obj-cache", "obj-cache", "GET"),
    ("obj-cache", "obj-cache", "POST"),
    ("execute-job", "execute-job", "POST"),
    ("abort-job", "abort-job", "POST"),
    ("amqp-publish", "amqp-publish", "POST"),
    ("amqp-request", "amqp-request", "POST"),
    ("hbs-get", "hbs-get", "POST"),
    ("watch", "watch", "GET"),
    ("virtual-network/%s/ip-alloc", "virtual-network-ip-alloc", "POST"),
    ("virtual-network/%s/ip-free", "virtual-network-ip-free", "POST"),
    ("virtual-network/%s/subnet-ip-count", "virtual-network-subnet-ip-count", "POST"),
    ("set-tag", "set-tag", "POST"),
    ("security-policy-draft", "security-policy-draft", "POST"),
)
"""Path, name and method of every action that the home page names; the lab serves those in `ACTIONS`."""


def home_links(store: Store) -> Iterator[JsonDict]:
    """Yield the links of the home page, `href` without the server's address."""
    yield {
        "rel": "documentation",
        "href": "/documentation/index.html",
        "name": "documentation",
        "method": "GET",
    }
    yield {"rel": "root", "href": "/config-root", "name": "config-root", "method": None}
    for kind in store.schema.kinds.values():
        yield {"rel": "collection", "href": f"/{kind.collection_path}", "name": kind.name, "method": None}
    for kind in store.schema.kinds.values():
        yield {"rel": "resource-base", "href": f"/{kind.name}", "name": kind.name, "method": None}
    for path, name, method in ADVERTISED:
        yield {"rel": "action", "href": f"/{path}", "name": name, "method": method}


def missing_path(path: str) -> str:
    """Return what the server says about a path it does not have."""
    return "File does not exist." if path.startswith("/documentation/") else f"Not found: {path!r}"


def known_kind(store: Store, name: Any) -> Kind:
    """Return the kind a request names, with dashes or underscores. Raises ApiError 404."""
    try:
        return store.schema.kind(name)
    except (KeyError, AttributeError, TypeError) as error:
        raise ApiError(404, f"Resource type '{name}' not found") from error


def _name_to_id(store: Store, body: JsonDict) -> Answer:
    kind = known_kind(store, body.get("type"))
    uuid = store.uuid_of(kind.name, body["fq_name"])
    if uuid is None:
        raise unknown_name(pformat(body["fq_name"]))
    return {"uuid": uuid}


def _id_to_name(store: Store, body: JsonDict) -> Answer:
    stored = store.get(body["uuid"])
    if stored is None:
        raise ApiError(404, f"UUID {body['uuid']} not found")
    return {"fq_name": stored["fq_name"], "type": store.kind_of(body["uuid"]).name}


def _update_reference(store: Store, body: JsonDict) -> Answer:
    kind = known_kind(store, body.get("type"))
    uuid = body.get("uuid")
    target_kind = known_kind(store, (body.get("ref-type") or "").replace("_", "-") or None)
    operation = body.get("operation")
    if None in (uuid, operation):
        given = f"{kind.name}, {uuid}, {target_kind.name}, {operation}"
        raise ApiError(400, f"Bad Request: type/uuid/ref-type/operation is null: {given}.")
    operation = str(operation).upper()
    if operation not in ("ADD", "DELETE"):
        raise ApiError(400, f"Bad Request: operation should be add or delete: {operation}")
    target = body.get("ref-uuid") or _target_named(store, target_kind, body.get("ref-fq-name"))
    store.update_reference(str(uuid), target_kind.name, target, cast(Operation, operation), body.get("attr"))
    return {"uuid": uuid}


def _target_named(store: Store, kind: Kind, fq_name: Any) -> str:
    if not fq_name:
        raise ApiError(400, "Bad Request: ref-uuid or ref-fq-name must be specified")
    uuid = store.uuid_of(kind.name, fq_name)
    if uuid is None:
        raise unknown_name(pformat(fq_name))
    return uuid


def _relax_reference(store: Store, body: JsonDict) -> Answer:
    uuid, target = body.get("uuid"), body.get("ref-uuid")
    if uuid is None or target is None:
        raise ApiError(400, f"Bad Request: Both uuid and ref-uuid should be specified: {uuid}, {target}.")
    store.relax_reference(uuid, target)
    return {"uuid": uuid}


def _read_collection(store: Store, query: JsonDict) -> Answer:
    for name, complaint in (("uuid", "uuid"), ("fields", "fields")):
        if name not in query:
            raise ApiError(400, f"Object {complaint} needed for property collection get")
    uuid, fields = query["uuid"], query["fields"].split(",")
    if not store.has(uuid):
        raise ApiError(404, f"Object Not Found: {uuid}")
    for field in fields:
        if field not in store.kind_of(uuid).collections:
            raise ApiError(400, f'{field} neither "ListProperty" nor "MapProperty"')
    wanted = query.get("position")
    return {
        field: [[value, at] for at, value in store.collection_entries(uuid, field) if wanted in (None, at)]
        for field in fields
    }


def _update_collection(store: Store, body: JsonDict) -> Answer:
    uuid = body.get("uuid")
    if not uuid:
        raise ApiError(400, "Error: prop_collection_update needs obj_uuid")
    store.update_collection(uuid, body.get("updates") or [])
    return None


def _agent_value(store: Store, body: JsonDict) -> Answer:
    for name in ("operation", "key"):
        if body.get(name) is None:
            raise ApiError(400, f"Error: Key/value store API needs '{name}' parameter")
    operation, key = body["operation"], body["key"]
    if operation == "STORE":
        store.agent_values[key] = body.get("value", "")
    elif operation == "DELETE":
        store.agent_values.pop(key, None)
    elif operation != "RETRIEVE":
        raise ApiError(404, f"Invalid Operation {operation}")
    elif key not in store.agent_values:
        raise ApiError(404, f"Unknown User-Agent key {key}")
    else:
        return {"value": store.agent_values[key]}
    return None


def _permissions(store: Store, query: JsonDict) -> Answer:
    return {
        "token_info": None,
        "is_cloud_admin_role": False,
        "is_global_read_only_role": False,
        "permissions": "RWX",
    }


def _change_access(store: Store, body: JsonDict) -> Answer:
    """Change `perms2` of an object; a network that others may use counts as shared from then on."""
    uuid = body["uuid"]
    stored = store.get(uuid)
    if stored is None:
        raise unknown_id(uuid)
    given = {
        name: body[name] for name in ("owner", "owner_access", "share", "global_access") if body.get(name) is not None
    }
    changes: JsonDict = {"perms2": {**stored["perms2"], **given}}
    if "global_access" in given:
        changes["is_shared"] = given["global_access"] != 0
    store.replace(uuid, changes)
    return {}


ACTIONS: dict[tuple[str, str], Action] = {
    ("POST", "/fqname-to-id"): _name_to_id,
    ("POST", "/id-to-fqname"): _id_to_name,
    ("POST", "/ref-update"): _update_reference,
    ("POST", "/ref-relax-for-delete"): _relax_reference,
    ("GET", "/prop-collection-get"): _read_collection,
    ("POST", "/prop-collection-update"): _update_collection,
    ("POST", "/useragent-kv"): _agent_value,
    ("GET", "/obj-perms"): _permissions,
    ("POST", "/chmod"): _change_access,
}
BULK_LIST = ("POST", "/list-bulk-collection")
MODE = ("GET", "/aaa-mode")
"""The actions that the HTTP surface answers: a list, and what its gate is."""

PATHS = frozenset(path for _unused, path in (*ACTIONS, BULK_LIST, MODE))
