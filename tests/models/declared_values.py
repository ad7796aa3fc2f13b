# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Items of ``config`` for any kind of object, drawn from the declaration of the kind.

Objects that an item names are called ``a`` or ``b``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec.codec import (
    Codec,
    Name,
    Pairs,
    Plural,
    Prefix,
    Scalar,
    is_empty,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec.field import (
    Field,
    Record,
    Records,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec.scope import Scope
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec.shapes import (
    AddressPrefix,
    First,
    IpamSubnets,
    MaxInstances,
    NumberText,
    PortRanges,
    Subnets,
    fold_address,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds.entity import (
    Entity,
    ReferenceField,
)
from hypothesis import Phase, find, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

NAMES = st.sampled_from(["a", "b"])
ADDRESSES = st.sampled_from(["10.0.0.1", "192.168.7.254", "2001:DB8:0::1", "2001:db8:0:0::5"])
PREFIXES = st.sampled_from(["10.0.0.0/8", "10.1.0.0/16", "0.0.0.0/0", "2001:db8::/32", "2001:DB8:0::/64"])
TEXTS = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=8)
CONVERTED: dict[str, st.SearchStrategy[Any]] = {
    "address": ADDRESSES,
    "prefix_with_length": PREFIXES,
    "prefix": st.sampled_from(["10.0.0.1", "10.0.0.0/24", "2001:DB8::1", "2001:db8::/124"]),
    "mac_address": st.sampled_from(["02:00:00:00:00:aa", "02-00-00-00-00-BB", "0200.0000.00cc"]),
    "contrail_route_target": st.sampled_from(["64512:1", "target:64513:7", "10.1.1.1:5", "4200000000L:9", "064512:02"]),
    "policy_protocol": st.sampled_from(["any", "TCP", "udp", 6, "17", "icmp6"]),
    "policy_port_range": st.sampled_from(["80", 443, "8000-8080", "any", "0-65535"]),
    "interface_type": st.sampled_from(["management", "left", "right", "other", "other0", "other12"]),
    "as_number": st.sampled_from(["64512", 65001, "4200000000", "4200000000L", "1.10"]),
    "community": st.sampled_from(["no-export", "64512:1", "064512:010"]),
    "vxlan_identifier": st.integers(1, 0xFFFFFF),
    "count": st.integers(1, 9),
}
SUBNETS = [("10.0.0.0/8", "10.{}.0.1"), ("192.168.7.0/24", "192.168.7.{}"), ("2001:DB8::/64", "2001:db8::{}")]


def values_of(codec: Codec) -> st.SearchStrategy[Any]:
    """Return what a user may write for a codec."""
    return next(strategy(codec) for kind, strategy in _STRATEGIES if isinstance(codec, kind))


def _option(field: Field) -> st.SearchStrategy[Any]:
    """Return what a user may write for an option; a secret is nothing that stands elsewhere by chance."""
    if (field.required or field.needed) and isinstance(field.codec, Records):
        return st.lists(_records(field.codec.record), min_size=1, max_size=2, unique_by=str)
    return TEXTS.map(lambda text: f"secret-{text}") if field.is_secret else values_of(field.codec)


def _lists(element: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(element, max_size=3, unique_by=str)


def _scalars(codec: Scalar) -> st.SearchStrategy[Any]:
    if codec.choices:
        return st.sampled_from(codec.choices)
    if codec.convert is not None:
        return CONVERTED[codec.convert.__name__]
    if codec.type == "bool":
        return st.booleans()
    if codec.type == "int":
        return st.integers(*(codec.limits or (0, 99)))
    return TEXTS


def _records(record: Record) -> st.SearchStrategy[dict[str, Any]]:
    if record.fold is fold_address:
        return _rule_addresses()
    fields = [field for field in record.fields if field.api or field.required]
    return st.fixed_dictionaries(
        {field.option: _option(field) for field in fields if field.required},
        optional={field.option: _option(field) for field in fields if not field.required},
    )


def _rule_addresses() -> st.SearchStrategy[dict[str, Any]]:
    return st.one_of(
        st.sampled_from([{"any": True}, {"local": True}]),
        st.fixed_dictionaries({"network": NAMES}, optional={"subnet": PREFIXES}),
        st.fixed_dictionaries({"policy": NAMES}),
        st.fixed_dictionaries({"subnets": st.lists(PREFIXES, min_size=1, max_size=2, unique=True)}),
    )


SET_APART = {"cidr", "gateway", "allocation_pools", "allocation_unit"}
"""Fields of a subnet that have to go together."""


@st.composite
def _subnets(draw: st.DrawFn, codec: Records) -> list[dict[str, Any]]:
    """Draw subnets that do not overlap, with addresses that lie in them."""
    plain = [field for field in codec.record.fields if field.option not in SET_APART]
    subnets = []
    for cidr, pattern in draw(st.lists(st.sampled_from(SUBNETS), max_size=3, unique=True)):
        subnet = draw(st.fixed_dictionaries({}, optional={field.option: _option(field) for field in plain}))
        if draw(st.booleans()):
            subnet["gateway"] = pattern.format(1)
        ends = draw(st.lists(st.sampled_from([10, 20, 30]), max_size=2, unique=True))
        if not ends and draw(st.booleans()):
            subnet["allocation_unit"] = draw(st.sampled_from([1, 2, 4]))
        if ends:
            subnet["allocation_pools"] = [
                {"start": pattern.format(end), "end": pattern.format(end + 5)} for end in ends
            ]
        subnets.append({"cidr": cidr, **subnet})
    return subnets


def reference_values(reference: ReferenceField) -> st.SearchStrategy[Any]:
    """Return what a user may write for a reference."""
    if not reference.many:
        return NAMES
    if reference.attr is None:
        return st.lists(NAMES, max_size=2, unique=True)
    attributes = _records(reference.attr)
    named = st.tuples(NAMES, attributes).map(lambda pair: {"name": pair[0], **pair[1]})
    return st.lists(NAMES | named, max_size=2, unique_by=lambda item: item if isinstance(item, str) else item["name"])


def items(entity: Entity, *, without: frozenset[str] = frozenset()) -> st.SearchStrategy[dict[str, Any]]:
    """Return items of ``config`` for a kind, called ``n``; ``needed`` options are always given."""
    given: dict[str, st.SearchStrategy[Any]] = {"name": st.just("n")}
    optional: dict[str, st.SearchStrategy[Any]] = {}
    declared: list[Field | ReferenceField] = [*entity.fields, *entity.references]
    for item in declared:
        if item.internal or item.option in without:
            continue
        values = reference_values(item) if isinstance(item, ReferenceField) else _option(item)
        (given if item.needed else optional)[item.option] = values
    return st.fixed_dictionaries(given, optional=optional)


_STRATEGIES: list[tuple[type[Any] | tuple[type[Any], ...], Callable[[Any], st.SearchStrategy[Any]]]] = [
    ((Subnets, IpamSubnets), _subnets),
    (Records, lambda codec: _lists(_records(codec.record))),
    (Record, _records),
    (PortRanges, lambda codec: _lists(CONVERTED["policy_port_range"])),
    (Plural, lambda codec: _lists(values_of(codec.element))),
    (First, lambda codec: values_of(codec.element)),
    (AddressPrefix, lambda codec: CONVERTED["prefix"]),
    (Prefix, lambda codec: PREFIXES),
    (Pairs, lambda codec: st.dictionaries(st.sampled_from(["k1", "k2", "k3"]), st.none() | TEXTS, max_size=3)),
    (Name, lambda codec: st.sampled_from(["a", "b", *codec.words])),
    (MaxInstances, lambda codec: st.integers(1, 9)),
    (NumberText, lambda codec: st.integers(0, 9)),
    (Scalar, _scalars),
]
"""For each codec what makes values for it; the first that fits counts."""


def sample(codec: Codec) -> Any:
    """Return one value for a codec that has all its fields, none of them empty or the default."""
    if isinstance(codec, (Subnets, IpamSubnets)):
        return [_subnet_sample(codec)]
    if isinstance(codec, Records):
        return [_record_sample(codec.record)]
    if isinstance(codec, Record):
        return _record_sample(codec)
    if isinstance(codec, Plural):
        return [sample(codec.element)]
    if isinstance(codec, Pairs):
        return {"k1": "v"}
    return find(values_of(codec), lambda value: not is_empty(value), settings=_ANY)


def _record_sample(record: Record) -> dict[str, Any]:
    if record.fold is fold_address:
        return {"network": "a", "subnet": "10.0.0.0/8"}
    return {field.option: sample_of(field) for field in record.fields if field.api or field.required}


def _subnet_sample(codec: Records) -> dict[str, Any]:
    pool = {"start": "10.0.0.20", "end": "10.0.0.31", "vrouter_specific": True}
    own = {"cidr": "10.0.0.0/24", "gateway": "10.0.0.1", "dns_server": "10.0.0.2", "allocation_pools": [pool]}
    return {**{field.option: sample_of(field) for field in codec.record.fields}, **own, "allocation_unit": 4}


def sample_of(field: Field) -> Any:
    """Return one value for an option, as :func:`sample` does."""
    if field.is_secret:
        return "secret-1"
    if isinstance(field.codec, (Record, Records, Plural, Pairs)):
        return sample(field.codec)
    try:
        return find(values_of(field.codec), lambda value: _says_something(field, value), settings=_ANY)
    except NoSuchExample:
        return sample(field.codec)


def _says_something(field: Field, written: Any) -> bool:
    return field.clean(field.codec.normalise(written, Scope(), "")) is not None


def full_item(entity: Entity) -> dict[str, Any]:
    """Return an item of ``config`` for a kind that gives everything it can."""
    given = {field.option: sample_of(field) for field in entity.fields if not field.internal}
    for reference in entity.references:
        if not reference.internal:
            attr = {} if reference.attr is None else sample(reference.attr)
            named = {"name": "a", **attr} if attr else "a"
            given[reference.option] = [named] if reference.many else "a"
    return {"name": "n", **given}


_ANY = settings(database=None, derandomize=True, deadline=None, phases=[Phase.generate])
