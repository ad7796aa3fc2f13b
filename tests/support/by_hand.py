# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes Contrail's part of the reference scenario without this collection, as somebody with the official client does.

``python -m support.by_hand URL [--unsequenced NETWORK ...]``
"""

from __future__ import annotations

import argparse
from collections.abc import Collection
from urllib.parse import urlsplit

from vnc_api import vnc_api

PROJECT = ["default-domain", "default-project"]


def make_objects(url: str, unsequenced: Collection[str] = ()) -> None:
    """Make networks, ports, service and policy of the reference scenario, the policy attached to both networks.

    :param unsequenced: networks that the policy is attached to without a sequence, which Contrail then passes over.
    """
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
        ("vm1", 1, "10.0.1.3", "vm1"),
        ("vm2", 2, "10.0.2.3", "vm2"),
        ("1-to-2-left", 1, "10.0.1.4", "1-to-2"),
        ("1-to-2-right", 2, "10.0.2.4", "1-to-2"),
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
        "in-net",
        api.domain_read(PROJECT[:1]),
        service_template_properties=vnc_api.ServiceTemplateType(
            version=2,
            service_mode="in-network",
            service_type="firewall",
            interface_type=interfaces,
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
        direction="<>",
        protocol="any",
        src_addresses=ends[:1],
        dst_addresses=ends[1:],
        src_ports=[vnc_api.PortType(-1, -1)],
        dst_ports=[vnc_api.PortType(-1, -1)],
        action_list=vnc_api.ActionListType("pass", apply_service=[instance.get_fq_name_str()]),
    )
    policy = vnc_api.NetworkPolicy("through-1-to-2", project, vnc_api.PolicyEntriesType([rule]))
    api.network_policy_create(policy)
    for network in networks.values():
        sequence = None if network.name in unsequenced else vnc_api.SequenceType(0, 0)
        network.add_network_policy(policy, vnc_api.VirtualNetworkPolicyType(sequence))
        api.virtual_network_update(network)


def main() -> None:
    """Make them at the API server that is named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--unsequenced", nargs="*", default=[], metavar="NETWORK")
    given = parser.parse_args()
    make_objects(given.url, given.unsequenced)


if __name__ == "__main__":
    main()
