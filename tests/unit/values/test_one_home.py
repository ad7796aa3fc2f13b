# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A value of the data model, an option of Contrail's modules and one of the router's take the same texts.

They bring them into one form as well. Where the two systems really differ, the case says so, and why.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec.codec import Codec
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec.errors import InvalidValueError
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec.scope import Scope
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec.shapes import PORT_RANGE
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds.parts import (
    ADDRESS,
    PREFIX_TEXT,
    ROUTE_TARGETS,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds.policy import RULE
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds.router import AS_NUMBER
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values import reading
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values.bgp import in_reserved_range
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values.faults import IntentError
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values.names import fits, logical_interface
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values.protocols import NUMBERS
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.model.field import (
    ConfigError,
    JunosField,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.model.filter import TERM_FIELDS
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.model.peering import (
    NEIGHBOR_FIELDS,
    ROUTER_FIELDS,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.model.vrf import ROUTE_FIELDS, VRF_FIELDS
from hypothesis import example, given
from hypothesis import strategies as st
from support.examples import examples

REFUSED = "refused"
NUMBER = st.one_of(
    st.integers(0, 20),
    st.integers(250, 260),
    st.sampled_from((64512, 65535, 65536, 16777216, 2**32 - 1, 2**32)),
    st.integers(0, 2**33),
).map(str)
NOISE = st.text("0123456789abf.:/-Ll% x", max_size=9)
ADDRESSES = st.one_of(
    st.ip_addresses().map(str),
    st.ip_addresses(v=6).map(lambda each: each.exploded.upper()),
    st.sampled_from(("fe80::1%eth0", "010.0.0.1", "10.0.0", "::ffff:10.0.0.1", "10.0.0.256", " 10.0.0.1 ", "")),
    NOISE,
)


def same(text: Any) -> Any:
    """Return the form that is the same for all."""
    return text


@dataclass(frozen=True)
class Kind:
    """A kind of value: texts to try, who takes them, and where they differ.

    ``plain`` brings a form that is one system's own back into the form of the data model. ``contrail_alone`` and
    ``router_alone`` are texts that only one system takes, or has its own word for.
    """

    texts: st.SearchStrategy[str]
    model: reading.Reader[Any]
    contrail: Codec
    router: JunosField
    plain: Callable[[Any], Any] = same
    contrail_alone: Callable[[str], bool] = lambda text: False
    router_alone: Callable[[str], bool] = lambda text: False


def of(fields: Sequence[JunosField], name: str) -> JunosField:
    return next(each for each in fields if each.name == name)


def codec_of_rules(option: str) -> Codec:
    return next(each.codec for each in RULE.fields if each.option == option)


def without_junos_letter(target: str) -> str:
    return target.removeprefix("target:").replace("L:", ":")


def number_of_protocol(name: Any) -> str:
    return str(NUMBERS.get(name, name))


def has_colon(text: str) -> bool:
    return ":" in text


def means_all_ports(text: str) -> bool:
    return re.fullmatch(r"any|-1(--1)?|0+-0*65535", text.strip()) is not None


KINDS = {
    "address": Kind(
        ADDRESSES,
        reading.address,
        ADDRESS,
        of(ROUTE_FIELDS, "next_hop"),
        # A next hop may be an interface as well.
        router_alone=lambda text: fits(logical_interface, text.strip()),
    ),
    "prefix": Kind(
        st.one_of(
            st.builds("{}/{}".format, ADDRESSES, st.integers(0, 130)),
            st.ip_addresses(v=4).map(lambda each: f"{each}/255.255.255.0"),
            ADDRESSES,
        ),
        reading.prefix,
        PREFIX_TEXT,
        of(TERM_FIELDS["inet"], "source"),
        # Contrail's API has a field for the length; where it lacks, it was forgotten.
        contrail_alone=lambda text: "/" not in text,
    ),
    "route target": Kind(
        st.one_of(
            st.builds(
                "{}{}{}:{}".format,
                st.sampled_from(("", "", "target:", "origin:", " ")),
                st.one_of(NUMBER, st.ip_addresses(v=4).map(str)),
                st.sampled_from(("", "", "L", "l", "x")),
                NUMBER,
            ),
            NOISE,
        ),
        reading.route_target,
        ROUTE_TARGETS.element,
        of(VRF_FIELDS, "route_target"),
        plain=without_junos_letter,
    ),
    "AS number": Kind(
        st.one_of(
            NUMBER,
            st.builds("{}{}".format, NUMBER, st.sampled_from("Llx")),
            st.builds("{}.{}".format, NUMBER, NUMBER),
            NOISE,
        ),
        reading.as_number,
        AS_NUMBER,
        of(NEIGHBOR_FIELDS, "peer_as"),
        plain=str,
    ),
    "protocol": Kind(
        st.one_of(
            st.sampled_from((*NUMBERS, "any", "frob", "TCP", " udp ", "1-6", "6-1", "006", "hopopt")), NUMBER, NOISE
        ),
        reading.protocol,
        codec_of_rules("protocol"),
        of(TERM_FIELDS["inet"], "protocol"),
        # Each system keeps the names that it knows, and everything else as a number.
        plain=number_of_protocol,
        # The router's term names no protocol where it matches any; its ranges are no business of a policy.
        contrail_alone=lambda text: text.strip() == "any",
        router_alone=lambda text: "-" in text and text.strip()[:1].isdigit(),
    ),
    "ports": Kind(
        st.one_of(NUMBER, st.builds("{}-{}".format, NUMBER, NUMBER), st.sampled_from(("any", "-1", "http")), NOISE),
        reading.ports,
        PORT_RANGE,
        of(TERM_FIELDS["inet"], "destination_ports"),
        plain=str,
        # Only Contrail has a word for all ports, and writes the range of all of them so.
        contrail_alone=means_all_ports,
    ),
    "router id": Kind(
        ADDRESSES, reading.address_of(4), ADDRESS, of(ROUTER_FIELDS, "router_id"), contrail_alone=has_colon
    ),
}


def tried(read: Callable[[], Any]) -> Any:
    try:
        return read()
    except (IntentError, InvalidValueError, ConfigError):
        return REFUSED


def by_all(kind: Kind, text: str) -> tuple[Any, Any, Any]:
    """Return what the data model, Contrail and the router make of a text."""
    several = kind.router.specification["type"] == "list"
    made = tried(lambda: kind.router.parse([text] if several else text, "p"))
    return (
        tried(lambda: kind.model(text, "p")),
        tried(lambda: kind.contrail.normalise(text, Scope(), "p")),
        made[0] if several and made != REFUSED else made,
    )


@pytest.mark.parametrize("name", KINDS)
@examples(300)
@given(data=st.data())
def test_all_three_take_the_same_and_make_the_same_of_it(name: str, data: st.DataObject) -> None:
    kind = KINDS[name]
    text = data.draw(kind.texts)
    if not text:
        return  # an option of a module is cleared by it
    model, contrail, router = by_all(kind, text)
    forms = {
        str(each if each == REFUSED else kind.plain(each))
        for each, apart in ((model, False), (contrail, kind.contrail_alone(text)), (router, kind.router_alone(text)))
        if not apart
    }
    if name == "protocol" and kind.contrail_alone(text):
        forms.discard(REFUSED)
    assert len(forms) == 1, (text, model, contrail, router)


@examples(100)
@given(asn=st.integers(1, 2**32 - 1), number=st.integers(0, 65535))
@example(asn=4200000000, number=1)
def test_a_route_target_is_spelled_in_three_ways_and_read_in_each(asn: int, number: int) -> None:
    kind = KINDS["route target"]
    spelled = by_all(kind, f"{asn}:{number}")
    assert spelled == (
        f"{asn}:{number}",
        f"target:{asn}:{number}",
        f"target:{asn}{'L' if asn > 65535 else ''}:{number}",
    )
    assert all(by_all(kind, each) == spelled for each in spelled)


@pytest.mark.parametrize(
    ("name", "text", "made"),
    [
        ("protocol", "pim", ("103", "103", "pim")),
        ("protocol", "any", ("any", "any", REFUSED)),
        ("protocol", "1-6", (REFUSED, REFUSED, "1-6")),
        ("ports", "any", (REFUSED, "any", REFUSED)),
        ("ports", "0-65535", ("0-65535", "any", "0-65535")),
        ("ports", "80-80", (80, "80", "80")),
        ("prefix", "10.0.0.1", ("10.0.0.1/32", REFUSED, "10.0.0.1/32")),
        ("prefix", "10.0.0.1/24", (REFUSED, REFUSED, REFUSED)),
        ("address", "fe80::1%eth0", (REFUSED, REFUSED, REFUSED)),
        ("AS number", "1.10", (65546, 65546, "65546")),
        ("route target", "0.0.0.1:7", ("0.0.0.1:7", "target:0.0.0.1:7", "target:0.0.0.1:7")),
        ("route target", "0:7", (REFUSED, REFUSED, REFUSED)),
        ("route target", "10L:7", ("10:7", "target:10:7", "target:10L:7")),
    ],
)
def test_where_the_systems_differ(name: str, text: str, made: tuple[Any, Any, Any]) -> None:
    assert by_all(KINDS[name], text) == made


def test_an_as_number_with_a_dot_that_yaml_read_as_a_fraction_is_refused_with_the_cure() -> None:
    with pytest.raises(IntentError, match=r'is the number 1\.1: .* put it in quotes \("1\.10"\)'):
        reading.as_number(1.10, "peer_as")


@pytest.mark.parametrize(("asn", "first", "last"), [(64512, 8_000_000, 16_777_216), (4_200_000_000, 8_000, 32_768)])
def test_all_know_the_same_range_of_contrails_own_route_targets(asn: int, first: int, last: int) -> None:
    for number, reserved in ((first - 1, False), (first, True), (last, True), (last + 1, False)):
        assert [in_reserved_range(f"{start}{asn}:{number}", asn) for start in ("", "target:")] == [reserved] * 2
    assert not in_reserved_range(f"{asn}:{first}", 64999)
