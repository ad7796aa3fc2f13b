"""Pings through a real service guest: three network namespaces in a row, driven by Ansible as a user drives it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from models.report_sites import reference_model

ROOT = Path(__file__).resolve().parents[2]
PLAYBOOK = [
    {
        "name": "Ping through the chains",
        "hosts": "localhost",
        "gather_facts": False,
        "tasks": [
            {
                "name": "Ping through the chains",
                "ansible.builtin.include_role": {
                    "name": "opencontrail.service_chain.chain_verify",
                    "tasks_from": "ping",
                },
            }
        ],
    }
]


@dataclass(frozen=True)
class Bed:
    """pc1 and pc2 with the guest 1-to-2 between them, each a namespace."""

    directory: Path
    names: dict[str, str]

    def inside(self, host: str, *command: str) -> str:
        """Run a command in a host and return what it prints."""
        done = subprocess.run(["ip", "netns", "exec", self.names[host], *command], check=True, capture_output=True)
        return done.stdout.decode().strip()

    def forwards(self) -> bool:
        """Whether the guest forwards."""
        return self.inside("1-to-2", "sysctl", "-n", "net.ipv4.ip_forward") == "1"

    def play(self, **variables: object) -> subprocess.CompletedProcess[str]:
        """Run the playbook."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")}
        environment |= {"ANSIBLE_NOCOLOR": "1", "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg")}
        given = {"chain_verify_intent": reference_model(), **variables}
        return subprocess.run(
            [
                str(Path(sys.executable).with_name("ansible-playbook")), "-i", str(self.directory / "hosts.yml"),
                str(self.directory / "ping.yml"), "--extra-vars", json.dumps(given),
            ],
            cwd=ROOT, env=environment, check=False, text=True, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip


@pytest.fixture
def bed(tmp_path: Path) -> Iterator[Bed]:
    """The three hosts, with routes through the guest."""
    missing = [each for each in ("ip", "ping", "sysctl", "nohup") if shutil.which(each) is None]
    if os.geteuid() != 0 or missing:
        pytest.skip(f"network namespaces need root, and {' '.join(missing) or 'nothing else'} that is not here")
    names = {host: f"{host}-{uuid.uuid4().hex[:6]}" for host in ("pc1", "1-to-2", "pc2")}
    made = Bed(tmp_path, names)
    try:
        for name in names.values():
            if subprocess.run(["ip", "netns", "add", name], check=False, capture_output=True).returncode:
                pytest.skip("this machine makes no network namespaces")
        _wire(made, "pc1", "172.31.9.34", "left")
        _wire(made, "pc2", "172.31.8.198", "right")
        made.inside("1-to-2", "sysctl", "-q", "-w", "net.ipv4.ip_forward=1")
        _describe(made)
        yield made
    finally:
        for name in names.values():
            subprocess.run(["ip", "netns", "delete", name], check=False, capture_output=True)


def _wire(bed: Bed, host: str, address: str, side: str) -> None:
    """Join a host to a side of the guest."""
    near, guest = bed.names[host], bed.names["1-to-2"]
    subprocess.run(
        ["ip", "link", "add", "eth0", "netns", near, "type", "veth", "peer", "name", side, "netns", guest], check=True
    )
    for name, link, own in ((near, "eth0", address), (guest, side, "169.254.1.1")):
        for command in (f"address add {own}/32 dev {link}", f"link set {link} up"):
            subprocess.run(["ip", "-n", name, *command.split()], check=True)
    subprocess.run(["ip", "-n", near, "route", "add", "169.254.1.1/32", "dev", "eth0"], check=True)
    subprocess.run(["ip", "-n", near, "route", "add", "default", "via", "169.254.1.1"], check=True)
    subprocess.run(["ip", "-n", guest, "route", "add", f"{address}/32", "dev", side], check=True)


def _describe(bed: Bed) -> None:
    hosts = {}
    for host, name in bed.names.items():
        shell = bed.directory / f"{host}.sh"
        shell.write_text(f'#!/bin/sh\nexec ip netns exec {name} /bin/sh "$@"\n')
        shell.chmod(0o755)
        hosts[host] = {"ansible_shell_executable": str(shell)}
    variables = {
        "ansible_connection": "local", "ansible_python_interpreter": sys.executable, "ansible_become": False,
    }  # fmt: skip
    inventory = {"all": {"hosts": {"localhost": None}, "children": {"namespaces": {"hosts": hosts}}, "vars": variables}}
    (bed.directory / "hosts.yml").write_text(yaml.safe_dump(inventory))
    (bed.directory / "ping.yml").write_text(yaml.safe_dump(PLAYBOOK))


def test_pings_go_through_the_guest_and_stop_while_it_does_not_forward(bed: Bed) -> None:
    done = bed.play(chain_verify_negative_proof=True)
    assert done.returncode == 0, done.stdout
    assert "2 pings were answered, and 2 were not while the service did not forward" in done.stdout
    assert "changed=0" in done.stdout
    assert bed.forwards()


def test_a_lost_ping_fails_with_the_hosts_name(bed: Bed) -> None:
    bed.inside("pc2", "ip", "route", "delete", "default")
    done = bed.play()
    assert done.returncode != 0
    assert "pc1 does not reach 172.31.8.198 through chain vn1-to-vn2" in done.stdout


def test_pings_that_go_around_the_service_are_told_and_forwarding_comes_back(bed: Bed) -> None:
    near, far = bed.names["pc1"], bed.names["pc2"]
    subprocess.run(
        ["ip", "link", "add", "past", "netns", near, "type", "veth", "peer", "name", "past", "netns", far], check=True
    )
    for name, other in ((near, "172.31.8.198"), (far, "172.31.9.34")):
        subprocess.run(["ip", "-n", name, "link", "set", "past", "up"], check=True)
        subprocess.run(["ip", "-n", name, "route", "add", f"{other}/32", "dev", "past"], check=True)
    done = bed.play(chain_verify_negative_proof=True)
    assert done.returncode != 0
    assert "pc1 reaches 172.31.8.198 although 1-to-2 does not forward" in done.stdout
    assert bed.forwards()
