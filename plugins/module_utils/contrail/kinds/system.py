# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The configuration of the whole system."""

from __future__ import annotations

from ..codec.codec import Plural, Prefix, Scalar
from ..codec.field import Field, Record, Records
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
        ),
        text(
            "vxlan_network_identifier_mode",
            "vxlan_network_identifier_mode",
            choices=("configured", "automatic"),
            default="automatic",
        ),
        text("forwarding_mode", "forwarding_mode", choices=("l2_l3", "l2", "l3")),
        Field("ecmp_hashing", ("ecmp_hashing_include_fields",), ECMP_HASHING),
        number("flow_export_rate", "flow_export_rate"),
        Field(
            "flow_aging_timeouts",
            ("flow_aging_timeout_list", "flow_aging_timeout"),
            Records(
                Record(
                    (
                        Field("protocol", ("protocol",), TEXT, required=True),
                        number("port", "port", limits=(0, 65535), default=0),
                        Field("timeout", ("timeout_in_seconds",), Scalar(type="int"), required=True),
                    ),
                    whole=True,
                ),
                key=("protocol", "port"),
            ),
        ),
        flag("security_logging", "enable_security_logging", default=True),
        text("encryption_mode", "encryption_mode", choices=("none", "all"), default="none"),
        Field(
            "encryption_endpoints",
            ("encryption_tunnel_endpoints", "endpoint"),
            Records(
                Record((Field("address", ("tunnel_remote_ip_address",), ADDRESS, required=True),)), key=("address",)
            ),
            cleared=(),
        ),
        Field(
            "link_local_services",
            ("linklocal_services", "linklocal_service_entry"),
            Records(
                Record(
                    (
                        Field("name", ("linklocal_service_name",), TEXT, required=True),
                        Field("address", ("linklocal_service_ip",), ADDRESS, required=True),
                        Field(
                            "port", ("linklocal_service_port",), Scalar(type="int", limits=(1, 65535)), required=True
                        ),
                        Field("fabric_addresses", ("ip_fabric_service_ip",), Plural(ADDRESS), default=[]),
                        text("fabric_name", "ip_fabric_DNS_service_name"),
                        number("fabric_port", "ip_fabric_service_port", limits=(1, 65535)),
                    ),
                    whole=True,
                ),
                key=("name",),
            ),
        ),
    ),
)

GLOBAL_SYSTEM_CONFIG = Entity(
    "global-system-config",
    rank=0,
    fields=(
        Field(
            "autonomous_system",
            ("autonomous_system",),
            Scalar(convert=autonomous_system),
            aliases=("asn",),
        ),
        flag("enable_4byte_as", "enable_4byte_as"),
        flag("ibgp_auto_mesh", "ibgp_auto_mesh", default=True),
        flag("bgp_always_compare_med", "bgp_always_compare_med"),
        number("rd_cluster_seed", "rd_cluster_seed", limits=(1, 65535)),
        Field(
            "graceful_restart",
            ("graceful_restart_parameters",),
            Record(
                (
                    flag("enable", "enable"),
                    number("restart_time", "restart_time", limits=(0, 4095), default=300),
                    number("long_lived_restart_time", "long_lived_restart_time", limits=(0, 16777215), default=300),
                    number("end_of_rib_timeout", "end_of_rib_timeout", limits=(0, 4095), default=300),
                    flag("bgp_helper", "bgp_helper_enable"),
                    flag("xmpp_helper", "xmpp_helper_enable"),
                )
            ),
        ),
        Field(
            "bgpaas_ports",
            ("bgpaas_parameters",),
            Record(
                (
                    number("start", "port_start", limits=(-1, 65535), default=50000),
                    number("end", "port_end", limits=(-1, 65535), default=50512),
                )
            ),
        ),
        Field("ip_fabric_subnets", ("ip_fabric_subnets", "subnet"), Plural(Prefix())),
        Field("mac_limit", ("mac_limit_control",), MAC_LIMIT),
        Field("mac_move_limit", ("mac_move_control",), MAC_MOVE_LIMIT),
        number("mac_aging_time", "mac_aging_time", limits=(0, 86400), default=300),
        flag("igmp", "igmp_enable", aliases=("igmp_enable",)),
        flag("alarms", "alarm_enable", default=None, aliases=("alarm_enable",)),
        *COMMON,
    ),
    compound=GLOBAL_VROUTER_CONFIG.fields,
    only=GLOBAL_SYSTEM_CONFIG_NAME[0],
)
"""Its ``compound`` options are those of the global vRouter configuration, so that one module has both."""
