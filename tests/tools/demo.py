"""Carry out the reference scenario on a lab of its own: what `make demo` runs.

A fresh lab on free ports, `site.yml` against it with the router's tables before and after, the end of the lab,
and the report on the chain in .cache/demo. Exit status is that of ansible-playbook.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from lab.fixture import running_lab

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / ".cache" / "demo"


def say(line: str) -> None:
    """Print a line before what ansible-playbook prints next."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def keep_report(directory: Path) -> list[Path]:
    """Copy the report out of the lab's directory, which goes with the lab; returns where it is now."""
    KEPT.mkdir(parents=True, exist_ok=True)
    return [Path(shutil.copy(each, KEPT)) for each in sorted(directory.glob("report.*"))]


def main() -> int:
    """Run the demonstration."""
    with tempfile.TemporaryDirectory(prefix="service-chain-demo-") as directory, running_lab(Path(directory)) as lab:
        say(f"The lab is up: Contrail API {lab.contrail_url}, router on 127.0.0.1 port {lab.netconf_port}.")
        environment = os.environ | {
            "SERVICE_CHAIN_LAB_DIRECTORY": str(lab.directory),
            "ANSIBLE_DISPLAY_SKIPPED_HOSTS": "no",
        }
        command = [str(Path(sys.executable).with_name("ansible-playbook")), "site.yml", *sys.argv[1:]]
        status = subprocess.call(command, cwd=ROOT, env=environment)
        kept = keep_report(lab.directory / "snapshots")
    say("The lab has ended." if status == 0 else "The site failed; the lab has ended.")
    for path in kept:
        say(f"Report: {path}")
    return status


if __name__ == "__main__":
    raise SystemExit(main())
