# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples of the documentation: the fenced blocks of the README, the guides and the roles' pages."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
PAGES = (ROOT / "README.md", *sorted(ROOT.glob("docs/*.md")), *sorted(ROOT.glob("roles/*/README.md")))
NOT_RUN = "<!-- not run: "
"""Begins the line before an example whose play needs what no lab has, and says what that is."""

_FENCE = re.compile(r"(?P<before>[^\n]*)\n\s*```(?P<language>\w+)\n(?P<text>.*?)^\s*```", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Example:
    """A fenced block: the page that it is on, the line on which it begins, its language and its text."""

    page: Path
    line: int
    language: str
    text: str
    is_run: bool

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"

    @property
    def content(self) -> Any:
        """What the block says as YAML."""
        return yaml.safe_load(self.text)

    @property
    def is_playbook(self) -> bool:
        """Whether it is a list of plays."""
        content = self.content
        return isinstance(content, list) and all("hosts" in play for play in content)

    @property
    def is_model(self) -> bool:
        """Whether it is a complete set of variables of the data model."""
        content = self.content
        return isinstance(content, dict) and "service_chains" in content


def examples(language: str) -> Iterator[Example]:
    """Yield the examples in a language, page by page."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for found in _FENCE.finditer(text):
            if found["language"] == language:
                line = text.count("\n", 0, found.start("text"))
                is_run = not found["before"].startswith(NOT_RUN)
                yield Example(page, line, language, textwrap.dedent(found["text"]), is_run)
