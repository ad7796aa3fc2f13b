# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every fault that is put into a chain that stands is named by the diagnosis, and nothing else.

The chain of the reference scenario is set up once, by the modules; each test undoes what it broke.
"""

from __future__ import annotations

import copy
import json
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.design.derive import derive
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.intent.read import read_intent
from jnpr.junos import Device
from jnpr.junos.utils.config import Config
from lab.fixture import Lab, running_lab
from lab.junos.running import PASSWORD, USER
from support.module_run import ModuleFailedError, run_module
from support.playbook_run import passed, play
from unit.chain.scenario import reference

PROJECT = ["default-domain", "default-project"]
SERVICE = ":".join([*PROJECT, "1-to-2"])
SILENT = "no ARP reply from 10.0.2.4/32, the address of 1-to-2-right"

Undo = AbstractContextManager[None]


@dataclass(frozen=True)
class Bed:
    """A lab in which the chain stands."""

    lab: Lab
    intent: dict[str, Any]

    @property
    def router(self) -> dict[str, Any]:
        """The options of modules that open a session with the router."""
        return {
            "host": "127.0.0.1",
            "port": self.lab.netconf_port,
            "user": USER,
            "password": PASSWORD,
            "known_hosts_file": str(self.lab.known_hosts),
        }

    def gathered(self, *subjects: str) -> dict[str, Any]:
        """Return what vmx_info reads for a diagnosis."""
        gather = list(subjects or ("configuration", "bgp", "tunnels", "routes"))
        return run_module("vmx_info", {**self.router, "gather": gather, "tables": ["vn1.inet.0", "vn2.inet.0"]})

    def diagnosed(self, **options: Any) -> dict[str, Any]:
        """Return the result of a diagnosis of everything, unless ``options`` leave something out."""
        given = {"introspect": self.lab.introspect, **options}
        if "routers" not in given:
            given["routers"] = {"vmx1": self.gathered()}
        return run_module("chain_diagnose", {"api_url": [self.lab.contrail_url], "intent": self.intent, **given})

    def settle(self) -> None:
        """Let Contrail's daemons act."""
        self.lab.settle()

    # --- ways to break something, and to mend it ---

    @contextmanager
    def fault(self, server: str, kind: str, **rest: Any) -> Iterator[None]:
        """Let a fault of the lab last."""
        self.lab.set_faults([{"server": server, "kind": kind, **rest}])
        self.settle()
        try:
            yield
        finally:
            self.lab.set_faults([])
            self.settle()

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Send a request to the config API and return its answer."""
        data = None if body is None else json.dumps(body).encode()
        url = path if path.startswith("http") else self.lab.contrail_url + path
        request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(request, timeout=10) as response:
            text = response.read()
        return json.loads(text) if text.strip() else None

    def stored(self, kind: str, name: str) -> dict[str, Any]:
        """Return a stored object of the project."""
        found: dict[str, Any] = next(
            each
            for each in self.call("GET", f"/{kind}s?detail=true")[f"{kind}s"]
            if each[kind]["fq_name"] == [*PROJECT, name]
        )[kind]
        return found

    @contextmanager
    def detached(self, network: str) -> Iterator[None]:
        """Take the policy off a network."""
        update = {
            "type": "virtual-network",
            "uuid": self.stored("virtual-network", network)["uuid"],
            "ref-type": "network-policy",
            "ref-uuid": self.stored("network-policy", "vn1-to-vn2")["uuid"],
            "attr": {"sequence": {"major": 0, "minor": 0}},
        }
        self.call("POST", "/ref-update", {**update, "operation": "DELETE"})
        self.settle()
        yield
        self.call("POST", "/ref-update", {**update, "operation": "ADD"})
        self.settle()

    @contextmanager
    def changed(self, kind: str, name: str, field: str, change: Callable[[Any], None]) -> Iterator[None]:
        """Change a property of a stored object."""
        stored = self.stored(kind, name)
        value = copy.deepcopy(stored[field])
        change(value)
        self.call("PUT", f"/{kind}/{stored['uuid']}", {kind: {field: value}})
        self.settle()
        yield
        self.call("PUT", f"/{kind}/{stored['uuid']}", {kind: {field: stored[field]}})
        self.settle()

    @contextmanager
    def configured(self, xml: str) -> Iterator[None]:
        """Change the router's configuration."""
        device = Device(host="127.0.0.1", port=self.lab.netconf_port, user=USER, passwd=PASSWORD, look_for_keys=False)
        device.open(gather_facts=False)
        try:
            with Config(device, mode="exclusive") as config:
                config.load(f"<configuration>{xml}</configuration>", format="xml", merge=True)
                config.commit()
                self.settle()
                yield
                config.rollback(1)
                config.commit()
        finally:
            device.close()
        self.settle()


