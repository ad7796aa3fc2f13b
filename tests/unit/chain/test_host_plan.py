# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is done on a host, from what the role's script printed of it."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.opencontrail.service_chain.plugins.module_utils.hosts.cloud_init import cloud_config
from ansible_collections.opencontrail.service_chain.plugins.module_utils.hosts.plan import (
    host_plan,
    next_hops,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values.faults import IntentError
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values.plain_text import visible
from hypothesis import given
from hypothesis import strategies as st
from support.examples import examples

ROUTES = [{"prefix": "172.31.9.34/32", "via": "10.0.1.1"}, {"prefix": "172.31.8.198/32", "via": "10.0.2.1"}]
HOST: dict[str, str] = {
    "user": "0",
    "tools": "ip\nsysctl\nsystemctl\nnetplan",
    "systemd": "",
    "links": "1: lo: <LOOPBACK>\n2: eth0@if9: <UP>\n3: eth1: <UP>",
    "routes": "10.0.1.0/24 dev eth0 proto kernel\n10.0.2.0/24 dev eth1 proto kernel",
    "hop 10.0.1.1": "10.0.1.1 dev eth0 src 10.0.1.4 uid 0\n    cache",
    "hop 10.0.2.1": "10.0.2.1 dev eth1 src 10.0.2.4 uid 0\n    cache",
    "networkd": "",
    "networkmanager": "",
    "netplan": "",
    "ifupdown": "",
    "settings": "net/ipv4/ip_forward 0\nnet/ipv6/conf/all/forwarding 0\nnet/ipv6/conf/eth0/accept_ra 1",
    "kept settings": "",
}
NETWORKD = (
    "2 ADMIN_STATE configured\n2 NETWORK_FILE /etc/systemd/network/10-a.network\n"
    "3 ADMIN_STATE configured\n3 NETWORK_FILE /run/systemd/network/10-netplan-lan.network"
)


def seen(sections: dict[str, str] | None = None, **changed: str) -> str:
    """Return what the script prints of a host that differs from HOST; a file is a section "file PATH"."""
    found = {**HOST, **changed, **(sections or {})}
    return "".join(f"@@ {what}\n{text}\n" if text else f"@@ {what}\n" for what, text in found.items())


def plan(text: str, routes: Any = None, **options: Any) -> Mapping[str, Any]:
    return host_plan(text, ROUTES if routes is None else routes, host="pc1", **options)


def after(done: Mapping[str, Any], text: dict[str, str] | None = None, **changed: str) -> str:
    """Return a host on which a plan has been carried out, as far as files and settings go."""
    files = {f"file {each['dest']}": each["content"].rstrip("\n") for each in done["files"]}
    units = {f"unit {Path(each['dest']).name}": "enabled" for each in done["files"] if ".service" in each["dest"]}
    entries = {f"entries {Path(each['dest']).parent}": "1" for each in done["files"]}
    return seen({**files, **units, **entries, **(text or {})}, **changed)


def paths(found: Mapping[str, Any]) -> list[str]:
    return [each["dest"] for each in found["files"]]


def says(found: Mapping[str, Any], part: str = "commands") -> list[str]:
    return [each["says"] for each in found[part]]


def test_each_interface_is_kept_by_what_manages_it() -> None:
    found = plan(seen(networkd=NETWORKD, netplan="lan ethernets", systemd="252"))
    assert found["managers"] == {"eth0": "systemd-networkd", "eth1": "netplan"}
    assert paths(found) == [
        "/etc/systemd/network/10-a.network.d/90-service-chain.conf",
        "/etc/netplan/90-service-chain-eth1.yaml",
    ]
    assert found["directories"] == ["/etc/systemd/network/10-a.network.d"]
    assert says(found, "afterwards") == ["netplan generate"]
    assert found["notes"] == []


def test_netplan_is_told_by_the_name_that_it_gives_the_interface() -> None:
    (file,) = plan(seen(networkd=NETWORKD, netplan="lan vlans"), ROUTES[1:])["files"]
    assert yaml.safe_load(file["content"]) == {
        "network": {"version": 2, "vlans": {"lan": {"routes": [{"to": "172.31.8.198/32", "via": "10.0.2.1"}]}}}
    }
    assert file["mode"] == "0600"
    assert file["dest"] in file["validate"]


def test_a_connection_that_netplan_made_is_netplans() -> None:
    devices = "eth0:connected:netplan-eth0\neth1:connected:of a user\\: mine\nlo:unmanaged:"
    found = plan(seen(networkmanager=devices, netplan="eth0 ethernets"))
    assert found["managers"] == {"eth0": "netplan", "eth1": "networkmanager"}


def test_a_device_that_networkmanager_only_watches_is_not_its_own() -> None:
    found = plan(seen(networkmanager="eth0:connected (externally):eth0\neth1:disconnected:"))
    assert set(found["managers"].values()) == {"none"}


def test_ifupdown_keeps_what_it_has_brought_up() -> None:
    found = plan(seen(ifupdown="lo=lo\neth0=eth0\neth1=work"))
    assert paths(found) == ["/etc/network/if-up.d/service-chain-eth0", "/etc/network/if-up.d/service-chain-eth1"]


def test_scripts_of_run_parts_have_no_dot_in_their_names() -> None:
    links = "2: eth0.100@eth0: <UP>"
    text = seen({"hop 10.0.1.1": "10.0.1.1 dev eth0.100 src 10.0.1.4"}, links=links, ifupdown="eth0.100=eth0.100")
    assert paths(plan(text, ROUTES[:1])) == ["/etc/network/if-up.d/service-chain-eth0_100"]


def test_a_network_file_of_several_interfaces_is_left_to_a_unit_and_that_is_told() -> None:
    shared = NETWORKD.replace("/run/systemd/network/10-netplan-lan.network", "/etc/systemd/network/10-a.network")
    found = plan(seen(networkd=shared, systemd="252"))
    assert set(found["managers"].values()) == {"unit"}
    assert found["notes"][0] == (
        "pc1: the routes of eth0 are kept by unit: "
        "/etc/systemd/network/10-a.network is that of more interfaces than eth0"
    )


def test_an_old_networkd_without_drop_ins_is_passed_over() -> None:
    found = plan(seen(networkd=NETWORKD, systemd="229"), ROUTES[:1])
    assert found["managers"] == {"eth0": "unit"}
    assert "systemd 229 takes no drop-ins" in found["notes"][0]


def test_a_unit_is_made_known_enabled_and_started_once() -> None:
    first = plan(seen(systemd="229"), ROUTES[:1])
    unit = "service-chain-routes-eth0.service"
    wanted = ["systemctl daemon-reload", f"systemctl enable {unit}", f"systemctl restart {unit}"]
    assert says(first, "afterwards") == wanted
    assert says(plan(after(first, systemd="229"), ROUTES[:1]), "afterwards") == []


def test_a_run_that_was_killed_before_the_unit_was_enabled_is_completed() -> None:
    first = plan(seen(systemd="229"), ROUTES[:1])
    text = after(first, {"unit service-chain-routes-eth0.service": "disabled"}, systemd="229")
    assert says(plan(text, ROUTES[:1]), "afterwards")[0] == "systemctl enable service-chain-routes-eth0.service"


def test_a_unit_that_goes_is_disabled_first() -> None:
    first = plan(seen(systemd="252"), ROUTES[:1])
    gone = plan(after(first, systemd="252"), ROUTES[:1], state="absent")
    assert says(gone) == ["systemctl disable service-chain-routes-eth0.service"]
    assert gone["gone"] == ["/etc/systemd/system/service-chain-routes-eth0.service"]
    assert says(gone, "afterwards") == ["systemctl daemon-reload"]


def test_nothing_that_manages_is_said_and_noted_until_the_next_boot() -> None:
    found = plan(seen())
    assert paths(found) == ["/run/service-chain/routes-eth0", "/run/service-chain/routes-eth1"]
    assert found["notes"][0] == (
        "pc1: the routes of eth0 last until the next boot: netplan does not manage eth0, systemd-networkd does not "
        "manage eth0, NetworkManager does not manage eth0, ifupdown has not brought eth0 up, systemd does not run here"
    )
    assert plan(seen(), persistence="none")["notes"] == []


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ("netplan", "netplan does not manage eth0"),
        ("systemd-networkd", "systemd-networkd does not manage eth0"),
        ("networkmanager", "NetworkManager does not manage eth0"),
        ("ifupdown", "ifupdown has not brought eth0 up"),
        ("unit", "systemd does not run here"),
    ],
)
def test_a_tool_that_does_not_manage_the_interface_is_refused(asked: str, reason: str) -> None:
    found = plan(seen(), persistence=asked)
    assert found["problems"] == [
        f"pc1: service_endpoints_persistence: {asked} is asked for, but {reason}; auto takes what does"
    ]
    assert found["commands"] == found["files"] == []


