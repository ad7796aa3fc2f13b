# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every reference that is written carries the uuid of its target, whatever the kinds.

The API server answers some creations and updates with a status 500 (KeyError: 'uuid') where it does not.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.any_kind.objects import ObjectParser
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.api.client import ApiClient
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.api.reply import Reply
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec.scope import Scope
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.converge import Convergence
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds import PORT, VIRTUAL_NETWORK
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds.config import Task, parse_config
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.schema.data import KINDS
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.schema.facts import (
    MADE_BY_DAEMONS,
    SET_INDIRECTLY,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.schema.kinds import SchemaScope

JsonDict = dict[str, Any]


def uuid_of(kind: str, name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{kind} {name}"))


class Server:
    """A transport to a server that has every object but the ``absent`` ones, and keeps what is written."""

    def __init__(self, *absent: str, stored: Mapping[str, JsonDict] | None = None) -> None:
        self.absent = set(absent)
        self.stored = dict(stored or {})
        self.written: list[tuple[str, JsonDict]] = []

    def send(self, method: str, url: str, headers: Mapping[str, str], body: Any) -> Reply:
        address = urlsplit(url)
        if method == "GET":
            kind = address.path.removeprefix("/").removesuffix("s")
            names = parse_qs(address.query).get("fq_names", [""])[0].split(",")
            found = [self._object(kind, name) for name in names if name and name not in self.absent]
            return Reply(200, json.dumps({f"{kind}s": found}).encode())
        self.written.append((f"{method} {address.path}", body))
        if address.path == "/ref-update":
            return Reply(200, json.dumps({"uuid": body["uuid"]}).encode())
        kind = next(iter(body)) if len(body) == 1 else ""
        made = uuid_of(kind, ":".join(body[kind]["fq_name"])) if method == "POST" and kind else ""
        return Reply(200, json.dumps({kind: {"uuid": made}}).encode())

    def _object(self, kind: str, name: str) -> JsonDict:
        parts = [name] if kind == "route-target" else name.split(":")
        return {"uuid": uuid_of(kind, name), "fq_name": parts, **self.stored.get(name, {})}

    def references(self) -> Iterator[tuple[str, str, str | None]]:
        """Yield kind and name of the target of each reference that was written, and the uuid that went along."""
        for request, body in self.written:
            assert request != "POST /fqname-to-id", f"asks once more for what was read: {body}"
            if request == "POST /ref-update":
                yield body["ref-type"], ":".join(body["ref-fq-name"]), body.get("ref-uuid")
            for sent in body.values() if len(body) == 1 else ():
                for field in [name for name in sent if name.endswith("_refs")]:
                    kind = field.removesuffix("_refs").replace("_", "-")
                    for reference in sent[field]:
                        yield kind, ":".join(reference["to"]), reference.get("uuid")

    def all_references_have_their_uuid(self) -> int:
        """Check every reference that was written, and return how many there were."""
        written = list(self.references())
        for kind, name, sent in written:
            assert sent == uuid_of(kind, name), f"{kind} {name} went with uuid {sent}"
        return len(written)


def client(server: Server) -> ApiClient:
    return ApiClient(["http://api"], server, parallel=1, sleep=lambda _: None)


def _name(kind: str, number: int) -> str:
    if kind == "route-target":
        return f"target:64512:{number}"
    above = {"routing-instance": 3, "virtual-network": 2}.get(kind, 0)
    return ":".join([f"part{part}" for part in range(above)] + [f"{kind}-{number}"])


NEEDED: dict[str, JsonDict] = {
    "loadbalancer-healthmonitor": {
        "properties": {"loadbalancer_healthmonitor_properties": {"monitor_type": "PING", "delay": 1, "timeout": 1}}
    },
    "route-target": {"name": "64512:9"},
}
"""What an item of a kind cannot do without."""


def _item(kind: str, name: str, targets: list[str]) -> JsonDict:
    parents = [parent for parent in KINDS[kind]["parents"] if parent is not None]
    item: JsonDict = {
        "name": name,
        "references": [_reference(target, _name(target, 1)) for target in targets],
        **NEEDED.get(kind, {}),
    }
    if parents:
        item["parent"] = {"kind": parents[0], "name": _place(parents[0])}
    return item


def _reference(kind: str, name: str) -> JsonDict:
    parents = [parent for parent in KINDS[kind]["parents"] if parent is not None]
    if not parents or kind == "route-target":
        return {"kind": kind, "name": name}
    short = name.rpartition(":")[-1]
    return {"kind": kind, "name": short, "parent": {"kind": parents[0], "name": _place(parents[0])}}


def _place(kind: str) -> str:
    """Return a full name for a parent of a kind, as many parts as its own parents ask for."""
    parents = [parent for parent in KINDS[kind]["parents"] if parent is not None]
    return f"{_place(parents[0])}:{kind}" if parents else kind


def _targets(kind: str) -> list[str]:
    """Return the kinds that objects of a kind refer to; the server makes the other references itself."""
    return sorted(target for target in KINDS[kind]["references"] if (kind, target) not in SET_INDIRECTLY)


@pytest.mark.parametrize("kind", [kind for kind in sorted(KINDS) if _targets(kind)])
def test_each_reference_of_a_new_object_carries_its_uuid(kind: str) -> None:
    targets = _targets(kind)
    item = _item(kind, "new", targets)
    parser = ObjectParser(kind, SchemaScope(), [], [], compare_secrets=False)
    entity, items = parser.parse([item], "present")
    server = Server(":".join(items[0].fq_name))

    Convergence(client(server), entity, items, Task()).run()

    assert server.all_references_have_their_uuid() == len(targets)


@pytest.mark.parametrize("kind", [kind for kind in sorted(KINDS) if _targets(kind)])
def test_each_reference_that_is_added_and_taken_away_carries_its_uuid(kind: str) -> None:
    targets = _targets(kind)
    parser = ObjectParser(kind, SchemaScope(), [], targets, compare_secrets=False)
    entity, items = parser.parse([_item(kind, "there", targets)], "present")
    old = {
        reference.api: [{"to": [f"old-{reference.kind}"], "uuid": uuid_of(reference.kind, f"old-{reference.kind}")}]
        for reference in entity.references
        if reference.kind not in {"route-target", "port-tuple"} and MADE_BY_DAEMONS.get((kind, reference.kind)) != ""
    }
    server = Server(stored={":".join(items[0].fq_name): old})
    purge = frozenset(reference.option for reference in entity.references)

    Convergence(client(server), entity, items, Task(purge=purge)).run()

    assert server.all_references_have_their_uuid() == len(targets) + len(old)


SUBNET = {
    "to": ["default-domain", "default-project", "default-network-ipam"],
    "attr": {"ipam_subnets": [{"subnet": {"ip_prefix": "10.0.0.0", "ip_prefix_len": 24}}]},
}


def test_targets_that_are_made_in_the_same_call_are_named_by_the_uuid_they_got() -> None:
    server = Server(
        *("default-domain:default-project:sub", "default-domain:default-project:par"),
        *("vm", "default-domain_default-project_sub", "default-domain_default-project_par"),
        stored={"default-domain:default-project:zz": {"network_ipam_refs": [SUBNET]}},
    )
    config: list[JsonDict] = [
        {"name": "sub", "network": "zz", "parent_port": "par", "vlan": 100, "virtual_machine": "vm"},
        {"name": "par", "network": "zz"},
    ]
    Convergence(client(server), PORT, parse_config(PORT, config, Scope()), Task()).run()

    assert server.all_references_have_their_uuid() == 8  # two networks, machine, parent, and two of each address
    made = [request for request, _unused in server.written]
    assert made.index("POST /ref-update") > max(
        index for index, request in enumerate(made) if request == "POST /virtual-machine-interfaces"
    )


def test_a_property_that_is_kept_in_references_is_put_back_with_uuids() -> None:
    ipam = ["default-domain", "default-project", "default-network-ipam"]
    kept = {"to": ipam, "attr": {"ipam_subnets": []}, "uuid": uuid_of("network-ipam", ":".join(ipam))}
    server = Server(stored={"default-domain:default-project:n": {"network_ipam_refs": [kept]}})
    config: list[JsonDict] = [{"name": "n", "subnets": [{"cidr": "10.0.1.0/24", "ipam": "other"}]}]
    Convergence(client(server), VIRTUAL_NETWORK, parse_config(VIRTUAL_NETWORK, config, Scope()), Task()).run()

    assert server.all_references_have_their_uuid() == 2
