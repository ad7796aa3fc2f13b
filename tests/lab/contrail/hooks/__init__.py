# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Per-kind behaviour of the server: one file a kind, each with a subclass of `KindHooks`."""

from __future__ import annotations

from lab.contrail.hooks.application_policy import FirewallRuleHooks, ServiceGroupHooks, TagHooks
from lab.contrail.hooks.base import KindHooks
from lab.contrail.hooks.bgp_router import BgpRouterHooks
from lab.contrail.hooks.domain import DomainHooks, ServiceTemplateHooks
from lab.contrail.hooks.global_system_config import GlobalSystemConfigHooks
from lab.contrail.hooks.instance_ip import InstanceIpHooks
from lab.contrail.hooks.logical_router import LogicalRouterHooks
from lab.contrail.hooks.network_ipam import NetworkIpamHooks
from lab.contrail.hooks.network_policy import NetworkPolicyHooks
from lab.contrail.hooks.physical_router import PhysicalRouterHooks
from lab.contrail.hooks.project import ProjectHooks
from lab.contrail.hooks.references import (
    BgpAsAServiceHooks,
    HostBasedServiceHooks,
    QosConfigHooks,
    VirtualPortGroupHooks,
    VirtualRouterHooks,
)
from lab.contrail.hooks.route_target import RouteTargetHooks
from lab.contrail.hooks.security_group import SecurityGroupHooks
from lab.contrail.hooks.service_instance import ServiceInstanceHooks
from lab.contrail.hooks.virtual_machine_interface import VirtualMachineInterfaceHooks
from lab.contrail.hooks.virtual_network import VirtualNetworkHooks

HOOKS: dict[str, type[KindHooks]] = {
    "bgp-as-a-service": BgpAsAServiceHooks,
    "bgp-router": BgpRouterHooks,
    "domain": DomainHooks,
    "firewall-rule": FirewallRuleHooks,
    "global-system-config": GlobalSystemConfigHooks,
    "host-based-service": HostBasedServiceHooks,
    "instance-ip": InstanceIpHooks,
    "logical-router": LogicalRouterHooks,
    "network-ipam": NetworkIpamHooks,
    "network-policy": NetworkPolicyHooks,
    "physical-router": PhysicalRouterHooks,
    "project": ProjectHooks,
    "qos-config": QosConfigHooks,
    "route-target": RouteTargetHooks,
    "security-group": SecurityGroupHooks,
    "service-group": ServiceGroupHooks,
    "service-instance": ServiceInstanceHooks,
    "service-template": ServiceTemplateHooks,
    "tag": TagHooks,
    "virtual-machine-interface": VirtualMachineInterfaceHooks,
    "virtual-network": VirtualNetworkHooks,
    "virtual-port-group": VirtualPortGroupHooks,
    "virtual-router": VirtualRouterHooks,
}


def hooks_of(kind: str) -> type[KindHooks]:
    """Return the hooks of a kind; `KindHooks` itself for a kind without behaviour of its own."""
    return HOOKS.get(kind, KindHooks)
