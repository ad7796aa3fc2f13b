# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Virtual networks, their IPAMs and their routing instances."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..codec.codec import Name, Plural, Prefix, Scalar
from ..codec.errors import InvalidValueError
from ..codec.field import Absence, Field, Record, Records, ServerRules
from ..codec.scope import Value
from ..codec.shapes import FlatIpams, IpamSubnets, NumberText, Subnets, outside_reserved_range
from ..codec.values import vxlan_identifier
from .entity import Entity, ReferenceField
from .parts import (
    ADDRESS,
    COMMON,
    DHCP_OPTIONS,
    ECMP_HASHING,
    FAT_FLOWS,
    FIRST_SEQUENCE,
    HOST_ROUTES,
    MAC_LIMIT,
    MAC_MOVE_LIMIT,
    POLICY_ATTACHMENT,
    ROUTE_TARGETS,
    TAGS,
    TEXT,
    flag,
    number,
    text,
)

SUBNET_FIELDS = (
    Field(
        "cidr",
        ("subnet",),
        Prefix(),
        required=True,
        description="Prefix of the subnet, IPv4 or IPv6. Host bits are cut.",
    ),
    Field("name", ("subnet_name",), TEXT, description="Name of the subnet."),
    Field(
        "gateway",
        ("default_gateway",),
        ADDRESS,
        rules=ServerRules(immutable="the server cannot move a subnet's gateway; take the subnet out, then add it anew"),
        description=(
            "Address of the gateway. Left out, the server chooses one when the subnet is "
            "made. V(0.0.0.0) means none.\n"
            "The gateway of a subnet that exists cannot be changed."
        ),
    ),
    Field(
        "dns_server",
        ("dns_server_address",),
        ADDRESS,
        description=("Address under which the subnet's DNS server is seen. Left out, the server chooses one."),
    ),
    Field(
        "dns_nameservers",
        ("dns_nameservers",),
        Plural(ADDRESS, ordered=True),
        description="DNS servers that DHCP gives out, in order.",
    ),
    flag(
        "enable_dhcp",
        "enable_dhcp",
        default=True,
        description="Whether addresses are given out by DHCP, which they are if nothing is said.",
    ),
    Field(
        "dhcp_options",
        ("dhcp_option_list", "dhcp_option"),
        DHCP_OPTIONS,
        description="Options that DHCP gives out. The list is enforced exactly.",
    ),
    Field(
        "dhcp_relay_servers", ("dhcp_relay_server",), Plural(ADDRESS), description="Servers to which DHCP is relayed."
    ),
    flag(
        "allocate_from_start",
        "addr_from_start",
        description=(
            "Whether addresses are allotted from the start of the subnet instead of from its "
            "end, which is what happens if nothing is said. The gateway that the server "
            "chooses then is the first address."
        ),
    ),
    number("allocation_unit", "alloc_unit", default=1, description="Number of addresses that are given out together."),
    Field(
        "allocation_pools",
        ("allocation_pools",),
        Records(
            Record(
                (
                    Field("start", ("start",), ADDRESS, required=True, description="First address."),
                    Field("end", ("end",), ADDRESS, required=True, description="Last address."),
                    flag(
                        "vrouter_specific",
                        "vrouter_specific_pool",
                        description="Whether each vRouter has a pool of its own in it.",
                    ),
                )
            ),
            key=("start", "end"),
        ),
        rules=ServerRules(
            append_only="the server cannot take a pool from a subnet; list it too, or make the subnet anew"
        ),
        description=(
            "Ranges that addresses are allotted from. Pools can be added to a subnet that exists, but not taken away."
        ),
    ),
    Field(
        "host_routes",
        ("host_routes", "route"),
        HOST_ROUTES,
        description="Routes that DHCP gives out. The list is enforced exactly.",
    ),
    number("vlan_tag", "vlan_tag", limits=(0, 4094), description="VLAN of the subnet."),
)
SUBNET = Record(
    (
        *SUBNET_FIELDS,
        Field(
            "ipam",
            ("ipam",),
            Name("network-ipam"),
            description=(
                "Name of the network IPAM. A new subnet of which nothing is said goes into "
                "V(default-domain:default-project:default-network-ipam)."
            ),
        ),
    )
)

