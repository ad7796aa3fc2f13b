# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a server answered, and what it says in it."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any

LONGEST_TEXT = 400
"""Characters of a server's own words that an error shows."""


@dataclass(frozen=True)
class Reply:
    """An HTTP answer.

    ``body`` is empty where the connection broke after the status line. ``doubtful`` says that an earlier
    attempt at the same request got no answer and may have been carried out.
    """

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    doubtful: bool = False

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """The body as JSON; ``None`` where there is none. Raises ValueError for anything else."""
        return json.loads(self.body) if self.body.strip() else None


def plain_text(body: str) -> str:
    """Return the message inside an error body: plain text, an HTML page's ``<pre>``, or Keystone's JSON."""
    text = body.strip()
    if text.startswith("{"):
        with contextlib.suppress(ValueError, KeyError, TypeError):
            text = str(json.loads(text)["error"]["message"])
    elif "<" in text and re.search(r"<(html|pre|!doctype)", text, re.IGNORECASE):
        pre = re.search(r"<pre>(.*?)</pre>", text, re.IGNORECASE | re.DOTALL)
        bare = pre.group(1) if pre else re.sub(r"(?s)<(style|script|title).*?</\1>|<[^>]*>", " ", text)
        text = unescape(bare)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > 1 and lines[0].startswith("Traceback"):
        lines = lines[-1:]
    text = " ".join(" ".join(lines).split())
    return text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}..."
