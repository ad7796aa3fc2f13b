# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The router modules' parsing against output recorded from real routers, where it is at hand."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.replies import operational, routes
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.session import xml
from lxml import etree
from support.recorded import RECORDED
from unit.vmx.scenario import GOLDEN

FIXTURES = RECORDED / "junos" / "fixtures"

pytestmark = pytest.mark.skipif(not FIXTURES.is_dir(), reason="no recorded output here")


def reply(name: str) -> dict[str, Any]:
    root = etree.fromstring((FIXTURES / name).read_bytes())
    for one in root.iter():
        if isinstance(one.tag, str):
            one.tag = etree.QName(one).localname
    return xml.to_data(root if root.tag != "rpc-reply" else root[0])


def test_a_route_with_a_pushed_label() -> None:
    (table,) = routes.parse_routes(reply("excerpts/route-information-16.1-push.xml")).values()
    (route,) = table["routes"]
    assert route["label"] == 401952
    assert (route["preference"], route["local_preference"], route["learned_from"]) == (
        170,
        100,
        "10.254.255.2",
    )
    assert (route["via"], route["next_hop"], route["active"], route["as_path"]) == (
        "xe-1/0/0.0",
        "10.128.0.5",
        True,
        "I",
    )


def test_a_direct_route_of_a_vrf() -> None:
    tables = routes.parse_routes(reply("excerpts/route-information-18.3-vrf-direct.xml"))
    assert tables["VR1.inet.0"]["destinations"] == 4
    assert tables["VR1.inet.0"]["routes"][0]["prefix"] == "172.16.0.0/30"
    assert tables["VR1.inet.0"]["routes"][0]["protocol"] == "Direct"


def test_a_pending_confirmed_commit() -> None:
    history = operational.parse_commits(reply("excerpts/commit-information-24.4R2.xml"))
    assert [(one.user, one.pending) for one in history] == [("netops", True), ("netops", False)]


@pytest.mark.parametrize(
    "name",
    ["pyez/rpc-reply__get-software-information.xml", "pyez/ofacts__rpc-reply__get-software-information.xml"],
)
def test_the_version(name: str) -> None:
    version = operational.parse_version(reply(name))
    assert all(version[key] for key in ("host_name", "model", "version"))


def test_the_errors_of_a_failed_commit() -> None:
    root = etree.fromstring((FIXTURES / "excerpts/commit-failure-oess.xml").read_bytes())
    assert xml.complaints(root) == [
        ("error", "logical unit is not allowed on aggregated links"),
        ("error", "configuration check-out failed"),
    ]


def test_the_golden_configuration_is_the_reference() -> None:
    reference = xml.parse_configuration((RECORDED / "seed" / "vmx-reference.xml").read_bytes())
    golden = xml.parse_configuration((GOLDEN / "vmx-reference.xml").read_bytes())
    bound = ("interfaces", ("interface", "ge-0/0/0"), ("unit", "0"), "family", "inet", "filter")
    assert golden.find("routing-instances") == reference.find("routing-instances")
    assert golden.find("firewall") == reference.find("firewall")
    assert golden.find(*bound) == reference.find(*bound)


def test_the_golden_peering_is_what_the_device_manager_wrote() -> None:
    reference = xml.parse_configuration((RECORDED / "seed" / "vmx-reference.xml").read_bytes())
    golden = xml.parse_configuration((GOLDEN / "vmx-peering.xml").read_bytes())
    group = reference.find(("groups", "__contrail__"))
    assert group is not None
    for section in ("routing-options", "protocols", "policy-options"):
        assert golden.find(section) == group.find(section)
    assert golden.find("chassis") == reference.find("chassis")


def test_the_counter_of_a_filter() -> None:
    filters = operational.parse_filters(reply("excerpts/firewall-information-19.4.xml"))
    assert filters == {
        "CORERO-MITIGATE": {
            "exists": True,
            "counters": [{"name": "Corero-Allowed", "packets": 416316713, "bytes": 274462490908}],
        }
    }


def test_the_tunnel_to_a_compute_node() -> None:
    recorded = (FIXTURES / "excerpts" / "l3vpn-routes-mx-contrail.txt").read_text()
    printed = recorded[recorded.index("*- Signal Tunnels") : recorded.index("# id ")]
    (tunnel,) = operational.parse_tunnels(printed)
    assert tunnel == {
        "table": "inet.3",
        "network": "10.6.11.0/24",
        "destination": "10.6.11.1/32",
        "state": "Up",
        "references": 0,
        "encapsulation": "gre",
        "source_address": "10.6.0.31",
        "via": "gr-0/0/10.32769",
    }
