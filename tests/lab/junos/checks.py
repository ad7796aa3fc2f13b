# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Commit constraints: what the router's daemons find wrong with a whole configuration.

Each check takes the configuration in effect (groups.effective) and yields one complaint for each fault.
The texts for undefined references and missing route distinguishers are not on record for a real router;
clients should look at the structure of the errors.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from lab.junos.complaints import Complaint
from lab.junos.groups import effective

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lxml import etree

DEFAULT_INSTANCES = frozenset({"default", "master"})
FILTERED_FAMILIES = ("inet", "inet6", "mpls")
INTERFACE_BINDINGS = ("input/filter-name", "output/filter-name", "input-list", "output-list")
ROUTING_OPTIONS_POLICIES = ("instance-import", "instance-export")
POLICY_USES = (
    ("routing-instances/instance", ("vrf-import", "vrf-export"), "routing-instances {name}"),
    ("routing-instances/instance/routing-options", ROUTING_OPTIONS_POLICIES, "routing-instances routing-options"),
    ("protocols/bgp", ("import", "export"), "protocols bgp"),
    ("protocols/bgp/group", ("import", "export"), "protocols bgp group {name}"),
    ("protocols/bgp/group/neighbor", ("import", "export"), "protocols bgp neighbor {name}"),
    ("routing-instances/instance/protocols/bgp/group", ("import", "export"), "routing-instances bgp group {name}"),
    ("routing-options", ROUTING_OPTIONS_POLICIES, "routing-options"),
    ("routing-options/forwarding-table", ("export",), "routing-options forwarding-table"),
    ("routing-options/rib-groups", ("import-policy",), "routing-options rib-groups {name}"),
    ("routing-options/aggregate/route", ("policy",), "routing-options aggregate route {name}"),
    ("routing-options/generate/route", ("policy",), "routing-options generate route {name}"),
    ("policy-options/policy-statement/term/from", ("policy",), "policy-options policy-statement term from"),
)
OPERATORS = re.compile(r"[()!&|\s]+")
"""What stands between the policies of an expression: `( P && ! Q )`."""

FAILED = Complaint("configuration check-out failed")


def check(configuration: etree._Element) -> list[Complaint]:
    """All complaints about a candidate, the closing one last; empty where it can be committed."""
    complaints = list(_groups(configuration))
    in_effect = effective(configuration)
    for rule in RULES:
        complaints += rule(in_effect)
    return [*complaints, FAILED] if complaints else []


def _names(element: etree._Element, path: str) -> list[str]:
    return [(found.text or "").strip() for found in element.iterfind(path)]


def _groups(configuration: etree._Element) -> Iterator[Complaint]:
    defined = set(_names(configuration, "groups/name"))
    for name in _names(configuration, "apply-groups"):
        if name not in defined:
            yield Complaint(f"group '{name}' is not defined", path="[edit]", bad_element=f"apply-groups {name}")


def _mandatory(configuration: etree._Element) -> Iterator[Complaint]:
    if configuration.find("system/root-authentication") is None:
        yield Complaint("Missing mandatory statement: 'root-authentication'", path="[edit system]")


def _interface_filters(configuration: etree._Element) -> Iterator[Complaint]:
    for interface in configuration.iterfind("interfaces/interface"):
        for unit in interface.iterfind("unit"):
            for family in FILTERED_FAMILIES:
                bound = unit.find(f"family/{family}/filter")
                if bound is None:
                    continue
                defined = _filters(configuration, family)
                name_of_unit = f"{interface.findtext('name')} unit {unit.findtext('name')}"
                place = f"[edit interfaces {name_of_unit} family {family}]"
                for binding in INTERFACE_BINDINGS:
                    for name in _names(bound, binding):
                        if name not in defined:
                            yield Complaint(
                                f"Referenced filter '{name}' is not defined",
                                path=place,
                                bad_element="filter",
                                source="dfwd",
                            )
                for direction in ("input", "output"):
                    if bound.find(direction) is not None and bound.find(f"{direction}-list") is not None:
                        yield Complaint(
                            f"'{direction}' and '{direction}-list' are mutually exclusive",
                            path=place,
                            bad_element="filter",
                            source="dcd",
                        )


