# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Worlds for tests of the lab's daemons."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from lab.core.site import Site, read_site
from lab.core.world import World
from models.chain_objects import ChainObjects

Build = Callable[..., tuple[World, ChainObjects]]


@pytest.fixture(scope="session")
def site() -> Site:
    """The site that the lab comes with."""
    return read_site()


@pytest.fixture
def build(site: Site) -> Build:
    """Makes a world, of a site and release of choice, with a writer of objects for it."""

    def made(of: Site = site, release: str | None = None) -> tuple[World, ChainObjects]:
        world = World(of.of_release(release))
        return world, ChainObjects(world.store)

    return made
