# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which addresses the lab's API gives out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from lab.contrail.errors import ApiError
from lab.contrail.fresh import FLAT_IPAM
from lab.contrail.store import Store

JsonDict = dict[str, Any]


def _address(store: Store, network: JsonDict, name: str, **values: Any) -> str:
    body = {"fq_name": [name], "virtual_network_refs": [{"to": network["fq_name"]}], **values}
    return str(store.create("instance-ip", body)["instance_ip_address"])


def _subnet(network: JsonDict) -> JsonDict:
    (subnet,) = network["network_ipam_refs"][0]["attr"]["ipam_subnets"]
    return dict(subnet)


def test_gateway_and_dns_are_the_last_but_one_and_two(make_network: Callable[..., JsonDict]) -> None:
    subnet = _subnet(make_network("n"))
    assert (subnet["default_gateway"], subnet["dns_server_address"]) == ("10.0.1.254", "10.0.1.253")


def test_gateway_and_dns_are_the_first_two_from_the_start(make_network: Callable[..., JsonDict]) -> None:
    subnet = _subnet(make_network("n", addr_from_start=True))
    assert (subnet["default_gateway"], subnet["dns_server_address"]) == ("10.0.1.1", "10.0.1.2")


def test_addresses_come_from_the_top(store: Store, make_network: Callable[..., JsonDict]) -> None:
    network = make_network("n")
    assert [_address(store, network, name) for name in "ab"] == ["10.0.1.252", "10.0.1.251"]


def test_addresses_come_from_the_start_if_asked(store: Store, make_network: Callable[..., JsonDict]) -> None:
    network = make_network("n", addr_from_start=True)
    assert [_address(store, network, name) for name in "ab"] == ["10.0.1.3", "10.0.1.4"]


def test_addresses_come_from_the_pools(store: Store, make_network: Callable[..., JsonDict]) -> None:
    pool = {"start": "10.0.1.10", "end": "10.0.1.11"}
    network = make_network("n", allocation_pools=[pool], addr_from_start=True)
    assert [_address(store, network, name) for name in "ab"] == ["10.0.1.10", "10.0.1.11"]
    with pytest.raises(ApiError, match="exhausted subnet"):
        _address(store, network, "c")


def test_a_deleted_address_is_given_out_again(store: Store, make_network: Callable[..., JsonDict]) -> None:
    network = make_network("n", addr_from_start=True)
    first = _address(store, network, "a")
    store.delete(store.uuid_of("instance-ip", ["a"]) or "")
    assert _address(store, network, "b") == first


def test_an_address_is_given_once(store: Store, make_network: Callable[..., JsonDict]) -> None:
    network = make_network("n")
    _address(store, network, "a", instance_ip_address="10.0.1.9")
    with pytest.raises(ApiError, match="IP address already in use"):
        _address(store, network, "b", instance_ip_address="10.0.1.9")


def test_an_address_names_its_subnet(store: Store, make_network: Callable[..., JsonDict]) -> None:
    network = make_network("n")
    _address(store, network, "a")
    instance = store.find("instance-ip", ["a"])
    assert instance is not None
    assert instance["subnet_uuid"] == _subnet(network)["subnet_uuid"]


def test_service_addresses_come_from_the_flat_pool(store: Store) -> None:
    references = [{"to": FLAT_IPAM, "uuid": store.uuid_of("network-ipam", FLAT_IPAM), "attr": None}]
    given = [
        store.create(
            "instance-ip",
            {"fq_name": [name], "instance_ip_family": name[-2:], "network_ipam_refs": references},
        )
        for name in ("left-v4", "left-v6", "right-v4", "right-v6")
    ]
    assert [instance["instance_ip_address"] for instance in given] == [
        "0.255.255.252",
        "::0.255.255.252",
        "0.255.255.251",
        "::0.255.255.251",
    ]


def test_a_subnet_in_use_cannot_go(store: Store, make_network: Callable[..., JsonDict]) -> None:
    network = make_network("n")
    _address(store, network, "a")
    with pytest.raises(ApiError, match=r"Cannot Delete IP Block, IP\(10.0.1.252\) is in use"):
        store.update(network["uuid"], {"network_ipam_refs": []})


def test_a_gateway_left_out_stays(store: Store, make_network: Callable[..., JsonDict]) -> None:
    network = make_network("n", default_gateway="10.0.1.1")
    again = {
        "subnet": {"ip_prefix": "10.0.1.0", "ip_prefix_len": 24},
        "subnet_uuid": _subnet(network)["subnet_uuid"],
    }
    reference = {"to": network["network_ipam_refs"][0]["to"], "attr": {"ipam_subnets": [again]}}
    store.update(network["uuid"], {"network_ipam_refs": [reference]})
    after = store.get(network["uuid"])
    assert after is not None
    assert _subnet(after)["default_gateway"] == "10.0.1.1"
