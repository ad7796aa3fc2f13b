# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs tests under each supported pair of Python and ansible-core, in virtual environments of their own.

    python tests/tools/versions/run.py [--at-hand] [--except 3.11] [--dependent] TEST...

An interpreter that is missing is an error, or with ``--at-hand`` one line. The environments are kept in
``.cache/versions``.

With ``--dependent`` only those files are run whose result another version can change: what imports every file of the
plugins, what goes through Ansible, a library or a socket, and the laws (hypothesis), which try the pure core with
values that nobody thought of (ipaddress, re and the tables of Unicode differ between Pythons). Left out are examples of
the pure core, which imports but the standard library, and the tests of the lab and the documentation, which are not
shipped. ``make matrix`` runs everything.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
ENVIRONMENTS = ROOT / ".cache" / "versions"
UV = Path(sys.executable).with_name("uv")
# Installed without its pins, as in the Makefile.
OFFICIAL_CLIENT = "contrail-api-client==2005"

DEPENDENT = re.compile(
    r"""^\s*(?:from|import)\ (?:
        (?:ansible|hypothesis|lxml|yaml|jinja2|paramiko|jnpr|ncclient|ssl|socket|http|urllib|importlib)\b
        | (?:wire\.)?(?:raw_api|vmx_script)\b | support\.module_run | [\w.]+\.plugins\.(?:action|filter|modules)\b
    )""",
    re.MULTILINE | re.VERBOSE,
)
NOT_SHIPPED = re.compile(r"/(?:lab_\w+|docs)/")


@dataclass(frozen=True)
class Pair:
    """A Python with an ansible-core; ``bundle`` is the release line of the package ansible that brings that core."""

    python: str
    core: str
    bundle: str

    @property
    def directory(self) -> Path:
        """Where the environment is."""
        return ENVIRONMENTS / f"python{self.python}-core{self.core}"

    def __str__(self) -> str:
        return f"Python {self.python} with ansible-core {self.core}"


PAIRS = (Pair("3.10", "2.16", "9"), Pair("3.11", "2.19", "12"), Pair("3.13", "2.21", "14"))


def search_path() -> str:
    """Return PATH with the interpreters that pyenv keeps, which are not on it by themselves."""
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    kept = sorted((root / "versions").glob("3.*/bin"))
    return os.pathsep.join([os.environ["PATH"], *map(str, kept)])


def uv(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run uv, which downloads packages, but no interpreters."""
    environment = {**os.environ, "PATH": search_path(), "UV_PYTHON_DOWNLOADS": "never"}
    return subprocess.run([UV, "--quiet", *arguments], env=environment, text=True, capture_output=True, check=False)


def prepared(pair: Pair) -> str | None:
    """Make or complete a pair's environment; return why it cannot be made, or nothing."""
    if not (pair.directory / "bin" / "python").exists():
        made = uv("venv", "--python", pair.python, str(pair.directory))
        if made.returncode:
            return f"there is no Python {pair.python} here; install it (pyenv install {pair.python})"
    overrides = pair.directory / "overrides.txt"
    overrides.write_text(f"ansible=={pair.bundle}.*\n", encoding="utf-8")
    install = ("pip", "install", "--python", str(pair.directory / "bin" / "python"))
    for packages in (
        ("-r", str(ROOT / "requirements-dev.txt"), "--override", str(overrides)),
        ("--no-deps", OFFICIAL_CLIENT),
    ):
        done = uv(*install, *packages)
        if done.returncode:
            return done.stderr.strip()
    return None


def passes(pair: Pair, tests: Iterable[str]) -> bool:
    """Run the tests in a pair's environment, two files at a time."""
    binaries = pair.directory / "bin"
    environment = {
        **os.environ,
        "PATH": f"{binaries}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT / "tests"),
    }
    command = [str(binaries / "pytest"), "-q", "-n", "2", "--dist", "loadfile", "--no-loadscope-reorder", *tests]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False)
    return done.returncode == 0


def dependent(tests: Iterable[str]) -> list[str]:
    """Return the files of tests in folders whose result depends on versions, see above, and files that are named."""
    paths = [ROOT / test for test in tests]
    named = [str(path) for path in paths if path.is_file()]
    files = sorted(str(path) for folder in paths for path in folder.rglob("test_*.py"))
    return named + [
        file for file in files if not NOT_SHIPPED.search(file) and DEPENDENT.search(Path(file).read_text("utf-8"))
    ]


def main() -> int:
    """Run the tests under all pairs and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--at-hand", action="store_true", help="leave out interpreters that are not installed")
    parser.add_argument("--except", dest="left_out", action="append", default=[], help="a Python to leave out")
    parser.add_argument("--dependent", action="store_true", help="run only files whose result depends on versions")
    parser.add_argument("tests", nargs="+")
    options = parser.parse_args()
    tests = dependent(options.tests) if options.dependent else options.tests
    failed = []
    for pair in PAIRS:
        if pair.python in options.left_out:
            continue
        print(f"== {pair}", flush=True)
        reason = prepared(pair)
        if reason and options.at_hand and reason.startswith("there is no"):
            print(f"left out: {reason}", flush=True)
        elif reason:
            failed.append(f"{pair}: {reason}")
        elif not passes(pair, tests):
            failed.append(f"{pair}: tests failed")
    print("\n".join(failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
