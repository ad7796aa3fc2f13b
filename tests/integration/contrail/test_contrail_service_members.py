# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Members of services: how they are told, exchanged and swept, and what stands on the sides of a service."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from integration.contrail.bed import PROJECT, Controller, twelve_steps
from support.module_run import ModuleFailedError

PORT = "virtual-machine-interface"
PREFIX = "default-domain:default-project"
INTERFACES = [{"type": "left", "network": "vn1"}, {"type": "right", "network": "vn2"}]
WAIT = {"timeout": 10, "interval": 0.02}


@pytest.fixture
def site(contrail: Controller) -> Controller:
    """Two networks, two machines with a port in each, templates of both versions."""
    networks = [{"name": f"vn{n}", "subnets": [{"cidr": f"10.0.{n}.0/24"}]} for n in (1, 2)]
    contrail.run("contrail_vn", networks)
    contrail.run("contrail_port", [port for number in (1, 2) for port in ports_of(number)])
    both = {"mode": "in-network", "interfaces": ["left", "right"]}
    contrail.run("contrail_service_template", [{"name": "fw", **both}, {"name": "old", "version": 1, **both}])
    return contrail


def ports_of(number: int) -> list[dict[str, Any]]:
    return [
        {
            "name": f"{side}{number}",
            "network": f"vn{net}",
            "addresses": [f"10.0.{net}.1{number}"],
            "virtual_machine": f"fw{number}",
        }
        for net, side in ((1, "left"), (2, "right"))
    ]


def service(name: str = "s1", **tuples: Any) -> list[dict[str, Any]]:
    port_tuples = [{"name": key, "ports": ports} for key, ports in tuples.items()]
    return [{"name": name, "template": "fw", "interfaces": INTERFACES, "port_tuples": port_tuples}]


def member(number: int) -> dict[str, str]:
    return {"left": f"left{number}", "right": f"right{number}"}


def tuples_of(contrail: Controller, name: str) -> tuple[str | None, list[str]]:
    """Return a port's interface type and its port tuples."""
    found = contrail.find(PORT, name)
    assert found is not None
    properties = found.get("virtual_machine_interface_properties") or {}
    return properties.get("service_interface_type"), [ref["to"][-1] for ref in found.get("port_tuple_refs") or []]


def fails(contrail: Controller, config: list[dict[str, Any]], **options: Any) -> dict[str, Any]:
    written = contrail.writes
    with pytest.raises(ModuleFailedError) as caught:
        contrail.run("contrail_service_instance", config, **options)
    assert contrail.writes == written
    assert "\n" not in caught.value.result["msg"]
    return caught.value.result


def make(contrail: Controller, kind: str, name: str, **body: Any) -> dict[str, Any]:
    """Make an object that no module of the test makes."""
    fq_name = [*PROJECT, name]
    return contrail.on_loop(  # type: ignore[no-any-return]
        lambda: contrail.world.store.create(kind, {"fq_name": fq_name, "parent_type": "project", **body})
    )


def rename(contrail: Controller, machine: str, shown: str) -> None:
    """Give a virtual machine a display name."""
    found = contrail.find("virtual-machine", machine)
    if found is None:
        found = contrail.on_loop(lambda: contrail.world.store.find("virtual-machine", [machine]))
    assert found is not None
    contrail.on_loop(lambda: contrail.world.store.update(found["uuid"], {"display_name": shown}))


# How a port is told


@pytest.mark.parametrize(
    "clue",
    [
        {"name": "left1"},
        {"server": "fw1"},
        {"server": "fw1", "network": "vn1"},
        {"server": "first firewall"},
        {"address": "10.0.1.11"},
        {"address": "10.0.1.11", "network": "default-project:vn1"},
    ],
)
def test_a_port_is_told_by_what_is_known_of_it(site: Controller, clue: dict[str, str]) -> None:
    rename(site, "fw1", "first firewall")
    config = service(t1={"left": clue, "right": "right1"})

    made = site.run("contrail_service_instance", config)

    assert made["changed"] is True
    assert tuples_of(site, "left1") == ("left", ["t1"])
    assert site.run("contrail_service_instance", config)["changed"] is False


