# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# ruff: noqa: D102 (the methods of a codec are described once, in Codec)

"""Shapes of value that belong to one place of the Contrail schema: subnets, rule addresses, ports, ..."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network

from ...values.option_spec import OptionSpec
from ...values.subnets import subnet_faults
from .codec import Codec, Name, Plural, Prefix, Scalar, get_path, is_empty
from .errors import InvalidValueError
from .field import Record, Records
from .scope import GLOBAL_SYSTEM_CONFIG_NAME, Json, Look, Reference, Scope, Value
from .values import (
    address,
    address_prefix,
    in_reserved_range,
    interface_type,
    joined,
    port_range,
    reserved_numbers,
    short_name,
    uuid_text,
)

DEFAULT_IPAM = "default-domain:default-project:default-network-ipam"

PORT_RANGE = Scalar(convert=port_range)

ANY_PORT = {"start_port": -1, "end_port": -1}


class Subnets(Records):
    """The subnets of a network, which the API keeps inside references to IPAMs.

    Stored form: ``[{"to": ipam, "attr": {"ipam_subnets": [subnet, ...]}}]``; canonical form: one list of
    subnets, each with its ``ipam``. Every stored subnet that stays is sent back with its ``subnet_uuid`` and
    all else it holds, for without it the server would make it a new subnet. References whose subnets are
    the IPAM's own (flat-subnet) stay untouched.
    """

    def normalise(self, written: Value, scope: Scope, path: str) -> Value:
        return _checked_subnets(super().normalise(written, scope, path), path)

    def decode(self, stored: Json) -> Value:
        return super().decode(_flat(stored))

    def merge(self, wanted: Value, before: Value) -> Value:
        return _in_ipams(super().merge(wanted, before))

    def encode(self, value: Value, stored: Json) -> Json:
        encoded = super().encode(_in_ipams(value), _flat(stored))
        references = [_without_subnets(reference) for reference in stored or []]
        by_ipam = {joined(reference["to"]): reference for reference in references}
        for subnet in encoded:
            ipam = subnet.pop("ipam")
            if ipam not in by_ipam:
                by_ipam[ipam] = {"to": ipam.split(":"), "attr": {"ipam_subnets": []}}
            by_ipam[ipam]["attr"]["ipam_subnets"].append(subnet)
        emptied = {joined(old["to"]) for old in stored or [] if _flat([old])}
        return [
            reference for ipam, reference in by_ipam.items() if reference["attr"]["ipam_subnets"] or ipam not in emptied
        ]

    def references(self, value: Value, path: str) -> Iterator[Reference]:
        yield from super().references(_in_ipams(value), path)


class IpamSubnets(Records):
    """The subnets that an IPAM itself gives to all its networks."""

    def normalise(self, written: Value, scope: Scope, path: str) -> Value:
        return _checked_subnets(super().normalise(written, scope, path), path)


@dataclass(frozen=True)
class FlatIpams(Plural):
    """The IPAMs whose own subnets a network has; the references beside those that ``Subnets`` keeps.

    Stored form and the network's own subnets: see there.
    """

    def decode(self, stored: Json) -> Value:
        return [joined(reference["to"]) for reference in stored or [] if not _flat([reference])]

    def encode(self, value: Value, stored: Json) -> Json:
        known = {joined(reference["to"]): reference for reference in stored or []}
        own = [reference for reference in stored or [] if _flat([reference])]
        new = [{"to": name.split(":"), "attr": {"ipam_subnets": []}} for name in value or [] if name not in known]
        kept = [known[name] for name in value or [] if name in known and known[name] not in own]
        return [_reference(reference) for reference in [*own, *kept, *new]]


def _reference(stored: Json) -> dict[str, Json]:
    """Return a reference as it is sent."""
    return {"to": stored["to"], "attr": copy.deepcopy(stored.get("attr") or {"ipam_subnets": []})}


def _checked_subnets(subnets: list[Value], path: str) -> list[Value]:
    """Return subnets after checking that they have a prefix, do not overlap and hold their addresses."""
    networks: list[IPv4Network | IPv6Network] = []
    for index, subnet in enumerate(subnets):
        place = f"{path}[{index}]"
        if is_empty(subnet["cidr"]):
            raise InvalidValueError(f"{place}.cidr", "a subnet needs a prefix, as in 10.0.1.0/24")
        network = ip_network(subnet["cidr"])
        for other, earlier in enumerate(networks):
            if network.version == earlier.version and network.overlaps(earlier):
                raise InvalidValueError(f"{place}.cidr", f"{network} overlaps {path}[{other}], {earlier}")
        networks.append(network)
        check_subnet(subnet, place)
    return subnets


def check_subnet(subnet: Mapping[str, Value], path: str) -> None:
    """Raise InvalidValueError for a subnet that the server refuses."""
    faults = subnet_faults(
        subnet["cidr"],
        gateway=subnet.get("gateway"),
        pools=subnet.get("allocation_pools") or [],
        unit=subnet.get("allocation_unit"),
    )
    for place, reason in faults:
        raise InvalidValueError(f"{path}.{place}", reason)


class PeeringAttributes(Record):
    """The attributes of a peering of two BGP routers: one session with one set of them.

    Stored form: ``{"session": [{"uuid": ..., "attributes": [{"bgp_router": ..., field: ...}]}]}``. Attributes
    with a ``bgp_router`` hold for that end alone; those of both ends are meant here. All else is kept.
    """

    def decode(self, stored: Json) -> Value:
        return super().decode(_of_both_ends(stored))

    def encode(self, value: Value, stored: Json) -> Json:
        whole = copy.deepcopy(stored) if isinstance(stored, dict) else {}
        sessions = whole.get("session") or [{}]
        before = _of_both_ends(whole)
        others = [item for item in sessions[0].get("attributes") or [] if item != before]
        sessions[0]["attributes"] = [super().encode(value, before), *others]
        return {**whole, "session": sessions}


class MirrorTarget(Record):
    """The target that traffic is mirrored to.

    Of an analyzer, which is a service instance, the schema transformer fills in the address; where none is given that
    is no difference.
    """

    def normalise(self, written: Value, scope: Scope, path: str) -> Value:
        if written.get("address") == "" and not is_empty(written.get("analyzer")):
            fault = "the schema transformer fills in the address of an analyzer: leave it out"
            raise InvalidValueError(f"{path}.address", fault)
        return super().normalise(written, scope, path)

    def merge(self, wanted: Value, before: Value) -> Value:
        merged = super().merge(wanted, before)
        analyzer = get_path(merged, ["analyzer"])
        if is_empty(analyzer) or get_path(before, ["analyzer"]) != analyzer or not is_empty(merged.get("address")):
            return merged
        return {**merged, "address": before.get("address")}


def _of_both_ends(stored: Json) -> Json:
    """Return the attributes of a peering that hold for both ends, ``None`` where there are none."""
    sessions = get_path(stored, ["session"]) or [{}]
    attributes = sessions[0].get("attributes") or []
    return next((item for item in attributes if is_empty(item.get("bgp_router"))), None)


def _in_ipams(subnets: Value) -> list[dict[str, Value]]:
    """Return subnets each with its IPAM."""
    return [{**subnet, "ipam": subnet.get("ipam") or DEFAULT_IPAM} for subnet in subnets or []]


def _flat(stored: Json) -> list[dict[str, Json]]:
    """Return the subnets of all IPAM references, each with the name of its IPAM."""
    return [
        {**subnet, "ipam": joined(reference["to"])}
        for reference in stored or []
        for subnet in get_path(reference, ["attr", "ipam_subnets"]) or []
        if not is_empty(get_path(subnet, ["subnet", "ip_prefix"]))
    ]


def _without_subnets(reference: Json) -> dict[str, Json]:
    """Return an IPAM reference as it is sent back, without the subnets that are the network's own."""
    attr = copy.deepcopy(reference.get("attr") or {})
    attr["ipam_subnets"] = [
        subnet for subnet in attr.get("ipam_subnets") or [] if is_empty(get_path(subnet, ["subnet", "ip_prefix"]))
    ]
    return {"to": reference["to"], "attr": attr}


