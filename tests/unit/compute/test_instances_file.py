# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An instances.yaml is edited in one place, whatever way it is written in, and stays byte for byte elsewhere."""

from __future__ import annotations

import pytest
import yaml
from ansible_collections.opencontrail.service_chain.plugins.plugin_utils.instances_file import (
    InstancesError,
    with_nova_conf,
)

OPTIONS = {"libvirt": {"virt_type": ["qemu"]}}
QEMU = "[libvirt]\nvirt_type = qemu\n"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# head\nprovider_config:\n  bms: {a: 1}   # x\n",
        "kolla_config:\n  kolla_globals:\n    a: 1   # keep\n  # tail\n\n# next\ncontrail:\n  x: 1\n",
        'kolla_config:\n  customize:\n    nova.conf: "[libvirt]\\nvirt_type = kvm\\n" # c\n    other.conf: x\n',
        'kolla_config: {customize: {nova.conf: "[libvirt]\\nvirt_type = kvm\\n", b: c}}\n',
        "kolla_config: {customize: {}}\nx: 1\n",
        "kolla_config:\n  customize:\n  other: 1\n",
        "kolla_config:\nx: 1\n",
        "kolla_config:\n  customize:\n    nova.conf:\n    b: c",
        "kolla_config:\n  customize:\n    nova.conf: |\n      [libvirt]\n      virt_type = kvm\n  # after\n  g: {}\n",
        "kolla_config:\n  customize:\n    neutron.conf: |\n      [DEFAULT]\n      a=b\n\n# c\nz: 1\n",
    ],
)
def test_only_the_file_of_nova_changes(text: str) -> None:
    after = with_nova_conf(text, "nova.conf", OPTIONS)
    loaded = yaml.safe_load(after)
    assert loaded["kolla_config"]["customize"].pop("nova.conf") == QEMU
    before = yaml.safe_load(text) or {}
    section = {**(before.get("kolla_config") or {})}
    section["customize"] = {**(section.get("customize") or {})}
    section["customize"].pop("nova.conf", None)
    assert loaded == {**before, "kolla_config": section}
    comments = [line for line in text.splitlines() if "#" in line and "nova.conf" not in line]
    assert [line for line in after.splitlines() if "#" in line and "nova.conf" not in line] == comments
    assert with_nova_conf(after, "nova.conf", OPTIONS) == after


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: [", "the file cannot be read in line 1"),
        ("- a\n", "the file must hold a mapping"),
        ("kolla_config: [a]\n", "kolla_config must be a mapping"),
        (
            "kolla_config: {customize: {nova.conf: {a: b}}}\n",
            "kolla_config.customize.nova.conf must be the text of a file",
        ),
        (
            'a: &x "[libvirt]\\nb = c"\nkolla_config: {customize: {nova.conf: *x}}\n',
            "stands there in a way that cannot",
        ),
    ],
)
def test_files_that_cannot_be_edited_are_refused(text: str, says: str) -> None:
    with pytest.raises(InstancesError, match=says.replace(".", r"\.")):
        with_nova_conf(text, "nova.conf", OPTIONS)
