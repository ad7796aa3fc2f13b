# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs tests with the lowest versions that requirements.txt allows, so that its bounds are true.

    python -m tools.versions.lowest TEST...    (with tests in PYTHONPATH)

The oldest supported Python is used. The environment is kept in ``.cache/versions/lowest``; what is installed of the
packages in requirements.txt is printed, with licences.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from pathlib import Path

from tools.versions.run import ENVIRONMENTS, OFFICIAL_CLIENT, PAIRS, ROOT, Pair, passes, uv

OLDEST = PAIRS[0]
# What unit and wire tests use besides, of requirements-dev.txt; tools for documents and linters have their own bounds.
BESIDE = frozenset(
    {
        *("aiohttp", "asyncssh", "cryptography", "future", "hypothesis"),
        *("openstacksdk", "oslo.config", "pytest", "pytest-xdist"),
    }
)
REQUIREMENTS = ROOT / "requirements.txt"
SHOW = """\
import importlib.metadata as metadata, sys
for name in sys.argv[1:]:
    about = metadata.metadata(name)
    classes = [each.rpartition(" :: ")[2] for each in about.get_all("Classifier") or () if each.startswith("License")]
    licence = about.get("License-Expression") or ", ".join(classes) or about.get("License")
    print(f"{name} {about['Version']}: {licence}")
"""


class Lowest(Pair):
    """The environment with the lowest versions."""

    @property
    def directory(self) -> Path:
        """Where the environment is."""
        return ENVIRONMENTS / "lowest"


def direct() -> list[str]:
    """Return the lowest version of each package in requirements.txt, as ``name==version``."""
    done = uv(
        "pip", "compile", "--resolution", "lowest-direct", "--no-deps", "--no-header", "--no-annotate",
        "--python-version", OLDEST.python, str(REQUIREMENTS),
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(done.stderr.strip())
    return done.stdout.split()


def prepared(pair: Pair, pins: list[str]) -> str:
    """Make or complete the environment; return why it cannot be made, or nothing."""
    python = str(pair.directory / "bin" / "python")
    if not (pair.directory / "bin" / "python").exists():
        made = uv("venv", "--python", pair.python, str(pair.directory))
        if made.returncode:
            return f"there is no Python {pair.python} here; install it (pyenv install {pair.python})"
    development = (ROOT / "requirements-dev.txt").read_text(encoding="utf-8").splitlines()
    beside = [line for line in development if re.split(r"[<>=]", line)[0] in BESIDE]
    for packages in ((*pins, *beside), ("--no-deps", OFFICIAL_CLIENT)):
        done = uv("pip", "install", "--python", python, *packages)
        if done.returncode:
            return done.stderr.strip()
    return ""


def main() -> int:
    """Run the tests and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("tests", nargs="+")
    options = parser.parse_args()
    pins = direct()
    pair = Lowest(OLDEST.python, OLDEST.core, OLDEST.bundle)
    reason = prepared(pair, pins)
    if reason:
        print(reason)
        return 1
    names = [pin.partition("==")[0] for pin in pins]
    subprocess.run([pair.directory / "bin" / "python", "-c", SHOW, *names], check=True)
    return 0 if passes(pair, options.tests) else 1


if __name__ == "__main__":
    sys.exit(main())
