# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Virtual networks, their IPAMs and their routing instances."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..codec.codec import Name, Plural, Prefix, Scalar
from ..codec.errors import InvalidValueError
from ..codec.field import Field, Record, Records
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
    TEXT,
    flag,
    number,
    text,
)

SUBNET_FIELDS = (
    Field("cidr", ("subnet",), Prefix(), required=True),
    Field("name", ("subnet_name",), TEXT),
    Field(
        "gateway",
        ("default_gateway",),
        ADDRESS,
        fixed="the server cannot move a subnet's gateway; take the subnet out, then add it anew",
    ),
    Field("dns_server", ("dns_server_address",), ADDRESS),
    Field("dns_nameservers", ("dns_nameservers",), Plural(ADDRESS, ordered=True)),
    flag("enable_dhcp", "enable_dhcp", default=True),
    Field("dhcp_options", ("dhcp_option_list", "dhcp_option"), DHCP_OPTIONS),
    Field("dhcp_relay_servers", ("dhcp_relay_server",), Plural(ADDRESS)),
    flag("allocate_from_start", "addr_from_start"),
    number("allocation_unit", "alloc_unit", default=1),
    Field(
        "allocation_pools",
        ("allocation_pools",),
        Records(
            Record(
                (
                    Field("start", ("start",), ADDRESS, required=True),
                    Field("end", ("end",), ADDRESS, required=True),
                    flag("vrouter_specific", "vrouter_specific_pool"),
                )
            ),
            key=("start", "end"),
        ),
        growing="the server cannot take a pool from a subnet; list it too, or make the subnet anew",
    ),
    Field("host_routes", ("host_routes", "route"), HOST_ROUTES),
    number("vlan_tag", "vlan_tag", limits=(0, 4094)),
)
SUBNET = Record((*SUBNET_FIELDS, Field("ipam", ("ipam",), Name("network-ipam"))))