@dataclass(frozen=True)
class First(Codec):
    """One value that the API keeps in a list of one."""

    element: Scalar

    def spec(self) -> OptionSpec:
        return self.element.spec()

    def normalise(self, written: Value, scope: Scope, path: str) -> Value:
        return self.element.normalise(written, scope, path)

    def decode(self, stored: Json) -> Value:
        return self.element.decode(stored[0]) if stored else None

    def encode(self, value: Value, stored: Json) -> Json:
        return [value]


@dataclass(frozen=True)
class AddressPrefix(Prefix):
    """An IP prefix for which an address alone may be written."""

    def normalise(self, written: Value, scope: Scope, path: str) -> Value:
        return Scalar(convert=address_prefix).normalise(written, scope, path)


@dataclass(frozen=True)
class NumberText(Codec):
    """A number that the API keeps as text."""

    def spec(self) -> OptionSpec:
        return {"type": "int"}

    def decode(self, stored: Json) -> Value:
        return None if is_empty(stored) else int(float(stored))

    def encode(self, value: Value, stored: Json) -> Json:
        return str(value)


@dataclass(frozen=True)
class OnlyTrue(Scalar):
    """A flag that is only sent where it is set, for older releases do not know the field."""

    def normalise(self, written: Value, scope: Scope, path: str) -> Value:
        return written or None

    def clean(self, value: Value) -> Value:
        return value or None


