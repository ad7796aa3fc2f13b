# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sets nova's options in a file of a deployer: kolla's override, or the instances.yaml of the Contrail deployers."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.opencontrail.service_chain.plugins.module_utils.nova.nova_conf import (
    NovaConfError,
    difference,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.nova.options import prepared
from ansible_collections.opencontrail.service_chain.plugins.plugin_utils.instances_file import (
    InstancesError,
    nova_conf_in,
    with_nova_conf,
)
from ansible_collections.opencontrail.service_chain.plugins.plugin_utils.steps import StepError, StepsAction

Wish = Mapping[str, Any]


class ActionModule(StepsAction):
    """See the module's documentation."""

    SPEC: Mapping[str, Mapping[str, Any]] = {
        "path": {"type": "str", "required": True},
        "options": {"type": "dict"},
        "wishes": {
            "type": "list",
            "elements": "dict",
            "options": {
                "host": {"type": "str", "required": True},
                "key": {"type": "str", "required": True},
                "options": {"type": "dict", "required": True},
            },
        },
        "mode": {"type": "str", "default": "0644"},
        "backup": {"type": "bool", "default": False},
    }
    RULES: Mapping[str, Any] = {
        "required_one_of": [["options", "wishes"]],
        "mutually_exclusive": [["options", "wishes"]],
    }

    def steps(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """Read the file, set the options, and write it if that changes it."""
        path, wishes = options["path"], options["wishes"]
        before, mode = self._read(path)
        if before is None and wishes is not None:
            raise StepError(f"{self._where} has no {path}; correct the path, or name the host that has it")
        try:
            if wishes is None:
                after = prepared(before or "", options["options"])
                lines = difference(before or "", after)
            else:
                after, lines = edited_instances(before or "", wishes)
        except NovaConfError as error:
            cure = "" if wishes is not None else "; nova could not read that, mend it first"
            raise StepError(f"{path}: {error}{cure}") from error
        except InstancesError as error:
            raise StepError(f"{path}: {error}") from error
        if after != (before or ""):
            self._write(after, before is None, mode, options, lines)
        return {"difference": lines}

    def _write(self, text: str, is_new: bool, mode: str, options: Mapping[str, Any], lines: Sequence[str]) -> None:
        """Write the file, and show lines without passwords instead of a diff, which may have them around a change."""
        path = options["path"]
        self._differences.append({"prepared": "".join(f"{line}\n" for line in [f"{self._where}:{path}", *lines])})
        if is_new:
            self.file(path.rpartition("/")[0], state="directory", mode="u+rwx")  # one that is there keeps its mode
        more = {"mode": mode or options["mode"], "backup": options["backup"], "follow": True}
        self.copy(path, text, shows_diff=False, **more)

    @property
    def _where(self) -> str:
        return str(self._task.delegate_to or self.host)

    def _read(self, path: str) -> tuple[str | None, str]:
        """Return the text of the file, None where there is none, and its mode."""
        found = self._module("ansible.builtin.stat", {"path": path, "get_checksum": False}, f"read {path}")["stat"]
        if not found["exists"]:
            return None, ""
        content = self._module("ansible.builtin.slurp", {"src": path}, f"read {path}")["content"]
        try:
            return base64.b64decode(content).decode(), str(found["mode"])
        except UnicodeDecodeError:
            raise StepError(f"{path} on {self._where} is not UTF-8; convert it first") from None


def edited_instances(text: str, wishes: Sequence[Wish]) -> tuple[str, list[str]]:
    """Return an instances.yaml with the options of all nodes, and lines that say what changes.

    Raise InstancesError, NovaConfError.
    """
    after = text
    for wish in _agreed(wishes):
        after = with_nova_conf(after, wish["key"], wish["options"])
    keys = dict.fromkeys(wish["key"] for wish in wishes)
    return after, [line for key in keys for line in difference(nova_conf_in(text, key), nova_conf_in(after, key))]


def _agreed(wishes: Sequence[Wish]) -> list[Wish]:
    """Return one wish for each key. Raise InstancesError where nodes want different options under one key."""
    first: dict[str, Wish] = {}
    for wish in wishes:
        other = first.setdefault(str(wish["key"]), wish)
        if other["options"] != wish["options"]:
            raise InstancesError(
                f"kolla_config.customize.{wish['key']} is for all nodes, but {other['host']} and {wish['host']} are "
                "to have different options; set compute_prep_instances_key to nova/NODE/nova.conf"
            )
    return list(first.values())