def test_when_the_manager_changes_the_old_file_goes() -> None:
    first = plan(seen(ifupdown="eth0=eth0"), ROUTES[:1])
    found = plan(after(first, networkd=NETWORKD), ROUTES[:1])
    assert found["gone"] == ["/etc/network/if-up.d/service-chain-eth0"]
    assert found["managers"] == {"eth0": "systemd-networkd"}


def test_a_route_that_is_wanted_no_more_goes_by_what_our_file_says() -> None:
    first = plan(seen(ifupdown="eth0=eth0\neth1=eth1"))
    standing = "172.31.9.34 via 10.0.1.1 dev eth0\n172.31.8.198 via 10.0.2.1 dev eth1 proto static"
    found = plan(after(first, ifupdown="eth0=eth0\neth1=eth1", routes=standing), ROUTES[:1])
    assert says(found) == ["- 172.31.8.198/32 via 10.0.2.1 dev eth1"]
    assert found["gone"] == ["/etc/network/if-up.d/service-chain-eth1"]


def test_files_of_another_name_are_not_ours() -> None:
    first = plan(seen(ifupdown="eth0=eth0"), ROUTES[:1], name="service-chain-b")
    found = plan(after(first, ifupdown="eth0=eth0"), [], state="absent")
    assert found["gone"] == found["commands"] == []


