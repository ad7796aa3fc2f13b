# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading what belongs to the operator of Contrail and not to a project: its control nodes and compute nodes.

With roles a user of a project may be forbidden to read them. Then they are not known, which is no fault.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from ..chain.diagnosis.evidence import Compute
from ..contrail.api.client import ApiClient
from ..contrail.codec.errors import ApiError
from ..contrail.codec.scope import Json
from ..contrail.codec.values import address
from ..contrail.kinds.config import Key

FORBIDDEN = 403

CONTROL_NODE = "control-node"


@dataclass(frozen=True)
class Infrastructure:
    """Addresses of control nodes, compute nodes, and the kinds that this user may not read.

    ``speakers`` are the names of all BGP routers, those of control nodes included, by address.
    """

    control_nodes: tuple[str, ...]
    computes: tuple[Compute, ...]
    hidden: tuple[str, ...] = ()
    speakers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def read_infrastructure(client: ApiClient) -> Infrastructure:
    """Return control nodes and compute nodes, as far as this user may read them; raises ContrailError otherwise."""
    hidden: list[str] = []
    routers = _listed(client, "bgp-router", "bgp_router_parameters", hidden)
    computes = _listed(client, "virtual-router", "virtual_router_ip_address,virtual_machine_refs", hidden)
    parameters = [each.get("bgp_router_parameters") or {} for each in routers]
    addresses = [_address(each.get("address")) for each in parameters if each.get("router_type") == CONTROL_NODE]
    return Infrastructure(
        tuple(dict.fromkeys(filter(None, addresses))),
        tuple(
            Compute(
                name=str(each["fq_name"][-1]),
                address=_address(each.get("virtual_router_ip_address")),
                machines=frozenset(tuple(ref["to"]) for ref in each.get("virtual_machine_refs") or ()),
            )
            for each in computes
        ),
        tuple(hidden),
        _speakers(routers),
    )


def _speakers(routers: Sequence[Mapping[str, Json]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for each in routers:
        if text := _address((each.get("bgp_router_parameters") or {}).get("address")):
            found[text] = (*found.get(text, ()), str(each["fq_name"][-1]))
    return found


def _address(stored: Json) -> str:
    """Return an address in its short form, "" for none and for a text that is no address: the API takes any."""
    try:
        return address(stored)
    except ValueError:
        return ""


def _listed(client: ApiClient, kind: str, fields: str, hidden: list[str]) -> list[dict[str, Json]]:
    try:
        return client.list_objects(kind, {"fields": fields})
    except ApiError as error:
        if error.status != FORBIDDEN:
            raise
        hidden.append(kind)
        return []


def read_permitted(
    client: ApiClient, needs: Collection[Key], fields: Mapping[str, Sequence[str]], optional: Collection[str]
) -> tuple[dict[Key, Json], list[str]]:
    """Return objects like ``client.read``, and the kinds among ``optional`` that this user may not read.

    Objects of these kinds are ``None``, as if they did not exist.
    """
    found = client.read([key for key in needs if key[0] not in optional], fields)
    hidden: list[str] = []
    for kind in optional:
        of_kind = [key for key in needs if key[0] == kind]
        try:
            found |= client.read(of_kind, fields)
        except ApiError as error:
            if error.status != FORBIDDEN:
                raise
            hidden.append(kind)
            found |= dict.fromkeys(of_kind)
    return found, hidden