@dataclass(frozen=True)
class MaxInstances(Scalar):
    """The number of machines of a service, which the API keeps beside a flag that it wants too."""

    def decode(self, stored: Json) -> Value:
        return get_path(stored, ["max_instances"])

    def encode(self, value: Value, stored: Json) -> Json:
        return {"auto_scale": bool(get_path(stored, ["auto_scale"])), "max_instances": value}


@dataclass(frozen=True)
class PortRanges(Plural):
    """Ports of a policy rule, which the API keeps as ``[{"start_port": 80, "end_port": 80}]``.

    No port means any port; the API then wants -1 to -1.
    """

    element: Codec = PORT_RANGE

    def normalise(self, written: Value, scope: Scope, path: str) -> Value:
        return [item for item in super().normalise(written, scope, path) if item != "any"]

    def decode(self, stored: Json) -> Value:
        written = [f"{item.get('start_port')}-{item.get('end_port')}" for item in stored or []]
        return [item for item in map(self.element.decode, written) if item != "any"]

    def encode(self, value: Value, stored: Json) -> Json:
        bounds = [item.partition("-") for item in value or []]
        ranges = [{"start_port": int(low), "end_port": int(high if dash else low)} for low, dash, high in bounds]
        return ranges or [dict(ANY_PORT)]


PORT_KIND = "virtual-machine-interface"

PORT_CLUES: dict[str, Codec] = {
    "name": Name(PORT_KIND),
    "uuid": Scalar(convert=uuid_text),
    "address": Scalar(convert=address),
    "server": Codec(),
}
"""By what a port can be told, with the form of it; of these exactly one is given."""


@dataclass(frozen=True)
class PortsByInterface(Codec):
    """A dict from interface type to a port: ``{"left": "fw1-left"}`` or ``{"left": {"server": "fw1"}}``.

    Canonical is the port's full name, or a dict with one of ``PORT_CLUES``, and perhaps with the network that
    narrows the search.
    """

    def spec(self) -> OptionSpec:
        return {"type": "dict"}

    def normalise(self, written: Value, scope: Scope, path: str) -> Value:
        ports: dict[str, Value] = {}
        for key, clue in written.items():
            place = f"{path}.{key}"
            try:
                interface_type(key)
            except ValueError as error:
                raise InvalidValueError(place, str(error)) from None
            ports[key] = _port(clue, scope, place)
        return ports