@pytest.fixture(scope="module")
def bed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bed]:
    """A lab with the chain of the reference scenario."""
    with running_lab(tmp_path_factory.mktemp("lab"), "--no-hosts") as lab:
        made = Bed(lab, reference())
        set_up(made)
        yield made


def set_up(bed: Bed) -> None:
    """Make the chain as the site does."""
    derived = derive(read_intent(**bed.intent))
    contrail = {"api_url": [bed.lab.contrail_url]}
    machines = {"vm1": "vm1", "vm2": "vm2", "1-to-2-left": "1-to-2", "1-to-2-right": "1-to-2"}
    ports = [{**port, "virtual_machine": machines[port["name"]]} for port in bed.intent["ports"]]
    for module, config in (
        ("contrail_vn", derived.networks),
        ("contrail_port", ports),
        ("contrail_service_template", derived.templates),
        ("contrail_service_instance", derived.instances),
    ):
        run_module(module, {**contrail, "config": config})
    bed.settle()
    run_module("contrail_policy", {**contrail, "config": derived.policies})
    router = derived.routers["vmx1"]
    run_module("vmx_vrf", {**bed.router, "config": router.vrfs, "filters": router.filters})
    bed.settle()


def warnings(result: dict[str, Any]) -> list[str]:
    return [warning["message"] for chain in result["chains"] for warning in chain["warnings"]]


# --- a chain that stands --------------------------------------------------------------------------------------


@pytest.mark.usefixtures("both_ways")
def test_a_chain_that_stands_has_every_link_looked_at_and_one_guest_is_silent(bed: Bed) -> None:
    before = bed.lab.counters()
    result = bed.diagnosed()
    (chain,) = result["chains"]
    assert (chain["name"], chain["stands"], chain["link"]) == ("vn1-to-vn2", True, None)
    assert {each["result"] for each in chain["checked"]} == {"ok"}
    assert warnings(result) == [SILENT]
    assert [finding["code"] for finding in result["findings"]] == ["guest-silent"]
    assert chain["message"] == f"vn1-to-vn2: up; warning: vmx1: vn2.inet.0: {SILENT} [guest-silent]"
    assert (result["stands"], result["not_looked_at"], result["changed"]) == (True, [], False)
    after = bed.lab.counters()
    assert after["contrail"]["writes"] == before["contrail"]["writes"]
    assert after["introspect"].get("writes", 0) == 0


def test_check_mode_says_the_same(bed: Bed) -> None:
    options = {"api_url": [bed.lab.contrail_url], "intent": bed.intent, "introspect": bed.lab.introspect}
    assert run_module("chain_diagnose", options, check=True) == run_module("chain_diagnose", options)


# --- each fault -----------------------------------------------------------------------------------------------

Break = Callable[[Bed], Undo]


def apply_to(name: str) -> Callable[[Any], None]:
    """Let the rule apply another service."""

    def change(entries: Any) -> None:
        entries["policy_rule"][0]["action_list"]["apply_service"] = [":".join([*PROJECT, name])]

    return change


def left_port(**rest: Any) -> dict[str, Any]:
    return {"match": {"port": "1-to-2-left"}, **rest}


def on_left() -> dict[str, Any]:
    return {"match": {"service": SERVICE, "network": ":".join([*PROJECT, "vn1"])}}


def instance(name: str, statements: str) -> str:
    return f"<routing-instances><instance><name>{name}</name>{statements}</instance></routing-instances>"


