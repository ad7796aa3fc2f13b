# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The reference scenario as a world in the same process: chain and router, up."""

from __future__ import annotations

from lab.core.site import read_site
from lab.core.world import World
from models.chain_objects import ChainObjects, make_reference_objects
from models.vrf_configuration import REFERENCE_VRFS, commit_vrfs


def reference_world(release: str | None = None) -> World:
    """Return the chain vn1 - 1-to-2 - vn2 and a router with both VRFs; a release of None is the site's."""
    made = World(read_site().of_release(release))
    objects = ChainObjects(made.store)
    make_reference_objects(objects)
    commit_vrfs(made.router, REFERENCE_VRFS)
    objects.policy("p", "vn1", "vn2", ["1-to-2"])
    objects.attach("p", "vn1", "vn2")
    made.settle()
    return made
