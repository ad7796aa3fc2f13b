# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the server does for route targets as objects."""

from __future__ import annotations

from lab.contrail.errors import ApiError
from lab.contrail.hooks.base import KindHooks
from lab.contrail.hooks.route_targets import FORM, parsed
from lab.contrail.schema import JsonDict


class RouteTargetHooks(KindHooks):
    """Checks the name, which alone of all names holds colons."""

    allowed_name_characters = ":"

    def before_create(self, new: JsonDict) -> None:
        """Refuse a name of another form."""
        try:
            parsed(new["fq_name"][-1])
        except ValueError as error:
            raise ApiError(400, FORM) from error
