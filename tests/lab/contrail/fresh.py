# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The objects of a server that was never written to.

Those that the server makes for itself when it starts on an empty database, in its order, and those that the
service monitor makes when it first meets it.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import yaml

from lab.contrail import identity
from lab.contrail.schema import JsonDict
from lab.contrail.store import Store

DOMAIN = ["default-domain"]
PROJECT = [*DOMAIN, "default-project"]
GLOBAL_SYSTEM_CONFIG = ["default-global-system-config"]
FLAT_IPAM = [*PROJECT, "service-chain-flat-ipam"]
"""The address pool of service chains since release 4.1."""

GLOBAL_AUTONOMOUS_SYSTEM = 64512
TAG_TYPES = ("label", "application", "tier", "deployment", "site", "neutron_fwaas", "neutron_tag")
"""Predefined tag types in the order of their numbers, from 0."""

TEMPLATES = Path(__file__).with_name("templates.yml")

NO_RULE_GROUP_ID = 8000001


def fresh_store() -> Store:
    """Return a store as a server has it that was never written to."""
    store = Store()
    make_fresh(store)
    return store


def make_fresh(store: Store) -> None:
    """Make the fresh server's objects in an empty store."""
    _make_global_configuration(store)
    _make_default_project(store)
    _make_policy_management(store)
    _make_networks(store)
    _make_alarm(store)
    _make_rest(store)
    _make_templates(store)


def _insert(store: Store, kind: str, fq_name: list[str], parent_type: str | None = None, **values: Any) -> JsonDict:
    body = {"fq_name": fq_name, **({"parent_type": parent_type} if parent_type else {}), **values}
    return store.insert(kind, body, user_visible=kind != "tag-type")


def _insert_with_defaults(
    store: Store, kind: str, fq_name: list[str], parent_type: str | None = None, **values: Any
) -> JsonDict:
    """Make an object that carries the client library's default in each property that is not given."""
    properties = store.schema.kind(kind).properties.values()
    defaults = {declared.name: declared.default for declared in properties if declared.default is not None}
    return _insert(store, kind, fq_name, parent_type, **{**defaults, **values})


def _make_global_configuration(store: Store) -> None:
    _insert_with_defaults(
        store,
        "global-system-config",
        GLOBAL_SYSTEM_CONFIG,
        autonomous_system=GLOBAL_AUTONOMOUS_SYSTEM,
        config_version="1.0",
    )
    name = [*GLOBAL_SYSTEM_CONFIG, "default-global-vrouter-config"]
    _insert_with_defaults(store, "global-vrouter-config", name, "global-system-config")


def _make_default_project(store: Store) -> None:
    domain = _insert(store, "domain", DOMAIN)
    share = [{"tenant": f"domain:{domain['uuid']}", "tenant_access": 6}]
    store.replace(domain["uuid"], {"perms2": {**domain["perms2"], "share": share}})
    _insert(store, "project", PROJECT, "domain", quota={"defaults": -1})
    _insert_network(store, "default-virtual-network", with_defaults=False)
    shared = {**identity.default_perms2(), "global_access": identity.EXTERNAL_ACCESS}
    _insert(store, "network-ipam", [*PROJECT, "default-network-ipam"], "project", perms2=shared)
    _insert(store, "namespace", [*DOMAIN, "default-namespace"], "domain")
    _insert_with_defaults(store, "fabric", [*GLOBAL_SYSTEM_CONFIG, "default-fabric"], "global-system-config")


def _make_policy_management(store: Store) -> None:
    management = _insert(store, "policy-management", ["default-policy-management"])
    everything = {"all_applications": True}
    router_config = [*GLOBAL_SYSTEM_CONFIG, "default-global-vrouter-config"]
    _insert(
        store,
        "application-policy-set",
        [*management["fq_name"], "default-application-policy-set"],
        "policy-management",
        global_vrouter_config_refs=[{"to": router_config, "attr": None}],
        **everything,
    )
    _insert(store, "application-policy-set", [*PROJECT, "default-application-policy-set"], "project", **everything)


def _make_networks(store: Store) -> None:
    fabric = _insert_network(store, "ip-fabric", is_provider_network=True)
    _insert_routing_instance(store, fabric, "ip-fabric", is_default=True)
    _insert_routing_instance(store, fabric, "__default__", is_default=False)
    link_local = _insert_network(store, "__link_local__")
    _insert_routing_instance(store, link_local, "__link_local__", is_default=True)
    interconnect = _insert_network(store, "dci-network")
    _insert_routing_instance(store, interconnect, "dci-network", is_default=True)
    _insert_routing_instance(store, interconnect, "__default__", is_default=False)
    default = store.find("virtual-network", [*PROJECT, "default-virtual-network"])
    assert default is not None
    _insert_routing_instance(store, default, "default-virtual-network", is_default=True)


