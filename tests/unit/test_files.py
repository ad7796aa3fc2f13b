# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files on the control node are written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from ansible_collections.opencontrail.service_chain.plugins.plugin_utils.files import write_whole


@pytest.mark.parametrize("umask", [0o022, 0o077, 0o000])
def test_a_file_and_its_directories_have_their_modes_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    path = tmp_path / "a" / "b" / "report.html"
    before = os.umask(umask)
    try:
        write_whole(path, "text\n")
    finally:
        os.umask(before)
    assert path.read_text(encoding="utf-8") == "text\n"
    modes = [each.stat().st_mode & 0o777 for each in (path.parent.parent, path.parent, path)]
    assert modes == [0o755, 0o755, 0o644]


def test_a_file_that_cannot_be_written_leaves_the_old_one_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write_whole(path, "old")
    with pytest.raises(UnicodeEncodeError):
        write_whole(path, "\ud800")
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]
