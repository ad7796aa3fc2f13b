# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""BGP routers and physical routers: what Contrail knows of the gateway."""

from __future__ import annotations

from ..codec.codec import Plural, Scalar
from ..codec.field import Absence, Field, Record, Records, Secrecy
from ..codec.shapes import PeeringAttributes
from ..codec.values import ADDRESS_FAMILIES, autonomous_system
from .entity import Entity, ReferenceField
from .parts import ADDRESS, COMMON, FLAG, TEXT, flag, number, text

FAMILIES = Plural(Scalar(choices=ADDRESS_FAMILIES))
AS_NUMBER = Scalar(convert=autonomous_system)
HOLD_TIME = (0, 65535)
LOOPS = (0, 16)

AUTHENTICATION = Record(
    (
        text("type", "key_type", choices=("md5",), default="md5", description="Kind of authentication."),
        Field(
            "keys",
            ("key_items",),
            Records(
                Record(
                    (
                        Field(
                            "id",
                            ("key_id",),
                            Scalar(type="int", limits=(0, 63)),
                            default=0,
                            description="Number of the key.",
                        ),
                        Field(
                            "key",
                            ("key",),
                            TEXT,
                            required=True,
                            secrecy=Secrecy.SECRET,
                            description="The key itself. It is never shown.",
                        ),
                    ),
                    whole=True,
                ),
                key=("id",),
            ),
            description="The keys. The list is enforced exactly.",
        ),
    )
)

PEERING = PeeringAttributes(
    (
        Field(
            "families",
            ("address_families", "family"),
            FAMILIES,
            aliases=("address_families",),
            description="Address families of the session; those that both have if nothing is said.",
        ),
        number(
            "hold_time",
            "hold_time",
            limits=HOLD_TIME,
            default=0,
            description="Hold time in seconds; V(0) is the default of the control nodes.",
        ),
        flag("admin_down", "admin_down", description="Whether it is shut down."),
        flag("passive", "passive", description="Whether it waits for the other to connect."),
        flag(
            "as_override", "as_override", description="Whether the other's autonomous system is replaced in AS paths."
        ),
        number(
            "loop_count",
            "loop_count",
            limits=LOOPS,
            default=0,
            description="How often the own autonomous system may be in an AS path.",
        ),
        Field(
            "local_autonomous_system",
            ("local_autonomous_system",),
            AS_NUMBER,
            default=0,
            description="Autonomous system that is shown in this session.",
        ),
        text(
            "private_as_action",
            "private_as_action",
            choices=("remove", "remove-all", "replace-all"),
            description="What happens to private autonomous systems in AS paths.",
        ),
        Field(
            "family_attributes",
            ("family_attributes",),
            Records(
                Record(
                    (
                        Field(
                            "family",
                            ("address_family",),
                            Scalar(choices=ADDRESS_FAMILIES),
                            required=True,
                            description="The address family.",
                        ),
                        number(
                            "loop_count",
                            "loop_count",
                            limits=LOOPS,
                            default=0,
                            description="How often the own autonomous system may be in an AS path.",
                        ),
                        number(
                            "prefix_limit",
                            "prefix_limit",
                            "maximum",
                            description="Number of prefixes after which the session is closed.",
                        ),
                        number(
                            "idle_timeout",
                            "prefix_limit",
                            "idle_timeout",
                            limits=(0, 86400),
                            default=0,
                            description="Seconds for which it then stays closed.",
                        ),
                        Field(
                            "tunnel_encapsulations",
                            ("default_tunnel_encap",),
                            Plural(Scalar(choices=("gre", "mpls", "udp", "vxlan"))),
                            description="Encapsulations of routes that say none.",
                        ),
                    )
                ),
                key=("family",),
            ),
            description="What holds for single address families. The list is enforced exactly.",
        ),
        Field(
            "route_origin",
            ("route_origin_override",),
            Record(
                (
                    flag("override", "origin_override", description="Whether it is."),
                    text(
                        "origin",
                        "origin",
                        choices=("IGP", "EGP", "INCOMPLETE"),
                        default="IGP",
                        description="The origin that they get.",
                    ),
                )
            ),
            description="Whether the origin of routes is replaced.",
        ),
        Field("authentication", ("auth_data",), AUTHENTICATION, description="How sessions are authenticated."),
    )
)

