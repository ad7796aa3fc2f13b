# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fresh store, and networks with a subnet in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from lab.contrail.fresh import fresh_store
from lab.contrail.store import Store

JsonDict = dict[str, Any]
PROJECT = ["default-domain", "default-project"]


@pytest.fixture
def store() -> Store:
    """Return a store as a server has it that was never written to."""
    return fresh_store()


@pytest.fixture
def make(store: Store) -> Callable[..., JsonDict]:
    """Return a function that creates an object in the default project."""

    def create(kind: str, name: str, **values: Any) -> JsonDict:
        return store.create(kind, {"fq_name": [*PROJECT, name], "parent_type": "project", **values})

    return create


@pytest.fixture
def make_network(make: Callable[..., JsonDict]) -> Callable[..., JsonDict]:
    """Return a function that creates a network with the subnet 10.0.1.0/24."""

    def create(name: str, **subnet: Any) -> JsonDict:
        entry = {"subnet": {"ip_prefix": "10.0.1.0", "ip_prefix_len": 24}, **subnet}
        reference = {"to": [*PROJECT, "default-network-ipam"], "attr": {"ipam_subnets": [entry]}}
        return make("virtual-network", name, network_ipam_refs=[reference])

    return create