NETWORK_IPAM = Entity(
    "network-ipam",
    rank=0,
    description="The IPAMs.",
    named="Name of the IPAM.",
    fields=(
        Field(
            "subnet_method",
            ("ipam_subnet_method",),
            Scalar(choices=("user-defined-subnet", "flat-subnet", "auto-subnet")),
            default="user-defined-subnet",
            rules=ServerRules(immutable="an IPAM keeps its way to give out subnets; make another IPAM"),
            description=(
                "Whether networks bring their own subnets, all networks share those of the IPAM, "
                "or the server gives out subnets. It cannot be changed later."
            ),
        ),
        Field(
            "subnets",
            ("ipam_subnets", "subnets"),
            IpamSubnets(Record(SUBNET_FIELDS), key=("cidr",)),
            absence=Absence(cleared=()),
            description=(
                "The IPAM's own subnets, for V(flat-subnet) and V(auto-subnet). The list is "
                "enforced exactly; subnets that stay keep what the server gave them."
            ),
        ),
        flag("subnetting", "ipam_subnetting", description="Whether subnets are given out of the IPAM's own."),
        text(
            "dns_method",
            "network_ipam_mgmt",
            "ipam_dns_method",
            choices=("none", "default-dns-server", "tenant-dns-server", "virtual-dns-server"),
            description="Who answers the DNS queries of machines.",
        ),
        Field(
            "dns_servers",
            ("network_ipam_mgmt", "ipam_dns_server", "tenant_dns_server_address", "ip_address"),
            Plural(ADDRESS, ordered=True),
            description="DNS servers in order, for V(tenant-dns-server).",
        ),
        Field(
            "virtual_dns",
            ("network_ipam_mgmt", "ipam_dns_server", "virtual_dns_server_name"),
            Name("virtual-DNS"),
            description="Virtual DNS server, as V(NAME) or V(DOMAIN:NAME), for V(virtual-dns-server).",
        ),
        Field(
            "dhcp_options",
            ("network_ipam_mgmt", "dhcp_option_list", "dhcp_option"),
            DHCP_OPTIONS,
            description="Options that DHCP gives out. The list is enforced exactly.",
        ),
        Field(
            "host_routes",
            ("network_ipam_mgmt", "host_routes", "route"),
            HOST_ROUTES,
            description="Routes that DHCP gives out. The list is enforced exactly.",
        ),
        *COMMON,
    ),
    references=(TAGS,),
    purgeable=("tags",),
)


def _one_way_targets(values: Mapping[str, Value], path: str) -> Iterator[InvalidValueError]:
    """Refuse several policies' chains between networks whose routes go both ways under one route target."""
    if not values.get("multi_policy_service_chains"):
        return
    cure = "split it into import_route_targets and export_route_targets that differ"
    if values.get("route_targets"):
        yield InvalidValueError(
            f"{path}.route_targets",
            f"{', '.join(values['route_targets'])} cannot go with multi_policy_service_chains: {cure}",
        )
    both = sorted(set(values.get("import_route_targets") or []) & set(values.get("export_route_targets") or []))
    if both:
        yield InvalidValueError(
            f"{path}.import_route_targets",
            f"{', '.join(both)} is exported too, which cannot go with multi_policy_service_chains: {cure}",
        )


def _provider(values: Mapping[str, Value], path: str) -> Iterator[InvalidValueError]:
    """Ask for both parts of a provider network, as the server does."""
    provider = values.get("provider") or {}
    for part in ("physical_network", "segmentation_id"):
        if provider and provider.get(part) is None:
            yield InvalidValueError(f"{path}.provider.{part}", "is needed with the other one")


def _one_kind_of_ipam(values: Mapping[str, Value], path: str) -> Iterator[InvalidValueError]:
    """Refuse an IPAM that is to give its own subnets and to hold the network's."""
    for index, subnet in enumerate(values.get("subnets") or []):
        if subnet.get("ipam") in (values.get("flat_ipams") or []):
            yield InvalidValueError(
                f"{path}.subnets[{index}].ipam",
                f"{subnet['ipam']} is one of flat_ipams, which have subnets of their own: give another IPAM",
            )


def _possible_network(values: Mapping[str, Value], path: str) -> Iterator[InvalidValueError]:
    yield from _one_way_targets(values, path)
    yield from _provider(values, path)
    yield from _one_kind_of_ipam(values, path)