NETWORK_IPAM = Entity(
    "network-ipam",
    rank=0,
    fields=(
        Field(
            "subnet_method",
            ("ipam_subnet_method",),
            Scalar(choices=("user-defined-subnet", "flat-subnet", "auto-subnet")),
            default="user-defined-subnet",
            fixed="an IPAM keeps its way to give out subnets; make another IPAM",
        ),
        Field("subnets", ("ipam_subnets", "subnets"), IpamSubnets(Record(SUBNET_FIELDS), key=("cidr",)), cleared=()),
        flag("subnetting", "ipam_subnetting"),
        text(
            "dns_method",
            "network_ipam_mgmt",
            "ipam_dns_method",
            choices=("none", "default-dns-server", "tenant-dns-server", "virtual-dns-server"),
        ),
        Field(
            "dns_servers",
            ("network_ipam_mgmt", "ipam_dns_server", "tenant_dns_server_address", "ip_address"),
            Plural(ADDRESS, ordered=True),
        ),
        Field(
            "virtual_dns",
            ("network_ipam_mgmt", "ipam_dns_server", "virtual_dns_server_name"),
            Name("virtual-DNS"),
        ),
        Field("dhcp_options", ("network_ipam_mgmt", "dhcp_option_list", "dhcp_option"), DHCP_OPTIONS),
        Field("host_routes", ("network_ipam_mgmt", "host_routes", "route"), HOST_ROUTES),
        *COMMON,
    ),
    references=(ReferenceField("tags", "tag_refs", "tag", many=True, aliases=("tag_refs",)),),
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
    fields=(
        Field("subnets", ("network_ipam_refs",), Subnets(SUBNET, key=("cidr",))),
        Field("flat_ipams", ("network_ipam_refs",), FlatIpams(Name("network-ipam"))),
        text(
            "address_allocation_mode",
            "address_allocation_mode",
            choices=(
                "user-defined-subnet-preferred",
                "user-defined-subnet-only",
                "flat-subnet-preferred",
                "flat-subnet-only",
            ),
        ),
        Field(
            "route_targets",
            ("route_target_list", "route_target"),
            ROUTE_TARGETS,
            aliases=("route_target_list",),
            constraint=outside_reserved_range,
        ),
        Field(
            "import_route_targets",
            ("import_route_target_list", "route_target"),
            ROUTE_TARGETS,
            aliases=("import_route_target_list",),
            constraint=outside_reserved_range,
        ),
        Field(
            "export_route_targets",
            ("export_route_target_list", "route_target"),
            ROUTE_TARGETS,
            aliases=("export_route_target_list",),
            constraint=outside_reserved_range,
        ),
        flag("allow_transit", "virtual_network_properties", "allow_transit"),
        text("forwarding_mode", "virtual_network_properties", "forwarding_mode", choices=("l2_l3", "l2", "l3")),
        text("rpf", "virtual_network_properties", "rpf", choices=("enable", "disable"), default="enable"),
        Field(
            "vxlan_network_identifier",
            ("virtual_network_properties", "vxlan_network_identifier"),
            Scalar(type="int", convert=vxlan_identifier),
        ),
        number("max_flows", "virtual_network_properties", "max_flows", limits=(0, 1 << 32), default=0),
        flag("mirror_destination", "virtual_network_properties", "mirror_destination"),
        flag("shared", "is_shared", aliases=("is_shared",)),
        flag("external", "router_external", aliases=("router_external",)),
        flag(
            "multi_policy_service_chains",
            "multi_policy_service_chains_enabled",
            aliases=("multi_policy_service_chains_enabled",),
        ),
        Field("ecmp_hashing", ("ecmp_hashing_include_fields",), ECMP_HASHING, aliases=("ecmp_hashing_include_fields",)),
        flag("port_security", "port_security_enabled", default=True, aliases=("port_security_enabled",)),
        flag("flood_unknown_unicast", "flood_unknown_unicast"),
        flag("mac_learning", "mac_learning_enabled", aliases=("mac_learning_enabled",)),
        number("mac_aging_time", "mac_aging_time", limits=(0, 86400), default=300),
        Field("mac_limit", ("mac_limit_control",), MAC_LIMIT),
        Field("mac_move_limit", ("mac_move_control",), MAC_MOVE_LIMIT),
        flag("layer2_control_word", "layer2_control_word"),
        flag("igmp", "igmp_enable", aliases=("igmp_enable",)),
        flag("fabric_snat", "fabric_snat"),
        flag("external_ipam", "external_ipam"),
        flag("pbb_evpn", "pbb_evpn_enable", aliases=("pbb_evpn_enable",)),
        flag("pbb_etree", "pbb_etree_enable", aliases=("pbb_etree_enable",)),
        text(
            "category",
            "virtual_network_category",
            choices=("infra", "tenant", "internal", "routed"),
            default="tenant",
        ),
        Field("fat_flows", ("virtual_network_fat_flow_protocols", "fat_flow_protocol"), FAT_FLOWS, cleared=()),
        Field(
            "provider",
            ("provider_properties",),
            Record(
                (
                    text("physical_network", "physical_network"),
                    number("segmentation_id", "segmentation_id", limits=(0, 4094)),
                )
            ),
            aliases=("provider_properties",),
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
        ),
        ReferenceField(
            "routing_policies",
            "routing_policy_refs",
            "routing-policy",
            many=True,
            attr=Record((Field("sequence", ("sequence",), NumberText()),)),
            attr_default={"sequence": 0},
            aliases=("routing_policy_refs",),
        ),
        ReferenceField("route_tables", "route_table_refs", "route-table", many=True, aliases=("route_table_refs",)),
        ReferenceField("bgpvpns", "bgpvpn_refs", "bgpvpn", many=True, aliases=("bgpvpn_refs",)),
        ReferenceField("qos_config", "qos_config_refs", "qos-config"),
        ReferenceField(
            "security_logging_objects", "security_logging_object_refs", "security-logging-object", many=True
        ),
        ReferenceField("provider_network", "virtual_network_refs", "virtual-network"),
        ReferenceField("tags", "tag_refs", "tag", many=True, aliases=("tag_refs",)),
    ),
    purgeable=("policies", "routing_policies", "route_tables", "bgpvpns", "security_logging_objects", "tags"),
    together=_possible_network,
)

ROUTING_INSTANCE = Entity("routing-instance", rank=2, related=("bgp_routers",))
