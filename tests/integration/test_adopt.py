# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A chain that was made by hand, with the official client and over NETCONF, is taken over, and nothing changes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from jnpr.junos import Device
from jnpr.junos.utils.config import Config
from lab.fixture import Lab, running_lab
from playbook_run import ROOT, passed, play

vnc_api = pytest.importorskip("vnc_api.vnc_api")

PROJECT = ["default-domain", "default-project"]
STEPS = "networks,routers,services,policies,verify"


def make_objects(url: str) -> None:
    """Make networks, ports, service and policy of the reference scenario as somebody else would."""
    server = urlsplit(url)
    api = vnc_api.VncApi(api_server_host=server.hostname, api_server_port=server.port, auth_type="noauth")
    project = api.project_read(PROJECT)
    ipam = api.network_ipam_read([*PROJECT, "default-network-ipam"])
    networks, ports = {}, {}
    for number in (1, 2):
        network = vnc_api.VirtualNetwork(
            f"vn{number}", project, route_target_list=vnc_api.RouteTargetList([f"target:64512:{number}"])
        )
        subnet = vnc_api.IpamSubnetType(
            subnet=vnc_api.SubnetType(f"10.0.{number}.0", 24), default_gateway=f"10.0.{number}.1", addr_from_start=True
        )
        network.add_network_ipam(ipam, vnc_api.VnSubnetsType([subnet]))
        api.virtual_network_create(network)
        networks[number] = network
    for name, number, address, machine in (
        ("vm1", 1, "10.0.1.3", "vm1"), ("vm2", 2, "10.0.2.3", "vm2"),
        ("1-to-2-left", 1, "10.0.1.4", "1-to-2"), ("1-to-2-right", 2, "10.0.2.4", "1-to-2"),
    ):
        port = vnc_api.VirtualMachineInterface(name, project)
        port.add_virtual_network(networks[number])
        if name.startswith("1-to-2"):
            side = name.rpartition("-")[2]
            port.virtual_machine_interface_properties = vnc_api.VirtualMachineInterfacePropertiesType(side)
        try:
            owner = api.virtual_machine_read([machine])
        except vnc_api.NoIdError:
            owner = vnc_api.VirtualMachine(machine)
            api.virtual_machine_create(owner)
        port.add_virtual_machine(owner)
        api.virtual_machine_interface_create(port)
        held = vnc_api.InstanceIp(name, instance_ip_address=address)
        held.add_virtual_network(networks[number])
        held.add_virtual_machine_interface(port)
        api.instance_ip_create(held)
        ports[name] = port
    interfaces = [vnc_api.ServiceTemplateInterfaceType(side) for side in ("left", "right")]
    template = vnc_api.ServiceTemplate(
        "in-net", api.domain_read(PROJECT[:1]),
        service_template_properties=vnc_api.ServiceTemplateType(
            version=2, service_mode="in-network", service_type="firewall", interface_type=interfaces,
            service_virtualization_type="virtual-machine",
        ),
    )
    api.service_template_create(template)
    sides = [vnc_api.ServiceInstanceInterfaceType(network.get_fq_name_str()) for network in networks.values()]
    instance = vnc_api.ServiceInstance("1-to-2", project, vnc_api.ServiceInstanceType(interface_list=sides))
    instance.add_service_template(template)
    api.service_instance_create(instance)
    tuple_ = vnc_api.PortTuple("pt1", instance)
    api.port_tuple_create(tuple_)
    for name in ("1-to-2-left", "1-to-2-right"):
        ports[name].add_port_tuple(tuple_)
        api.virtual_machine_interface_update(ports[name])
    ends = [vnc_api.AddressType(virtual_network=network.get_fq_name_str()) for network in networks.values()]
    rule = vnc_api.PolicyRuleType(
        direction="<>", protocol="any", src_addresses=ends[:1], dst_addresses=ends[1:],
        src_ports=[vnc_api.PortType(-1, -1)], dst_ports=[vnc_api.PortType(-1, -1)],
        action_list=vnc_api.ActionListType("pass", apply_service=[instance.get_fq_name_str()]),
    )
    policy = vnc_api.NetworkPolicy("through-1-to-2", project, vnc_api.PolicyEntriesType([rule]))
    api.network_policy_create(policy)
    for network in networks.values():
        network.add_network_policy(policy, vnc_api.VirtualNetworkPolicyType(vnc_api.SequenceType(0, 0)))
        api.virtual_network_update(network)


