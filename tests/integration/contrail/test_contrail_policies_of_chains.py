# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several policies on the same networks, and the waits for the routing instances of their chains."""

from __future__ import annotations

from typing import Any

import pytest
from integration.contrail.bed import PROJECT, Controller
from support.module_run import ModuleFailedError

WAIT = {"timeout": 10, "interval": 0.02}
QUICK = {"timeout": 0.2, "interval": 0.02}


@pytest.fixture
def site(contrail: Controller) -> Controller:
    """Three networks, and two services between the first two."""
    networks = [{"name": f"vn{n}", "subnets": [{"cidr": f"10.0.{n}.0/24"}]} for n in (1, 2, 3)]
    contrail.run("contrail_vn", networks)
    contrail.run("contrail_service_template", [{"name": "fw", "mode": "in-network", "interfaces": ["left", "right"]}])
    ports = [(f"{name}-{side}", f"vn{net}") for name in ("a", "b") for net, side in ((1, "left"), (2, "right"))]
    contrail.run("contrail_port", [{"name": name, "network": network} for name, network in ports])
    contrail.run(
        "contrail_service_instance",
        [
            {
                "name": name,
                "template": "fw",
                "interfaces": [{"type": "left", "network": "vn1"}, {"type": "right", "network": "vn2"}],
                "port_tuples": [{"name": "t", "ports": {"left": f"{name}-left", "right": f"{name}-right"}}],
            }
            for name in ("a", "b")
        ],
        wait=WAIT,
    )
    return contrail


def policy(name: str, *services: str, protocol: str = "any", major: int = 0) -> dict[str, Any]:
    rule = {"protocol": protocol, "source": [{"network": "vn1"}], "destination": [{"network": "vn2"}]}
    networks = [{"name": network, "sequence": {"major": major, "minor": 0}} for network in ("vn1", "vn2")]
    return {"name": name, "rules": [{**rule, "services": list(services)}], "networks": networks}


def attached(contrail: Controller, network: str) -> dict[str, tuple[int, int]]:
    found = contrail.find("virtual-network", network)
    assert found is not None
    sequences = {ref["to"][-1]: ref["attr"]["sequence"] for ref in found.get("network_policy_refs") or []}
    return {name: (sequence["major"], sequence["minor"]) for name, sequence in sequences.items()}


def built(contrail: Controller, network: str) -> set[str]:
    """Return the services that have a routing instance in a network."""
    found = contrail.info("routing-instance", parent=":".join([*PROJECT, network]))
    return {item["name"].rsplit("_", 1)[-1] for item in found if item["name"].startswith("service-")}


def test_several_policies_share_networks_each_with_its_place(site: Controller) -> None:
    site.run("contrail_policy", [{"name": "mine", "networks": [{"name": "vn1", "sequence": {"major": 9, "minor": 3}}]}])
    config = [policy("web", "a", protocol="tcp", major=1), policy("rest", "b", major=2)]

    made = site.run("contrail_policy", config, wait=WAIT)

    assert attached(site, "vn1") == {"mine": (9, 3), "web": (1, 0), "rest": (2, 0)}
    assert attached(site, "vn2") == {"web": (1, 0), "rest": (2, 0)}
    assert built(site, "vn1") == {"a", "b"}
    networks = [item for item in made["objects"] if item["kind"] == "virtual-network"]
    assert [item["action"] for item in networks] == ["updated", "updated"]
    assert site.run("contrail_policy", config, wait=WAIT)["changed"] is False

    swapped = [policy("web", "a", protocol="tcp", major=2), policy("rest", "b", major=1)]
    assert site.run("contrail_policy", swapped)["changed"] is True
    assert attached(site, "vn1") == {"mine": (9, 3), "web": (2, 0), "rest": (1, 0)}

    site.run("contrail_policy", [{"name": "web"}], state="absent")
    assert attached(site, "vn1") == {"mine": (9, 3), "rest": (1, 0)}


def test_nobody_waits_for_routing_instances_that_another_policy_keeps(site: Controller) -> None:
    site.run("contrail_policy", [policy("web", "a", protocol="tcp"), policy("rest", "a", "b", major=1)], wait=WAIT)

    result = site.run("contrail_policy", [{"name": "web"}], state="absent", wait=QUICK)

    assert result["waited"]["progress"][-1]["missing"] == []
    assert built(site, "vn1") == {"a", "b"}


