# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The law of planning: a plan, loaded by the rules of Junos, gives what was asked and changes nothing else.

Random routers (filters of several kinds, bound in several ways, feeding several VRFs) meet random requests.
Documents are loaded and checked by the lab's router, which shares no code with the planner.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Sequence
from typing import Any

from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.model.field import ConfigError
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.plan import vrf_plan as planning
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.plan.edit import RouterPlan
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.session import xml
from hypothesis import HealthCheck, assume, given
from hypothesis import strategies as st
from lab.junos.checks import check
from lab.junos.groups import inherited
from lab.junos.load import load
from lab.junos.tree import empty, plain
from lxml import etree
from support.examples import examples

VRFS = ("vn1", "vn2", "vn.3")
SOURCES = ("10.1.0.1/32", "10.2.0.2/32", "10.3.0.0/24", "10.4.0.0/16")
PLACES = (("inet", "F"), ("inet", "G"), ("inet", "TOP"), ("inet6", "F"))
"""TOP stands directly below [edit firewall]; two filters of different families have the same name."""

INTERFACES = ("ge-0/0/0", "ge-0/0/1")
REFUSALS = re.compile(
    "is still needed|steers into no VRF|already has input filter|already ends in its term|does not end in a term"
    "|does not accept everything|name it in filters|steers into VRF|in the same task"
    "|would be left without any term|next-table may loop|through a configuration group"
)
"""What a router, or the others on it, stand against; everything else that is asked here must be planned."""

BASE = """
<groups><name>site</name>
  <routing-options><route-distinguisher-id>172.31.10.57</route-distinguisher-id></routing-options>{given}</groups>
<apply-groups>site</apply-groups>
<system><root-authentication><encrypted-password>*</encrypted-password></root-authentication></system>
"""
GIVEN = (
    "",
    "",
    "<forwarding-options><family><inet><filter><input>F</input></filter></inet></family></forwarding-options>",
    "<interfaces><interface><name>ge-0/0/1</name><unit><name>0</name><family><inet><filter><output><filter-name>G"
    "</filter-name></output></filter></inet></family></unit></interface></interfaces>",
    "<firewall><family><inet><filter><name>theirs</name><term><name>t</name><then><routing-instance>"
    "<routing-instance-name>vn1</routing-instance-name></routing-instance></then></term></filter></inet></family>"
    "</firewall>",
    "<routing-instances><instance><name>&lt;vn*&gt;</name><vrf-table-label/></instance></routing-instances>",
    "<routing-options><static><route><name>10.8.0.0/16</name><next-table>vn.3.inet.0</next-table></route></static>"
    "</routing-options>",
)
"""What a configuration group gives the router beside a route distinguisher."""


def source_of(family: str, number: int) -> str:
    return SOURCES[number] if family == "inet" else f"2001:db8:{number}::/48"


@st.composite
def term_xml(draw: st.DrawFn, family: str, name: str) -> str:
    """A term: it feeds a VRF, accepts or discards some traffic or all, or leads elsewhere."""
    number = draw(st.integers(0, 3))
    some = f"<from><source-address><name>{source_of(family, number)}</name></source-address></from>"
    kind = draw(st.sampled_from(["feeds"] * 4 + ["accepts", "discards", "all", "none", "redirects"]))
    then = {
        "accepts": "<accept/>",
        "discards": "<discard/>",
        "all": "<accept/>",
        "none": "<discard/>",
        "redirects": "<next-ip><address>192.0.2.1/32</address></next-ip>",
        "feeds": "<routing-instance><routing-instance-name>"
        f"{draw(st.sampled_from((*VRFS, 'other')))}</routing-instance-name></routing-instance>",
    }[kind]
    return f"<term><name>{name}</name>{some if kind not in ('all', 'none') else ''}<then>{then}</then></term>"


@st.composite
def filter_xml(draw: st.DrawFn, family: str, name: str) -> str:
    terms = [draw(term_xml(family, f"{name}{number}")) for number in range(draw(st.integers(1, 4)))]
    if draw(st.booleans()):
        terms.append("<term><name>default</name><then><accept/></then></term>")
    return f"<filter><name>{name}</name>{''.join(terms)}</filter>"


