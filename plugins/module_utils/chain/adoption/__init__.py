# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From service chains that stand, made by whatever means, to the data model that describes them.

The reverse of :mod:`..design`, in four steps: what the routers have is surveyed (:mod:`.router_survey`), Contrail's
objects become chains (:mod:`.objects`), terms and routes of the routers become what is behind them (:mod:`.gateways`),
and all of it goes through the data model's own checks (:mod:`.refused_parts`). What the data model cannot say is left
out, and each such thing is a remark that says where, what and why.
"""

from __future__ import annotations

from .adopt import adopt

__all__ = ["adopt"]
