"""Where the machines are made from, and where everything made for them lies."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

SOURCES = Path(__file__).resolve().parent
ROOT = SOURCES.parents[2]
MACHINES = ROOT / ".cache" / "machines"


def run(*command: str | Path, environment: Mapping[str, str] | None = None) -> str:
    """Run a command; return what it printed on standard output.

    :raises RuntimeError: it failed; the text holds the end of what it said.
    """
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        said = (done.stdout + done.stderr).strip()[-2000:]
        raise RuntimeError(f"{' '.join(map(str, command))}\nended with {done.returncode}:\n{said}")
    return done.stdout
