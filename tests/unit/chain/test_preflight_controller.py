# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands against an intent on a controller: each finding on objects prepared for it, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.design.derive import derive
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.findings import controller as kinds
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.intent.read import read_intent
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.preflight.controller import (
    SYSTEM_NAME,
    ControllerChecks,
    ControllerFacts,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.preflight.judgement import (
    LiveState,
    judge,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec.scope import Scope
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values.finding import FindingKind
from unit.chain.scenario import bent, reference

Model = dict[str, Any]
Objects = Mapping[str, Mapping[str, Any]]
PROJECT = ["default-domain", "default-project"]
SYSTEM = {"autonomous_system": 64512, "enable_4byte_as": True}


def refs(*names: str, **attributes: Any) -> list[dict[str, Any]]:
    """Return references to objects of the project, or to those named in full."""
    return [{"to": full(name), "attr": attributes or None} for name in names]


def full(name: str) -> list[str]:
    return name.split(":") if ":" in name else [*PROJECT, name]


def subnets(*given: tuple[str, str]) -> list[dict[str, Any]]:
    """Return the reference to an IPAM with subnets, each a prefix and its gateway."""
    attributes = [
        {
            "subnet": {"ip_prefix": prefix.partition("/")[0], "ip_prefix_len": int(prefix.partition("/")[2])},
            "default_gateway": gateway,
        }
        for prefix, gateway in given
    ]
    return [{"to": full("default-network-ipam"), "attr": {"ipam_subnets": attributes}}]


def rule(source: str, destination: str, *services: str) -> dict[str, Any]:
    def end(name: str) -> list[dict[str, Any]]:
        return [{"virtual_network": name if name in ("any", "local") else ":".join(full(name))}]

    return {
        "src_addresses": end(source),
        "dst_addresses": end(destination),
        "action_list": {"simple_action": "pass", "apply_service": list(services)},
    }


def policy(*rules: dict[str, Any]) -> dict[str, Any]:
    return {"network_policy_entries": {"policy_rule": list(rules)}}


STANDING: Objects = {
    "virtual-network vn1": {"network_ipam_refs": subnets(("10.0.1.0/24", "10.0.1.1")), "network_policy_refs": []},
    "virtual-network vn2": {"network_ipam_refs": subnets(("10.0.2.0/24", "10.0.2.1"))},
    "virtual-machine-interface 1-to-2-left": {
        "virtual_network_refs": refs("vn1"),
        "virtual_machine_refs": [{"to": ["1-to-2"]}],
        "port_tuple_refs": refs("default-domain:default-project:1-to-2:1-to-2-1"),
    },
    "virtual-machine-interface 1-to-2-right": {"virtual_network_refs": refs("vn2")},
    "service-template default-domain:1-to-2-template": {
        "service_template_properties": {
            "version": 2,
            "service_mode": "in-network",
            "interface_type": [{"service_interface_type": "left"}, {"service_interface_type": "right"}],
        },
        "service_instance_back_refs": refs("1-to-2"),
    },
    "service-instance 1-to-2": {
        "service_template_refs": refs("default-domain:1-to-2-template"),
        "service_instance_properties": {
            "interface_list": [
                {"virtual_network": "default-domain:default-project:vn1"},
                {"virtual_network": "default-domain:default-project:vn2"},
            ]
        },
    },
    "network-policy vn1-to-vn2": {
        **policy(rule("vn1", "vn2", "default-domain:default-project:1-to-2")),
        "virtual_network_back_refs": refs("vn1", "vn2"),
    },
    "route-target target:64512:1": {
        "routing_instance_back_refs": [
            {"to": [*PROJECT, "vn1", "vn1"]},
            {"to": [*PROJECT, "vn1", "service-x-default-domain_default-project_1-to-2"]},
        ]
    },
}
"""The reference scenario as it stands."""


def facts(objects: Objects, checks: ControllerChecks) -> ControllerFacts:
    """Return what a controller with these objects tells."""
    stored: dict[tuple[str, tuple[str, ...]], Any] = {}
    for key, values in {"global-system-config default-global-system-config": SYSTEM, **objects}.items():
        kind, _space, name = key.partition(" ")
        alone = kind in ("route-target", "global-system-config")
        fq_name = tuple([name] if alone else full(name))
        stored[kind, fq_name] = {"fq_name": list(fq_name), **values}
    found = ControllerFacts({key: stored.get(key) for key in checks.needs()})
    found.objects |= {key: stored.get(key) for key in checks.more_needs(found)}
    return found


def checks_of(model: Model) -> ControllerChecks:
    intent = read_intent(**model)
    return ControllerChecks(intent, derive(intent), Scope("default-domain", "default-project"))


def found(model: Model, objects: Objects) -> list[tuple[str, str, str]]:
    """Return code, place and message of everything that is found."""
    checks = checks_of(model)
    shown = [finding.shown() for finding in checks.findings(facts(objects, checks))]
    return [(each["code"], each["where"], each["message"]) for each in shown]


def standing(*changes: Objects) -> Objects:
    """Return the scenario's objects with fields of some changed, and others added."""
    objects = {key: dict(values) for key, values in STANDING.items()}
    for each in changes:
        for key, fields in each.items():
            objects.setdefault(key, {}).update(fields)
    return objects


def attached_to(name: str, stored: Mapping[str, Any], *networks: str, sequence: tuple[int, int] = (5, 0)) -> Objects:
    """Return a policy of others, and networks that have it."""
    reference_ = refs(name, sequence=dict(zip(("major", "minor"), sequence, strict=True)))
    return {
        f"network-policy {name}": stored,
        **{f"virtual-network {each}": {"network_policy_refs": reference_} for each in networks},
    }


def template(**values: Any) -> Objects:
    """Return the scenario's template with other properties."""
    key = "service-template default-domain:1-to-2-template"
    return {key: {"service_template_properties": {**STANDING[key]["service_template_properties"], **values}}}


def existing(**values: Any) -> Model:
    """Return the scenario with vn1 made by others."""
    return bent("networks/vn1", {**reference()["networks"]["vn1"], "existing": True, **values})


@dataclass(frozen=True)
class Case:
    """A fault that is prepared, and what is to be found of it."""

    name: str
    kind: FindingKind
    where: str
    message: str
    objects: Objects
    model: Model = field(default_factory=reference)


CHAIN, VN1 = "service_chains.vn1-to-vn2", "service_chain_networks.vn1"
SERVICE, LEFT = "service_chain_services.1-to-2", "service_chain_services.1-to-2.members[0].left"
SYSTEM_KEY = "global-system-config default-global-system-config"
TEMPLATE_KEY = "service-template default-domain:1-to-2-template"
SHARED = {"route-target target:64512:1": {"routing_instance_back_refs": [{"to": [*PROJECT, "other", "other"]}]}}
RIGHT_TO_LEFT = [{"service_interface_type": "right"}, {"service_interface_type": "left"}]

CASES = [
    Case(
        name="port missing",
        kind=kinds.OBJECT_MISSING,
        where=LEFT,
        message="Contrail has no virtual-machine-interface 1-to-2-left, and this run does not create it; "
        "none is named like it",
        objects={key: values for key, values in STANDING.items() if not key.endswith("-left")},
        model=bent("ports", [{"name": "1-to-2-right", "network": "vn2"}]),
    ),
    Case(
        name="port of another network",
        kind=kinds.PORT_OF_ANOTHER_NETWORK,
        where=LEFT,
        message="port 1-to-2-left is in network vn2, the left side of service 1-to-2 in vn1",
        objects=standing({"virtual-machine-interface 1-to-2-left": {"virtual_network_refs": refs("vn2")}}),
    ),
    Case(
        name="port in another tuple",
        kind=kinds.PORT_IN_ANOTHER_TUPLE,
        where=LEFT,
        message="port 1-to-2-left is already in port tuple old:one",
        objects=standing(
            {
                "virtual-machine-interface 1-to-2-left": {
                    "port_tuple_refs": refs("default-domain:default-project:old:one")
                }
            }
        ),
    ),
    Case(
        name="port without machine",
        kind=kinds.PORT_WITHOUT_MACHINE,
        where="service_chain_services.1-to-2.members[0].right",
        message="port 1-to-2-right belongs to no virtual machine",
        objects=STANDING,
        model=bent("ports", []),
    ),
    Case(
        name="own range",
        kind=kinds.ROUTE_TARGET_OF_THE_CONTROLLER,
        where=f"{VN1}.route_targets",
        message="4200000000:8001 is in the range from 8000 on, which this controller (AS 4200000000) assigns itself",
        objects=standing({SYSTEM_KEY: {**SYSTEM, "autonomous_system": 4200000000}}),
        model=bent("networks/vn1/route_target", "4200000000:8001"),
    ),
    Case(
        name="long AS",
        kind=kinds.ROUTE_TARGET_AS_TOO_LONG,
        where=f"{VN1}.route_targets",
        message="4200000000:1 has a 4-byte AS number, and the controller has enable_4byte_as off",
        objects=standing({SYSTEM_KEY: {**SYSTEM, "enable_4byte_as": False}}),
        model=bent("networks/vn1/route_target", "4200000000:1"),
    ),
    Case(
        name="route target of another network",
        kind=kinds.ROUTE_TARGET_IN_USE,
        where=f"{VN1}.route_target",
        message="64512:1 is also used by other",
        objects=standing(
            SHARED, {"virtual-network other": {"network_ipam_refs": subnets(("10.9.0.0/24", "10.9.0.1"))}}
        ),
    ),
    Case(
        name="subnet that is lost",
        kind=kinds.SUBNETS_IN_USE,
        where=f"{VN1}.subnets",
        message="the existing network has 10.8.0.0/24, which is not in the data model, and its addresses are in use",
        objects=standing(
            {
                "virtual-network vn1": {
                    "network_ipam_refs": subnets(("10.0.1.0/24", "10.0.1.1"), ("10.8.0.0/24", "10.8.0.1")),
                    "instance_ip_back_refs": refs("somebody"),
                }
            }
        ),
    ),
    Case(
        name="gateway",
        kind=kinds.GATEWAY_CHANGES,
        where=f"{VN1}.subnets[0].gateway",
        message="10.0.1.0/24 exists with gateway 10.0.1.254, but the data model has 10.0.1.1",
        objects=standing({"virtual-network vn1": {"network_ipam_refs": subnets(("10.0.1.0/24", "10.0.1.254"))}}),
    ),
    Case(
        name="existing subnet",
        kind=kinds.EXISTING_SUBNET_DIFFERS,
        where=f"{VN1}.subnets",
        message="the existing network has 10.7.0.0/24, not 10.0.1.0/24",
        objects=standing(
            {
                "virtual-network vn1": {
                    "network_ipam_refs": subnets(("10.7.0.0/24", "10.7.0.1")),
                    "route_target_list": {"route_target": ["target:64512:1"]},
                }
            }
        ),
        model=existing(),
    ),
    Case(
        name="existing route target",
        kind=kinds.EXISTING_LACKS_ROUTE_TARGET,
        where=f"{VN1}.route_target",
        message="the existing network does not import and export 64512:1",
        objects=standing({"virtual-network vn1": {"import_route_target_list": {"route_target": ["target:64512:1"]}}}),
        model=existing(),
    ),
    Case(
        name="order of the template",
        kind=kinds.TEMPLATE_DIFFERS,
        where=f"{SERVICE}.template",
        message="service template 1-to-2-template has the interfaces right, left, not left, right (used by theirs)",
        objects=standing(
            template(interface_type=RIGHT_TO_LEFT),
            {TEMPLATE_KEY: {"service_instance_back_refs": refs("1-to-2", "theirs")}},
        ),
    ),
    Case(
        name="mode of an existing template",
        kind=kinds.TEMPLATE_DIFFERS,
        where=f"{SERVICE}.template",
        message="service template 1-to-2-template has mode in-network-nat, not in-network "
        "(used by no instance of others)",
        objects=standing(template(service_mode="in-network-nat")),
        model=bent("services/1-to-2/template", {"name": "1-to-2-template", "existing": True}),
    ),
    Case(
        name="instance of another template",
        kind=kinds.INSTANCE_OF_ANOTHER_TEMPLATE,
        where=SERVICE,
        message="service instance 1-to-2 exists with template nat-template, not 1-to-2-template",
        objects=standing({"service-instance 1-to-2": {"service_template_refs": refs("default-domain:nat-template")}}),
    ),
    Case(
        name="instance between other networks",
        kind=kinds.INSTANCE_BETWEEN_OTHER_NETWORKS,
        where=SERVICE,
        message="service instance 1-to-2 exists between vn7, vn2, not vn1, vn2",
        objects=standing(
            {
                "service-instance 1-to-2": {
                    "service_instance_properties": {
                        "interface_list": [
                            {"virtual_network": "default-domain:default-project:vn7"},
                            {"virtual_network": "default-domain:default-project:vn2"},
                        ]
                    }
                }
            }
        ),
    ),
    Case(
        name="policy on one side",
        kind=kinds.POLICY_ON_ONE_SIDE,
        where=CHAIN,
        message="policy vn1-to-vn2 is attached to vn1 and not to vn2",
        objects=standing({"network-policy vn1-to-vn2": {"virtual_network_back_refs": refs("vn1")}}),
    ),
    Case(
        name="policy elsewhere",
        kind=kinds.POLICY_ELSEWHERE,
        where=CHAIN,
        message="policy vn1-to-vn2 is also attached to vn9",
        objects=standing({"network-policy vn1-to-vn2": {"virtual_network_back_refs": refs("vn1", "vn2", "vn9")}}),
    ),
    Case(
        name="rival",
        kind=kinds.RIVAL_POLICY,
        where=CHAIN,
        message="policy theirs joins the same networks through default-domain:default-project:dpi",
        objects=standing(
            attached_to("theirs", policy(rule("vn2", "vn1", "default-domain:default-project:dpi")), "vn1", "vn2")
        ),
    ),
    Case(
        name="any",
        kind=kinds.RULE_WITH_ANY,
        where=CHAIN,
        message="policy theirs has a rule with services dpi for any network",
        objects=standing(attached_to("theirs", policy(rule("local", "any", "dpi")), "vn1")),
    ),
    Case(
        name="sequence",
        kind=kinds.SEQUENCE_IN_USE,
        where=f"{CHAIN}.sequence",
        message="policy theirs is attached to vn1 with the same sequence 0.0, and connects the same networks",
        objects=standing(attached_to("theirs", policy(rule("local", "vn2")), "vn1", sequence=(0, 0))),
    ),
]


@pytest.mark.parametrize("objects", [{}, STANDING], ids=["empty", "standing"])
def test_the_reference_scenario_gives_nothing(objects: Objects) -> None:
    assert found(reference(), objects) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_prepared_fault_is_found_and_nothing_else(case: Case) -> None:
    assert found(case.model, case.objects) == [(case.kind.code, case.where, case.message)]


def test_networks_with_one_route_target_must_not_overlap() -> None:
    other = {"virtual-network other": {"network_ipam_refs": subnets(("10.0.0.0/16", "10.0.0.1"))}}
    assert found(reference(), standing(SHARED, other)) == [
        ("route-target-in-use", f"{VN1}.route_target", "64512:1 is also used by other"),
        (
            "subnets-overlap-in-vrf",
            f"{VN1}.subnets[0].cidr",
            "10.0.1.0/24 overlaps 10.0.0.0/16 of network other, which also has 64512:1",
        ),
    ]


def test_every_kind_has_a_case() -> None:
    declared = {each for each in vars(kinds).values() if isinstance(each, FindingKind)}
    assert declared - {kinds.SUBNETS_OVERLAP_IN_VRF, kinds.KINDS_HIDDEN} == {case.kind for case in CASES}


def test_what_this_user_may_not_read_is_told() -> None:
    checks = checks_of(reference())
    facing = replace(facts(STANDING, checks), hidden=("bgp-router", "virtual-router"))

    (finding,) = checks.findings(facing)

    assert finding.kind is kinds.KINDS_HIDDEN
    assert finding.shown()["message"] == "this user has no permission to read bgp-router, virtual-router"


def test_a_subnet_without_addresses_may_go() -> None:
    two = {"network_ipam_refs": subnets(("10.0.1.0/24", "10.0.1.1"), ("10.8.0.0/24", "10.8.0.1"))}
    assert found(reference(), standing({"virtual-network vn1": two})) == []


def test_a_gateway_in_another_spelling_does_not_change() -> None:
    ours = [{"cidr": "10.0.1.0/24", "gateway": "10.0.1.1"}, {"cidr": "2001:db8:0:1::/64", "gateway": "2001:db8:0:1::1"}]
    theirs = subnets(("10.0.1.0/24", "10.0.1.1"), ("2001:DB8:0:1:0::/64", "2001:DB8:0:1::0001"))
    stored = standing({"virtual-network vn1": {"network_ipam_refs": theirs}})
    assert found(bent("networks/vn1/subnets", ours), stored) == []


def test_a_template_that_only_we_use_is_brought_to_what_is_wanted() -> None:
    assert found(reference(), standing(template(service_mode="in-network-nat"))) == []


def test_an_existing_network_may_import_and_export_in_two_lists() -> None:
    both = {
        key: {"route_target": ["target:64512:1"]} for key in ("import_route_target_list", "export_route_target_list")
    }
    assert found(existing(), standing({"virtual-network vn1": both})) == []


@pytest.mark.parametrize(
    "stored",
    [
        attached_to("theirs", policy(rule("vn1", "vn9", "dpi")), "vn1", "vn2"),
        attached_to("theirs", policy(rule("vn1", "vn2")), "vn1", "vn2"),
        attached_to("theirs", policy(rule("vn1", "vn2", "dpi")), "vn1"),
    ],
    ids=["other networks", "no service", "one side"],
)
def test_policies_of_others_that_make_no_rival_chain_are_left_in_peace(stored: Objects) -> None:
    assert found(reference(), standing(stored)) == []


def test_without_a_router_chains_between_one_pair_may_be_several() -> None:
    model = reference()
    for side in ("left", "right"):
        del model["chains"]["vn1-to-vn2"][side]["external"]
    rival = attached_to("theirs", policy(rule("vn1", "vn2", "dpi")), "vn1", "vn2")
    assert found(model, standing(rival)) == []


@pytest.mark.parametrize(
    ("system", "codes"), [(None, ["route-target-maybe-reserved"]), (SYSTEM, [])], ids=["AS not told", "another AS"]
)
def test_a_route_target_is_suspect_only_while_the_controller_does_not_tell_its_as(
    system: Mapping[str, Any] | None, codes: list[str]
) -> None:
    intent = read_intent(**bent("networks/vn1/route_target", "4200000000:9000"))
    derived, checks = derive(intent), checks_of(bent("networks/vn1/route_target", "4200000000:9000"))
    told = ControllerFacts({**facts(STANDING, checks).objects, SYSTEM_NAME: system})
    assert [finding.kind.code for finding in judge(intent, derived, checks, LiveState(told, {}))] == codes


def test_machines_are_told_by_the_compute_node_that_they_run_on() -> None:
    checks = checks_of(reference())
    told = facts(STANDING, checks)
    told.computes = {"192.0.2.1": frozenset({("1-to-2",), ("other",)}), "192.0.2.2": frozenset()}
    assert checks.machines_at(told) == {"192.0.2.1": ("1-to-2",), "192.0.2.2": ()}


def test_names_like_that_of_a_missing_object_are_told() -> None:
    checks = checks_of(bent("ports", []))
    told = facts({}, checks)
    assert checks.missing(told) == [
        ("virtual-machine-interface", (*PROJECT, f"1-to-2-{side}")) for side in ("left", "right")
    ]
    told.near[checks.missing(told)[0]] = ["1-to-2-lft"]
    messages = [finding.shown()["message"] for finding in checks.findings(told)]
    assert messages[0].endswith("; did you mean 1-to-2-lft?")
