# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the collection knows of kinds: names, parents, references."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.any_kind.objects import schema_entity
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec.scope import CONTAINERS, Scope
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds import ENTITIES
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.schema import facts
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.schema.data import (
    DEFAULTS,
    KINDS,
    SIMPLE_TYPES,
    TYPES,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.schema.kinds import (
    SchemaScope,
    kind_named,
    properties_of,
    reference_field,
    referrers,
    wrong_reference,
)

ROOT = Path(__file__).resolve().parents[3]


def test_the_schema_is_what_the_client_package_has() -> None:
    generator = ROOT / "tests" / "tools" / "schema" / "generate_contrail_schema.py"
    done = subprocess.run([sys.executable, generator, "--check"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_every_kind_of_the_schema_can_be_declared() -> None:
    for kind, declared in KINDS.items():
        entity = schema_entity(kind, properties_of(kind), declared["references"])
        assert len(entity.fields) == len(properties_of(kind))
        assert {"annotations", "display_name", "id_perms"} <= set(entity.read_fields)


def test_facts_are_about_types_and_fields_that_there_are() -> None:
    fields = {f"{name}.{field}" for name, declared in TYPES.items() for field in declared}
    lists = {
        f"{name}.{field}" for name, declared in TYPES.items() for field in declared if declared[field][-2:] == "[]"
    }

    assert fields >= facts.SERVER_MADE
    assert fields >= facts.SECRETS
    assert fields >= facts.EMPTIED_BY_TEXT
    assert lists >= facts.UNORDERED
    assert set(facts.FORMATS) <= fields | set(SIMPLE_TYPES)
    assert set(facts.NUMBERS) <= set(SIMPLE_TYPES)
    assert set(facts.FIRST_ATTRIBUTES) <= set(TYPES)
    assert {f"{name}.{key}" for name, keys in facts.KEYS.items() for key in keys} <= fields
    assert all(facts.NEEDED_REFERENCES[kind] in KINDS[kind]["references"] for kind in facts.NEEDED_REFERENCES)
    assert all(facts.NEEDED_PROPERTIES[kind] in properties_of(kind) for kind in facts.NEEDED_PROPERTIES)
    assert set(DEFAULTS) <= {*KINDS, *TYPES}


def test_the_kinds_with_modules_of_their_own_have_the_parents_of_the_schema() -> None:
    for kind, parent in CONTAINERS.items():
        assert parent in KINDS[kind]["parents"], kind
    for kind, entity in ENTITIES.items():
        known = {*properties_of(kind), *map(reference_field, KINDS[kind]["references"])}
        named = {item.api[0] for item in entity.fields if item.api} | {item.api for item in entity.references}
        assert named <= known, kind


def test_short_names_mean_the_same_in_all_modules() -> None:
    for kind in CONTAINERS:
        if kind not in {"route-target", "port-tuple", "routing-instance"}:
            assert SchemaScope("d", "p").name(kind, "x") == Scope("d", "p").name(kind, "x"), kind


@pytest.mark.parametrize(
    ("kind", "text", "full"),
    [
        ("virtual-network", "vn1", "d:p:vn1"),
        ("virtual-network", "q:vn1", "d:q:vn1"),
        ("virtual-network", "e:q:vn1", "e:q:vn1"),
        ("virtual-DNS", "dns", "d:dns"),
        ("domain", "x", "x"),
        ("qos-config", "x", "d:p:x"),
        ("physical-router", "r", "default-global-system-config:r"),
        ("physical-interface", "r:ge-0_0_0", "default-global-system-config:r:ge-0_0_0"),
        ("port-tuple", "fw:t1", "d:p:fw:t1"),
        ("port-tuple", "e:q:fw:t1", "e:q:fw:t1"),
        ("routing-instance", "vn1:vn1", "d:p:vn1:vn1"),
        ("bgp-router", "vmx", "default-domain:default-project:ip-fabric:__default__:vmx"),
        ("virtual-DNS-record", "dns:www", "d:dns:www"),
        ("global-qos-config", "x", "default-global-system-config:x"),
        ("forwarding-class", "x", "default-global-system-config:default-global-qos-config:x"),
        ("tag", "label=web", "label=web"),
        ("tag", "q:label=web", "d:q:label=web"),
        ("route-target", "64512:1", "target:64512:1"),
    ],
)
def test_a_name_is_completed(kind: str, text: str, full: str) -> None:
    assert ":".join(SchemaScope("d", "p").name(kind, text)) == full


@pytest.mark.parametrize(
    ("kind", "text", "message"),
    [
        ("virtual-network", "a:b:c:d", "has too many parts"),
        ("virtual-network", "", "may not be empty"),
        ("virtual-network", "a::b", "a part between colons is empty"),
        ("domain", "a:b", "has a colon"),
        ("port-tuple", "t1", "does not say which service-instance it is in: give SERVICE-INSTANCE:t1, or give parent"),
        ("floating-ip", "x", "is a child of floating-ip-pool or instance-ip: say of which by parent"),
        ("route-target", "x", "is not a route target"),
    ],
)
def test_a_name_that_cannot_be_completed_is_refused(kind: str, text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        SchemaScope("d", "p").name(kind, text)


def test_a_kind_is_found_however_it_is_written() -> None:
    assert kind_named("virtual_network") == "virtual-network"
    assert kind_named("virtual-dns") == "virtual-DNS"
    with pytest.raises(ValueError, match="there is no kind 'virtual-netwrk': did you mean virtual-network"):
        kind_named("virtual-netwrk")


def test_references_have_a_direction() -> None:
    for kind in ("interface-route-table", "routing-policy", "route-aggregate", "service-health-check"):
        assert kind in referrers("service-instance")
        assert "it is the other way round" in wrong_reference("service-instance", kind)
    assert "it is its parent" in wrong_reference("virtual-network", "routing-instance")
    assert "it is its child" in wrong_reference("routing-instance", "virtual-network")
    assert wrong_reference("interface-route-table", "domain").endswith("there is service-instance, tag")
