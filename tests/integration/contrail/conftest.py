# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One controller for all tests of this folder; each test finds it fresh."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from integration.contrail.bed import Controller, controller


@pytest.fixture(scope="session")
def running() -> Iterator[Controller]:
    """A controller that runs as long as the tests."""
    with controller() as running:
        yield running


@pytest.fixture
def contrail(running: Controller) -> Controller:
    """The controller as if it had never been written to."""
    running.reset()
    return running
