# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What daemons own: the collection's view of it against the lab's schema transformer, which shares no code with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.any_kind.objects import ObjectParser
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec.errors import InvalidConfigError
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec.scope import Scope
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds import BGP_ROUTER, PORT
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds.config import Task
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.plan.daemon_owned import (
    Mesh,
    Subject,
    comes_back,
    overwritten,
    peers_allowed,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.plan.desired import DesiredObject
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.schema.kinds import SchemaScope
from hypothesis import given
from hypothesis import strategies as st
from lab.contrail.fresh import fresh_store
from lab.contrail.store import Store
from lab.daemons.bgp_mesh import BgpMesh
from support.examples import examples

FABRIC = ["default-domain", "default-project", "ip-fabric", "__default__"]
GLOBAL_AS = 64512
ROUTERS = st.lists(
    st.fixed_dictionaries(
        {
            "vendor": st.sampled_from([None, "contrail", "Contrail", "Juniper"]),
            "autonomous_system": st.sampled_from([GLOBAL_AS, 64999]),
            "router_type": st.sampled_from(["router", "control-node"]),
            "cluster_id": st.sampled_from([None, None, 7]),
        }
    ),
    min_size=2,
    max_size=5,
)


WRONG_NUMBER = {"protocol": "tcp", "protocol_id": 17}


def _settle(mesh: BgpMesh) -> None:
    for _turn in range(10):
        if not mesh.reconcile():
            return
    raise AssertionError("the schema transformer of the lab does not come to rest")


def _look(store: Store) -> Any:
    def look(kind: str, name: tuple[str, ...]) -> dict[str, Any] | None:
        found = store.find(kind, list(name))
        if found is not None and kind == "routing-instance":
            children = store.children(found["uuid"], "bgp-router")
            return {**found, "bgp_routers": [{"to": child["fq_name"]} for child in children]}
        return found

    return look


def _world(routers: list[dict[str, Any]], *, mesh: bool = True) -> Store:
    """Return a store with these routers, each looked at by the schema transformer once all are there."""
    store = fresh_store()
    (system,) = store.objects("global-system-config")
    store.update(system["uuid"], {"ibgp_auto_mesh": mesh})
    transformer = BgpMesh(store)
    made = []
    for number, parameters in enumerate(routers):
        body = {"fq_name": [*FABRIC, f"r{number}"], "parent_type": "routing-instance"}
        made.append(store.create("bgp-router", {**body, "bgp_router_parameters": parameters})["uuid"])
        _settle(transformer)
    for uuid in made:
        store.update(uuid, {"display_name": "looked at"})
    _settle(transformer)
    return store


def _subject(store: Store, name: str, **want: Any) -> Subject:
    wanted = DesiredObject(BGP_ROUTER, (*FABRIC, name), "config[0]", **want)
    look = _look(store)
    return Subject(wanted, look(*wanted.key), look, [wanted], Task())


@examples(25)
@given(ROUTERS)
def test_a_peering_is_allowed_where_the_schema_transformer_keeps_it(routers: list[dict[str, Any]]) -> None:
    store = _world(routers)
    names = [f"r{number}" for number in range(len(routers))]
    (reference,) = (item for item in BGP_ROUTER.references if item.option == "peers")
    for name in names:
        subject = _subject(store, name, state="existing")
        if not Mesh.of(subject).holds(subject.want.fq_name):
            continue
        others = [other for other in names if other != name]
        allowed = {tuple(one)[-1] for one in peers_allowed(subject, [(*FABRIC, other) for other in others])}
        kept = {peer["to"][-1] for peer in (subject.stored or {}).get("bgp_router_refs", [])}
        assert allowed == kept, name
        back = {other for other in others if comes_back(subject, reference, ":".join([*FABRIC, other]))}
        assert back == kept, name


@examples(20)
@given(ROUTERS)
def test_an_autonomous_system_is_refused_where_the_schema_transformer_overwrites_it(
    routers: list[dict[str, Any]],
) -> None:
    store = _world(routers)
    for number, given_parameters in enumerate(routers):
        name = f"r{number}"
        stored = _look(store)("bgp-router", (*FABRIC, name))
        overwrites = stored["bgp_router_parameters"]["autonomous_system"] != given_parameters["autonomous_system"]
        values = {**given_parameters, "autonomous_system": str(given_parameters["autonomous_system"])}
        subject = _subject(store, name, values={key: value for key, value in values.items() if value is not None})
        assert bool(list(overwritten(subject))) is overwrites, name


def test_without_a_mesh_all_peers_are_the_users() -> None:
    plain = {"vendor": "Juniper", "autonomous_system": GLOBAL_AS, "router_type": "router"}
    store = _world([plain, plain, {**plain, "cluster_id": 7}], mesh=False)
    subject = _subject(store, "r0", references={"peers": {":".join([*FABRIC, "r1"]): None}})

    assert list(overwritten(subject)) == []


def test_a_global_autonomous_system_that_is_about_to_change_is_not_held_against_a_router() -> None:
    store = _world([])
    values = {"address": "10.0.0.1", "autonomous_system": "64999"}
    subject = _subject(store, "new", values=values)
    planned = frozenset({("global-system-config", ("default-global-system-config",))})
    later = Subject(subject.want, None, subject.look, subject.wants, Task(check=True, planned=planned))

    assert [fault.path for fault in overwritten(subject)] == ["config[0].autonomous_system"]
    assert list(overwritten(later)) == []


@pytest.mark.parametrize(
    ("kind", "item", "words"),
    [
        (
            "firewall-rule",
            {"name": "n", "references": [{"kind": "tag", "name": "label=web"}]},
            "config[0].references[0]: the server makes references of firewall-rule to tag itself: give tags in "
            "endpoint_1 or endpoint_2",
        ),
        (
            "tag",
            {"name": "n", "references": [{"kind": "tag-type", "name": "label"}]},
            "config[0].references[0]: the server makes references of tag to tag-type itself: give tag_type_name",
        ),
        (
            "firewall-rule",
            {"name": "n", "properties": {"endpoint_1": {"any": True, "subnet": "10.0.0.0/8"}}},
            "config[0].properties.endpoint_1: has any and subnet: give one of address_group, any, subnet, tags, "
            "virtual_network",
        ),
        (
            "service-group",
            {"name": "n", "properties": {"service_group_firewall_service_list": {"firewall_service": [WRONG_NUMBER]}}},
            "config[0].properties.service_group_firewall_service_list.firewall_service[0].protocol_id: 17 would be "
            "replaced, the server makes it 6 here: leave it out",
        ),
        (
            "firewall-rule",
            {"name": "n", "properties": {"service": {"protocol": "17"}}},
            "config[0].properties.service.protocol: '17' is not one of any, icmp, tcp, udp, sctp",
        ),
    ],
)
def test_what_the_server_makes_itself_is_refused_with_its_cure(kind: str, item: Mapping[str, Any], words: str) -> None:
    with pytest.raises(InvalidConfigError) as error:
        ObjectParser(kind, SchemaScope(), [], [], compare_secrets=False).parse([item], "present")

    assert str(error.value) == words


def test_a_tag_is_named_after_its_type_and_value() -> None:
    item = {"name": "whatever", "properties": {"tag_type_name": "site", "tag_value": "s1"}}
    entity, (parsed,) = ObjectParser("tag", SchemaScope(), [], [], compare_secrets=False).parse([item], "present")
    want = DesiredObject(entity, parsed.fq_name, parsed.path, values=parsed.values)

    (fault,) = overwritten(Subject(want, None, lambda kind, name: None, [want], Task()))

    assert str(fault) == (
        "config[0].name: the server names a tag after its type and value: write site=s1 instead of whatever"
    )


@pytest.mark.parametrize("attr", [("interface_route_tables", "irt"), ("health_checks", "hc")])
def test_what_svc_monitor_takes_off_a_port_is_refused_there(attr: tuple[str, str]) -> None:
    option, name = attr
    full = Scope().name(next(item.kind for item in PORT.references if item.option == option), name)
    stored: dict[str, Any] = {
        "uuid": "u",
        "fq_name": ["default-domain", "default-project", "p"],
        "port_tuple_refs": [{"to": ["default-domain", "default-project", "si", "t"], "uuid": "t"}],
    }
    want = DesiredObject(PORT, tuple(stored["fq_name"]), "config[0]", references={option: {":".join(full): None}})

    (fault,) = overwritten(Subject(want, stored, lambda kind, name: None, [want], Task()))

    assert fault.path == f"config[0].{option}[0]"
    assert "service instance default-domain:default-project:si" in str(fault)