def test_a_port_is_told_by_its_uuid_however_that_is_written(site: Controller) -> None:
    found = site.find(PORT, "left1")
    assert found is not None

    site.run("contrail_service_instance", service(t1={"left": {"uuid": found["uuid"].replace("-", "").upper()}}))

    assert tuples_of(site, "left1") == ("left", ["t1"])


def test_a_service_address_tells_no_port(site: Controller) -> None:
    site.run("contrail_service_instance", service(t1=member(1), t2=member(2)), wait=WAIT)
    addresses = [item for item in site.info("instance-ip") if item.get("service_instance_ip")]
    text = next(item["instance_ip_address"] for item in addresses if "-left-v4" in item["name"])

    message = fails(site, service(t3={"left": {"address": text}}))["msg"]

    assert message.startswith(f"config[0].port_tuples[0].ports.left.address: no port has the address {text} in")


NO_UUID = "00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize(
    ("clue", "message"),
    [
        (
            {"server": "fw11"},
            "left.server: there is no virtual-machine fw11; did you mean fw1",
        ),
        (
            {"server": "fw1", "network": "vn2x"},
            f"left.server: server fw1 has no port in {PREFIX}:vn2x; it has {PREFIX}:left1 in {PREFIX}:vn1, "
            f"{PREFIX}:right1 in {PREFIX}:vn2",
        ),
        (
            {"address": "10.0.1.1"},
            f"left.address: no port has the address 10.0.1.1 in {PREFIX}:vn1; did you mean 10.0.1.1",
        ),
        ({"uuid": NO_UUID}, f"left.uuid: there is no {PORT} with the uuid {NO_UUID}; "),
        ({"uuid": "x"}, "left.uuid: 'x' is not a uuid"),
        ({"address": "10.0.1"}, "left.address: '10.0.1' is not an IP address"),
        ({"serve": "fw1"}, "left.serve: a port is not told by serve: give one of name, uuid, address, server"),
        ({"server": "fw1", "name": "left1"}, "left: give one of name, uuid, address, server, not name and server"),
        ({"network": "vn1"}, "left: give one of name, uuid, address, server"),
        ({"name": "left1", "network": "vn1"}, "left.network: a name needs no network: leave it out"),
        (7, "left: give the name of a port, or a dict with one of name, uuid, address, server"),
        ({"server": 7}, "left.server: give a text, not 7"),
    ],
)
def test_a_port_that_cannot_be_told_is_one_line(site: Controller, clue: Any, message: str) -> None:
    assert fails(site, service(t1={"left": clue}))["msg"].startswith(f"config[0].port_tuples[0].ports.{message}")


def test_what_fits_several_ports_is_refused_with_their_names(site: Controller) -> None:
    site.run("contrail_port", [{"name": "left1b", "network": "vn1", "virtual_machine": "fw1"}])

    assert fails(site, service(t1={"left": {"server": "fw1"}}))["msg"] == (
        "config[0].port_tuples[0].ports.left.server: server fw1 has 2 ports there: give one of "
        f"{PREFIX}:left1, {PREFIX}:left1b by name, or a network"
    )


def test_two_machines_of_one_display_name_are_refused(site: Controller) -> None:
    for machine in ("fw1", "fw2"):
        rename(site, machine, "twin")

    assert fails(site, service(t1={"left": {"server": "twin"}}))["msg"] == (
        "config[0].port_tuples[0].ports.left.server: 2 servers are called twin: give one of fw1, fw2"
    )


def test_check_mode_waits_with_the_port_of_a_server_that_is_planned(site: Controller) -> None:
    config = service(t1={"left": {"server": "fw9"}, "right": "right1"})
    planned = [{"kind": "virtual-machine", "name": "fw9"}]

    result = site.run("contrail_service_instance", config, check=True, planned=planned)

    assert [item["kind"] for item in result["objects"]] == ["service-instance", "port-tuple", PORT]


