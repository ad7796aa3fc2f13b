# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module that all modules of the collection are.

What it says is safe to show, and whole for the next task; and whatever happens, it ends in one line.
"""

from __future__ import annotations

import copy
import json
import re
import traceback
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn

from ansible.module_utils.basic import AnsibleModule, remove_values

from .values import handover
from .values.plain_text import as_json, in_short, is_plain, on_one_line, visible

FOR_PEOPLE = frozenset({"msg", "exception", "diff", "warnings", "invocation", handover.KEY})
"""Parts of a result that no task reads."""

MOST_DIGITS = 40
"""No number that means something to a controller or a router has more."""

LONGEST_REASON = 200
"""Characters of an unexpected error's own words that are shown."""


class CollectionModule(AnsibleModule):  # type: ignore[misc]
    """A module whose results show nothing that a terminal would obey.

    Where that, or the masking of secrets, changes what a later task may read, the result has ``handover`` besides.
    """

    params: dict[str, Any]

    def __init__(self, argument_spec: Mapping[str, Any], **kwargs: Any) -> None:
        """Read the options; those that mean nothing end the module."""
        self._misplaced: Callable[[], str | None] = lambda: None
        try:
            super().__init__(argument_spec, **kwargs)
        except (TypeError, AttributeError, ValueError, OverflowError) as error:  # the core trips over some values
            self._refuse_options(argument_spec, error)
        self._misplaced = lambda: None
        wrong = next(_without_meaning(self.params, argument_spec), None)
        if wrong:
            self.fail_json(msg=wrong)

    def exit_json(self, **kwargs: Any) -> NoReturn:
        """End the module with a result."""
        super().exit_json(**self._shown(kwargs))
        raise AssertionError("exit_json returned")

    def fail_json(self, msg: str, **kwargs: Any) -> NoReturn:
        """End the module with an error; words that go on for ever are cut."""
        super().fail_json(in_short(visible(self._misplaced() or msg)), **self._shown(kwargs))
        raise AssertionError("fail_json returned")

    def warn(self, warning: str, **kwargs: Any) -> None:
        """Add a warning to the result."""
        super().warn(visible(warning), **kwargs)

    def _shown(self, result: Mapping[str, Any]) -> dict[str, Any]:
        shown: dict[str, Any] = visible(result)
        read = {name: value for name, value in result.items() if name not in FOR_PEOPLE}
        secrets = self.no_log_values
        secrets.update({visible(each) for each in secrets})  # or a secret would show as its escapes
        if changes(read, secrets):
            shown[handover.KEY] = handover.sealed(read, secrets)
        return shown

    def _load_params(self) -> None:
        """Keep the options as they were given: where the core refuses a value, it does not say which."""
        super()._load_params()
        given = copy.deepcopy(self.params)
        self._misplaced = lambda: next(_misplaced(given, self.argument_spec, ""), None)

    def _refuse_options(self, spec: Mapping[str, Any], error: Exception) -> NoReturn:
        """End the module where its options could not be read, so that its secrets are not known yet."""
        given = getattr(self, "params", None) or {}
        secret = [name for name, each in spec.items() if each.get("no_log")]
        self.no_log_values.update(str(given[name]) for name in secret if given.get(name))
        self.fail_json(msg=f"options that cannot be read: {error}", invocation={})


def unexpected(error: Exception) -> str:
    """Return the line for an error that nobody foresaw, with the place in the code that a report of it needs."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({Path(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else ""
    words = str(error)
    what = type(error).__name__ + (f": {words[:LONGEST_REASON]}" if words else "")
    return on_one_line(f"unexpected error (please report it): {what}{place}")


def changes(result: Mapping[str, Any], secrets: Any) -> bool:
    """Return whether a result that is shown, with secrets masked, is another than this one."""
    written = json.dumps(result)
    if is_plain(written) and not any(_stands_in(str(each), written) for each in secrets):
        return False
    as_read = json.loads(written)
    return bool(visible(as_read) != as_read or (secrets and remove_values(as_read, secrets) != as_read))


def _stands_in(secret: str, written: str) -> bool:
    """Tell whether a text of JSON may hold a secret; Python's words for what is no text count as well."""
    return json.dumps(secret)[1:-1] in written or any(secret in word for word in ("True", "False", "None"))


def _without_meaning(params: Mapping[str, Any], spec: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with options that have the right type and no meaning all the same."""
    for name in spec:
        value = params.get(name)
        if spec[name].get("type") in ("int", "float") and isinstance(value, bool):
            yield f"{name}: is a number, not {str(value).lower()}"
        written = as_json(value)
        if written is None or _LONG_NUMBER.search(written):
            yield from _endless(value, name)


_LONG_NUMBER = re.compile(rf"\d{{{MOST_DIGITS},}}|\d[eE]\+?\d\d|NaN|Infinity")
"""What is in JSON for every number that means nothing."""


def _endless(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, int) and abs(value) >= 10**MOST_DIGITS:
        yield f"{path}: is a number of more than {MOST_DIGITS} digits; correct it"
    elif isinstance(value, float) and not abs(value) < 10.0**MOST_DIGITS:
        yield f"{path}: is no number that can be reckoned with; correct it"
    for inner, where in _parts(value, path):
        yield from _endless(inner, where)


def _misplaced(params: Mapping[str, Any], spec: Mapping[str, Any], path: str) -> Iterator[str]:
    """Yield a line for each value that stands where the specification has a mapping."""
    for name, each in spec.items():
        value, options = params.get(name), each.get("options")
        if value is None or options is None:
            continue
        here = f"{path}{name}"
        listed = each.get("type") == "list" and isinstance(value, list)
        for entry, where in _parts(value, here) if listed else [(value, here)]:
            if isinstance(entry, Mapping):
                yield from _misplaced(entry, options, f"{where}.")
            elif entry is None:
                yield f"{where}: is empty (null); give a mapping, or leave it out"
            elif not (isinstance(entry, str) and re.search(r"=|^\s*\{", entry)):  # the core reads those
                yield f"{where}: must be a mapping, such as {{{next(iter(options), '')}: ...}}"


def _parts(value: Any, path: str) -> Iterator[tuple[Any, str]]:
    if isinstance(value, Mapping):
        yield from ((inner, f"{path}.{key}" if path else str(key)) for key, inner in value.items())
    elif isinstance(value, list):
        yield from ((inner, f"{path}[{place}]") for place, inner in enumerate(value))
