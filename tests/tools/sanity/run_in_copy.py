"""Run ansible-test's sanity checks on a copy of the checkout.

ansible-test wants the collection in a real directory below ``ansible_collections`` and in a git repository of
its own; a link does not do. For its virtual environments it wants a script that installs pip, which it would
download; a script that uses the interpreter's own bundled pip serves as well and needs no download.

Arguments are handed to ``ansible-test sanity``.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import ansible_test

ROOT = Path(__file__).resolve().parents[3]
HOME = ROOT / ".cache" / "sanity-home"
COPY = ROOT / ".cache" / "sanity" / "ansible_collections" / "opencontrail" / "service_chain"

INSTALL_PIP = '''\
"""Install pip from the interpreter's own bundle, then what the caller names."""
import subprocess
import sys

subprocess.check_call([sys.executable, "-m", "ensurepip"])
options = [word for word in sys.argv[1:] if word not in ("--no-setuptools", "--no-wheel")]
sys.exit(subprocess.call([sys.executable, "-m", "pip", "install", *options]))
'''


def copy_checkout() -> None:
    """Copy what git tracks, and what it would track, to where ansible-test expects a collection."""
    shutil.rmtree(COPY, ignore_errors=True)
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    for name in filter(None, listing.split("\0")):
        source, target = ROOT / name, COPY / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    for command in (["git", "init", "-q"], ["git", "add", "-A"]):
        subprocess.run(command, cwd=COPY, check=True)


def provide_pip() -> None:
    """Lay the pip installer where ansible-test keeps the one it would download."""
    source = Path(next(iter(ansible_test.__path__))) / "_internal" / "python_requirements.py"
    found = re.search(r"pip='([0-9.]+)'", source.read_text())
    if found is None:
        raise SystemExit(f"{source} no longer names the pip version that ansible-test installs")
    version = found[1]
    cache = HOME / ".ansible" / "test" / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    (cache / f"get_pip_{version.replace('.', '_')}.py").write_text(INSTALL_PIP)


def main() -> int:
    """Run the checks; return ansible-test's exit status."""
    copy_checkout()
    provide_pip()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "PYTHON"))}
    environment["HOME"] = str(HOME)
    # Version managers' stand-ins for python confuse ansible-test's search for interpreters.
    environment["PATH"] = os.pathsep.join(part for part in environment["PATH"].split(os.pathsep) if "shims" not in part)
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    command = [str(Path(sys.executable).with_name("ansible-test")), "sanity", "--venv", "--python", version]
    return subprocess.call([*command, *sys.argv[1:]], cwd=COPY, env=environment)


if __name__ == "__main__":
    raise SystemExit(main())
