# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Removing a site: interrupted anywhere, refused where others use what goes, and with what earlier runs left."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

import pytest
import yaml
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.design.derive import derive
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.intent.read import read_intent
from lab.fixture import Lab, running_lab
from lab.junos.running import PASSWORD, USER
from support.held_state import held
from support.module_run import ModuleFailedError, run_module
from support.others import commit, post, send
from support.playbook_run import ROOT, passed, play
from support.standing_site import standing_site

JsonDict = dict[str, Any]
OWNER = "opencontrail.service_chain"
PROJECT = ["default-domain", "default-project"]
VARIABLES = yaml.safe_load((ROOT / "inventory/lab/group_vars/all/service_chains.yml").read_text())
SECTIONS = ["interfaces", "routing-options", "policy-options", "firewall", "routing-instances"]
GUESTS = ("pc1", "pc2", "1-to-2")


def model(**more: Any) -> JsonDict:
    """Return the lab's data model as modules take it, with more entries in some of its variables."""
    names = {
        "networks": "service_chain_networks",
        "services": "service_chain_services",
        "routers": "service_chain_routers",
        "chains": "service_chains",
        "ports": "contrail_objects_ports",
    }
    found = {key: VARIABLES[name] for key, name in names.items()}
    for key, added in more.items():
        found[key] = [*found[key], *added] if isinstance(added, list) else {**found[key], **added}
    return found


@dataclass
class Site:
    """A data model on a lab, set up and taken down inside the test's process, in the order of the playbooks."""

    lab: Lab
    intent: JsonDict
    derived: JsonDict = field(init=False)

    def __post_init__(self) -> None:
        self.derived = asdict(derive(read_intent(**self.intent)))

    def contrail(self, module: str, config: list[JsonDict], **options: Any) -> JsonDict:
        if not config:
            return {}
        options = {"config": config, "owner": OWNER, **options}
        return run_module(module, {"api_url": [self.lab.contrail_url], **options})

    def router(self, module: str, **options: Any) -> JsonDict:
        known = {"port": self.lab.netconf_port, "known_hosts_file": str(self.lab.known_hosts)}
        return run_module(module, {"host": "127.0.0.1", "user": USER, "password": PASSWORD, **known, **options})

    def set_up(self) -> None:
        """Make everything but the hosts' routes."""
        self.set_up_services()
        self.lead_through_services()

    def set_up_services(self) -> None:
        """Make everything before the policies: no traffic is led through services yet."""
        described = self.derived["routers"]["vmx1"]
        self.contrail("contrail_vn", self.derived["networks"])
        self.router("vmx_vrf", config=described["vrfs"], filters=described["filters"], state="merged")
        self.contrail("contrail_port", self.intent["ports"])
        self.contrail("contrail_service_template", self.derived["templates"])
        self.contrail("contrail_service_instance", self.derived["instances"], wait={"interval": 0.05})

    def lead_through_services(self) -> None:
        """Attach the policies."""
        self.contrail("contrail_policy", self.derived["policies"], wait={"interval": 0.05})

    def look(self, **options: Any) -> JsonDict:
        """Return what the look before a removal says, be it a refusal or not."""
        facts = self.router("vmx_info", gather=["configuration"], sections=SECTIONS)
        given = {"intent": self.intent, "routers": {"vmx1": facts}, "owner": OWNER, **options}
        try:
            return run_module("chain_removal", {"api_url": [self.lab.contrail_url], **given})
        except ModuleFailedError as error:
            return error.result

    def take_down(self, **options: Any) -> JsonDict:
        """Remove what the look says, as teardown.yml does. Raises ModuleFailedError where a step fails."""
        found = self.look(**options)
        assert not found.get("errors"), found["errors"]
        described, going = self.derived["routers"]["vmx1"], found["routers"]["vmx1"]
        if going["replaced"]:
            self.router("vmx_vrf", config=going["replaced"], state="replaced")
        vrfs = [described["vrfs"][place] for place in going["vrfs"]] + going["swept"]
        if vrfs or described["filters"]:
            filters = described["filters"] if "data_model" in options.get("remove", ["data_model"]) else []
            self.router("vmx_vrf", config=vrfs, filters=filters, state="deleted")
        lists = {**self.derived, "ports": self.intent["ports"]}
        sweeps = "orphans" in options.get("remove", ())
        for name, module, more in (
            ("policies", "contrail_policy", {"wait": {"interval": 0.05}}),
            ("instances", "contrail_service_instance", {"wait": {"interval": 0.05}, "sweep_orphans": sweeps}),
            ("templates", "contrail_service_template", {}),
            ("addresses", "contrail_object", {"kind": "instance-ip", "owner": None}),
            ("ports", "contrail_port", {}),
            ("networks", "contrail_vn", {}),
        ):
            config = [lists[name][place] for place in found["goes"].get(name, [])] + found["swept"][name]
            if config or (sweeps and name == "instances"):
                run_module(
                    module,
                    {
                        "api_url": [self.lab.contrail_url],
                        "owner": OWNER,
                        "config": config,
                        "state": "absent",
                        **{option: value for option, value in more.items() if value is not None or option == "owner"},
                    },
                )
        return found


