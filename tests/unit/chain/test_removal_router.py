# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which peerings a removal takes from a router, and which VRFs would lose their routes with them."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.design.derive import derive
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.intent.read import read_intent
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.removal.router import RouterRemoval
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.model.statement import Statement
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.plan import peering_plan
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.session import xml
from unit.chain.scenario import reference
from unit.vmx.peering_scenario import peering
from unit.vmx.scenario import loaded

OF_MODEL = "service-chain-vmx1"
OURS = {"local_address": "172.31.10.57", "neighbors": ["172.31.4.76"], "autonomous_system": 64512, "name": OF_MODEL}


def router(*peerings: dict[str, Any], vrfs: tuple[str, ...] = ()) -> Statement:
    """Return a router with peerings and VRFs."""
    request = peering_plan.parse_peering_request("rendered", list(peerings), None)
    instances = "".join(f"<instance><name>{name}</name><instance-type>vrf</instance-type></instance>" for name in vrfs)
    document = f"<configuration><routing-instances>{instances}</routing-instances></configuration>"
    return loaded(peering_plan.render_peering(request), xml.parse_configuration(document))


def removal(configuration: Statement, *, of_model: bool, of_orphans: bool) -> RouterRemoval:
    """Return the removal of the reference scenario with a peering from a router."""
    model = reference()
    model["routers"]["vmx1"]["peering"] = OURS
    intent = read_intent(**model)
    described = derive(intent).routers["vmx1"]
    (one,) = intent.routers.values()
    return RouterRemoval(one, described, configuration, configuration, of_model, of_orphans)


@pytest.mark.parametrize(
    ("of_model", "of_orphans", "going"),
    [(True, False, [OF_MODEL]), (False, True, ["earlier"]), (True, True, [OF_MODEL, "earlier"])],
)
def test_marked_peerings_go_with_the_data_model_or_as_orphans_and_others_stay(
    of_model: bool, of_orphans: bool, going: list[str]
) -> None:
    standing = router(
        peering(name=OF_MODEL, mark=True),
        peering(name="earlier", mark=True, local_address="172.31.10.58"),
        peering(name="theirs", local_address="172.31.10.59"),
    )
    assert sorted(removal(standing, of_model=of_model, of_orphans=of_orphans).peerings) == sorted(going)


def test_vrfs_that_stay_need_the_peering_that_goes() -> None:
    standing = router(peering(name=OF_MODEL, mark=True), vrfs=("vn1", "customer"))
    (use,) = removal(standing, of_model=True, of_orphans=False).peering_uses({"vn1"})
    assert use.kind.code == "peering-serves-vrfs"
    assert use.where == "service_chain_routers.vmx1.peering"
    assert use.shown()["message"].count("customer") == 1
    assert "vn1" not in use.shown()["message"]


def test_nobody_needs_a_peering_that_stays() -> None:
    theirs = router(peering(name="theirs"), vrfs=("customer",))
    assert removal(theirs, of_model=True, of_orphans=True).peering_uses(set()) == []
    ours = router(peering(name=OF_MODEL, mark=True), vrfs=("vn1", "vn2"))
    assert removal(ours, of_model=True, of_orphans=False).peering_uses({"vn1", "vn2"}) == []
