# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the server does for domains, and for the kinds it shares with a whole domain."""

from __future__ import annotations

from lab.contrail.hooks.base import KindHooks
from lab.contrail.schema import JsonDict

USE_DOMAIN = 6
"""Access of a domain's tenants to the domain itself: write and link."""

USE_TEMPLATE = 5
"""Access of a domain's tenants to service templates of the domain: read and link."""


def shared_with(domain: str, access: int) -> list[JsonDict]:
    """Return the share list that opens an object to a domain, given by its uuid."""
    return [{"tenant": f"domain:{domain}", "tenant_access": access}]


class DomainHooks(KindHooks):
    """Opens a domain to its own tenants."""

    def before_create(self, new: JsonDict) -> None:
        """Share the new domain with itself."""
        new["perms2"]["share"] = shared_with(new["uuid"], USE_DOMAIN)


class ServiceTemplateHooks(KindHooks):
    """Opens a service template to the tenants of its domain."""

    def before_create(self, new: JsonDict) -> None:
        """Share the new template with the domain in its name."""
        domain = self.store.uuid_of("domain", new["fq_name"][:1])
        if domain is not None:
            new["perms2"]["share"] = shared_with(domain, USE_TEMPLATE)
