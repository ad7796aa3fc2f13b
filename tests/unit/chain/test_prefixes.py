"""Finding prefixes that overlap."""

from __future__ import annotations

from ansible_collections.opencontrail.service_chain.plugins.module_utils.values.prefix_index import PrefixIndex, overlap
from hypothesis import given
from hypothesis import strategies as st
from support.examples import examples

# Few bits, so that overlaps are common.
SMALL = st.builds(
    lambda bits, length: f"10.0.0.{bits >> (8 - length) << (8 - length)}/{24 + length}",
    st.integers(0, 255),
    st.integers(0, 8),
)
SMALL_SIX = st.builds(
    lambda bits, length: f"fd00::{bits >> (8 - length) << (8 - length):x}/{120 + length}",
    st.integers(0, 255),
    st.integers(0, 8),
)


@examples(100)
@given(st.lists(SMALL | SMALL_SIX, max_size=12), SMALL | SMALL_SIX)
def test_the_index_finds_what_comparing_each_finds(prefixes: list[str], asked: str) -> None:
    index = PrefixIndex((prefix, str(place)) for place, prefix in enumerate(prefixes))
    expected = sorted((prefix, str(place)) for place, prefix in enumerate(prefixes) if overlap(prefix, asked))
    assert sorted(index.overlapping(asked)) == expected