def _insert_network(store: Store, name: str, *, with_defaults: bool = True, **values: Any) -> JsonDict:
    insert = _insert_with_defaults if with_defaults else _insert
    number = 1 + len(store.objects("virtual-network"))
    values = {"is_shared": False, **values, "virtual_network_network_id": number}
    return insert(store, "virtual-network", [*PROJECT, name], "project", **values)


def _insert_routing_instance(store: Store, network: JsonDict, name: str, *, is_default: bool) -> None:
    fq_name = [*network["fq_name"], name]
    _insert_with_defaults(store, "routing-instance", fq_name, "virtual-network", routing_instance_is_default=is_default)


def _make_alarm(store: Store) -> None:
    condition = {
        "operand1": "UveConfigReq.err_info.*.",
        "operation": "==",
        "operand2": {"json_value": "True"},
    }
    _insert(
        store,
        "alarm",
        [*GLOBAL_SYSTEM_CONFIG, "system-defined-bottle-request-size-limit"],
        "global-system-config",
        alarm_rules={"or_list": [{"and_list": [condition]}]},
        alarm_severity=1,
        uve_keys={"uve_key": ["config-node"]},
        id_perms={"description": "Bottle request size limit exceeded."},
    )


def _make_rest(store: Store) -> None:
    _insert(
        store,
        "security-group",
        [*PROJECT, "__no_rule__"],
        "project",
        security_group_id=NO_RULE_GROUP_ID,
        configured_security_group_id=0,
        security_group_entries={"policy_rule": []},
        id_perms=_no_rule_id_perms(),
        perms2={**identity.default_perms2(), "global_access": identity.EXTERNAL_ACCESS},
    )
    _insert(store, "discovery-service-assignment", ["default-discovery-service-assignment"])
    qos = [*GLOBAL_SYSTEM_CONFIG, "default-global-qos-config"]
    _insert_with_defaults(store, "global-qos-config", qos, "global-system-config")
    subnets = [_client_subnet("0.0.0.0", 8), _client_subnet("::ffff", 104)]
    _insert(
        store,
        "network-ipam",
        FLAT_IPAM,
        "project",
        ipam_subnet_method="flat-subnet",
        ipam_subnets={"subnets": subnets},
    )
    for number, name in enumerate(TAG_TYPES):
        _insert(store, "tag-type", [name], tag_type_id=f"0x{number:04x}", display_name=name)


def _make_templates(store: Store) -> None:
    catalogue = yaml.safe_load(TEMPLATES.read_text())
    for name, given in catalogue["templates"].items():
        properties = {**catalogue["defaults"], **given}
        shared = properties["service_scaling"]
        properties["interface_type"] = [
            {"service_interface_type": side, "shared_ip": shared, "static_route_enable": False}
            for side in properties.pop("interfaces")
        ]
        body = {
            "fq_name": [*DOMAIN, name],
            "parent_type": "domain",
            "service_template_properties": properties,
        }
        store.create("service-template", body)
    opened = {"owner": identity.OWNER, "global_access": identity.EXTERNAL_ACCESS}
    for name, driver in catalogue["appliance_sets"].items():
        body = {
            "fq_name": [*GLOBAL_SYSTEM_CONFIG, name],
            "parent_type": "global-system-config",
            "service_appliance_driver": driver,
            "perms2": opened,
        }
        store.create("service-appliance-set", body)


def _no_rule_id_perms() -> JsonDict:
    types = importlib.import_module("vnc_api.gen.resource_xsd")
    id_perms = types.IdPermsType(enable=True, description="Security group with no rules", user_visible=True)
    return dict(_as_client_sends(id_perms))


def _client_subnet(prefix: str, length: int) -> JsonDict:
    """Return a subnet as the client library writes one: with all fields, unset ones as null."""
    types = importlib.import_module("vnc_api.gen.resource_xsd")
    return dict(_as_client_sends(types.IpamSubnetType(subnet=types.SubnetType(prefix, length))))


def _as_client_sends(value: Any) -> Any:
    if hasattr(value, "attr_fields"):
        return {name: _as_client_sends(getattr(value, name)) for name in value.attr_fields}
    return value
