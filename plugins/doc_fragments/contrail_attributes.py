# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What all Contrail modules can do."""

from __future__ import annotations


class ModuleDocFragment:
    """Check mode, diff mode and idempotence."""

    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Says what would change, from the same plan, and writes nothing.
  diff_mode:
    description: Shows what changes, and only that, as YAML.
  idempotent:
    description: A second run with the same options changes nothing and sends no write.
"""

    CONFIG = r"""
options: {}
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
"""

    INFO = r"""
options: {}
attributes:
  check_mode:
    support: full
  diff_mode:
    support: N/A
    details: Nothing is ever changed.
  idempotent:
    support: full
"""
