# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the daemons read the parameters of a request: Python ones by name, C++ ones by names that begin alike."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from urllib.parse import parse_qsl, unquote

from lab.introspect.definitions import Request

Parameters = Mapping[str, str]
FIRST = "x"  # Python daemons give this parameter to the first field


class InvalidParameterError(ValueError):
    """A value does not fit its field; Python daemons say so, without saying which."""


def python_parameters(request: Request, query: str) -> Parameters:
    """Return the values of a request's fields that a query string gives, as a Python daemon reads it.

    Names must be exact, others are ignored; `x` means the first field where that is not named; empty values do
    not count. Raises InvalidParameterError.
    """
    given = dict(parse_qsl(query, keep_blank_values=False))
    found = {name: given[name] for name in request.fields if name in given}
    if FIRST in given and request.fields:
        found.setdefault(next(iter(request.fields)), given[FIRST])
    for name, value in found.items():
        kind = request.fields[name]
        if (kind == "bool" and value not in ("0", "1")) or (kind not in ("bool", "string") and not _is_integer(value)):
            raise InvalidParameterError(name)
    return found


def native_parameters(request: Request, query: str) -> Parameters:
    """Return the values of a request's fields that a query string gives, as a C++ daemon reads it.

    A parameter goes to the first field whose name its own name begins with, or else to the first field. No more
    parameters are looked at than there are fields, empty values do not count, `%XX` is decoded in texts only,
    `+` stays, and a second `=` ends the value.
    """
    found: dict[str, str] = {}
    if not request.fields:
        return found
    for token in islice(query.split("&"), len(request.fields)):
        name, value = (*token.split("=", 2), "")[:2]
        if value:
            fitting = (one for one in request.fields if name.startswith(one))
            chosen = next(fitting, next(iter(request.fields)))
            found[chosen] = unquote(value) if request.fields[chosen] == "string" else value
    return found


def integer(text: str | None, default: int = 0) -> int:
    """Return a number as a C++ daemon takes one from a text: its leading digits, 0 without any."""
    if text is None:
        return default
    digits = text.lstrip().removeprefix("-")
    length = next((place for place, one in enumerate(digits) if not one.isdigit()), len(digits))
    return (-1 if text.lstrip().startswith("-") else 1) * int(digits[:length] or 0)


def flag(text: str | None) -> bool:
    """Return a truth value as a C++ daemon takes one from a text: `1` is true, `true` is not."""
    return integer(text) != 0


def _is_integer(text: str) -> bool:
    return text.removeprefix("-").isdigit()
