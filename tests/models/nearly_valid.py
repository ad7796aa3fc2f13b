# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Data models that are right, or wrong in what no single value shows: two values that do not go together."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

MODES = st.sampled_from(["in-network", "in-network-nat"])
TARGETS = st.sampled_from(["64512:1", "64512:2", "target:64512:3", "64512:7999999", "64512:8000000"])
INTERFACES = st.sampled_from(["ge-0/0/1.0", "ge-0/0/2.0", "irb.5"])
MATCHES = st.fixed_dictionaries(
    {},
    optional={
        "protocol": st.sampled_from(["tcp", "udp", "TCP", 6, "pim", "any", 17]),
        "destination_ports": st.lists(st.sampled_from([80, "80", "80-90"]), max_size=2),
        "destination": st.sampled_from(["198.19.0.0/24", "198.19.0.7/32"]),
    },
)


@st.composite
def networks(draw: st.DrawFn, number: int) -> dict[str, Any]:
    """Draw a network with the subnet 10.NUMBER.0.0/24."""
    made: dict[str, Any] = {"subnets": [{"cidr": f"10.{number}.0.0/24"}]}
    if draw(st.booleans()):
        made["route_target"] = draw(TARGETS)
    else:
        made["route_target"] = f"64512:{100 + number}"
    if draw(st.booleans()):
        made["multi_policy_service_chains"] = draw(st.booleans())
    return made


@st.composite
def vrfs(draw: st.DrawFn) -> dict[str, Any]:
    """Draw what the router's VRF of a network has beyond the derived."""
    made: dict[str, Any] = {}
    if draw(st.booleans()):
        made["interfaces"] = draw(st.lists(INTERFACES, max_size=2, unique=True))
    if draw(st.booleans()):
        made["route_distinguisher"] = draw(st.sampled_from(["64512:1", "64512:2", "192.0.2.1:1"]))
    return made


@st.composite
def nearly_valid_models(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a data model, as ``read_intent`` takes it: two networks, a chain of one or two services, one router."""
    names = ["fw", "nat"][: draw(st.integers(1, 2))]
    ports = [
        {"name": f"{service}-{side}", "network": f"vn{number}", "addresses": [f"10.{number}.0.{4 + place}"]}
        for place, service in enumerate(names)
        for number, side in ((1, "left"), (2, "right"))
    ]
    peering: dict[str, Any] = {
        "local_address": "192.0.2.10",
        "autonomous_system": draw(st.sampled_from([64512, 65000])),
        "neighbors": [
            draw(st.sampled_from(["192.0.2.21", {"address": "192.0.2.21", "peer_as": 64512}])),
        ],
    }
    if draw(st.booleans()):
        peering["type"] = draw(st.sampled_from(["internal", "external"]))
    return {
        "networks": {f"vn{number}": draw(networks(number)) for number in (1, 2)},
        "services": {
            name: {"mode": draw(MODES), "members": [{"left": f"{name}-left", "right": f"{name}-right"}]}
            for name in names
        },
        "routers": {
            "vmx1": {
                "address": "192.0.2.10",
                "filters": [{"name": "steer", "interfaces": ["ge-0/0/0.0"]}],
                "vrfs": {f"vn{number}": draw(vrfs()) for number in draw(st.sets(st.sampled_from([1, 2])))},
                **({"peering": peering} if draw(st.booleans()) else {}),
            }
        },
        "chains": {
            draw(st.sampled_from(["c", "1-to-2", "ä"])): {
                "left": {"network": "vn1", "external": [{"prefix": "198.18.0.0/24"}]},
                "right": {"network": "vn2", "external": [{"prefix": "198.19.0.0/24"}]},
                "services": names,
                "match": draw(st.lists(MATCHES, max_size=2)),
            }
        },
        "ports": ports,
    }
