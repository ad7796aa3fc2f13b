# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Verifies service chains on the controller: reads the routers' tables, judges them, writes snapshots and reports."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.utils.display import Display
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.intent.model import Intent
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.intent.read import read_intent
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.prediction.predict import (
    INTENT,
    predict_from,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.report.content import read_report
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.report.markdown import markdown
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.report.page import page
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.verification.judge import (
    Diagnosis,
    Pinged,
    RouterRead,
    Verdict,
    judge,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.verification.pings import pings, proofs
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.verification.snapshot import (
    read_snapshot,
    shown_time,
    snapshot_text,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values.faults import IntentError, fault
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values.handover import (
    KEY,
    HandoverError,
    handed_over,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values.plain_text import visible
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.information import kept_sessions
from ansible_collections.opencontrail.service_chain.plugins.modules import chain_diagnose, contrail_info, vmx_info
from ansible_collections.opencontrail.service_chain.plugins.plugin_utils.files import write_whole
from ansible_collections.opencontrail.service_chain.plugins.plugin_utils.module_defaults import with_defaults
from ansible_collections.opencontrail.service_chain.plugins.plugin_utils.route_wait import RouteWait, Wait
from ansible_collections.opencontrail.service_chain.plugins.plugin_utils.router_action import RouterAction

JsonDict = dict[str, Any]

COLLECTION = "opencontrail.service_chain."
LOADED = (chain_diagnose, contrail_info, vmx_info)
"""The modules that this runs; they are loaded before Ansible forks its workers."""

STEPS = ("verify", "snapshot_before", "read", "judge", "pings", "forget")
OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "step": {"type": "str", "choices": list(STEPS), "default": "verify"},
    "tables": {"type": "list", "elements": "str", "default": []},
    "expected": {"type": "list", "elements": "dict", "default": []},
    "wait_timeout": {"type": "float", "default": 0},
    "interval": {"type": "float", "default": 3},
    "policies": {"type": "list", "elements": "str", "default": []},
    "directory": {"type": "path"},
    "keep": {"type": "bool", "default": False},
    "diagnose": {"type": "bool", "default": False},
    "intent": {"type": "dict", "default": {}},
    "ports": {"type": "list", "elements": "dict", "default": []},
    "release": {"type": "str", "default": "4.0"},
    "domain": {"type": "str", "default": "default-domain"},
    "project": {"type": "str", "default": "default-project"},
    "introspect": {"type": "dict", "default": {}},
    "routers": {"type": "dict", "default": {}},
    "pinged": {"type": "list", "elements": "dict", "default": []},
    "unproven": {"type": "list", "elements": "dict", "default": []},
    "show": {"type": "bool", "default": True},
    "report": {"type": "bool", "default": False},
    "pictures": {"type": "int", "default": 20},
    "timings": {"type": "list", "elements": "dict", "default": []},
}
FOR_DIAGNOSIS = ("configuration", "bgp", "tunnels")
KEPT_OF_A_READING = ("route_tables", *FOR_DIAGNOSIS, KEY)
BEFORE, AFTER = "before", "after"

display = Display()


class ActionModule(RouterAction):
    """See the module's documentation."""

    module = vmx_info

    _options: JsonDict
    _variables_of_task: JsonDict
    _connection_options: JsonDict

    def _carry_out(self, arguments: JsonDict, variables: JsonDict) -> JsonDict:
        """Take the step that is asked for."""
        given = {name: arguments.pop(name) for name in OPTIONS if name in arguments}
        self._options = _checked(given)
        self._connection_options, self._variables_of_task = arguments, variables
        step: Callable[[], JsonDict] = getattr(self, f"_step_{self._options['step']}")
        try:
            return {"changed": False, **step()}
        except (IntentError, HandoverError, OSError) as error:
            raise AnsibleActionFail(self._reason(error)) from error

    def _reason(self, error: Exception) -> str:
        """Return what an error is told as."""
        if isinstance(error, IntentError):
            return "\n".join(str(each) for each in error.faults)
        if isinstance(error, HandoverError):
            return f"routers: {error}"
        if isinstance(error, OSError):
            return f"directory: {error.filename or self._options['directory']} cannot be written: {error.strerror}"
        return str(error) or type(error).__name__

    # --- steps ------------------------------------------------------------------------------------------------

    def _step_verify(self) -> JsonDict:
        """Read this router, and judge it; fail where chains are down."""
        read = self._step_read()
        if read.get("failed"):
            return read
        self._options["routers"] = {**self._options["routers"], self._router: read}
        judged = self._judged()
        return {**judged, "failed": True} if not judged["stands"] else judged

    def _step_snapshot_before(self) -> JsonDict:
        """Keep the tables as long as no chain's policy is attached; without policies, once."""
        path = self._snapshot_file(self._router, BEFORE)
        if self._options["policies"]:
            answer = self._contrail_module(
                "contrail_info",
                {
                    "kind": "network-policy",
                    "names": self._options["policies"],
                    "fields": ["virtual_network_back_refs"],
                    **self._scope(),
                },
            )
            if answer.get("failed"):
                return answer
            if any(each.get("virtual_network_back_refs") for each in handed_over(answer)["objects"]):
                return {"taken": False}
        elif _kept(path):
            return {"taken": False}
        read = self._read_router(["routes"])
        if read.get("failed"):
            return read
        self._keep(path, handed_over(read)["route_tables"])
        return {"taken": True, "file": str(path)}

    def _step_read(self) -> JsonDict:
        """Read the tables, after waiting for the chains, and what the diagnosis needs of the router."""
        subjects = list(FOR_DIAGNOSIS) if self._options["diagnose"] and self._options["intent"] else []
        with kept_sessions():
            wait, results = self._waited(subjects)
        told = {"missing": wait.missing, "missing_chains": wait.chains, "waited": wait.shown()}
        if not wait.could_read or results[-1].get("failed"):
            return {**results[-1], **told, "failed": True}
        if self._options["keep"]:
            self._keep(self._snapshot_file(self._router, AFTER), handed_over(wait.read)["route_tables"])
        return {
            **told,
            "results": [{key: each[key] for key in KEPT_OF_A_READING if key in each} for each in results],
            "warnings": [warning for each in results for warning in each.get("warnings") or ()],
            "tables": self._options["tables"],
            "expected": self._options["expected"],
            "wait_timeout": self._options["wait_timeout"],
            "taken": _now(),
        }

    def _step_judge(self) -> JsonDict:
        """Judge like :meth:`_judged`; an error is a verdict, too.

        The task runs once for all routers. If it failed, Ansible would rescue one of them only, and leave the steering
        of the others as it is.
        """
        try:
            return self._judged()
        except Exception as error:
            display.vvv(traceback.format_exc())
            return visible(
                {
                    "stands": False,
                    "msg": f"the chains could not be verified: {self._reason(error)}",
                    "failed_chains": [],
                    "chains": [],
                    "findings": [],
                    "not_looked_at": [],
                    "report": [],
                }
            )

    def _judged(self) -> JsonDict:
        """Judge what was read, show it, and write the report."""
        options = self._options
        intent = _intent(options["intent"])
        states = {name: _state(read) for name, read in options["routers"].items() if "results" in read}
        routers = [self._router_read(name, options["routers"][name], states[name]) for name in states]
        predictions = self._predictions() if options["intent"] else {}
        diagnosis = self._diagnosis(states) if options["diagnose"] and options["intent"] else Diagnosis()
        pinged = Pinged(options["pinged"], options["unproven"])
        verdict = judge(intent, routers, predictions, diagnosis, pinged)
        if options["show"]:
            for line in verdict.lines:
                display.display(line)
        report = self._report(routers, predictions, diagnosis, verdict) if options["report"] else []
        if report and options["show"]:
            display.display(f"report: {report[0]} (Markdown: {report[1]})")
        where = [f"report: {report[0]}"] if report else []
        return visible(
            {
                "stands": not verdict.reasons,
                "msg": "\n".join([*verdict.reasons, *where] if verdict.reasons else ["all chains stand"]),
                "failed_chains": list(verdict.failed_chains),
                "chains": list(diagnosis.chains),
                "findings": list(verdict.findings),
                "not_looked_at": diagnosis.remarks,
                "report": report,
            }
        )

    def _step_pings(self) -> JsonDict:
        """Tell which pings prove the chains."""
        intent = _intent(self._options["intent"])
        return {"pings": pings(intent), "proofs": proofs(intent)}

    def _step_forget(self) -> JsonDict:
        """Remove the snapshots of this router."""
        for moment in (BEFORE, AFTER):
            if not self._task.check_mode:
                self._snapshot_file(self._router, moment).unlink(missing_ok=True)
        return {}

    # --- routers ----------------------------------------------------------------------------------------------

    @property
    def _router(self) -> str:
        return str(self._variables_of_task.get("inventory_hostname", "router"))

    def _read_router(self, subjects: list[str]) -> JsonDict:
        arguments: JsonDict = {**self._connection_options, "gather": subjects}
        if "routes" in subjects:
            arguments["tables"] = self._options["tables"]
        return self._run_module("vmx_info", arguments)

    def _waited(self, subjects: list[str]) -> tuple[Wait, list[JsonDict]]:
        """Return the wait, and the results that hold the tables and the subjects as they were at its end."""
        wait = RouteWait(
            self._router,
            lambda number: self._read_router(["routes", *(subjects if number == 1 else [])]),
            self._options["expected"],
            self._options["wait_timeout"],
            self._options["interval"],
        ).carry_out()
        if wait.could_read and subjects and wait.looks > 1:
            return wait, [wait.read, self._read_router(subjects)]
        return wait, [wait.read]

    def _router_read(self, name: str, read: Mapping[str, Any], state: Mapping[str, Any]) -> RouterRead:
        path = self._snapshot_file(name, BEFORE) if self._options["directory"] else None
        snapshot = _kept(path) if path else {}
        return RouterRead(
            name=name,
            tables=state["route_tables"],
            names=read["tables"],
            expected=read["expected"],
            missing=read["missing"],
            missing_chains=read["missing_chains"],
            seconds=read["waited"]["seconds"],
            waited_for=read["wait_timeout"],
            taken=read["taken"],
            snapshot=snapshot,
            no_snapshot="" if snapshot else _why_none(path),
        )

    # --- what follows from it ---------------------------------------------------------------------------------

    def _predictions(self) -> Mapping[str, Any]:
        given = {name: self._options[name] for name in ("intent", "ports", "release", "domain", "project")}
        return predict_from(given).after

    def _diagnosis(self, states: Mapping[str, JsonDict]) -> Diagnosis:
        """Return what the diagnosis found. What cannot be asked does not fail verification: the tables were read."""
        arguments = {
            "intent": self._options["intent"],
            "routers": {name: state for name, state in states.items() if "configuration" in state},
            **self._scope(),
        }
        if self._options["introspect"]:
            arguments["introspect"] = self._options["introspect"]
        answer = handed_over(self._contrail_module("chain_diagnose", arguments))
        if "chains" not in answer:
            return Diagnosis(failure=str(answer.get("msg", "no answer")))
        return Diagnosis(answer["chains"], answer["findings"], answer["not_looked_at"])

    def _report(
        self,
        routers: list[RouterRead],
        predictions: Mapping[str, Any],
        diagnosis: Diagnosis,
        verdict: Verdict,
    ) -> list[str]:
        """Write the report, and return its files; none in check mode."""
        waits = [
            {"what": f"until the tables of {each.name} held the chains", "seconds": each.seconds} for each in routers
        ]
        data = {
            "intent": self._options["intent"],
            "made": _now(),
            "prediction": predictions,
            "routers": {each.name: _for_report(each) for each in routers},
            "chains": diagnosis.chains,
            "findings": [*diagnosis.findings, *verdict.ping_findings],
            "remarks": diagnosis.remarks,
            "timings": [*self._options["timings"], *waits],
        }
        report = read_report(data)
        directory = self._directory()
        files = {directory / "report.html": page, directory / "report.md": markdown}
        if self._task.check_mode:
            return []
        for path, write in files.items():
            write_whole(path, write(report, self._options["pictures"]))
        return [str(path) for path in files]

    # --- files ------------------------------------------------------------------------------------------------

    def _directory(self) -> Path:
        if not self._options["directory"]:
            raise AnsibleActionFail("directory: say where snapshots and reports are kept")
        return Path(self._options["directory"]).absolute()

    def _snapshot_file(self, router: str, moment: str) -> Path:
        return self._directory() / f"{router}.{moment}.json"

    def _keep(self, path: Path, tables: Mapping[str, Any]) -> None:
        if not self._task.check_mode:
            write_whole(path, snapshot_text(self._router, datetime.now(timezone.utc), tables))

    # --- modules ----------------------------------------------------------------------------------------------

    def _scope(self) -> JsonDict:
        return {name: self._options[name] for name in ("domain", "project")}

    def _contrail_module(self, name: str, arguments: JsonDict) -> JsonDict:
        """Run a module that asks Contrail; the connection is in module_defaults."""
        given = with_defaults(self, COLLECTION + name, arguments)
        return self._run_module(name, given)

    def _run_module(self, name: str, arguments: JsonDict) -> JsonDict:
        """Run a module of the collection on the controller; returns its result."""
        result: JsonDict = self._execute_module(
            module_name=COLLECTION + name, module_args=arguments, task_vars=self._variables_of_task
        )
        return result


def _checked(given: JsonDict) -> JsonDict:
    checked = ArgumentSpecValidator(OPTIONS).validate(given)
    if checked.error_messages:
        raise AnsibleActionFail("; ".join(checked.error_messages))
    options: JsonDict = checked.validated_parameters
    return options


def _intent(given: JsonDict) -> Intent:
    unknown = sorted(set(given) - set(INTENT))
    if unknown:
        raise fault(f"intent.{unknown[0]}", f"unknown key; there are {', '.join(INTENT)}")
    return read_intent(**given)


def _state(read: Mapping[str, Any]) -> JsonDict:
    """Return all that was read of a router, as the module read it; what was read last counts."""
    state: JsonDict = {}
    for result in read["results"]:
        state.update(handed_over(result))
    return state


def _for_report(router: RouterRead) -> JsonDict:
    data: JsonDict = {"tables": router.tables, "expected": router.expected, "taken": router.taken}
    if router.snapshot:
        data |= {"before": router.snapshot["tables"], "taken_before": shown_time(router.snapshot["taken"])}
    return data


def _kept(path: Path) -> JsonDict:
    """Return the snapshot in a file; empty where there is none that can be read."""
    with suppress(OSError, ValueError):
        return read_snapshot(path.read_text(encoding="utf-8"))
    return {}


def _why_none(path: Path | None) -> str:
    reason = f"no snapshot from before the chains ({path})"
    if path is not None and path.exists():
        reason = f"{path} is not a snapshot that can be read; remove it"
    return f"{reason}; a new one is only taken while no chain is attached"


def _now() -> str:
    return datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M:%S UTC")
