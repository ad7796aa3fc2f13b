# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A name that a module takes is one that the data model takes, and the other way round."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.intent.read import read_intent
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec.errors import InvalidConfigError
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec.scope import Scope
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds import (
    NETWORK_POLICY,
    PORT,
    SERVICE_INSTANCE,
    SERVICE_TEMPLATE,
    VIRTUAL_NETWORK,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds.config import parse_config
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds.entity import Entity
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values.faults import IntentError
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values.plain_text import unwritable
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.model.field import ConfigError
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.plan.peering_plan import (
    parse_peering_request,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.plan.vrf_plan import parse_request
from hypothesis import assume, example, given
from hypothesis import strategies as st
from models.hostile_texts import TEXTS
from support.examples import examples

FILTER = {"name": "F"}
MEMBER = {"left": "l", "right": "r"}

NAMES = st.one_of(
    st.sampled_from(
        (
            *("_contrail_a-l3-5", "_contrail_a-l3-5-import", "__contrail__", "__x", "a b", "all", "default", "master"),
            *("irb.100", "vlan.8", "lo0.0", "ge-0/0/0:1.7", "ge-0/0/0", "fti0.0", "st0.1", "demux0.1", "ge-0/0/0.x"),
            *("other", "other0", "other12", "other-1", "left", "management", "up"),
            *("a/b", "/a", "a:b", "a<b", "x" * 64, "x" * 65, "x" * 128, "x" * 129, "x" * 300, "a.b", "é", "1", "-"),
        )
    ),
    TEXTS,
    st.sampled_from(
        (
            *("tcp", "TCP", "any", "icmp6", "ipv6-icmp", "frob", "hopopt", "255", "256", "-1", "sctp", "ah"),
            *("64512:1", "target:64512:7", "64512:01", "4200000000:1", "4200000000L:1", "10.0.0.1:1", "10.0.0.1:65536"),
            *("0:1", "64512l:1", "64512:4294967296", "010.0.0.1:1", "target:x:1", "64512:1:1", " 64512:5 "),
        )
    ),
    st.from_regex(r"(target:)?[0-9]{1,6}L?:[0-9]{1,6}", fullmatch=True),
    st.text("ab_.-/:019 ", min_size=1, max_size=6),
)


def site(**parts: Any) -> dict[str, Any]:
    """Return a data model of one chain, with other values in it."""
    model: dict[str, Any] = {
        "networks": {
            "one": {"subnets": [{"cidr": "10.0.1.0/24"}], "route_target": "64512:1"},
            "two": {"subnets": [{"cidr": "10.0.2.0/24"}], "route_target": "64512:2"},
        },
        "services": {"fw": {"members": [deepcopy(MEMBER)]}},
        "routers": {"vmx": {"filters": [dict(FILTER)]}},
        "chains": {
            "c": {
                "left": {"network": "one", "external": [{"prefix": "192.0.2.1/32"}]},
                "right": {"network": "two"},
                "services": ["fw"],
            }
        },
    }
    return {**model, **parts}


def in_network(word: str) -> dict[str, Any]:
    model = site()
    model["networks"][word] = model["networks"].pop("two")
    model["chains"]["c"]["right"]["network"] = word
    return model


def in_chain(word: str) -> dict[str, Any]:
    model = site()
    return {**model, "chains": {word: model["chains"]["c"]}}


def in_service(word: str) -> dict[str, Any]:
    model = site(services={word: {"members": [deepcopy(MEMBER)], "template": "t"}})
    model["chains"]["c"]["services"] = [word]
    return model


def in_template(word: str) -> dict[str, Any]:
    return site(services={"fw": {"members": [deepcopy(MEMBER)], "template": word}})


def in_port(word: str) -> dict[str, Any]:
    return site(ports=[{"name": word, "network": "one"}])


def in_interface(word: str) -> dict[str, Any]:
    service = {"interfaces": ["left", "right", word], "networks": {word: "one"}, "members": [{**MEMBER, word: "m"}]}
    return site(services={"fw": service})


def in_match(word: str) -> dict[str, Any]:
    model = site()
    model["chains"]["c"]["match"] = [{"protocol": word}]
    return model


def in_target(word: str) -> dict[str, Any]:
    model = site()
    model["networks"]["one"]["import_route_targets"] = [word]
    return model


def in_vrf(word: str) -> dict[str, Any]:
    return site(routers={"vmx": {"filters": [dict(FILTER)], "vrfs": {"one": {"name": word}}}})


def in_vrf_interface(word: str) -> dict[str, Any]:
    return site(routers={"vmx": {"filters": [dict(FILTER)], "vrfs": {"one": {"interfaces": [word]}}}})


def in_filter(option: str) -> Callable[[str], dict[str, Any]]:
    def model(word: str) -> dict[str, Any]:
        return site(routers={"vmx": {"filters": [{**FILTER, option: [word] if option == "interfaces" else word}]}})

    return model


def in_term(word: str) -> dict[str, Any]:
    model = site()
    model["chains"]["c"]["left"]["external"] = [{"prefix": "192.0.2.1/32", "term": word}]
    return model


def in_peering(option: str) -> Callable[[str], dict[str, Any]]:
    def model(word: str) -> dict[str, Any]:
        given = {"local_address": "192.0.2.7", "neighbors": ["192.0.2.8"], "autonomous_system": 64512}
        peering = {**given, option: [word] if option == "export_policies" else word}
        return site(routers={"vmx": {"filters": [dict(FILTER)], "peering": peering}})

    return model


def item(entity: Entity, **more: Any) -> Callable[[str], Any]:
    return lambda word: parse_config(entity, [{"name": word, **more}], Scope())


def interfaces(word: str) -> Any:
    listed = [{"type": word}]
    return parse_config(SERVICE_TEMPLATE, [{"name": "t", "mode": "in-network", "interfaces": listed}], Scope())


def rule(word: str) -> Any:
    ends = {"source": [{"network": "one"}], "destination": [{"network": "two"}]}
    return parse_config(NETWORK_POLICY, [{"name": "c", "rules": [{"protocol": word, **ends}]}], Scope())


def vrf(**values: Any) -> Any:
    return parse_request("merged", [{"name": "v", **values}], None)


def filter_(**values: Any) -> Any:
    return parse_request("merged", None, [{"name": "F", **values}])


def term(word: str) -> Any:
    return vrf(steering=[{"filter": "F", "name": word, "source": ["192.0.2.1/32"]}])


def group(**values: Any) -> Any:
    return parse_peering_request("merged", [{"name": "g", "local_address": "192.0.2.7", **values}], None)


RULES: dict[str, Any] = {"rules": []}
OWN_NUMBERS = range(8_000_000, 16_777_217)
"""Numbers that Contrail gives out itself in its own AS, which the model does not know and the API server does."""

CONTRAIL = ("network", "policy", "service", "template", "port")
PLACES: dict[str, tuple[Callable[[str], dict[str, Any]], Callable[[str], Any]]] = {
    "network": (in_network, item(VIRTUAL_NETWORK)),
    "policy": (in_chain, item(NETWORK_POLICY, **RULES)),
    "service": (in_service, item(SERVICE_INSTANCE, template="t", interfaces=[{"type": "left", "network": "one"}])),
    "template": (in_template, item(SERVICE_TEMPLATE, mode="in-network", interfaces=[{"type": "left"}])),
    "port": (in_port, item(PORT, network="one")),
    "service interface": (in_interface, interfaces),
    "protocol": (in_match, rule),
    "route target": (in_target, lambda word: item(VIRTUAL_NETWORK, import_route_targets=[word])("one")),
    "VRF": (in_vrf, lambda word: vrf(name=word)),
    "interface of a VRF": (in_vrf_interface, lambda word: vrf(interfaces=[word])),
    "filter": (in_filter("name"), lambda word: filter_(name=word)),
    "interface of a filter": (in_filter("interfaces"), lambda word: filter_(interfaces=[word])),
    "tail": (in_filter("default_term"), lambda word: filter_(default_term=word)),
    "before": (in_filter("before"), lambda word: filter_(before=word)),
    "term": (in_term, term),
    "BGP group": (in_peering("name"), lambda word: group(name=word)),
    "export policy": (in_peering("export_policies"), lambda word: group(export_policies=[word])),
}


def model_takes(model: dict[str, Any]) -> bool:
    try:
        read_intent(**model)
    except IntentError:
        return False
    return True


def module_takes(read: Callable[[str], Any], word: str) -> bool:
    try:
        read(word)
    except (ConfigError, InvalidConfigError):
        return False
    return True


@pytest.mark.parametrize("place", PLACES)
@examples(150)
@given(word=NAMES)
@example(word="_contrail_a-l3-5")
@example(word="irb.100")
@example(word="vlan.8")
@example(word="other")
@example(word="/a")
@example(word="x" * 300)
def test_the_model_takes_what_the_module_takes(place: str, word: str) -> None:
    model, module = PLACES[place]
    assume(word not in {"", "one", "left", "right"} and unwritable(word) is None)  # those mean something else
    assume(place not in CONTRAIL or ":" not in word)  # the model says domain and project by keys of their own

    number = word.strip().rpartition(":")[2]
    assume(place != "route target" or not number.isdecimal() or int(number) not in OWN_NUMBERS)

    assert model_takes(model(word)) == module_takes(module, word)


@pytest.mark.parametrize(
    ("place", "word"),
    [
        ("VRF", "_contrail_a-l3-5"),
        ("filter", "_contrail_a-l3-5"),
        ("interface of a filter", "irb.100"),
        ("interface of a VRF", "vlan.8"),
        ("service interface", "other"),
    ],
)
def test_names_that_others_give_are_taken(place: str, word: str) -> None:
    model, module = PLACES[place]

    assert model_takes(model(word)) and module_takes(module, word)
