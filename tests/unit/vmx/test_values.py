# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How values are spelled."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values import protocols
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.model import values


@pytest.mark.parametrize(
    ("given", "junos", "shown"),
    [
        ("64512:1", "target:64512:1", "64512:1"),
        ("target:64512:1", "target:64512:1", "64512:1"),
        ("64512:4294967295", "target:64512:4294967295", "64512:4294967295"),
        ("4200000000:1", "target:4200000000L:1", "4200000000:1"),
        ("target:4200000000L:1", "target:4200000000L:1", "4200000000:1"),
        ("64512L:1", "target:64512L:1", "64512L:1"),
        ("172.31.10.57:3", "target:172.31.10.57:3", "172.31.10.57:3"),
        ("064512:01", "target:64512:1", "64512:1"),
    ],
)
def test_route_targets_have_one_normal_form(given: str, junos: str, shown: str) -> None:
    assert values.route_target(given) == junos
    assert values.show_route_target(junos) == shown
    assert values.route_target(shown) == junos


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("64512", "is not a route target: write AS:NUMBER"),
        ("64512:x", "is not a route target"),
        ("origin:64512:1", "is not a route target"),
        ("4294967296:1", "an AS number is from 1 to 4294967295"),
        ("4200000000:65536", "the number behind 4200000000 is at most 65535"),
        ("10.0.0.1:65536", "the number behind 10.0.0.1 is at most 65535"),
        ("10.0.0.256:1", "10.0.0.256 is not an IPv4 address"),
        ("", "is not a route target"),
    ],
)
def test_malformed_route_targets_are_refused(given: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        values.route_target(given)


def test_route_distinguishers_get_the_suffix_of_four_byte_numbers() -> None:
    assert values.route_distinguisher("172.31.10.57:3") == "172.31.10.57:3"
    assert values.route_distinguisher("4200000000:3") == "4200000000L:3"


@pytest.mark.parametrize(
    ("given", "normal"),
    [
        ("172.31.9.34", "172.31.9.34/32"),
        ("10.0.0.0/8", "10.0.0.0/8"),
        ("2001:DB8:0:0::1", "2001:db8::1/128"),
        ("2001:db8::/32", "2001:db8::/32"),
    ],
)
def test_prefixes_have_one_normal_form(given: str, normal: str) -> None:
    assert values.prefix(given) == normal


def test_a_prefix_with_bits_behind_its_length_is_refused_with_the_likely_one() -> None:
    with pytest.raises(ValueError, match=r"has host bits set; the prefix is 10\.0\.1\.0/24"):
        values.prefix("10.0.1.5/24")


@pytest.mark.parametrize(
    ("check", "wrong"),
    [
        (values.instance_name, "default"),
        (values.instance_name, "master"),
        (values.instance_name, "all"),
        (values.instance_name, "__juniper__"),
        (values.instance_name, "two words"),
        (values.instance_name, "a" * 129),
        (values.instance_name, "vn:1"),
        (values.instance_name, ""),
        (values.filter_name, "__mine"),
        (values.filter_name, "a" * 65),
        (values.filter_name, "two words"),
        (values.unit, "ge-0/0/0"),
        (values.unit, "0.0"),
        (values.table, "vn1"),
        (values.table, "inet"),
        (values.table, "inet.x"),
        (values.port, "65536"),
        (values.port, "9-1"),
        (values.port, "http"),
        (protocols.junos_protocol, "256"),
        (protocols.junos_protocol, "tpc"),
        (values.dscp, "64"),
        (values.dscp, "af44"),
        (values.description, "a" * 256),
        (values.description, "two\nlines"),
        (values.address, "10.0.0.0/8"),
        (values.label, "two words"),
    ],
)
def test_values_beyond_the_limits_of_junos_are_refused(check: Callable[[str], str], wrong: str) -> None:
    with pytest.raises(ValueError):
        check(wrong)


@pytest.mark.parametrize(
    ("check", "right"),
    [
        (values.instance_name, "_contrail_vn1-l3-5"),
        (values.instance_name, "a" * 128),
        (values.filter_name, "a" * 64),
        (values.unit, "ge-0/0/0.0"),
        (values.unit, "et-1/0/3:1.4094"),
        (values.unit, "lo0.3"),
        (values.table, "inet.0"),
        (values.table, "vn1.inet6.0"),
        (values.port, "1024-65535"),
        (protocols.junos_protocol, "tcp"),
        (protocols.junos_protocol, "200"),
        (values.dscp, "ef"),
        (values.dscp, "63"),
    ],
)
def test_values_within_the_limits_pass(check: Callable[[str], str], right: str) -> None:
    assert check(right) == right


def test_a_wrong_protocol_gets_near_misses() -> None:
    with pytest.raises(ValueError, match="did you mean tcp"):
        protocols.junos_protocol("tpc")


def test_numbers_with_a_name_are_the_same_as_the_name() -> None:
    assert [protocols.junos_protocol(one) for one in ("6", "17", "47")] == ["tcp", "udp", "gre"]
    assert [values.dscp(one) for one in ("46", "EF", "26", "af31", "0", "cs0", "8")] == [
        "ef", "ef", "af31", "af31", "be", "be", "cs1",
    ]  # fmt: skip
