# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes over the wire: the envelope of a reply, errors, and trees with the router's namespaces."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from lab.junos.groups import MARK
from lab.junos.schema import CONFIGURATION, Statement
from lab.junos.tree import carrying, children

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lab.junos.complaints import Complaint

BASE = "urn:ietf:params:xml:ns:netconf:base:1.0"
XNM = "http://xml.juniper.net/xnm/1.1/xnm"
JUNOS = "http://xml.juniper.net/junos/*/junos"
"""Namespace of `junos:` attributes inside the lab; on the wire it carries the release."""

END = "]]>]]>"
OK = "<ok/>\n"
CAPABILITIES = (
    "urn:ietf:params:netconf:base:1.0",
    "urn:ietf:params:netconf:capability:candidate:1.0",
    "urn:ietf:params:netconf:capability:confirmed-commit:1.0",
    "urn:ietf:params:netconf:capability:validate:1.0",
    "urn:ietf:params:netconf:capability:url:1.0?scheme=http,ftp,file",
    "urn:ietf:params:xml:ns:netconf:base:1.0",
    "urn:ietf:params:xml:ns:netconf:capability:candidate:1.0",
    "urn:ietf:params:xml:ns:netconf:capability:confirmed-commit:1.0",
    "urn:ietf:params:xml:ns:netconf:capability:validate:1.0",
    "urn:ietf:params:xml:ns:netconf:capability:url:1.0?protocol=http,ftp,file",
    "urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring",
    "http://xml.juniper.net/netconf/junos/1.0",
    "http://xml.juniper.net/dmi/system/1.0",
)


def hello(session_id: int, user: str) -> str:
    """The router's hello, framed."""
    capabilities = "".join(f"    <capability>{escape(one)}</capability>\n" for one in CAPABILITIES)
    return (
        "<!-- No zombies were killed during the creation of this user interface -->\n"
        f"<!-- user {escape(user)}, class super-user -->\n"
        f'<hello xmlns="{BASE}">\n  <capabilities>\n{capabilities}  </capabilities>\n'
        f"  <session-id>{session_id}</session-id>\n</hello>\n{END}\n"
    )


def release_namespace(version: str, part: str) -> str:
    """A namespace of the release: `17.2R1.13` and `junos-routing` make `http://.../junos/17.2R1/junos-routing`."""
    head, _unused, tail = version.rpartition(".")
    release = head if head and "R" in head and tail.isdigit() else version
    return f"http://xml.juniper.net/junos/{release}/{part}"


def envelope(attributes: Mapping[str, str], body: str, version: str) -> str:
    """A framed reply to an rpc that carried these attributes."""
    junos = release_namespace(version, "junos")
    echoed = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
    return f'<rpc-reply xmlns="{BASE}" xmlns:junos="{junos}"{echoed}>\n{body}</rpc-reply>\n{END}\n'


def rpc_error(complaint: Complaint) -> str:
    """One rpc-error."""
    parts = [
        ("error-type", "protocol"),
        ("error-tag", complaint.tag),
        ("error-severity", complaint.severity),
        *([("source-daemon", complaint.source)] if complaint.source else []),
        *([("error-path", complaint.path)] if complaint.path else []),
    ]
    text = "".join(f"<{name}>{escape(value)}</{name}>\n" for name, value in parts)
    message = f"<error-message>{escape(complaint.message)}</error-message>\n"
    info = [*([("bad-element", complaint.bad_element)] if complaint.bad_element else []), *complaint.info]
    inner = "".join(f"<{name}>{escape(value)}</{name}>\n" for name, value in info)
    closing = results("error-info", inner) if inner else ""
    return results("rpc-error", text + message + closing)


def rpc_errors(complaints: Iterable[Complaint]) -> str:
    """All of them, in order."""
    return "".join(rpc_error(complaint) for complaint in complaints)


def results(name: str, body: str) -> str:
    """A result element around a body."""
    return f"<{name}>\n{body}</{name}>\n"


def fragment(element: etree._Element, version: str, namespace: str | None = None) -> str:
    """A tree without namespaces as text: its root in `namespace`, `junos:` as the envelope declares it."""
    copied = copy.deepcopy(element)
    etree.indent(copied, space="")
    declared = etree.Element("carrier", nsmap={"junos": JUNOS})
    declared.append(copied)
    text = etree.tostring(copied, encoding="unicode").replace(f' xmlns:junos="{JUNOS}"', "", 1).rstrip() + "\n"
    if namespace:
        root = str(element.tag)
        text = text.replace(f"<{root}", f'<{root} xmlns="{release_namespace(version, namespace)}"', 1)
    return text


def configuration(tree: etree._Element, attributes: Mapping[str, str]) -> str:
    """A configuration as text, `junos:` attributes on its root, empty containers open on two lines."""
    copied = copy.deepcopy(tree)
    _open_containers(copied, CONFIGURATION)
    for element in carrying(copied, MARK):
        element.set(f"{{{JUNOS}}}group", element.get(MARK, ""))
        del element.attrib[MARK]
    for name, value in attributes.items():
        copied.set(f"{{{JUNOS}}}{name}", value)
    return fragment(copied, "").replace("<configuration", f'<configuration xmlns="{XNM}"', 1)


def _open_containers(element: etree._Element, statement: Statement) -> None:
    for child, known in children(element, statement):
        if known.branches:
            _open_containers(child, known)
            if not len(child) and known.kind != "free":
                child.text = "\n"
