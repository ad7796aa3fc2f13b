# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the site file says of OpenStack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Flavor:
    """What a virtual machine is given; `ram` in MiB, `disk` in GiB."""

    name: str
    identifier: str
    vcpus: int
    ram: int
    disk: int


@dataclass(frozen=True)
class OpenStackData:
    """Region, Nova's newest microversion, images (name to uuid), flavors by name, names of key pairs."""

    region: str = "RegionOne"
    microversion: tuple[int, int] = (2, 42)
    images: Mapping[str, str] = field(default_factory=dict)
    flavors: Mapping[str, Flavor] = field(default_factory=dict)
    key_pairs: tuple[str, ...] = ()
