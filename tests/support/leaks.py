# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The net below every test: no secret that a test uses may show in what the collection prints, returns or writes.

It hangs where all tests come by, so that a new test is covered without being told:

* ``module_run``: results, diffs, warnings and log of modules, for what their options with ``no_log`` were given;
* ``conftest.py``: what Ansible's commands print, and what pytest captures, for the secrets of the suite;
* ``playbook_run`` and ``conftest.py``: the files in the directories of labs, for the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from lab.core.site import DEFAULT_SITE

NOVA_CONF = DEFAULT_SITE.parent / "hosts" / "kolla" / "etc" / "kolla" / "nova-compute" / "nova.conf"

SHORTEST = 5
"""Characters of a secret that is looked for; shorter ones stand by chance in any text."""

ORDINARY_WORDS = frozenset({"admin"})
"""Passwords that stand in results as something else: a user, a project. That they are masked has tests of its own."""

HOLDERS = ("hosts/*/etc/kolla/**/nova.conf*", "hosts/*/containers/**/nova.conf*")
"""Files of a lab's hosts that have a secret as they start, and keep it."""

_SECRET_KEYS = frozenset({"password", "secret"})


@cache
def suite_secrets() -> frozenset[str]:
    """Return the secrets of the lab: of its router, its Keystone, and the nova.conf of its compute node."""
    site = yaml.safe_load(DEFAULT_SITE.read_text(encoding="utf-8"))
    (queue,) = re.findall(r"^transport_url = \w+://\w+:([^@\n]+)@", NOVA_CONF.read_text(encoding="utf-8"), re.MULTILINE)
    passwords = {password for router in site["routers"] for password in router["users"].values()}
    return frozenset({*passwords, *_kept_secret(site), queue})


def _kept_secret(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key in _SECRET_KEYS:
                yield str(inner)
            else:
                yield from _kept_secret(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _kept_secret(inner)


def texts(value: Any) -> Iterator[str]:
    """Yield every text in data, keys of mappings included."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield str(key)
            yield from texts(inner)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for inner in value:
            yield from texts(inner)
    elif value is not None:
        yield str(value)


def leaks(value: Any, secrets: Iterable[str]) -> list[str]:
    """Return the lines of a text, or of the texts in data, in which a secret shows, with the secret masked."""
    sought = sorted((each for each in secrets if len(each) >= SHORTEST and each not in ORDINARY_WORDS), key=len)
    if not sought:
        return []
    pattern = re.compile("|".join(map(re.escape, reversed(sought))))
    return [
        pattern.sub("<secret>", line)[:300]
        for text in texts(value)
        if pattern.search(text)
        for line in text.splitlines() or [text]
        if pattern.search(line)
    ]


def refuse_leaks(value: Any, where: str, secrets: Iterable[str] | None = None) -> None:
    """Raise AssertionError where a secret, of the suite unless others are given, shows in a text or in data."""
    found = leaks(value, suite_secrets() if secrets is None else secrets)
    assert not found, f"a secret shows in {where}: {found[:5]}"


def refuse_leaking_files(directory: Path) -> None:
    """Raise AssertionError where a secret of the suite stands in a file below a lab's directory."""
    holders = {path for pattern in HOLDERS for path in directory.glob(pattern)}
    for path in sorted(directory.rglob("*")):
        if path in holders or path.is_symlink() or not path.is_file():
            continue
        refuse_leaks(path.read_bytes().decode("utf-8", "replace"), str(path))