def _filters(configuration: etree._Element, family: str) -> set[str]:
    names = _names(configuration, f"firewall/family/{family}/filter/name")
    return set(names + (_names(configuration, "firewall/filter/name") if family == "inet" else []))


def _forwarding_filters(configuration: etree._Element) -> Iterator[Complaint]:
    for family in ("inet", "inet6"):
        defined = _filters(configuration, family)
        for direction in ("input", "output"):
            for name in _names(configuration, f"forwarding-options/family/{family}/filter/{direction}"):
                if name not in defined:
                    yield Complaint(
                        f"Referenced filter '{name}' is not defined",
                        path=f"[edit forwarding-options family {family} filter]",
                        bad_element=f"{direction} {name}",
                        source="dfwd",
                    )


def _nested_filters(configuration: etree._Element) -> Iterator[Complaint]:
    """Filters that a term refers to: they are of the same family, and the term has neither conditions nor actions."""
    for family, holder in (("inet", "family/inet"), ("inet6", "family/inet6"), ("inet", ".")):
        for one in configuration.iterfind(f"firewall/{holder}/filter"):
            for term in one.iterfind("term"):
                name = term.findtext("filter")
                place = f"[edit firewall filter {one.findtext('name')} term {term.findtext('name')}]"
                if name is not None and name not in _filters(configuration, family):
                    yield Complaint(f"Referenced filter '{name}' is not defined", path=place, source="dfwd")
                if name is not None and (term.find("from") is not None or term.find("then") is not None):
                    yield Complaint("filter may not stand beside from and then", path=place, source="dfwd")


def _steering(configuration: etree._Element) -> Iterator[Complaint]:
    defined = DEFAULT_INSTANCES.union(_names(configuration, "routing-instances/instance/name"))
    for family, filters in (
        *((f"family {name} ", f"firewall/family/{name}/filter") for name in ("inet", "inet6")),
        ("", "firewall/filter"),
    ):
        for one in configuration.iterfind(filters):
            for term in one.iterfind("term"):
                for target in _instances_named(term):
                    if target in defined:
                        continue
                    name = f"{family}filter {one.findtext('name')} term {term.findtext('name')}"
                    place = f"[edit firewall {name} then]"
                    yield Complaint(
                        f"Referenced routing-instance '{target}' is not defined",
                        path=place,
                        bad_element=f"routing-instance {target}",
                        source="dfwd",
                    )


def _instances_named(term: etree._Element) -> Iterator[str]:
    """The routing instances that an action of a term names, whichever action it is."""
    for then in term.iterfind("then"):
        for leaf in then.iter("routing-instance-name", "routing-instance"):
            if not len(leaf) and (leaf.text or "").strip():
                yield (leaf.text or "").strip()


def _route_distinguishers(configuration: etree._Element) -> Iterator[Complaint]:
    automatic = configuration.find("routing-options/route-distinguisher-id") is not None
    vrfs = [
        one for one in configuration.iterfind("routing-instances/instance") if one.findtext("instance-type") == "vrf"
    ]
    used = Counter(_names(configuration, "routing-instances/instance/route-distinguisher/rd-type"))
    for vrf in vrfs:
        given = vrf.findtext("route-distinguisher/rd-type")
        place = f"[edit routing-instances {vrf.findtext('name')}]"
        if given is None and not automatic:
            yield Complaint("RD must be set", path=place, bad_element="route-distinguisher", source="rpd")
        if given is not None and used[given] > 1:
            yield Complaint(f"duplicate route distinguisher {given}", path=place, bad_element=given, source="rpd")


