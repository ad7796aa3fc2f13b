# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Policies and the networks that they are attached to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...codec.codec import get_path
from ...codec.scope import Value
from ...codec.values import FqName, joined
from ...kinds import NETWORK_POLICY, VIRTUAL_NETWORK
from ...kinds.config import Item, Task
from ..rules import Surroundings, remarks
from ..snapshot import Snapshot
from ..stored import is_owned
from .composition import Composition, dropped, held, targets
from .services import known_service


def attach_policies(items: Sequence[Item], snapshot: Snapshot, task: Task, result: Composition) -> None:
    """Attach each policy to its networks with the sequence given; with purge, to no other.

    Rules that cannot work are refused.
    """
    for item in items:
        wanted: set[FqName] = set()
        for index, network in enumerate(item.compound.get("networks") or []):
            attr = {"sequence": network["sequence"]} if network.get("sequence") else None
            name = tuple(network["name"].split(":"))
            wanted.add(name)
            path = f"{item.path}.networks[{index}].name"
            result.wants.append(held(VIRTUAL_NETWORK, name, path, "policies", item.fq_name, attr=attr))
        stored = snapshot.look(NETWORK_POLICY.kind, item.fq_name)
        others = [name for name in targets(stored, "virtual_network_back_refs") if name not in wanted]
        if "networks" in task.purge and "networks" in item.compound:
            result.wants += dropped(VIRTUAL_NETWORK, others, item.path, "policies", item.fq_name)
            others = []
        _check_rules(item, {*wanted, *others}, snapshot, result)


def _check_rules(item: Item, attached: set[FqName], snapshot: Snapshot, result: Composition) -> None:
    """Note what is wrong with the rules that an item gives, as they would be on its networks."""
    rules = item.values.get("rules") or []
    known = Surroundings(
        {
            name: service
            for rule in rules
            for name in rule["services"]
            if (service := known_service(tuple(name.split(":")), snapshot)) is not None
        },
        frozenset(map(joined, attached)),
        {name: _subnets(name, snapshot) for name in _networks_with_subnets(rules)},
    )
    for remark in remarks(rules, f"{item.path}.rules", known):
        if remark.error:
            result.fault(remark.path, remark.message)
        else:
            result.warnings.append(f"{remark.path}: {remark.message}")


def _networks_with_subnets(rules: Sequence[Mapping[str, Value]]) -> set[str]:
    """Return the networks that rules narrow to subnets."""
    addresses = [address for rule in rules for end in ("source", "destination") for address in rule[end]]
    narrowed = [address for address in addresses if address.get("subnet") or address.get("subnets")]
    return {address["network"] for address in narrowed if address.get("network") not in {None, "any", "local"}}


def _subnets(network: str, snapshot: Snapshot) -> list[str]:
    (codec,) = (item.codec for item in VIRTUAL_NETWORK.fields if item.option == "subnets")
    stored = snapshot.look(VIRTUAL_NETWORK.kind, tuple(network.split(":")))
    return [subnet["cidr"] for subnet in codec.decode(get_path(stored, ["network_ipam_refs"]))]


def detach_policies(items: Sequence[Item], snapshot: Snapshot, task: Task, result: Composition) -> None:
    """Detach each policy from every network before it is deleted."""
    for item in items:
        stored = snapshot.look(NETWORK_POLICY.kind, item.fq_name)
        if is_owned(stored, task.owner):
            networks = targets(stored, "virtual_network_back_refs")
            result.wants += dropped(VIRTUAL_NETWORK, networks, item.path, "policies", item.fq_name)