def test_an_emptied_drop_in_directory_goes_and_one_with_other_files_stays() -> None:
    first = plan(seen(networkd=NETWORKD), ROUTES[:1])
    directory = "/etc/systemd/network/10-a.network.d"
    alone = plan(after(first, networkd=NETWORKD), [], state="absent")
    assert says(alone, "afterwards") == [f"rmdir {directory}"]
    beside = plan(after(first, {f"entries {directory}": "2"}, networkd=NETWORKD), [], state="absent")
    assert says(beside, "afterwards") == []


# --- forwarding -------------------------------------------------------------------------------------------


def settings(*lines: str) -> str:
    return "\n".join(lines)


def test_forwarding_is_set_now_and_kept_and_put_back() -> None:
    first = plan(seen(), [], forwarding=["ipv4"])
    assert says(first) == ["net/ipv4/ip_forward = 1"]
    assert paths(first) == ["/etc/sysctl.d/99-zz-service-chain.conf"]
    text = after(first, settings="net/ipv4/ip_forward 1")
    assert says(plan(text, [], forwarding=["ipv4"])) == []
    assert plan(text, [], forwarding=["ipv4"])["files"] == first["files"]
    gone = plan(text, [], forwarding=["ipv4"], state="absent")
    assert says(gone) == ["net/ipv4/ip_forward = 0"]
    assert gone["gone"] == paths(first)


def test_forwarding_that_was_on_already_stays_on() -> None:
    first = plan(seen(settings="net/ipv4/ip_forward 1"), [], forwarding=["ipv4"])
    assert says(first) == []
    gone = plan(after(first, settings="net/ipv4/ip_forward 1"), [], state="absent")
    assert (says(gone), gone["gone"]) == ([], paths(first))


def test_forwarding_that_somebody_elses_file_sets_is_left_to_it() -> None:
    kept = "net.ipv4.ip_forward 1"
    text = seen({"kept settings": kept}, settings="net/ipv4/ip_forward 1")
    assert plan(text, [], forwarding=["ipv4"])["files"] == []
    overruled = seen({"kept settings": f"{kept}\nnet/ipv4/ip_forward 0"}, settings="net/ipv4/ip_forward 1")
    assert len(plan(overruled, [], forwarding=["ipv4"])["files"]) == 1


def test_a_setting_that_somebody_changed_after_us_is_not_put_back() -> None:
    first = plan(seen(), [], forwarding=["ipv4"])
    assert says(plan(after(first, settings="net/ipv4/ip_forward 0"), [], state="absent")) == []


def test_without_persistence_forwarding_is_noted_in_run_and_put_back() -> None:
    first = plan(seen(), [], forwarding=["ipv4"], persistence="none")
    assert paths(first) == ["/run/sysctl.d/99-zz-service-chain.conf"]
    gone = plan(after(first, settings="net/ipv4/ip_forward 1"), [], state="absent", persistence="none")
    assert says(gone) == ["net/ipv4/ip_forward = 0"]


