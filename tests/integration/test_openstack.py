# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""OpenStack beside Contrail: draining a compute node, and services whose machines OpenStack boots."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openstack
import pytest
import yaml
from lab.fixture import Lab, running_lab
from support import playbook_run
from support.playbook_run import Run, passed

OURS = "compute_prep restarts nova-compute"
DRAINING = ("Disable nova-compute in nova before the restart", "Enable nova-compute in nova when it reports")


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A lab with an OpenStack."""
    with running_lab(tmp_path_factory.mktemp("lab"), "--openstack") as lab:
        yield lab


@pytest.fixture
def fresh(cloud: Lab) -> Lab:
    """The lab as it starts."""
    cloud.reset()
    return cloud


def login(lab: Lab, **changes: str) -> dict[str, Any]:
    """Return the administrator's entry of a clouds.yaml."""
    auth = {
        "auth_url": lab.openstack["auth_url"],
        "username": "admin",
        "password": "lab-admin-password",
        "project_name": "admin",
    }
    return {"auth": auth | changes, "region_name": "RegionOne"}


def connect(lab: Lab) -> Any:
    """Return openstacksdk's connection."""
    domains = {"user_domain_name": "Default", "project_domain_name": "Default"}
    return openstack.connect(**login(lab, **domains), load_yaml_config=False)


# --- draining ---------------------------------------------------------------------------------------------


def prepare(lab: Lab, tmp_path: Path, *arguments: str, **variables: Any) -> Run:
    """Run compute_prep on the lab's compute node with credentials for OpenStack."""
    play = {
        "name": "Prepare the compute nodes",
        "hosts": "computes",
        "gather_facts": False,
        "roles": ["opencontrail.service_chain.compute_prep"],
    }
    file = tmp_path / "prepare.yml"
    file.write_text(yaml.safe_dump([play]))
    quick = {"compute_prep_drain_interval": 1, "compute_prep_drain_timeout": 20}
    given = {"compute_prep_cloud": login(lab), **quick, **variables}
    return playbook_run.play(lab, str(file), *arguments, **given)


def nova_compute(lab: Lab) -> Any:
    """Return the compute service of the lab's node as openstacksdk sees it."""
    (service,) = connect(lab).compute.services(host="compute1")
    return service


def disable(lab: Lab, reason: str) -> None:
    """Disable the compute service as an operator, or an interrupted run, does."""
    connect(lab).compute.disable_service(nova_compute(lab), "compute1", "nova-compute", reason)


def test_a_restart_is_drained_and_the_host_enabled_again(fresh: Lab, tmp_path: Path) -> None:
    first = passed(prepare(fresh, tmp_path))
    tasks = re.findall(r"^TASK \[.* : (.*)\] \*", first.output, re.MULTILINE)
    disabled, enabled = (tasks.index(name) for name in DRAINING)
    restarted = tasks.index("Restart the container of nova-compute")
    assert disabled < restarted < enabled
    assert (nova_compute(fresh).status, nova_compute(fresh).disabled_reason) == ("enabled", None)
    assert "lab-admin-password" not in first.output

    written = fresh.counters()["openstack"]["writes"]
    second = passed(prepare(fresh, tmp_path))
    assert set(second.changed.values()) == {0}
    assert fresh.counters()["openstack"]["writes"] == written


def test_an_operators_own_reason_stays(fresh: Lab, tmp_path: Path) -> None:
    disable(fresh, "new memory on Monday")
    passed(prepare(fresh, tmp_path))
    assert (nova_compute(fresh).status, nova_compute(fresh).disabled_reason) == ("disabled", "new memory on Monday")


def test_what_an_interrupted_run_left_disabled_is_enabled_by_the_next(fresh: Lab, tmp_path: Path) -> None:
    fresh.set_faults([{"server": "nova", "kind": "down", "match": {"host": "compute1", "status": "disabled"}}])
    failed = prepare(fresh, tmp_path, compute_prep_drain_timeout=2)
    assert failed.status != 0
    assert "has not reported to nova within 2 s (nova says it is down)" in failed.output
    assert f'nova-compute stays disabled there, with the reason \\"{OURS}\\"' in failed.output
    assert nova_compute(fresh).disabled_reason == OURS

    fresh.set_faults([])
    passed(prepare(fresh, tmp_path))
    assert nova_compute(fresh).status == "enabled"