def firewall(statements: str, operation: str = "") -> str:
    name = "<name>ge000_to_dcrouter</name>"
    return f"<firewall><family><inet><filter{operation}>{name}{statements}</filter></inet></family></firewall>"


def term(name: str, source: str, then: str) -> str:
    conditions = f"<from><source-address><name>{source}</name></source-address></from>" if source else ""
    return f"<term><name>{name}</name>{conditions}<then>{then}</then></term>"


def into(vrf: str) -> str:
    return f"<routing-instance><routing-instance-name>{vrf}</routing-instance-name></routing-instance>"


HIDING = firewall(
    term("early", "172.31.0.0/16", "<accept/>")
    + term("t1", "172.31.9.34/32", into("vn1"))
    + term("t11", "172.31.8.198/32", into("vn2"))
    + term("t2", "", "<accept/>"),
    ' operation="replace"',
)
NO_TUNNEL = (
    "<groups><name>__contrail__</name><routing-options><dynamic-tunnels><dynamic-tunnel>"
    "<name>_contrail_asn-64512</name>"
    '<destination-networks operation="delete"><name>172.31.10.155/32</name></destination-networks>'
    "</dynamic-tunnel></dynamic-tunnels></routing-options></groups>"
)
NO_ROUTE = '<route operation="delete"><name>172.31.8.198/32</name></route>'
NO_STATIC = instance("vn2", f"<routing-options><static>{NO_ROUTE}</static></routing-options>")
UNBOUND = (
    "<interfaces><interface><name>ge-0/0/0</name><unit><name>0</name><family><inet>"
    '<filter operation="delete"/></inet></family></unit></interface></interfaces>'
)