@pytest.fixture(scope="module")
def own_lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A lab for this module alone."""
    with running_lab(tmp_path_factory.mktemp("lab")) as running:
        yield running


@pytest.fixture
def lab(own_lab: Lab) -> Iterator[Lab]:
    """The module's lab in its fresh state, without faults."""
    own_lab.reset()
    yield own_lab
    own_lab.set_faults([])


def hosts(lab: Lab) -> dict[str, Any]:
    """Return the routes and the own files of the hosts that have routes to services."""
    found: dict[str, Any] = {}
    for host in GUESTS:
        etc = lab.directory / "hosts" / host / "etc"
        found |= {f"{host} {path.relative_to(etc)}": path.read_text() for path in etc.rglob("*") if path.is_file()}
        shown = subprocess.run(
            [lab.shell(host), "-c", "ip route; sysctl net.ipv4.ip_forward"], check=True, capture_output=True
        )
        found[host] = shown.stdout.decode()
    return found


# --- the playbook -----------------------------------------------------------------------------------


def test_a_run_that_was_cut_off_is_completed_by_the_next_and_leaves_nothing_of_ours(
    lab: Lab, tmp_path_factory: pytest.TempPathFactory
) -> None:
    fresh_hosts = hosts(lab)
    before = standing_site(lab, tmp_path_factory).empty, fresh_hosts
    Site(lab, model()).contrail("contrail_vn", [{"name": "of-an-earlier-run"}])
    assert held(lab)["objects"] != before[0]["objects"]
    assert hosts(lab) != before[1]

    lab.set_faults(
        [{"server": "contrail", "kind": "drop", "match": {"method": "DELETE", "path": "^/service-instance/"}}]
    )
    cut_off = play(lab, "playbooks/teardown.yml")
    assert cut_off.status != 0
    assert "cannot delete service-instance default-domain:default-project:1-to-2" in cut_off.output
    lab.set_faults([])

    passed(play(lab, "playbooks/teardown.yml", service_chain_sweep=True))
    assert (held(lab), hosts(lab)) == before


# --- interruptions ----------------------------------------------------------------------------------

