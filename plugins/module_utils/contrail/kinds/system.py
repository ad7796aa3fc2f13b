# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The configuration of the whole system."""

from __future__ import annotations

from ..codec.codec import Plural, Prefix, Scalar
from ..codec.field import Absence, Field, Record, Records
from ..codec.scope import GLOBAL_SYSTEM_CONFIG_NAME
from ..codec.values import autonomous_system
from .entity import Entity
from .parts import ADDRESS, COMMON, ECMP_HASHING, MAC_LIMIT, MAC_MOVE_LIMIT, TEXT, flag, number, text

GLOBAL_VROUTER_CONFIG_NAME = (*GLOBAL_SYSTEM_CONFIG_NAME, "default-global-vrouter-config")

GLOBAL_VROUTER_CONFIG = Entity(
    "global-vrouter-config",
    rank=0,
    fields=(
        Field(
            "encapsulation_priorities",
            ("encapsulation_priorities", "encapsulation"),
            Plural(Scalar(choices=("MPLSoGRE", "MPLSoUDP", "VXLAN")), ordered=True),
            aliases=("encapsulations",),
            description=(
                "Encapsulations, the preferred one first. With a router that only knows GRE "
                "tunnels V(MPLSoGRE) comes first."
            ),
        ),
        text(
            "vxlan_network_identifier_mode",
            "vxlan_network_identifier_mode",
            choices=("configured", "automatic"),
            default="automatic",
            description="Whether VXLAN network identifiers are given, or chosen by the server.",
        ),
        text(
            "forwarding_mode",
            "forwarding_mode",
            choices=("l2_l3", "l2", "l3"),
            description="Forwarding mode of networks that have none of their own.",
        ),
        Field(
            "ecmp_hashing",
            ("ecmp_hashing_include_fields",),
            ECMP_HASHING,
            description=(
                "By which fields of a packet one of several equal paths is chosen. Keys that are "
                "left out stay as they are."
            ),
        ),
        number("flow_export_rate", "flow_export_rate", description="Flows a second that a vRouter exports."),
        Field(
            "flow_aging_timeouts",
            ("flow_aging_timeout_list", "flow_aging_timeout"),
            Records(
                Record(
                    (
                        Field(
                            "protocol",
                            ("protocol",),
                            TEXT,
                            required=True,
                            description="Name or number of the protocol.",
                        ),
                        number("port", "port", limits=(0, 65535), default=0, description="Port; V(0) is any."),
                        Field(
                            "timeout",
                            ("timeout_in_seconds",),
                            Scalar(type="int"),
                            required=True,
                            description="The seconds.",
                        ),
                    ),
                    whole=True,
                ),
                key=("protocol", "port"),
            ),
            description="Seconds after which idle flows end. The list is enforced exactly.",
        ),
        flag("security_logging", "enable_security_logging", default=True, description="Whether sessions are logged."),
        text(
            "encryption_mode",
            "encryption_mode",
            choices=("none", "all"),
            default="none",
            description="Whether traffic between vRouters is encrypted.",
        ),
        Field(
            "encryption_endpoints",
            ("encryption_tunnel_endpoints", "endpoint"),
            Records(
                Record(
                    (
                        Field(
                            "address", ("tunnel_remote_ip_address",), ADDRESS, required=True, description="The address."
                        ),
                    )
                ),
                key=("address",),
            ),
            absence=Absence(cleared=()),
            description="Addresses of vRouters that encrypt. The list is enforced exactly.",
        ),
        Field(
            "link_local_services",
            ("linklocal_services", "linklocal_service_entry"),
            Records(
                Record(
                    (
                        Field(
                            "name", ("linklocal_service_name",), TEXT, required=True, description="Name of the service."
                        ),
                        Field(
                            "address",
                            ("linklocal_service_ip",),
                            ADDRESS,
                            required=True,
                            description="Link-local address.",
                        ),
                        Field(
                            "port",
                            ("linklocal_service_port",),
                            Scalar(type="int", limits=(1, 65535)),
                            required=True,
                            description="Port at the link-local address.",
                        ),
                        Field(
                            "fabric_addresses",
                            ("ip_fabric_service_ip",),
                            Plural(ADDRESS),
                            default=[],
                            description="Addresses of the service in the underlay.",
                        ),
                        text(
                            "fabric_name",
                            "ip_fabric_DNS_service_name",
                            description="DNS name of the service in the underlay.",
                        ),
                        number(
                            "fabric_port",
                            "ip_fabric_service_port",
                            limits=(1, 65535),
                            description="Port of the service in the underlay.",
                        ),
                    ),
                    whole=True,
                ),
                key=("name",),
            ),
            description=("Services that machines reach at a link-local address. The list is enforced exactly."),
        ),
    ),
)

