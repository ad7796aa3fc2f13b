# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a list request selects, and in which shape it is answered."""

from __future__ import annotations

import json
import uuid as uuids
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lab.contrail.errors import ApiError
from lab.contrail.schema import JsonDict, Kind
from lab.contrail.store import Store

ALWAYS_SHOWN = ("uuid", "fq_name", "parent_type", "parent_uuid")


@dataclass
class Selection:
    """A list request. None means "not asked for"; an empty tuple means "asked for, and nothing fits"."""

    uuids: tuple[str, ...] | None = None
    parents: tuple[str, ...] | None = None
    referred: tuple[str, ...] | None = None
    filters: Mapping[str, list[Any]] = field(default_factory=dict)
    fields: tuple[str, ...] = ()
    detail: bool = False
    count: bool = False
    paged: bool = False
    marker: str | None = None
    limit: int | None = None


def from_query(store: Store, kind: Kind, query: Mapping[str, str]) -> Selection:
    """Return the selection that the parameters of a list URL mean; unknown ones mean nothing.

    Raises ApiError 400.
    """
    selection = Selection(
        referred=_split(query.get("back_ref_id")),
        fields=_split(query.get("fields")) or (),
        detail="true" in query.get("detail", "").lower(),
        count="true" in query.get("count", "").lower(),
    )
    if "parent_fq_name_str" in query:
        selection.parents = _parents_named(store, kind, query)
    elif "parent_id" in query:
        selection.parents = _split(query["parent_id"])
    selection.uuids = _split(query.get("obj_uuids"))
    if "fq_names" in query:
        named = [store.uuid_of(kind.name, [name]) for name in query["fq_names"].split(",")]
        selection.uuids = (*(selection.uuids or ()), *(uuid for uuid in named if uuid is not None))
    _take_page(selection, query)
    selection.filters = _filters(query.get("filters"))
    return selection


def from_body(body: JsonDict) -> Selection:
    """Return the selection that the body of a bulk list request means. Raises ApiError 400."""
    selection = Selection(
        uuids=_split(body.get("obj_uuids")),
        parents=_split(body.get("parent_id")),
        referred=_split(body.get("back_ref_id")),
        filters=_filters(body.get("filters")),
        fields=_split(body.get("fields")) or (),
        detail=bool(body.get("detail")),
        count=bool(body.get("count")),
    )
    _take_page(selection, body)
    return selection


def select(store: Store, kind: Kind, selection: Selection) -> tuple[list[JsonDict], str | None]:
    """Return the selected objects in the server's order, and the marker of the next page or None."""
    found = [stored for stored in _candidates(store, kind, selection) if _passes(kind, stored, selection.filters)]
    if not selection.paged:
        return found, None
    anchored = selection.parents is not None
    found.sort(key=lambda stored: _place(stored, anchored=anchored))
    if selection.marker is not None:
        marker = selection.marker
        found = [stored for stored in found if _place(stored, anchored=anchored) > marker]
    if selection.limit is None or len(found) <= selection.limit:
        return found, None
    page = found[: selection.limit]
    return page, _place(page[-1], anchored=anchored)


def shown(store: Store, kind: Kind, stored: JsonDict, selection: Selection) -> JsonDict:
    """Return one selected object as a list shows it, without links."""
    if selection.detail:
        detail = {**stored, "name": stored["fq_name"][-1]}
        detail.update(relatives(store, kind, stored["uuid"], selection.fields))
        return detail
    if not selection.fields:
        return {"uuid": stored["uuid"], "fq_name": ":".join(stored["fq_name"]).split(":")}
    named = [*ALWAYS_SHOWN, *(kind.properties.keys() | kind.references.keys()) & set(selection.fields)]
    flat = {name: stored[name] for name in named if name in stored}
    flat.update(relatives(store, kind, stored["uuid"], selection.fields))
    return flat


def relatives(store: Store, kind: Kind, uuid: str, fields: Iterable[str] | None = None) -> JsonDict:
    """Return the children and back references of an object by field, all or the named fields.

    Empty ones are left out.
    """
    shown_fields: JsonDict = {}
    for name, children in kind.children.items():
        if fields is None or name in fields:
            shown_fields[name] = [
                {"to": list(child["fq_name"]), "uuid": child["uuid"]} for child in store.children(uuid, children.kind)
            ]
    for name, back_reference in kind.back_references.items():
        if fields is None or name in fields:
            shown_fields[name] = [
                {"to": list(referrer["fq_name"]), "attr": reference["attr"], "uuid": referrer["uuid"]}
                for referrer, reference in store.referrers(uuid, back_reference.kind)
            ]
    return {name: value for name, value in shown_fields.items() if value}


