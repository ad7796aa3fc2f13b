# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sites that reports are written on: what verification would have read of them."""

from __future__ import annotations

import copy
from typing import Any

from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.design.derive import derive
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.intent.read import read_intent
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.prediction.predict import predict_from

COMPUTE = "172.31.10.155"


def reference_model() -> dict[str, Any]:
    """Return the data model of the reference scenario."""
    return {
        "networks": {
            "vn1": {"subnets": [{"cidr": "10.0.1.0/24"}], "route_target": "64512:1"},
            "vn2": {"subnets": [{"cidr": "10.0.2.0/24"}], "route_target": "64512:2"},
        },
        "services": {"1-to-2": {"members": [{"left": "1-to-2-left", "right": "1-to-2-right", "host": "1-to-2"}]}},
        "routers": {
            "vmx1": {
                "address": "172.31.10.57",
                "filters": [{"name": "ge000_to_dcrouter", "interfaces": ["ge-0/0/0.0"], "default_term": "t2"}],
            }
        },
        "chains": {
            "vn1-to-vn2": {
                "left": {"network": "vn1", "external": [{"prefix": "172.31.9.34/32", "term": "t1", "host": "pc1"}]},
                "right": {"network": "vn2", "external": [{"prefix": "172.31.8.198/32", "term": "t11", "host": "pc2"}]},
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


def many_chains(count: int) -> dict[str, Any]:
    """Return a data model with so many chains of one service each, all on one router."""
    model: dict[str, Any] = {
        "networks": {},
        "services": {},
        "chains": {},
        "ports": [],
        "routers": {"vmx1": {"address": "172.31.10.57", "filters": [{"name": "edge", "interfaces": ["ge-0/0/0.0"]}]}},
    }
    for number in range(count):
        high, low = divmod(number, 250)
        for side, target in (("left", 1), ("right", 2)):
            cidr = f"10.{high * 2 + target}.{low}.0/24"
            model["networks"][f"{side}{number}"] = {
                "subnets": [{"cidr": cidr}],
                "route_target": f"64512:{number * 2 + target}",
            }
            address = cidr.replace(".0/24", ".4")
            model["ports"].append({"name": f"fw{number}-{side}", "network": f"{side}{number}", "addresses": [address]})
        model["services"][f"fw{number}"] = {"members": [{"left": f"fw{number}-left", "right": f"fw{number}-right"}]}
        model["chains"][f"chain{number}"] = {
            "left": {"network": f"left{number}", "external": [{"prefix": f"172.{16 + high}.{low}.1/32"}]},
            "right": {"network": f"right{number}", "external": [{"prefix": f"172.{16 + high}.{low}.2/32"}]},
            "services": [f"fw{number}"],
        }
    return model


def labelled(model: dict[str, Any], silent: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """Return what machines know of the ports of a model: labels in order, and silent addresses."""
    known = {"vm1": 26, "vm2": 22, "1-to-2-left": 30, "1-to-2-right": 34}
    return [
        {
            "name": port["name"],
            "compute": COMPUTE,
            "label": known.get(port["name"], 100 + 4 * index),
            "silent": [each for each in port["addresses"] if each in silent],
        }
        for index, port in enumerate(model["ports"])
    ]


def read_of(model: dict[str, Any], silent: tuple[str, ...] = (), broken: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return the input of a report on a site whose tables are as predicted, but for chains that are broken."""
    predicted = predict_from({"intent": model})
    real = predict_from({"intent": model, "ports": labelled(model, silent)})
    standing = {
        name: {**chain, "state": "absent"} if name in broken else chain for name, chain in model["chains"].items()
    }
    left = predict_from({"intent": {**model, "chains": standing}, "ports": labelled(model, silent)})
    derived = derive(read_intent(**model)).routers
    tables = {name: {**real.before[name], **left.after.get(name, {})} for name in real.after}
    return copy.deepcopy(
        {
            "intent": model,
            "made": "2026-01-31 12:00:30 UTC",
            "prediction": predicted.after,
            "routers": {
                name: {
                    "tables": _seen(tables[name]),
                    "before": _seen(real.before[name]),
                    "expected": derived[name].expected,
                    "taken": "2026-01-31 12:00:24 UTC",
                    "taken_before": "2026-01-31 12:00:05 UTC",
                }
                for name in tables
            },
            "timings": [{"what": "Waiting for the tables of vmx1", "seconds": 3.2}],
        }
    )


def reference_report() -> dict[str, Any]:
    """Return the input of the report on the reference scenario, with its one silent guest."""
    return read_of(reference_model(), silent=("10.0.2.4",))


def _seen(tables: Any) -> dict[str, Any]:
    """Return tables as a router shows them: all addresses known, by a tunnel."""
    unknown = {"left": "10.0.1.5/32", "right": "10.0.2.5/32"}
    return {
        name: {
            **table,
            "routes": [
                {
                    **row,
                    "prefix": row["prefix"] or unknown["left" if " left " in row["address_of"] else "right"],
                    "via": None if row["to_table"] else "gr-0/0/0.32771",
                }
                for row in table["routes"]
                if row["prefix"] or row["address_of"].startswith("service address of 1-to-2")
            ],
        }
        for name, table in tables.items()
    }