@st.composite
def instance_xml(draw: st.DrawFn, name: str) -> str:
    mark = "<apply-macro><name>opencontrail-service-chain</name></apply-macro>" if draw(st.booleans()) else ""
    leads = draw(st.sampled_from(["", "inet.0", "other.inet.0"]))
    routes = f"<route><name>10.9.0.0/16</name><next-table>{leads}</next-table></route>" if leads else ""
    static = f"<routing-options><static>{routes}</static></routing-options>" if routes else ""
    target = f"<vrf-target><community>target:64512:{len(name)}</community></vrf-target>"
    return f"<instance><name>{name}</name>{mark}<instance-type>vrf</instance-type>{target}{static}</instance>"


@st.composite
def routers(draw: st.DrawFn) -> etree._Element:
    """A router whose configuration passes its own checks."""
    standing = [place for place in PLACES if draw(st.integers(0, 3))]
    by_holder: dict[str, str] = {"inet": "", "inet6": "", "top": ""}
    for family, name in standing:
        by_holder["top" if name == "TOP" else family] += draw(filter_xml(family, name))
    firewall = "".join(f"<{family}>{by_holder[family]}</{family}>" for family in ("inet", "inet6") if by_holder[family])
    bindings = {
        (logical, family): draw(binding_xml(family, standing)) for logical in INTERFACES for family in ("inet", "inet6")
    }
    interfaces = "".join(
        f"<interface><name>{logical}</name><unit><name>0</name><family><inet>{bindings[logical, 'inet']}"
        f"<address><name>10.0.{number}.1/24</name></address></inet>"
        f"<inet6>{bindings[logical, 'inet6']}<address><name>2001:db8:f{number}::1/64</name></address></inet6>"
        "</family></unit></interface>"
        for number, logical in enumerate(INTERFACES)
    )
    instances = "".join(draw(instance_xml(name)) for name in VRFS)
    other = "<instance><name>other</name><instance-type>virtual-router</instance-type></instance>"
    given_by_group = draw(st.sampled_from(GIVEN))
    document = (
        f"<configuration>{BASE.format(given=given_by_group)}<interfaces>{interfaces}</interfaces>"
        f"<firewall><family>{firewall}</family>{by_holder['top']}</firewall>"
        f"<routing-instances>{instances}{other}</routing-instances></configuration>"
    )
    made = empty()
    assert [one for one in load(made, plain(etree.fromstring(document)), "merge") if one.severity == "error"] == []
    assume(check(made) == [])
    return made


@st.composite
def binding_xml(draw: st.DrawFn, family: str, standing: list[tuple[str, str]]) -> str:
    names = [name for kind, name in standing if kind == family]
    kind = draw(st.sampled_from(["", "input", "input", "output", "input-list"]))
    if not names or not kind:
        return ""
    name = draw(st.sampled_from(names))
    if kind == "input-list":
        listed = draw(st.permutations(names))
        return f"<filter>{''.join(f'<input-list>{one}</input-list>' for one in listed)}</filter>"
    return f"<filter><{kind}><filter-name>{name}</filter-name></{kind}></filter>"


@st.composite
def requests(draw: st.DrawFn) -> tuple[str, list[dict[str, Any]], list[dict[str, Any]]]:
    """A request: its state, VRFs and filters."""
    state = draw(st.sampled_from(["merged", "replaced", "replaced", "overridden", "deleted", "deleted"]))
    vrfs = []
    for name in draw(st.lists(st.sampled_from(VRFS), unique=True, min_size=state != "overridden", max_size=3)):
        vrf: dict[str, Any] = {"name": name, "table_label": draw(st.booleans()), "route_target": "64512:7"}
        if draw(st.integers(0, 3)):
            vrf["steering"] = [
                {
                    "filter": place[1],
                    "family": place[0],
                    "name": f"{name}-{number}",
                    "source": [source_of(place[0], draw(st.integers(0, 3)))],
                    "priority": draw(st.integers(1, 3)),
                }
                for number, place in enumerate(draw(st.lists(st.sampled_from(PLACES), max_size=2)))
            ]
        vrfs.append(vrf)
    filters = [
        {"name": name, "family": family, **draw(filter_options(state))}
        for family, name in draw(st.lists(st.sampled_from(PLACES), unique=True, max_size=3))
    ]
    return state, vrfs, filters


