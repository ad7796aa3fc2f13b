# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Role service_endpoints on hosts whose interfaces are in the hands of real managers, reached over SSH.

One life of five hosts is lived once, each play on all of them together; the tests look at its stages.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from support.ssh_hosts import SshHost, obstacle

ROOT = Path(__file__).resolve().parents[2]
NETWORKD = "/lib/systemd/systemd-networkd"
NEEDED = ("netplan", "nmcli", "NetworkManager", "dbus-daemon", "ifup", "systemctl")

pytestmark = [
    pytest.mark.skipif(bool(obstacle(*NEEDED)), reason=obstacle(*NEEDED)),
    pytest.mark.skipif(not Path(NETWORKD).exists(), reason=f"this machine has no {NETWORKD}"),
]

# What a host's boot does to its network, and what somebody else has written in its /etc for that.
AWAIT = "until ip -4 route show | grep -q 10.0.2.0 && ip -6 route show | grep -q fd00:1:; do sleep 0.1; done\n"
SETTINGS = (
    "sysctl -q net.ipv4.ip_forward=0 net.ipv6.conf.all.forwarding=0 net.ipv6.conf.default.accept_dad=0\n"
    "/lib/systemd/systemd-sysctl --prefix=/net/ipv4/ip_forward --prefix=/net/ipv6/conf\n"
)
RUN_NETWORKD = (
    "mkdir -p /run/systemd/netif/links /run/systemd/netif/leases && chown -R systemd-network: /run/systemd/netif\n"
    f"{NETWORKD} >/run/networkd.log 2>&1 &\n"
)
NETWORK_FILE = "[Match]\nName={0}\n[Network]\nLinkLocalAddressing=no\nIPv6AcceptRA=no\n{1}\n"
CONNECTION = """\
# of somebody else
[connection]
id={0}
type=ethernet
interface-name={0}
[ipv4]
method=manual
address1={1}
[ipv6]
{2}
"""
NETPLAN = """\
network:  # of somebody else
  version: 2
  ethernets:
    eth0: {addresses: [10.0.1.4/24, "fd00:1::4/64"], link-local: []}
    lan:
      match: {name: eth1}
      addresses: [10.0.2.4/24]
      link-local: []
      routes: [{to: 192.0.2.0/24, via: 10.0.2.9}]
"""
INTERFACES = """\
auto eth0 eth1
iface eth0 inet static
  address 10.0.1.4/24
iface eth0 inet6 static
  address fd00:1::4/64
iface eth1 inet static
  address 10.0.2.4/24
  up ip route add 192.0.2.0/24 via 10.0.2.9
"""
KINDS: dict[str, tuple[dict[str, str], str]] = {
    "netplan": (
        {"netplan/50-cloud-init.yaml": NETPLAN},
        f"netplan generate\n{RUN_NETWORKD}",
    ),
    "systemd-networkd": (
        {
            "systemd/network/10-eth0.network": NETWORK_FILE.format("eth0", "Address=10.0.1.4/24\nAddress=fd00:1::4/64"),
            "systemd/network/20-lan.network": NETWORK_FILE.format(
                "eth1", "Address=10.0.2.4/24\n[Route]\nDestination=192.0.2.0/24\nGateway=10.0.2.9"
            ),
        },
        RUN_NETWORKD,
    ),
    "networkmanager": (
        {
            "NetworkManager/system-connections/eth0.nmconnection": CONNECTION.format(
                "eth0", "10.0.1.4/24", "method=manual\naddress1=fd00:1::4/64"
            ),
            "NetworkManager/system-connections/eth1.nmconnection": CONNECTION.format(
                "eth1", "10.0.2.4/24\nroute1=192.0.2.0/24,10.0.2.9", "method=disabled"
            ),
            "NetworkManager/conf.d/lab.conf": "[main]\nplugins=keyfile\nno-auto-default=*\n",
            "network/interfaces": "",
        },
        "dbus-daemon --system --fork\nNetworkManager --no-daemon >/run/networkmanager.log 2>&1 &\n",
    ),
    "ifupdown": ({"network/interfaces": INTERFACES}, "ifup -a >/dev/null\n"),
    "none": (
        {},
        "ip link set eth0 up && ip link set eth1 up && ip addr add 10.0.1.4/24 dev eth0\n"
        "ip addr add fd00:1::4/64 dev eth0 && ip addr add 10.0.2.4/24 dev eth1\n"
        "ip route add 192.0.2.0/24 via 10.0.2.9\n",
    ),
}
LASTING = [kind for kind in KINDS if kind != "none"]