INTERRUPTIONS = (
    {"server": "junos", "kind": "rpc_error", "match": {"rpc": "commit-configuration"}, "body": "commit failed"},
    {"server": "contrail", "kind": "status", "match": {"path": "^/ref-update$"}},
    {"server": "contrail", "kind": "status", "match": {"method": "DELETE", "path": "^/network-policy/"}},
    {"server": "contrail", "kind": "status", "match": {"method": "DELETE", "path": "^/port-tuple/"}},
    {"server": "contrail", "kind": "status", "match": {"method": "DELETE", "path": "^/service-instance/"}},
    {"server": "contrail", "kind": "status", "match": {"method": "DELETE", "path": "^/service-template/"}},
    {"server": "contrail", "kind": "status", "match": {"method": "DELETE", "path": "^/instance-ip/"}},
    {"server": "contrail", "kind": "status", "match": {"method": "DELETE", "path": "^/virtual-machine-interface/"}},
    {"server": "contrail", "kind": "status", "match": {"method": "DELETE", "path": "^/virtual-machine/"}},
    {"server": "contrail", "kind": "status", "match": {"method": "DELETE", "path": "^/virtual-network/"}},
)
"""A fault for each sort of write, in the order of the steps; all writes before were done by the runs before."""


def test_a_removal_goes_on_after_a_failure_at_each_write(lab: Lab) -> None:
    before = held(lab)
    site = Site(lab, model())
    site.set_up()
    for fault in INTERRUPTIONS:
        lab.set_faults(
            [{"status": 500, "times": 1, **fault}] if fault["server"] == "contrail" else [{"times": 1, **fault}]
        )
        with pytest.raises(ModuleFailedError):
            site.take_down()
    lab.set_faults([])
    site.take_down()
    assert held(lab) == before
    writes = lab.counters()["contrail"]["writes"]
    site.take_down()
    assert lab.counters()["contrail"]["writes"] == writes


def test_what_is_only_to_be_absent_in_the_data_model_is_removed_as_well(lab: Lab) -> None:
    before = held(lab)
    Site(lab, model()).set_up()
    (name, chain) = next(iter(VARIABLES["service_chains"].items()))
    gone = Site(lab, model(chains={name: {**chain, "state": "absent"}}))
    lists = gone.derived
    assert lists["policies"] == lists["routers"]["vmx1"]["vrfs"] == []
    for part in ("policies", "instances", "templates"):
        lists[part] = lists["absent"][part]
    described = lists["routers"]["vmx1"]
    described["vrfs"], described["filters"] = described["absent"]["vrfs"], described["absent"]["filters"]
    gone.take_down()
    assert held(lab) == before


def test_a_rerun_waits_for_the_routing_instances_of_a_policy_that_is_gone(lab: Lab) -> None:
    site = Site(lab, model())
    site.set_up()
    lab.settle()
    lab.set_faults([{"server": "schema", "kind": "held"}])
    site.contrail("contrail_policy", site.derived["policies"], state="absent")
    with pytest.raises(
        ModuleFailedError, match="1-to-2 still has a routing instance in default-domain:default-project:vn1"
    ):
        site.contrail(
            "contrail_policy", site.derived["policies"], state="absent", wait={"timeout": 0.2, "interval": 0.05}
        )


# --- refusals ---------------------------------------------------------------------------------------


def full(name: str) -> list[str]:
    return [*PROJECT, name]


def rule(*services: str) -> JsonDict:
    ends = {
        f"{end}_addresses": [{"virtual_network": ":".join(full(name))}] for end, name in (("src", "vn1"), ("dst", "x"))
    }
    ports = {f"{end}_ports": [{"start_port": -1, "end_port": -1}] for end in ("src", "dst")}
    actions = {"simple_action": "pass", "apply_service": [":".join(full(name)) for name in services]}
    return {"direction": "<>", "protocol": "any", **ends, **ports, "action_list": actions}


