# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the daemons ask of the config API's objects, and how they read them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal, Protocol

JsonDict = dict[str, Any]
DEFAULT_AUTONOMOUS_SYSTEM = 64512
FLAT_ADDRESSES_SINCE = (4, 1)  # first release whose service addresses come from a pool outside every network


class ObjectStore(Protocol):
    """The objects behind the config API, without its HTTP. Kinds are written with dashes."""

    def objects(self, kind: str) -> list[JsonDict]:
        """Return all objects of a kind: properties and references, as `detail=true` lists them."""

    def get(self, uuid: str) -> JsonDict | None:
        """Return an object, None if there is none."""

    def find(self, kind: str, fq_name: list[str]) -> JsonDict | None:
        """Return the object of that name, None if there is none."""

    def writes_of(self, uuid: str) -> int:
        """Return how often an object was written."""

    def children(self, uuid: str, kind: str) -> list[JsonDict]:
        """Return the children of that kind."""

    def back_references(self, uuid: str, kind: str) -> list[JsonDict]:
        """Return the objects of that kind that refer to an object."""

    def create(self, kind: str, body: JsonDict) -> JsonDict:
        """Create an object from what a POST would carry inside its outer key."""

    def update(self, uuid: str, body: JsonDict) -> None:
        """Replace the properties and reference lists that are named in `body`."""

    def delete(self, uuid: str) -> None:
        """Delete an object."""

    def update_reference(
        self,
        uuid: str,
        reference_kind: str,
        reference_uuid: str,
        operation: Literal["ADD", "DELETE"],
        attr: Any = None,
    ) -> None:
        """ADD or DELETE one reference."""

    def relax_reference(self, uuid: str, reference_uuid: str) -> None:
        """Let a reference no longer hinder the delete of what it refers to."""


def colons(fq_name: Sequence[str]) -> str:
    """Write a fully qualified name as one string, the way properties carry it."""
    return ":".join(fq_name)


def references(item: JsonDict, kind: str) -> list[JsonDict]:
    """Return an object's references to a kind: `{"to", "uuid", "attr"}` each."""
    return list(item.get(f"{kind.replace('-', '_')}_refs") or [])


def names_referred_to(item: JsonDict, kind: str) -> list[str]:
    """Return the names that an object refers to, with colons."""
    return [colons(reference["to"]) for reference in references(item, kind)]


def primary_instance(network: JsonDict) -> str:
    """Return the name of a network's own routing instance."""
    return colons([*network["fq_name"], network["fq_name"][-1]])


def subnets(network: JsonDict) -> Iterator[str]:
    """Yield the prefixes of a network's subnets, such as 10.0.1.0/24."""
    for reference in references(network, "network-ipam"):
        for subnet in (reference.get("attr") or {}).get("ipam_subnets") or []:
            prefix = subnet.get("subnet") or {}
            if prefix.get("ip_prefix"):
                yield f"{prefix['ip_prefix']}/{prefix['ip_prefix_len']}"


def autonomous_system(store: ObjectStore) -> int:
    """Return the number of Contrail's own autonomous system."""
    for system in store.objects("global-system-config"):
        return int(system.get("autonomous_system") or DEFAULT_AUTONOMOUS_SYSTEM)
    return DEFAULT_AUTONOMOUS_SYSTEM


def listed(item: JsonDict, name: str, key: str) -> list[Any]:
    """Return the list inside a property that may be absent, null or empty, such as route_target_list."""
    return list((item.get(name) or {}).get(key) or [])
