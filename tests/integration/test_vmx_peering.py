# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``vmx_peering`` against the lab's router, over SSH."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.session import xml
from ansible_collections.opencontrail.service_chain.plugins.modules import vmx_peering
from integration.vmx_bed import Bed, bed
from lab.junos.running import INITIAL
from lxml import etree
from unit.vmx.peering_scenario import NAME, PEERING, ROUTER, peering
from unit.vmx.scenario import GOLDEN

REFERENCE: dict[str, Any] = {"config": [PEERING], "router": ROUTER}
GONE: dict[str, Any] = {**REFERENCE, "state": "deleted"}
MODIFIED: dict[str, Any] = {
    "state": "replaced",
    "config": [
        peering(
            hold_time=30,
            families=["inet-vpn", "route-target"],
            next_hop_self=["inet-vpn"],
            neighbors=[{"address": "172.31.4.77", "peer_as": 64512, "description": "second"}],
            tunnels={"encapsulation": "udp", "destinations": ["172.31.0.0/20"]},
        )
    ],
    "router": {**ROUTER, "ipv6_tunneling": True, "tunnel_services": [{"fpc": 0, "pic": 0, "bandwidth": "1g"}]},
}


def unowned() -> str:
    """Return the lab router's configuration without the device manager's group and what comes with it."""
    root = etree.fromstring(INITIAL)
    for one in list(root):
        name = one.text if one.tag == "apply-groups" else one.findtext("name")
        if name == "__contrail__" or one.tag == "chassis":
            root.remove(one)
    return etree.tostring(root, encoding="unicode")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bed]:
    with bed(tmp_path_factory.mktemp("router"), [], initial=unowned()) as router:
        yield router


@pytest.fixture
def router(served: Bed) -> Iterator[Bed]:
    served.reset()
    yield served
    assert not served.is_locked
    assert not served.served.ask(lambda: served.served.router.dirty)


@pytest.fixture(scope="module")
def owned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bed]:
    with bed(tmp_path_factory.mktemp("owned"), []) as router:
        yield router


def test_the_examples_of_the_documentation_run_twice(router: Bed) -> None:
    for example in yaml.safe_load(vmx_peering.EXAMPLES):
        options = example["opencontrail.service_chain.vmx_peering"]
        assert router.run("vmx_peering", **options)["changed"], example["name"]
        assert not router.run("vmx_peering", **options)["changed"], example["name"]


def test_twelve_steps(router: Bed) -> None:
    fresh = router.committed
    for options, unchanged in [
        (REFERENCE, False),
        (MODIFIED, False),
        ({**GONE, "router": MODIFIED["router"]}, True),
    ]:
        router.prove("vmx_peering", **options)
        assert (router.committed == fresh) == unchanged


def test_the_router_ends_with_the_golden_configuration(router: Bed) -> None:
    router.run("vmx_peering", **REFERENCE)
    golden = xml.parse_configuration((GOLDEN / "vmx-peering.xml").read_text())
    for section in ("chassis", "routing-options", "protocols", "policy-options"):
        assert router.committed.find(section) == golden.find(section)


def test_rendered_needs_no_router(router: Bed) -> None:
    result = router.run("vmx_peering", state="rendered", host="192.0.2.1", **REFERENCE)
    assert result["rendered"] == (GOLDEN / "vmx-peering.xml").read_text()


def test_what_is_gathered_can_be_given_back(router: Bed) -> None:
    router.run("vmx_peering", **REFERENCE)
    found = router.run("vmx_peering", state="gathered")["gathered"]
    assert found == {"config": [PEERING], "router": ROUTER}
    assert not router.run("vmx_peering", state="replaced", **found)["changed"]


def test_a_commit_that_is_only_checked_changes_nothing(router: Bed) -> None:
    fresh = router.committed
    result = router.run("vmx_peering", commit={"check_only": True}, **REFERENCE)
    assert result["changed"]
    assert result["commits"] == []
    assert router.committed == fresh


def test_the_order_of_export_policies_counts(router: Bed) -> None:
    router.run("vmx_peering", **REFERENCE)
    router.run("vmx_peering", config=[peering(name="second", export_policies=["x"], neighbors=[], tunnels=None)])
    twisted = peering(export_policies=["x", *PEERING["export_policies"]], next_hop_self=None)
    router.run("vmx_peering", config=[twisted], state="replaced")
    group = router.committed.find("protocols", "bgp", ("group", NAME))
    assert group is not None
    assert [one.text for one in group.all("export")] == twisted["export_policies"]
    assert not router.run("vmx_peering", config=[twisted], state="replaced")["changed"]


def test_a_router_that_the_device_manager_owns_is_refused(owned: Bed) -> None:
    before = owned.committed
    message = owned.refused("vmx_peering", **REFERENCE)
    assert "configuration group __contrail__" in message
    assert owned.refused("vmx_peering", check=True, **REFERENCE) == message
    assert owned.committed == before
    assert owned.counted("locks") == 0


def test_what_the_device_manager_leaves_to_others_can_be_set(owned: Bed) -> None:
    owned.reset()
    result = owned.run("vmx_peering", router={"tunnel_services": [{"fpc": 0, "pic": 1}], "autonomous_system": 64512})
    assert result["changed"]
    assert owned.committed.find("routing-options", "autonomous-system") is None
    assert owned.run("vmx_peering", router={"tunnel_services": [{"fpc": 0, "pic": 1}]}, state="deleted")["changed"]
