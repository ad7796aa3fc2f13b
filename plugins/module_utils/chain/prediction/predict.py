# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A prediction from what people have: the intent or live objects, completed by lists; and as they see it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...values.faults import fault
from ..intent.read import read_intent
from .from_intent import describe_intent
from .from_objects import describe_objects
from .prediction import Prediction, predict
from .read_site import read_site

LISTS = ("networks", "ports", "services", "templates", "policies", "routers")
INTENT = ("networks", "services", "routers", "chains", "ports")


def predict_from(options: Mapping[str, Any]) -> Prediction:
    """Return the prediction for the module's options: intent or objects, completed by the lists.

    :raises IntentError: with the path of each bad value.
    """
    known: Mapping[str, Any] = {}
    if options.get("intent") is not None:
        unknown = sorted(set(options["intent"]) - set(INTENT))
        if unknown:
            raise fault(f"intent.{unknown[0]}", f"unknown key; there are {', '.join(INTENT)}")
        known = describe_intent(read_intent(**options["intent"]))
    elif options.get("objects") is not None:
        known = describe_objects(options["objects"])
    lists: dict[str, Any] = {name: [*known.get(name, ()), *(options.get(name) or ())] for name in LISTS}
    names = {name: options[name] for name in ("release", "domain", "project") if options.get(name)}
    return predict(read_site(**lists, **names))


def shown_prediction(prediction: Prediction) -> Mapping[str, Any]:
    """Return a prediction as the module's result."""
    return {
        "before": prediction.before,
        "after": prediction.after,
        "chains": [
            {
                "left": judged.chain.left,
                "right": judged.chain.right,
                "direction": "<>" if judged.chain.both_ways else ">",
                "services": list(judged.chain.services),
                "stands": judged.reason is None,
                "reason": judged.reason,
                "caution": judged.caution,
            }
            for judged in prediction.chains
        ],
    }
