"""Prepare the test machines: what `make machines` runs.

Once: Debian's packages, the images, the environments of the judges, all in ``.cache/machines``. Afterwards it sees
from the digest in ``.cache/machines/ready.json`` that there is nothing to do. That file also tells the tests what is at
hand: ``{"digest": ..., "old_ansible": directory or "", "old_targets": [interpreter, ...]}``.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tools.machines import debian, environments, images
from tools.machines.place import MACHINES, SOURCES

# Not in any machine.
BESIDE = {"README.md", "nova_judge.py"}


def digest() -> str:
    """What the machines are made from, and where: a new one of these calls for new machines."""
    made_from = hashlib.sha256(str(MACHINES).encode())
    for path in sorted(SOURCES.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts and path.name not in BESIDE:
            made_from.update(str(path.relative_to(SOURCES)).encode() + b"\0" + path.read_bytes())
    return made_from.hexdigest()


def obstacle() -> str:
    """Say why there can be no machines here; empty when nothing stands against them."""
    if os.geteuid() != 0:
        return "they need root"
    if shutil.which("apt-get") is None or not Path("/etc/debian_version").exists():
        return "they are made from Debian's packages, and this is not Debian"
    return ""


def main() -> int:
    """Make what is missing."""
    why_not = obstacle()
    if why_not:
        sys.stdout.write(f"No test machines here: {why_not}; the molecule scenarios on real containers are left out.\n")
        return 0
    ready, wanted = MACHINES / "ready.json", digest()
    if ready.exists() and json.loads(ready.read_text())["digest"] == wanted:
        return 0
    ready.unlink(missing_ok=True)
    MACHINES.mkdir(parents=True, exist_ok=True)
    debian.install_packages()
    with ThreadPoolExecutor() as pool:
        made = [pool.submit(images.make), *(pool.submit(make) for make in environments.MAKERS)]
    for one in made:
        one.result()
    old = environments.OLD_ANSIBLE
    at_hand = {"old_ansible": str(old) if old.exists() else "", "old_targets": environments.old_targets()}
    ready.write_text(json.dumps({"digest": wanted, **at_hand}))
    sys.stdout.write(f"The test machines are ready in {MACHINES}.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
