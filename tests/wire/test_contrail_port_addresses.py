# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Addresses that a port's network cannot give are refused before the port is made."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.api.client import ApiClient
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec.errors import InvalidConfigError
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec.scope import Scope
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.converge import Convergence
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds import PORT
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds.config import Task, parse_config
from wire.test_contrail_write_order import PROJECT, Memory

IPAM = [*PROJECT, "default-network-ipam"]


def network(name: str, *subnets: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    references = [{"to": IPAM, "attr": {"ipam_subnets": list(subnets)}}]
    return "virtual-network", {
        "uuid": f"u-{name}",
        "fq_name": [*PROJECT, name],
        "network_ipam_refs": references if subnets else [],
    }


def subnet(prefix: str, **more: Any) -> dict[str, Any]:
    address, length = prefix.split("/")
    return {"subnet": {"ip_prefix": address, "ip_prefix_len": int(length)}, **more}


VN = network(
    "vn",
    subnet(
        "10.0.1.0/24",
        default_gateway="10.0.1.254",
        dns_server_address="10.0.1.253",
        allocation_pools=[{"start": "10.0.1.10", "end": "10.0.1.99"}],
    ),
    subnet("2001:db8::/64", default_gateway="2001:db8::1", alloc_unit=4),
)
BARE = network("bare")
OWN = (
    "virtual-network",
    {**VN[1], "network_ipam_refs": [{"to": IPAM, "attr": {"ipam_subnets": [{"subnet_uuid": "s"}]}}]},
)
PROJECTS = ("project", {"uuid": "p", "fq_name": PROJECT})


def converge(item: dict[str, Any], *networks: tuple[str, dict[str, Any]]) -> tuple[list[str], list[str]]:
    """Make a port; return what was written, and the warnings."""
    memory = Memory(*networks, PROJECTS)
    client = ApiClient(["http://api"], memory, parallel=1, sleep=lambda _: None)
    convergence = Convergence(client, PORT, parse_config(PORT, [{"name": "p", **item}], Scope()), Task())
    convergence.run()
    return memory.written, convergence.warnings


@pytest.mark.parametrize(
    ("item", "message"),
    [
        ({"addresses": ["10.0.1.20", "10.9.9.9"]}, "addresses[1]: 10.9.9.9 is in no subnet of"),
        ({"addresses": ["2001:db8:1::4"]}, "it has 10.0.1.0/24, 2001:db8::/64"),
        ({"addresses": ["10.0.1.0"]}, "10.0.1.0 is the first or last address of 10.0.1.0/24"),
        ({"addresses": ["10.0.1.255"]}, "10.0.1.255 is the first or last address of 10.0.1.0/24"),
        ({"addresses": ["10.0.1.254"], "virtual_machine": "vm"}, "10.0.1.254 is the gateway of 10.0.1.0/24"),
        ({"addresses": ["2001:db8::6"]}, "2001:db8::6 does not begin a unit of 4 addresses"),
        ({"network": "bare"}, "addresses: default-domain:default-project:bare has no subnet to take an address from"),
        ({"network": "bare", "addresses": ["10.0.1.20"]}, "it has none at all"),
    ],
)
def test_an_address_that_the_network_cannot_give_leaves_no_port_behind(item: dict[str, Any], message: str) -> None:
    memory = Memory(VN, BARE, PROJECTS)
    client = ApiClient(["http://api"], memory, parallel=1, sleep=lambda _: None)
    items = parse_config(PORT, [{"name": "p", "network": "vn", **item}], Scope())

    with pytest.raises(InvalidConfigError) as caught:
        Convergence(client, PORT, items, Task()).run()

    assert f"config[0].{'' if message.startswith('addresses') else 'addresses'}" in str(caught.value)
    assert message in str(caught.value)
    assert memory.written == []


@pytest.mark.parametrize(
    ("address", "warning"),
    [
        ("10.0.1.254", "10.0.1.254 is the gateway of 10.0.1.0/24"),
        ("10.0.1.253", "10.0.1.253 is the DNS server of 10.0.1.0/24"),
        ("10.0.1.100", "10.0.1.100 is in none of the allocation pools of 10.0.1.0/24"),
        ("10.0.1.99", None),
        ("2001:db8::8", None),
    ],
)
def test_an_address_that_is_used_for_something_else_is_warned_of(address: str, warning: str | None) -> None:
    written, warnings = converge({"network": "vn", "addresses": [address]}, VN)

    assert len(written) == 2
    assert [warning in text for text in warnings if warning] == ([True] if warning else [])
    assert bool(warnings) is (warning is not None)


def test_a_network_with_the_subnets_of_its_ipam_is_left_to_the_server() -> None:
    assert converge({"network": "vn", "addresses": ["10.9.9.9"]}, OWN)[1] == []
    assert len(converge({"network": "bare", "addresses": []}, BARE)[0]) == 1


def test_two_ports_of_a_network_do_not_share_an_address() -> None:
    items = [{"name": name, "network": "vn", "addresses": ["10.0.1.20"]} for name in ("a", "b")]
    client = ApiClient(["http://api"], Memory(VN, PROJECTS), parallel=1, sleep=lambda _: None)

    with pytest.raises(InvalidConfigError, match=r"config\[1\].addresses\[0\]: 10.0.1.20 is already config\[0\]"):
        Convergence(client, PORT, parse_config(PORT, items, Scope()), Task()).run()
