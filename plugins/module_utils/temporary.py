# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Temporary directories that do not stay behind: what a killed run left is removed by the next one."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def temporary_directory(purpose: str) -> Iterator[Path]:
    """Give a directory that only this user may enter, and remove it at the end.

    The name has ``purpose`` (letters, digits, hyphens) and the process. Directories of this user and purpose whose
    process is no more are removed first.
    """
    sweep(purpose)
    with tempfile.TemporaryDirectory(prefix=f"{purpose}-{os.getpid()}-") as directory:
        yield Path(directory)


def sweep(purpose: str) -> None:
    """Remove what killed processes of this user left; what cannot be removed stays."""
    name = re.compile(rf"{re.escape(purpose)}-(?P<process>[1-9][0-9]{{0,9}})-\w+")
    try:
        entries = list(os.scandir(tempfile.gettempdir()))
    except OSError:
        return
    for entry in entries:
        match = name.fullmatch(entry.name)
        if match and _is_our_directory(entry) and not _runs(int(match["process"])):
            shutil.rmtree(entry.path, ignore_errors=True)


def _is_our_directory(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False) and entry.stat(follow_symlinks=False).st_uid == os.getuid()
    except OSError:
        return False


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:  # it is somebody else's
        return True
    return True
