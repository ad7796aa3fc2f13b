# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What calls of ``vmx_vrf`` make of a router equals configurations written by hand; the lab's router judges."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx import module
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.model.statement import Statement
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.plan.edit import RouterPlan
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.plan.vrf_plan import (
    Request,
    parse_request,
    render,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.session import xml
from lab.junos.groups import inherited
from lab.junos.router import Router
from lab.junos.running import INITIAL
from lab.junos.session import Session
from lxml import etree
from unit.vmx.scenario import GOLDEN

CASES: list[dict[str, Any]] = yaml.safe_load((GOLDEN / "vmx" / "cases.yml").read_text())
WRITTEN = ("interfaces", "firewall", "routing-instances")


def request(call: dict[str, Any]) -> Request:
    """Return a call as the module takes it, with the defaults of its options."""
    checked = ArgumentSpecValidator(module.VRF_OPTIONS).validate(call)
    assert not checked.error_messages
    given = checked.validated_parameters
    return parse_request(given["state"], given["config"], given["filters"])


def golden(name: str) -> Statement:
    return xml.parse_configuration((GOLDEN / "vmx" / name).read_text())


def by_tag(statement: Statement) -> Statement:
    """Return a branch with statements of different kinds in one order; entries of one list keep theirs."""
    children = sorted((by_tag(child) for child in statement.children), key=lambda child: child.tag)
    return Statement(statement.tag, statement.text, children, dict(statement.attributes))


class Box:
    """The lab's router without a network: committed by a load and a commit with all its checks."""

    def __init__(self, *documents: Statement) -> None:
        self.router = Router(INITIAL)
        for document in documents:
            self.commit(document)

    def commit(self, document: Statement) -> None:
        session = Session(self.router, 1, "lab")
        complaints = session.load(xml.to_element(document), "merge")
        assert complaints == []
        session.commit()
        session.end()

    @property
    def own(self) -> Statement:
        return xml.to_statement(self.router.committed)

    def plan(self, wanted: Request) -> RouterPlan:
        effective = etree.tostring(inherited(self.router.committed))
        return wanted.plan(self.own, xml.parse_configuration(effective))


@pytest.mark.parametrize("case", [one for one in CASES if "start" not in one], ids=lambda one: str(one["name"]))
def test_rendered(case: dict[str, Any]) -> None:
    assert by_tag(render(request(case["call"]))) == by_tag(golden(f"{case['name']}.xml"))


@pytest.mark.parametrize("case", [one for one in CASES if "start" in one], ids=lambda one: str(one["name"]))
def test_committed(case: dict[str, Any]) -> None:
    box = Box(golden(case["start"]))
    before = box.own
    wanted = request(case["call"])
    planned = box.plan(wanted)
    assert planned.changes is not None
    box.commit(planned.changes)
    expected = golden(f"{case['name']}.xml")
    told = {section.tag for section in expected.children}
    told |= set(WRITTEN) if wanted.state == "deleted" else set()
    expected.children += [section for section in before.children if section.tag not in told]
    for tag in {section.tag for section in (*box.own.children, *expected.children)}:
        assert [by_tag(one) for one in box.own.all(tag)] == [by_tag(one) for one in expected.all(tag)], tag
    assert box.plan(wanted).changes is None


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 30
    files = {path.name for path in (GOLDEN / "vmx").glob("*.xml")}
    named = {f"{one['name']}.xml" for one in CASES} | {str(one.get("start", "")) for one in CASES}
    assert files == {name for name in named if name.endswith(".xml") and "/" not in name}
