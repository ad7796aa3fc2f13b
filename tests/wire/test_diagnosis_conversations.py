# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a diagnosis asks daemons for: which pages of whom, and no other."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.diagnosis.evidence import (
    Compute,
    Objects,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.api.reply import Reply
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.introspect.errors import (
    REFUSED,
    IntrospectError,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.introspect.reader import (
    Introspect,
    Limits,
    read_hosts,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.site.diagnosis import MOST_AGENTS, read_daemons

SCHEMA, CONTROL, OTHER, AGENT = "http://s:8087", "http://c1:8083", "http://c2:8083", "http://a1:8085"
EMPTY = {
    "/Snh_ServiceChainList": "ServiceChainListResp",
    "/Snh_VnList": "VnListResp",
    "/Snh_ShowServiceChainReq": "ShowServiceChainResp",
    "/Snh_BgpNeighborReq": "BgpNeighborListResp",
    "/Snh_ItfReq": "ItfResp",
    "/Snh_AgentXmppConnectionStatusReq": "AgentXmppConnectionStatus",
}


class Daemons:
    """A transport that answers every page that a diagnosis may ask for with an empty one; notes what it is asked."""

    def __init__(self, failing: Mapping[str, Exception] | None = None, padding: int = 0) -> None:
        self.asked: list[str] = []
        self._failing = failing or {}
        self._padding = " " * padding
        self._lock = threading.Lock()

    def get(self, url: str, query: str, limit: int) -> Reply:
        with self._lock:
            self.asked.append(url + query)
        if url in self._failing:
            raise self._failing[url]
        body = f'<{EMPTY[query]} type="sandesh">{self._padding}</{EMPTY[query]}>'
        return Reply(200, body.encode()[: limit + 1], {"Content-Type": "text/xml"})


def reading(transport: Daemons, limits: Limits | None = None, **hosts: Any) -> Introspect:
    return Introspect(read_hosts(hosts), transport, limits=limits)


def test_two_pages_of_each_daemon_and_no_more() -> None:
    transport = Daemons()
    hosts: dict[str, Any] = {
        "schema": [SCHEMA],
        "control": [CONTROL, OTHER],
        "agent": {"compute1": AGENT},
        "svc_monitor": [SCHEMA],
    }
    found = read_daemons(Introspect(read_hosts(hosts), transport), Objects({}))
    assert sorted(transport.asked) == sorted(
        [
            f"{SCHEMA}/Snh_ServiceChainList",
            f"{SCHEMA}/Snh_VnList",
            f"{CONTROL}/Snh_ShowServiceChainReq",
            f"{CONTROL}/Snh_BgpNeighborReq",
            f"{OTHER}/Snh_ShowServiceChainReq",
            f"{OTHER}/Snh_BgpNeighborReq",
            f"{AGENT}/Snh_ItfReq",
            f"{AGENT}/Snh_AgentXmppConnectionStatusReq",
        ]
    )
    assert (found.rules, found.networks, list(found.states), found.failures) == ((), (), [CONTROL, OTHER], [])


def test_what_has_no_address_is_not_asked_and_not_taken_for_empty() -> None:
    transport = Daemons()
    found = read_daemons(reading(transport), Objects({}))
    assert transport.asked == []
    assert (found.rules, found.networks, found.states, found.interfaces) == (None, None, {}, {})


def test_one_control_node_that_fails_leaves_the_other() -> None:
    transport = Daemons({OTHER: IntrospectError(REFUSED, f"{OTHER}: connection refused")})
    found = read_daemons(reading(transport, control=[CONTROL, OTHER]), Objects({}))
    assert list(found.states) == [CONTROL]
    assert found.failures == [f"control node: {OTHER}: connection refused"]


@pytest.mark.parametrize("known_as", ["compute7", "192.0.2.7"])
def test_only_the_agents_of_the_services_are_asked(known_as: str) -> None:
    transport = Daemons()
    port = {"virtual_machine_refs": [{"to": ["fw"]}]}
    objects = Objects(
        {("virtual-machine-interface", ("d", "p", "left")): port},
        [Compute("compute7", "192.0.2.7", frozenset({("fw",)})), Compute("compute8", "192.0.2.8", frozenset())],
    )
    agents = {known_as: AGENT, "compute8": "http://a8:8085"}
    found = read_daemons(reading(transport, agent=agents), objects)
    assert list(found.interfaces) == [known_as]


def test_when_nobody_knows_where_services_run_not_all_agents_of_a_large_site_are_asked() -> None:
    transport = Daemons()
    agents = {f"compute{number}": f"http://a{number}:8085" for number in range(100)}
    found = read_daemons(reading(transport, agent=agents), Objects({}))
    assert len(found.interfaces) == MOST_AGENTS


def test_an_answer_that_was_cut_is_told_and_not_taken_for_the_whole() -> None:
    transport = Daemons(padding=5000)
    found = read_daemons(reading(transport, Limits(bytes=1000), control=[CONTROL]), Objects({}))
    assert found.states == {}
    assert found.failures == [f"control node {CONTROL}: not read to the end, for it has more than 1000 bytes"] * 2