BGP_ROUTER = Entity(
    "bgp-router",
    rank=3,
    description="The routers.",
    named="Name of the router, in the fabric's routing instance.",
    fields=(
        Field(
            "address",
            ("bgp_router_parameters", "address"),
            ADDRESS,
            absence=Absence(needed=True),
            description="Address to which the others connect. A new router needs it.",
        ),
        Field("identifier", ("bgp_router_parameters", "identifier"), ADDRESS, description="BGP identifier."),
        Field(
            "autonomous_system",
            ("bgp_router_parameters", "autonomous_system"),
            AS_NUMBER,
            absence=Absence(needed=True),
            aliases=("asn",),
            description=(
                "Its autonomous system, as V(64512), V(4200000000) or V(1.10). A new router needs "
                "it. Numbers above 65535 are only taken with C(enable_4byte_as) in the global "
                "configuration.\n"
                "A router without O(config[].vendor), or of the vendor C(contrail), has the "
                "global autonomous system and no other. The schema transformer would overwrite "
                "any other number, so it is refused."
            ),
        ),
        Field(
            "local_autonomous_system",
            ("bgp_router_parameters", "local_autonomous_system"),
            AS_NUMBER,
            description="Autonomous system that it shows to others instead.",
        ),
        text(
            "router_type",
            "bgp_router_parameters",
            "router_type",
            choices=("control-node", "external-control-node", "router", "bgpaas-server", "bgpaas-client"),
            initial="router",
            description="What kind of router it is. A new one is a V(router) if nothing is said.",
        ),
        text(
            "vendor",
            "bgp_router_parameters",
            "vendor",
            description=(
                "Vendor of the router. Give it for every router that is not one of Contrail's "
                "own, see O(config[].autonomous_system)."
            ),
        ),
        Field(
            "families",
            ("bgp_router_parameters", "address_families", "family"),
            FAMILIES,
            absence=Absence(initial=["inet-vpn", "inet6-vpn", "route-target"]),
            aliases=("address_families",),
            description=(
                "Address families. The list is enforced exactly. A new router has V(inet-vpn), "
                "V(inet6-vpn) and V(route-target) if nothing is said."
            ),
        ),
        number(
            "hold_time",
            "bgp_router_parameters",
            "hold_time",
            limits=HOLD_TIME,
            default=0,
            description="Hold time in seconds; V(0) is the default of the control nodes.",
        ),
        number("port", "bgp_router_parameters", "port", limits=(0, 65535), description="TCP port."),
        number(
            "source_port", "bgp_router_parameters", "source_port", limits=(0, 65535), description="TCP source port."
        ),
        flag("admin_down", "bgp_router_parameters", "admin_down", description="Whether it is shut down."),
        number(
            "cluster_id",
            "bgp_router_parameters",
            "cluster_id",
            description=(
                "Cluster identifier, of a route reflector. When it is set or cleared, the schema "
                "transformer makes all peerings of all routers anew. The module waits for that (a "
                "few seconds), and then writes what O(config[].peers) gives."
            ),
        ),
        Field("gateway", ("bgp_router_parameters", "gateway_address"), ADDRESS, description="IPv4 gateway."),
        Field("ipv6_gateway", ("bgp_router_parameters", "ipv6_gateway_address"), ADDRESS, description="IPv6 gateway."),
        Field(
            "authentication",
            ("bgp_router_parameters", "auth_data"),
            AUTHENTICATION,
            description="How sessions are authenticated.",
        ),
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
            description=(
                "Routers with which it has sessions. They only ever add, unless "
                "O(purge_references) has V(peers); the server notes each on both ends. Peers that "
                "are not given, as those of the automatic mesh inside an autonomous system, are "
                "neither compared nor touched. An entry is a name, or a dict with what the "
                "session needs. Keys that are left out stay as they are.\n"
                "In the global autonomous system the schema transformer keeps the peerings while "
                "C(ibgp_auto_mesh) is on. A peering that it would delete, as those beside a route "
                "reflector, is refused. One that it would make again is not purged."
            ),
            named="Name of the other router.",
        ),
    ),
    compound=(
        Field(
            "control_nodes",
            (),
            FLAG,
            default=False,
            default_in_spec=True,
            description=(
                "Whether every control node that the server knows is a peer, too. Where a route "
                "reflector stands between the two, the schema transformer allows no such peering, "
                "and none is asked for."
            ),
        ),
    ),
    related=("sub_cluster_refs",),
    purgeable=("peers",),
)