def test_many_ports_are_found_in_few_requests(site: Controller) -> None:
    numbers = range(20, 50)
    site.run(
        "contrail_port", [port for number in numbers for port in ports_of(number) if port["network"] == "vn1"][:30]
    )
    tuples: dict[str, Any] = {f"t{number}": {"left": {"address": f"10.0.1.1{number}"}} for number in numbers}

    result = site.run("contrail_service_instance", service(**tuples), check=True)

    assert len([item for item in result["objects"] if item["kind"] == PORT]) == 30
    assert result["requests"] <= 10


# Exchanging members


class Watch:
    """Lets the daemons act after each single write, and notes what is left of the service addresses then."""

    def __init__(self, contrail: Controller) -> None:
        self.on = False
        self.paths: list[set[str]] = []
        self._world = contrail.world
        contrail.on_loop(lambda: contrail.world.store.subscribe(self._look))

    def _look(self) -> None:
        if not self.on:
            return
        self._world.settle()
        flagged = [one for one in self._world.store.objects("instance-ip") if one.get("service_instance_ip")]
        addresses = {f"{one['instance_ip_address']}/32" for one in flagged}
        self.paths.append({path.prefix for path in self._world.vrouters.paths()} & addresses)


@pytest.fixture
def watch(site: Controller) -> Iterator[Watch]:
    """A watch that is not on yet."""
    watch = Watch(site)
    yield watch
    watch.on = False


@pytest.mark.parametrize(
    ("exchanged", "purge"),
    [
        (service(t2=member(2)), ["port_tuples"]),
        (service(t1=member(2)), []),
        (service(t1={"left": "left2", "right": "right1"}), []),
        (service(t3=member(1)), ["port_tuples"]),
    ],
)
def test_members_are_exchanged_without_a_moment_that_has_none(
    site: Controller, watch: Watch, exchanged: list[dict[str, Any]], purge: list[str]
) -> None:
    site.run("contrail_service_instance", service(t1=member(1)), wait=WAIT)
    site.settle()
    before = {item["uuid"] for item in site.info("instance-ip") if item.get("service_instance_ip")}
    watch.on = True

    site.run("contrail_service_instance", exchanged, purge_references=purge)

    assert watch.paths
    assert all(len(paths) == 2 for paths in watch.paths), "a service address has a path at every time"
    after = {item["uuid"] for item in site.info("instance-ip") if item.get("service_instance_ip")}
    assert after == before
    assert site.run("contrail_service_instance", exchanged, purge_references=purge)["changed"] is False


def test_with_wait_the_old_member_leaves_only_when_the_new_one_carries_the_addresses(site: Controller) -> None:
    site.run("contrail_service_instance", service(t1=member(1)), wait=WAIT)
    site.settle()
    # The service monitor is as if it had stopped.
    site.on_loop(lambda: setattr(site.world.service_monitor, "reconcile", lambda: False))
    config = service(t2=member(2))
    quick = {"timeout": 0.1, "interval": 0.02}

    with pytest.raises(ModuleFailedError) as caught:
        site.run("contrail_service_instance", config, purge_references=["port_tuples"], wait=quick)

    result = caught.value.result
    assert result["msg"].startswith(
        f"after 0.1 s port {PREFIX}:left2 does not carry the left service address of service-instance {PREFIX}:s1; "
        "check that svc-monitor runs"
    )
    assert tuples_of(site, "left1") == ("left", ["t1"])
    assert tuples_of(site, "left2") == ("left", ["t2"])
    assert result["changed"] is True
    assert result["waited"]["looks"] > 1


def test_the_progress_of_a_wait_is_in_the_result(site: Controller) -> None:
    result = site.run("contrail_service_instance", service(t1=member(1)), wait=WAIT)

    waited = result["waited"]
    assert waited["progress"][-1]["missing"] == []
    assert waited["seconds"] >= waited["progress"][-1]["seconds"] >= 0


# Races


