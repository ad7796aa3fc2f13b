# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the two personalities read requests, page, and answer what is out of the way."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from lab.core.world import World
from lab.introspect.asking import InvalidParameterError, flag, integer, native_parameters, python_parameters
from lab.introspect.definitions import Request, changing, daemon
from lab.introspect.writing import Message, Writer
from lxml import etree
from models.chain_objects import ChainObjects, full_name
from support.lab_pages import ask, page

VN1 = full_name("vn1")
TABLE = f"{VN1}:vn1.inet.0"
AGENT = "agent:compute1"
FORM = Request("Req", {"search": "string", "longer": "bool", "count": "u32"})


def texts(tree: etree._Element, tag: str) -> list[str]:
    return [str(one.text or "") for one in tree.iter(tag)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("search=a%3Ab+c", {"search": "a:b c"}),
        ("x=a", {"search": "a"}),
        ("x=a&search=b", {"search": "b"}),
        ("search=", {}),
        ("serch=a", {}),
        ("longer=1&count=2", {"longer": "1", "count": "2"}),
    ],
)
def test_python_daemons_want_exact_names(query: str, found: dict[str, str]) -> None:
    assert python_parameters(FORM, query) == found


@pytest.mark.parametrize("query", ["longer=true", "count=many"])
def test_python_daemons_refuse_values_of_another_type(query: str) -> None:
    with pytest.raises(InvalidParameterError):
        python_parameters(FORM, query)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("search=a%3Ab+c", {"search": "a:b+c"}),
        ("x=a", {"search": "a"}),
        ("longer_match=1", {"longer": "1"}),
        ("search=a=b", {"search": "a"}),
        ("x=&y=&z=&search=late", {}),
        ("count=%32", {"count": "%32"}),
    ],
)
def test_native_daemons_take_names_that_begin_alike(query: str, found: dict[str, str]) -> None:
    assert native_parameters(FORM, query) == found


def test_native_daemons_read_numbers_up_to_the_first_other_character() -> None:
    assert [integer(one) for one in ("12", "12a", "true", "-3", "")] == [12, 12, 0, -3, 0]
    assert [flag(one) for one in ("1", "true", "0", None)] == [True, False, False, False]


def test_python_daemons_leave_out_what_is_none_and_native_ones_write_everything() -> None:
    message = Message("RoutingInstanceListResp", {"routing_instances": [{"name": "a<'\"&>"}]})
    (python,) = Writer(native=False, node="").pieces(message)
    (native,) = Writer(native=True, node="").pieces(message)
    assert 'identifier="1">a&lt;&apos;&quot;&amp;&gt;</name></RoutingInstance>' in python
    assert "<connections" not in python
    assert "more" not in python
    assert 'a&lt;&apos;"&amp;&gt;</name><connections' in native
    assert native.endswith('<more type="bool" identifier="0">false</more></RoutingInstanceListResp>')


def test_a_field_that_no_definition_has_is_noticed() -> None:
    with pytest.raises(KeyError, match="no field"):
        list(Writer(native=True, node="").pieces(Message("ErrorResp", {"respp": "x"})))


@pytest.mark.parametrize("label", ["schema", "control", AGENT])
def test_requests_that_change_a_daemon_are_refused_and_counted(world: World, label: str) -> None:
    paths = [f"/Snh_{name}?enable=0" for name in sorted(changing())]
    assert {one.status for one in ask(world, label, *paths)} == {403}
    assert world.counters["introspect"] == {"requests": len(paths), "writes": len(paths)}


def test_requests_that_are_not_simulated_say_so(world: World) -> None:
    (answered,) = ask(world, "control", "/Snh_ShowRouteSummaryReq?x=")
    assert answered.status == 501
    assert b"does not simulate" in answered.body


def test_every_page_that_is_served_is_asked_for_by_a_form(world: World) -> None:
    for kind, label in (("schema", "schema"), ("svc_monitor", "svc_monitor"), ("control", "control"), ("agent", AGENT)):
        (index,) = ask(world, label, "/")
        for module in daemon(kind).modules:
            assert f'href="{module}.xml"'.encode() in index.body
            (form,) = ask(world, label, f"/{module}.xml")
            assert form.tree.tag == module


def test_odd_paths_are_answered_as_each_personality_does(world: World) -> None:
    python = ask(world, "schema", "/Snh_Frob", "/frob.xml", "/Snh_StObjectReq?object_type=frob")
    assert [one.status for one in python] == [404, 200, 200]
    assert python[1].body == b'<h3>Invalid Sandesh Request "frob.xml"</h3>'
    assert python[2].body == b'<h3>No Response for Sandesh Request "StObjectReq"</h3>'
    native = ask(world, "control", "/Snh_Frob", "/frob.xml")
    assert [(one.status, len(one.body), one.body[-1:]) for one in native] == [(404, 46, b"\0")] * 2


