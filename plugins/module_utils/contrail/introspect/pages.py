# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


"""The requests that may be sent, and how each is asked and read.

Introspect is not read-only: a GET can switch logging, clear connections or delete flows. So only what is declared
here is ever sent, with the fields that are declared, and nothing that a user writes becomes the name of a request.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic
from urllib.parse import quote

from .records import (
    AgentInstance,
    AgentRoute,
    ChainOfRule,
    ChainState,
    ConnectedInstance,
    ControlNodeInstance,
    ControlNodeTable,
    HealthCheck,
    Interface,
    KnownNetwork,
    KnownService,
    LabelUse,
    Neighbor,
    ProcessStatus,
    R,
    XmppPeer,
)
from .sandesh import Message

SCHEMA, SVC_MONITOR, CONTROL, AGENT = "schema transformer", "service monitor", "control node", "vRouter agent"
DAEMONS = (SCHEMA, SVC_MONITOR, CONTROL, AGENT)

Encoder = Callable[[Any], str]

_PATTERN_CHARACTERS = re.compile(r"([.\[\]{}()\\*+?|^$])")


def exact(value: Any) -> str:
    """Write a text that is compared as it is."""
    return str(value)


def number(value: Any) -> str:
    """Write a number."""
    return str(int(value))


def flag(value: Any) -> str:
    """Write a boolean: daemons take 0 and 1 only."""
    return "1" if value else "0"


def within(value: Any) -> str:
    """Write a text that is looked for as a regular expression, anywhere in names."""
    return _PATTERN_CHARACTERS.sub(r"\\\1", str(value))


def whole(value: Any) -> str:
    """Write a text that is compared as a regular expression, so that it fits only as a whole."""
    return f"^{within(value)}$"


@dataclass(frozen=True)
class Page(Generic[R]):
    """One request and what comes of it.

    ``fields`` say how each parameter is written; ``message`` and ``items`` where the records are in the answer
    (``items`` leads into structures); ``iterate`` is the request by which a control node gives its next page.
    """

    request: str
    daemons: tuple[str, ...]
    message: str
    items: tuple[str, ...]
    record: type[R]
    fields: Mapping[str, Encoder] = field(default_factory=dict)
    iterate: str = ""

    def query(self, values: Mapping[str, Any]) -> str:
        """Return path and query of the request; values that are None are left out.

        Raises ValueError for a parameter that is not declared: daemons ignore one, or take it for another.
        """
        if unknown := sorted(values.keys() - self.fields.keys()):
            raise ValueError(f"{self.request} has no {unknown[0]}")
        written = {name: self.fields[name](value) for name, value in values.items() if value is not None}
        return _query(self.request, written)

    def following(self, messages: Iterable[Message]) -> str:
        """Return path and query of the next page, nothing on the last one."""
        for message in messages:
            batch = message.data.get("next_batch")
            if self.iterate and batch and message.links.get("next_batch") == self.iterate:
                return _query(self.iterate, {"x": str(batch)})
            if message.name == "Pagination":
                request = message.data.get("req")
                following = request.get("next_page") if isinstance(request, Mapping) else None
                if following:
                    return _query(PAGE_REQUEST, {"x": str(following)})
        return ""

    def read(self, messages: Iterable[Message]) -> list[R]:
        """Return the records of an answer."""
        found: list[R] = []
        for message in messages:
            items: Any = message.data if message.name == self.message else None
            for name in self.items:
                items = items.get(name) if isinstance(items, Mapping) else None
            found += [self.record.read(each) for each in items or () if isinstance(each, Mapping)]
        return found


def _query(request: str, written: Mapping[str, str]) -> str:
    parameters = "&".join(f"{name}={quote(value, safe='')}" for name, value in written.items() if value)
    return f"/Snh_{request}?{parameters}" if parameters else f"/Snh_{request}"


PAGE_REQUEST = "PageReq"
"""By which agents give the further pages of any of their tables."""

NODE_STATUS = Page(
    "SandeshUVECacheReq", DAEMONS, "NodeStatusUVE", ("data", "process_status"), ProcessStatus, {"tname": exact}
)
NODE_STATUS_TABLE = {"tname": "NodeStatus"}

CHAINS_OF_RULES = Page(
    "ServiceChainList", (SCHEMA,), "ServiceChainListResp", ("service_chains",), ChainOfRule, {"sc_name": exact}
)
CONNECTED_INSTANCES = Page(
    "RoutingInstanceList",
    (SCHEMA,),
    "RoutingInstanceListResp",
    ("routing_instances",),
    ConnectedInstance,
    {"vn_name": exact},
)
KNOWN_NETWORKS = Page("VnList", (SCHEMA,), "VnListResp", ("vn_names",), KnownNetwork, {"vn_name": exact})

KNOWN_SERVICES = Page(
    "ServiceInstanceList",
    (SVC_MONITOR,),
    "ServiceInstanceListResp",
    ("si_names",),
    KnownService,
    {"si_name": exact},
)

CHAIN_STATES = Page(
    "ShowServiceChainReq",
    (CONTROL,),
    "ShowServiceChainResp",
    ("service_chain_list",),
    ChainState,
    {"search_string": within},
    iterate="ShowServiceChainReqIterate",
)
ROUTES = Page(
    "ShowRouteReq",
    (CONTROL,),
    "ShowRouteResp",
    ("tables",),
    ControlNodeTable,
    {
        "routing_table": exact,
        "routing_instance": exact,
        "prefix": whole,
        "count": number,
        "source": exact,
        "protocol": exact,
        "family": exact,
    },
    iterate="ShowRouteReqIterate",
)
ROUTES_ROUND_A_PREFIX = Page(
    "ShowRouteReq",
    (CONTROL,),
    "ShowRouteResp",
    ("tables",),
    ControlNodeTable,
    {"routing_table": exact, "prefix": exact, "longer_match": flag, "shorter_match": flag},
    iterate="ShowRouteReqIterate",
)
NEIGHBORS = Page(
    "BgpNeighborReq",
    (CONTROL,),
    "BgpNeighborListResp",
    ("neighbors",),
    Neighbor,
    {"search_string": within},
    iterate="BgpNeighborReqIterate",
)
ROUTING_INSTANCES = Page(
    "ShowRoutingInstanceReq",
    (CONTROL,),
    "ShowRoutingInstanceResp",
    ("instances",),
    ControlNodeInstance,
    {"search_string": within},
    iterate="ShowRoutingInstanceReqIterate",
)

INTERFACES = Page("ItfReq", (AGENT,), "ItfResp", ("itf_list",), Interface, {"name": exact, "uuid": exact, "vn": exact})
AGENT_INSTANCES = Page("VrfListReq", (AGENT,), "VrfListResp", ("vrf_list",), AgentInstance, {"name": exact})
AGENT_ROUTES = Page(
    "Inet4UcRouteReq",
    (AGENT,),
    "Inet4UcRouteResp",
    ("route_list",),
    AgentRoute,
    {"vrf_index": number, "src_ip": exact, "prefix_len": number},
)
LABELS = Page("MplsReq", (AGENT,), "MplsResp", ("mpls_list",), LabelUse, {"label": number})
HEALTH_CHECKS = Page(
    "HealthCheckSandeshReq", (AGENT,), "HealthCheckSandeshResp", ("hc_list",), HealthCheck, {"uuid": exact}
)
XMPP_PEERS = Page("AgentXmppConnectionStatusReq", (AGENT,), "AgentXmppConnectionStatus", ("peer",), XmppPeer)

PAGES: tuple[Page[Any], ...] = (
    NODE_STATUS,
    CHAINS_OF_RULES,
    CONNECTED_INSTANCES,
    KNOWN_NETWORKS,
    KNOWN_SERVICES,
    CHAIN_STATES,
    ROUTES,
    ROUTES_ROUND_A_PREFIX,
    NEIGHBORS,
    ROUTING_INSTANCES,
    INTERFACES,
    AGENT_INSTANCES,
    AGENT_ROUTES,
    LABELS,
    HEALTH_CHECKS,
    XMPP_PEERS,
)

ALLOWED = frozenset(
    {PAGE_REQUEST, *(each.request for each in PAGES), *(each.iterate for each in PAGES if each.iterate)}
)
"""Every request that is ever sent. All of them only read."""


def is_allowed(query: str) -> bool:
    """Return whether path and query are those of an allowed request."""
    name = query.partition("?")[0].removeprefix("/Snh_")
    return query.startswith("/Snh_") and name in ALLOWED
