# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the server does for projects: the default application policy set, and quotas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lab.contrail.errors import ApiError
from lab.contrail.hooks.base import KindHooks
from lab.contrail.schema import JsonDict, Kind

if TYPE_CHECKING:
    from lab.contrail.store import Store

DEFAULT_POLICY_SET = "default-application-policy-set"


class ProjectHooks(KindHooks):
    """Gives each project its default application policy set."""

    def after_create(self, new: JsonDict) -> None:
        """Make the policy set, and refer to it."""
        name = [*new["fq_name"], DEFAULT_POLICY_SET]
        body = {"fq_name": name, "parent_type": "project", "all_applications": True}
        policy_set = self.store.create_along("application-policy-set", body)
        self.store.update_reference(new["uuid"], "application-policy-set", policy_set["uuid"], "ADD")

    def before_read(self, stored: JsonDict) -> None:
        """Let a project that the server made refer to its policy set, which it does when first read."""
        policy_set = self.store.find("application-policy-set", [*stored["fq_name"], DEFAULT_POLICY_SET])
        if policy_set is not None and "application_policy_set_refs" not in stored:
            reference = {"to": policy_set["fq_name"], "attr": None}
            self.store.replace(stored["uuid"], {"application_policy_set_refs": [reference]})

    def before_delete(self, stored: JsonDict) -> None:
        """Delete the policy set along with the project."""
        policy_set = self.store.find("application-policy-set", [*stored["fq_name"], DEFAULT_POLICY_SET])
        if policy_set is not None:
            self.store.drop(policy_set["uuid"])


def check_quota(store: Store, kind: Kind, new: JsonDict) -> None:
    """Refuse an object that its project has no room for. Raises ApiError 412."""
    if new.get("parent_type") != "project":
        return
    project = store.get(new["parent_uuid"]) or {}
    quota = project.get("quota") or {}
    limit = quota.get(kind.object_type)
    limit = quota.get("defaults", -1) if limit is None else limit
    if limit is not None and 0 <= limit <= len(store.children(new["parent_uuid"], kind.name)):
        raise ApiError(412, f"quota limit ({limit}) exceeded for resource {kind.object_type}", page=True)
