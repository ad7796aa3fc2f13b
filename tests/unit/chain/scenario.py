"""The data model of the reference scenario, as a fresh copy that a test may bend."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.design.derive import derive
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.intent.read import read_intent


def reference() -> dict[str, Any]:
    """Return the arguments of ``read_intent`` for one service between pc1 and pc2."""
    return {
        "networks": {
            "vn1": {"subnets": [{"cidr": "10.0.1.0/24"}], "route_target": "64512:1"},
            "vn2": {"subnets": [{"cidr": "10.0.2.0/24"}], "route_target": "64512:2"},
        },
        "services": {
            "1-to-2": {
                "mode": "in-network",
                "members": [{"left": "1-to-2-left", "right": "1-to-2-right", "host": "1-to-2"}],
            }
        },
        "routers": {
            "vmx1": {
                "address": "172.31.10.57",
                "filters": [{"name": "ge000_to_dcrouter", "interfaces": ["ge-0/0/0.0"], "default_term": "t2"}],
            }
        },
        "chains": {
            "vn1-to-vn2": {
                "left": {
                    "network": "vn1",
                    "external": [{"prefix": "172.31.9.34/32", "term": "t1", "host": "pc1"}],
                },
                "right": {
                    "network": "vn2",
                    "external": [{"prefix": "172.31.8.198/32", "term": "t11", "host": "pc2"}],
                },
                "services": ["1-to-2"],
            }
        },
        "ports": [
            {"name": "vm1", "network": "vn1", "addresses": ["10.0.1.3"]},
            {"name": "vm2", "network": "vn2", "addresses": ["10.0.2.3"]},
            {"name": "1-to-2-left", "network": "vn1", "addresses": ["10.0.1.4"]},
            {"name": "1-to-2-right", "network": "vn2", "addresses": ["10.0.2.4"]},
        ],
    }


def bent(path: str, value: Any) -> dict[str, Any]:
    """Return the scenario with one value replaced or added; ``path`` has slashes, and numbers for items of lists."""
    model = reference()
    *steps, last = (int(step) if step.isdigit() else step for step in path.split("/"))
    place: Any = model
    for step in steps:
        place = place[step]
    place[last] = value
    return model


def add_service(model: dict[str, Any], name: str) -> dict[str, Any]:
    """Add a second service to the end of the chain of ``model``; return the model."""
    model["services"][name] = {"members": [{"left": f"{name}-left", "right": f"{name}-right"}]}
    model["chains"]["vn1-to-vn2"]["services"].append(name)
    return model


def derived(model: dict[str, Any]) -> dict[str, Any]:
    """Return everything that follows from ``model``."""
    return asdict(derive(read_intent(**model)))