def foreign_objects(lab: Lab) -> None:
    """Let others use everything in Contrail that the site has."""
    ends = [{"to": full("vn1")}]
    post(lab, "virtual-machine-interface", "project", full("theirs"), virtual_network_refs=ends)
    post(lab, "virtual-machine-interface", "project", full("member"), virtual_network_refs=ends)
    entries = {"policy_rule": [rule("1-to-2")]}
    post(lab, "network-policy", "project", full("their-policy"), network_policy_entries=entries)
    attached = {"attr": {"sequence": {"major": 9, "minor": 0}}}
    post(
        lab, "virtual-network", "project", full("elsewhere"),
        network_policy_refs=[{"to": full("vn1-to-vn2"), **attached}],
    )  # fmt: skip
    on_vn2 = {"to": full("their-policy"), **attached}
    state = lab.state()["contrail"]["virtual-network"]
    (vn2,) = [each["uuid"] for each in state if each["fq_name"] == full("vn2")]
    update = {
        "type": "virtual-network", "uuid": vn2, "ref-type": "network-policy", "ref-fq-name": on_vn2["to"],
        "operation": "ADD", "attr": on_vn2["attr"],
    }  # fmt: skip
    send(lab, "POST", "/ref-update", update)
    template = [{"to": ["default-domain", "1-to-2-template"]}]
    interfaces = [{"virtual_network": ":".join(full(name))} for name in ("vn1", "vn2")]
    post(
        lab, "service-instance", "project", full("dpi"),
        service_template_refs=template, service_instance_properties={"interface_list": interfaces},
    )  # fmt: skip
    post(lab, "port-tuple", "service-instance", [*full("dpi"), "one"])
    post(lab, "port-tuple", "service-instance", [*full("1-to-2"), "second"])
    (vm1,) = [
        each["uuid"] for each in lab.state()["contrail"]["virtual-machine-interface"] if each["fq_name"] == full("vm1")
    ]
    update = {
        "type": "virtual-machine-interface", "uuid": vm1, "ref-type": "port-tuple",
        "ref-fq-name": [*full("dpi"), "one"], "operation": "ADD",
    }  # fmt: skip
    send(lab, "POST", "/ref-update", update)
    parameters = {"router_type": "bgpaas-server", "address": "10.0.1.9", "autonomous_system": 65001}
    post(lab, "bgp-router", "routing-instance", [*full("vn1"), "vn1", "their-peer"], bgp_router_parameters=parameters)
    post(lab, "floating-ip-pool", "virtual-network", [*full("vn2"), "their-pool"])
    route = {"prefix": "192.0.2.0/24", "next_hop": ":".join(full("1-to-2")), "next_hop_type": "service-instance"}
    post(lab, "route-table", "project", full("their-table"), routes={"route": [route]})


FOREIGN_CONFIGURATION = (
    "routing-instances customer instance-type vrf",
    "routing-instances customer vrf-target target:64999:1",
    "routing-instances customer routing-options static route 192.0.2.0/24 next-table vn1.inet.0",
    "routing-options rib-groups leak import-rib inet.0",
    "routing-options rib-groups leak import-rib vn1.inet.0",
    "firewall family inet filter edge term theirs from source-address 192.0.2.7/32",
    "firewall family inet filter edge term theirs then routing-instance vn2",
    "interfaces ge-0/0/7 unit 0 family inet address 192.0.2.1/30",
    "routing-instances vn2 interface ge-0/0/7.0",
    "routing-instances vn2 protocols bgp group ce neighbor 192.0.2.2",
    "routing-instances vn2 routing-options static route 198.51.100.0/24 discard",
    "policy-options policy-statement leak term one from rib vn1.inet.0",
    "policy-options policy-statement leak term one then accept",
)