def test_what_no_other_policy_keeps_is_waited_for(site: Controller) -> None:
    site.run("contrail_policy", [policy("web", "a", protocol="tcp"), policy("rest", "b", major=1)], wait=WAIT)

    site.run("contrail_policy", [{"name": "web"}], state="absent", wait=WAIT)

    assert built(site, "vn1") == {"b"}


def test_a_policy_elsewhere_keeps_nothing(site: Controller) -> None:
    elsewhere = policy("elsewhere", "a")
    elsewhere["networks"] = [{"name": "vn3"}]
    site.run("contrail_policy", [policy("web", "a"), elsewhere])
    site.settle()
    stopped(site)

    with pytest.raises(
        ModuleFailedError, match="service default-domain:default-project:a still has a routing instance"
    ):
        site.run("contrail_policy", [{"name": "web"}], state="absent", wait=QUICK)


def test_a_policy_that_no_longer_asks_for_a_service_waits_for_its_end(site: Controller) -> None:
    site.run("contrail_policy", [policy("p", "a", "b")], wait=WAIT)
    assert built(site, "vn1") == {"a", "b"}

    site.run("contrail_policy", [policy("p", "b")], wait=WAIT)
    assert built(site, "vn1") == built(site, "vn2") == {"b"}

    stopped(site)
    with pytest.raises(ModuleFailedError) as caught:
        site.run("contrail_policy", [{**policy("p"), "networks": []}], purge_references=["networks"], wait=QUICK)
    assert caught.value.result["msg"] == (
        "after 0.2 s service default-domain:default-project:b still has a routing instance in "
        "default-domain:default-project:vn1; check that the schema transformer runs; service "
        "default-domain:default-project:b still has a routing instance in default-domain:default-project:vn2; check "
        "that the schema transformer runs"
    )
    assert caught.value.result["waited"]["progress"]


def stopped(contrail: Controller) -> None:
    """Stop the schema transformer until the next test."""
    contrail.on_loop(lambda: setattr(contrail.world.schema_transformer, "reconcile", lambda: False))


def test_a_policy_that_was_attached_meanwhile_is_detached_too(site: Controller) -> None:
    """The first deletion is refused; a second look finds the new attachment."""
    site.run("contrail_policy", [policy("p", "a")])
    site.settle()
    found, third = site.find("network-policy", "p"), site.find("virtual-network", "vn3")
    assert found is not None
    assert third is not None
    done: list[bool] = []

    def interfere() -> None:
        if not done and not site.world.store.back_references(found["uuid"], "virtual-network"):
            done.append(True)
            attr = {"sequence": {"major": 0, "minor": 0}}
            site.world.store.update_reference(third["uuid"], "network-policy", found["uuid"], "ADD", attr)

    site.on_loop(lambda: site.world.store.subscribe(interfere))
    try:
        result = site.run("contrail_policy", [{"name": "p"}], state="absent")
    finally:
        interfered = bool(done)
        done.append(True)

    assert interfered
    assert site.find("network-policy", "p") is None
    assert attached(site, "vn3") == {}
    assert result["objects"][0]["action"] == "deleted"


def test_a_policy_that_was_deleted_meanwhile_is_made_again(site: Controller) -> None:
    site.run("contrail_policy", [{"name": "p", "description": "old"}])
    found = site.find("network-policy", "p")
    assert found is not None
    site.fault(
        kind="status",
        status=404,
        body=f"No network-policy object found for id {found['uuid']}",
        match={"method": "PUT", "path": found["uuid"]},
        times=1,
    )
    original = site.world.faults.take
    gone: list[bool] = []

    def take(server: str, **attributes: str) -> Any:
        fault = original(server, **attributes)
        if fault is not None and not gone:
            gone.append(True)
            site.world.store.delete(found["uuid"])
        return fault

    site.on_loop(lambda: setattr(site.world.faults, "take", take))
    try:
        result = site.run("contrail_policy", [{"name": "p", "description": "new"}])
    finally:
        site.on_loop(lambda: setattr(site.world.faults, "take", original))

    again = site.find("network-policy", "p")
    assert again is not None
    assert again["uuid"] != found["uuid"]
    assert again["id_perms"]["description"] == "new"
    assert [item["action"] for item in result["objects"]] == ["created"]


