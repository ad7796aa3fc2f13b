# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab takes and refuses creations by the form of their references as a recorded server did (references.yml)."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml
from lab.contrail.errors import ApiError
from lab.contrail.fresh import fresh_store
from lab.contrail.store import Store

JsonDict = dict[str, Any]
CASES: list[JsonDict] = yaml.safe_load((Path(__file__).parent / "references.yml").read_text())
FORMS = {"named": {"to"}, "full": {"to", "uuid"}, "numbered": {"uuid"}}
"""What each form leaves of a reference, its attribute aside."""

SUBNET = {
    "subnet": {"ip_prefix": "10.81.0.0", "ip_prefix_len": 24},
    "default_gateway": "10.81.0.254",
    "dns_server_address": "10.81.0.253",
    "subnet_uuid": "0a4b2c5e-7a35-4fd5-9f3e-2f5d4a3f0c11",
}
OTHER_SUBNET = {**SUBNET, "subnet": {"ip_prefix": "10.82.0.0", "ip_prefix_len": 24}}
IPAM = ["default-domain", "default-project", "default-network-ipam"]
CONTENT: dict[str, JsonDict] = {
    "n1": {"network_ipam_refs": [{"to": IPAM, "attr": {"ipam_subnets": [SUBNET]}}]},
    "n2": {"network_ipam_refs": [{"to": IPAM, "attr": {"ipam_subnets": [OTHER_SUBNET]}}]},
    "mvm": {"virtual_machine_refs": [{"to": ["rvm"], "attr": None}]},
}
"""What matters of the recorded server's objects, by the last part of their names."""


def _ensure(store: Store, kind: str, name: list[str]) -> str:
    """Return the uuid of an object; one that a fresh server does not have is made."""
    uuid = store.uuid_of(kind, name)
    if uuid is not None:
        return uuid
    parent = _parent(store, kind, name)
    if parent is not None:
        _ensure(store, parent, name[:-1])
    content = CONTENT.get(name[-1], {})
    for field, references in content.items():
        for reference in references:
            _ensure(store, field.removesuffix("_refs").replace("_", "-"), reference["to"])
    body = {"fq_name": name, "display_name": name[-1], **copy.deepcopy(content)}
    made = store.insert(kind, body | ({"parent_type": parent} if parent else {}))
    if kind == "virtual-network":
        _ensure(store, "routing-instance", [*name, name[-1]])
    return str(made["uuid"])


def _parent(store: Store, kind: str, name: list[str]) -> str | None:
    parents = [parent for parent in store.schema.kind(kind).parents if parent != "config-root"]
    if len(name) == 1 or not parents:
        return None
    by_length = {1: {"domain", "global-system-config"}, 2: {"project"}, 3: {"virtual-network", "service-instance"}}
    fitting = [parent for parent in parents if parent in by_length.get(len(name) - 1, set())]
    if name[0] == "default-global-system-config" and "global-system-config" in parents and len(name) == 2:
        return "global-system-config"
    return (fitting or parents)[0]


def _answer(store: Store, case: JsonDict, form: str) -> Any:
    body = copy.deepcopy(case["body"])
    for field in [name for name in body if name.endswith("_refs")]:
        kind = field.removesuffix("_refs").replace("_", "-")
        for reference in body[field]:
            reference["uuid"] = _ensure(store, kind, reference["to"])
            for part in {"to", "uuid"} - FORMS[form]:
                del reference[part]
    if "parent_type" in body:
        _ensure(store, body["parent_type"], body["fq_name"][:-1])
    try:
        store.create(case["kind"], body)
    except ApiError as refusal:
        return [refusal.status, refusal.message]
    return 200


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_the_form_of_references_is_judged_as_recorded(case: JsonDict, form: str) -> None:
    if form not in case:
        pytest.skip("was not recorded")
    assert _answer(fresh_store(), case, form) == case[form]
