# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Elements of a page. Whatever stands in them is escaped when they are written, as the standard library does it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree import ElementTree as ET

# What neither XML nor HTML can hold.
_IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """Return a text without the characters that no page can hold."""
    return _IMPOSSIBLE.sub("\ufffd", text)


def element(tag: str, attributes: Mapping[str, str], *content: ET.Element | str) -> ET.Element:
    """Return an element with attributes and content, which are texts and elements."""
    made = ET.Element(tag, {name: clean(value) for name, value in attributes.items()})
    last: ET.Element | None = None
    for each in content:
        if isinstance(each, ET.Element):
            made.append(each)
            last = each
        elif last is None:
            made.text = (made.text or "") + clean(each)
        else:
            last.tail = (last.tail or "") + clean(each)
    return made


def written(root: ET.Element) -> str:
    """Return a page as text."""
    return "<!DOCTYPE html>\n" + ET.tostring(root, encoding="unicode", method="html") + "\n"
