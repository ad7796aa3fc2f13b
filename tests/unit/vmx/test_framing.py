# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages are the same whatever pieces they arrive in, in both framings; what is no text is marked and read on."""

from __future__ import annotations

from itertools import pairwise

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.session.framing import (
    MARK,
    Deframer,
    FramingError,
    framed,
    readable,
)
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from ncclient.xml_ import parse_root
from support.examples import examples

CHARACTERS = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff") | st.sampled_from(
    "]>#\n\t"
)
TEXTS = st.text(CHARACTERS, max_size=60)
LIMIT = 4096


def pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    """Return the bytes cut at these places, and so none twice and none left out."""
    places = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    return [data[start:end] for start, end in pairwise(places)]


def received(deframer: Deframer, data: bytes, cuts: list[int]) -> list[bytes]:
    return [message for piece in pieces(data, cuts) for message in deframer.feed(piece)]


def in_chunks(message: bytes, cuts: list[int]) -> bytes:
    chunks = b"".join(b"\n#%d\n%b" % (len(one), one) for one in pieces(message, cuts) if one)
    return chunks + b"\n##\n"


@examples(150)
@given(st.lists(TEXTS, min_size=1, max_size=4), st.lists(st.integers(0, 2000), max_size=12))
def test_any_text_in_any_pieces_is_the_same_with_delimiters(texts: list[str], cuts: list[int]) -> None:
    sent = [element(text) for text in texts]
    stream = b"".join(framed(one, chunked=False) + b"\n" for one in sent)
    found = received(Deframer(), stream, cuts)
    assert [one.strip() for one in found] == sent
    assert [value(one) for one in found] == [value(one) for one in sent]


@examples(150)
@given(
    st.lists(TEXTS, min_size=1, max_size=4),
    st.lists(st.integers(0, 2000), max_size=12),
    st.lists(st.integers(0, 200), max_size=6),
)
def test_any_text_in_any_pieces_and_chunks_is_the_same(texts: list[str], cuts: list[int], ends: list[int]) -> None:
    sent = [element(text) for text in texts]
    stream = b"".join(in_chunks(one, ends) for one in sent)
    assert received(Deframer(chunked=True), stream, cuts) == sent


def element(text: str) -> bytes:
    holder = etree.Element("description")
    holder.text = text
    encoded: bytes = etree.tostring(holder, encoding="utf-8")
    return encoded


def value(message: bytes) -> str:
    text, marked = readable(message)
    assert not marked
    return etree.fromstring(text.encode()).text or ""


@pytest.mark.parametrize("boundary", range(4093, 4099))
def test_a_character_at_the_boundary_of_a_buffer(boundary: int) -> None:
    text = "x" * (boundary - len("<description>")) + "ü \N{EN DASH} Süd"
    stream = framed(element(text), chunked=False)
    found = received(Deframer(), stream, list(range(0, len(stream), 4096)))
    assert [value(one) for one in found] == [text]


def test_the_framing_may_change_after_the_first_message() -> None:
    deframer = Deframer()
    assert list(deframer.feed(b"<hello/>]]>]]>\n")) == [b"<hello/>"]
    deframer.chunked = True
    assert list(deframer.feed(framed(b"<rpc-reply/>", chunked=True))) == [b"<rpc-reply/>"]


@examples(200)
@given(st.binary(max_size=80))
def test_any_bytes_become_text_that_a_parser_takes(data: bytes) -> None:
    text, marked = readable(b"<d>" + data.replace(b"<", b"").replace(b"&", b"").replace(b">", b"") + b"</d>")
    etree.fromstring(text.encode())
    assert marked or MARK not in text or MARK in data.decode(errors="ignore")


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("Zürich".encode("latin-1"), f"Z{MARK}rich"),
        (b"a\x1b[31mb", f"a{MARK}[31mb"),
        (b"a&#27;b&#x1B;c&#0;d&#xffff;e&#99999999999;f", f"a{MARK}b{MARK}c{MARK}d{MARK}e{MARK}f"),
        ("\N{NEXT LINE}\N{RIGHT-TO-LEFT OVERRIDE}".encode(), "\N{NEXT LINE}\N{RIGHT-TO-LEFT OVERRIDE}"),
        (b"&#228;&#x10FFFF;&#009;&lt;", "ä\U0010ffff\t<"),
    ],
)
def test_what_is_no_text_is_marked_where_it_stands(sent: bytes, read: str) -> None:
    text, marked = readable(b"<d>" + sent + b"</d>")
    assert etree.fromstring(text.encode()).text == read
    assert marked is (MARK in read)


@pytest.mark.parametrize("encoding", ["us-ascii", "UTF-8", "iso-8859-1", "utf-16"])
def test_a_declared_encoding_is_not_that_of_the_text(encoding: str) -> None:
    text, marked = readable(f'\n<?xml version="1.0" encoding="{encoding}"?>\n<d>Zürich</d>'.encode())
    assert parse_root(text.strip())[0] == "d"
    assert etree.fromstring(text).text == "Zürich"
    assert not marked


@pytest.mark.parametrize("chunked", [True, False])
def test_a_message_without_an_end_is_given_up_in_bounded_memory(chunked: bool) -> None:
    deframer = Deframer(chunked=chunked, limit=LIMIT)
    endless = b"\n#100\n" + b"x" * 100 if chunked else b"x" * 106
    with pytest.raises(FramingError, match="longer than"):
        for _piece in range(LIMIT // 100 + 2):
            assert list(deframer.feed(endless)) == []


@pytest.mark.parametrize(
    "broken", [b"<rpc-reply/>", b"\n#0\n", b"\n#x\n", b"\n#12345678901\n", b"\n#4294967295\n", b"\n#3\nabcd", b"#" * 40]
)
def test_chunks_that_are_none_are_refused(broken: bytes) -> None:
    with pytest.raises(FramingError):
        list(Deframer(chunked=True, limit=LIMIT).feed(broken))
