# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A world in the reference scenario, chain, router and all, whose introspect pages are looked at."""

from __future__ import annotations

import pytest
from lab.core.world import World
from models.reference_world import reference_world


@pytest.fixture
def world() -> World:
    """The reference scenario: a chain vn1 - 1-to-2 - vn2, up, and a router with both VRFs."""
    return reference_world()


@pytest.fixture
def late_world() -> World:
    """The same under release 5.0, where a chain with one dead side withdraws as a whole."""
    return reference_world("5.0")
