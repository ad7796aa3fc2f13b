# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Users of objects that the API server does not look at when it deletes an object, as data.

It refuses to delete what others refer to. A name that another object holds as text is no reference, and a
reference of the object itself, by which it works on another one, hinders nothing either.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..codec.scope import Json


@dataclass(frozen=True)
class Mention:
    """A place where objects of ``kind`` name others as text: a property, and the path inside it through lists.

    ``entries`` names what the lists of the property hold, for messages.
    """

    kind: str
    field: str
    path: tuple[str, ...]
    entries: str

    def places(self, stored: Json, name: str) -> Iterator[str]:
        """Yield each place of a stored object that has the name, as ``rule 2``."""
        value = stored.get(self.field)
        head, *rest = self.path
        for index, entry in enumerate((value.get(head) if isinstance(value, dict) else None) or []):
            if name in _texts(entry, rest):
                yield f"{self.entries} {index + 1}"


def _texts(value: Json, path: list[str]) -> Iterator[str]:
    """Yield the texts that a path leads to, through lists."""
    if isinstance(value, list):
        for entry in value:
            yield from _texts(entry, path)
    elif not path:
        yield str(value)
    elif isinstance(value, dict):
        yield from _texts(value.get(path[0]), path[1:])


def _in_rules(*path: str) -> Mention:
    return Mention("network-policy", "network_policy_entries", ("policy_rule", *path), "rule")


def _in_addresses(field: str) -> tuple[Mention, Mention]:
    return _in_rules("src_addresses", field), _in_rules("dst_addresses", field)


MENTIONS: Mapping[str, tuple[Mention, ...]] = {
    "service-instance": (
        _in_rules("action_list", "apply_service"),
        _in_rules("action_list", "mirror_to", "analyzer_name"),
        Mention("route-table", "routes", ("route", "next_hop"), "route"),
    ),
    "virtual-network": (
        *_in_addresses("virtual_network"),
        Mention(
            "service-instance",
            "service_instance_properties",
            ("interface_list", "virtual_network"),
            "interface",
        ),
    ),
    "network-policy": _in_addresses("network_policy"),
    "qos-config": (_in_rules("action_list", "qos_action"),),
    "security-group": tuple(
        Mention("security-group", "security_group_entries", ("policy_rule", end, "security_group"), "rule")
        for end in ("src_addresses", "dst_addresses")
    ),
}
"""Where objects of a kind are named as text. Found in the schema's types and in the schema transformer."""

WORKING_ON: Mapping[str, tuple[str, str]] = {
    "virtual-machine-interface": ("port-tuple", "is in"),
    "interface-route-table": ("service-instance", "is on a side of"),
    "route-aggregate": ("service-instance", "is on a side of"),
    "routing-policy": ("service-instance", "is on a side of"),
    "service-health-check": ("service-instance", "is on a side of"),
}
"""Kinds whose objects refer to what they work on, and so are deleted unasked: what that is, and in which words."""