def test_a_port_that_somebody_else_put_into_a_dying_tuple_is_taken_out(site: Controller) -> None:
    site.run("contrail_service_instance", service(t1=member(1)))
    site.settle()
    found = site.find("port-tuple", *PROJECT, "s1", "t1")
    assert found is not None
    late = site.find(PORT, "left2")
    assert late is not None

    def interfere() -> None:
        store = site.world.store
        if store.get(found["uuid"]) and not store.find("port-tuple", [*PROJECT, "s1", "late"]):
            references = store.back_references(found["uuid"], PORT)
            if not references and not done:
                done.append(True)
                store.update_reference(late["uuid"], "port-tuple", found["uuid"], "ADD")

    done: list[bool] = []
    site.on_loop(lambda: site.world.store.subscribe(interfere))
    try:
        result = site.run("contrail_service_instance", [{"name": "s1"}], state="absent")
    finally:
        done.append(True)

    assert done[0] is True
    assert site.find("port-tuple", *PROJECT, "s1", "t1") is None
    assert tuples_of(site, "left2")[1] == []
    assert result["objects"][0]["action"] == "deleted"


# What was left behind


def orphaned(contrail: Controller) -> None:
    """Delete a service instance as clients do that do not know of port tuples."""
    contrail.run("contrail_service_instance", service(t1=member(1)), owner="a")
    contrail.settle()
    found = contrail.find("service-instance", "s1")
    assert found is not None
    contrail.on_loop(lambda: contrail.world.store.delete(found["uuid"]))
    contrail.settle()
    assert contrail.find("port-tuple", *PROJECT, "s1", "t1") is not None


def test_orphans_are_swept_on_request(site: Controller) -> None:
    orphaned(site)
    site.run("contrail_service_instance", service("other", t1=member(2)))
    absent: dict[str, Any] = {"config": [{"name": "s1"}], "state": "absent", "sweep_orphans": True}

    foretold = site.run("contrail_service_instance", check=True, **absent)
    swept = site.run("contrail_service_instance", **absent)

    actions = [(item["kind"], item["fq_name"].split(":")[-1], item["action"]) for item in swept["objects"]]
    assert actions == [
        (PORT, "left1", "updated"),
        (PORT, "right1", "updated"),
        ("port-tuple", "t1", "deleted"),
        ("service-instance", "s1", "unchanged"),
    ]
    assert foretold["diff"] == swept["diff"]
    assert tuples_of(site, "left1") == (None, [])
    assert tuples_of(site, "left2") == ("left", ["t1"]), "the other service is whole"
    assert site.run("contrail_service_instance", **absent)["changed"] is False


def test_orphans_of_other_owners_are_left(site: Controller) -> None:
    orphaned(site)

    result = site.run(
        "contrail_service_instance", [{"name": "s1"}], state="absent", sweep_orphans=True, owner="somebody else"
    )

    assert result["changed"] is False
    assert site.find("port-tuple", *PROJECT, "s1", "t1") is not None


def test_an_orphan_in_the_way_is_an_error_or_swept(site: Controller) -> None:
    orphaned(site)
    config = service(t1=member(1))
    message = fails(site, config)["msg"]
    assert message == (
        f"config[0].port_tuples[0]: port tuple {PREFIX}:s1:t1 is there, but its service instance was deleted: set "
        "sweep_orphans, which removes such port tuples"
    )

    foretold = site.run("contrail_service_instance", config, sweep_orphans=True, check=True)
    made = site.run("contrail_service_instance", config, sweep_orphans=True, wait=WAIT)

    assert foretold["diff"] == made["diff"]
    found = site.find("port-tuple", *PROJECT, "s1", "t1")
    owner = site.find("service-instance", "s1")
    assert found is not None
    assert owner is not None
    assert found["parent_uuid"] == owner["uuid"]
    assert site.run("contrail_service_instance", config, sweep_orphans=True)["changed"] is False


# Sides


@pytest.fixture
def attachments(site: Controller) -> Controller:
    """One object more than needed of each kind that stands on sides."""
    for kind, names in (
        ("interface-route-table", ("branches", "routes")),
        ("service-health-check", ("ping", "http")),
        ("routing-policy", ("near", "far")),
        ("route-aggregate", ("sum", "total")),
    ):
        for name in names:
            make(site, kind, name)
    return site


def on_sides(contrail: Controller, name: str = "s1") -> dict[str, dict[str, Any]]:
    """Return what refers to a service instance, by kind and name, with the attribute."""
    result: dict[str, dict[str, Any]] = {}
    for kind in ("interface-route-table", "service-health-check", "routing-policy", "route-aggregate"):
        for stored in contrail.on_loop(partial(contrail.world.store.objects, kind)):
            for reference in stored.get("service_instance_refs") or []:
                if reference["to"][-1] == name:
                    attr = {key: text for key, text in reference["attr"].items() if text is not None}
                    result.setdefault(kind, {})[stored["fq_name"][-1]] = attr
    return result


