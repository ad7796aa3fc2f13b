# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is shown in place of a secret, and how a secret is known where no declaration says that it is one.

Each system has its own words for what is secret; they stand here together.
"""

from __future__ import annotations

import re

HIDDEN = "********"
"""What is shown in place of a secret, as Ansible does."""

_OF_CONTRAIL = re.compile(r"passw(or)?d|passphrase|secret|token|community$|private_key|auth_key", re.IGNORECASE)
_OF_OSLO = re.compile(r"password|secret|token|credential|transport_url|_key$|connection$", re.IGNORECASE)
_OF_JUNOS = re.compile(r"(^|-)(key|secret|password|passphrase)$")
_KEPT_BY_JUNOS = re.compile(r"^\$(1|5|6|8|9|sha1|aes256)\$")
"""How Junos keeps secrets: hashed, or in a form that can be turned back."""


def is_secret_property(name: str) -> bool:
    """Tell whether a name in Contrail's API tells of a secret; a community is one of SNMP."""
    return _OF_CONTRAIL.search(name) is not None


def is_secret_option(name: str) -> bool:
    """Tell whether an option of an OpenStack service holds a secret, also one inside an address."""
    return _OF_OSLO.search(name) is not None


def is_secret_statement(tag: str, text: str) -> bool:
    """Tell whether a statement of Junos holds a secret: kept as such by Junos, or in a place for secrets."""
    return _KEPT_BY_JUNOS.match(text) is not None or _OF_JUNOS.search(tag) is not None
