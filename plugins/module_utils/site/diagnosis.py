# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The edge to Ansible of the diagnosis: reads objects and introspect pages, takes what was read of routers, tells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ansible.module_utils.basic import missing_required_lib

from ..chain.diagnosis.evidence import Daemons, Evidence, Objects, RouterEvidence, Stored, router_facts
from ..chain.diagnosis.objects_to_read import FIELDS, first_needs, further_needs
from ..chain.diagnosis.steps import ROUTER_SUBJECTS
from ..chain.diagnosis.verdict import diagnose
from ..chain.intent.model import Intent
from ..chain.intent.read import read_intent
from ..contrail.api.client import ApiClient
from ..contrail.codec.errors import ContrailError, InvalidValueError
from ..contrail.codec.scope import Scope
from ..contrail.introspect import pages
from ..contrail.introspect.errors import IntrospectError
from ..contrail.introspect.reader import INTROSPECT_OPTIONS, OPTIONS, Answer, Introspect, open_introspect
from ..contrail.module import CONNECTION_SPEC, SCOPE_SPEC, new_module, run_look
from ..values.faults import IntentError
from ..values.hints import nearest
from ..values.option_spec import OptionSpecs
from ..values.plain_text import visible
from .infrastructure import read_infrastructure
from .preflight import VARIABLES, XML_IMPORT_ERROR, read_configuration, told_of_router

MOST_AGENTS = 32
"""Where Contrail does not say on which compute nodes the services run, so many agents are asked at the most."""


def run_diagnosis_module() -> None:
    """Run the module that names the first broken link of each chain; it fails only where it cannot look."""
    spec: OptionSpecs = {
        "intent": {"type": "dict", "required": True},
        "routers": {"type": "dict", "default": {}},
        "introspect": {"type": "dict", "options": INTROSPECT_OPTIONS},
        **SCOPE_SPEC,
        **CONNECTION_SPEC,
    }
    module = new_module(spec)
    if module.params["routers"] and XML_IMPORT_ERROR:
        module.fail_json(msg=missing_required_lib("lxml and jxmlease"), exception=XML_IMPORT_ERROR)

    def look(client: ApiClient) -> dict[str, Any]:
        introspect = open_introspect(module.params["introspect"], module.params["parallel"])
        try:
            return diagnosis(module.params, client, introspect)
        except IntentError as error:
            raise ContrailError("; ".join(str(each) for each in error.faults)) from None

    run_look(module, look)


def diagnosis(params: Mapping[str, Any], client: ApiClient, introspect: Introspect) -> dict[str, Any]:
    """Return the module's result.

    Raises IntentError and InvalidValueError for options that cannot be read, ContrailError for an API that does not
    answer; a daemon that does not answer is told under ``not_looked_at``.
    """
    unknown = sorted(set(params["intent"]) - set(VARIABLES))
    if unknown:
        raise InvalidValueError(f"intent.{unknown[0]}", f"there is no such thing: it has {', '.join(VARIABLES)}")
    intent = read_intent(**params["intent"])
    scope = Scope(params["domain"], params["project"])
    routers = read_routers(intent, params["routers"])
    objects = read_objects(client, intent, scope)
    daemons = read_daemons(introspect, objects)
    verdicts = diagnose(intent, scope, Evidence(objects, daemons, routers))
    findings = [finding for each in verdicts for finding in (each.link, *each.warnings) if finding is not None]
    return {
        "changed": False,
        "chains": [each.shown() for each in verdicts],
        "findings": [finding.shown() for finding in findings],
        "stands": all(each.stands for each in verdicts),
        "not_looked_at": visible(
            [*_hidden(objects), *_not_asked(introspect), *daemons.failures, *_not_given(intent, routers)]
        ),
        "requests": client.requests,
        "introspect_requests": introspect.requests,
    }


# --- routers --------------------------------------------------------------------------------------------------


def read_routers(intent: Intent, given: Mapping[str, Any]) -> dict[str, RouterEvidence]:
    """Return what was read of routers, from results of ``vmx_info`` by name of the router."""
    found: dict[str, RouterEvidence] = {}
    for name, told in given.items():
        if name not in intent.routers:
            near = nearest(name, intent.routers)
            raise InvalidValueError(f"routers.{name}", f"the data model has no such router{near}")
        facts = told_of_router(told, f"routers.{name}")
        told_of = facts.get("configuration") or {}
        text = told_of.get("effective") if isinstance(told_of, Mapping) else told_of
        configuration = read_configuration(text, f"routers.{name}.configuration.effective") if text else None
        found[name] = router_facts(name, facts, configuration)
    return found


def _not_given(intent: Intent, routers: Mapping[str, RouterEvidence]) -> Iterator[str]:
    """Yield what was not read of each router that chains have prefixes behind."""
    for name in intent.routers:
        facts = routers.get(name) or RouterEvidence(name)
        missing = [source for source, subject in ROUTER_SUBJECTS.items() if getattr(facts, subject) is None]
        if missing:
            yield f"router {name}: {', '.join(each.removesuffix(' of routers') for each in missing)} not given"


