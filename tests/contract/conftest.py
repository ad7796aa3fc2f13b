# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A router of the lab for what other clients do with it; files that need another one have their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from lab.junos.running import Running, running


@pytest.fixture(scope="module")
def served() -> Iterator[Running]:
    """Run a router for the tests of a file."""
    with running() as router:
        yield router


@pytest.fixture
def router(served: Running) -> Running:
    """Return the router as it is when it starts."""
    served.ask(served.router.reset)
    return served