@st.composite
def filter_options(draw: st.DrawFn, state: str) -> dict[str, Any]:
    given: dict[str, Any] = {"default": "accept"} if draw(st.booleans()) else {}
    if state != "deleted" and draw(st.booleans()):
        given["interfaces"] = [f"{draw(st.sampled_from(INTERFACES))}.0"]
    return given


# --- what a configuration says, read without the planner ----------------------------------------------


def filters_of(configuration: etree._Element) -> dict[tuple[str, str], list[etree._Element]]:
    found = {}
    for family, path in (("inet", "family/inet/"), ("inet6", "family/inet6/"), ("inet", "")):
        for one in configuration.iterfind(f"firewall/{path}filter"):
            found[family, name_of(one)] = one.findall("term")
    return found


def name_of(element: etree._Element) -> str:
    return element.findtext("name") or ""


def feeds(term: etree._Element) -> str | None:
    return term.findtext("then/routing-instance/routing-instance-name")


def fate(terms: list[etree._Element], source: str) -> str:
    """What becomes of a packet with a source that is one of the prefixes used here."""
    for term in terms:
        prefixes = [one.text for one in term.iterfind("from/source-address/name")]
        if not prefixes or source in prefixes:
            return str(term.xpath("string(name(then/*))"))
    return "discard"


def bound(configuration: etree._Element) -> dict[tuple[str, str], list[str]]:
    """The input filters by interface and family."""
    return {
        (name_of(one), family): [
            leaf.text or ""
            for path in ("input/filter-name", "input-list")
            for leaf in one.iterfind(f"unit/family/{family}/filter/{path}")
        ]
        for one in configuration.iterfind("interfaces/interface")
        for family in ("inet", "inet6")
    }


def as_text(element: etree._Element) -> bytes:
    return etree.tostring(element, method="c14n")


def planned(own: etree._Element, request: planning.Request) -> RouterPlan:
    return request.plan(xml.to_statement(own), xml.to_statement(inherited(own)))


def carried_out(own: etree._Element, changes: Any) -> etree._Element:
    after = copy.deepcopy(own)
    if changes is not None:
        assert load(after, plain(xml.to_element(changes)), "merge") == [], xml.to_text(changes)
    return after


@given(routers(), requests())
@examples(60, suppress_health_check=list(HealthCheck))
def test_a_plan_gives_what_was_asked_and_changes_nothing_else(own: etree._Element, asked: Any) -> None:
    state, vrfs, filters = asked
    request = planning.parse_request(state, vrfs, filters)
    try:
        found = planned(own, request)
    except ConfigError as error:
        assert REFUSALS.search(str(error)), error
        return
    after = carried_out(own, found.changes)
    assert check(after) == []
    assert planned(after, request).changes is None
    _vrfs_are_as_asked(own, after, state, vrfs)
    _terms_are_as_asked(own, after, request)
    _others_are_untouched(own, after, request)
    _nothing_new_is_let_through(own, after, request, found.warnings)


@given(routers(), requests(), st.integers(0, 10**6))
@examples(60, suppress_health_check=list(HealthCheck))
def test_a_plan_never_meets_a_protected_statement(own: etree._Element, asked: Any, chosen: int) -> None:
    state, vrfs, filters = asked
    request = planning.parse_request(state, vrfs, filters)
    sections = [own.find(section) for section in ("firewall", "interfaces", "routing-instances")]
    statements = [one for section in sections if section is not None for one in section.iter() if one.tag != "name"]
    bare = copy.deepcopy(own)
    statements[chosen % len(statements)].set("protect", "protect")
    try:
        without = planned(bare, request)
    except ConfigError:
        return
    document = plain(xml.to_element(without.changes)) if without.changes is not None else empty()
    warnings = load(copy.deepcopy(own), document, "merge")
    try:
        found = planned(own, request)
    except ConfigError as error:
        assert "is protected on the router" in str(error)
        assert warnings != []
    else:
        assert warnings == []
        assert found == without


def steering_of(configuration: etree._Element) -> dict[tuple[str, str, str], bytes]:
    """The terms that feed a VRF, by place."""
    return {
        (*place, name_of(term)): as_text(term)
        for place, terms in filters_of(configuration).items()
        for term in terms
        if feeds(term)
    }


