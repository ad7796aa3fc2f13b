# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replays recorded exchanges with a Contrail API server against the lab's, and compares what comes back.

Values that no two servers share are matched, not compared: where the recording has a uuid, the lab must have
one, and the same one wherever the recording repeats it. So are times, MAC addresses made from uuids, encrypted
passwords, and route targets that the schema transformer numbers. Lists whose order the recorded server owes to
its random uuids, or to a set, are compared without order.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import requests
from contract.lab_server import LabServer

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?$")
MAC = re.compile(r"^02(:[0-9a-f]{2}){5}$")
CIPHER = re.compile(r"^[A-Za-z0-9+/]{22,}==$")
HOST = re.compile(r"http://127\.0\.0\.1:8[0-9]82")
AUTOMATIC_TARGET = re.compile(r"^target:64512:80000\d\d$")
UNCOMPARED_NUMBERS = frozenset({"uuid_mslong", "uuid_lslong", "access_control_list_hash"})

MADE_BY_SERVER = frozenset({"name", "href", "parent_href", "parent_uuid", "virtual_network_network_id"})


@dataclass(frozen=True)
class Exchange:
    """One recorded request and its answer; `key` is `<file number>:<position>`."""

    key: str
    label: str
    method: str
    path: str
    headers: dict[str, str] | None
    request: Any
    status: int
    response: Any
    tag: str | None

    @property
    def title(self) -> str:
        """Say in a line what the exchange was."""
        return f"{self.label}: {self.method} {self.path[:80]} -> {self.status}"


@dataclass
class Outcome:
    """How an exchange came out: `differences` are lines, empty if the bodies agree."""

    exchange: Exchange
    status: int
    differences: list[str]

    @property
    def status_agrees(self) -> bool:
        """Say whether the lab answered with the recorded status."""
        return self.status == self.exchange.status

    @property
    def agrees(self) -> bool:
        """Say whether status and body are as recorded."""
        return self.status_agrees and not self.differences


def recorded_exchanges(path: Path) -> list[Exchange]:
    """Return the exchanges of one transcript."""
    number = path.name.partition("_")[0]
    return [_exchange(f"{number}:{position}", json.loads(line)) for position, line in enumerate(path.open())]


def _exchange(key: str, line: dict[str, Any]) -> Exchange:
    """Return a line of a transcript; those of the official client have parameters apart from the path."""
    path = line["path"] if line["path"].startswith("/") else f"/{line['path']}"
    if line.get("params"):
        path = f"{path}?{urlencode(line['params'])}"
    return Exchange(
        key=key,
        label=line.get("label", "official client"),
        method=line["method"],
        path=path,
        headers=line.get("request_headers") or line.get("headers"),
        request=line.get("request"),
        status=line["status"],
        response=line["response"],
        tag=line.get("etag"),
    )


