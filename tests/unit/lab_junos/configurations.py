# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Small configurations for tests of the lab's router."""

from __future__ import annotations

from lab.junos.complaints import Complaint
from lab.junos.load import load
from lab.junos.tree import empty, plain
from lxml import etree

SECURE = "<system><root-authentication><encrypted-password>*</encrypted-password></root-authentication></system>"


def document(inner: str) -> etree._Element:
    """A document with these statements."""
    return plain(etree.fromstring(f"<configuration>{inner}</configuration>"))


def configuration(*inner: str) -> etree._Element:
    """A configuration into which these statements were loaded in turn, without complaints."""
    made = empty()
    for part in inner:
        assert load(made, document(part), "replace") == []
    return made


def loaded(into: etree._Element, inner: str, action: str = "replace") -> list[Complaint]:
    """Load statements, and give back what the router says."""
    return load(into, document(inner), action)


def filter_with(*terms: str) -> str:
    """Filter F with these term documents."""
    return f"<firewall><family><inet><filter><name>F</name>{''.join(terms)}</filter></inet></family></firewall>"


def term(name: str, attributes: str = "", then: str = "<accept/>") -> str:
    """A term's document."""
    inner = f"<then>{then}</then>" if then else ""
    return f"<term {attributes}><name>{name}</name>{inner}</term>"


def vrf(name: str, inner: str = "", attributes: str = "") -> str:
    """An instance of type vrf."""
    return (
        f"<routing-instances><instance {attributes}><name>{name}</name><instance-type>vrf</instance-type>"
        f"{inner}</instance></routing-instances>"
    )


def names(root: etree._Element, path: str) -> list[str]:
    """The texts at a path."""
    return [found.text or "" for found in root.iterfind(path)]
