# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole site on a router that peers with nobody yet: both ends of the session are made, and taken away again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from integration.test_vmx_peering import unowned
from lab.core.site import DEFAULT_SITE
from lab.fixture import running_lab
from support.held_state import held
from support.module_run import run_module
from support.playbook_run import ROOT, WITHOUT_HOSTS, passed, play

CONTROL_NODE = {
    "name": "control1",
    "address": "172.31.4.76",
    "autonomous_system": "64512",
    "router_type": "control-node",
}
PEERING: dict[str, Any] = {
    "local_address": "172.31.10.57",
    "neighbors": ["172.31.4.76"],
    "autonomous_system": 64512,
    "router_id": "172.31.10.57",
    "route_distinguisher_id": "172.31.10.57",
    "next_hop_self": ["inet-vpn", "inet6-vpn"],
    "tunnel_services": [{"fpc": 0, "pic": 0}],
    "tunnels": {"destinations": ["172.31.10.155/32", "172.31.4.76/32"]},
    "bgp_router": {},
}


def site_file(directory: Path) -> Path:
    """Write the lab's site with a router that no device manager owns, and return its file."""
    site = yaml.safe_load(DEFAULT_SITE.read_text())
    directory.mkdir()
    (directory / "router.xml").write_text(unowned())
    site["routers"][0]["configuration"] = str(directory / "router.xml")
    for host in site["hosts"].values():
        host.update({key: str(DEFAULT_SITE.parent / host[key]) for key in ("etc", "containers") if key in host})
    written = directory / "site.yml"
    written.write_text(yaml.safe_dump(site))
    return written


GATEWAY = ("--tags", "networks,routers")
"""The steps that peering is a part of; the others are no other ones than in test_site.py."""


def test_a_router_without_any_peering_is_made_a_gateway_and_left_as_it_was(tmp_path: Path) -> None:
    inventory = yaml.safe_load((ROOT / "inventory/lab/group_vars/all/service_chains.yml").read_text())
    routers = inventory["service_chain_routers"]
    routers["vmx1"]["peering"] = PEERING
    with running_lab(tmp_path / "lab", "--site", str(site_file(tmp_path / "site"))) as lab:
        run_module("contrail_bgp_router", {"api_url": [lab.contrail_url], "config": [CONTROL_NODE]})
        before = held(lab)
        assert lab.state()["routers"]["vmx1"]["bgp_fault"]

        shown = passed(play(lab, "site.yml", *GATEWAY, "--check", "--diff", service_chain_routers=routers))
        assert held(lab) == before
        assert shown.changed["vmx1"] == 2  # the peering, then VRFs and steering
        passed(play(lab, "site.yml", *WITHOUT_HOSTS, service_chain_routers=routers))
        assert lab.state()["routers"]["vmx1"]["bgp_fault"] is None
        first = lab.counters()
        assert first["junos"]["commits"] == 2

        second = passed(play(lab, "site.yml", *GATEWAY, service_chain_routers=routers))
        counters = lab.counters()
        assert set(second.changed.values()) == {0}, second.output
        assert counters["contrail"]["writes"] == first["contrail"]["writes"]
        assert counters["junos"]["locks"] == first["junos"]["locks"]

        passed(play(lab, "playbooks/teardown.yml", *WITHOUT_HOSTS, service_chain_routers=routers))
        assert held(lab) == before
