# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts that mean something to what they pass through: XML, JSON, YAML, shells, templates, terminals, paths."""

from __future__ import annotations

from hypothesis import strategies as st

HOSTILE = (
    "<b>", "&lt;", "&", "]]>", "<![CDATA[x]]>", "<!--", "-->", '"', "'", "\\", "</name><name>x</name>", '{"a": 1}',
    "{{ 7 * 7 }}", "{% raw %}", "{{ lookup('pipe', 'id') }}",
    "!unsafe x", "a: b", "- a", "# c", "*a", "&a", "? x", "~", "null", "yes",
    "$(id)", "`id`", ";id", "|id", "x\nid", "a\n", "a\r", "\ta", "a\tb", "a\x00b", "a\x1bb", "\x7f", "\x85", "a\u2028b",
    "\u202egnp.exe", "a\u200bb", "\ufeffa", "\ud800", "\uffff",
    "../../etc/passwd", "/etc/passwd", "x" * 256, "x" * 5000, " a ", "²", "é",
)  # fmt: skip
"""One of each sort that has harmed somebody."""

GOOD = st.sampled_from(["vn1", "64512:1", "10.0.0.0/8", "ge-0/0/0.0", "80", "tcp"])
TEXTS = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(max_size=40),
    st.tuples(GOOD, st.sampled_from(HOSTILE)).map("".join),
)
"""Any text, and good values with something behind them."""
