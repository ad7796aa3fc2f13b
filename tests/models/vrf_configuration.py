# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Commits VRFs to a lab's router, as tests of its routing tables need them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lab.junos.router import Router
from lab.junos.session import Session
from lxml import etree


@dataclass(frozen=True)
class VrfStatements:
    """The statements of a VRF: targets as `64512:1`, static routes that lead to inet.0."""

    name: str
    imports: str
    exports: str
    statics: tuple[str, ...] = ()
    table_label: bool = True


REFERENCE_VRFS = (
    VrfStatements("vn1", "64512:1", "64512:1", ("172.31.9.34/32",)),
    VrfStatements("vn2", "64512:2", "64512:2", ("172.31.8.198/32",)),
)


def commit_vrfs(router: Router, vrfs: Iterable[VrfStatements]) -> None:
    """Merge VRFs into the router's configuration and commit."""
    session = Session(router, 1, "lab")
    instances = "".join(_instance(vrf) for vrf in vrfs)
    document = f"<configuration><routing-instances>{instances}</routing-instances></configuration>"
    session.load(etree.fromstring(document), "merge")
    session.commit()
    session.end()


def _instance(vrf: VrfStatements) -> str:
    targets = f"<import>target:{vrf.imports}</import><export>target:{vrf.exports}</export>"
    if vrf.imports == vrf.exports:
        targets = f"<community>target:{vrf.imports}</community>"
    routes = "".join(f"<route><name>{prefix}</name><next-table>inet.0</next-table></route>" for prefix in vrf.statics)
    return (
        f"<instance><name>{vrf.name}</name><instance-type>vrf</instance-type>"
        f"<vrf-target>{targets}</vrf-target>{'<vrf-table-label/>' if vrf.table_label else ''}"
        f"<routing-options><static>{routes}</static>"
        f"<auto-export><family><inet><unicast/></inet></family></auto-export></routing-options></instance>"
    )