PHYSICAL_ROUTER = Entity(
    "physical-router",
    rank=4,
    description="The routers.",
    named="Name of the router.",
    fields=(
        Field(
            "management_address",
            ("physical_router_management_ip",),
            ADDRESS,
            aliases=("management_ip",),
            description="Address at which it is managed.",
        ),
        Field(
            "dataplane_address",
            ("physical_router_dataplane_ip",),
            ADDRESS,
            aliases=("dataplane_ip",),
            description="Address at which its tunnels end.",
        ),
        Field(
            "loopback_address",
            ("physical_router_loopback_ip",),
            ADDRESS,
            aliases=("loopback_ip",),
            description="Loopback address.",
        ),
        text(
            "vendor",
            "physical_router_vendor_name",
            initial="juniper",
            description="Vendor of the router. A new one has V(juniper) if nothing is said.",
        ),
        text(
            "product",
            "physical_router_product_name",
            initial="vmx",
            description="Product name. A new one has V(vmx) if nothing is said.",
        ),
        text("device_family", "physical_router_device_family", description="Family of the device."),
        text("os_version", "physical_router_os_version", description="Version of its operating system."),
        text("serial_number", "physical_router_serial_number", description="Its serial number."),
        text("hostname", "physical_router_hostname", description="Its host name."),
        text(
            "role",
            "physical_router_role",
            choices=("spine", "leaf", "e2-access", "e2-provider", "e2-internet", "e2-vrr", "pnf", "superspine"),
            description="Its role in the fabric.",
        ),
        Field(
            "routing_bridging_roles",
            ("routing_bridging_roles", "rb_roles"),
            Plural(TEXT),
            aliases=("rb_roles",),
            description="Its routing and bridging roles. The list is enforced exactly.",
        ),
        flag(
            "managed",
            "physical_router_vnc_managed",
            default=None,
            aliases=("vnc_managed",),
            description=(
                "Whether Contrail's device manager configures the router. With this collection's "
                "C(vmx_) modules it must not."
            ),
        ),
        flag(
            "underlay_managed",
            "physical_router_underlay_managed",
            description="Whether the device manager configures the underlay, too.",
        ),
        flag("lldp", "physical_router_lldp", default=None, description="Whether LLDP is read."),
        flag("snmp", "physical_router_snmp", default=None, description="Whether SNMP is read."),
        Field(
            "autonomous_systems",
            ("physical_router_autonomous_system", "asn"),
            Plural(AS_NUMBER),
            description="Its autonomous systems. The list is enforced exactly.",
        ),
        Field(
            "service_ports",
            ("physical_router_junos_service_ports", "service_port"),
            Plural(TEXT),
            description="Interfaces for services, as V(si-0/0/0). The list is enforced exactly.",
        ),
        text(
            "supplemental_config",
            "physical_router_supplemental_config",
            description="Configuration that the device manager adds.",
        ),
        text(
            "username",
            "physical_router_user_credentials",
            "username",
            description="User name for the device manager. Changing it needs O(config[].password).",
        ),
        Field(
            "password",
            ("physical_router_user_credentials", "password"),
            TEXT,
            secrecy=Secrecy.WRITE_ONLY,
            description=(
                "Password for the device manager. The server encrypts it and never gives it back, "
                "so it is not compared."
            ),
        ),
        *COMMON,
    ),
    references=(
        ReferenceField("bgp_router", "bgp_router_refs", "bgp-router", description="BGP router that it is."),
        ReferenceField(
            "networks",
            "virtual_network_refs",
            "virtual-network",
            many=True,
            aliases=("virtual_network_refs",),
            description=("Networks that it has. They only ever add, unless O(purge_references) has V(networks)."),
        ),
        ReferenceField(
            "virtual_routers",
            "virtual_router_refs",
            "virtual-router",
            many=True,
            description=(
                "Virtual routers that it stands for. They only ever add, unless "
                "O(purge_references) has V(virtual_routers)."
            ),
        ),
        ReferenceField("fabric", "fabric_refs", "fabric", description="Fabric that it is in."),
    ),
    compound=(
        Field(
            "update_password",
            (),
            Scalar(choices=("always", "on_create")),
            default="on_create",
            default_in_spec=True,
            description=(
                "Whether O(config[].password) is written in every run, which is always a change, "
                "or only where none is stored."
            ),
        ),
    ),
    purgeable=("networks", "virtual_routers"),
)
