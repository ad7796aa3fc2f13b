# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The reference scenario as the input of ``vmx_vrf``, and a router that it can be put on."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.model.statement import Statement
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.plan import vrf_plan as planning
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.plan.edit import RouterPlan
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.session import xml

GOLDEN = Path(__file__).resolve().parents[2] / "golden"
FILTER = "ge000_to_dcrouter"

FRESH = """
<configuration>
  <groups>
    <name>__contrail__</name>
    <routing-options><route-distinguisher-id>172.31.10.57</route-distinguisher-id></routing-options>
  </groups>
  <apply-groups>__contrail__</apply-groups>
  <interfaces>
    <interface>
      <name>ge-0/0/0</name>
      <unit>
        <name>0</name>
        <family><inet><address><name>172.31.10.57/20</name></address></inet></family>
      </unit>
    </interface>
  </interfaces>
</configuration>
"""

VN1: dict[str, Any] = {
    "name": "vn1",
    "route_target": "64512:1",
    "table_label": True,
    "static_routes": [{"prefix": "172.31.9.34/32", "next_table": "inet.0"}],
    "auto_export": ["inet"],
    "steering": [{"filter": FILTER, "name": "t1", "source": ["172.31.9.34/32"]}],
}
VN2: dict[str, Any] = {
    "name": "vn2",
    "route_target": "64512:2",
    "table_label": True,
    "static_routes": [{"prefix": "172.31.8.198/32", "next_table": "inet.0"}],
    "auto_export": ["inet"],
    "steering": [{"filter": FILTER, "name": "t11", "source": ["172.31.8.198/32"]}],
}
TAIL: dict[str, Any] = {
    "name": FILTER,
    "interfaces": ["ge-0/0/0.0"],
    "default": "accept",
    "default_term": "t2",
}


def changed(item: dict[str, Any], **values: Any) -> dict[str, Any]:
    """Return a copy of an item with other values; None leaves the option out."""
    copy = {**deepcopy(item), **values}
    return {name: value for name, value in copy.items() if value is not None}


def fresh() -> Statement:
    """Return the router before anything was configured for service chains."""
    return xml.parse_configuration(FRESH)


def reference() -> Statement:
    """Return the router as the scenario leaves it."""
    return loaded(fresh(), plan(fresh(), "merged", [VN1, VN2], [TAIL]).changes)


def inherited(own: Statement) -> Statement:
    """Return a configuration with its groups applied, for groups that hold containers and leaves."""
    effective = own.copy()
    for group in own.all("groups"):
        for section in group.children:
            if section.tag != "name":
                _inherit(effective, section, group.name or "")
    return effective


def _inherit(target: Statement, source: Statement, group: str) -> None:
    step = (source.tag, source.name) if source.name is not None else source.tag
    found = target.child(step)
    if found is None:
        copy = source.copy()
        for part in copy.walk():
            part.attributes["group"] = group
        target.children.append(copy)
        return
    for child in source.children:
        if child.tag != "name":
            _inherit(found, child, group)


def plan(own: Statement, state: str, config: Any = None, filters: Any = None) -> RouterPlan:
    """Return the plan of a call against a router."""
    request = planning.parse_request(state, config, filters)
    return planning.plan(request, own, inherited(own))


def text(statement: Statement | None) -> str:
    """Return the document of a plan as XML, empty where nothing changes."""
    return xml.to_text(statement) if statement is not None else ""


def terms(configuration: Statement, name: str = FILTER) -> list[str]:
    """Return the names of a filter's terms, in order."""
    found = configuration.find("firewall", "family", "inet", ("filter", name))
    return [term.name or "" for term in found.all("term")] if found is not None else []


def loaded(own: Statement, changes: Statement | None) -> Statement:
    """Return the configuration after a document was loaded with action merge, by the rules of Junos."""
    after = own.copy()
    if changes is not None:
        _load(after, changes)
        _prune(after)
    return after


LEAF_LISTS = {
    "vrf-import",
    "vrf-export",
    "input-list",
    "protocol",
    "source-port",
    "destination-port",
    "next-hop",
}


def _load(target: Statement, edits: Statement) -> None:
    for edit in edits.children:
        found = _entry(target, edit)
        if edit.attributes.get("delete"):
            assert found is not None, f"statement not found: {edit}"
            target.drop(found)
        elif "insert" in edit.attributes:
            assert found is not None
            target.drop(found)
            names = [child.name if child.tag == edit.tag else None for child in target.children]
            place = names.index(edit.attributes["name"]) + (edit.attributes["insert"] == "after")
            target.children.insert(place, found)
        elif edit.tag == "name" and target.name is not None:
            continue
        elif found is None:
            marks = {name: value for name, value in edit.attributes.items() if name == "protect"}
            target.children.append(Statement(edit.tag, edit.text, attributes=marks))
            if edit.children:
                made = target.children[-1]
                made.children = [child.copy() for child in edit.children if child.tag == "name"]
                _load(made, edit)
        elif edit.children:
            _load(found, edit)
        else:
            found.text = edit.text


def _entry(target: Statement, edit: Statement) -> Statement | None:
    if edit.name is not None:
        return target.child((edit.tag, edit.name))
    if edit.tag in LEAF_LISTS and edit.text is not None:
        return next((child for child in target.all(edit.tag) if child.text == edit.text), None)
    return target.child(edit.tag)


BOXES = {
    "family",
    "filter",
    "from",
    "routing-instances",
    "routing-options",
    "static",
    "then",
    "vrf-target",
}
"""Containers that dissolve when they are empty, wherever they stand; those of the firewall all do."""


def _prune(statement: Statement, *, in_firewall: bool = False) -> None:
    for child in list(statement.children):
        inside = in_firewall or child.tag == "firewall"
        _prune(child, in_firewall=inside)
        container = child.tag in BOXES or (inside and child.tag in ("firewall", "inet", "inet6"))
        if container and not child.children and child.text is None:
            statement.drop(child)
