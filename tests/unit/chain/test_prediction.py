"""The module chain_routes: its options, its examples, and the cost of large sites."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.prediction import exchange
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.prediction import predict as prediction
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.prediction.predict import predict_from
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values.faults import IntentError
from ansible_collections.opencontrail.service_chain.plugins.modules import chain_routes
from support.module_run import ModuleFailedError, run_module
from unit.chain.scenario import reference
from unit.chain.test_routes import PORTS, SERVICE_ADDRESSES, rows

EXAMPLES = [
    task["opencontrail.service_chain.chain_routes"]
    for task in yaml.safe_load(chain_routes.EXAMPLES)
    if "opencontrail.service_chain.chain_routes" in task
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_examples_run_and_predict_a_chain(example: dict[str, Any]) -> None:
    result = run_module("chain_routes", example)
    assert result["changed"] is False
    assert [chain["stands"] for chain in result["chains"]] == [True]
    (far,) = (
        route for route in result["after"]["vmx1"]["vn1.inet.0"]["routes"] if route["prefix"] == "172.31.8.198/32"
    )
    assert (far["label"], far["ports"]) == (30, ["fw-left"])


def test_a_bad_value_is_one_line_with_its_path() -> None:
    with pytest.raises(
        ModuleFailedError, match=r"^networks\[0\]\.route_targets\[0\]: 'one' is not a route target"
    ) as caught:
        run_module("chain_routes", {"networks": [{"name": "vn1", "route_targets": ["one"]}]})
    assert "\n" not in str(caught.value)


def test_lists_complete_the_intent_by_name() -> None:
    services = [{"name": "1-to-2", "service_addresses": SERVICE_ADDRESSES}]
    found = predict_from({"intent": reference(), "ports": PORTS, "services": services})
    table = rows(found.after["vmx1"])["vn1.inet.0"]
    assert table["10.0.1.5/32"] == {"med": 100, "localpref": 200, "push": 30}


def test_an_unknown_key_of_the_intent_is_refused() -> None:
    with pytest.raises(IntentError, match=r"intent\.chain: unknown key"):
        predict_from({"intent": {"chain": {}}})


def many_chains(count: int) -> dict[str, Any]:
    """Return the options for chains that each have two networks of their own."""
    sides = [(number, side, f"vn{number}-{side}") for number in range(count) for side in ("left", "right")]
    numbers = {name: 2 * number + (side == "right") + 1 for number, side, name in sides}
    return {
        "networks": [
            {
                "name": name,
                "route_targets": [f"64512:{numbers[name]}"],
                "subnets": [{"cidr": f"10.{numbers[name] >> 8}.{numbers[name] & 255}.0/24"}],
            }
            for _number, _side, name in sides
        ],
        "ports": [
            {
                "name": f"s{number}-{side}",
                "network": name,
                "addresses": [f"10.{numbers[name] >> 8}.{numbers[name] & 255}.4"],
                "compute": "172.31.10.155",
            }
            for number, side, name in sides
        ],
        "services": [
            {
                "name": f"s{number}",
                "mode": "in-network",
                "port_tuples": [{"name": "a", "ports": {side: f"s{number}-{side}" for side in ("left", "right")}}],
            }
            for number in range(count)
        ],
        "policies": [
            {
                "name": f"p{number}",
                "rules": [
                    {
                        "source": [{"network": f"vn{number}-left"}],
                        "destination": [{"network": f"vn{number}-right"}],
                        "services": [f"s{number}"],
                    }
                ],
                "networks": [{"name": f"vn{number}-{side}"} for side in ("left", "right")],
            }
            for number in range(count)
        ],
        "routers": [
            {
                "name": "vmx1",
                "address": "172.31.10.57",
                "vrfs": [
                    {
                        "name": name,
                        "route_target": f"64512:{numbers[name]}",
                        "static_routes": [{"prefix": f"10.128.{numbers[name] & 255}.0/24", "next_table": "inet.0"}],
                    }
                    for _number, _side, name in sides
                ],
            }
        ],
    }


def test_each_chain_is_looked_at_a_fixed_number_of_times(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[str] = []
    candidates = exchange.Exchange._candidates

    def counted(self: Any, network: str) -> Any:
        looks.append(network)
        return candidates(self, network)

    monkeypatch.setattr(exchange.Exchange, "_candidates", counted)
    spent = {}
    for count in (10, 20):
        looks.clear()
        found = predict_from(many_chains(count))
        assert all(chain["stands"] for chain in prediction.shown_prediction(found)["chains"])
        spent[count] = len(looks)
    assert spent[20] == 2 * spent[10]
