# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the server does for the kinds of application policies: tags, service groups, firewall rules."""

from __future__ import annotations

from lab.contrail.errors import ApiError
from lab.contrail.hooks.base import KindHooks, merged
from lab.contrail.schema import JsonDict

PROTOCOLS = {"any": 0, "icmp": 1, "tcp": 6, "udp": 17, "sctp": 132}
ENDPOINTS = ("endpoint_1", "endpoint_2")
ENDPOINT_TYPES = ("tags", "subnet", "address_group", "virtual_network", "any")
FIXED_TAG_FIELDS = ("display_name", "tag_type_name", "tag_value", "tag_id")
NOT_SET_DIRECTLY = {
    "address_group_refs": "Address Group reference from a Firewall Rule. Use 'address_group'",
    "tag_refs": "Tags reference from a Firewall Rule. Use 'tags'",
}
"""References of a firewall rule that the server makes of its endpoints."""


class TagHooks(KindHooks):
    """Names a tag after its type and value, numbers it, and lets none of that change."""

    def before_create(self, new: JsonDict) -> None:
        """Complete a new tag, and make the tag type if there is none of that name yet."""
        if new.get("tag_type_refs"):
            raise ApiError(400, "Tag Type reference is not setable")
        if new.get("tag_id"):
            raise ApiError(400, "Tag ID is not setable")
        kind, value = new.get("tag_type_name"), new.get("tag_value")
        if not kind or not value:
            raise ApiError(400, "Tag must be created with a type and a value")
        name = f"{kind}={value}"
        new["fq_name"] = [*new["fq_name"][:-1], name]
        new["display_name"] = name
        known = self.store.uuid_of("tag", new["fq_name"])
        if known:
            raise ApiError(409, f"{new['fq_name']} already exists with uuid: {known}")
        tag_type = self.store.find("tag-type", [kind]) or self._new_type(kind)
        used = {tag.get("tag_id") for tag in self.store.objects("tag")}
        first = int(tag_type["tag_type_id"], 16) << 16
        number = next(number for number in range(first, first + 0x10000) if f"0x{number:08x}" not in used)
        new["tag_id"] = f"0x{number:08x}"
        new["tag_type_refs"] = [{"to": tag_type["fq_name"], "uuid": tag_type["uuid"], "attr": None}]

    def before_update(self, stored: JsonDict, changes: JsonDict) -> None:
        """Refuse what makes a tag, also where it would stay the same."""
        if any(changes.get(name) is not None for name in FIXED_TAG_FIELDS):
            raise ApiError(400, "Tag name, type, value or ID cannot be updated")
        if "tag_type_refs" in changes:
            raise ApiError(400, "Tag Type reference cannot be updated")

    def _new_type(self, kind: str) -> JsonDict:
        used = {item.get("tag_type_id") for item in self.store.objects("tag-type")}
        number = next(f"0x{number:04x}" for number in range(255, 65536) if f"0x{number:04x}" not in used)
        return self.store.insert("tag-type", {"fq_name": [kind], "tag_type_id": number, "display_name": kind})


class ServiceGroupHooks(KindHooks):
    """Numbers the protocols of the services."""

    def before_create(self, new: JsonDict) -> None:
        """Complete a new group."""
        self._number(new)

    def before_update(self, stored: JsonDict, changes: JsonDict) -> None:
        """Complete an update; a number that was sent does not count."""
        self._number(changes)

    def _number(self, values: JsonDict) -> None:
        for service in (values.get("service_group_firewall_service_list") or {}).get("firewall_service") or ():
            number_protocol(service)


class FirewallRuleHooks(KindHooks):
    """Numbers the protocol, and makes references of what the endpoints name."""

    def before_create(self, new: JsonDict) -> None:
        """Check and complete a new rule."""
        self._refuse_direct(new)
        if not new.get("service") and not new.get("service_group_refs"):
            raise ApiError(400, "Firewall Rule requires at least 'service' property or Service Group references(s)")
        if not new.get("match_tag_types") and not new.get("match_tags"):
            new["match_tag_types"] = {"tag_type": [1]}
        self._complete(new, new)

    def before_update(self, stored: JsonDict, changes: JsonDict) -> None:
        """Check and complete an update."""
        self._refuse_direct(changes)
        self._complete(merged(stored, changes), changes)

    def _refuse_direct(self, values: JsonDict) -> None:
        for field, text in NOT_SET_DIRECTLY.items():
            if values.get(field):
                raise ApiError(400, f"Cannot directly define {text} endpoints property in the Firewall Rule")

    def _complete(self, rule: JsonDict, changes: JsonDict) -> None:
        """Complete `changes`, after which the whole rule is `rule`."""
        if changes.get("service"):
            number_protocol(changes["service"])
        given = [name for name in ENDPOINTS if changes.get(name)]
        for name in given:
            endpoint = changes[name]
            if sum(bool(endpoint.get(kind)) for kind in ENDPOINT_TYPES) > 1:
                raise ApiError(400, "Endpoint is limited to only one endpoint type at a time")
            tags = [self._tag(rule, text) for text in endpoint.get("tags") or ()]
            endpoint["tag_ids"] = [int(tag["tag_id"], 16) for tag in tags]
        if not any(name in changes for name in ENDPOINTS):
            return
        endpoints = [rule.get(name) or {} for name in ENDPOINTS]
        tags = [self._tag(rule, text) for endpoint in endpoints for text in endpoint.get("tags") or ()]
        groups = [endpoint["address_group"] for endpoint in endpoints if endpoint.get("address_group")]
        changes["tag_refs"] = [{"to": tag["fq_name"], "uuid": tag["uuid"], "attr": None} for tag in tags]
        changes["address_group_refs"] = [{"to": name.split(":"), "attr": None} for name in groups]

    def _tag(self, rule: JsonDict, text: str) -> JsonDict:
        """Return the tag that an endpoint names: `global:TYPE=VALUE`, or one of the rule's own project."""
        name = [text.removeprefix("global:")]
        if not text.startswith("global:") and rule.get("parent_type") == "project":
            name = [*rule["fq_name"][:-1], text]
        found = self.store.find("tag", name)
        if found is None:
            raise ApiError(404, f"Tag with FQName {name} not found")
        return found


def number_protocol(service: JsonDict) -> None:
    """Give a service the number of its protocol. Raises ApiError 400 for one that has none here."""
    protocol = str(service.get("protocol"))
    if protocol.lower() not in PROTOCOLS:
        raise ApiError(400, f"Invalid protocol: {protocol}")
    service["protocol_id"] = PROTOCOLS[protocol.lower()]
