"""How tables differ from the prediction, in words."""

from __future__ import annotations

import copy
from typing import Any

from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.prediction.predict import predict_from
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.verification.differences import (
    prediction_differences,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.verification.tables import table_lines
from unit.chain.scenario import reference
from unit.chain.test_routes import described, predicted


def tables() -> dict[str, Any]:
    """Return the tables of the reference scenario as a router shows them."""
    return copy.deepcopy(dict(predicted(described()).after["vmx1"]))


def test_the_reference_scenario_has_exactly_one_silent_guest() -> None:
    (line,) = prediction_differences(tables(), predicted(described()).after["vmx1"])
    assert line.startswith("vn2.inet.0: no ARP reply from 10.0.2.4/32")


def test_a_prediction_from_the_intent_fits_what_it_does_not_know() -> None:
    (line,) = prediction_differences(tables(), predict_from({"intent": reference()}).after["vmx1"])
    assert line.startswith("vn2.inet.0: no ARP reply from 10.0.2.4/32")


def test_what_is_missing_more_or_other_is_told() -> None:
    found = tables()
    routes = found["vn1.inet.0"]["routes"]
    routes[:] = [route for route in routes if route["prefix"] != "10.0.2.3/32"]
    routes[0]["label"] = 99
    routes.append({**routes[1], "prefix": "10.0.9.9/32"})
    assert prediction_differences(found, predicted(described()).after["vmx1"], ["vn1.inet.0"]) == [
        "vn1.inet.0: 10.0.1.3/32 (BGP) has label 99 instead of 26 (vm1)",
        "vn1.inet.0: 10.0.2.3/32 (BGP) is missing",
        "vn1.inet.0: 10.0.9.9/32 (BGP) exists, but was not predicted",
    ]


def test_predicted_tables_can_be_shown_with_ports_and_owners() -> None:
    shown = "\n".join(table_lines(predict_from({"intent": reference()}).after["vmx1"], ["vn1.inet.0"]))
    assert "8 destinations, 8 routes" in shown
    assert "(service address of 1-to-2 on its left side, inet)" in shown
    assert "1-to-2-left" in shown
