# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module that all modules of the collection are: what it says is safe to show, and whole for the next task."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NoReturn

from ansible.module_utils.basic import AnsibleModule, remove_values
from ansible_collections.opencontrail.service_chain.plugins.module_utils import handover
from ansible_collections.opencontrail.service_chain.plugins.module_utils.plain_text import visible

FOR_PEOPLE = frozenset({"msg", "exception", "diff", "warnings", "invocation", handover.KEY})
"""Parts of a result that no task reads."""


class CollectionModule(AnsibleModule):  # type: ignore[misc]
    """A module whose results show nothing that a terminal would obey.

    Where that, or the masking of secrets, changes what a later task may read, the result has ``handover`` besides.
    """

    def exit_json(self, **kwargs: Any) -> NoReturn:
        """End the module with a result."""
        super().exit_json(**self._shown(kwargs))
        raise AssertionError("exit_json returned")

    def fail_json(self, msg: str, **kwargs: Any) -> NoReturn:
        """End the module with an error of one line."""
        super().fail_json(visible(msg), **self._shown(kwargs))
        raise AssertionError("fail_json returned")

    def warn(self, warning: str, **kwargs: Any) -> None:
        """Add a warning to the result."""
        super().warn(visible(warning), **kwargs)

    def _shown(self, result: Mapping[str, Any]) -> dict[str, Any]:
        shown: dict[str, Any] = visible(result)
        read = {name: value for name, value in result.items() if name not in FOR_PEOPLE}
        secrets = self.no_log_values
        secrets.update({visible(each) for each in secrets})  # or a secret would show as its escapes
        if changes(read, secrets):
            shown[handover.KEY] = handover.sealed(read, secrets)
        return shown


def changes(result: Mapping[str, Any], secrets: Any) -> bool:
    """Return whether a result that is shown, with secrets masked, is another than this one."""
    as_read = json.loads(json.dumps(result))
    return bool(visible(as_read) != as_read or (secrets and remove_values(as_read, secrets) != as_read))
