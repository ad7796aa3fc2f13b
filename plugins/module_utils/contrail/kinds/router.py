# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""BGP routers and physical routers: what Contrail knows of the gateway."""

from __future__ import annotations

from ..codec.codec import Plural, Scalar
from ..codec.field import Field, Record, Records
from ..codec.shapes import Peering
from ..codec.values import ADDRESS_FAMILIES, autonomous_system
from .entity import Entity, ReferenceField
from .parts import ADDRESS, COMMON, FLAG, TEXT, flag, number, text

FAMILIES = Plural(Scalar(choices=ADDRESS_FAMILIES))
AS_NUMBER = Scalar(convert=autonomous_system)
HOLD_TIME = (0, 65535)
LOOPS = (0, 16)

AUTHENTICATION = Record(
    (
        text("type", "key_type", choices=("md5",), default="md5"),
        Field(
            "keys",
            ("key_items",),
            Records(
                Record(
                    (
                        Field("id", ("key_id",), Scalar(type="int", limits=(0, 63)), default=0),
                        Field("key", ("key",), TEXT, required=True, secret=True),
                    ),
                    whole=True,
                ),
                key=("id",),
            ),
        ),
    )
)

PEERING = Peering(
    (
        Field("families", ("address_families", "family"), FAMILIES, aliases=("address_families",)),
        number("hold_time", "hold_time", limits=HOLD_TIME, default=0),
        flag("admin_down", "admin_down"),
        flag("passive", "passive"),
        flag("as_override", "as_override"),
        number("loop_count", "loop_count", limits=LOOPS, default=0),
        Field("local_autonomous_system", ("local_autonomous_system",), AS_NUMBER, default=0),
        text("private_as_action", "private_as_action", choices=("remove", "remove-all", "replace-all")),
        Field(
            "family_attributes",
            ("family_attributes",),
            Records(
                Record(
                    (
                        Field("family", ("address_family",), Scalar(choices=ADDRESS_FAMILIES), required=True),
                        number("loop_count", "loop_count", limits=LOOPS, default=0),
                        number("prefix_limit", "prefix_limit", "maximum"),
                        number("idle_timeout", "prefix_limit", "idle_timeout", limits=(0, 86400), default=0),
                        Field(
                            "tunnel_encapsulations",
                            ("default_tunnel_encap",),
                            Plural(Scalar(choices=("gre", "mpls", "udp", "vxlan"))),
                        ),
                    )
                ),
                key=("family",),
            ),
        ),
        Field(
            "route_origin",
            ("route_origin_override",),
            Record(
                (
                    flag("override", "origin_override"),
                    text("origin", "origin", choices=("IGP", "EGP", "INCOMPLETE"), default="IGP"),
                )
            ),
        ),
        Field("authentication", ("auth_data",), AUTHENTICATION),
    )
)

BGP_ROUTER = Entity(
    "bgp-router",
    rank=3,
    fields=(
        Field("address", ("bgp_router_parameters", "address"), ADDRESS, needed=True),
        Field("identifier", ("bgp_router_parameters", "identifier"), ADDRESS),
        Field(
            "autonomous_system",
            ("bgp_router_parameters", "autonomous_system"),
            AS_NUMBER,
            needed=True,
            aliases=("asn",),
        ),
        Field("local_autonomous_system", ("bgp_router_parameters", "local_autonomous_system"), AS_NUMBER),
        text(
            "router_type",
            "bgp_router_parameters",
            "router_type",
            choices=("control-node", "external-control-node", "router", "bgpaas-server", "bgpaas-client"),
            initial="router",
        ),
        text("vendor", "bgp_router_parameters", "vendor"),
        Field(
            "families",
            ("bgp_router_parameters", "address_families", "family"),
            FAMILIES,
            initial=["inet-vpn", "inet6-vpn", "route-target"],
            aliases=("address_families",),
        ),
        number("hold_time", "bgp_router_parameters", "hold_time", limits=HOLD_TIME, default=0),
        number("port", "bgp_router_parameters", "port", limits=(0, 65535)),
        number("source_port", "bgp_router_parameters", "source_port", limits=(0, 65535)),
        flag("admin_down", "bgp_router_parameters", "admin_down"),
        number("cluster_id", "bgp_router_parameters", "cluster_id"),
        Field("gateway", ("bgp_router_parameters", "gateway_address"), ADDRESS),
        Field("ipv6_gateway", ("bgp_router_parameters", "ipv6_gateway_address"), ADDRESS),
        Field("authentication", ("bgp_router_parameters", "auth_data"), AUTHENTICATION),
        *COMMON,
    ),
    references=(
        ReferenceField(
            "peers",
            "bgp_router_refs",
            "bgp-router",
            many=True,
            attr=PEERING,
            attr_default={},
            aliases=("bgp_router_refs",),
        ),
    ),
    compound=(Field("control_nodes", (), FLAG, default=False, default_in_spec=True),),
    related=("sub_cluster_refs",),
    purgeable=("peers",),
)

PHYSICAL_ROUTER = Entity(
    "physical-router",
    rank=4,
    fields=(
        Field("management_address", ("physical_router_management_ip",), ADDRESS, aliases=("management_ip",)),
        Field("dataplane_address", ("physical_router_dataplane_ip",), ADDRESS, aliases=("dataplane_ip",)),
        Field("loopback_address", ("physical_router_loopback_ip",), ADDRESS, aliases=("loopback_ip",)),
        text("vendor", "physical_router_vendor_name", initial="juniper"),
        text("product", "physical_router_product_name", initial="vmx"),
        text("device_family", "physical_router_device_family"),
        text("os_version", "physical_router_os_version"),
        text("serial_number", "physical_router_serial_number"),
        text("hostname", "physical_router_hostname"),
        text(
            "role",
            "physical_router_role",
            choices=("spine", "leaf", "e2-access", "e2-provider", "e2-internet", "e2-vrr", "pnf", "superspine"),
        ),
        Field("routing_bridging_roles", ("routing_bridging_roles", "rb_roles"), Plural(TEXT), aliases=("rb_roles",)),
        flag("managed", "physical_router_vnc_managed", default=None, aliases=("vnc_managed",)),
        flag("underlay_managed", "physical_router_underlay_managed"),
        flag("lldp", "physical_router_lldp", default=None),
        flag("snmp", "physical_router_snmp", default=None),
        Field(
            "autonomous_systems",
            ("physical_router_autonomous_system", "asn"),
            Plural(AS_NUMBER),
        ),
        Field("service_ports", ("physical_router_junos_service_ports", "service_port"), Plural(TEXT)),
        text("supplemental_config", "physical_router_supplemental_config"),
        text("username", "physical_router_user_credentials", "username"),
        Field("password", ("physical_router_user_credentials", "password"), TEXT, secret=True, unreadable=True),
        *COMMON,
    ),
    references=(
        ReferenceField("bgp_router", "bgp_router_refs", "bgp-router"),
        ReferenceField(
            "networks",
            "virtual_network_refs",
            "virtual-network",
            many=True,
            aliases=("virtual_network_refs",),
        ),
        ReferenceField("virtual_routers", "virtual_router_refs", "virtual-router", many=True),
        ReferenceField("fabric", "fabric_refs", "fabric"),
    ),
    compound=(
        Field(
            "update_password",
            (),
            Scalar(choices=("always", "on_create")),
            default="on_create",
            default_in_spec=True,
        ),
    ),
    purgeable=("networks", "virtual_routers"),
)
