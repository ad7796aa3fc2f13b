# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the data model's check accepts, no module refuses later, when half of the site is written."""

from __future__ import annotations

import copy
from typing import Any
from unittest import mock

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.design.derive import derive
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.intent.read import read_intent
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.api.sending import Sender
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec.errors import ContrailError
from ansible_collections.opencontrail.service_chain.plugins.module_utils.site.acceptance import refusals
from ansible_collections.opencontrail.service_chain.plugins.module_utils.site.design import problems
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.session import session
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from support.examples import examples
from support.module_run import ModuleFailedError, run_module

NOBODY = "nobody is there"
PEERING = {
    "local_address": "192.0.2.10",
    "neighbors": ["192.0.2.21"],
    "autonomous_system": 64512,
    "tunnel_services": [{"fpc": 0, "pic": 0}],
    "tunnels": {"destinations": ["192.0.2.128/25"]},
    "bgp_router": {},
}
MODEL: dict[str, Any] = {
    "networks": {
        "vn1": {"subnets": [{"cidr": "10.0.1.0/24"}], "route_target": "64512:1"},
        "vn2": {"subnets": [{"cidr": "10.0.2.0/24"}], "route_target": "64512:2"},
    },
    "services": {"fw": {"mode": "in-network", "members": [{"left": "l", "right": "r"}]}},
    "routers": {
        "vmx1": {
            "address": "192.0.2.10",
            "filters": [{"name": "f", "interfaces": ["ge-0/0/0.0"]}],
            "peering": PEERING,
        }
    },
    "chains": {
        "c": {
            "left": {"network": "vn1", "external": [{"prefix": "172.31.9.34/32", "term": "t1"}]},
            "right": {"network": "vn2", "external": [{"prefix": "172.31.8.198/32"}]},
            "services": ["fw"],
            "match": [{"protocol": "tcp"}],
        }
    },
    "ports": [
        {"name": "l", "network": "vn1", "addresses": ["10.0.1.4"]},
        {"name": "r", "network": "vn2", "addresses": ["10.0.2.4"]},
    ],
}


def model(**changed: Any) -> dict[str, Any]:
    """Return the model with other matches, ports besides, or other parts of the peering."""
    made = copy.deepcopy(MODEL)
    made["chains"]["c"]["match"] = changed.get("match", made["chains"]["c"]["match"])
    made["ports"] += changed.get("ports", [])
    made["routers"]["vmx1"]["peering"] |= changed.get("peering", {})
    made["networks"]["vn1"] |= changed.get("network", {})
    return made


def found(given_model: dict[str, Any]) -> list[str]:
    return problems(given_model)


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({"match": [{"protocol": "tcp"}, {"protocol": "tcp"}]}, "service_chains.c: "),
        ({"match": [{"protocol": "tcp"}, {"protocol": "TCP"}]}, "service_chains.c: "),
        ({"ports": [{"name": "p", "network": "vn1", "adresses": []}]},
         "contrail_objects_ports[2].adresses: unknown key; did you mean addresses?"),
        ({"ports": [{"name": "a:b:c:d", "network": "vn1"}]}, "contrail_objects_ports[2].name: "),
        ({"ports": [{"name": "p", "network": "vn1", "vlan": 5000}]}, "contrail_objects_ports[2]."),
        ({"ports": [{"name": "p", "network": "vn1", "vlan": "x"}]}, "contrail_objects_ports[2]: "),
        ({"peering": {"tunnel_services": [{"fpc": 0, "pic": 0}, {"fpc": 0, "pic": 0}]}}, "service_chain_routers.vmx1"),
    ],
)  # fmt: skip
def test_what_a_module_would_refuse_is_told_beforehand(changed: dict[str, Any], path: str) -> None:
    lines = found(model(**changed))
    assert lines
    assert all(line.startswith(path) for line in lines), lines
    assert not found(model())


def vrf(**options: Any) -> dict[str, Any]:
    """Return the model with the same options for the VRFs of both networks."""
    made = copy.deepcopy(MODEL)
    made["routers"]["vmx1"]["vrfs"] = {"vn1": options, "vn2": options}
    return made


def test_what_one_vrf_has_no_other_has() -> None:
    path = "service_chain_routers.vmx1.vrfs.vn2"
    assert found(vrf(interfaces=["ge-0/0/1.0"])) == [
        f"{path}.interfaces[0]: ge-0/0/1.0 is in the VRF of vn1 already; it can be in one only"
    ]
    assert found(vrf(route_distinguisher="1:1")) == [
        f"{path}.route_distinguisher: 1:1 is in the VRF of vn1 already; it can be in one only"
    ]


