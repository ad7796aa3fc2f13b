"""What is planned in an OpenStack for the machines of services."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.openstack.servers import (
    connection_of,
    machine_states,
    networks_to_read,
    owner_mark,
    plan_machines,
    plan_removal,
)

SERVER: dict[str, Any] = {
    "name": "fw-1",
    "image": "router",
    "flavor": "m1.small",
    "ports": [{"name": "fw-left", "network": "vn1", "address": "10.0.1.4"}, {"name": "fw-right", "network": "vn2"}],
    "routes": [{"prefix": "172.31.9.34/32", "via": "10.0.1.1"}],
}


def cloud(**lists: Any) -> dict[str, Any]:
    """Return an OpenStack with an image, a flavor and two networks, and what is given."""
    return {
        "images": [{"id": "i1", "name": "router"}],
        "flavors": [{"id": "f1", "name": "m1.small"}],
        "networks": [{"id": "n1", "name": "vn1"}, {"id": "n2", "name": "vn2"}],
        "ports": [],
        "servers": [],
        **lists,
    }


def port(name: str, network: str, device: str = "", **values: Any) -> dict[str, Any]:
    """Return a port that stands."""
    return {
        "id": f"{name}-id",
        "name": name,
        "network_id": network,
        "device_id": device,
        "fixed_ips": [{"ip_address": "10.0.1.4" if network == "n1" else "10.0.2.9"}],
        **values,
    }


def server(status: str = "ACTIVE", **values: Any) -> dict[str, Any]:
    """Return a server that stands."""
    return {"id": "s1", "name": "fw-1", "status": status, **values}


BOTH = [port("fw-left", "n1", "s1"), port("fw-right", "n2", "s1")]


def test_an_empty_cloud_gets_ports_in_order_and_a_server_on_them() -> None:
    plan = plan_machines([SERVER], cloud())
    assert plan["problems"] == []
    assert [(one["name"], one["network_id"], one["fixed_ips"]) for one in plan["ports"]] == [
        ("fw-left", "n1", [{"ip_address": "10.0.1.4"}]),
        ("fw-right", "n2", None),
    ]
    (booted,) = plan["servers"]
    assert (booted["image"], booted["flavor"], booted["ports"]) == ("i1", "f1", ["fw-left", "fw-right"])
    assert booted["routes"] == SERVER["routes"]


def test_what_stands_is_left_alone() -> None:
    plan = plan_machines([SERVER], cloud(ports=BOTH, servers=[server()]))
    assert (plan["problems"], plan["ports"], plan["servers"], plan["names"]) == ([], [], [], ["fw-1"])


def test_ports_that_an_interrupted_run_made_are_used() -> None:
    plan = plan_machines([SERVER], cloud(ports=[port("fw-left", "n1")]))
    assert plan["problems"] == []
    assert [one["name"] for one in plan["ports"]] == ["fw-right"]
    assert [one["name"] for one in plan["servers"]] == ["fw-1"]


def test_a_check_takes_networks_to_be_there_that_the_run_makes() -> None:
    plan = plan_machines([SERVER], cloud(networks=[]), planned=["vn1", "vn2"])
    assert plan["problems"] == []
    assert [one["network_id"] for one in plan["ports"]] == [None, None]


@pytest.mark.parametrize(
    ("there", "problem"),
    [
        (cloud(images=[{"id": "i1", "name": "routers"}]), "server fw-1: no image 'router'; did you mean routers?"),
        (
            cloud(images=[{"id": "i1", "name": "router"}, {"id": "i2", "name": "router"}]),
            "server fw-1: there are 2 images called 'router'; give the id",
        ),
        (cloud(flavors=[]), "server fw-1: no flavor 'm1.small'"),
        (
            cloud(networks=[{"id": "n1", "name": "vn1"}, {"id": "n2", "name": "vn3"}]),
            "server fw-1: port fw-right: no network 'vn2' that OpenStack's user sees; did you mean vn3?",
        ),
        (
            cloud(ports=[port("fw-left", "n2")]),
            "server fw-1: port fw-left: is in another network than vn1; delete it, or give another name",
        ),
        (
            cloud(ports=[port("fw-left", "n1", "s9")]),
            "server fw-1: port fw-left: belongs to device s9 already",
        ),
        (
            cloud(ports=[port("fw-left", "n1", fixed_ips=[{"ip_address": "10.0.1.7"}])]),
            "server fw-1: port fw-left: has 10.0.1.7, not 10.0.1.4, and keeps it; delete it first",
        ),
        (
            cloud(ports=BOTH[:1], servers=[server()]),
            "server fw-1: port fw-right: does not exist, but the server does; attach one, or delete the server",
        ),
        (
            cloud(ports=BOTH, servers=[server("ERROR", fault={"message": "No valid host was found."})]),
            'server fw-1: is ERROR: "No valid host was found."; delete it and run again',
        ),
        (
            cloud(ports=BOTH, servers=[server("SHUTOFF")]),
            "server fw-1: is SHUTOFF; start it, or delete it and run again",
        ),
        (
            cloud(servers=[server(), server()]),
            "server fw-1: there are 2 of that name in the project; remove or rename",
        ),
    ],
)
def test_what_cannot_be_booted_is_told_with_the_cure(there: dict[str, Any], problem: str) -> None:
    assert problem in plan_machines([SERVER], there)["problems"]


def test_waiting_ends_when_all_run_or_one_fails() -> None:
    assert machine_states(["fw-1"], [server("BUILD")]) == {"settled": False, "waiting": ["fw-1"], "problems": []}
    assert machine_states(["fw-1"], [server()])["settled"]
    failed = machine_states(["fw-1", "fw-2"], [server("ERROR"), {**server("BUILD"), "name": "fw-2"}])
    assert (failed["settled"], len(failed["problems"])) == (True, 1)
    assert machine_states(["fw-1"], [])["problems"] == ["server fw-1: is gone"]


def test_only_what_carries_the_owners_mark_goes() -> None:
    ours = [{**one, "description": owner_mark("me")} for one in BOTH]
    there = {"ports": ours, "servers": [server(metadata={"service_chain.owner": "me"})]}
    removal = plan_removal([SERVER], there, "me")
    assert [one["id"] for one in removal["servers"]] == ["s1"]
    assert [one["name"] for one in removal["ports"]] == ["fw-left", "fw-right"]

    foreign = plan_removal([SERVER], {"ports": BOTH, "servers": [server(metadata={})]}, "me")
    assert (foreign["servers"], foreign["ports"]) == ([], [])
    assert foreign["kept"] == [
        "server fw-1 was not made for me",
        "port fw-left was not made for me",
        "port fw-right was not made for me",
    ]


def test_a_port_of_another_device_stays() -> None:
    there = {"ports": [port("fw-left", "n1", "s9")], "servers": []}
    removal = plan_removal([SERVER], there, "")
    assert (removal["ports"], removal["kept"]) == ([], ["port fw-left belongs to device s9"])


def test_an_entry_of_a_clouds_yaml_is_what_openstack_cloud_takes() -> None:
    auth = {"auth_url": "https://k:5000/v3", "username": "u", "password": "p", "project_name": "demo"}
    domains = {"user_domain_name": "Default", "project_domain_name": "Default"}
    assert connection_of("mycloud") == "mycloud"
    assert connection_of({"auth": auth}) == {"auth": domains | auth, "auth_type": "password", "verify": True}
    given = {"auth": auth | {"domain_id": "d"}, "region_name": "r", "ca_cert": "/ca", "validate_certs": False, "x": 1}
    assert connection_of(given) == {
        "auth": auth | {"domain_id": "d"},
        "auth_type": "password",
        "verify": False,
        "cacert": "/ca",
        "region_name": "r",
    }
    credential = {"application_credential_id": "i", "application_credential_secret": "s"}
    assert connection_of({"auth": credential, "cacert": "/old", "verify": False}) == {
        "auth": credential,
        "auth_type": "v3applicationcredential",
        "verify": False,
        "cacert": "/old",
    }


def test_ports_are_read_of_networks_that_are_named_or_whose_id_is_given() -> None:
    networks = [{"name": "a", "id": "1"}, {"name": "b", "id": "2"}, {"name": "c", "id": "3"}]
    servers = [{"ports": [{"network": "a"}, {"network": "3"}]}, {"ports": [{"network": "a"}]}]
    assert networks_to_read(servers, networks) == ["1", "3"]
