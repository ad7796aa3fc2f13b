# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The edge of the design to Ansible: what is wrong with the data model, and what each system gets as variables.

Ansible before 2.19 templates a structure again each time that a variable leads to it, whole. So every part is handed
over as one text in JSON, which templating leaves alone, and each host has a text of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from ..chain.design.derive import derive
from ..chain.intent.read import read_intent
from ..chain.intent.variables import misspelt
from ..values.faults import IntentError
from .acceptance import refusals

MODEL = ("networks", "services", "routers", "chains", "ports")
"""The parts of the data model, as :func:`..chain.intent.read.read_intent` takes them."""

OF_A_HOST = {"routes": "hosts", "forwarding": "forwarding", "sources": "sources"}
"""What an endpoint or a service VM gets, and where the design has it by host."""

OF_THE_SITE = (
    *("networks", "templates", "instances", "policies", "bgp_routers", "planned"),
    *("machines", "absent", "guests"),
)
"""What the design has for Contrail, OpenStack, and service VMs that Ansible does not reach."""


def design_variables(model: Mapping[str, Any]) -> dict[str, Any]:
    """Return what follows from the data model, as the module ``chain_design`` returns it.

    :param model: keyword arguments of :func:`..chain.intent.read.read_intent`.
    :returns: ``summary``, a list of lines; ``site``, by part a text in JSON; ``routers`` and ``hosts``, by name of the
        inventory a text in JSON.
    :raises IntentError: with one fault for each bad value, also for those that only a module would refuse.
    """
    intent = read_intent(**model)
    design = derive(intent)
    refused = list(refusals(intent, design, model.get("ports")))
    if refused:
        raise IntentError(refused)
    names = dict.fromkeys(name for part in OF_A_HOST.values() for name in getattr(design, part))
    return {
        "summary": list(design.summary),
        "site": {part: _text(getattr(design, part)) for part in OF_THE_SITE},
        "routers": {name: _text(described) for name, described in design.routers.items()},
        "hosts": {
            name: _text({key: getattr(design, part).get(name, []) for key, part in OF_A_HOST.items()}) for name in names
        },
    }


def _text(part: Any) -> str:
    return json.dumps(part, default=vars)  # vars: of the design's own classes


def problems(model: Mapping[str, Any], variables: Iterable[str] = ()) -> list[str]:
    """Return one line for each bad value of the data model, and for each name of a variable that is nearly right."""
    lines = misspelt(variables)
    try:
        design_variables(model)
    except IntentError as error:
        lines += [str(fault) for fault in error.faults]
    return lines
