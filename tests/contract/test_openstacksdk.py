# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's OpenStack, judged by openstacksdk."""

from __future__ import annotations

import base64
import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openstack
import pytest
import yaml
from lab.core.site import DEFAULT_SITE
from lab.fixture import Lab, running_lab
from openstack import exceptions

FILES = ("configuration", "etc", "containers")


@pytest.fixture(scope="module", params=["2.42", "2.90"])
def cloud(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A lab with an OpenStack, the Nova of Ocata and one of today."""
    directory = tmp_path_factory.mktemp(f"nova-{request.param}")
    site = yaml.safe_load(DEFAULT_SITE.read_text())
    site["openstack"]["microversion"] = request.param
    site["routers"][0]["configuration"] = str(DEFAULT_SITE.with_name("junos") / "initial.xml")
    site["hosts"] = {}
    file = directory / "site.yml"
    file.write_text(yaml.safe_dump(site))
    with running_lab(directory, "--openstack", "--no-hosts", "--site", str(file)) as lab:
        yield lab


@pytest.fixture
def fresh(cloud: Lab) -> Lab:
    """The lab with two networks in project admin, and nothing else."""
    cloud.reset()
    for name, prefix in (("vn1", "10.0.1.0"), ("vn2", "10.0.2.0")):
        subnet = {"subnet": {"ip_prefix": prefix, "ip_prefix_len": 24}, "addr_from_start": True}
        ipam = {"to": ["default-domain", "default-project", "default-network-ipam"], "attr": {"ipam_subnets": [subnet]}}
        body = {"fq_name": ["default-domain", "admin", name], "parent_type": "project", "network_ipam_refs": [ipam]}
        post(cloud, "/virtual-networks", {"virtual-network": body})
    return cloud


def post(lab: Lab, path: str, body: Any) -> None:
    """Write an object to the lab's Contrail."""
    request = urllib.request.Request(
        lab.contrail_url + path, json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    urllib.request.urlopen(request).close()


def connect(lab: Lab, user: str = "admin") -> Any:
    """Log in with a password, as a user of the project of the same name."""
    auth = {
        "auth_url": lab.openstack["auth_url"],
        "username": user,
        "password": f"lab-{user}-password",
        "project_name": user,
        "user_domain_name": "Default",
        "project_domain_name": "Default",
    }
    return openstack.connect(auth=auth, region_name=lab.openstack["region_name"], load_yaml_config=False)


def named(lab: Lab, kind: str) -> dict[str, Any]:
    """Return the objects of a kind in the lab's Contrail, by the last part of their names."""
    return {entry["fq_name"][-1]: entry for entry in lab.state()["contrail"].get(kind, [])}


def boot(connection: Any, **options: Any) -> Any:
    """Make two ports and boot a server on them."""
    networks = [connection.network.find_network(name) for name in ("vn1", "vn2")]
    ports = [
        connection.network.create_port(network_id=network.id, name=f"fw-{side}")
        for network, side in zip(networks, ("left", "right"), strict=True)
    ]
    nics = [{"port-id": port.id} for port in ports]
    return connection.create_server("fw", image="service-router", flavor="m1.small", nics=nics, **options)


def test_a_compute_service_is_disabled_with_a_reason_and_enabled(fresh: Lab) -> None:
    compute = connect(fresh).compute
    (service,) = compute.services(host="compute1")
    assert (service.binary, service.status, service.state) == ("nova-compute", "enabled", "up")

    compute.disable_service(service, "compute1", "nova-compute", "maintenance")
    (service,) = compute.services(binary="nova-compute")
    assert (service.status, service.disabled_reason) == ("disabled", "maintenance")

    compute.enable_service(service, "compute1", "nova-compute")
    (service,) = compute.services(binary="nova-compute")
    assert (service.status, service.disabled_reason) == ("enabled", None)


def test_services_are_for_administrators(fresh: Lab) -> None:
    with pytest.raises(exceptions.ForbiddenException):
        list(connect(fresh, "demo").compute.services())


def test_a_service_that_does_not_report_is_down_since_its_last_report(fresh: Lab) -> None:
    compute = connect(fresh).compute
    (before,) = compute.services(host="compute1")
    fresh.set_faults([{"server": "nova", "kind": "down", "match": {"host": "compute1"}}])
    (after,) = compute.services(host="compute1")
    assert (after.state, after.updated_at < before.updated_at) == ("down", True)


def test_a_port_is_an_interface_of_contrail_with_its_address(fresh: Lab) -> None:
    connection = connect(fresh)
    network = connection.network.find_network("vn1")
    port = connection.network.create_port(
        network_id=network.id, name="fw-left", fixed_ips=[{"ip_address": "10.0.1.9"}], description="mine"
    )
    held = named(fresh, "virtual-machine-interface")["fw-left"]
    assert (held["uuid"], held["fq_name"]) == (port.id, ["default-domain", "admin", "fw-left"])
    (address,) = named(fresh, "instance-ip").values()
    assert (address["instance_ip_address"], address["fq_name"]) == ("10.0.1.9", [address["uuid"]])

    again = connection.network.get_port(port.id)
    assert (again.description, again.status, [one["ip_address"] for one in again.fixed_ips]) == (
        "mine",
        "DOWN",
        ["10.0.1.9"],
    )
    with pytest.raises(exceptions.ConflictException):
        connection.network.create_port(network_id=network.id, fixed_ips=[{"ip_address": "10.0.1.9"}])

    connection.network.update_port(port, name="fw-left", is_port_security_enabled=False, security_groups=[])
    assert connection.network.get_port(port.id).is_port_security_enabled is False
    connection.network.delete_port(port.id)
    assert not named(fresh, "virtual-machine-interface")
    assert not named(fresh, "instance-ip")


def test_a_second_port_of_a_name_has_a_name_of_its_own_in_contrail(fresh: Lab) -> None:
    connection = connect(fresh)
    network = connection.network.find_network("vn1")
    ports = [connection.network.create_port(network_id=network.id, name="twin") for _unused in range(2)]
    names = {entry["uuid"]: name for name, entry in named(fresh, "virtual-machine-interface").items()}
    assert [names[port.id] for port in ports] == ["twin", f"twin-{ports[1].id}"]
    assert [port.name for port in connection.network.ports(name="twin")] == ["twin", "twin"]


def test_a_booted_server_has_its_ports_in_order_and_leaves_them_behind(fresh: Lab) -> None:
    connection = connect(fresh)
    server = boot(connection, userdata="#cloud-config\n", wait=True, timeout=20)
    assert server.status == "ACTIVE"
    assert list(server.addresses) == ["vn1", "vn2"]
    shown = connection.compute.get(f"/servers/{server.id}", microversion="2.3").json()["server"]
    assert base64.b64decode(shown["OS-EXT-SRV-ATTR:user_data"]) == b"#cloud-config\n"
    for port in ("fw-left", "fw-right"):
        assert named(fresh, "virtual-machine-interface")[port]["virtual_machine_refs"][0]["to"] == [server.id]
    assert set(named(fresh, "virtual-machine")) == {server.id}
    assert connection.network.find_port("fw-left").device_id == server.id

    connection.delete_server("fw", wait=True)
    assert not named(fresh, "virtual-machine")
    assert connection.network.find_port("fw-left").device_id == ""


def test_nova_refuses_what_it_cannot_boot(fresh: Lab) -> None:
    connection = connect(fresh)
    with pytest.raises(exceptions.BadRequestException, match="Invalid key_name"):
        boot(connection, key_name="nobodys")
    ports = [connection.network.find_port(name) for name in ("fw-left", "fw-right")]
    nics = [{"port-id": port.id} for port in ports]
    connection.create_server("one", image="service-router", flavor="m1.small", nics=list(map(dict, nics)))
    with pytest.raises(exceptions.ConflictException, match="is still in use"):
        connection.create_server("two", image="service-router", flavor="m1.small", nics=nics)


def test_without_a_host_that_takes_guests_a_server_ends_in_error(fresh: Lab) -> None:
    connection = connect(fresh)
    (service,) = connection.compute.services(binary="nova-compute")
    connection.compute.disable_service(service, "compute1", "nova-compute", "maintenance")
    with pytest.raises(exceptions.SDKException, match="No valid host was found"):
        boot(connection)
    assert [server.status for server in connection.compute.servers()] == ["ERROR"]


def test_images_flavors_and_subnets_are_found_by_name(fresh: Lab) -> None:
    connection = connect(fresh, "admin")
    assert connection.image.find_image("service-router").status == "active"
    assert connection.image.find_image("nothing") is None
    assert connection.compute.find_flavor("m1.small").ram == 2048
    assert sorted(subnet.cidr for subnet in connection.network.subnets()) == ["10.0.1.0/24", "10.0.2.0/24"]
    (group,) = connection.network.security_groups(project_id=connection.current_project_id)
    assert group.name == "default"


def test_other_projects_see_nothing_of_it(fresh: Lab) -> None:
    boot(connect(fresh))
    demo = connect(fresh, "demo")
    assert [list(demo.compute.servers()), list(demo.network.ports()), list(demo.network.networks())] == [[], [], []]


def test_an_application_credential_lets_in(fresh: Lab) -> None:
    connection: Any = openstack.connect(
        auth_type="v3applicationcredential",
        auth={
            "auth_url": fresh.openstack["auth_url"],
            "application_credential_id": "5e1c1d7e7a0e4d0d9d1f6b0f3c2a1b00",
            "application_credential_secret": "lab-credential-secret",
        },
        region_name="RegionOne",
        load_yaml_config=False,
    )
    assert {network.name for network in connection.network.networks()} == {"vn1", "vn2"}


def test_faults_strike_requests(fresh: Lab) -> None:
    fresh.set_faults([{"server": "openstack", "kind": "status", "status": 503, "match": {"path": "/os-services"}}])
    with pytest.raises(exceptions.HttpException) as failed:
        list(connect(fresh).compute.services())
    assert failed.value.status_code == 503
    fresh.set_faults([])


def test_servers_survive_a_restart_of_the_lab(tmp_path: Path) -> None:
    arguments = ("--openstack", "--no-hosts", "--state", str(tmp_path / "state.json"))
    with running_lab(tmp_path / "lab", *arguments) as lab:
        compute = connect(lab).compute
        (service,) = compute.services(binary="nova-compute")
        compute.disable_service(service, "compute1", "nova-compute", "maintenance")
        lab.control("POST", "/settle")
    with running_lab(tmp_path / "lab", *arguments) as lab:
        (service,) = connect(lab).compute.services(binary="nova-compute")
        assert service.disabled_reason == "maintenance"
