# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Docstrings of plugins begin with a verb or a noun, which reads faster than a question does."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
QUESTIONS = frozenset({"How", "What", "When", "Where", "Whether", "Which", "Who", "Whose", "Why"})


def docstrings() -> Iterator[tuple[str, str]]:
    """Yield where each docstring of a function or class stands, and its text."""
    for path in sorted((ROOT / "plugins").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and (
                text := ast.get_docstring(node)
            ):
                yield f"{path.relative_to(ROOT)}:{node.lineno}", text


def test_no_docstring_begins_with_a_question() -> None:
    wrong = [f"{place}: {text.splitlines()[0]}" for place, text in docstrings() if text.split()[0] in QUESTIONS]
    assert not wrong, "begin these with a verb (Return, Raise, Yield, ...) or a noun:\n" + "\n".join(wrong)