def with_sides(*sides: dict[str, Any]) -> list[dict[str, Any]]:
    return [{**service(t1=member(1))[0], "sides": list(sides)}]


def test_what_stands_on_sides_refers_to_the_service(attachments: Controller) -> None:
    site = attachments
    config = with_sides(
        {
            "type": "left",
            "interface_route_tables": ["branches"],
            "routing_policies": [{"name": "far"}, {"name": "near"}],
        },
        {
            "type": "right",
            "health_checks": ["ping"],
            "routing_policies": [{"name": "near", "sequence": 7}],
            "route_aggregates": ["sum"],
        },
    )

    foretold = site.run("contrail_service_instance", config, check=True)
    made = site.run("contrail_service_instance", config)

    assert foretold["diff"] == made["diff"]
    assert on_sides(site) == {
        "interface-route-table": {"branches": {"interface_type": "left"}},
        "service-health-check": {"ping": {"interface_type": "right"}},
        "routing-policy": {
            "far": {"left_sequence": "1"},
            "near": {"left_sequence": "2", "right_sequence": "7"},
        },
        "route-aggregate": {"sum": {"interface_type": "right"}},
    }
    site.settle()
    port = site.find(PORT, "left1")
    assert port is not None
    assert [ref["to"][-1] for ref in port["interface_route_table_refs"]] == ["branches"]
    assert site.run("contrail_service_instance", config)["changed"] is False


def test_sides_add_unless_they_are_purged(attachments: Controller) -> None:
    site = attachments
    site.run(
        "contrail_service_instance",
        with_sides(
            {
                "type": "left",
                "health_checks": ["ping"],
                "routing_policies": [{"name": "near"}],
                "route_aggregates": ["sum"],
            },
            {"type": "right", "health_checks": ["http"], "routing_policies": [{"name": "near"}]},
        ),
    )
    change = with_sides({"type": "left", "health_checks": [], "routing_policies": [{"name": "far", "sequence": 1}]})

    site.run("contrail_service_instance", change)
    assert on_sides(site)["service-health-check"].keys() == {"ping", "http"}
    assert on_sides(site)["routing-policy"].keys() == {"near", "far"}

    site.run("contrail_service_instance", change, purge_references=["sides"])
    assert on_sides(site) == {
        "service-health-check": {"http": {"interface_type": "right"}},
        "routing-policy": {"near": {"right_sequence": "1"}, "far": {"left_sequence": "1"}},
        "route-aggregate": {"sum": {"interface_type": "left"}},
    }
    assert site.run("contrail_service_instance", change, purge_references=["sides"])["changed"] is False


def test_an_object_moves_to_the_other_side(attachments: Controller) -> None:
    site = attachments
    site.run("contrail_service_instance", with_sides({"type": "left", "health_checks": ["ping"]}))

    site.run("contrail_service_instance", with_sides({"type": "right", "health_checks": ["ping"]}))

    assert on_sides(site) == {"service-health-check": {"ping": {"interface_type": "right"}}}


def test_nothing_refers_to_a_service_that_is_deleted(attachments: Controller) -> None:
    site = attachments
    config = with_sides(
        {
            "type": "left",
            "interface_route_tables": ["branches"],
            "health_checks": ["ping"],
            "route_aggregates": ["sum"],
        },
        {"type": "right", "routing_policies": [{"name": "near"}]},
    )
    site.run("contrail_service_instance", config)
    site.settle()

    site.run("contrail_service_instance", config, state="absent")

    assert on_sides(site) == {}
    assert site.find("service-instance", "s1") is None
    site.settle()
    port = site.find(PORT, "left1")
    assert port is not None