def test_other_methods_are_refused_and_head_has_no_body(world: World) -> None:
    (posted,) = ask(world, "schema", "/Snh_VnList", method="POST")
    (head,) = ask(world, "schema", "/Snh_VnList", method="HEAD")
    assert (posted.status, head.status, head.body) == (405, 200, b"")


def test_an_instance_without_template_fells_the_page_of_the_service_monitor(world: World) -> None:
    world.store.create("service-instance", {"fq_name": ["default-domain", "default-project", "bare"]})
    (answered,) = ask(world, "svc_monitor", "/Snh_ServiceInstanceList?si_name=")
    assert answered.status == 500
    assert b"<tt>" in answered.body


def test_lists_of_the_control_node_go_on_after_64(world: World) -> None:
    objects = ChainObjects(world.store)
    for number in range(70):
        objects.network(f"n{number:02}", f"10.1.{number}.0/24")
    world.settle()
    search = quote("default-project:n", safe="")
    first = page(world, "control", f"/Snh_ShowRoutingInstanceReq?search_string={search}")
    link = first.find("next_batch")
    assert link is not None
    second = page(world, "control", f"/Snh_{link.get('link')}?x={quote(str(link.text), safe='')}")
    assert second.find("next_batch") is None
    names = [texts(tree, "name") for tree in (first, second)]
    own = [[one for one in listed if not one.endswith(".0")] for listed in names]
    assert [len(listed) for listed in own] == [64, 6]
    assert sorted(own[0] + own[1]) == [full_name(f"n{number:02}:n{number:02}") for number in range(70)]


def test_routes_go_on_where_the_count_ended_them(world: World) -> None:
    whole = texts(page(world, "control", f"/Snh_ShowRouteReq?routing_table={TABLE}"), "prefix")
    found: list[str] = []
    path = f"/Snh_ShowRouteReq?routing_table={TABLE}&count=3"
    while path:
        tree = page(world, "control", path)
        found += texts(tree, "prefix")
        assert len(texts(tree, "prefix")) <= 3
        link = tree.find("next_batch")
        path = "" if link is None else f"/Snh_{link.get('link')}?x={quote(str(link.text), safe='')}"
    assert found == whole
    assert len(whole) == 8


@pytest.mark.parametrize(
    ("query", "prefixes"),
    [
        (f"routing_table={TABLE}&prefix={quote('^10[.]0[.]1[.]3/32$')}", ["10.0.1.3/32"]),
        (
            f"routing_table={TABLE}&prefix=10.0.1.0/24&longer_match=1&protocol=XMPP",
            ["10.0.1.3/32", "10.0.1.4/32", "10.0.1.5/32"],
        ),
        (f"routing_table={TABLE}&prefix=10.0.1.3/32&shorter_match=1", ["10.0.1.3/32"]),
        (f"routing_table={TABLE}&protocol=BGP", ["172.31.9.34/32"]),
        (f"routing_table={TABLE}&prefix=10.0.1.0/24&longer_match=true", []),
        (f"routing_table={TABLE}&source=nobody", []),
        (f"routing_table={TABLE}&family=inet6", []),
        (f"routing_table={TABLE}&prefix={quote('(')}", []),
        ("routing_table=vn1.inet.0", []),
    ],
)
def test_routes_are_chosen(world: World, query: str, prefixes: list[str]) -> None:
    assert texts(page(world, "control", f"/Snh_ShowRouteReq?{query}"), "prefix") == prefixes


def test_tables_of_the_agent_go_on_after_100(world: World) -> None:
    objects = ChainObjects(world.store)
    objects.network("big", "10.9.0.0/16")
    for number in range(120):
        objects.port(f"p{number}", "big", f"m{number}")
    world.settle()
    first = page(world, AGENT, "/Snh_ItfReq?vn=big")
    assert len(first.findall(".//ItfSandeshData")) == 100
    assert first.findtext(".//entries") == "0-99/120"
    further, whole = first.findtext(".//next_page") or "", first.findtext(".//all") or ""
    second = page(world, AGENT, f"/Snh_PageReq?x={quote(further, safe='')}")
    assert len(second.findall(".//ItfSandeshData")) == 20
    assert second.findtext(".//next_page") == ""
    everything = page(world, AGENT, f"/Snh_PageReq?x={quote(whole, safe='')}")
    assert [len(one.findall(".//ItfSandeshData")) for one in everything.findall("ItfResp")] == [100, 20]
    assert page(world, AGENT, "/Snh_PageReq?x=table:db.frob.0,begin:0,end:99,").tag == "ErrorResp"
