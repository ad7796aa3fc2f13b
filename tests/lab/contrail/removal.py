# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What hinders a delete."""

from __future__ import annotations

from collections.abc import Container

from lab.contrail.database import Database
from lab.contrail.errors import ApiError
from lab.contrail.schema import JsonDict, Kind

DEFAULT_CHILDREN = frozenset({"namespace", "project", "virtual-network", "network-ipam"})
"""Kinds of children that the server deletes along with their parent if they are called `default-<kind>`."""


class InUseError(ApiError):
    """A delete refused because of other objects.

    `users`, their kinds and uuids, which clients see as links.
    """

    def __init__(self, reason: str, users: list[tuple[str, str]]) -> None:
        super().__init__(409, f"{reason}: {[f'/{kind}/{uuid}' for kind, uuid in users]}")
        self.reason = reason
        self.users = users


def check_unused(database: Database, declared: Kind, stored: JsonDict, relaxed: Container[tuple[str, str]]) -> None:
    """Refuse the delete of an object with children or back references, derived ones left out.

    `relaxed` holds the references, as pairs of referrer and target, that do not count. Raises InUseError.
    """
    uuid = stored["uuid"]
    for children in declared.children.values():
        found = [child for child in database.children(uuid, children.kind) if not is_default(children.kind, child)]
        if found and not children.derived:
            users = [(children.kind, child["uuid"]) for child in found]
            raise InUseError("Delete when children still present", users)
    for back_reference in declared.back_references.values():
        referrers = [referrer["uuid"] for referrer, _unused in database.referrers(uuid, back_reference.kind)]
        counting = [referrer for referrer in dict.fromkeys(referrers) if (referrer, uuid) not in relaxed]
        if counting and not back_reference.derived:
            users = [(back_reference.kind, referrer) for referrer in counting]
            raise InUseError("Delete when resource still referred", users)


def default_children(database: Database, declared: Kind, stored: JsonDict) -> list[str]:
    """Return the uuids of the children that go along with an object."""
    return [
        child["uuid"]
        for children in declared.children.values()
        if not children.derived and children.kind in DEFAULT_CHILDREN
        for child in database.children(stored["uuid"], children.kind)
        if is_default(children.kind, child)
    ]


def is_default(kind: str, child: JsonDict) -> bool:
    """Say whether a child has the name under which the server itself makes one."""
    return bool(child["fq_name"][-1] == f"default-{kind}")