@pytest.mark.parametrize(
    ("sides", "message"),
    [
        (
            [{"type": "left", "health_checks": ["ping"]}, {"type": "right", "health_checks": ["ping"]}],
            f"sides[1].health_checks[0]: {PREFIX}:ping is already config[0].sides[0].health_checks[0]: Contrail knows "
            "one side of a service instance for each service-health-check, so make a second one",
        ),
        ([{"type": "left", "health_checks": ["pong"]}], "sides[0].health_checks[0]: there is no service-health-check"),
        (
            [{"type": "management", "health_checks": ["ping"]}],
            "sides[0].type: the service instance has no interface management; it has left, right",
        ),
        ([{"type": "left"}, {"type": "left"}], "sides[1]: left is already config[0].sides[0]"),
        (
            [{"type": "left", "routing_policies": [{"name": "near", "sequence": 0}]}],
            "sides[0].routing_policies[0].sequence: 0 is too few: give 1 or more",
        ),
    ],
)
def test_a_side_that_cannot_be_is_refused(attachments: Controller, sides: list[dict[str, Any]], message: str) -> None:
    assert fails(attachments, with_sides(*sides))["msg"].startswith(f"config[0].{message}")


# Twelve steps


def test_members_and_sides_in_twelve_steps(attachments: Controller) -> None:
    pair = [{"address": "10.0.1.100"}]
    created = [
        {
            "name": "n",
            "template": "fw",
            "interfaces": [{**INTERFACES[0], "allowed_address_pairs": pair}, INTERFACES[1]],
            "port_tuples": [{"name": "t1", "ports": {"left": {"server": "fw1"}, "right": {"address": "10.0.2.11"}}}],
            "sides": [
                {"type": "left", "health_checks": ["ping"], "routing_policies": [{"name": "near"}]},
                {"type": "right", "interface_route_tables": ["branches"], "route_aggregates": ["sum"]},
            ],
        }
    ]
    modified = [
        {
            "name": "n",
            "interfaces": [{**INTERFACES[0], "allowed_address_pairs": []}, INTERFACES[1]],
            "port_tuples": [
                {"name": "t1", "ports": {"left": {"server": "fw2"}, "right": "right1"}},
                {"name": "t2", "ports": {"left": {"address": "10.0.1.11"}, "right": {"server": "fw2"}}},
            ],
            "sides": [
                {"type": "left", "health_checks": ["http"], "routing_policies": [{"name": "near", "sequence": 9}]},
                {"type": "right", "health_checks": ["ping"], "routing_policies": [{"name": "near"}]},
            ],
        }
    ]

    twelve_steps(attachments, "contrail_service_instance", created, modified)


def test_version_1_in_twelve_steps(site: Controller) -> None:
    static = [{"prefix": "10.9.0.0/16", "next_hop": "10.0.1.9"}]
    created = [
        {
            "name": "n",
            "template": "old",
            "interfaces": [{**INTERFACES[0], "address": "10.0.1.200", "static_routes": static}, INTERFACES[1]],
            "max_instances": 2,
            "availability_zone": "az1",
        }
    ]
    modified = [
        {
            "name": "n",
            "interfaces": [{**INTERFACES[0], "static_routes": []}, INTERFACES[1]],
            "max_instances": 3,
            "auto_scale": True,
            "ha_mode": "active-standby",
            "unset": ["availability_zone"],
        }
    ]

    twelve_steps(site, "contrail_service_instance", created, modified)


def test_a_port_with_address_pairs_in_twelve_steps(site: Controller) -> None:
    created = [{"name": "n", "network": "vn1", "addresses": ["10.0.1.60"], "local_preference": 200}]
    pairs = [{"address": "10.0.1.50", "mac": "02:00:00:00:00:01"}, {"address": "10.9.0.0/16", "mode": "active-active"}]
    modified = [{"name": "n", "allowed_address_pairs": pairs, "unset": ["local_preference"]}]

    twelve_steps(site, "contrail_port", created, modified)


# Active and standby