def test_what_was_is_remembered_over_a_change_of_persistence() -> None:
    first = plan(seen(), [], forwarding=["ipv4"], persistence="none")
    second = plan(after(first, settings="net/ipv4/ip_forward 1"), [], forwarding=["ipv4"])
    assert second["gone"] == paths(first)
    assert "# net/ipv4/ip_forward was 0" in second["files"][0]["content"]


def test_a_host_that_forwards_ipv6_keeps_the_default_route_of_router_advertisements() -> None:
    routes = "default via fe80::1 dev eth0 proto ra metric 1024"
    first = plan(seen(routes=routes), [], forwarding=["ipv6"])
    assert says(first) == ["net/ipv6/conf/eth0/accept_ra = 2", "net/ipv6/conf/all/forwarding = 1"]
    now = settings("net/ipv6/conf/all/forwarding 1", "net/ipv6/conf/eth0/accept_ra 2")
    assert says(plan(after(first, routes=routes, settings=now), [], forwarding=["ipv6"])) == []
    gone = plan(after(first, routes=routes, settings=now), [], state="absent")
    assert sorted(says(gone)) == ["net/ipv6/conf/all/forwarding = 0", "net/ipv6/conf/eth0/accept_ra = 1"]


# --- check of sources -------------------------------------------------------------------------------------

SOURCES = [{"prefix": "172.31.9.34/32", "via": "10.0.1.1"}]
ANSWERED_BY_ETH1 = {"hop 172.31.9.34": "172.31.9.34 via 10.0.2.1 dev eth1 src 10.0.2.4 uid 0"}
KEY = "net/ipv4/conf/eth0/rp_filter"


def checks(for_all: int, eth0: int) -> str:
    return settings(f"net/ipv4/conf/all/rp_filter {for_all}", f"{KEY} {eth0}", "net/ipv4/conf/eth1/rp_filter 1")


@pytest.mark.parametrize(
    ("for_all", "eth0", "then"), [(1, 0, "2"), (0, 1, "2"), (1, 1, "2"), (0, 0, ""), (2, 1, ""), (1, 2, ""), (2, 0, "")]
)
def test_a_strict_check_becomes_loose_where_packets_are_answered_elsewhere(for_all: int, eth0: int, then: str) -> None:
    first = plan(seen(ANSWERED_BY_ETH1, settings=checks(for_all, eth0)), [], sources=SOURCES)
    assert says(first) == ([f"{KEY} = {then}"] if then else [])
    if then:
        text = after(first, ANSWERED_BY_ETH1, settings=checks(for_all, 2))
        assert says(plan(text, [], sources=SOURCES)) == []
        assert plan(text, [], sources=SOURCES)["files"] == first["files"]
        assert says(plan(text, [], state="absent")) == ([f"{KEY} = {eth0}"])


def test_a_strict_check_stays_where_packets_are_answered_the_way_they_came() -> None:
    same = {"hop 172.31.9.34": "172.31.9.34 via 10.0.1.9 dev eth0 src 10.0.1.4 uid 0"}
    assert says(plan(seen(same, settings=checks(1, 1)), [], sources=SOURCES)) == []


def test_a_source_without_any_route_back_is_let_in() -> None:
    nowhere = {"hop 172.31.9.34": "RTNETLINK answers: Network is unreachable"}
    assert says(plan(seen(nowhere, settings=checks(1, 1)), [], sources=SOURCES)) == [f"{KEY} = 2"]


def test_a_route_of_others_into_a_part_of_ours_makes_the_check_loose() -> None:
    routes = [{"prefix": "172.31.0.0/16", "via": "10.0.1.1"}]
    text = seen(routes="172.31.9.0/24 via 10.0.2.1 dev eth1", settings=checks(1, 1))
    assert f"{KEY} = 2" in says(plan(text, routes))
    assert f"{KEY} = 2" not in says(plan(seen(settings=checks(1, 1)), routes))


def test_the_kernel_is_asked_how_it_answers_each_source() -> None:
    assert next_hops([], [{"prefix": "10.9.0.0/24", "via": "10.0.1.1"}]) == ["10.0.1.1", "10.9.0.1"]


