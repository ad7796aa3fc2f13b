# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A device that answers by script: the exact conversation of the router modules, without a network."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.model.statement import Statement
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.session import xml
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.session.session import Connection, Session
from jnpr.junos.exception import RpcError
from lxml import etree

Answer = Callable[[Any], Any]
CONNECTION = Connection("vmx1", user="lab", password="secret", timeout=5)


def rpc_error(text: str, severity: str = "error") -> RpcError:
    """Return what PyEZ raises for a reply with an rpc-error of this text."""
    reply = etree.Element("rpc-error")
    etree.SubElement(reply, "error-severity").text = severity
    etree.SubElement(reply, "error-message").text = text
    return RpcError(rsp=reply)


def configuration(statement: Statement) -> Answer:
    """Answer with a configuration."""
    return lambda _rpc: xml.to_element(statement)


def comparison(text: str) -> Answer:
    """Answer with the text of a comparison."""
    return lambda _rpc: etree.fromstring(
        f"<configuration-information><configuration-output>\n{text}\n</configuration-output></configuration-information>"
    )


def history(*entries: str) -> Answer:
    """Answer with a commit history; an entry is the XML inside commit-history."""
    inside = "".join(f"<commit-history>{one}</commit-history>" for one in entries)
    return lambda _rpc: etree.fromstring(f"<commit-information>{inside}</commit-information>")


def empty(_rpc: Any) -> bool:
    """Answer with an empty reply, which PyEZ gives as True."""
    return True


def loaded(_rpc: Any) -> Any:
    """Answer that a document was loaded."""
    return etree.fromstring("<load-configuration-results><ok/></load-configuration-results>")


def failing(error: Exception) -> Answer:
    """Answer with an error."""

    def answer(_rpc: Any) -> Any:
        raise error

    return answer


@dataclass
class Script:
    """The requests that are expected, each a piece of its XML text with what is answered; all come, in order."""

    steps: list[tuple[str, Answer]]
    closed: int = 0
    sent: list[str] = field(default_factory=list)
    timeout: int = 0

    def execute(self, rpc: Any) -> Any:
        """Take one request."""
        text = "".join(etree.tostring(rpc, encoding="unicode").split("\n"))
        self.sent.append(text)
        assert self.steps, f"nothing more was expected, but came {text}"
        expected, answer = self.steps.pop(0)
        assert expected in text, f"expected {expected}, got {text}"
        return answer(rpc)

    def send_ahead(self, rpc: Any) -> None:
        """Leave a request to the moment when its reply is asked for."""

    def close(self) -> None:
        """Count the end of a session."""
        self.closed += 1

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Open a session that this script answers; no wait takes any time."""
        with Session(CONNECTION, self, sleep=lambda _seconds: None) as session:
            yield session

    def finish(self) -> None:
        """Check that everything expected came."""
        assert not self.steps, f"still expected: {[step for step, _answer in self.steps]}"
