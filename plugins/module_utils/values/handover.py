# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hands a module's result to later tasks as it is, whatever is done to results before people see them.

Ansible replaces every occurrence of a secret in the texts and numbers of a result (``remove_values`` of
``ansible.module_utils.common.parameters``), wherever it stands: a router password ``unit`` makes
``<********>`` of ``<unit>``. Characters that a terminal obeys are written as escapes as well. Both are right
for people, and wrong for a task that reads the result.

So what would change goes along as one text that cannot change: it is written in 64 characters, chosen such that each
secret has a character that is not among them. Then no secret can be a part of it.

Pure Python.
"""

from __future__ import annotations

import base64
import binascii
import json
import string
import zlib
from collections.abc import Iterable, Mapping
from typing import Any

KEY = "handover"
"""Where in a result the text stands."""

_BASE64 = string.ascii_uppercase + string.ascii_lowercase + string.digits + "+/"
_SIZE = len(_BASE64)

# In this order, the plainest first. Nothing that JSON, YAML, Jinja or a terminal gives a meaning to.
_CANDIDATES = (
    *string.ascii_letters,
    *string.digits,
    *"+/-_.:;,=~^@!?()[]<>|&*$",
    *map(chr, range(0x391, 0x3A2)),  # capital Greek letters
    *map(chr, range(0x410, 0x450)),  # Cyrillic letters
    *map(chr, range(0x4E00, 0x5E00)),  # Han characters: enough for thousands of secrets of one character each
)


class HandoverError(ValueError):
    """A text that is no handover, or was changed on its way."""


def sealed(data: Any, secrets: Iterable[str]) -> str:
    """Return data of JSON's types as one text that none of the secrets is a part of."""
    alphabet = _alphabet_without(secrets)
    packed = base64.b64encode(zlib.compress(json.dumps(data).encode(), 6)).decode().rstrip("=")
    return alphabet + packed.translate(str.maketrans(_BASE64, alphabet))


def _alphabet_without(secrets: Iterable[str]) -> str:
    """Return 64 characters that lack at least one of each secret's."""
    left_out: set[str] = set()
    for secret in sorted({str(each) for each in secrets} - {""}):
        if left_out.isdisjoint(secret):
            # The last that is a candidate, for its place is then filled by the least plain.
            left_out.add(secret[-1])
    return "".join([each for each in _CANDIDATES if each not in left_out][:_SIZE])


def handed_over(result: Any) -> Any:
    """Return a result as the module made it; one that nothing was done to comes back as it is.

    Raises HandoverError where what stands under ``handover`` is not what a module put there.
    """
    if not isinstance(result, Mapping) or KEY not in result:
        return result
    shown = {name: value for name, value in result.items() if name != KEY}
    return {**shown, **_opened(result[KEY])}


def _opened(text: Any) -> Mapping[str, Any]:
    try:
        alphabet, packed = text[:_SIZE], text[_SIZE:]
        plain = packed.translate(str.maketrans(alphabet, _BASE64))
        data = json.loads(zlib.decompress(base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)))
    except (TypeError, ValueError, AttributeError, binascii.Error, zlib.error):
        raise HandoverError(f"{KEY}: was changed on its way; give the module's result as it was registered") from None
    if not isinstance(data, Mapping):
        raise HandoverError(f"{KEY}: is not the result of a module of this collection")
    return data