# --- what is refused --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("routes", "problem"),
    [
        (
            [{"prefix": "172.31.9.34/20", "via": "10.0.1.1"}],
            "service_endpoints_routes[0].prefix: '172.31.9.34/20' has host bits set; the prefix is 172.31.0.0/20",
        ),
        ([{"prefix": "10.0.0.0/8"}], "service_endpoints_routes[0].via: is required"),
        (
            [{"prefix": "2001:db8::/64", "via": "10.0.1.1"}],
            "service_endpoints_routes[0].via: 10.0.1.1 is of another address family than 2001:db8::/64",
        ),
        (
            [{"prefix": "2001:db8::/64", "via": "fe80::1"}],
            "service_endpoints_routes[0].dev: is required: fe80::1 is a neighbour on every interface",
        ),
        (
            [{"prefix": "10.0.0.0/8", "via": "10.0.1.1", "dev": "eth0; reboot"}],
            "service_endpoints_routes[0].dev: 'eth0; reboot' is not the name of a network interface",
        ),
        (
            [*ROUTES, {"prefix": "172.31.9.34", "via": "10.0.1.9"}],
            "service_endpoints_routes[2].via: 172.31.9.34/32 goes via 10.0.1.1 already, by service_endpoints_routes[0]",
        ),
    ],
)
def test_a_route_that_cannot_be_is_refused_with_its_path(routes: list[Mapping[str, Any]], problem: str) -> None:
    assert plan(seen(), routes)["problems"] == [f"pc1: {problem}"]
    assert next_hops(routes) == []


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        ("10.0.1.1 via 172.31.0.1 dev eth0 src 172.31.9.34", "the host reaches it through 172.31.0.1"),
        ("RTNETLINK answers: Network is unreachable", "Network is unreachable"),
        ("local 10.0.1.1 dev lo src 10.0.1.1", "it is an address of the host itself"),
        ("unreachable 10.0.1.1 dev lo", "unreachable 10.0.1.1 dev lo"),
    ],
)
def test_a_next_hop_that_is_no_neighbour_is_refused(answer: str, trouble: str) -> None:
    assert plan(seen({"hop 10.0.1.1": answer}))["problems"] == [
        "pc1: service_endpoints_routes[0].via: 10.0.1.1, the next hop to 172.31.9.34/32, is no neighbour of this host "
        f"({trouble}); correct it, or bring up the interface that leads to it"
    ]


def test_a_missing_interface_is_named_with_those_there_are() -> None:
    text = seen({"hop 10.0.1.1%eth9": 'Cannot find device "eth9"'})
    assert plan(text, [{**ROUTES[0], "dev": "eth9"}])["problems"] == [
        "pc1: service_endpoints_routes[0].dev: no interface 'eth9' on this host (it has eth0, eth1)"
    ]


def test_a_host_without_ip_and_a_user_without_rights_are_told_apart() -> None:
    assert plan(seen(tools=""))["problems"] == ["pc1: has no `ip` to set routes with; install iproute2"]
    assert plan(seen(user="1000"))["problems"] == [
        "pc1: routes and settings can only be looked after by root; set become: true"
    ]
    assert plan(seen(user="1000"), [])["problems"] == []


def test_a_host_without_sysctl_is_refused_only_when_it_is_needed() -> None:
    text = seen(tools="ip")
    assert plan(text)["problems"] == []
    assert plan(text, [], forwarding=["ipv4"])["problems"] == ["pc1: has no `sysctl` to let it forward; install procps"]


def test_a_name_that_is_no_part_of_a_file_name_is_refused() -> None:
    assert plan(seen(), name="../etc")["problems"][0].startswith("pc1: service_endpoints_name: '../etc' is not a name")


def test_absent_routes_need_no_next_hop() -> None:
    unreachable = seen({"hop 10.0.1.1": "RTNETLINK answers: Network is unreachable"})
    found = plan(unreachable, [{**each, "state": "absent"} for each in ROUTES])
    assert found["problems"] == found["commands"] == []


# --- all of them ------------------------------------------------------------------------------------------

PREFIXES = st.one_of(
    st.ip_addresses(v=4).map(lambda each: f"{each}/32"), st.ip_addresses(v=6).map(lambda each: f"{each}/128")
)
STATES = st.sampled_from(
    [
        {"ifupdown": "eth0=eth0"},
        {"networkd": NETWORKD},
        {"networkmanager": "eth0:connected:mine"},
        {"networkd": NETWORKD.replace("10-a", "10-netplan-a"), "netplan": "a ethernets"},
        {"systemd": "252"},
        {},
    ]
)


