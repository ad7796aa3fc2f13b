# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judge a nova.conf by OpenStack nova's own option definitions.

Runs under the interpreter of the environment that holds nova (``.cache/machines/nova``)::

    nova_judge.py [--option SECTION.NAME]... FILE...

reads the files in the order given, as nova-compute does with ``--config-file``, and prints the options' values as a
JSON object. ``-`` in place of files stands for what stand-ins kept: on standard input an object of host names and
``loaded.json``, on standard output one of host names and values, for nova takes a second to start. A value that nova
refuses is one line on standard error and exit status 1.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from nova.conf import CONF
from oslo_config.cfg import ConfigFileParseError, ConfigFilesNotFoundError, ConfigFileValueError

OPTIONS = ["libvirt.virt_type", "libvirt.cpu_mode", "libvirt.cpu_models"]


def kept_files(kept: dict[str, Any], directory: Path) -> list[str]:
    """Write what a stand-in kept into ``directory``; return the paths in the order of reading."""
    paths = []
    for number, file in enumerate(kept["files"]):
        path = directory / f"{number}-{Path(file['path']).name}"
        path.write_text(file["text"])
        paths.append(str(path))
    return paths


def judged(files: list[str], options: list[str]) -> dict[str, Any]:
    """Let nova read the files; return the options' values."""
    CONF([part for path in files for part in ("--config-file", path)], project="nova")
    values = {}
    for option in options:
        section, _dot, name = option.partition(".")
        values[option] = CONF[name] if section == "DEFAULT" else CONF[section][name]
    return values


def main() -> int:
    """Print the values, or why nova refuses one."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--option", action="append", metavar="SECTION.NAME")
    parser.add_argument("files", nargs="+", metavar="FILE")
    arguments = parser.parse_args()
    options = arguments.option or OPTIONS
    try:
        if arguments.files == ["-"]:
            answer = {}
            for host, kept in json.load(sys.stdin).items():
                with tempfile.TemporaryDirectory() as directory:
                    answer[host] = judged(kept_files(kept, Path(directory)), options)
        else:
            answer = judged(arguments.files, options)
    except (ConfigFileValueError, ConfigFilesNotFoundError, ConfigFileParseError) as refused:
        sys.stderr.write(f"{refused}\n")
        return 1
    sys.stdout.write(json.dumps(answer, default=str) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
