# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real kernel drops packets that it would answer by another interface, until the role's plan is carried out."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.hosts.plan import host_plan, next_hops

LOOK = Path(__file__).resolve().parents[2] / "roles/service_endpoints/files/look.sh"
PYTHON = shlex.quote(sys.executable)
SOURCES = [{"prefix": "172.31.9.34/32", "via": "10.0.1.1"}]
# pc2 gets packets of pc1 by eth0, and has its default route by eth1.
NETWORK = """
dir=$(mktemp -d) && trap 'rm -rf $dir' EXIT
unshare -n sleep 60 & far=$!
until [ "$(readlink /proc/$far/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.05; done
ip link add eth0 type veth peer name near0 netns $far && ip link add eth1 type veth peer name near1 netns $far
ip addr add 10.0.1.4/24 dev eth0 && ip addr add 10.0.2.4/24 dev eth1 && ip link set eth0 up && ip link set eth1 up
ip route add default via 10.0.2.1
inside() { nsenter --net=/proc/$far/ns/net "$@"; }
inside ip link set near0 up && inside ip link set near1 up && inside ip link set lo up
inside ip addr add 10.0.1.1/24 dev near0 && inside ip addr add 10.0.2.1/24 dev near1
inside ip addr add 172.31.9.34/32 dev lo
sysctl -q -w net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.eth0.rp_filter=1
inside sysctl -q -w net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.near0.rp_filter=0 net.ipv4.conf.near1.rp_filter=0
"""
# One datagram from the source, which the host receives or does not.
RECEIVE = """
import socket
taken = socket.socket(type=socket.SOCK_DGRAM)
taken.bind(("10.0.1.4", 7))
taken.settimeout(2)
print("listening", flush=True)
try:
    taken.recv(1)
    print("received")
except TimeoutError:
    print("lost")
"""
SEND = """
import socket
source = socket.socket(type=socket.SOCK_DGRAM)
source.bind(("172.31.9.34", 7))
source.sendto(b"x", ("10.0.1.4", 7))
"""
DATAGRAM = f"""
mkfifo $dir/said && {{ {PYTHON} -c {shlex.quote(RECEIVE)} >$dir/said & }}
{{ read -r listening; inside {PYTHON} -c {shlex.quote(SEND)}; cat; }} <$dir/said
rm $dir/said
"""


def run(*commands: str) -> str:
    """Run commands in a network of their own, and return what they print."""
    script = "\n".join([NETWORK, *commands, "kill $far"])
    command = ["unshare", "--user", "--map-root-user", "--net", "sh", "-c", script]
    done = subprocess.run(command, text=True, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.skipif(
    not all(map(shutil.which, ("unshare", "nsenter", "ip", "sysctl"))), reason="needs util-linux, iproute2 and procps"
)
def test_packets_of_a_chain_pass_a_strict_host_once_its_plan_is_carried_out() -> None:
    look = shlex.join(["sh", str(LOOK), "service-chain", *next_hops([], SOURCES)])
    plan = host_plan(run(look), [], host="pc2", sources=SOURCES)
    assert plan["problems"] == [], json.dumps(plan)
    set_ = [shlex.join(each["argv"]) for each in plan["commands"]]
    assert run(DATAGRAM, *set_, DATAGRAM).split() == ["lost", "received"]
