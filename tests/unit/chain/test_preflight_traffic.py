# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which terms cover which traffic."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.preflight.term_order import (
    EarlierTerms,
    PlacedTerm,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.preflight.traffic import (
    Flow,
    covers,
    takes,
)
from hypothesis import given
from hypothesis import strategies as st
from support.examples import examples

Values = dict[str, Any]

TCP_443 = {"source": ("10.0.0.0/8",), "protocol": ("tcp",), "destination_ports": ("443",)}


@pytest.mark.parametrize(
    ("earlier", "later", "covered"),
    [
        ({}, TCP_443, True),
        (TCP_443, {}, False),
        (TCP_443, TCP_443, True),
        ({"source": ("10.0.0.0/8",)}, TCP_443, True),
        ({"source": ("10.1.0.0/16",)}, TCP_443, False),
        ({"source": ("10.0.0.0/8",), "protocol": ("udp",)}, TCP_443, False),
        ({"protocol": ("tcp", "udp"), "destination_ports": ("400-500",)}, TCP_443, True),
        ({"protocol": ("tcp",), "destination_ports": ("80", "500-600")}, TCP_443, False),
        ({"destination": ("192.0.2.0/24",)}, TCP_443, False),
        ({"source": ("0.0.0.0/0",), "source_except": ("10.9.0.0/16",)}, TCP_443, False),
        ({"source": ("0.0.0.0/0",), "source_except": ("11.0.0.0/8",)}, TCP_443, True),
        (
            {"source": ("0.0.0.0/0",), "source_except": ("10.9.0.0/16",)},
            {**TCP_443, "source_except": ("10.9.0.0/16",)},
            True,
        ),
        ({"source": ("2001:db8::/32",)}, TCP_443, False),
        ({"dscp": ("ef",)}, TCP_443, False),
        ({"source": ("10.0.0.0/8",)}, {"source": ("10.1.0.0/16", "11.0.0.0/8")}, False),
    ],
)
def test_a_term_covers_another(earlier: Values, later: Values, covered: bool) -> None:
    assert covers(earlier, later) is covered
    order = EarlierTerms()
    order.add(PlacedTerm("earlier", earlier, None))
    assert (order.hiding(later) is not None) is covered


BGP = Flow("172.31.4.76", ("172.31.10.57", "192.0.2.1"), "tcp", destination_port=179)


@pytest.mark.parametrize(
    ("term", "taken"),
    [
        ({"source": ("172.31.0.0/20",)}, True),
        ({"source": ("172.31.9.34/32",)}, False),
        ({"source": ("172.31.0.0/20",), "source_except": ("172.31.4.76/32",)}, False),
        ({"source": ("172.31.0.0/20",), "destination": ("10.0.0.0/8",)}, False),
        ({"source": ("172.31.0.0/20",), "destination": ("192.0.2.0/24",)}, True),
        ({"source": ("172.31.0.0/20",), "protocol": ("gre",)}, False),
        ({"source": ("172.31.0.0/20",), "protocol": ("tcp",), "destination_ports": ("443",)}, False),
        ({"source": ("172.31.0.0/20",), "protocol": ("tcp",), "source_ports": ("1-1023",)}, True),
    ],
)
def test_a_term_takes_a_flow(term: Values, taken: bool) -> None:
    assert takes(term, BGP) is taken


prefixes = st.builds(
    lambda first, length: f"10.{first * 2 ** (16 - length) % 256}.0.0/{length}" if length > 8 else "10.0.0.0/8",
    st.integers(0, 255),
    st.integers(8, 16),
).filter(lambda text: int(text.split(".")[1]) % 2 ** (16 - int(text.partition("/")[2])) == 0)
terms = st.fixed_dictionaries(
    {},
    optional={
        "source": st.lists(prefixes, max_size=2),
        "source_except": st.lists(prefixes, max_size=1),
        "protocol": st.lists(st.sampled_from(["tcp", "udp"]), max_size=2),
        "destination_ports": st.lists(st.sampled_from(["1-10", "5", "8-20", "30"]), max_size=2),
    },
)
flows = st.builds(
    lambda second, protocol, port: Flow(f"10.{second}.0.1", ("192.0.2.1",), protocol, destination_port=port),
    st.integers(0, 255),
    st.sampled_from(["tcp", "udp", "gre"]),
    st.sampled_from([1, 5, 9, 15, 30, 40]),
)


@examples(100)
@given(terms, terms, flows)
def test_what_a_covered_term_takes_the_covering_one_takes_too(earlier: Values, later: Values, flow: Flow) -> None:
    if covers(earlier, later) and takes(later, flow):
        assert takes(earlier, flow)
