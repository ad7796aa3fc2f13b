# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stand in for nova-compute: read its configuration once, at the start, and keep what was read.

Like the service it takes ``--config-file`` several times, reads ``/etc/nova/nova.conf`` without it, and does not start
without a file that it can read. What this process runs with is in ``/var/lib/nova/loaded.json``:
``{"pid": ..., "files": [{"path": ..., "text": ...}]}``, in the order of reading.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from pathlib import Path

LOADED = Path("/var/lib/nova/loaded.json")


def main() -> int:
    """Read, keep, and stay until a signal ends it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--config-file", action="append", type=Path)
    paths: list[Path] = parser.parse_args().config_file or [Path("/etc/nova/nova.conf")]
    # As process 1 of a container it would otherwise ignore the signal that ends it.
    signal.signal(signal.SIGTERM, lambda *_unused: sys.exit(0))
    files = [{"path": str(path), "text": path.read_text()} for path in paths]
    written = LOADED.with_suffix(".new")
    written.write_text(json.dumps({"pid": os.getpid(), "files": files}))
    written.replace(LOADED)
    while True:
        signal.pause()


if __name__ == "__main__":
    sys.exit(main())
