# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the lab reads out of the classes of the client package."""

from __future__ import annotations

import pytest
from lab.contrail.schema import load_schema


def test_kinds_are_found_with_dashes_and_underscores() -> None:
    schema = load_schema()
    assert schema.kind("virtual_network") is schema.kind("virtual-network")


def test_an_unknown_kind_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        load_schema().kind("frob")


def test_port_tuples_are_derived_children_of_service_instances() -> None:
    assert load_schema().kind("service-instance").children["port_tuples"].derived


def test_networks_are_children_of_projects_that_hinder_a_delete() -> None:
    assert not load_schema().kind("project").children["virtual_networks"].derived


def test_references_know_the_type_of_their_attribute() -> None:
    references = load_schema().kind("virtual-network").references
    assert references["network_policy_refs"].attribute == "VirtualNetworkPolicyType"
    assert references["route_table_refs"].attribute is None


def test_a_kind_has_no_back_references_of_its_own_kind() -> None:
    assert "bgp_router_back_refs" not in load_schema().kind("bgp-router").back_references


def test_annotations_are_a_map_by_key() -> None:
    assert load_schema().kind("virtual-network").collections["annotations"].key == "key"


def test_ranges_and_choices_are_kept_apart() -> None:
    fields = load_schema().types["BgpRouterParams"].fields
    assert fields["hold_time"].limits == (0, 65535)
    assert "router" in fields["router_type"].choices
