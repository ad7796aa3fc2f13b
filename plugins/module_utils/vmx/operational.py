# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Replies to operational requests, as data with fixed keys and types: version, routing instances, commit
history.

Pure Python. The input is what ``xml.to_data`` makes of a reply.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


def entries(value: Any) -> list[dict[str, Any]]:
    """Return a repeated element as a list: one entry comes as a dict, none as nothing or an empty text."""
    if isinstance(value, Mapping):
        return [dict(value)]
    return [dict(one) for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def number(value: Any) -> int | None:
    """Return a count or metric, None where there is none."""
    text = str(value if value is not None else "").strip()
    return int(text) if text.isdigit() else None


def words(value: Any) -> str | None:
    """Return a text, None where it is empty."""
    return str(value) if value not in (None, "") and not isinstance(value, dict | list) else None


@dataclass(frozen=True)
class Commit:
    """One entry of the commit history; ``pending`` while a confirmed commit waits for its confirmation."""

    number: int
    user: str
    client: str
    time: str
    comment: str
    log: str
    pending: bool


def parse_commits(reply: Mapping[str, Any]) -> list[Commit]:
    """Return the entries of ``get-commit-information``, newest first.

    Only the marker ``<commit-confirmed>`` tells a pending commit; the comment about the rollback stays after
    confirming.
    """
    information = reply.get("commit-information")
    history = entries(information.get("commit-history")) if isinstance(information, Mapping) else []
    return [
        Commit(
            number=number(one.get("sequence-number")) or 0,
            user=words(one.get("user")) or "",
            client=words(one.get("client")) or "",
            time=words(one.get("date-time")) or "",
            comment=words(one.get("comment")) or "",
            log=words(one.get("log")) or "",
            pending="commit-confirmed" in one,
        )
        for one in history
    ]


def parse_version(reply: Mapping[str, Any]) -> dict[str, str | None]:
    """Return host name, model and Junos version of ``get-software-information``."""
    found: Any = reply.get("software-information")
    if not isinstance(found, Mapping):
        several = reply.get("multi-routing-engine-results")
        items = entries(several.get("multi-routing-engine-item")) if isinstance(several, Mapping) else []
        found = items[0].get("software-information") if items else None
    information = found if isinstance(found, Mapping) else {}
    version = words(information.get("junos-version")) or _package_version(information)
    return {
        "host_name": words(information.get("host-name")),
        "model": words(information.get("product-model")),
        "version": version,
    }


def _package_version(information: Mapping[str, Any]) -> str | None:
    """Return the version in square brackets of a package comment, which is where releases before 15.1 say
    it."""
    for package in entries(information.get("package-information")):
        comment = words(package.get("comment")) or ""
        if "[" in comment and "]" in comment:
            return comment.partition("[")[2].partition("]")[0]
    return None


def parse_instances(reply: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the entries of ``get-instance-information`` with the tables of each, in the router's order."""
    information = reply.get("instance-information")
    cores = entries(information.get("instance-core")) if isinstance(information, Mapping) else []
    return [
        {
            "name": words(core.get("instance-name")),
            "type": words(core.get("instance-type")),
            "tables": [
                {
                    "name": words(rib.get("irib-name")),
                    "active": number(rib.get("irib-active-count")),
                    "holddown": number(rib.get("irib-holddown-count")),
                    "hidden": number(rib.get("irib-hidden-count")),
                }
                for rib in entries(core.get("instance-rib"))
            ],
        }
        for core in cores
    ]