FAULTS: dict[str, tuple[Break, str, str]] = {
    "policy on vn1 only": (
        lambda bed: bed.detached("vn2"),
        "policy-not-attached",
        "policy vn1-to-vn2 is not attached to vn2",
    ),
    "policy on vn2 only": (
        lambda bed: bed.detached("vn1"),
        "policy-not-attached",
        "policy vn1-to-vn2 is not attached to vn1",
    ),
    "apply_service names nothing": (
        lambda bed: bed.changed("network-policy", "vn1-to-vn2", "network_policy_entries", apply_to("1-to-3")),
        "service-named-in-vain",
        "the policy names service 1-to-3, which does not exist",
    ),
    "no service address": (
        lambda bed: bed.fault("monitor", "no_address", match={"service": SERVICE, "side": "right"}),
        "no-service-address",
        "service 1-to-2 has no service address on its right side",
    ),
    "port without its interface type": (
        lambda bed: bed.changed(
            "virtual-machine-interface", "1-to-2-right", "virtual_machine_interface_properties", dict.clear
        ),
        "port-without-interface-type",
        "port 1-to-2-right of port tuple 1-to-2:1-to-2-1 has no interface type, so its side of the service is unknown",
    ),
    "service routing instance missing": (
        lambda bed: bed.fault("schema", "message", reason=f"No vms/pts found for service instance {SERVICE}"),
        "service-routing-instance-missing",
        "network vn1 has no routing instance for service 1-to-2: "
        f"the schema transformer says 'No vms/pts found for service instance {SERVICE}'",
    ),
    "guest down": (
        lambda bed: bed.fault("guest", "down", **left_port()),
        "connected-route-down",
        "port 1-to-2-left is Inactive < os-state-down > on compute1",
    ),
    "interface inactive": (
        lambda bed: bed.fault("agent", "interface", **left_port(reason="vrf-null")),
        "connected-route-down",
        "port 1-to-2-left is Inactive < vrf-null > on compute1",
    ),
    "health check that fails": (
        lambda bed: bed.fault("agent", "health_check", **left_port()),
        "connected-route-down",
        "a health check of port 1-to-2-left fails on compute1",
    ),
    "agent without its control node": (
        lambda bed: bed.fault("agent", "disconnected", match={"compute": "compute1"}),
        "connected-route-down",
        "the agent of compute1 has no session with a control node",
    ),
    "agent down": (
        lambda bed: bed.fault("agent", "down", match={"compute": "compute1"}),
        "connected-route-down",
        "the agent of compute1 does not answer",
    ),
    "chain down for no reason that a port shows": (
        lambda bed: bed.fault("control", "down", **on_left()),
        "connected-route-down",
        "the compute nodes that were asked see nothing wrong with its port",
    ),
    "group down": (
        lambda bed: bed.fault("control", "group_down", **on_left()),
        "chain-group-down",
        "service 1-to-2 is up in vn1, but another part of its chain is down",
    ),
    "pending": (
        lambda bed: bed.fault("control", "pending", **on_left(), reason="Destination virtual network index is unknown"),
        "chain-pending",
        "service 1-to-2 waits in vn1: Destination virtual network index is unknown",
    ),
    "chain unknown to the control node": (
        lambda bed: bed.fault("control", "missing", **on_left()),
        "chain-state-missing",
        "no control node knows service 1-to-2 for routes from vn1 to vn2",
    ),
    "route target not imported": (
        lambda bed: bed.configured(instance("vn1", "<vrf-target><community>target:64512:99</community></vrf-target>")),
        "route-target-not-imported",
        "VRF vn1 imports 64512:99, but network vn1 exports 64512:1",
    ),
    "BGP session down": (
        lambda bed: bed.fault("router", "session_down"),
        "bgp-session-down",
        "no BGP session with a control node is established: 172.31.4.76 Active",
    ),
    "no tunnel": (
        lambda bed: bed.configured(NO_TUNNEL),
        "no-tunnel-to-compute",
        "no dynamic tunnel is configured to compute node 172.31.10.155",
    ),
    "next hop unresolved": (
        lambda bed: bed.fault("router", "unresolved", match={"address": "172.31.10.155"}),
        "next-hop-unresolved",
        "the next hop 172.31.10.155 does not resolve",
    ),
    "steering term missing": (
        lambda bed: bed.configured(firewall('<term operation="delete"><name>t1</name></term>')),
        "steering-term-missing",
        "no term of filter ge000_to_dcrouter sends traffic from 172.31.9.34/32 into VRF vn1",
    ),
    "steering term hidden": (
        lambda bed: bed.configured(HIDING),
        "steering-term-hidden",
        "term t1 gets no traffic: the earlier term early matches all of it",
    ),
    "filter not bound": (
        lambda bed: bed.configured(UNBOUND),
        "filter-not-bound",
        "filter ge000_to_dcrouter is not the input filter of ge-0/0/0.0",
    ),
    "static route missing": (
        lambda bed: bed.configured(NO_STATIC),
        "static-route-missing",
        "VRF vn2 has no static route to 172.31.8.198/32",
    ),
    "route that the control node does not use": (
        lambda bed: bed.fault(
            "control",
            "no_route",
            match={"table": ":".join([*PROJECT, "vn2", "vn2.inet.0"]), "prefix": "172.31.8.198/32"},
        ),
        "route-not-learned",
        "vn1.inet.0 has no 172.31.8.198/32 by BGP",
    ),
    "label mismatch": (
        lambda bed: bed.fault("agent", "label", **left_port(label=77)),
        "label-mismatch",
        "with label 30, but the left port of service 1-to-2 has label 77",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_the_diagnosis_names_the_fault_and_nothing_else(bed: Bed, name: str) -> None:
    breaking, code, words = FAULTS[name]
    with breaking(bed):
        result = bed.diagnosed()
    (chain,) = result["chains"]
    assert not chain["stands"], chain
    assert chain["link"]["code"] == code, chain["message"]
    assert words in chain["link"]["message"]
    assert [finding["code"] for finding in result["findings"]] == [code]
    results = [each["result"] for each in chain["checked"]]
    number = results.index("broken") + 1
    assert set(results[: number - 1]) <= {"ok"}
    assert set(results[number:]) <= {"not reached"}
    step = chain["checked"][number - 1]["step"]
    assert chain["message"].startswith(f"vn1-to-vn2: broken at step {number} of {len(results)} ({step}): ")
    assert f"cure: {chain['link']['cure']}" in chain["message"]
    assert "\n" not in chain["message"]


def test_another_silent_guest_is_a_second_warning(bed: Bed) -> None:
    with bed.fault("guest", "silent", **left_port()):
        result = bed.diagnosed()
    assert result["stands"]
    left = "no ARP reply from 10.0.1.4/32, the address of 1-to-2-left"
    assert sorted(warnings(result)) == sorted([left, SILENT])


# --- what is not looked at --------------------------------------------------------------------------------------


def test_what_is_not_given_is_not_asked_and_that_is_said(bed: Bed) -> None:
    before = bed.lab.counters().get("introspect", {})
    result = bed.diagnosed(introspect={}, routers={})
    (chain,) = result["chains"]
    assert result["not_looked_at"] == [
        "schema transformer: no address given (introspect.schema)",
        "control node: no address given (introspect.control)",
        "vRouter agent: no address given (introspect.agent)",
        "router vmx1: configuration, BGP, tunnels, tables not given",
    ]
    assert chain["stands"]
    assert "not looked at: no way past the services, chain on the control nodes, route targets" in chain["message"]
    assert bed.lab.counters().get("introspect", {}) == before


def test_a_daemon_that_refuses_is_told_and_the_rest_is_looked_at(bed: Bed) -> None:
    with bed.fault("introspect", "refused", match={"daemon": "schema|control"}):
        result = bed.diagnosed(routers={"vmx1": bed.gathered("bgp")})
    (chain,) = result["chains"]
    assert [line.split(":")[0] for line in result["not_looked_at"]] == [
        "schema transformer",
        "control node",
        "router vmx1",
    ]
    assert all("connection refused" in line for line in result["not_looked_at"][:2])
    checked = {each["step"]: each["result"] for each in chain["checked"]}
    assert checked["chain on the control nodes"] == "ok"  # by the agents
    assert checked["BGP sessions"] == "ok"
    assert checked["steering"] == "not looked at"


def test_without_control_nodes_the_agents_tell_a_port_that_is_down(bed: Bed) -> None:
    only_agents = {"agent": bed.lab.introspect["agent"]}
    with bed.fault("agent", "interface", **left_port(reason="no-dev")):
        result = bed.diagnosed(introspect=only_agents, routers={})
    assert result["chains"][0]["link"]["code"] == "connected-route-down"
    assert "< no-dev >" in result["chains"][0]["message"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"intent": {"network": {}}}, "intent.network: there is no such thing"),
        ({"routers": {"vmx2": {}}}, "routers.vmx2: the data model has no such router; did you mean vmx1?"),
        (
            {"routers": {"vmx1": {"configuration": {"effective": "<a"}}}},
            "routers.vmx1.configuration.effective: is no configuration in XML",
        ),
        ({"introspect": {"control": ["ctrl1:8083"]}}, "introspect.control: 'ctrl1:8083' is not the URL of a daemon"),
    ],
)
def test_bad_input_is_named_by_its_path(bed: Bed, options: dict[str, Any], message: str) -> None:
    given = {"api_url": [bed.lab.contrail_url], "intent": bed.intent, **options}
    with pytest.raises(ModuleFailedError) as failed:
        run_module("chain_diagnose", given)
    assert str(failed.value).startswith(message)
    assert "\n" not in str(failed.value)


# --- the playbook -----------------------------------------------------------------------------------------------

PLAYBOOK = "playbooks/diagnose.yml"


def test_the_playbook_shows_a_line_for_each_chain_and_changes_nothing(bed: Bed) -> None:
    shown = passed(play(bed.lab, PLAYBOOK))
    assert f"vn1-to-vn2: up; warning: vmx1: vn2.inet.0: {SILENT}" in shown.output
    assert set(shown.changed.values()) == {0}


def test_the_playbook_fails_for_a_broken_chain_unless_it_is_only_to_report(bed: Bed) -> None:
    line = "vn1-to-vn2: broken at step 3 of 19 (attachment of the policy)"
    with bed.detached("vn2"):
        failed = play(bed.lab, PLAYBOOK)
        reported = passed(play(bed.lab, PLAYBOOK, service_chain_diagnose_only_report=True, ansible_port=9))
    assert failed.status != 0
    assert f'"msg": "{line}' in failed.output
    assert line in reported.output
    assert "router vmx1: configuration, BGP, tunnels, tables not given" in reported.output  # nobody listens there
