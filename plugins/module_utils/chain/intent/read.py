# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading the whole data model: each value, then what the values say about each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from ...values.faults import Fault, IntentError
from ...values.reading import keyed
from .consistency import dangling_names, inconsistencies
from .model import CHAINS, NETWORKS, PORTS, ROUTERS, SERVICES, Intent
from .schema import read_chain, read_network, read_ports, read_router, read_service
from .servers import booted_ports


def read_intent(
    *,
    networks: Any = None,
    services: Any = None,
    routers: Any = None,
    chains: Any = None,
    ports: Any = None,
    groups: Mapping[str, Iterable[str]] | None = None,
) -> Intent:
    """Read and check the whole data model.

    :param networks: value of ``service_chain_networks`` (and so on); null is empty.
    :param ports: value of ``contrail_objects_ports``, a list of ``contrail_port`` items.
    :param groups: the inventory's groups; when given, routers must be in ``routers``, endpoints in
        ``endpoints`` and hosts of service members in ``service_guests``.
    :raises IntentError: with one fault for each bad value.
    """
    faults: list[Fault] = []

    def parse(variable: str, reader: Any, value: Any) -> Any:
        try:
            return reader(value if value is not None else {}, variable)
        except IntentError as error:
            faults.extend(error.faults)
            return {}

    read = {
        "networks": parse(NETWORKS, keyed(read_network), networks),
        "services": parse(SERVICES, keyed(read_service), services),
        "routers": parse(ROUTERS, keyed(read_router), routers),
        "chains": parse(CHAINS, keyed(read_chain), chains),
        "ports": parse(PORTS, read_ports, ports if ports is not None else []),
    }
    if faults:
        raise IntentError(faults)
    intent = Intent(**read)
    faults.extend(dangling_names(intent))
    if not faults:  # the rest may look names up
        faults.extend(inconsistencies(intent, groups or {}))
    if faults:
        raise IntentError(faults)
    return replace(intent, ports={**intent.ports, **booted_ports(intent)})