@pytest.mark.parametrize(
    ("variables", "line"),
    [
        (
            {"compute_prep_drain_host": "compute1.example.com"},
            "has no nova-compute on host 'compute1.example.com'; it has",
        ),
        (
            {"compute_prep_cloud": {"auth": {"username": "admin"}}},
            "compute_prep_cloud.auth: needs auth_url, and either",
        ),
    ],
)
def test_bad_credentials_and_names_are_told_in_a_line(
    fresh: Lab, tmp_path: Path, variables: dict[str, Any], line: str
) -> None:
    run = prepare(fresh, tmp_path, **variables)
    assert run.status != 0
    assert line in run.output
    assert nova_compute(fresh).status == "enabled"


# --- machines of services -----------------------------------------------------------------------------------


def site(lab: Lab, playbook: str, *arguments: str, image: str = "service-router") -> Run:
    """Run a playbook for the reference scenario with a service that OpenStack boots, made by hand nowhere."""
    server = {"image": image, "flavor": "m1.small", "addresses": {"left": "10.0.1.4", "right": "10.0.2.4"}}
    ports = [
        {"name": "vm1", "network": "vn1", "addresses": ["10.0.1.3"], "virtual_machine": "vm1"},
        {"name": "vm2", "network": "vn2", "addresses": ["10.0.2.3"], "virtual_machine": "vm2"},
    ]
    members = [{"right": "1-to-2-right", "left": "1-to-2-left", "server": server}]
    return playbook_run.play(
        lab,
        playbook,
        *arguments,
        service_chain_cloud=login(lab),
        contrail_objects_project="admin",
        contrail_objects_ports=ports,
        service_chain_services={"1-to-2": {"mode": "in-network", "members": members}},
        service_machines_interval=1,
    )


def test_openstack_boots_a_service_and_the_chain_stands_and_goes(fresh: Lab) -> None:
    before = fresh.state()
    checked = passed(site(fresh, "site.yml", "--check", "--skip-tags", "computes,endpoints,verify"))
    assert "boot server 1-to-2-1" in checked.output
    assert fresh.state()["contrail"] == before["contrail"]
    assert fresh.counters()["openstack"]["writes"] == 0

    skipped = ("--skip-tags", "preflight,computes,endpoints,verify")
    passed(site(fresh, "site.yml", *skipped))
    cloud = connect(fresh)
    server = cloud.compute.get_server(cloud.compute.find_server("1-to-2-1").id)
    assert server.status == "ACTIVE"
    assert list(server.addresses) == ["vn1", "vn2"]
    for port in ("1-to-2-left", "1-to-2-right"):
        assert cloud.network.find_port(port).device_id == server.id
    fresh.settle()
    (chain,) = fresh.state()["chains"]
    assert (chain["created"], chain["error"]) == (True, None)

    written = fresh.counters()
    second = passed(site(fresh, "site.yml", *skipped))
    assert set(second.changed.values()) == {0}, second.output
    assert fresh.counters()["openstack"]["writes"] == written["openstack"]["writes"]
    assert fresh.counters()["contrail"]["writes"] == written["contrail"]["writes"]

    passed(site(fresh, "playbooks/teardown.yml"))
    assert list(connect(fresh).compute.servers()) == []
    left = [port.name for port in connect(fresh).network.ports()]
    assert left == [], left


def test_a_misspelt_image_is_told_before_anything_is_made(fresh: Lab) -> None:
    run = site(fresh, "site.yml", "--tags", "networks,machines", image="service-ruter")
    assert run.status != 0
    assert "server 1-to-2-1: no image 'service-ruter'; did you mean service-router?" in run.output
    assert list(connect(fresh).network.ports()) == []
