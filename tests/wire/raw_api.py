# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A config API on bare sockets, small enough to send every byte of its answers wrongly.

It keeps objects and answers as the recorded servers do; what goes over the wire is in the hands of a test.
"""

from __future__ import annotations

import json
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

PROJECT = ["default-domain", "default-project"]


def http(body: bytes, status: str = "200 OK", kind: str = "application/json") -> bytes:
    """Return an answer as the API server writes it."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\nServer: raw\r\n\r\n"
    return head.encode() + body


def told(document: Any) -> bytes:
    """Return an answer with JSON."""
    return http(json.dumps(document).encode())


NOTHING = http(b"", kind="text/html; charset=UTF-8")
"""What a deletion is answered with."""


def refusal(status: str, text: str) -> bytes:
    """Return an error as the API server writes it."""
    return http(text.encode(), status, "text/html; charset=UTF-8")


class Store:
    """Objects by kind and name, and the answers of a config API about them."""

    def __init__(self, *objects: tuple[str, list[str]]) -> None:
        self.objects: dict[tuple[str, str], dict[str, Any]] = {}
        self.writes = 0
        for kind, name in (("domain", PROJECT[:1]), ("project", PROJECT), *objects):
            self.make(kind, {"fq_name": name})

    def make(self, kind: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Store an object."""
        made = {**body, "uuid": str(uuid.uuid4())}
        self.objects[kind, ":".join(body["fq_name"])] = made
        return made

    def has(self, kind: str, name: str) -> bool:
        """Tell whether an object of the usual project is there."""
        return (kind, ":".join([*PROJECT, name])) in self.objects

    def answer(self, method: str, target: str, body: Any) -> bytes:
        """Do what a request asks for, and return the whole answer."""
        address = urlsplit(target)
        query = {name: values[0] for name, values in parse_qs(address.query, keep_blank_values=True).items()}
        parts = address.path.strip("/").split("/")
        if method == "GET" and address.path == "/":
            return told({"href": "x", "links": [{"link": {"rel": "collection", "name": "virtual-network"}}]})
        if method == "GET":
            return self._listed(parts[0].removesuffix("s"), query)
        if address.path == "/fqname-to-id":
            found = self.objects.get((body["type"], ":".join(body["fq_name"])))
            return told({"uuid": found["uuid"]}) if found else refusal("404 Not Found", "Name not found")
        self.writes += 1
        return (
            self._created(body) if method == "POST" and parts[-1].endswith("s") else self._written(method, parts, body)
        )

    def _created(self, body: Any) -> bytes:
        (kind, new), *_others = body.items()
        known = self.objects.get((kind, ":".join(new["fq_name"])))
        if known:
            return refusal("409 Conflict", f"{new['fq_name']} already exists with uuid: {known['uuid']}")
        made = self.make(kind, new)
        return told({kind: {"uuid": made["uuid"], "fq_name": made["fq_name"], "name": made["fq_name"][-1]}})

    def _written(self, method: str, parts: list[str], body: Any) -> bytes:
        if parts == ["prop-collection-update"]:
            return NOTHING
        if parts == ["ref-update"]:
            return told({"uuid": body["uuid"]})
        key = next((key for key, each in self.objects.items() if each["uuid"] == parts[-1]), None)
        if key is None:
            return refusal("404 Not Found", f"ID {parts[-1]} does not exist")
        if method == "DELETE":
            del self.objects[key]
            return NOTHING
        self.objects[key].update(body[key[0]])
        return told({key[0]: {"uuid": parts[-1], "href": "x"}})

    def _listed(self, kind: str, query: Mapping[str, str]) -> bytes:
        names = query.get("fq_names")
        found = [
            stored
            for (known, name), stored in self.objects.items()
            if known == kind and (names is None or name in names.split(","))
        ]
        if "count" in query:
            return told({f"{kind}s": {"count": len(found)}})
        paged = {"marker": None} if "page_marker" in query else {}
        return told({f"{kind}s": [{kind: each} for each in found] if "detail" in query else found, **paged})


Send = Callable[[socket.socket, bytes], bool]
"""Sends an answer, or something else in its place; False closes the connection."""


def send_all(connection: socket.socket, answer: bytes) -> bool:
    """Send an answer as it should be."""
    connection.sendall(answer)
    return True


@dataclass
class Wire:
    """What goes over the wire: ``send`` may replace the answer with a number; ``asked`` are the requests."""

    answer: Callable[[str, str, Any], bytes]
    send: Callable[[int, socket.socket, bytes], bool] = lambda _number, connection, answer: send_all(connection, answer)
    asked: list[tuple[str, str]] = field(default_factory=list)
    headers: list[bytes] = field(default_factory=list)
    answers: list[bytes] = field(default_factory=list)

    def serve(self, connection: socket.socket) -> None:
        """Answer the requests of one connection, one after the other."""
        with connection, suppress(OSError):
            received = b""
            while True:
                while b"\r\n\r\n" not in received:
                    piece = connection.recv(65536)
                    if not piece:
                        return
                    received += piece
                head, _unused, received = received.partition(b"\r\n\r\n")
                length = next(
                    (
                        int(line.split(b":")[1])
                        for line in head.split(b"\r\n")
                        if line.lower().startswith(b"content-length")
                    ),
                    0,
                )
                while len(received) < length:
                    received += connection.recv(65536)
                body, received = received[:length], received[length:]
                method, target, _version = head.split(b"\r\n")[0].decode().split(" ")
                number = len(self.asked)
                self.asked.append((method, target))
                self.headers.append(head)
                answer = self.answer(method, target, json.loads(body) if body else None)
                self.answers.append(answer)
                if not self.send(number, connection, answer):
                    return


@contextmanager
def served(serve: Callable[[socket.socket], None]) -> Iterator[str]:
    """Give each connection to ``serve`` in a thread of its own; yield host and port."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as listener:

        def accept() -> None:
            with suppress(OSError):
                while True:
                    connection, _address = listener.accept()
                    connection.settimeout(20)
                    threading.Thread(target=serve, args=(connection,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        try:
            yield f"127.0.0.1:{listener.getsockname()[1]}"
        finally:
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)


def drip(connection: socket.socket, data: bytes, pause: float = 0.02) -> bool:
    """Send data byte by byte, as long as somebody reads it."""
    for byte in data:
        connection.sendall(bytes([byte]))
        time.sleep(pause)
    return True
