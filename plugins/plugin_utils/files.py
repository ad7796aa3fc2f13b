# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files on the control node, written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

DIRECTORY_MODE, FILE_MODE = 0o755, 0o644


def write_whole(path: Path, text: str) -> None:
    """Write a text file in place of what is there; its directory is made where there is none.

    Who reads it meanwhile sees the old file or the new one. Raises OSError.
    """
    _make(path.parent)
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        Path(name).chmod(FILE_MODE)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _make(directory: Path) -> None:
    if directory.is_dir():
        return
    _make(directory.parent)
    directory.mkdir(exist_ok=True)
    directory.chmod(DIRECTORY_MODE)