class Replay:
    """Carries requests to the lab and keeps which recorded uuid is which of the lab's."""

    def __init__(self, server: LabServer) -> None:
        self._server = server
        self._session = requests.Session()
        self._known: dict[str, str] = {}
        self._taken: dict[str, str] = {}
        self._tags: dict[str, str] = {}

    def write(self, kind: str, body: dict[str, Any]) -> None:
        """Make an object that the recording presupposes; the uuid in its body is a recorded one."""
        answer = self._request("POST", f"/{kind}s", {kind: body})
        self.learn(body["uuid"], answer.json()[kind]["uuid"])

    def write_seen(self, exchange: Exchange) -> None:
        """Make the object that an exchange reads, and what it refers to, as the recorded answer shows them."""
        ((kind, seen),) = exchange.response.items()
        body = {name: value for name, value in seen.items() if name not in MADE_BY_SERVER and not _are_links(value)}
        for field in [name for name in seen if name.endswith("_refs")]:
            target = field.removesuffix("_refs").replace("_", "-")
            for link in seen[field]:
                own = {"uuid": link["uuid"], "fq_name": link["to"], "parent_type": seen["parent_type"]}
                self.write(target, own)
            body[field] = [{"to": link["to"], "attr": link["attr"]} for link in seen[field]]
        self.write(kind, body)

    def request(self, method: str, path: str, body: Any) -> None:
        """Send a request that the recording presupposes."""
        self._request(method, path, body)

    def _request(self, method: str, path: str, body: Any) -> requests.Response:
        text = self._ours(json.dumps(body))
        headers = {"Content-Type": "application/json"}
        answer = self._session.request(method, self._server.url + self._ours(path), data=text, headers=headers)
        answer.raise_for_status()
        return answer

    def learn(self, recorded: str, ours: str) -> bool:
        """Note that a recorded value is this one of ours. Return whether nothing speaks against it."""
        if recorded in self._known or ours in self._taken:
            return self._known.get(recorded) == ours and self._taken.get(ours) == recorded
        self._known[recorded], self._taken[ours] = ours, recorded
        return True

    def send(self, exchange: Exchange) -> Outcome:
        """Send a recorded request, in the lab's own uuids, and compare the answer."""
        body = exchange.request
        headers = {name: self._tags.get(text, text) for name, text in (exchange.headers or {}).items()}
        if body is not None and not isinstance(body, str):
            body = json.dumps(body)
        if body is not None:
            headers.setdefault("Content-Type", "application/json")
        answer = self._session.request(
            exchange.method,
            self._server.url + self._ours(exchange.path),
            data=None if body is None else self._ours(body).encode(),
            headers=headers,
            stream=True,
        )
        text = _text_of(answer)
        if exchange.tag:
            ours = answer.headers.get("ETag", "")
            self._tags |= {exchange.tag: ours, exchange.tag.strip('"'): ours.strip('"')}
        if exchange.status != answer.status_code:
            return Outcome(exchange, answer.status_code, [f"answered {text[:300]!r}"])
        got: Any = text
        if not isinstance(exchange.response, str):
            got = json.loads(text)
        differences = list(self._compare("", exchange.response, got))
        if exchange.tag and "ETag" not in answer.headers:
            differences.append("no ETag")
        return Outcome(exchange, answer.status_code, differences)

    def _ours(self, text: str) -> str:
        """Return text of the recording with the lab's uuids and address."""
        translated = UUID.sub(lambda found: self._known.get(found[0], found[0]), text)
        return self._here(translated)

    def _compare(self, where: str, recorded: Any, ours: Any) -> Iterator[str]:
        if isinstance(recorded, dict) and isinstance(ours, dict):
            yield from self._compare_mappings(where, recorded, ours)
        elif isinstance(recorded, list) and isinstance(ours, list):
            yield from self._compare_lists(where, recorded, ours)
        elif isinstance(recorded, str) and isinstance(ours, str):
            if not self._same_text(recorded, ours):
                yield f"{where}: recorded {self._ours(recorded)[:300]!r}, lab {ours[:300]!r}"
        elif where.rpartition(".")[2] in UNCOMPARED_NUMBERS and isinstance(ours, int):
            return
        elif recorded != ours or type(recorded) is not type(ours):
            yield f"{where}: recorded {_short(recorded)}, lab {_short(ours)}"

    def _compare_mappings(self, where: str, recorded: dict[str, Any], ours: dict[str, Any]) -> Iterator[str]:
        for name in sorted(recorded.keys() | ours.keys()):
            if name not in ours:
                yield f"{where}.{name}: recorded {_short(recorded[name])}, absent in the lab"
            elif name not in recorded:
                yield f"{where}.{name}: absent in the recording, lab {_short(ours[name])}"
            else:
                yield from self._compare(f"{where}.{name}", recorded[name], ours[name])

    def _compare_lists(self, where: str, recorded: list[Any], ours: list[Any]) -> Iterator[str]:
        if len(recorded) != len(ours):
            names = [_name(entry) for entry in recorded], [_name(entry) for entry in ours]
            yield f"{where}: recorded {len(recorded)}, lab {len(ours)} entries: {names[0]} {names[1]}"[:900]
            return
        if all(_is_link(entry) for entry in [*recorded, *ours]):
            recorded = sorted(recorded, key=lambda link: self._ours(_name(link)))
            ours = sorted(ours, key=_name)
        elif any(UUID.search(_name(entry)) or _is_home_link(entry) for entry in recorded):
            recorded = sorted(recorded, key=lambda entry: self._ours(_name(entry)))
            ours = sorted(ours, key=_name)
        for position, (left, right) in enumerate(zip(recorded, ours, strict=True)):
            yield from self._compare(f"{where}[{position}]", left, right)

    def _same_text(self, recorded: str, ours: str) -> bool:
        for pattern in (TIME, CIPHER):
            if pattern.match(recorded):
                return bool(pattern.match(ours))
        for pattern in (MAC, AUTOMATIC_TARGET):
            if pattern.match(recorded) and pattern.match(ours):
                return self.learn(recorded, ours)
        found, answered = UUID.findall(recorded), UUID.findall(ours)
        if UUID.sub("U", self._here(recorded)) != UUID.sub("U", ours):
            return False
        if len(found) > 1 and _users(self._ours(recorded)) == _users(ours):
            return True
        pairs = list(zip(found, answered, strict=True))
        return [self.learn(*pair) for pair in pairs].count(True) == len(pairs)

    def _here(self, recorded: str) -> str:
        """Return text of the recording with the lab's address."""
        return HOST.sub(self._server.url, recorded)


def _text_of(answer: requests.Response) -> str:
    """Return the body of an answer; one that breaks off is described as the recording describes it."""
    try:
        return answer.text
    except requests.exceptions.ChunkedEncodingError as error:
        return f"<<broken body: {error}>>"


def _users(text: str) -> list[str]:
    """Return the quoted parts of a text, sorted: a refused delete has its links in the order of uuids."""
    return sorted(re.findall(r"'([^']*)'", text))


def _are_links(value: Any) -> bool:
    return isinstance(value, list) and any(_is_link(entry) for entry in value)


def _is_link(entry: Any) -> bool:
    """Say whether a list entry is a reference, a child or a back reference."""
    return isinstance(entry, dict) and "to" in entry


def _is_home_link(entry: Any) -> bool:
    """Say whether a list entry is a link of the home page, which a server lists in the order of a set."""
    return isinstance(entry, dict) and entry.keys() == {"link"}


def _name(entry: Any) -> str:
    if not isinstance(entry, dict):
        return str(entry)
    if _is_home_link(entry):
        return str(entry["link"]["href"])
    inner = next(iter(entry.values())) if len(entry) == 1 else entry
    name = inner.get("to") or inner.get("fq_name") or "" if isinstance(inner, dict) else ""
    return ":".join(name) if isinstance(name, list) else str(name)


def _short(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) < 200 else f"{text[:200]}..."
