# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The exact conversations about objects of any kind."""

from __future__ import annotations

from typing import Any

from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.any_kind.info import (
    InfoRequest,
    read_objects,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.any_kind.objects import ObjectParser
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.api.client import ApiClient
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.api.lookup import PAGE
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.api.reply import Reply
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.converge import Convergence
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds.config import Task
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.schema.kinds import SchemaScope
from wire.test_contrail_conversations import API, PARENT, PROJECT, Script, found

SCOPE = SchemaScope()
FIELDS = "annotations,interface_route_table_routes"
FIND = f"GET /interface-route-tables?fq_names={PARENT}:irt&fields={FIELDS}&exclude_hrefs=true"
ROUTES = {"interface_route_table_routes": {"route": ["10.1.0.0/16"]}}
IRT = {"uuid": "u1", "fq_name": [*PROJECT, "irt"], "parent_type": "project", "parent_uuid": "p1"}
LEFT = {"kind": "service-instance", "name": "fw", "attr": {"interface_type": "left"}}


def client(script: Script) -> ApiClient:
    return ApiClient([API], script, parallel=1, sleep=lambda _: None)


def run(script: Script, kind: str, config: list[dict[str, Any]], **task: Any) -> list[str]:
    """Converge objects and return what became of each."""
    parser = ObjectParser(kind, SCOPE, [], [], compare_secrets=False)
    entity, items = parser.parse(config, task.get("state", "present"))
    changes = Convergence(client(script), entity, items, Task(**task)).run()
    assert script.spoken()
    return [change.action for change in changes]


def routes(*prefixes: str) -> dict[str, Any]:
    return {"interface_route_table_routes": {"route": [{"prefix": prefix} for prefix in prefixes]}}


def test_an_object_is_created_with_its_reference() -> None:
    script = Script(
        (
            f"GET /interface-route-tables?fq_names={PARENT}:irt&fields={FIELDS},service_instance_refs"
            "&exclude_hrefs=true",
            None,
            found("interface-route-table"),
        ),
        (
            f"GET /projects?fq_names={PARENT}&exclude_hrefs=true",
            None,
            found("project", {"uuid": "p1", "fq_name": PROJECT}),
        ),
        (
            f"GET /service-instances?fq_names={PARENT}:fw&exclude_hrefs=true",
            None,
            found("service-instance", {"uuid": "s1", "fq_name": [*PROJECT, "fw"]}),
        ),
        (
            "POST /interface-route-tables",
            {
                "interface-route-table": {
                    "fq_name": [*PROJECT, "irt"],
                    "parent_type": "project",
                    "annotations": {"key_value_pair": [{"key": "service_chain.owner", "value": "me"}]},
                    "interface_route_table_routes": {"route": [{"prefix": "10.1.0.0/16"}]},
                    "service_instance_refs": [
                        {"to": [*PROJECT, "fw"], "attr": {"interface_type": "left"}, "uuid": "s1"}
                    ],
                }
            },
            {"interface-route-table": {"uuid": "u1"}},
        ),
    )
    item = {"name": "irt", "properties": routes("10.1.0.0/16"), "references": [LEFT]}

    assert run(script, "interface-route-table", [item], owner="me") == ["created"]


def test_what_is_as_wanted_is_read_once() -> None:
    stored = {**IRT, **routes("10.2.0.0/16", "10.1.0.0/16"), "annotations": None}
    script = Script((FIND, None, found("interface-route-table", stored)))

    item = {"name": "irt", "properties": routes("10.1.0.0/16", "10.2.0.0/16")}
    assert run(script, "interface-route-table", [item]) == ["unchanged"]


def test_a_change_is_sent_with_what_the_user_did_not_name() -> None:
    stored = {
        "uuid": "h1",
        "fq_name": [*PROJECT, "hc"],
        "service_health_check_properties": {"enabled": True, "delay": 3, "http_method": None},
    }
    fields = "annotations,service_health_check_properties"
    script = Script(
        (
            f"GET /service-health-checks?fq_names={PARENT}:hc&fields={fields}&exclude_hrefs=true",
            None,
            found("service-health-check", stored),
        ),
        (
            "PUT /service-health-check/h1",
            {
                "service-health-check": {
                    "service_health_check_properties": {"enabled": True, "delay": 5, "http_method": None}
                }
            },
            {"service-health-check": {"uuid": "h1"}},
        ),
    )

    item = {"name": "hc", "properties": {"service_health_check_properties": {"delay": "5"}}}
    assert run(script, "service-health-check", [item]) == ["updated"]


def test_a_collection_is_emptied_without_a_null() -> None:
    fields = "annotations,dscp_entries"
    pairs = [{"key": 1, "forwarding_class_id": 2}]
    stored = {
        "uuid": "q1",
        "fq_name": [*PROJECT, "q"],
        "dscp_entries": {"qos_id_forwarding_class_pair": pairs},
        "annotations": {"key_value_pair": [{"key": "a", "value": "1"}, {"key": "b", "value": "2"}]},
    }
    script = Script(
        (
            f"GET /qos-configs?fq_names={PARENT}:q&fields={fields}&exclude_hrefs=true",
            None,
            found("qos-config", stored),
        ),
        (
            "PUT /qos-config/q1",
            {"qos-config": {"dscp_entries": {"qos_id_forwarding_class_pair": []}}},
            {"qos-config": {"uuid": "q1"}},
        ),
        (
            "POST /prop-collection-update",
            {
                "uuid": "q1",
                "updates": [
                    {"field": "annotations", "operation": "delete", "position": "a"},
                    {"field": "annotations", "operation": "delete", "position": "b"},
                ],
            },
            Reply(200),
        ),
    )

    assert run(script, "qos-config", [{"name": "q", "unset": ["dscp_entries", "annotations"]}]) == ["updated"]


def test_a_route_target_keeps_its_colons() -> None:
    script = Script(
        (
            "GET /route-targets?fq_names=target:64512:7&fields=annotations&exclude_hrefs=true",
            None,
            found("route-target"),
        ),
        (
            "POST /route-targets",
            {"route-target": {"fq_name": ["target:64512:7"]}},
            {"route-target": {"uuid": "t1"}},
        ),
    )

    assert run(script, "route-target", [{"name": "64512:7"}]) == ["created"]


def test_a_reference_to_a_route_target_is_found_though_a_list_splits_its_name() -> None:
    lr = {"uuid": "l1", "fq_name": [*PROJECT, "lr"]}
    script = Script(
        (
            f"GET /logical-routers?fq_names={PARENT}:lr&fields=annotations,route_target_refs&exclude_hrefs=true",
            None,
            found("logical-router", lr),
        ),
        (
            "GET /route-targets?fq_names=target:64512:7&exclude_hrefs=true",
            None,
            found("route-target", {"uuid": "t1", "fq_name": ["target", "64512", "7"]}),
        ),
        (
            "POST /ref-update",
            {
                "type": "logical-router",
                "uuid": "l1",
                "ref-type": "route-target",
                "ref-fq-name": ["target:64512:7"],
                "ref-uuid": "t1",
                "operation": "ADD",
                "attr": None,
            },
            {"uuid": "l1"},
        ),
    )
    item = {"name": "lr", "references": [{"kind": "route_target", "name": "64512:7"}]}

    assert run(script, "logical-router", [item]) == ["updated"]


def test_a_filter_goes_to_the_server_and_is_checked_again() -> None:
    vn1 = {"uuid": "u1", "fq_name": [*PROJECT, "vn1"], "is_shared": True, "mac_aging_time": 60}
    other = {"uuid": "u2", "fq_name": [*PROJECT, "vn2"], "is_shared": False, "mac_aging_time": 60}
    script = Script(
        (
            f"GET /virtual-networks?fields=display_name,is_shared,mac_aging_time&parent_fq_name_str={PARENT}"
            f"&filters=is_shared%3D%3Dtrue,mac_aging_time%3D%3D60&exclude_hrefs=true&page_marker=&page_limit={PAGE}",
            None,
            {"virtual-networks": [vn1, other], "marker": None},
        )
    )
    request = InfoRequest(
        "virtual-network",
        SCOPE,
        parent="default-project",
        fields=["display_name"],
        filters={"is_shared": "yes", "mac_aging_time": "60"},
    )

    result = read_objects(client(script), request)

    assert script.spoken()
    assert [item["name"] for item in result["objects"]] == ["vn1"]


def test_what_the_server_would_misread_is_only_filtered_here() -> None:
    stored = {"uuid": "u1", "fq_name": [*PROJECT, "vn1"], "display_name": "a,b"}
    script = Script(
        (
            f"GET /virtual-networks?detail=true&exclude_hrefs=true&page_marker=&page_limit={PAGE}",
            None,
            {"virtual-networks": [{"virtual-network": stored}], "marker": None},
        )
    )
    filters = {"display_name": "a,b", "port_security_enabled": True, "is_shared": False}

    result = read_objects(client(script), InfoRequest("virtual-network", SCOPE, filters=filters))

    assert result["count"] == 1


def test_objects_are_counted_by_the_server() -> None:
    script = Script(
        (f"GET /virtual-networks?parent_fq_name_str={PARENT}&count=true", None, {"virtual-networks": {"count": 7}})
    )

    assert read_objects(
        client(script), InfoRequest("virtual-network", SCOPE, parent="default-project", count=True)
    ) == {"count": 7}