@examples(100)
@given(prefixes=st.lists(PREFIXES, unique=True, max_size=6), manager=STATES)
def test_a_host_as_planned_needs_nothing_more_and_nothing_is_left_in_the_end(
    prefixes: list[str], manager: dict[str, str]
) -> None:
    hops = {"hop 10.0.1.1": "10.0.1.1 dev eth0", "hop fd00::1": "fd00::1 from :: dev eth0 proto kernel"}
    routes = [{"prefix": each, "via": "fd00::1" if ":" in each else "10.0.1.1"} for each in prefixes]
    first = plan(seen({**hops, **manager}), routes)
    assert len(first["commands"]) == len(routes)
    standing = "\n".join(f"{each['prefix']} via {each['via']} dev eth0 proto static" for each in routes)
    text = after(first, {**hops, **manager}, routes=standing)
    second = plan(text, routes)
    assert second["commands"] == second["gone"] == second["afterwards"] == second["directories"] == []
    assert second["files"] == first["files"]
    end = plan(text, [], state="absent")
    assert sorted(end["gone"]) == sorted(paths(first))
    assert len([each for each in end["commands"] if each["argv"][0] == "ip"]) == len(routes)


@examples(100)
@given(prefixes=st.lists(PREFIXES, unique=True, max_size=4), families=st.sets(st.sampled_from(["ipv4", "ipv6"])))
def test_user_data_is_yaml_with_one_script_that_a_shell_can_read(prefixes: list[str], families: set[str]) -> None:
    routes = [{"prefix": each, "via": "fd00::1" if ":" in each else "10.0.1.1"} for each in prefixes]
    text = cloud_config(routes, forwarding=families)
    assert text.startswith("#cloud-config\n")
    (file,) = yaml.safe_load(text)["write_files"]
    assert (file["path"], file["permissions"]) == ("/var/lib/cloud/scripts/per-boot/90-service-chain", "0755")
    subprocess.run(["sh", "-n"], input=file["content"], text=True, check=True)
    assert file["content"].count("route replace") == len(routes)
    assert file["content"].count("echo 1 >/proc/sys/net/ipv") == len(families)


def test_user_data_of_bad_routes_is_refused() -> None:
    with pytest.raises(IntentError, match="is not an IP address"):
        cloud_config([{"prefix": "10.0.0.0/8", "via": "nobody"}])


INTERFACES = st.one_of(
    st.sampled_from(["e$(id>x)", "e`id`", "e;id", "e'f", 'e"f', "e|f", "e&f", "e\x1b[2J", "e\u202ef", "-e", ".", "%i"]),
    st.text(st.characters(exclude_characters="/:@", exclude_categories=("Z", "Cc", "Cs")), min_size=1, max_size=15),
)  # fmt: skip
"""Names that a kernel gives to an interface, for it takes nearly any."""


@examples(80)
@given(name=INTERFACES, managed=st.sampled_from(["unit", "ifupdown", "networkmanager", "none"]))
def test_no_name_of_an_interface_gets_into_a_script_that_means_something_else(name: str, managed: str) -> None:
    text = seen(
        {"hop 10.0.1.1": f"10.0.1.1 dev {name} src 10.0.1.4 uid 0"},
        links=f"1: lo: <LOOPBACK>\n2: {name}: <UP>",
        systemd="252" if managed == "unit" else "",
        ifupdown=f"{name}={name}" if managed == "ifupdown" else "",
        networkmanager=f"{name}:connected:wired" if managed == "networkmanager" else "",
    )
    found = plan(text, ROUTES[:1])
    assert found["files"] or found["problems"]
    if found["files"]:
        assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.+-]*", name)
    else:
        (problem,) = found["problems"]
        assert problem.startswith("pc1: service_endpoints_routes[0].via: ") or "has no" in problem
        assert visible(problem) == problem
        assert not any(found[part] for part in ("commands", "files", "directories", "gone", "afterwards"))


def test_netplan_trial_is_a_script_that_a_shell_reads_and_that_leaves_nothing() -> None:
    (file,) = plan(seen(networkd=NETWORKD, netplan="lan vlans"), ROUTES[1:])["files"]
    shell, options, script, placeholder = shlex.split(file["validate"])
    assert (shell, options, placeholder) == ("sh", "-ec", "%s")
    subprocess.run(["sh", "-n", "-c", script], check=True)
