# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Actions of several steps: options that do not fit end in one line before the first step."""

from __future__ import annotations

from typing import Any

import pytest
from support.action_run import run_action

WISH = {"host": "compute1", "key": "nova.conf", "options": {"libvirt": {"virt_type": ["qemu"]}}}
SERVER = {"name": "fw", "image": "cirros", "flavor": "m1.tiny", "ports": [{"name": "fw-left", "network": "vn1"}]}


def without(given: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in given.items() if name != key}


@pytest.mark.parametrize(
    ("name", "options", "says"),
    [
        ("nova_conf_file", {"path": "/nonexistent"}, "one of the following is required: options, wishes"),
        ("nova_conf_file", {"path": "/nonexistent", "options": {}, "wishes": [WISH]},
         "parameters are mutually exclusive: options|wishes"),
        ("nova_conf_file", {"path": "/nonexistent", "wishes": [without(WISH, "key")]},
         "missing required arguments: key found in wishes"),
        ("openstack_servers", {"cloud": {}, "servers": [without(SERVER, "image")]},
         "missing required arguments: image found in servers"),
        ("openstack_servers", {"cloud": {}, "servers": [{**SERVER, "ports": [{"name": "fw-left"}]}]},
         "missing required arguments: network found in servers -> ports"),
    ],
)  # fmt: skip
def test_a_key_that_is_missing_is_named(name: str, options: dict[str, Any], says: str) -> None:
    result = run_action(name, options, in_process=True)["result"]
    assert result["failed"]
    assert result["msg"] == says
    assert result["changed"] is False
