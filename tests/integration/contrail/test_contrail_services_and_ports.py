# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Service instances, their port tuples and ports."""

from __future__ import annotations

from typing import Any

import pytest
from integration.contrail.bed import Controller
from support.module_run import ModuleFailedError

PORT = "virtual-machine-interface"
INTERFACES = [{"type": "left", "network": "vn1"}, {"type": "right", "network": "vn2"}]


@pytest.fixture
def site(contrail: Controller) -> Controller:
    """Two networks, three ports on either side, a template."""
    networks = [{"name": f"vn{n}", "subnets": [{"cidr": f"10.0.{n}.0/24"}]} for n in (1, 2)]
    contrail.run("contrail_vn", networks)
    contrail.run(
        "contrail_port",
        [
            {"name": f"{side}{number}", "network": network, "addresses": []}
            for side, network in (("left", "vn1"), ("right", "vn2"))
            for number in (1, 2)
        ],
    )
    contrail.run("contrail_service_template", [{"name": "fw", "mode": "in-network", "interfaces": ["left", "right"]}])
    return contrail


def service(name: str = "s1", **tuples: dict[str, str]) -> list[dict[str, Any]]:
    port_tuples = [{"name": key, "ports": ports} for key, ports in tuples.items()]
    return [{"name": name, "template": "fw", "interfaces": INTERFACES, "port_tuples": port_tuples}]


def port(contrail: Controller, name: str) -> tuple[str | None, list[str]]:
    """Return a port's interface type and its port tuples."""
    found = contrail.find(PORT, name)
    assert found is not None
    properties = found.get("virtual_machine_interface_properties") or {}
    return properties.get("service_interface_type"), [ref["to"][-1] for ref in found.get("port_tuple_refs") or []]


def fails(contrail: Controller, module: str, config: list[dict[str, Any]], **options: Any) -> str:
    with pytest.raises(ModuleFailedError) as caught:
        contrail.run(module, config, **options)
    return str(caught.value)


def test_interfaces_are_stored_in_the_template_s_order(site: Controller) -> None:
    site.run("contrail_service_instance", [{"name": "s1", "template": "fw", "interfaces": INTERFACES[::-1]}])

    found = site.find("service-instance", "s1")
    assert found is not None
    names = [item["virtual_network"] for item in found["service_instance_properties"]["interface_list"]]
    assert names == ["default-domain:default-project:vn1", "default-domain:default-project:vn2"]


def test_interfaces_must_be_the_template_s(site: Controller) -> None:
    message = fails(site, "contrail_service_instance", [{"name": "s1", "template": "fw", "interfaces": INTERFACES[:1]}])

    assert message == "config[0].interfaces: the template has the interfaces left, right, but left are given"


def test_a_port_that_is_exchanged_leaves_clean(site: Controller) -> None:
    site.run("contrail_service_instance", service(t1={"left": "left1", "right": "right1"}))
    site.settle()

    site.run("contrail_service_instance", service(t1={"left": "left2", "right": "right1"}))

    assert port(site, "left1") == (None, [])
    assert port(site, "left2") == ("left", ["t1"])
    assert port(site, "right1") == ("right", ["t1"])


def test_a_port_moves_from_one_tuple_to_another_of_the_service(site: Controller) -> None:
    site.run("contrail_service_instance", service(t1={"left": "left1", "right": "right1"}))

    site.run("contrail_service_instance", service(t2={"left": "left1", "right": "right2"}), move_ports=True)

    assert port(site, "left1") == ("left", ["t2"])
    assert port(site, "right1") == ("right", ["t1"]), "t1 was not named and stays"


def test_purging_port_tuples_deletes_the_others(site: Controller) -> None:
    site.run("contrail_service_instance", service(t1={"left": "left1", "right": "right1"}))

    site.run(
        "contrail_service_instance",
        service(t2={"left": "left2", "right": "right2"}),
        purge_references=["port_tuples"],
    )

    assert [item["name"] for item in site.info("port-tuple")] == ["t2"]
    assert port(site, "left1") == (None, [])
    assert port(site, "left2") == ("left", ["t2"])


def test_another_service_s_port_is_refused(site: Controller) -> None:
    site.run("contrail_service_instance", service(t1={"left": "left1"}))

    message = fails(site, "contrail_service_instance", service("s2", t1={"left": "left1"}))

    assert message == (
        "config[0].port_tuples[0].ports.left: port default-domain:default-project:left1 belongs to port tuple "
        "default-domain:default-project:s1:t1: take it out there first"
    )


def test_one_port_in_two_places_is_refused(site: Controller) -> None:
    message = fails(
        site, "contrail_service_instance", service(t1={"left": "left1", "right": "right1"}, t2={"left": "left1"})
    )

    assert message.startswith(
        "config[0].port_tuples[1].ports.left: port default-domain:default-project:left1 is already "
        "config[0].port_tuples[0].ports.left"
    )