# --- Contrail's objects ---------------------------------------------------------------------------------------


def read_objects(client: ApiClient, intent: Intent, scope: Scope) -> Objects:
    """Return the objects of the chains, in four rounds of a few requests each, whatever the number of chains."""
    fields = {kind: list(names) for kind, names in FIELDS.items()}
    stored: dict[Any, Stored | None] = {}
    wanted = first_needs(intent, scope)
    while wanted:
        stored |= client.read(wanted, fields)
        wanted = further_needs(stored)
    infrastructure = read_infrastructure(client)
    return Objects(stored, infrastructure.computes, infrastructure.control_nodes, infrastructure.hidden)


# --- daemons --------------------------------------------------------------------------------------------------


def _hidden(objects: Objects) -> Iterator[str]:
    return (f"{kind}: this user has no permission to read it" for kind in objects.hidden)


def _not_asked(introspect: Introspect) -> Iterator[str]:
    for option, daemon in OPTIONS.items():
        if option != "svc_monitor" and not introspect.hosts.of(daemon):
            yield f"{daemon}: no address given (introspect.{option})"


def read_daemons(introspect: Introspect, objects: Objects) -> Daemons:
    """Return what the daemons say whose addresses are given, asked side by side."""
    reading = _DaemonPages(introspect)
    agents = _agents(introspect, objects)
    hosts = [
        *([(pages.SCHEMA, "", "")] if introspect.hosts.of(pages.SCHEMA) else []),
        *((pages.CONTROL, name, url) for name, url in introspect.hosts.of(pages.CONTROL).items()),
        *((pages.AGENT, name, url) for name, url in agents.items()),
    ]
    answers = introspect.side_by_side(reading.read, hosts)
    found: dict[str, dict[str, Any]] = {}
    failures: list[str] = []
    silent: dict[str, str] = {}
    for (daemon, name, _url), answer in zip(hosts, answers, strict=True):
        if isinstance(answer, IntrospectError):
            failures.append(f"{daemon}{f' of {name}' if daemon == pages.AGENT else ''}: {answer}")
            if daemon == pages.AGENT:
                silent[name] = str(answer)
            continue
        if cut := [
            f"{daemon} {each.url}: not read to the end, for {each.truncated}" for each in answer if each.truncated
        ]:
            failures += cut  # what is not in a part of a list may be in the rest of it
            continue
        found.setdefault(daemon, {})[name] = [each.records for each in answer]
    schema = found.get(pages.SCHEMA, {}).get("")
    control, agent = found.get(pages.CONTROL, {}), found.get(pages.AGENT, {})
    return Daemons(
        rules=schema[0] if schema else None,
        networks=schema[1] if schema else None,
        states={name: answer[0] for name, answer in control.items()},
        neighbors={name: answer[1] for name, answer in control.items()},
        interfaces={name: answer[0] for name, answer in agent.items()},
        controllers={name: answer[1] for name, answer in agent.items()},
        silent_agents=silent,
        failures=failures,
    )


def _agents(introspect: Introspect, objects: Objects) -> dict[str, str]:
    """Return the agents of the compute nodes that the services run on; where Contrail does not say, the first ones."""
    given = introspect.hosts.of(pages.AGENT)
    machines = {
        tuple(each["to"])
        for (kind, _name), stored in objects.stored.items()
        if kind == "virtual-machine-interface" and stored
        for each in stored.get("virtual_machine_refs") or ()
    }
    homes = {objects.homes[machine] for machine in machines if machine in objects.homes}
    named = {name: url for name, url in given.items() if any(name in (each.name, each.address) for each in homes)}
    return named or dict(list(given.items())[:MOST_AGENTS])


class _DaemonPages:
    """Reads two pages of each daemon, one after the other: the second says why the first is as it is."""

    PAGES: Mapping[str, tuple[pages.Page[Any], ...]] = {
        pages.SCHEMA: (pages.CHAINS_OF_RULES, pages.KNOWN_NETWORKS),
        pages.CONTROL: (pages.CHAIN_STATES, pages.NEIGHBORS),
        pages.AGENT: (pages.INTERFACES, pages.XMPP_PEERS),
    }

    def __init__(self, introspect: Introspect) -> None:
        self._introspect = introspect

    def read(self, host: tuple[str, str, str]) -> list[Answer[Any]]:
        """Return the answers of a daemon: (its kind, its name, its URL, which the schema transformer needs not)."""
        daemon, _name, url = host
        if daemon == pages.SCHEMA:
            return [self._introspect.any_of(daemon, page) for page in self.PAGES[daemon]]
        return [self._introspect.ask(url, page) for page in self.PAGES[daemon]]
