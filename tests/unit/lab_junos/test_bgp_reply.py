# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which BGP sessions come up."""

from __future__ import annotations

import pytest
from lab.junos.asked import Asked
from lab.junos.bgp_reply import peers
from lab.junos.router import Router
from lxml import etree
from unit.lab_junos.configurations import SECURE

OWN = (
    "<interfaces><interface><name>ge-0/0/0</name><unit><name>0</name><family><inet><address><name>10.0.0.1/24</name>"
    "</address></inet></family></unit></interface></interfaces>"
)


@pytest.mark.parametrize(
    ("group", "reaches"),
    [
        ("<type>internal</type><neighbor><name>192.0.2.1</name></neighbor>", True),
        ("<type>external</type><neighbor><name>10.0.0.2</name></neighbor>", True),
        ("<type>external</type><neighbor><name>192.0.2.1</name></neighbor>", False),
        ("<type>external</type><multihop/><neighbor><name>192.0.2.1</name></neighbor>", True),
        ("<type>external</type><neighbor><name>192.0.2.1</name><multihop/></neighbor>", True),
    ],
)
def test_an_external_session_reaches_direct_neighbors_unless_it_is_multihop(group: str, reaches: bool) -> None:
    bgp = f"<protocols><bgp><group><name>g</name>{group}</group></bgp></protocols>"
    router = Router(f"<configuration>{SECURE}{OWN}{bgp}</configuration>")
    (peer,) = peers(Asked(router, etree.Element("get-bgp-summary-information"), tables=dict))  # type: ignore[arg-type]
    assert peer.reaches == reaches
