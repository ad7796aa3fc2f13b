# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The official client library works against the lab's Contrail API as it does against a real one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from contract.lab_server import running_server

vnc_api = pytest.importorskip("vnc_api.vnc_api")
exceptions = pytest.importorskip("vnc_api.exceptions")

PROJECT = ["default-domain", "default-project"]


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    with running_server() as server:
        yield vnc_api.VncApi(api_server_host=server.host, api_server_port=str(server.port))


@dataclass(frozen=True)
class Round:
    """What is made, changed and read back of one kind: `make` builds the object out of its parent."""

    kind: str
    make: Callable[[Any], Any]
    change: Callable[[Any], Any]
    read: Callable[[Any], Any]
    parent: tuple[str, ...] = ("project", *PROJECT)


def _router(parent: Any) -> Any:
    parameters = vnc_api.BgpRouterParams(autonomous_system=64512, address="10.0.0.1", hold_time=90)
    return vnc_api.BgpRouter("vmx1", parent, bgp_router_parameters=parameters)


def _template(parent: Any) -> Any:
    properties = vnc_api.ServiceTemplateType(version=2, service_mode="in-network", service_type="firewall")
    for side in ("left", "right"):
        properties.add_interface_type(vnc_api.ServiceTemplateInterfaceType(service_interface_type=side))
    return vnc_api.ServiceTemplate("st", parent, service_template_properties=properties)


def _policy(parent: Any) -> Any:
    ports = [vnc_api.PortType(-1, -1)]
    address = [vnc_api.AddressType(virtual_network="any")]
    rule = vnc_api.PolicyRuleType(
        direction="<>",
        protocol="any",
        src_addresses=address,
        dst_addresses=address,
        src_ports=ports,
        dst_ports=ports,
        action_list=vnc_api.ActionListType(simple_action="pass"),
    )
    return vnc_api.NetworkPolicy("policy", parent, vnc_api.PolicyEntriesType([rule]))


def _route_targets(network: Any) -> Any:
    return network.set_route_target_list(vnc_api.RouteTargetList(["target:64512:1"]))


def _display_name(item: Any) -> Any:
    return item.set_display_name("another name")


ROUNDS = (
    Round(
        "virtual_network",
        lambda parent: vnc_api.VirtualNetwork("network", parent),
        _route_targets,
        lambda network: network.get_route_target_list().get_route_target() == ["target:64512:1"],
    ),
    Round(
        "network_ipam",
        lambda parent: vnc_api.NetworkIpam("ipam", parent),
        _display_name,
        lambda ipam: ipam.display_name == "another name",
    ),
    Round(
        "network_policy",
        _policy,
        lambda policy: policy.set_network_policy_entries(vnc_api.PolicyEntriesType([])),
        lambda policy: policy.get_network_policy_entries().get_policy_rule() == [],
    ),
    Round(
        "service_template",
        _template,
        _display_name,
        lambda template: (
            template.get_service_template_properties().get_interface_type()[1].service_interface_type == "right"
        ),
        parent=("domain", "default-domain"),
    ),
    Round(
        "service_instance",
        lambda parent: vnc_api.ServiceInstance("si", parent),
        lambda instance: instance.set_annotations(vnc_api.KeyValuePairs([vnc_api.KeyValuePair("chain", "one")])),
        lambda instance: instance.get_annotations().get_key_value_pair()[0].value == "one",
    ),
    Round(
        "virtual_machine",
        lambda parent: vnc_api.VirtualMachine("vm"),
        _display_name,
        lambda machine: machine.display_name == "another name",
    ),
    Round(
        "bgp_router",
        _router,
        lambda router: router.set_bgp_router_parameters(vnc_api.BgpRouterParams(autonomous_system=64513)),
        lambda router: router.get_bgp_router_parameters().autonomous_system == 64513,
        parent=("routing-instance", *PROJECT, "ip-fabric", "__default__"),
    ),
    Round(
        "physical_router",
        lambda parent: vnc_api.PhysicalRouter("vmx1", parent, physical_router_management_ip="10.0.0.1"),
        lambda router: router.set_physical_router_vendor_name("juniper"),
        lambda router: router.physical_router_vendor_name == "juniper",
        parent=("global-system-config", "default-global-system-config"),
    ),
    Round(
        "interface_route_table",
        lambda parent: vnc_api.InterfaceRouteTable("routes", parent),
        lambda table: table.set_interface_route_table_routes(
            vnc_api.RouteTableType([vnc_api.RouteType(prefix="192.168.0.0/16")])
        ),
        lambda table: table.get_interface_route_table_routes().get_route()[0].prefix == "192.168.0.0/16",
    ),
    Round(
        "route_target",
        lambda parent: vnc_api.RouteTarget("target:64512:7"),
        _display_name,
        lambda target: target.get_fq_name() == ["target:64512:7"],
    ),
    Round(
        "project",
        lambda parent: vnc_api.Project("tenant", parent),
        lambda project: project.set_quota(vnc_api.QuotaType(virtual_network=2)),
        lambda project: project.get_quota().virtual_network == 2,
        parent=("domain", "default-domain"),
    ),
)


