# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Integration tests share one lab, a process of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from lab import fixture

lab = fixture.lab


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put files that run whole playbooks first, lest one of them be left to a single process at the end."""
    items.sort(key=lambda item: not hasattr(getattr(item, "module", None), "passed"))


@pytest.fixture
def fresh_lab(lab: fixture.Lab) -> Iterator[fixture.Lab]:
    """The lab in its fresh state, without faults."""
    lab.reset()
    yield lab
    lab.set_faults([])


@pytest.fixture(params=["test", "worker"])
def both_ways(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run modules in the test's process, and again by their action plugins in a worker of Ansible."""
    if request.param == "worker" and "MODULES_RUN" not in os.environ:
        monkeypatch.setenv("MODULES_RUN", "worker")
