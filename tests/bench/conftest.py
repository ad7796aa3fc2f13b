# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The server that is measured against, and the table of what came out.

Without CONTRAIL_BENCH_URL it is a lab of its own that answers in two segments as real config APIs do and whose
daemons rest. With it, that server is measured; all objects that are made there are deleted again.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from lab.fixture import running_lab

URL = "CONTRAIL_BENCH_URL"


@dataclass
class Table:
    """Lines of what was measured, each against its limit."""

    lines: list[str] = field(default_factory=list)

    def add(self, what: str, value: float, limit: float, *, unit: str = "", note: str = "") -> bool:
        """Note a figure; return whether it keeps to its limit."""
        kept = value <= limit
        figure = f"{value:.3g}{unit}"
        bound = f"<= {limit:g}{unit}"
        self.lines.append(f"{what:58}  {figure:>10}  {bound:>12}  {'ok  ' if kept else 'OVER'}  {note}".rstrip())
        return kept


@pytest.fixture(scope="session")
def table() -> Iterator[Table]:
    """The table, printed at the end."""
    made = Table()
    yield made
    print("\n\n" + "\n".join([f"{'measured':58}  {'figure':>10}  {'limit':>12}", *made.lines]))


@pytest.fixture(scope="session")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the config API."""
    if os.environ.get(URL):
        yield os.environ[URL].rstrip("/")
        return
    directory: Path = tmp_path_factory.mktemp("lab")
    with running_lab(directory, "--no-hosts", "--segmented", "--daemon-delay", "86400") as lab:
        yield lab.contrail_url


@pytest.fixture
def prefix() -> str:
    """A prefix of names that nothing on the server has."""
    return f"bench-{uuid.uuid4().hex[:8]}"