VIRTUAL_NETWORK = Entity(
    "virtual-network",
    rank=1,
    description="The virtual networks.",
    named="Name of the network.",
    fields=(
        Field(
            "subnets",
            ("network_ipam_refs",),
            Subnets(SUBNET, key=("cidr",)),
            description=(
                "The subnets of the network. The list is enforced exactly; what a subnet leaves "
                "out is left alone.\n"
                "A subnet that stays keeps its uuid and all else that is stored with it."
            ),
        ),
        Field(
            "flat_ipams",
            ("network_ipam_refs",),
            FlatIpams(Name("network-ipam")),
            description=(
                "IPAMs with the method V(flat-subnet) whose subnets the network gets. The list is "
                "enforced exactly. Such a network has O(config[].forwarding_mode=l3)."
            ),
        ),
        text(
            "address_allocation_mode",
            "address_allocation_mode",
            choices=(
                "user-defined-subnet-preferred",
                "user-defined-subnet-only",
                "flat-subnet-preferred",
                "flat-subnet-only",
            ),
            description=(
                "Whether addresses come from the network's own subnets, from those of its flat "
                "IPAMs, or rather from one of them."
            ),
        ),
        Field(
            "route_targets",
            ("route_target_list", "route_target"),
            ROUTE_TARGETS,
            aliases=("route_target_list",),
            rules=ServerRules(constraint=outside_reserved_range),
            description=(
                "Route targets that the network both imports and exports, as in V(64512:1), "
                "V(target:64512:1) or V(10.0.0.1:1). The list is enforced exactly, its order "
                "means nothing.\n"
                "Numbers that Contrail allots itself, from 8000000 on in its own AS, are refused."
            ),
        ),
        Field(
            "import_route_targets",
            ("import_route_target_list", "route_target"),
            ROUTE_TARGETS,
            aliases=("import_route_target_list",),
            rules=ServerRules(constraint=outside_reserved_range),
            description="Route targets that the network imports only.",
        ),
        Field(
            "export_route_targets",
            ("export_route_target_list", "route_target"),
            ROUTE_TARGETS,
            aliases=("export_route_target_list",),
            rules=ServerRules(constraint=outside_reserved_range),
            description="Route targets that the network exports only.",
        ),
        flag(
            "allow_transit",
            "virtual_network_properties",
            "allow_transit",
            description=(
                "Whether routes of other networks that reached this one through a service are exported again."
            ),
        ),
        text(
            "forwarding_mode",
            "virtual_network_properties",
            "forwarding_mode",
            choices=("l2_l3", "l2", "l3"),
            description="Whether the network bridges, routes, or both.",
        ),
        text(
            "rpf",
            "virtual_network_properties",
            "rpf",
            choices=("enable", "disable"),
            default="enable",
            description="Whether the source of packets is checked against the routes back to it.",
        ),
        Field(
            "vxlan_network_identifier",
            ("virtual_network_properties", "vxlan_network_identifier"),
            Scalar(type="int", convert=vxlan_identifier),
            description="VXLAN network identifier, from 1 to 16777215.",
        ),
        number(
            "max_flows",
            "virtual_network_properties",
            "max_flows",
            limits=(0, 1 << 32),
            default=0,
            description="Number of flows that a port of the network may have; V(0) is any number.",
        ),
        flag(
            "mirror_destination",
            "virtual_network_properties",
            "mirror_destination",
            description="Whether the network is one to which traffic is mirrored.",
        ),
        flag("shared", "is_shared", aliases=("is_shared",), description="Whether all projects may use the network."),
        flag(
            "external",
            "router_external",
            aliases=("router_external",),
            description="Whether the network has floating addresses for other networks.",
        ),
        flag(
            "multi_policy_service_chains",
            "multi_policy_service_chains_enabled",
            aliases=("multi_policy_service_chains_enabled",),
            description=(
                "Whether service chains of more than one policy may meet in this network. The "
                "server does not allow it together with O(config[].route_targets); give "
                "O(config[].import_route_targets) and O(config[].export_route_targets) that have "
                "no route target in common."
            ),
        ),
        Field(
            "ecmp_hashing",
            ("ecmp_hashing_include_fields",),
            ECMP_HASHING,
            aliases=("ecmp_hashing_include_fields",),
            description=(
                "By which fields of a packet one of several equal paths is chosen. Keys that are "
                "left out stay as they are."
            ),
        ),
        flag(
            "port_security",
            "port_security_enabled",
            default=True,
            aliases=("port_security_enabled",),
            description="Whether ports check addresses, which they do if nothing is said.",
        ),
        flag(
            "flood_unknown_unicast",
            "flood_unknown_unicast",
            description="Whether frames to unknown addresses are flooded.",
        ),
        flag(
            "mac_learning",
            "mac_learning_enabled",
            aliases=("mac_learning_enabled",),
            description="Whether MAC addresses are learnt from traffic.",
        ),
        number(
            "mac_aging_time",
            "mac_aging_time",
            limits=(0, 86400),
            default=300,
            description="Seconds after which a MAC address is forgotten; V(0) is never.",
        ),
        Field(
            "mac_limit",
            ("mac_limit_control",),
            MAC_LIMIT,
            description="How many MAC addresses may be learnt. Keys that are left out stay as they are.",
        ),
        Field(
            "mac_move_limit",
            ("mac_move_control",),
            MAC_MOVE_LIMIT,
            description="How often a MAC address may move. Keys that are left out stay as they are.",
        ),
        flag("layer2_control_word", "layer2_control_word", description="Whether the control word is used in MPLS."),
        flag("igmp", "igmp_enable", aliases=("igmp_enable",), description="Whether IGMP is spoken."),
        flag(
            "fabric_snat",
            "fabric_snat",
            description=("Whether addresses are translated to that of the compute node on the way to the fabric."),
        ),
        flag("external_ipam", "external_ipam", description="Whether something else gives out the addresses."),
        flag("pbb_evpn", "pbb_evpn_enable", aliases=("pbb_evpn_enable",), description="Whether PBB-EVPN is used."),
        flag("pbb_etree", "pbb_etree_enable", aliases=("pbb_etree_enable",), description="Whether PBB-ETREE is used."),
        text(
            "category",
            "virtual_network_category",
            choices=("infra", "tenant", "internal", "routed"),
            default="tenant",
            description="What the network is for.",
        ),
        Field(
            "fat_flows",
            ("virtual_network_fat_flow_protocols", "fat_flow_protocol"),
            FAT_FLOWS,
            absence=Absence(cleared=()),
            description="Protocols whose flows are merged into one. The list is enforced exactly.",
        ),
        Field(
            "provider",
            ("provider_properties",),
            Record(
                (
                    text("physical_network", "physical_network", description="Name of the physical network."),
                    number(
                        "segmentation_id",
                        "segmentation_id",
                        limits=(0, 4094),
                        description="VLAN of the physical network.",
                    ),
                )
            ),
            aliases=("provider_properties",),
            description="The network of the provider that this one stands for. It needs both keys.",
        ),
        *COMMON,
    ),
    references=(
        ReferenceField(
            "policies",
            "network_policy_refs",
            "network-policy",
            many=True,
            attr=POLICY_ATTACHMENT,
            attr_default=FIRST_SEQUENCE,
            aliases=("network_policy_refs",),
            description=(
                "Policies that the network has. They only ever add, unless O(purge_references) "
                "has V(policies). An entry is a name, or a dict with its sequence."
            ),
            named="Name of the policy.",
        ),
        ReferenceField(
            "routing_policies",
            "routing_policy_refs",
            "routing-policy",
            many=True,
            attr=Record(
                (
                    Field(
                        "sequence",
                        ("sequence",),
                        NumberText(),
                        description="Place among the routing policies of the network.",
                    ),
                )
            ),
            attr_default={"sequence": 0},
            aliases=("routing_policy_refs",),
            description=(
                "Routing policies that the network has. They only ever add, unless "
                "O(purge_references) has V(routing_policies). An entry is a name, or a dict with "
                "its sequence."
            ),
            named="Name of the routing policy.",
        ),
        ReferenceField(
            "route_tables",
            "route_table_refs",
            "route-table",
            many=True,
            aliases=("route_table_refs",),
            description=(
                "Route tables that the network has. They only ever add, unless O(purge_references) has V(route_tables)."
            ),
        ),
        ReferenceField(
            "bgpvpns",
            "bgpvpn_refs",
            "bgpvpn",
            many=True,
            aliases=("bgpvpn_refs",),
            description=(
                "BGP VPNs that the network is in. They only ever add, unless O(purge_references) has V(bgpvpns)."
            ),
        ),
        ReferenceField("qos_config", "qos_config_refs", "qos-config", description="QoS configuration."),
        ReferenceField(
            "security_logging_objects",
            "security_logging_object_refs",
            "security-logging-object",
            many=True,
            description=(
                "Security logging objects of the network. They only ever add, unless "
                "O(purge_references) has V(security_logging_objects)."
            ),
        ),
        ReferenceField(
            "provider_network",
            "virtual_network_refs",
            "virtual-network",
            description="The network that carries this one without a tunnel, as V(ip-fabric).",
        ),
        TAGS,
    ),
    purgeable=("policies", "routing_policies", "route_tables", "bgpvpns", "security_logging_objects", "tags"),
    together=_possible_network,
)

ROUTING_INSTANCE = Entity("routing-instance", rank=2, related=("bgp_routers",))