@pytest.mark.parametrize("round_", ROUNDS, ids=lambda round_: round_.kind)
def test_client_creates_reads_updates_and_deletes(client: Any, round_: Round) -> None:
    kind = round_.kind
    parent_kind, *parent_name = round_.parent
    parent = getattr(client, f"{parent_kind.replace('-', '_')}_read")(fq_name=parent_name)
    item = round_.make(parent)
    uuid = getattr(client, f"{kind}_create")(item)
    assert getattr(client, f"{kind}_read")(id=uuid).get_fq_name() == item.get_fq_name()
    changed = getattr(client, f"{kind}_read")(fq_name=item.get_fq_name())
    round_.change(changed)
    getattr(client, f"{kind}_update")(changed)
    assert round_.read(getattr(client, f"{kind}_read")(id=uuid))
    getattr(client, f"{kind}_delete")(id=uuid)
    with pytest.raises(exceptions.NoIdError):
        getattr(client, f"{kind}_read")(id=uuid)


def test_client_gets_an_address_for_a_port(client: Any) -> None:
    project = client.project_read(fq_name=PROJECT)
    network = vnc_api.VirtualNetwork("addresses", project)
    subnet = vnc_api.IpamSubnetType(vnc_api.SubnetType("10.0.1.0", 24), addr_from_start=True)
    network.add_network_ipam(
        client.network_ipam_read(fq_name=[*PROJECT, "default-network-ipam"]), vnc_api.VnSubnetsType([subnet])
    )
    client.virtual_network_create(network)
    port = vnc_api.VirtualMachineInterface("port", project)
    port.add_virtual_network(network)
    client.virtual_machine_interface_create(port)
    address = vnc_api.InstanceIp("address")
    address.add_virtual_network(network)
    address.add_virtual_machine_interface(port)
    client.instance_ip_create(address)
    assert client.instance_ip_read(id=address.uuid).get_instance_ip_address() == "10.0.1.3"


def test_client_attaches_and_detaches_a_policy(client: Any) -> None:
    project = client.project_read(fq_name=PROJECT)
    network, policy = vnc_api.VirtualNetwork("attached", project), _policy(project)
    client.virtual_network_create(network)
    client.network_policy_create(policy)
    sequence = vnc_api.VirtualNetworkPolicyType(vnc_api.SequenceType(0, 0))
    client.ref_update("virtual-network", network.uuid, "network-policy", policy.uuid, None, "ADD", attr=sequence)
    with pytest.raises(exceptions.RefsExistError):
        client.network_policy_delete(id=policy.uuid)
    client.ref_update("virtual-network", network.uuid, "network-policy", policy.uuid, None, "DELETE")
    client.network_policy_delete(id=policy.uuid)


def test_client_is_told_of_a_name_in_use(client: Any) -> None:
    project = client.project_read(fq_name=PROJECT)
    client.virtual_network_create(vnc_api.VirtualNetwork("twice", project))
    with pytest.raises(exceptions.RefsExistError):
        client.virtual_network_create(vnc_api.VirtualNetwork("twice", project))