def test_a_policy_in_use_by_what_the_task_cannot_detach_names_it(site: Controller) -> None:
    """A rule's user of a template is such a one."""
    with pytest.raises(ModuleFailedError) as caught:
        site.run("contrail_service_template", [{"name": "fw"}], state="absent")

    message = caught.value.result["msg"]
    assert message.startswith("cannot delete service-template default-domain:fw: HTTP 409, still used by ")
    assert "service-instance default-domain:default-project:a" in message
    assert "http" not in message.lower().replace("http 409", "")
    assert caught.value.result["status"] == 409


def on(network: str, *services: str, name: str = "p") -> dict[str, Any]:
    """Return a policy that is attached to one network."""
    whole = policy(name, *services)
    return {**whole, "networks": [one for one in whole["networks"] if one["name"] == network]}


@pytest.mark.parametrize(("having", "lacking"), [("vn1", "vn2"), ("vn2", "vn1")])
def test_a_chain_that_one_network_asks_for_is_not_waited_for_and_the_other_network_named(
    site: Controller, having: str, lacking: str
) -> None:
    with pytest.raises(ModuleFailedError) as failure:
        site.run("contrail_policy", [on(having, "a")], wait={"timeout": 600, "interval": 1})

    message = failure.value.result["msg"]
    full = ":".join(PROJECT)
    assert f"the chain through {full}:a between {full}:{having} and {full}:{lacking} will never come up" in message
    assert f"policy {full}:p is not attached to {full}:{lacking}" in message
    assert failure.value.result["changed"] is True
    assert failure.value.result["waited"]["looks"] == 1


def test_a_plain_rule_on_one_network_has_nothing_to_wait_for(site: Controller) -> None:
    assert site.run("contrail_policy", [on("vn1")], wait=QUICK)["waited"]["looks"] == 1


def test_an_equal_rule_of_another_policy_asks_for_the_chain_as_well(site: Controller) -> None:
    site.run("contrail_policy", [on("vn2", "a", name="q")])

    site.run("contrail_policy", [on("vn1", "a")], wait=WAIT)

    assert (built(site, "vn1"), built(site, "vn2")) == ({"a"}, {"a"})


def test_an_attachment_without_a_sequence_does_not_count(site: Controller) -> None:
    site.run("contrail_policy", [on("vn1", "a")])
    vn2, made = site.find("virtual-network", "vn2"), site.find("network-policy", "p")
    assert vn2 is not None
    assert made is not None
    site.on_loop(lambda: site.world.store.update_reference(vn2["uuid"], "network-policy", made["uuid"], "ADD", None))

    with pytest.raises(ModuleFailedError, match=r"attached to .*vn2 without a sequence, which counts for nothing"):
        site.run("contrail_policy", [on("vn1", "a")], wait=WAIT)


def test_rules_that_can_make_no_chain_are_refused_before_anything_is_written(site: Controller) -> None:
    site.run("contrail_vn", [{"name": "vn4"}])
    writes = site.writes
    rules = ["vn1 <> vn2 via a", "vn2 <> vn1 via a", "vn1 <> vn4 via b", "deny vn1 <> vn2 tcp via b"]
    for check in (True, False):
        with pytest.raises(ModuleFailedError) as caught:
            site.run("contrail_policy", [{"name": "p", "rules": rules, "networks": ["vn1", "vn2"]}], check=check)
        message = str(caught.value)
        assert "config[0].rules[1].services[0]: default-domain:default-project:a stands between" in message
        assert "config[0].rules[2].services[0]: default-domain:default-project:b stands between" in message
        assert "config[0].rules[3].action: deny leads through no service" in message
        assert "config[0].rules[0]" not in message
    assert site.writes == writes


def test_a_chain_on_one_network_is_warned_of_and_keeps_its_as_path(site: Controller) -> None:
    rule = {"source": [{"network": "vn1"}], "destination": [{"network": "vn2"}], "services": ["a"]}
    config = [{"name": "p", "rules": [{**rule, "retain_as_path": True}], "networks": ["vn1"]}]

    first, second = site.run("contrail_policy", config), site.run("contrail_policy", config)

    (warning,) = first["warnings"]
    assert "config[0].rules[0]: makes no chain until the policy" in warning
    assert (second["changed"], second["warnings"]) == (False, [warning])
    stored = site.find("network-policy", "p")
    assert stored is not None
    (rule,) = stored["network_policy_entries"]["policy_rule"]
    assert rule["action_list"]["service_properties"] == {"retain_as_path": True}