REFUSALS = {
    (
        "network-has-ports",
        "service_chain_networks.vn1",
        "ports member, theirs of others are in the network",
    ),
    (
        "network-has-policies",
        "service_chain_networks.vn1",
        "policies their-policy of others are attached to the network, or refer to it",
    ),
    (
        "network-has-policies",
        "service_chain_networks.vn2",
        "policies their-policy of others are attached to the network, or refer to it",
    ),
    (
        "network-has-instances",
        "service_chain_networks.vn1",
        "service instances dpi of others are in the network",
    ),
    (
        "network-has-instances",
        "service_chain_networks.vn2",
        "service instances dpi of others are in the network",
    ),
    (
        "network-has-bgp",
        "service_chain_networks.vn1",
        "BGP routers vn1:vn1:their-peer are in the network's routing instance",
    ),
    (
        "object-in-use",
        "service_chain_networks.vn2",
        "vn2:their-pool of others refer to it or are children of it",
    ),
    (
        "instance-in-policies",
        "service_chain_services.1-to-2",
        "policies their-policy of others send traffic through the service, or mirror to it",
    ),
    (
        "named-by-others",
        "service_chain_services.1-to-2",
        "their-table of others refer to it by name",
    ),
    (
        "instance-has-members",
        "service_chain_services.1-to-2",
        "port tuples 1-to-2:second of others are members of the service",
    ),
    (
        "template-has-instances",
        "service_chain_services.1-to-2.template",
        "service instances dpi of others are made from the template",
    ),
    (
        "policy-on-other-networks",
        "service_chains.vn1-to-vn2",
        "the policy is also attached to networks elsewhere of others",
    ),
    (
        "port-serves-others",
        "contrail_objects_ports.vm1",
        "the port is in port tuples dpi:one of service instances that are kept",
    ),
    (
        "vrf-has-routes",
        "service_chain_routers.vmx1: VRF vn1",
        "routes of others point to the VRF: 192.0.2.0/24 in customer.inet.0",
    ),
    (
        "vrf-in-rib-groups",
        "service_chain_routers.vmx1: VRF vn1",
        "rib-groups leak share routes with the VRF",
    ),
    (
        "vrf-in-policies",
        "service_chain_routers.vmx1: VRF vn1",
        "policy statements leak refer to the VRF",
    ),
    (
        "vrf-has-terms",
        "service_chain_routers.vmx1: VRF vn2",
        "terms of others steer into the VRF: inet edge theirs",
    ),
    (
        "vrf-has-interfaces",
        "service_chain_routers.vmx1: VRF vn2",
        "interfaces ge-0/0/7.0, which are not in the data model, are in the VRF",
    ),
    (
        "vrf-has-other-routes",
        "service_chain_routers.vmx1: VRF vn2",
        "static routes 198.51.100.0/24, which are not in the data model, are in the VRF",
    ),
    (
        "vrf-has-more",
        "service_chain_routers.vmx1: VRF vn2",
        "the VRF contains configuration of others: protocols",
    ),
}


@pytest.fixture
def used(lab: Lab) -> Site:
    """A site of which others use everything."""
    site = Site(lab, model())
    site.set_up()
    foreign_objects(lab)
    commit(lab, *FOREIGN_CONFIGURATION)
    lab.settle()
    return site


def test_what_others_use_is_named_and_nothing_is_written(used: Site) -> None:
    before, counted = held(used.lab), used.lab.counters()
    found = used.look()
    shown = {(each["code"], each["where"], each["message"]) for each in found["findings"]}
    assert shown == REFUSALS
    assert len(found["errors"]) == len(REFUSALS)
    assert found["msg"] == "\n".join(found["errors"])
    assert all("service_chain_teardown_leave_used: true" in line for line in found["errors"])
    counters = used.lab.counters()
    for server, what in (("contrail", "writes"), ("junos", "locks"), ("junos", "commits")):
        assert counters[server][what] == counted[server][what]
    assert held(used.lab) == before


def test_what_others_use_is_left_on_request_without_our_steering(used: Site) -> None:
    found = used.take_down(leave_used=True)
    assert found["errors"] == []
    assert "virtual-network default-domain:default-project:vn1" in found["kept"]
    assert "vmx1: VRF vn2" in found["kept"]
    state = used.lab.state()
    assert "policy-on-other-networks" in {each["code"] for each in found["findings"]}
    there = {name: [each["fq_name"][-1] for each in state["contrail"][name]] for name in ("network-policy",)}
    assert set(there["network-policy"]) == {"vn1-to-vn2", "their-policy"}
    ports = {each["fq_name"][-1] for each in state["contrail"]["virtual-machine-interface"]}
    assert "vm2" not in ports
    assert {"vm1", "1-to-2-left", "1-to-2-right", "theirs"} <= ports
    configuration = state["routers"]["vmx1"]["configuration"]
    assert "ge000_to_dcrouter" not in configuration
    assert "192.0.2.7/32" in configuration
    assert "target:64512:2" in configuration
    again = used.lab.counters()["contrail"]["writes"]
    used.take_down(leave_used=True)
    assert used.lab.counters()["contrail"]["writes"] == again