ROUTES = [
    {"prefix": "172.31.9.34/32", "via": "10.0.1.1"},
    {"prefix": "2001:db8:1::/64", "via": "fd00:1::1"},
    {"prefix": "172.31.8.198/32", "via": "10.0.2.1"},
]
SET = {
    "172.31.9.34 via 10.0.1.1 dev eth0",
    "2001:db8:1::/64 via fd00:1::1 dev eth0",
    "172.31.8.198 via 10.0.2.1 dev eth1",
}
OF_OTHERS = {"192.0.2.0/24 via 10.0.2.9 dev eth1"}
FORWARDING = ["net.ipv4.ip_forward", "net.ipv6.conf.all.forwarding"]


@dataclass(frozen=True)
class Run:
    """What a play said."""

    status: int
    output: str

    def changed(self, host: str) -> int:
        """Return how many tasks changed something on a host."""
        found = re.search(rf"^{host}\s+: ok=\d+\s+changed=(\d+)", self.output, re.MULTILINE)
        assert found, self.output
        return int(found[1])


@dataclass(frozen=True)
class Seen:
    """A host at one time."""

    routes: set[str]
    files: dict[str, tuple[str, str]]
    forwarding: list[str]
    run: list[str]


@dataclass
class Bed:
    """Hosts, and a playbook with nothing but the role."""

    directory: Path
    hosts: dict[str, SshHost] = field(default_factory=dict)

    def play(self, *arguments: str, limit: Sequence[str] = (), **variables: Any) -> Run:
        """Run the role with these variables on the hosts."""
        reached = {name: host.inventory() for name, host in self.hosts.items() if not limit or name in limit}
        inventory = self.directory / "inventory.json"
        inventory.write_text(json.dumps({"all": {"hosts": reached}}))
        given = {"service_endpoints_routes": ROUTES, "service_endpoints_forwarding": ["ipv4", "ipv6"], **variables}
        environment = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")} | {
            "NO_COLOR": "1",
            "ANSIBLE_PIPELINING": "1",
            "ANSIBLE_SSH_CONTROL_PATH_DIR": str(self.directory / "cp"),
        }
        command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", str(inventory), *arguments]
        done = subprocess.run(
            [*command, "--extra-vars", json.dumps(given), str(self.directory / "play.yml")],
            cwd=ROOT, env=environment, check=False, text=True, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        assert "Traceback" not in done.stdout, done.stdout
        return Run(done.returncode, done.stdout)

    def good(self, *arguments: str, **variables: Any) -> Run:
        """Run the role on all hosts; it must end well."""
        run = self.play(*arguments, **variables)
        assert run.status == 0, run.output
        return run

    def look(self) -> dict[str, Seen]:
        """Return what all hosts are like."""
        return {
            name: Seen(
                host.routes(),
                host.files(),
                [host.run(f"sysctl -n {key}").strip() for key in FORWARDING],
                host.run("find /run/service-chain /run/sysctl.d -type f 2>/dev/null || :").split(),
            )
            for name, host in self.hosts.items()
        }


@pytest.fixture(scope="module")
def bed() -> Iterator[Bed]:
    """One host of each kind, booted."""
    directory = Path(tempfile.mkdtemp(prefix="sc-hosts-", dir="/tmp"))  # short, for the sake of ssh's sockets
    (directory / "play.yml").write_text(
        "- hosts: all\n  gather_facts: false\n  roles: [opencontrail.service_chain.service_endpoints]\n"
    )
    found = Bed(directory)
    try:
        for kind, (files, start) in KINDS.items():
            found.hosts[kind] = SshHost(kind, directory / kind, files, f"{SETTINGS}{start}{AWAIT}")
        for host in found.hosts.values():
            host.boot()
        yield found
    finally:
        for host in found.hosts.values():
            host.end()
        shutil.rmtree(directory)


@dataclass(frozen=True)
class Life:
    """The runs and what the hosts were like after each."""

    runs: dict[str, Run]
    seen: dict[str, dict[str, Seen]]


@pytest.fixture(scope="module")
def life(bed: Bed) -> Life:
    """Check mode, the run, a second one, a reboot, a run after it, one with other routes, and the end."""
    runs: dict[str, Run] = {}
    seen = {"before": bed.look()}

    def stage(name: str, *arguments: str, **variables: Any) -> None:
        runs[name] = bed.good(*arguments, **variables)
        seen[name] = bed.look()

    stage("check", "--check", "--diff")
    stage("first")
    stage("second")
    for host in bed.hosts.values():
        host.reboot()
    seen["rebooted"] = bed.look()
    stage("again")
    stage("fewer", service_endpoints_routes=[{"prefix": "172.31.9.34/32", "via": "10.0.1.9"}])
    stage("absent", service_endpoints_state="absent")
    stage("absent again", service_endpoints_state="absent")
    return Life(runs, seen)


@pytest.mark.parametrize("kind", KINDS)
def test_check_mode_tells_all_and_changes_nothing(life: Life, kind: str) -> None:
    assert life.seen["check"][kind] == life.seen["before"][kind]
    assert life.runs["check"].changed(kind) == life.runs["first"].changed(kind) > 0


@pytest.mark.parametrize("kind", KINDS)
def test_the_routes_are_set_and_the_host_forwards(life: Life, kind: str) -> None:
    assert life.seen["before"][kind].routes == OF_OTHERS
    assert life.seen["first"][kind].routes == SET | OF_OTHERS
    assert life.seen["first"][kind].forwarding == ["1", "1"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_second_run_changes_nothing(life: Life, kind: str) -> None:
    assert life.runs["second"].changed(kind) == 0, life.runs["second"].output
    assert life.seen["second"][kind] == life.seen["first"][kind]


@pytest.mark.parametrize("kind", KINDS)
def test_files_of_others_stay_as_they_are(life: Life, kind: str) -> None:
    for stage in life.seen.values():
        files = stage[kind].files
        assert {path: files[path] for path in life.seen["before"][kind].files} == life.seen["before"][kind].files


@pytest.mark.parametrize("kind", LASTING)
def test_a_reboot_leaves_the_routes_and_the_forwarding(life: Life, kind: str) -> None:
    assert life.seen["rebooted"][kind].routes == SET | OF_OTHERS
    assert life.seen["rebooted"][kind].forwarding == ["1", "1"]
    assert life.runs["again"].changed(kind) == 0


def test_without_a_manager_the_routes_last_until_the_next_boot_and_that_is_said(life: Life) -> None:
    assert "none: the routes of eth0 last until the next boot" in life.runs["first"].output
    assert not [path for path in life.seen["first"]["none"].files if "sysctl" not in path]
    assert life.seen["rebooted"]["none"].routes == OF_OTHERS
    assert life.seen["again"]["none"].routes == SET | OF_OTHERS


@pytest.mark.parametrize("kind", KINDS)
def test_routes_that_are_wanted_no_more_go(life: Life, kind: str) -> None:
    assert life.seen["fewer"][kind].routes == {"172.31.9.34 via 10.0.1.9 dev eth0"} | OF_OTHERS
    held = [content for path, (_mode, content) in life.seen["fewer"][kind].files.items() if "service-chain" in path]
    assert not [content for content in held if "172.31.8.198" in content or "10.0.1.1" in content.split()]


@pytest.mark.parametrize("kind", KINDS)
def test_in_the_end_nothing_of_ours_is_left(life: Life, kind: str) -> None:
    assert life.seen["absent"][kind] == life.seen["before"][kind]
    assert life.runs["absent again"].changed(kind) == 0


def test_each_host_was_taken_for_what_it_is(life: Life) -> None:
    paths = {
        kind: [path for path in stage.files if "service-chain" in path and "sysctl" not in path]
        for kind, stage in life.seen["first"].items()
    }
    assert paths == {
        "netplan": ["netplan/90-service-chain-eth0.yaml", "netplan/90-service-chain-eth1.yaml"],
        "systemd-networkd": [
            "systemd/network/10-eth0.network.d/90-service-chain.conf",
            "systemd/network/20-lan.network.d/90-service-chain.conf",
        ],
        "networkmanager": [
            "NetworkManager/dispatcher.d/90-service-chain-eth0",
            "NetworkManager/dispatcher.d/90-service-chain-eth1",
        ],
        "ifupdown": ["network/if-up.d/service-chain-eth0", "network/if-up.d/service-chain-eth1"],
        "none": [],
    }


@pytest.mark.parametrize(
    ("variables", "line"),
    [
        (
            {"service_endpoints_routes": [{"prefix": "172.31.9.34/32", "via": "10.9.9.9"}]},
            "none: service_endpoints_routes[0].via: 10.9.9.9, the next hop to 172.31.9.34/32, is no neighbour of this "
            "host (Network is unreachable); correct it, or bring up the interface that leads to it",
        ),
        (
            {"service_endpoints_persistence": "netplan"},
            "none: service_endpoints_persistence: netplan is asked for, but netplan does not manage eth0; "
            "auto takes what does",
        ),
        (
            {"service_endpoints_persistence": "netpaln"},
            "value of service_endpoints_persistence must be one of: auto, netplan, systemd-networkd, networkmanager, "
            "ifupdown, unit, none, got: netpaln",
        ),
    ],
)
def test_what_cannot_be_done_is_refused_in_one_line_and_nothing_is_changed(
    bed: Bed, variables: dict[str, Any], line: str
) -> None:
    before = bed.look()["none"]
    refused = bed.play(limit=["none"], **variables)
    assert refused.status != 0
    assert line in refused.output
    assert bed.look()["none"] == before