def _instance_interfaces(configuration: etree._Element) -> Iterator[Complaint]:
    used = Counter(_names(configuration, "routing-instances/instance/interface/name"))
    for instance in configuration.iterfind("routing-instances/instance"):
        for name in _names(instance, "interface/name"):
            if used[name] > 1:
                yield Complaint(
                    f"interface {name} is configured in more than one instance",
                    path=f"[edit routing-instances {instance.findtext('name')} interface]",
                    bad_element=name,
                    source="rpd",
                )


def _policies(configuration: etree._Element) -> Iterator[Complaint]:
    defined = set(_names(configuration, "policy-options/policy-statement/name"))
    for owners, uses, place in POLICY_USES:
        for owner in configuration.iterfind(owners):
            for use in uses:
                for name in _policies_named(owner, use):
                    if name not in defined:
                        yield Complaint(
                            f"Policy error: Policy {name} referenced but not defined",
                            path=f"[edit {place.format(name=owner.findtext('name'))} {use}]",
                            bad_element=name,
                            source="rpd",
                        )


def _policies_named(owner: etree._Element, use: str) -> list[str]:
    return [name for text in _names(owner, use) for name in OPERATORS.split(text) if name]


def _communities(configuration: etree._Element) -> Iterator[Complaint]:
    defined = set(_names(configuration, "policy-options/community/name"))
    for policy in configuration.iterfind("policy-options/policy-statement"):
        for used in (".//from/community", ".//then/community/community-name"):
            for name in _names(policy, used):
                if name not in defined:
                    yield Complaint(
                        f"Policy error: community {name} referenced but not defined",
                        path=f"[edit policy-options policy-statement {policy.findtext('name')}]",
                        bad_element=name,
                        source="rpd",
                    )


def _next_tables(configuration: etree._Element) -> Iterator[Complaint]:
    leads = _leads(configuration)
    defined = {"inet.0", "inet6.0", *leads}
    for name in _names(configuration, "routing-instances/instance/name"):
        defined |= {f"{name}.inet.0", f"{name}.inet6.0"}
    for table, targets in leads.items():
        for target in sorted(targets - defined):
            yield Complaint(
                f"next-table '{target}' is not defined",
                path=f"[rib {table} routing-options static]",
                bad_element=f"next-table {target}",
                source="rpd",
            )
        if _reaches(leads, table, table):
            yield Complaint("next-table may loop", path=f"[rib {table} routing-options static]", source="rpd")


def _leads(configuration: etree._Element) -> dict[str, set[str]]:
    """Tables and those to which their routes lead on."""
    owners = [("", configuration)]
    owners += [(f"{one.findtext('name')}.", one) for one in configuration.iterfind("routing-instances/instance")]
    leads: dict[str, set[str]] = {}
    for prefix, owner in owners:
        for kind in ("static", "aggregate", "generate"):
            for name, base in _route_lists(owner, prefix, kind):
                leads.setdefault(name, set()).update(_names(base, "route/next-table"))
    return leads


def _route_lists(owner: etree._Element, prefix: str, kind: str) -> Iterator[tuple[str, etree._Element]]:
    yield from ((f"{prefix}inet.0", base) for base in owner.iterfind(f"routing-options/{kind}"))
    for rib in owner.iterfind("routing-options/rib"):
        yield from (((rib.findtext("name") or ""), base) for base in rib.iterfind(kind))


def _reaches(leads: dict[str, set[str]], start: str, goal: str) -> bool:
    seen: set[str] = set()
    front = set(leads.get(start, ()))
    while front:
        if goal in front:
            return True
        seen |= front
        front = {target for table in front for target in leads.get(table, ())} - seen
    return False


RULES: tuple[Callable[[etree._Element], Iterator[Complaint]], ...] = (
    _mandatory,
    _interface_filters,
    _forwarding_filters,
    _nested_filters,
    _steering,
    _route_distinguishers,
    _instance_interfaces,
    _policies,
    _communities,
    _next_tables,
)
