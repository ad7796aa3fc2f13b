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

    params: dict[str, Any]

    def __init__(self, argument_spec: Mapping[str, Any], **options: Any) -> None:
        """Read the task's options, see :class:`AnsibleModule`.

        The core fails with a traceback where something else stands in the place of suboptions, such as null in a list.
        """
        try:
            super().__init__(argument_spec=argument_spec, **options)
        except (TypeError, AttributeError):
            place = misplaced(argument_spec, self.params)
            if place is None:
                raise
            self.params = {}  # they are shown beside an error, and nothing of them is masked yet
            self.fail_json(msg=f"{place}: must be a mapping of options")

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


def misplaced(options: Mapping[str, Any], given: Mapping[str, Any], above: str = "") -> str | None:
    """Return the path of the first value in the place of suboptions that cannot be taken for any, None without one.

    Texts can be, the core parses them.
    """
    for name, option in options.items():
        value = given.get(name)
        if not option.get("options") or value is None:
            continue
        path = f"{above}{name}"
        parts = (
            [(f"{path}[{place}]", one) for place, one in enumerate(value)]
            if isinstance(value, list)
            else [(path, value)]
        )
        for place, one in parts:
            if isinstance(one, Mapping):
                found = misplaced(option["options"], one, f"{place}.")
                if found is not None:
                    return found
            elif not isinstance(one, str):
                return place
    return None


def changes(result: Mapping[str, Any], secrets: Any) -> bool:
    """Return whether a result that is shown, with secrets masked, is another than this one."""
    as_read = json.loads(json.dumps(result))
    return bool(visible(as_read) != as_read or (secrets and remove_values(as_read, secrets) != as_read))
