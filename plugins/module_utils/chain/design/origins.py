# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where in the data model things come from that were derived from it."""

from __future__ import annotations

import re

from ..intent.model import NETWORKS, ROUTERS, Intent
from .derive import entries_behind, steering_terms, vrf_of
from .design import Options, RouterDesign

_STEP = re.compile(r"(?P<key>[^.\[]+)(?:\[(?P<place>[0-9]+)\])?")

OF_VRFS = frozenset({"name", "description", "route_distinguisher", "interfaces", "table_label"})
"""Options of a VRF that ``service_chain_routers.ROUTER.vrfs.NETWORK`` has under the same name."""


class Origins:
    """The paths in the data model of what was derived for routers."""

    def __init__(self, intent: Intent) -> None:
        self._intent = intent
        self._of_term: dict[tuple[str, str, str, str], str] = {}
        self._of_prefix: dict[tuple[str, str, str], str] = {}
        self._of_vrf: dict[tuple[str, str], str] = {}
        for router in intent.routers.values():
            for network in router.vrfs:
                self._of_vrf[router.name, vrf_of(router, network).name] = network
            for chain, word, side, external in entries_behind(intent, intent.present_chains, router):
                self._of_vrf[router.name, vrf_of(router, side.network).name] = side.network
                self._of_prefix.setdefault((router.name, side.network, external.prefix), external.path)
                for term in steering_terms(chain, word, router, external):
                    key = (router.name, term["family"], term["filter"], term["name"])
                    self._of_term.setdefault(key, external.path)

    def of_term(self, router: str, family: str, filter_: str, term: str) -> str:
        """Return the path of the external prefix that a steering term was made for."""
        return self._of_term.get((router, family, filter_, term), f"{ROUTERS}.{router}")

    def of_prefix(self, router: str, network: str, prefix: str) -> str:
        """Return the path of the external prefix that a static route in a network's VRF was made for."""
        return self._of_prefix.get((router, network, prefix), f"{ROUTERS}.{router}")

    def of_option(self, router: str, design: RouterDesign, path: str) -> tuple[str, str]:
        """Return where in the data model an option of ``vmx_vrf`` comes from, and what of its path that leaves over.

        ``path`` is as the module names it: ``config[0].steering[1].protocol[0]``, ``filters[0].name``.
        """
        (kind, place), *steps = [(step["key"], int(step["place"] or 0)) for step in _STEP.finditer(path)]
        rest = path.partition(".")[2]
        if kind == "filters":
            return ".".join(filter(None, [self._of_filter(router, design, place), rest])), ""
        if kind != "config":
            return f"{ROUTERS}.{router}", path
        option, number = steps[0] if steps else ("", 0)
        return self._of_vrf_option(router, design.vrfs[place], option, number, rest)

    def _of_vrf_option(self, router: str, vrf: Options, option: str, number: int, rest: str) -> tuple[str, str]:
        network = self._of_vrf[router, vrf["name"]]
        if option == "steering":
            term = vrf["steering"][number]
            return self.of_term(router, term["family"], term["filter"], term["name"]), rest.partition(".")[2]
        if option == "static_routes":
            return self.of_prefix(router, network, vrf["static_routes"][number]["prefix"]), rest.partition(".")[2]
        if not option or (option in OF_VRFS and network in self._intent.routers[router].vrfs):
            return ".".join(filter(None, [f"{ROUTERS}.{router}.vrfs.{network}", rest])), ""
        return f"{NETWORKS}.{network}", rest

    def _of_filter(self, router: str, design: RouterDesign, place: int) -> str:
        wanted = (design.filters[place]["family"], design.filters[place]["name"])
        written = [(each.family, each.name) for each in self._intent.routers[router].filters]
        return f"{ROUTERS}.{router}.filters[{written.index(wanted)}]"
