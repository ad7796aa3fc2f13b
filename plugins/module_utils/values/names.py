# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names: of objects in Contrail, and of what a Junos configuration names.

What Contrail takes was seen on its API server; what Junos takes is in Juniper's YANG (``routing-instances``,
``firewall``) and, for the characters of an instance's name, in its documentation.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

FqName = tuple[str, ...]
"""A fully qualified name: domain, project and name, as far as the kind has them."""

_INSTANCE = re.compile(r"(__.*__)|(all)|(.*[ ].*)|(.{129,})")
_INSTANCE_RESERVED = ("default", "master")
_INSTANCE_FORBIDDEN = "!@#$%^&*,+<>:;/\"'"
_FILTER = re.compile(r"(__.*)|(.{65,})")
_POLICY = re.compile(r"\S{1,255}")
_UNIT = re.compile(r"[A-Za-z][A-Za-z0-9/:_-]*\.[0-9]+")
_TABLE = re.compile(r"(?:\S+\.)?(inet6?)\.[0-9]+")
_TUNNEL = re.compile(r"[a-zA-Z0-9_-]{1,63}")
_SERVICE_INTERFACE = re.compile(r"(management|left|right|other[0-9]*)")


def fits(check: Callable[[str], object], text: str) -> bool:
    """Tell whether a kind of name takes a text."""
    try:
        check(text)
    except ValueError:
        return False
    return True


# --- Contrail ---------------------------------------------------------------------------------------------------------


def _refuse_unfit(name: str) -> None:
    """Raise ValueError for a name that is none.

    That is one with a character that cannot be seen (a line break or one without width, say), and a list or a dict
    of which Ansible made a text before the module saw it.
    """
    if name.startswith(("[", "{")) and _is_structure(name):
        raise ValueError(f"'{name}' is a list or a dict in the place of a name: give one name")
    if not name.isprintable():
        raise ValueError(
            f"'{name}' has a character that cannot be seen: leave it out, or use display_name for the text"
        )


def _is_structure(written: str) -> bool:
    try:
        return isinstance(ast.literal_eval(written), (list, dict))
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return False


def short_name(text: str) -> str:
    """Return ``text`` as the last part of a fully qualified name; the API refuses a colon in it."""
    if not text.strip():
        raise ValueError("a name may not be empty")
    _refuse_unfit(text)
    if ":" in text:
        raise ValueError(
            f"'{text}' has a colon, which the API refuses in a name: use another character, and display_name "
            "for the text"
        )
    return text


def name_parts(text: str, depth: int) -> FqName:
    """Return the parts of a name of up to ``depth`` parts that are set apart by colons."""
    _refuse_unfit(text)
    parts = tuple(text.split(":"))
    if not all(part.strip() for part in parts):
        raise ValueError(f"'{text}' is not a name: a part between colons is empty")
    if len(parts) > depth:
        forms = {1: "NAME", 2: "NAME or DOMAIN:NAME", 3: "NAME, PROJECT:NAME or DOMAIN:PROJECT:NAME"}
        raise ValueError(f"'{text}' has too many parts: give {forms.get(depth, 'fewer')}")
    return parts


def interface_type(text: str) -> str:
    """Return a type of service interface; the schema knows management, left, right, other, other0, other1, ..."""
    if not _SERVICE_INTERFACE.fullmatch(text):
        raise ValueError(f"'{text}' is not an interface type: it is management, left, right or otherN")
    return text


# --- Junos ------------------------------------------------------------------------------------------------------------


def instance_name(text: str) -> str:
    """Check the name of a routing instance."""
    wrong = sorted(set(text) & set(_INSTANCE_FORBIDDEN))
    unseen = not text.isprintable()
    if not text or text in _INSTANCE_RESERVED or wrong or unseen or _INSTANCE.fullmatch(text):
        raise ValueError(
            f"{text!r} cannot name a routing instance: 1 to 128 characters, no space, none of"
            " ! @ # $ % ^ & * , + < > : ; / and not all, default, master or __NAME__"
        )
    return text


def filter_name(text: str) -> str:
    """Check the name of a firewall filter, a term or a counter."""
    if not text or not text.isprintable() or _FILTER.fullmatch(text) or re.search(r"[\s\"]", text):
        raise ValueError(f"{text!r} cannot name a filter or term: 1 to 64 characters, no space, no leading __")
    return text


def policy_name(text: str) -> str:
    """Check the name of something defined elsewhere, such as a policy, or of a BGP group."""
    if not text.isprintable() or not _POLICY.fullmatch(text):
        raise ValueError(f"{text!r} is not a name: 1 to 255 characters without a space")
    return text


def tunnel_name(text: str) -> str:
    """Check the name of a dynamic tunnel (Junos YANG: ``dynamic-tunnels``)."""
    if not _TUNNEL.fullmatch(text) or text == "all":
        raise ValueError(
            f"{text!r} cannot name a dynamic tunnel: 1 to 63 letters, digits, hyphens and underscores, and not all"
        )
    return text


def logical_interface(text: str) -> str:
    """Check a logical interface, such as ge-0/0/0.0 or irb.100."""
    if not _UNIT.fullmatch(text):
        raise ValueError(f"{text!r} is not a logical interface: write it with its unit, such as ge-0/0/0.0")
    return text


def routing_table(text: str) -> str:
    """Check the name of a unicast routing table: inet.0, inet6.0 or INSTANCE.inet.0."""
    if not text.isprintable() or not _TABLE.fullmatch(text):
        raise ValueError(f"{text!r} is not a routing table, such as inet.0 or vn1.inet.0")
    return text
