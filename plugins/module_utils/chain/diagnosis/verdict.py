# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From everything that was read to a verdict on each chain: the first broken link, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...contrail.codec.scope import Scope
from ...values.finding import ERROR, Finding
from ..design.derive import derive
from ..design.design import ExpectedRoutes
from ..intent.model import Chain, Intent
from ..preflight.intent import request_of
from .diagnosed_chain import DiagnosedChain, Setting
from .evidence import Evidence
from .steps import AGENT, CONTROL, OBJECTS, ROUTER_SUBJECTS, SCHEMA, STEPS, Step

OK, BROKEN, NOT_LOOKED_AT, NOT_REACHED, NOT_NEEDED = "ok", "broken", "not looked at", "not reached", "not needed"


@dataclass(frozen=True)
class Checked:
    """The result of one step; ``reason`` says why it was not looked at."""

    step: str
    result: str
    reason: str = ""


@dataclass(frozen=True)
class ChainDiagnosis:
    """The diagnosis of one chain: the first broken link, if any, and warnings of the links before it."""

    chain: Chain
    link: Finding | None
    warnings: tuple[Finding, ...]
    checked: tuple[Checked, ...]

    @property
    def stands(self) -> bool:
        """Return whether no link is broken, of those that were looked at."""
        return self.link is None

    @property
    def line(self) -> str:
        """The verdict in one line."""
        name = self.chain.name
        if self.link is not None:
            number, step = next(
                (place, each.step) for place, each in enumerate(self.checked, start=1) if each.result == BROKEN
            )
            shown = self.link.shown()
            place = f"broken at step {number} of {len(self.checked)} ({step})"
            return f"{name}: {place}: {self.link}; {shown['consequence']}; cure: {shown['cure']} [{shown['code']}]"
        unseen = [each.step for each in self.checked if each.result == NOT_LOOKED_AT]
        words = ["up", *(f"warning: {warning} [{warning.kind.code}]" for warning in self.warnings)]
        if unseen:
            words.append(f"not looked at: {', '.join(unseen)}")
        return f"{name}: {'; '.join(words)}"

    def shown(self) -> Mapping[str, Any]:
        """Return the verdict as results and reports carry it."""
        return {
            "name": self.chain.name,
            "stands": self.stands,
            "link": None if self.link is None else self.link.shown(),
            "warnings": [warning.shown() for warning in self.warnings],
            "checked": [
                {"step": each.step, "result": each.result, **({"reason": each.reason} if each.reason else {})}
                for each in self.checked
            ],
            "message": self.line,
        }


def diagnose(intent: Intent, scope: Scope, evidence: Evidence, steps: Sequence[Step] = STEPS) -> list[ChainDiagnosis]:
    """Return the verdict on each chain that is to stand."""
    setting = _setting(intent, scope, evidence)
    return [_verdict(DiagnosedChain(setting, chain), steps) for chain in intent.present_chains]


def _setting(intent: Intent, scope: Scope, evidence: Evidence) -> Setting:
    routers = derive(intent).routers
    expected: dict[str, dict[str, list[ExpectedRoutes]]] = {name: {} for name in routers}
    for name, described in routers.items():
        for entry in described.expected:
            expected[name].setdefault(entry["chain"], []).append(entry)
    terms = {
        name: {(term.family, term.filter, term.name): (term.values, term.vrf) for term in request_of(described).terms}
        for name, described in routers.items()
        if described.vrfs
    }
    return Setting(intent, scope, evidence, terms, expected)


def _verdict(case: DiagnosedChain, steps: Sequence[Step]) -> ChainDiagnosis:
    link: Finding | None = None
    warnings: list[Finding] = []
    checked: list[Checked] = []
    for step in steps:
        if link is not None:
            checked.append(Checked(step.name, NOT_REACHED))
            continue
        missing = _missing_source(case, step)
        if missing is not None:
            checked.append(missing)
            continue
        found = list(step.look(case))
        link = next((each for each in found if each.kind.severity == ERROR), None)
        warnings += [each for each in found if each.kind.severity != ERROR]
        checked.append(Checked(step.name, OK if link is None else BROKEN))
    return ChainDiagnosis(case.chain, link, tuple(warnings), tuple(checked))


def _missing_source(case: DiagnosedChain, step: Step) -> Checked | None:
    """Return why a step cannot be looked at, None when it can."""
    if any(source in ROUTER_SUBJECTS for source in step.sources) and not case.routers:
        return Checked(step.name, NOT_NEEDED, "no prefix of the chain is behind a router")
    if any(_is_there(case, source) for source in step.sources):
        return None
    return Checked(step.name, NOT_LOOKED_AT, f"{' and '.join(step.sources)} were not read")


def _is_there(case: DiagnosedChain, source: str) -> bool:
    daemons = case.daemons
    known = {
        OBJECTS: True,
        SCHEMA: daemons.networks is not None,
        CONTROL: bool(daemons.states),
        AGENT: bool(daemons.interfaces),
    }
    if source in known:
        return known[source]
    return next(case.facts(ROUTER_SUBJECTS[source]), None) is not None
