# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Routes of a host: as ``ip`` shows them, and what is to be done."""

from __future__ import annotations

from ansible_collections.opencontrail.service_chain.plugins.module_utils.hosts.routes import (
    HostRoute,
    host_route_changes,
    shown_routes,
)

SHOWN = """\
default via 172.31.0.1 dev eth0 proto dhcp src 172.31.9.34 metric 100
172.31.0.0/20 dev eth0 proto kernel scope link src 172.31.9.34
172.31.8.198 via 172.31.10.57 dev eth0 proto static
192.0.2.0/24 via 172.31.10.57 dev eth0
198.51.100.0/24 via inet6 fe80::1 dev eth0
unreachable 10.0.0.0/8 proto static
10.9.0.0/16 proto static
\tnexthop via 172.31.10.1 dev eth0 weight 1
\tnexthop via 172.31.10.2 dev eth0 weight 1
fd00:1::/64 dev eth0 proto kernel metric 256 pref medium
2001:db8::1 via fd00:1::1 dev eth0 proto static metric 1024 pref medium
default via fe80::1 dev eth0 proto ra metric 1024 expires 1790sec hoplimit 64 pref medium
""".splitlines()

STANDING = tuple(shown_routes(SHOWN))
OURS = HostRoute("172.31.8.198/32", "172.31.10.57", "eth0")


def test_routes_of_one_next_hop_are_read_and_others_passed_over() -> None:
    assert [str(route) for route in STANDING] == [
        "0.0.0.0/0 via 172.31.0.1 dev eth0",
        "172.31.8.198/32 via 172.31.10.57 dev eth0",
        "192.0.2.0/24 via 172.31.10.57 dev eth0",
        "2001:db8::1/128 via fd00:1::1 dev eth0",
        "::/0 via fe80::1 dev eth0",
    ]
    assert [(route.metric, route.protocol) for route in STANDING] == [
        ("100", "dhcp"),
        ("", "static"),
        ("", ""),
        ("1024", "static"),
        ("1024", "ra"),
    ]


def test_a_route_that_stands_is_left_alone() -> None:
    changes = host_route_changes(STANDING, [OURS], [])
    assert changes.replace == changes.remove == ()


def test_a_route_elsewhere_is_replaced_and_not_removed_as_well() -> None:
    moved = HostRoute(OURS.prefix, "172.31.10.58", "eth0")
    changes = host_route_changes(STANDING, [moved], [OURS])
    assert (changes.replace, changes.remove) == ((moved,), ())
    assert moved.command("replace") == (
        "ip", "-4", "route", "replace", "172.31.8.198/32", "via", "172.31.10.58", "dev", "eth0", "proto", "static"
    )  # fmt: skip


def test_a_route_with_a_metric_of_its_own_is_not_replaced_by_one_without() -> None:
    standing = [HostRoute(OURS.prefix, OURS.via, "eth0", metric="50", protocol="static")]
    moved = HostRoute(OURS.prefix, "172.31.10.58", "eth0")
    changes = host_route_changes(standing, [moved], [OURS])
    assert (changes.replace, changes.remove) == ((moved,), tuple(standing))
    assert changes.remove[0].command("del")[-2:] == ("metric", "50")


def test_only_a_route_that_goes_our_way_is_removed() -> None:
    other = HostRoute(OURS.prefix, "172.31.10.99", "eth0")
    assert host_route_changes(STANDING, [], [other]).remove == ()
    assert [str(each) for each in host_route_changes(STANDING, [], [OURS]).remove] == [str(OURS)]


def test_without_an_interface_a_route_is_removed_from_any() -> None:
    anywhere = HostRoute(OURS.prefix, OURS.via, "")
    assert [each.dev for each in host_route_changes(STANDING, [], [anywhere]).remove] == ["eth0"]


def test_routes_that_dhcp_or_advertisements_brought_are_not_removed() -> None:
    going = [HostRoute("0.0.0.0/0", "172.31.0.1", "eth0"), HostRoute("::/0", "fe80::1", "eth0")]
    assert host_route_changes(STANDING, [], going).remove == ()


def test_ipv6_routes_are_known_by_their_one_form() -> None:
    wanted = HostRoute("2001:db8::1/128", "fd00:1::1", "eth0")
    assert host_route_changes(STANDING, [wanted], []).replace == ()
    assert wanted.command("del")[:2] == ("ip", "-6")