def test_address_pairs_of_an_interface_reach_its_ports_and_are_followed(site: Controller) -> None:
    pair = {"address": "10.0.1.100", "mac": "02-00-5E-00-01-01", "mode": "active-standby"}
    config = service(t1=member(1), t2=member(2))
    config[0]["interfaces"] = [{**INTERFACES[0], "allowed_address_pairs": [pair]}, INTERFACES[1]]

    site.run("contrail_service_instance", config, wait=WAIT)
    site.settle()

    stored = {"ip_prefix": "10.0.1.100", "ip_prefix_len": 32}
    for name in ("left1", "left2"):
        port = site.find(PORT, name)
        assert port is not None
        (found,) = port["virtual_machine_interface_allowed_address_pairs"]["allowed_address_pair"]
        assert found == {"ip": stored, "mac": "02:00:5e:00:01:01", "address_mode": "active-standby"}
    left = [item for item in site.info("instance-ip") if item["name"].endswith("-left-v4")]
    assert [(item["secondary_ip_tracking_ip"], item["instance_ip_mode"]) for item in left] == [
        (stored, "active-standby")
    ]
    again = site.run("contrail_service_instance", config)
    assert again["changed"] is False
    assert site.run("contrail_service_instance", service(t1=member(1)))["changed"] is False, "left out, left alone"

    config[0]["interfaces"] = [{**INTERFACES[0], "allowed_address_pairs": []}, INTERFACES[1]]
    assert site.run("contrail_service_instance", config)["changed"] is True
    site.settle()
    port = site.find(PORT, "left1")
    assert port is not None
    assert port["virtual_machine_interface_allowed_address_pairs"]["allowed_address_pair"] == []
    assert site.run("contrail_service_instance", config)["changed"] is False


# Version 1


def test_machines_of_version_1_are_made_by_svc_monitor(site: Controller) -> None:
    config = [
        {
            "name": "scaled",
            "template": "old",
            "interfaces": [{**INTERFACES[0], "static_routes": [{"prefix": "10.9.0.0/16"}]}, INTERFACES[1]],
            "max_instances": 3,
            "ha_mode": "active-active",
            "availability_zone": "az1",
        }
    ]
    result = site.run("contrail_service_instance", config, wait=WAIT)

    assert result["waited"]["progress"][-1]["missing"] == []
    found = site.find("service-instance", "scaled")
    assert found is not None
    properties = found["service_instance_properties"]
    assert properties["scale_out"] == {"max_instances": 3, "auto_scale": False}
    assert properties["availability_zone"] == "az1"
    assert len([item for item in site.info("virtual-machine") if "scaled" in item["name"]]) == 3
    assert site.run("contrail_service_instance", config)["changed"] is False

    fewer = [{"name": "scaled", "max_instances": 1}]
    assert site.run("contrail_service_instance", fewer)["changed"] is True
    site.settle()
    assert len([item for item in site.info("virtual-machine") if "scaled" in item["name"]]) == 1


def test_the_wait_says_how_many_machines_are_lacking(site: Controller) -> None:
    site.on_loop(lambda: setattr(site.world.service_monitor, "reconcile", lambda: False))
    config = [{"name": "scaled", "template": "old", "interfaces": INTERFACES, "max_instances": 2}]

    with pytest.raises(ModuleFailedError) as caught:
        site.run("contrail_service_instance", config, wait={"timeout": 0.05, "interval": 0.02})

    assert caught.value.result["msg"] == (
        f"after 0.05 s service-instance {PREFIX}:scaled has 0 of 2 virtual machines; check that svc-monitor runs, and "
        "the image, flavor and version of the template"
    )


@pytest.mark.parametrize(
    ("template", "given", "message"),
    [
        ("old", {"port_tuples": [{"name": "t", "ports": member(1)}]}, "port_tuples: the template is of version 1"),
        ("fw", {"max_instances": 2}, "max_instances: is for templates of version 1 only"),
        ("fw", {"availability_zone": "az"}, "availability_zone: is for templates of version 1 only"),
        (
            "fw",
            {"interfaces": [INTERFACES[0], {**INTERFACES[1], "address": "10.0.2.9"}]},
            "interfaces[1].address: is for templates of version 1 only",
        ),
    ],
)
def test_the_version_of_the_template_decides_what_is_whose(
    site: Controller, template: str, given: dict[str, Any], message: str
) -> None:
    config = [{"name": "s", "template": template, "interfaces": INTERFACES, **given}]

    assert fails(site, config)["msg"].startswith(f"config[0].{message}")