def test_a_site_that_nobody_else_uses_is_looked_at_in_few_requests(lab: Lab) -> None:
    site = Site(lab, model())
    site.set_up()
    found = site.look()
    assert (found["findings"], found["orphans"], found["kept"]) == ([], [], [])
    assert found["requests"] <= 12


def test_objects_that_stay_because_others_made_them_are_named(lab: Lab) -> None:
    site = Site(lab, model())
    site.set_up()
    found = site.look(owner="another-team")
    (caution,) = found["cautions"]
    assert caution.startswith("service_chain_owner: network-policy vn1-to-vn2, service-instance 1-to-2, ")
    assert "virtual-network vn2 are kept: they do not have the annotation of another-team" in caution
    assert 'service_chain_owner: ""' in caution
    assert found["errors"] == []


# --- orphans ----------------------------------------------------------------------------------------


def earlier() -> JsonDict:
    """Return the data model with another chain, which it has no more."""
    marked = VARIABLES["service_chain_routers"]["vmx1"] | {"mark": True}
    return model(
        networks={
            "old1": {"subnets": [{"cidr": "10.9.1.0/24"}], "route_target": "64512:91"},
            "old2": {"subnets": [{"cidr": "10.9.2.0/24"}], "route_target": "64512:92"},
        },
        services={"old": {"mode": "in-network", "members": [{"left": "old-left", "right": "old-right"}]}},
        routers={"vmx1": marked},
        chains={
            "old-chain": {
                "left": {"network": "old1", "external": [{"prefix": "192.0.2.1/32"}]},
                "right": {"network": "old2", "external": [{"prefix": "192.0.2.2/32"}]},
                "services": ["old"],
            }
        },
        ports=[
            {"name": "old-left", "network": "old1", "addresses": ["10.9.1.4"], "virtual_machine": "old"},
            {"name": "old-right", "network": "old2", "addresses": ["10.9.2.4"], "virtual_machine": "old"},
        ],
    )


def lost_instance(lab: Lab) -> None:
    """Delete the earlier service by hand while nobody takes its addresses away: its tuple and they stay."""
    lab.set_faults([{"server": "monitor", "kind": "held"}])
    (uuid,) = [each["uuid"] for each in lab.state()["contrail"]["service-instance"] if each["fq_name"] == full("old")]
    send(lab, "DELETE", f"/service-instance/{uuid}")


@pytest.mark.parametrize("spoil", [lambda lab: None, lost_instance], ids=["whole", "instance lost"])
def test_orphans_are_swept_and_the_rest_stays(lab: Lab, spoil: Callable[[Lab], None]) -> None:
    now = model(routers={"vmx1": VARIABLES["service_chain_routers"]["vmx1"] | {"mark": True}})
    Site(lab, now).set_up()
    post(lab, "virtual-network", "project", full("theirs"))
    commit(lab, "routing-instances theirs instance-type vrf", "routing-instances theirs vrf-target target:64999:1")
    wanted = held(lab)
    Site(lab, earlier()).set_up()
    lab.settle()
    spoil(lab)

    site = Site(lab, now)
    found = site.look(remove=["orphans"])
    assert found["errors"] == []
    assert {"network-policy default-domain:default-project:old-chain", "vmx1: VRF old1"} <= set(found["orphans"])
    assert not [line for line in found["orphans"] if "theirs" in line or ":vn1" in line]
    assert found["goes"]["networks"] == []

    site.take_down(remove=["orphans"])
    lab.set_faults([])
    assert held(lab) == wanted
    assert site.look(remove=["orphans"])["orphans"] == []
