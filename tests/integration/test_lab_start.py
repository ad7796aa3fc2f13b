# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab as a process: how it starts and ends, what it keeps, and its hosts as Ansible enters them."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from jnpr.junos import Device
from lab.fixture import TESTS, Lab, running_lab

PC1_ROUTE = "ip route add 172.31.8.198/32 via 172.31.10.57"


def ask(url: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """GET, or POST a body, and return the answer."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as response:
        answer: dict[str, Any] = json.load(response)
        return answer


def run_in(lab: Lab, host: str, command: str) -> str:
    """Run a shell command in a lab host and return what it printed."""
    done = subprocess.run(
        [str(lab.shell(host)), "-c", command], capture_output=True, text=True, timeout=20, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def make_network(lab: Lab, name: str) -> None:
    fq_name = ["default-domain", "default-project", name]
    ask(
        f"{lab.contrail_url}/virtual-networks",
        {"virtual-network": {"fq_name": fq_name, "parent_type": "project"}},
    )


def start(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "lab", *arguments],
        env={**os.environ, "PYTHONPATH": str(TESTS)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_daemons_act_soon_after_a_write(fresh_lab: Lab) -> None:
    make_network(fresh_lab, "vn1")
    fresh_lab.settle()
    (instance,) = [item for item in fresh_lab.state()["contrail"]["routing-instance"] if item["fq_name"][2] == "vn1"]
    assert [one["to"] for one in instance["route_target_refs"]] == [["target:64512:8000004"]]


def test_router_is_reached_with_its_recorded_host_key(fresh_lab: Lab, tmp_path: Path) -> None:
    config = tmp_path / "ssh_config"
    config.write_text(f"Host *\n  UserKnownHostsFile {fresh_lab.known_hosts}\n  StrictHostKeyChecking yes\n")
    with Device(
        host="127.0.0.1",
        port=fresh_lab.netconf_port,
        user="lab",
        password="lab-router-password",
        hostkey_verify=True,
        ssh_config=str(config),
        gather_facts=False,
    ) as device:
        table = device.rpc.get_route_information(table="inet.0")
    assert table.findtext(".//destination-count") == "3"
    assert fresh_lab.counters()["junos"]["sessions"] == 1


def test_reset_brings_the_fresh_state_and_counters_back(lab: Lab) -> None:
    lab.reset()
    fresh = {kind: {tuple(item["fq_name"]) for item in items} for kind, items in lab.state()["contrail"].items()}
    make_network(lab, "vn1")
    run_in(lab, "pc1", f"{PC1_ROUTE}; touch /etc/made-here")
    assert lab.counters()["contrail"]["writes"] == 1
    lab.reset()
    assert lab.counters()["contrail"] == {"reads": 0, "writes": 0}
    assert fresh == {
        kind: {tuple(item["fq_name"]) for item in items} for kind, items in lab.state()["contrail"].items()
    }
    assert "172.31.8.198" not in run_in(lab, "pc1", "ip route; ls /etc/made-here 2>/dev/null || true")


def test_faults_strike_until_they_are_taken_back(fresh_lab: Lab) -> None:
    fresh_lab.set_faults([{"server": "contrail", "kind": "status", "status": 503, "match": {"method": "GET"}}])
    with pytest.raises(urllib.error.HTTPError, match="503"):
        ask(fresh_lab.contrail_url)
    fresh_lab.set_faults([])
    assert ask(fresh_lab.contrail_url)["links"]


def test_unknown_faults_are_refused(fresh_lab: Lab) -> None:
    for fault in ({"server": "nobody", "kind": "drop"}, {"server": "guest", "kind": "sleepy"}):
        with pytest.raises(urllib.error.HTTPError, match="400"):
            fresh_lab.set_faults([fault])


def test_hosts_have_networks_of_their_own(fresh_lab: Lab) -> None:
    assert "172.31.9.34/20" in run_in(fresh_lab, "pc1", "ip -4 addr show eth0")
    run_in(fresh_lab, "pc1", PC1_ROUTE)
    assert "172.31.8.198 via 172.31.10.57" in run_in(fresh_lab, "pc1", "ip route")
    assert "172.31.8.198" not in run_in(fresh_lab, "pc2", "ip route show via 172.31.10.57")
    real = subprocess.run(["ip", "route"], capture_output=True, text=True, check=True).stdout
    assert "172.31.8.198" not in real


def test_hosts_leave_the_real_machine_alone(fresh_lab: Lab) -> None:
    run_in(fresh_lab, "pc1", "echo lab > /etc/service-chain-lab-test")
    assert not Path("/etc/service-chain-lab-test").exists()
    assert "Read-only" in run_in(fresh_lab, "pc1", "touch /usr/service-chain-lab-test 2>&1 || true")
    assert run_in(fresh_lab, "1-to-2", "cat /proc/sys/net/ipv4/ip_forward; hostname").split() == [
        "1",
        "1-to-2",
    ]


def test_ansible_changes_the_compute_nodes_configuration(fresh_lab: Lab, tmp_path: Path) -> None:
    playbook = tmp_path / "play.yml"
    playbook.write_text(
        """
- hosts: compute1
  gather_facts: false
  tasks:
    - community.general.ini_file:
        path: /etc/kolla/nova-compute/nova.conf
        section: libvirt
        option: virt_type
        value: qemu
      register: written
    - ansible.builtin.command: docker restart nova_compute
      when: written is changed
    - ansible.builtin.command: docker exec -u root nova_compute cat /etc/nova/nova.conf
      register: inside
    - ansible.builtin.assert:
        that: "'virt_type = qemu' in inside.stdout"
""",
        encoding="utf-8",
    )
    inventory = tmp_path / "hosts.yml"
    inventory.write_text(
        "all:\n  hosts:\n    compute1:\n      ansible_connection: local\n"
        f"      ansible_shell_executable: {fresh_lab.shell('compute1')}\n"
        f"      ansible_remote_tmp: {fresh_lab.directory}/hosts/compute1/home/.ansible/tmp\n"
        f"      ansible_python_interpreter: {sys.executable}\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [str(Path(sys.executable).with_name("ansible-playbook")), "-i", str(inventory), str(playbook)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert not Path("/etc/kolla").exists()
    container = fresh_lab.directory / "hosts/compute1/containers/nova_compute/container.json"
    assert json.loads(container.read_text(encoding="utf-8"))["Restarts"] == 1


def test_state_survives_a_restart(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    with running_lab(tmp_path / "lab", "--no-hosts", "--state", str(state)) as first:
        make_network(first, "kept")
    with running_lab(tmp_path / "lab", "--no-hosts", "--state", str(state)) as second:
        names = {item["fq_name"][-1] for item in second.state()["contrail"]["virtual-network"]}
    assert "kept" in names


def test_broken_state_is_named(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    state.write_text("{}", encoding="utf-8")
    said = start("--directory", str(tmp_path), "--no-hosts", "--state", str(state)).communicate(timeout=30)[1]
    assert f"{state} holds no state of a lab" in said
    assert state.read_text(encoding="utf-8") == "{}"


def test_taken_port_is_one_clear_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = start("--directory", str(tmp_path), "--no-hosts", "--contrail-port", str(port))
        said = process.communicate(timeout=30)[1]
    assert process.returncode == 1
    assert said.startswith(f"lab: port {port} cannot be had")
    assert len(said.splitlines()) == 1
    assert not (tmp_path / "ready.json").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_ends_the_lab_and_its_hosts(tmp_path: Path, number: int) -> None:
    with running_lab(tmp_path / "lab") as running:
        pid = int((running.directory / "hosts/pc1/pid").read_text(encoding="utf-8").split()[0])
        os.kill(running.pid, number)
    assert not Path(f"/proc/{pid}").exists()
    assert not (tmp_path / "lab" / "ready.json").exists()
    refused = subprocess.run([str(running.shell("pc1")), "-c", "true"], capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    assert refused.stderr == "lab host pc1 is not running\n"


def test_hosts_end_even_if_the_lab_is_killed(tmp_path: Path) -> None:
    with running_lab(tmp_path / "lab") as running:
        pid = int((running.directory / "hosts/pc1/pid").read_text(encoding="utf-8").split()[0])
        descriptor = os.pidfd_open(pid)
        os.kill(running.pid, signal.SIGKILL)
        readable, _unused, _unused = select.select([descriptor], [], [], 10)
        assert readable


def test_a_state_that_was_kept_comes_back_in_another_lab(tmp_path: Path) -> None:
    looks = (
        (
            "pc1",
            "ip route; cat /etc/sysctl.d/ours.conf /run/ours/file; "
            "sysctl -n net.ipv4.ip_forward net.ipv4.conf.all.rp_filter",
        ),
        ("pc1", "ip -6 route show 2001:db8::/32"),
        ("compute1", "cat /etc/kolla/nova-compute/nova.conf; docker inspect nova_compute"),
    )
    with running_lab(tmp_path / "first") as lab:
        fresh = run_in(lab, "pc1", "ip route")
        make_network(lab, "mine")
        run_in(
            lab,
            "pc1",
            f"{PC1_ROUTE}; ip -6 route add 2001:db8::/32 dev lo; echo ours > /etc/sysctl.d/ours.conf; "
            "mkdir /run/ours; echo here > /run/ours/file; "
            "sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=2",
        )
        run_in(lab, "compute1", "echo '# ours' >> /etc/kolla/nova-compute/nova.conf; docker restart nova_compute")
        lab.settle()
        state, shown = lab.state(), [run_in(lab, *look) for look in looks]
        lab.keep(tmp_path / "kept")
        lab.reset()
        assert run_in(lab, "pc1", "ip route") == fresh
    with running_lab(tmp_path / "second") as other:
        other.set_faults([{"server": "router", "kind": "session_down"}])
        other.restore(tmp_path / "kept")
        again = other.state()
        for part in ("contrail", "routers", "chains"):
            assert again[part] == state[part]
        assert [run_in(other, *look) for look in looks] == shown