def test_a_service_that_translates_addresses_is_the_last_of_its_chain() -> None:
    made = model(ports=[{"name": side, "network": f"vn{number}"} for number, side in ((1, "l2"), (2, "r2"))])
    made["services"]["nat"] = {"mode": "in-network-nat", "members": [{"left": "l2", "right": "r2"}]}
    made["chains"]["c"]["services"] = ["fw", "nat"]
    assert not found(made)
    made["chains"]["c"]["services"] = ["nat", "fw"]
    assert found(made) == [
        "service_chains.c.services[0]: nat translates addresses (in-network-nat), and nothing leads from it to a "
        "further service: put it last"
    ]


def test_what_only_a_plan_finds_is_told_with_what_the_user_wrote() -> None:
    made = model(network={"multi_policy_service_chains": True})
    intent = read_intent(**made)
    assert not list(refusals(intent, derive(intent), made["ports"]))
    (fault,) = refusals(intent, derive(intent), made["ports"], planned=True)
    assert fault.path == "service_chain_networks.vn1"
    assert "cannot go with multi_policy_service_chains" in fault.text


def test_an_external_group_needs_the_number_of_the_neighbors_as() -> None:
    assert found(model(peering={"type": "external"})) == [
        "service_chain_routers.vmx1.peering.neighbors[0].peer_as: neighbor 192.0.2.21 of an external group needs the "
        "number of its own AS"
    ]


WORDS = st.sampled_from(["p", "q", "l", "a:b", "d:e:f", "a:b:c:d", "x" * 64, "ü", "1", ""])
MATCHES = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "protocol": st.sampled_from(["tcp", "udp", "TCP", 6, "17", "any", "icmp", "icmp6", 255]),
            "source_ports": st.lists(st.sampled_from([80, "80", "80-90", "0-65535"]), max_size=2),
            "destination_ports": st.lists(st.sampled_from([443, "80-90"]), max_size=2),
        },
    ),
    max_size=3,
)
GIVEN_PORTS = st.lists(
    st.fixed_dictionaries(
        {"name": WORDS, "network": st.sampled_from(["vn1", "vn2", "other:vn"])},
        optional={
            "addresses": st.lists(st.sampled_from(["10.0.1.9", "10.0.2.9", "10.0.1.300", "fd00::1"]), max_size=2),
            "vlan": st.sampled_from([1, "100", 5000, "x"]),
            "parent_port": st.sampled_from(["l", "nobody"]),
            "mac": st.sampled_from(["02:00:00:00:00:01", "zz"]),
            "annotations": st.sampled_from([{"a": "b"}, {"a": 1}, [], "x"]),
            "virtual_machine": WORDS,
            "security_groups": st.lists(WORDS, max_size=2),
            "unset": st.sampled_from([["vlan"], ["nothing"]]),
        },
    ),
    max_size=2,
)
PEERINGS = st.fixed_dictionaries(
    {},
    optional={
        "tunnel_services": st.lists(
            st.fixed_dictionaries({"fpc": st.integers(0, 1), "pic": st.integers(0, 1)}), min_size=1, max_size=3
        ),
        "neighbors": st.lists(st.sampled_from(["192.0.2.21", "192.0.2.22", "2001:db8::1"]), min_size=1, max_size=3),
        "name": st.sampled_from(["contrail", "all", "a b", "x" * 70]),
        "tunnels": st.fixed_dictionaries(
            {"destinations": st.lists(st.sampled_from(["192.0.2.0/24", "192.0.2.1/32"]), min_size=1, max_size=2)}
        ),
        "route_distinguisher_id": st.sampled_from(["192.0.2.10", "0.0.0.0", "2001:db8::1"]),
    },
)


@examples(60, suppress_health_check=[HealthCheck.too_slow])
@given(match=MATCHES, ports=GIVEN_PORTS, peering=PEERINGS)
def test_what_is_accepted_is_refused_by_no_module(match: Any, ports: Any, peering: Any) -> None:
    given_model = model(match=match, ports=ports, peering=peering)
    if found(given_model):
        return
    derived = derive(read_intent(**given_model))
    router = derived.routers["vmx1"]
    for name, options in {
        "contrail_vn": {"config": derived.networks},
        "contrail_bgp_router": {"config": derived.bgp_routers},
        "contrail_port": {"config": given_model["ports"]},
        "contrail_service_template": {"config": derived.templates},
        "contrail_service_instance": {"config": derived.instances},
        "contrail_policy": {"config": derived.policies},
        "vmx_peering": dict(router.peering),
        "vmx_vrf": {"config": router.vrfs, "filters": router.filters},
    }.items():
        assert said(name, options) == NOBODY, name


def said(name: str, options: dict[str, Any]) -> str:
    """Return how a module fails where nobody answers: its options are read by then."""
    where = {"host": "192.0.2.10"} if name.startswith("vmx_") else {"api_url": ["http://192.0.2.9:8082"]}
    with (
        mock.patch.object(session, "open_session", side_effect=session.RouterError(NOBODY)),
        mock.patch.object(Sender, "send", side_effect=ContrailError(NOBODY)),
        pytest.raises(ModuleFailedError) as failed,
    ):
        run_module(name, {**where, **options})
    return str(failed.value.result["msg"])
