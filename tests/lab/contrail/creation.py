# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the server makes of the body of a create request before the rules of its kind see it.

All functions change the body they are given, and raise `ApiError` as the server refuses.
"""

from __future__ import annotations

import uuid as uuids
from pprint import pformat

from lab.contrail import identity
from lab.contrail.database import Database
from lab.contrail.errors import ApiError
from lab.contrail.schema import ROOT, JsonDict, Kind, Schema

INVALID_CHARACTERS = frozenset(":")


def check_name(new: JsonDict, *, allowed: str) -> None:
    """Refuse a body without name (400), or with a character in it that names may not have (400)."""
    if not new.get("fq_name"):
        raise ApiError(400, "Bad Request, no fq_name in POST body")
    invalid = set(INVALID_CHARACTERS.difference(allowed))
    if invalid.intersection(new["fq_name"][-1]):
        raise ApiError(400, f"Bad Request, name has one of invalid chars {invalid}")


def complete_identity(database: Database, declared: Kind, new: JsonDict) -> None:
    """Check name, parent type and uuid, and add permissions and a display name.

    Raises ApiError 409 for a name or uuid in use, 400 for a parent type or uuid that cannot be, 404 for a
    parent that is not there.
    """
    fq_name = new["fq_name"]
    existing = database.find(declared.name, fq_name)
    if existing is not None:
        raise ApiError(409, f"{pformat(fq_name)} already exists with uuid: {existing}")
    _check_parent_type(declared, new)
    new["id_perms"] = identity.created_id_perms(new.get("id_perms"))
    given = new.get("perms2") if isinstance(new.get("perms2"), dict) else {}
    new["perms2"] = {**identity.default_perms2(_owner(database, declared, new)), **(given or {})}
    if new.get("display_name") is None:
        new["display_name"] = fq_name[-1]
    _check_uuid(database, new.get("uuid"))


def resolve_parent(database: Database, schema: Schema, new: JsonDict) -> None:
    """Find the parent if the body names its kind; without that the object will have no parent at all."""
    new.pop("parent_uuid", None)
    if new.get("parent_type") in (None, ROOT):
        new.pop("parent_type", None)
        return
    parent_type = schema.kind(new["parent_type"]).name
    parent_name = new["fq_name"][:-1]
    parent_uuid = database.find(parent_type, parent_name)
    if parent_uuid is None:
        raise ApiError(400, f"Parent {pformat(parent_name)} type {parent_type} does not exist")
    new["parent_uuid"] = parent_uuid


def _check_parent_type(declared: Kind, new: JsonDict) -> None:
    parent_type, fq_name = new.get("parent_type"), new["fq_name"]
    allowed = list(declared.parents)
    if parent_type:
        if parent_type not in allowed:
            raise ApiError(400, f"Invalid parent type: {parent_type}. Allowed types: {allowed}")
    elif len(allowed) > 1 and ROOT not in allowed:
        raise ApiError(400, f"Missing parent type: {parent_type}. Allowed types: {allowed}")
    elif len(allowed) == 1:
        parent_type = allowed[0]
    if parent_type in (ROOT, None):
        if len(fq_name) != 1:
            raise ApiError(400, f"Invalid fq-name of an object with no parent: {fq_name}")
    elif len(fq_name) < 2:
        raise ApiError(400, f"Invalid fq-name for object with parent_type {parent_type}: {fq_name}")


def _owner(database: Database, declared: Kind, new: JsonDict) -> str:
    """Return the owner of a new object: what it says, else its parent's, else the cloud administrator."""
    if declared.name == "project" and new.get("uuid"):
        return str(new["uuid"]).replace("-", "")
    if isinstance(new.get("perms2"), dict) and new["perms2"].get("owner"):
        return str(new["perms2"]["owner"])
    parent_name = new["fq_name"][:-1]
    if not parent_name:
        return identity.OWNER
    parent_type = new.get("parent_type") or _only_parent(declared)
    if parent_type == "domain":
        return identity.OWNER
    parent = database.find(parent_type, parent_name)
    if parent is None:
        raise ApiError(404, f"Name{pformat(parent_name)} not found")
    return str(database.read(parent)["perms2"]["owner"])


def _only_parent(declared: Kind) -> str:
    if len(declared.parents) != 1:
        raise ApiError(
            400,
            f"Ambiguous parent to ensure permissiosn of {declared.object_type}, "
            f"please choose one parent type: {pformat(list(declared.parents))}",
        )
    return declared.parents[0]


def _check_uuid(database: Database, given: str | None) -> None:
    if not given:
        return
    if given != str(uuids.UUID(given)):
        raise ApiError(400, f"Invalid UUID format: {given}")
    holder = database.get(given)
    if holder is not None:
        raise ApiError(409, f"{given} already exists with fq_name: {pformat(holder['fq_name'])}")