def _port(written: Value, scope: Scope, path: str) -> Value:
    """Return the canonical form of what tells one port."""
    if isinstance(written, str) and written:
        return Name(PORT_KIND).normalise(written, scope, path)
    known = ", ".join(PORT_CLUES)
    if not isinstance(written, dict):
        raise InvalidValueError(path, f"give the name of a port, or a dict with one of {known}")
    given = {key: text for key, text in written.items() if not is_empty(text)}
    for key, text in given.items():
        if key not in PORT_CLUES and key != "network":
            raise InvalidValueError(f"{path}.{key}", f"a port is not told by {key}: give one of {known}")
        if not isinstance(text, str):
            raise InvalidValueError(f"{path}.{key}", f"give a text, not {text}")
    clues = [key for key in PORT_CLUES if key in given]
    if len(clues) != 1:
        raise InvalidValueError(path, f"give one of {known}" + (f", not {' and '.join(clues)}" if clues else ""))
    (clue,) = clues
    if clue in {"name", "uuid"} and "network" in given:
        raise InvalidValueError(f"{path}.network", f"a {clue} needs no network: leave it out")
    value = PORT_CLUES[clue].normalise(given[clue], scope, f"{path}.{clue}")
    if clue == "name":
        return value
    network = Name("virtual-network").normalise(given.get("network"), scope, f"{path}.network")
    return {clue: value, **({"network": network} if network else {})}


@dataclass(frozen=True)
class ShortName(Codec):
    """The last part of the name of a child object."""

    def spec(self) -> OptionSpec:
        return {"type": "str"}

    def normalise(self, written: Value, scope: Scope, path: str) -> Value:
        try:
            return short_name(written)
        except ValueError as error:
            raise InvalidValueError(path, str(error)) from None


def fold_address(given: dict[str, Value], path: str) -> dict[str, Value]:
    """Turn ``any: true`` and ``local: true`` of a rule's address into the API's words.

    The API has one field for a network's name and for these words; more than one of them is refused.
    """
    given = {key: value for key, value in given.items() if value is not False and not is_empty(value)}
    words = [word for word in ("any", "local") if given.pop(word, None)]
    if len(words) + len({"network", "policy"} & set(given)) > 1:
        raise InvalidValueError(path, "give one of network, policy, local and any")
    if not words and not given:
        raise InvalidValueError(path, "give network, policy, subnet, subnets, local or any")
    if {"subnet", "subnets"} <= set(given):
        raise InvalidValueError(path, "give subnet or subnets, not both")
    return {**given, "network": words[0]} if words else given


def fold_sequence(given: dict[str, Value], path: str) -> dict[str, Value]:
    """Complete a policy's sequence; a number that is left out is 0."""
    for key, number in given.items():
        if number < 0:
            raise InvalidValueError(f"{path}.{key}", f"{number} is not a sequence number: it is 0 or more")
    return {"major": 0, "minor": 0, **given}


def outside_reserved_range(value: Value, look: Look, path: str) -> Iterator[InvalidValueError]:
    """Refuse route targets that the schema transformer could allot to another network.

    The global AS is only looked up where a number is suspicious.
    """
    for index, target in enumerate(value or []):
        if not in_reserved_range(target, None):
            continue
        stored = look("global-system-config", GLOBAL_SYSTEM_CONFIG_NAME)
        asn = get_path(stored, ["autonomous_system"])
        if in_reserved_range(target, asn):
            reserved = reserved_numbers(int(target.split(":")[1]))
            yield InvalidValueError(
                f"{path}[{index}]",
                f"{target} is one of the route targets that Contrail allots itself in its own AS "
                f"({reserved[0]} to {reserved[-1]}): choose a number below {reserved[0]}",
            )
