# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where in the data model things come from that were derived from it."""

from __future__ import annotations

from ..design.derive import entries_behind, steering_terms
from ..intent.model import ROUTERS, Intent


class Origins:
    """The paths of the external prefixes behind steering terms and static routes."""

    def __init__(self, intent: Intent) -> None:
        self._of_term: dict[tuple[str, str, str, str], str] = {}
        self._of_prefix: dict[tuple[str, str, str], str] = {}
        for router in intent.routers.values():
            for chain, word, side, external in entries_behind(intent, intent.present_chains, router):
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