@pytest.mark.parametrize(
    ("ports", "message"),
    [
        ({"left": "right1"}, "is in default-domain:default-project:vn2, the interface in default-domain:"),
        ({"management": "left1"}, "the service instance has no such interface; it has left, right"),
        ({"left": "leftt1"}, "there is no virtual-machine-interface default-domain:default-project:leftt1; did you"),
        ({"up": "left1"}, "'up' is not an interface type: it is management, left, right or otherN"),
    ],
)
def test_a_port_that_does_not_fit_is_refused(site: Controller, ports: dict[str, str], message: str) -> None:
    written = site.writes

    text = fails(site, "contrail_service_instance", service(t1=ports))

    assert text.startswith("config[0].port_tuples[0].ports.")
    assert message in text
    assert site.writes == written


def test_deleting_a_service_leaves_no_port_tuple_behind(site: Controller) -> None:
    site.run("contrail_service_instance", service(t1={"left": "left1", "right": "right1"}, t2={"left": "left2"}))
    site.settle()

    result = site.run("contrail_service_instance", [{"name": "s1"}], state="absent")

    assert site.info("port-tuple") == []
    assert [port(site, name) for name in ("left1", "left2", "right1")] == [(None, [])] * 3
    assert [item["action"] for item in result["objects"] if item["kind"] == "port-tuple"] == ["deleted"] * 2


def test_waiting_for_service_addresses_gives_them(site: Controller) -> None:
    wait = {"timeout": 10, "interval": 0.02}
    result = site.run("contrail_service_instance", service(t1={"left": "left1", "right": "right1"}), wait=wait)

    addresses = result["service_addresses"]["default-domain:default-project:s1"]
    assert set(addresses) == {"left", "right"}
    assert all(addresses.values())

    site.run("contrail_service_instance", [{"name": "s1"}], state="absent", wait=wait)
    assert [item for item in site.info("instance-ip") if item.get("service_instance_ip")] == []


def test_a_wait_that_is_in_vain_says_what_is_missing(site: Controller) -> None:
    site.run("contrail_vn", [{"name": "bare"}])
    site.run("contrail_port", [{"name": "right3", "network": "bare", "addresses": []}])
    config = service(t1={"left": "left1", "right": "right3"})
    config[0]["interfaces"] = [INTERFACES[0], {"type": "right", "network": "bare"}]

    message = fails(site, "contrail_service_instance", config, wait={"timeout": 0.3, "interval": 0.02})

    assert message == (
        "after 0.3 s service-instance default-domain:default-project:s1 has no service address on its right "
        "interface; check that svc-monitor runs, that the port has that interface type and its network a subnet"
    )


def test_a_port_without_addresses_gets_one_and_keeps_it(site: Controller) -> None:
    first = site.run("contrail_port", [{"name": "auto", "network": "vn1"}])
    again = site.run("contrail_port", [{"name": "auto"}])

    assert [item["kind"] for item in first["objects"]] == [PORT, "instance-ip"]
    assert again["changed"] is False


def test_an_address_that_somebody_else_gave_the_port_counts(site: Controller) -> None:
    contrail = site
    body = {
        "fq_name": ["made-by-neutron"],
        "instance_ip_address": "10.0.1.77",
        "virtual_network_refs": [{"to": ["default-domain", "default-project", "vn1"], "attr": None}],
        "virtual_machine_interface_refs": [{"to": ["default-domain", "default-project", "left1"], "attr": None}],
    }
    contrail.on_loop(lambda: contrail.world.store.create("instance-ip", body))

    result = contrail.run("contrail_port", [{"name": "left1", "addresses": ["10.0.1.77"]}])

    assert result["changed"] is False


def test_service_addresses_are_not_a_port_s_own(site: Controller) -> None:
    site.run("contrail_service_instance", service(t1={"left": "left1", "right": "right1"}))
    site.settle()
    service_addresses = [item["name"] for item in site.info("instance-ip") if item.get("service_instance_ip")]
    assert service_addresses

    assert site.run("contrail_port", [{"name": "left1", "addresses": []}])["changed"] is False
    kept = [item["name"] for item in site.info("instance-ip") if item.get("service_instance_ip")]
    assert kept == service_addresses


def test_a_machine_stays_while_it_has_another_port(site: Controller) -> None:
    both = [{"name": name, "network": "vn1", "virtual_machine": "m"} for name in ("a", "b")]
    site.run("contrail_port", both)

    site.run("contrail_port", both[:1], state="absent")
    assert [item["name"] for item in site.info("virtual-machine")] == ["m"]

    site.run("contrail_port", [{"name": "b"}], state="absent")
    assert site.info("virtual-machine") == []


def test_a_port_cannot_change_its_network(site: Controller) -> None:
    message = fails(site, "contrail_port", [{"name": "left1", "network": "vn2"}])

    assert message == (
        "config[0].network: default-domain:default-project:vn1 cannot be changed to "
        "default-domain:default-project:vn2: a port stays in its network; delete the port and create it in the "
        "other one"
    )


def test_a_new_port_needs_a_network(site: Controller) -> None:
    assert fails(site, "contrail_port", [{"name": "new"}]) == (
        "config[0].network: is needed, for virtual-machine-interface default-domain:default-project:new does not "
        "exist and would be created"
    )