GLOBAL_SYSTEM_CONFIG = Entity(
    "global-system-config",
    rank=0,
    description="The configuration; one item.",
    named="Name of the configuration. There is only this one.",
    fields=(
        Field(
            "autonomous_system",
            ("autonomous_system",),
            Scalar(convert=autonomous_system),
            aliases=("asn",),
            description=(
                "Autonomous system of the control nodes, as V(64512), V(4200000000) or V(1.10). "
                "BGP routers do not follow it by themselves."
            ),
        ),
        flag("enable_4byte_as", "enable_4byte_as", description="Whether autonomous systems above 65535 may be used."),
        flag(
            "ibgp_auto_mesh",
            "ibgp_auto_mesh",
            default=True,
            description="Whether routers of the same autonomous system become peers by themselves.",
        ),
        flag(
            "bgp_always_compare_med",
            "bgp_always_compare_med",
            description="Whether the MED of routes from different autonomous systems is compared.",
        ),
        number(
            "rd_cluster_seed",
            "rd_cluster_seed",
            limits=(1, 65535),
            description="Number that goes into route distinguishers.",
        ),
        Field(
            "graceful_restart",
            ("graceful_restart_parameters",),
            Record(
                (
                    flag("enable", "enable", description="Whether it is used."),
                    number(
                        "restart_time",
                        "restart_time",
                        limits=(0, 4095),
                        default=300,
                        description="Restart time in seconds.",
                    ),
                    number(
                        "long_lived_restart_time",
                        "long_lived_restart_time",
                        limits=(0, 16777215),
                        default=300,
                        description="Long-lived restart time in seconds.",
                    ),
                    number(
                        "end_of_rib_timeout",
                        "end_of_rib_timeout",
                        limits=(0, 4095),
                        default=300,
                        description="Seconds to wait for the end of a table.",
                    ),
                    flag(
                        "bgp_helper",
                        "bgp_helper_enable",
                        description="Whether control nodes help BGP routers that restart.",
                    ),
                    flag(
                        "xmpp_helper",
                        "xmpp_helper_enable",
                        description="Whether control nodes help vRouters that restart.",
                    ),
                )
            ),
            description="Graceful restart. Keys that are left out stay as they are.",
        ),
        Field(
            "bgpaas_ports",
            ("bgpaas_parameters",),
            Record(
                (
                    number("start", "port_start", limits=(-1, 65535), default=50000, description="First port."),
                    number("end", "port_end", limits=(-1, 65535), default=50512, description="Last port."),
                )
            ),
            description="Ports of BGP as a service. Keys that are left out stay as they are.",
        ),
        Field(
            "ip_fabric_subnets",
            ("ip_fabric_subnets", "subnet"),
            Plural(Prefix()),
            description="Subnets of the underlay. The list is enforced exactly.",
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
        number(
            "mac_aging_time",
            "mac_aging_time",
            limits=(0, 86400),
            default=300,
            description="Seconds after which a MAC address is forgotten; V(0) is never.",
        ),
        flag("igmp", "igmp_enable", aliases=("igmp_enable",), description="Whether IGMP is spoken."),
        flag(
            "alarms", "alarm_enable", default=None, aliases=("alarm_enable",), description="Whether alarms are raised."
        ),
        *COMMON,
    ),
    compound=GLOBAL_VROUTER_CONFIG.fields,
    only=GLOBAL_SYSTEM_CONFIG_NAME[0],
)
"""Its ``compound`` options are those of the global vRouter configuration, so that one module has both."""