def configure_router(lab: Lab) -> None:
    """Load the router's part of the scenario as somebody at its prompt would."""
    device = Device("127.0.0.1", port=lab.netconf_port, user="lab", passwd="lab-router-password", gather_facts=False)
    with device, Config(device, mode="exclusive") as candidate:
        candidate.load(path=str(ROOT / "tests" / "golden" / "vmx-reference.xml"), format="xml")
        candidate.commit()


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A lab in which somebody made the chain by hand."""
    with running_lab(tmp_path_factory.mktemp("lab")) as running:
        make_objects(running.contrail_url)
        configure_router(running)
        running.settle()
        yield running


@pytest.fixture(scope="module")
def adopted(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file that the playbook wrote about it."""
    file = tmp_path_factory.mktemp("adopted") / "chains.yml"
    before = lab.counters()
    done = passed(play(lab, "playbooks/adopt.yml", service_chain_adopt_file=str(file)))
    after = lab.counters()
    assert done.changed == {"localhost": 1, "vmx1": 0}, done.output  # the file, and nothing else
    assert after["contrail"]["writes"] == before["contrail"]["writes"]
    assert after["junos"].get("commits", 0) == before["junos"].get("commits", 0)
    return file


def test_the_variables_describe_the_chain(adopted: Path) -> None:
    found: dict[str, Any] = yaml.safe_load(adopted.read_text())

    assert found == {
        "service_chain_networks": {
            "vn1": {"subnets": [{"cidr": "10.0.1.0/24"}], "route_target": "64512:1"},
            "vn2": {"subnets": [{"cidr": "10.0.2.0/24"}], "route_target": "64512:2"},
        },
        "service_chain_services": {
            "1-to-2": {
                "mode": "in-network",
                "template": "in-net",
                "members": [{"left": "1-to-2-left", "right": "1-to-2-right", "name": "pt1"}],
            }
        },
        "service_chain_routers": {
            "vmx1": {
                "filters": [
                    {"name": "ge000_to_dcrouter", "interfaces": ["ge-0/0/0.0"], "default_term": "t2"},
                ],
            }
        },
        "service_chains": {
            "through-1-to-2": {
                "left": {"network": "vn1", "external": [{"prefix": "172.31.9.34/32", "term": "t1"}]},
                "right": {"network": "vn2", "external": [{"prefix": "172.31.8.198/32", "term": "t11"}]},
                "services": ["1-to-2"],
            }
        },
    }


def test_the_site_changes_nothing_with_them(lab: Lab, adopted: Path) -> None:
    found = yaml.safe_load(adopted.read_text())
    before = lab.counters()

    done = passed(play(lab, "site.yml", "--tags", STEPS, **found, contrail_objects_ports=[]))

    after = lab.counters()
    assert set(done.changed.values()) == {0}, done.output
    assert after["contrail"]["writes"] == before["contrail"]["writes"]
    assert after["junos"].get("locks", 0) == before["junos"].get("locks", 0)


def test_a_second_adoption_leaves_the_file_as_it_is(lab: Lab, adopted: Path) -> None:
    done = passed(play(lab, "playbooks/adopt.yml", service_chain_adopt_file=str(adopted)))

    assert set(done.changed.values()) == {0}, done.output


def test_a_project_without_chains_is_refused_in_one_line(lab: Lab, tmp_path: Path) -> None:
    nowhere = {"contrail_objects_project": "admin", "service_chain_adopt_file": str(tmp_path / "none.yml")}
    done = play(lab, "playbooks/adopt.yml", **nowhere)

    assert done.status != 0
    assert "no service chain was found in default-domain:admin; set contrail_objects_domain and" in done.output
    assert not (tmp_path / "none.yml").exists()