def kept_by(draw: Callable[[st.SearchStrategy[Any]], Any], asked: Any) -> dict[str, Any]:
    """Return options that keep all steering, or some terms of the request."""
    places = [
        {"filter": term["filter"], "family": term["family"], "name": term["name"]}
        for vrf in asked[1]
        for term in vrf.get("steering", ())
    ]
    if not places or not draw(st.integers(0, 3)):
        return {"keep_existing_steering": True}
    return {"keep_existing_terms": draw(st.lists(st.sampled_from(places), unique_by=str, min_size=1))}


def with_some_of_it(draw: Callable[[st.SearchStrategy[Any]], Any], own: etree._Element, asked: Any) -> etree._Element:
    """Return the router after an earlier call, which asked for some of the terms with other sources and priorities."""
    _state, vrfs, filters = copy.deepcopy(asked)
    for vrf in vrfs:
        for term in vrf.get("steering", ()):
            term["source"] = [source_of(term["family"], draw(st.integers(0, 3)))]
            term["priority"] = draw(st.integers(1, 3))
        if "steering" in vrf:
            vrf["steering"] = [term for term in vrf["steering"] if draw(st.integers(0, 3))]
    try:
        earlier = planned(own, planning.parse_request("merged", vrfs, filters))
    except ConfigError:
        return own
    return carried_out(own, earlier.changes)


@given(routers(), requests(), st.data())
@examples(40, suppress_health_check=list(HealthCheck))
def test_kept_steering_is_neither_added_nor_changed(own: etree._Element, asked: Any, data: st.DataObject) -> None:
    state, vrfs, filters = asked
    assume(state != "deleted")
    own = with_some_of_it(data.draw, own, asked)
    options = kept_by(data.draw, asked)
    try:
        request = planning.parse_request(state, vrfs, filters, None, options)
        found = planned(own, request)
    except ConfigError as error:
        assert REFUSALS.search(str(error)), error
        return
    after = carried_out(own, found.changes)
    assert check(after) == []
    assert planned(after, request).changes is None
    _vrfs_are_as_asked(own, after, state, vrfs)
    was, now = steering_of(own), steering_of(after)
    everything = "keep_existing_steering" in options
    kept = {(one["family"], one["filter"], one["name"]) for one in options.get("keep_existing_terms", ())}
    for place, term in now.items():
        if everything or place in kept:
            assert was.get(place) == term
    if everything:
        order = [place for place in was if place in now]
        assert [place for place in now if place in was] == order
    else:
        wanted = {(*term.place, term.name) for term in request.terms} - kept
        assert wanted <= set(now)


@given(routers(), requests(), st.data())
@examples(40, suppress_health_check=list(HealthCheck))
def test_a_roll_back_takes_what_the_change_added_and_nothing_else(
    own: etree._Element, asked: Any, data: st.DataObject
) -> None:
    state, vrfs, filters = asked
    assume(state != "deleted")
    own = with_some_of_it(data.draw, own, asked)
    try:
        done = planned(own, planning.parse_request(state, vrfs, filters))
    except ConfigError:
        return
    after = carried_out(own, done.changes)
    was, now = steering_of(own), steering_of(after)
    added = sorted(set(now) - set(was))
    chosen = data.draw(st.sets(st.sampled_from(sorted(now))) if now else st.just(set()))
    options = {
        "change": {"before": done.before, "after": done.after},
        "terms": [dict(zip(("family", "filter", "name"), place, strict=True)) for place in sorted(chosen)],
    }
    request = planning.parse_request("merged", None, None, None, {"roll_back_steering": options})
    try:
        back = planned(after, request)
    except ConfigError as error:
        assert REFUSALS.search(str(error)), error
        return
    left = carried_out(after, back.changes)
    assert check(left) == []
    assert planned(left, request).changes is None
    gone = chosen & set(added)
    assert steering_of(left) == {place: term for place, term in now.items() if place not in gone}
    assert request.is_idle == (not gone)
    instances = [as_text(one) for one in after.iterfind("routing-instances/instance")]
    assert [as_text(one) for one in left.iterfind("routing-instances/instance")] == instances


def _gone(own: etree._Element, state: str, vrfs: list[dict[str, Any]]) -> set[str]:
    named = {vrf["name"] for vrf in vrfs}
    if state == "overridden":
        marked = {
            name_of(one) for one in own.iterfind("routing-instances/instance") if one.find("apply-macro") is not None
        }
        return marked - named
    return named if state == "deleted" else set()


