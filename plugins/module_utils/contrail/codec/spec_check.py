# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Holding a written value to an argument spec, where Ansible itself cannot.

Ansible checks dicts against their options, but not in a list that may also hold texts (a rule in its short
form, a name in place of a dict). There this module does the same: unknown keys, aliases, required keys,
types and choices.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ...values.hints import did_you_mean, like
from .errors import InvalidValueError

_TRUE = frozenset({"yes", "on", "true", "t", "y", "1"})
_FALSE = frozenset({"no", "off", "false", "f", "n", "0"})


def checked_by_spec(written: Any, spec: Mapping[str, Any], path: str) -> Any:
    """Return ``written`` as ``spec``, the argument spec of one option, wants it; raises InvalidValueError.

    ``None`` stands for what was not given and stays as it is.
    """
    if written is None:
        return None
    value = _CONVERTERS[spec["type"]](written, spec, path)
    choices = () if spec["type"] == "list" else spec.get("choices")
    if choices and value not in choices:
        known = ", ".join(str(choice) for choice in choices)
        raise InvalidValueError(path, f"'{value}' is not one of {known}")
    return value


def _to_text(written: Any, spec: Mapping[str, Any], path: str) -> str:
    if isinstance(written, (Mapping, list)):
        raise InvalidValueError(path, "is to be a text")
    return str(written)


def _to_number(written: Any, spec: Mapping[str, Any], path: str) -> int:
    try:
        return int(str(written))
    except ValueError:
        raise InvalidValueError(path, f"'{written}' is not a whole number") from None


def _to_flag(written: Any, spec: Mapping[str, Any], path: str) -> bool:
    word = str(written).lower()
    if word not in _TRUE | _FALSE:
        raise InvalidValueError(path, f"'{written}' is neither true nor false")
    return word in _TRUE


def _to_list(written: Any, spec: Mapping[str, Any], path: str) -> list[Any]:
    if isinstance(written, (str, int)):
        written = [part.strip() for part in str(written).split(",")]
    if not isinstance(written, Sequence):
        raise InvalidValueError(path, "is to be a list")
    element = {**spec, "type": spec.get("elements", "raw")}
    return [checked_by_spec(item, element, f"{path}[{index}]") for index, item in enumerate(written)]


def _to_dict(written: Any, spec: Mapping[str, Any], path: str) -> dict[str, Any]:
    if not isinstance(written, Mapping):
        raise InvalidValueError(path, f"'{written}' is to be a dict")
    options = spec.get("options")
    if options is None:
        return dict(written)
    names = {name: option for option, inner in options.items() for name in (option, *inner.get("aliases", ()))}
    values: dict[str, Any] = {}
    for key, value in written.items():
        if key not in names:
            close = like(str(key), names, 1)
            cure = did_you_mean(close) if close else f"there is {', '.join(options)}"
            raise InvalidValueError(f"{path}.{key}", f"there is no such option; {cure}")
        if names[key] in values:
            raise InvalidValueError(f"{path}.{key}", f"{names[key]} is given twice")
        values[names[key]] = checked_by_spec(value, options[names[key]], f"{path}.{key}")
    for option, inner in options.items():
        if inner.get("required") and values.get(option) is None:
            raise InvalidValueError(f"{path}.{option}", "is missing")
        values.setdefault(option, inner.get("default"))
    return values


def _as_it_is(written: Any, spec: Mapping[str, Any], path: str) -> Any:
    return written


_CONVERTERS: Mapping[str, Callable[[Any, Mapping[str, Any], str], Any]] = {
    "str": _to_text,
    "int": _to_number,
    "bool": _to_flag,
    "list": _to_list,
    "dict": _to_dict,
    "raw": _as_it_is,
}
