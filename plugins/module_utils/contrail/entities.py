# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The kinds of Contrail object that the collection manages, as data.

Field names, choices and defaults are those of the public schema (contrail-api-client, vnc_cfg.xsd); what the
server fills in, refuses to change or loses was seen on a running contrail-api.
"""

from __future__ import annotations

from .entity import Entity, Field, Name, Pairs, Plural, Prefix, Record, Records, ReferenceField, Scalar
from .shapes import (
    First,
    InterfaceTypes,
    NamesByInterface,
    PortRanges,
    ShortName,
    Subnets,
    fold_address,
    fold_sequence,
    outside_reserved_range,
)
from .values import address, interface_type, mac_address, prefix, protocol, route_target, vxlan_identifier

OWNER_KEY = "service_chain.owner"
"""The annotation that tells who made an object."""

TEXT = Scalar()
FLAG = Scalar(type="bool")
ADDRESS = Scalar(convert=address)
ROUTE_TARGETS = Plural(Scalar(convert=route_target))

COMMON = (
    Field("display_name", ("display_name",), TEXT, named=True),
    Field("description", ("id_perms", "description"), TEXT, cleared=""),
    Field("annotations", ("annotations",), Pairs()),
)
ANNOTATIONS = (COMMON[-1],)

SEQUENCE = Record(
    (
        Field(
            "sequence",
            ("sequence",),
            Record(
                (
                    Field("major", ("major",), Scalar(type="int")),
                    Field("minor", ("minor",), Scalar(type="int")),
                ),
                whole=True,
                fold=fold_sequence,
            ),
        ),
    )
)
FIRST_SEQUENCE = {"sequence": {"major": 0, "minor": 0}}

NETWORK_IPAM = Entity("network-ipam", rank=0)

SUBNET = Record(
    (
        Field("cidr", ("subnet",), Prefix(), required=True),
        Field(
            "gateway",
            ("default_gateway",),
            ADDRESS,
            fixed="the server cannot move a subnet's gateway; take the subnet out, then add it anew",
        ),
        Field("dns_server", ("dns_server_address",), ADDRESS),
        Field("enable_dhcp", ("enable_dhcp",), FLAG, default=True),
        Field("allocate_from_start", ("addr_from_start",), FLAG, default=False),
        Field(
            "allocation_pools",
            ("allocation_pools",),
            Records(
                Record(
                    (
                        Field("start", ("start",), ADDRESS, required=True),
                        Field("end", ("end",), ADDRESS, required=True),
                    )
                ),
                key=("start", "end"),
            ),
            growing="the server cannot take a pool from a subnet; list it too, or make the subnet anew",
        ),
        Field(
            "host_routes",
            ("host_routes", "route"),
            Records(
                Record(
                    (
                        Field("prefix", ("prefix",), Scalar(convert=prefix), required=True),
                        Field("next_hop", ("next_hop",), ADDRESS, required=True),
                    )
                ),
                key=("prefix",),
            ),
        ),
        Field("ipam", ("ipam",), Name("network-ipam")),
    )
)

VIRTUAL_NETWORK = Entity(
    "virtual-network",
    rank=1,
    fields=(
        Field("subnets", ("network_ipam_refs",), Subnets(SUBNET, key=("cidr",))),
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
        Field("allow_transit", ("virtual_network_properties", "allow_transit"), FLAG, default=False),
        Field(
            "forwarding_mode",
            ("virtual_network_properties", "forwarding_mode"),
            Scalar(choices=("l2_l3", "l2", "l3")),
        ),
        Field(
            "rpf",
            ("virtual_network_properties", "rpf"),
            Scalar(choices=("enable", "disable")),
            default="enable",
        ),
        Field(
            "vxlan_network_identifier",
            ("virtual_network_properties", "vxlan_network_identifier"),
            Scalar(type="int", convert=vxlan_identifier),
        ),
        Field("shared", ("is_shared",), FLAG, default=False),
        Field("external", ("router_external",), FLAG, default=False, aliases=("router_external",)),
        Field(
            "multi_policy_service_chains",
            ("multi_policy_service_chains_enabled",),
            FLAG,
            default=False,
            aliases=("multi_policy_service_chains_enabled",),
        ),
        Field(
            "port_security",
            ("port_security_enabled",),
            FLAG,
            default=True,
            aliases=("port_security_enabled",),
        ),
        Field("flood_unknown_unicast", ("flood_unknown_unicast",), FLAG, default=False),
        *COMMON,
    ),
    references=(
        ReferenceField(
            "policies",
            "network_policy_refs",
            "network-policy",
            many=True,
            attr=SEQUENCE,
            attr_default=FIRST_SEQUENCE,
            aliases=("network_policy_refs",),
        ),
    ),
    purgeable=("policies",),
)

RULE_ADDRESSES = Records(
    Record(
        (
            Field("network", ("virtual_network",), Name("virtual-network", words=("any", "local"))),
            Field("policy", ("network_policy",), Name("network-policy")),
            Field("subnet", ("subnet",), Prefix()),
            Field("local", (), FLAG),
            Field("any", (), FLAG),
        ),
        whole=True,
        fold=fold_address,
    )
)

RULE = Record(
    (
        Field("direction", ("direction",), Scalar(choices=("<>", ">")), default="<>", default_in_spec=True),
        Field("protocol", ("protocol",), Scalar(convert=protocol), default="any", default_in_spec=True),
        Field("source", ("src_addresses",), RULE_ADDRESSES, required=True),
        Field("destination", ("dst_addresses",), RULE_ADDRESSES, required=True),
        Field("source_ports", ("src_ports",), PortRanges(), default=[], default_in_spec=True),
        Field("destination_ports", ("dst_ports",), PortRanges(), default=[], default_in_spec=True),
        Field(
            "action",
            ("action_list", "simple_action"),
            Scalar(choices=("pass", "deny")),
            default="pass",
            default_in_spec=True,
        ),
        Field(
            "services",
            ("action_list", "apply_service"),
            Plural(Name("service-instance"), ordered=True),
            default=[],
            default_in_spec=True,
        ),
        Field("ethertype", ("ethertype",), Scalar(choices=("IPv4", "IPv6"))),
        Field("log", ("action_list", "log"), FLAG, default=False, default_in_spec=True),
    ),
    whole=True,
)

NETWORK_POLICY = Entity(
    "network-policy",
    rank=2,
    fields=(
        Field("rules", ("network_policy_entries", "policy_rule"), Records(RULE, ordered=True)),
        *COMMON,
    ),
    compound=(
        Field(
            "networks",
            (),
            Records(
                Record((Field("name", ("name",), Name("virtual-network"), required=True), *SEQUENCE.fields)),
                key=("name",),
            ),
        ),
    ),
    related=("virtual_network_back_refs",),
    purgeable=("networks",),
)

SERVICE_TEMPLATE = Entity(
    "service-template",
    rank=1,
    fields=(
        Field(
            "version",
            ("service_template_properties", "version"),
            Scalar(type="int", choices=(1, 2)),
            initial=2,
        ),
        Field(
            "mode",
            ("service_template_properties", "service_mode"),
            Scalar(choices=("transparent", "in-network", "in-network-nat")),
            needed=True,
            aliases=("service_mode",),
        ),
        Field(
            "type",
            ("service_template_properties", "service_type"),
            Scalar(choices=("firewall", "analyzer", "source-nat", "loadbalancer")),
            initial="firewall",
            aliases=("service_type",),
        ),
        Field(
            "virtualization",
            ("service_template_properties", "service_virtualization_type"),
            Scalar(choices=("virtual-machine", "network-namespace", "vrouter-instance", "physical-device")),
            default="virtual-machine",
            initial="virtual-machine",
            aliases=("service_virtualization_type",),
        ),
        Field("interfaces", ("service_template_properties", "interface_type"), InterfaceTypes(), needed=True),
        *COMMON,
    ),
)

VIRTUAL_MACHINE = Entity(
    "virtual-machine", rank=1, fields=ANNOTATIONS, related=("virtual_machine_interface_back_refs",)
)

PORT = Entity(
    "virtual-machine-interface",
    rank=2,
    fields=(
        Field(
            "mac",
            ("virtual_machine_interface_mac_addresses", "mac_address"),
            First(Scalar(convert=mac_address)),
        ),
        Field(
            "interface_type",
            ("virtual_machine_interface_properties", "service_interface_type"),
            Scalar(convert=interface_type),
        ),
        *COMMON,
    ),
    references=(
        ReferenceField(
            "network",
            "virtual_network_refs",
            "virtual-network",
            needed=True,
            fixed="a port stays in its network; delete the port and create it in the other one",
        ),
        ReferenceField("virtual_machine", "virtual_machine_refs", "virtual-machine"),
        ReferenceField("port_tuples", "port_tuple_refs", "port-tuple", many=True, internal=True),
    ),
    compound=(Field("addresses", (), Plural(ADDRESS)),),
    related=("instance_ip_back_refs",),
)

INSTANCE_IP = Entity(
    "instance-ip",
    rank=3,
    fields=(Field("address", ("instance_ip_address",), ADDRESS), *ANNOTATIONS),
    references=(
        ReferenceField("network", "virtual_network_refs", "virtual-network"),
        ReferenceField("port", "virtual_machine_interface_refs", "virtual-machine-interface"),
    ),
    related=("service_instance_ip",),
)

SERVICE_INSTANCE = Entity(
    "service-instance",
    rank=2,
    fields=(
        Field(
            "interfaces",
            ("service_instance_properties", "interface_list"),
            Records(
                Record(
                    (
                        Field("type", (), Scalar(convert=interface_type), required=True),
                        Field("network", ("virtual_network",), Name("virtual-network"), required=True),
                    )
                ),
                ordered=True,
                unique=False,
            ),
            needed=True,
        ),
        Field(
            "ha_mode",
            ("service_instance_properties", "ha_mode"),
            Scalar(choices=("active-active", "active-standby")),
        ),
        *COMMON,
    ),
    references=(
        ReferenceField(
            "template",
            "service_template_refs",
            "service-template",
            needed=True,
            fixed="a service instance keeps its template; delete the service instance and create it again",
        ),
    ),
    compound=(
        Field(
            "port_tuples",
            (),
            Records(
                Record(
                    (
                        Field("name", ("name",), ShortName(), required=True),
                        Field("ports", ("ports",), NamesByInterface("virtual-machine-interface"), required=True),
                    )
                ),
                key=("name",),
            ),
        ),
    ),
    related=("port_tuples", "instance_ip_refs"),
    purgeable=("port_tuples",),
)

PORT_TUPLE = Entity("port-tuple", rank=3, fields=ANNOTATIONS, related=("virtual_machine_interface_back_refs",))

GLOBAL_SYSTEM_CONFIG = Entity("global-system-config", rank=0, related=("autonomous_system",))

ROUTING_INSTANCE = Entity("routing-instance", rank=2)

ENTITIES = {
    entity.kind: entity
    for entity in (
        Entity("domain", rank=0),
        Entity("project", rank=0),
        NETWORK_IPAM,
        VIRTUAL_NETWORK,
        NETWORK_POLICY,
        SERVICE_TEMPLATE,
        VIRTUAL_MACHINE,
        PORT,
        INSTANCE_IP,
        SERVICE_INSTANCE,
        PORT_TUPLE,
        ROUTING_INSTANCE,
        GLOBAL_SYSTEM_CONFIG,
    )
}
"""All kinds by name."""