def _vrfs_are_as_asked(own: etree._Element, after: etree._Element, state: str, vrfs: list[dict[str, Any]]) -> None:
    gone = _gone(own, state, vrfs)
    before = {name_of(one): one for one in own.iterfind("routing-instances/instance")}
    left = {name_of(one): one for one in after.iterfind("routing-instances/instance")}
    in_effect = {name_of(one): one for one in inherited(after).iterfind("routing-instances/instance")}
    assert set(left) == set(before) - gone
    for name, one in left.items():
        wanted = next((vrf for vrf in vrfs if vrf["name"] == name and state != "deleted"), None)
        if wanted is None:
            assert as_text(one) == as_text(before[name])
        else:
            assert one.findtext("vrf-target/community") == "target:64512:7"
            assert (in_effect[name].find("vrf-table-label") is not None) == wanted["table_label"]
            assert (one.find("routing-options/static/route") is None) or state == "merged"


def _touched(own: etree._Element, request: planning.Request) -> set[str]:
    """The VRFs whose terms are made exactly those of the request."""
    exact = {vrf.name for vrf in request.vrfs if request.exact and vrf.steering is not None}
    return exact | _gone(own, request.state, [{"name": name} for name in request.names])


def _terms_are_as_asked(own: etree._Element, after: etree._Element, request: planning.Request) -> None:
    wanted = {} if request.state == "deleted" else {(*term.place, term.name): term for term in request.terms}
    standing = {(*place, name_of(term)): term for place, terms in filters_of(after).items() for term in terms}
    for key, term in wanted.items():
        assert feeds(standing[key]) == term.vrf
        assert set(term.values["source"]) <= {one.text for one in standing[key].iterfind("from/source-address/name")}
    exact = _touched(own, request)
    assert {key for key, term in standing.items() if feeds(term) in exact} == {
        key for key, term in wanted.items() if term.vrf in exact
    }
    for place, terms in filters_of(after).items():
        names = [name_of(term) for term in terms]
        ours = sorted(
            (term for key, term in wanted.items() if term.place == place), key=lambda term: (term.priority, term.name)
        )
        assert [name for name in names if (*place, name) in wanted] == [term.name for term in ours]


def _others_are_untouched(own: etree._Element, after: etree._Element, request: planning.Request) -> None:
    exact = _touched(own, request)
    wanted = {(*term.place, term.name) for term in request.terms}
    left = filters_of(after)
    for place, terms in filters_of(own).items():
        foreign = [
            as_text(term) for term in terms if feeds(term) not in exact and (*place, name_of(term)) not in wanted
        ]
        if place in left:
            assert [text for text in map(as_text, left[place]) if text in foreign] == foreign
        else:
            assert [text for text in foreign if b"<name>default</name>" not in text] == []
            assert foreign == [] or place in request.places
    named = {one.place for one in request.filters}
    before, standing = bound(own), bound(after)
    for (logical, family), names in before.items():
        kept = [name for name in names if (family, name) not in named and ((family, name) in left or len(names) == 1)]
        # A filter that has lost its last term discards on its own, but in a list it left all to those behind it.
        emptied = {name for name in names if _says_discard(left.get((family, name))) and len(names) > 1}
        now = [name for name in standing[logical, family] if (family, name) not in named]
        assert now == [name for name in kept if name in now or name not in emptied]


def _says_discard(terms: list[etree._Element] | None) -> bool:
    return [name_of(term) for term in terms or ()] == ["discard"]


def _nothing_new_is_let_through(
    own: etree._Element, after: etree._Element, request: planning.Request, warnings: Sequence[str]
) -> None:
    """Where no filter of an interface was named, packets fare as before, or there is a warning."""
    named = set(request.places)
    was, left = filters_of(own), filters_of(after)
    standing = bound(after)
    for (logical, family), names in bound(own).items():
        if not names or any((family, name) in named for name in names):
            continue
        for number in range(len(SOURCES)):
            source = source_of(family, number)
            before = fate([term for name in names for term in was[family, name]], source)
            if before != "routing-instance":
                now = [term for name in standing[logical, family] for term in left[family, name]]
                assert standing[logical, family] != []
                opened = before == "discard" and any(
                    f"the last of the input-list of {logical} " in one for one in warnings
                )
                assert fate(now, source) == before or opened
