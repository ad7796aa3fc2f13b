# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one canonical form of names, route targets, prefixes, ports and addresses."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec import values
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values import protocols
from hypothesis import given
from hypothesis import strategies as st
from support.examples import examples


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("64512:1", "target:64512:1"),
        ("target:64512:1", "target:64512:1"),
        ("064512:007", "target:64512:7"),
        ("4200000000:1", "target:4200000000:1"),
        ("4200000000L:1", "target:4200000000:1"),
        ("target:4200000000L:65535", "target:4200000000:65535"),
        ("10.0.0.1:5", "target:10.0.0.1:5"),
        ("64512:4294967295", "target:64512:4294967295"),
    ],
)
def test_route_targets(written: str, canonical: str) -> None:
    assert values.route_target(written) == canonical
    assert values.route_target(canonical) == canonical


@pytest.mark.parametrize(
    "written",
    [
        "",
        "foo",
        "64512",
        "target:64512",
        "64512:x",
        "64512:-1",
        "0:1",
        "4294967296:1",
        "64512:4294967296",
        "4200000000:65536",
        "10.0.0.1:65536",
        "10.0.0.300:1",
        "origin:64512:1",
        "64512:1:2",
    ],
)
def test_what_is_no_route_target(written: str) -> None:
    with pytest.raises(ValueError, match="is not a route target"):
        values.route_target(written)


@examples(100)
@given(st.integers(1, 0xFFFFFFFF), st.integers(0, 0xFFFF), st.booleans(), st.sampled_from(["", "target:"]))
def test_every_route_target_has_one_form(asn: int, number: int, four_byte: bool, start: str) -> None:
    suffix = "L" if four_byte else ""
    assert values.route_target(f"{start}{asn}{suffix}:{number}") == f"target:{asn}:{number}"


@pytest.mark.parametrize(
    ("target", "global_asn", "reserved"),
    [
        ("target:64512:7999999", 64512, False),
        ("target:64512:8000000", 64512, True),
        ("target:64512:16777216", 64512, True),
        ("target:64512:16777217", 64512, False),
        ("target:64999:8000000", 64512, False),
        ("target:64999:8000000", None, True),
        ("target:4200000000:8000", 4200000000, True),
        ("target:4200000000:7999", 4200000000, False),
        ("target:10.0.0.1:9000", 64512, False),
    ],
)
def test_the_range_that_the_system_keeps(target: str, global_asn: int | None, reserved: bool) -> None:
    assert values.in_reserved_range(target, global_asn) is reserved


@pytest.mark.parametrize(
    ("written", "full"),
    [
        ("vn1", ("d", "p", "vn1")),
        ("q:vn1", ("d", "q", "vn1")),
        ("e:q:vn1", ("e", "q", "vn1")),
    ],
)
def test_names_are_completed_from_the_left(written: str, full: tuple[str, ...]) -> None:
    assert values.full_name(written, ("d", "p")) == full


@pytest.mark.parametrize("written", ["", ":", "a:", ":a", "a::b", "a:b:c:d"])
def test_what_is_no_name(written: str) -> None:
    with pytest.raises(ValueError, match=r"is not a name|too many parts"):
        values.full_name(written, ("d", "p"))


@examples(100)
@given(st.ip_addresses(), st.integers(0, 128))
def test_a_prefix_has_no_host_bits(address: ipaddress.IPv4Address | ipaddress.IPv6Address, length: int) -> None:
    length = min(length, address.max_prefixlen)
    network = ipaddress.ip_network((address, length), strict=False)
    assert values.prefix(network.exploded) == str(network)
    if address != network.network_address:
        with pytest.raises(ValueError, match=f"has host bits set; the prefix is {network}"):
            values.prefix(f"{address}/{length}")


@pytest.mark.parametrize(
    ("written", "canonical"),
    [(80, "80"), ("80", "80"), ("80-80", "80"), ("1-90", "1-90"), ("any", "any"), (-1, "any"), ("-1--1", "any")],
)
def test_ports(written: str | int, canonical: str) -> None:
    assert values.port_range(written) == canonical


@pytest.mark.parametrize(
    ("function", "written", "message"),
    [
        (values.port_range, "90-80", "turn them round"),
        (values.port_range, "65536", "is not a port"),
        (values.port_range, "http", "is not a port"),
        (values.prefix, "10.0.0.0", "add the length"),
        (values.prefix, "10.300.0.0/24", "is not an IP prefix"),
        (values.address, "10.0.0.256", "is not an IP address"),
        (values.mac_address, "02:00:00:00:00", "is not a MAC address"),
        (protocols.policy_protocol, "frob", "is not a protocol: it is any, icmp, icmp6, tcp, udp or a number"),
        (protocols.policy_protocol, "256", "is not a protocol"),
        (values.interface_type, "leftish", "is not an interface type"),
        (values.short_name, "ge-0/0/1:0", "has a colon"),
        (values.short_name, "['vn1', 'vn2']", "is a list or a dict in the place of a name: give one name"),
    ],
)
def test_errors_name_the_value_and_the_cure(function: Callable[[str], object], written: str, message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        function(written)
    assert written in str(caught.value)


@pytest.mark.parametrize("written", ["02:AA:bb:00:00:01", "02-aa-BB-00-00-01", "02aa.bb00.0001"])
def test_mac_addresses(written: str) -> None:
    assert values.mac_address(written) == "02:aa:bb:00:00:01"


def test_protocols_are_written_small() -> None:
    assert [protocols.policy_protocol(item) for item in ("TCP", 6, "any")] == ["tcp", "6", "any"]


@pytest.mark.parametrize("written", ["['vn1', 'vn2']", "{'name': 'vn1'}", "[]"])
def test_a_list_of_which_ansible_made_a_text_is_no_name(written: str) -> None:
    with pytest.raises(ValueError, match="in the place of a name"):
        values.full_name(written, ("d", "p"))


@pytest.mark.parametrize("written", ["[vn1]", "{vn1", "vn[1]", "a/b <c>"])
def test_a_name_may_have_brackets(written: str) -> None:
    assert values.full_name(written, ("d", "p")) == ("d", "p", written)