def _candidates(store: Store, kind: Kind, selection: Selection) -> list[JsonDict]:
    if selection.parents is not None:
        found = [child for parent in selection.parents for child in store.children(parent, kind.name)]
    elif selection.referred is not None:
        found = [referrer for target in selection.referred for referrer in store.back_references(target, kind.name)]
    elif selection.uuids is not None:
        return _sorted([stored for uuid in dict.fromkeys(selection.uuids) if (stored := _of_kind(store, kind, uuid))])
    else:
        return store.objects(kind.name)
    if selection.uuids is not None:
        found = [stored for stored in found if stored["uuid"] in selection.uuids]
    if selection.parents is not None and selection.referred is not None:
        referring = {
            stored["uuid"] for target in selection.referred for stored in store.back_references(target, kind.name)
        }
        found = [stored for stored in found if stored["uuid"] in referring]
    return _sorted(found)


def _sorted(found: list[JsonDict]) -> list[JsonDict]:
    unique = {stored["uuid"]: stored for stored in found}
    return sorted(unique.values(), key=lambda stored: ":".join(stored["fq_name"]))


def _of_kind(store: Store, kind: Kind, uuid: str) -> JsonDict | None:
    stored = store.get(uuid)
    return stored if stored is not None and store.kind_of(uuid).name == kind.name else None


def _passes(kind: Kind, stored: JsonDict, filters: Mapping[str, list[Any]]) -> bool:
    """Say whether an object fits: of one field's values any, of several fields all.

    Unknown fields fit always.
    """
    return all(stored.get(name) in wanted for name, wanted in filters.items() if name in kind.properties)


def _place(stored: JsonDict, *, anchored: bool) -> str:
    uuid = str(stored["uuid"])
    return uuid if anchored else f"{':'.join(stored['fq_name'])}:{uuid}"


def _split(text: Any) -> tuple[str, ...] | None:
    return None if text is None else tuple(part for part in str(text).split(",") if part)


def _parents_named(store: Store, kind: Kind, query: Mapping[str, str]) -> tuple[str, ...]:
    kinds = [query["parent_type"]] if "parent_type" in query else list(kind.parents)
    found = [store.uuid_of(parent.replace("_", "-"), [query["parent_fq_name_str"]]) for parent in kinds]
    return tuple(uuid for uuid in found if uuid is not None)


def _take_page(selection: Selection, parameters: Mapping[str, Any]) -> None:
    if "page_marker" in parameters:
        selection.paged = True
        selection.marker = _marker(parameters["page_marker"])
    if "page_limit" in parameters:
        selection.limit = _limit(parameters["page_limit"])


def _marker(given: Any) -> str | None:
    if not given or str(given).lower() == "none":
        return None
    try:
        uuids.UUID(str(given).rsplit(":", maxsplit=1)[-1])
    except ValueError as error:
        raise ApiError(400, f"Invalid page_marker {given}: {error}") from error
    return str(given)


def _limit(given: Any) -> int:
    try:
        limit = int(given)
    except (TypeError, ValueError) as error:
        raise ApiError(400, f"Invalid page_limit {given}: {error}") from error
    if limit <= 0:
        raise ApiError(400, f"Invalid page_limit {given}: page_limit has to be greater than zero")
    return limit


def _filters(text: str | None) -> dict[str, list[Any]]:
    """Return wanted values by field from text like `display_name=="a",is_shared==true`.

    Raises ApiError 400.
    """
    wanted: dict[str, list[Any]] = {}
    for part in text.split(",") if text else ():
        name, separator, value = part.partition("==")
        try:
            decoded = json.loads(value)
        except json.JSONDecodeError as error:
            raise ApiError(400, f"Invalid filter {text}") from error
        if not separator or isinstance(decoded, dict):
            raise ApiError(400, f"Invalid filter {text}")
        wanted.setdefault(name, []).append(decoded)
    return wanted
