"""What the machines need of the Debian below them."""

from __future__ import annotations

import os
import shutil
import sys

from tools.machines.place import run

# What is installed, by a command that it brings.
PACKAGES = {
    "podman": "podman",
    "runc": "runc",
    "mmdebstrap": "mmdebstrap",
    "ssh": "openssh-client",
    "chromium": "chromium",
    "chromedriver": "chromium-driver",
    "ping": "iputils-ping",
}


def install_packages() -> None:
    """Install the packages whose commands are missing, without what they only recommend."""
    search = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
    missing = [package for command, package in PACKAGES.items() if shutil.which(command, path=search) is None]
    if not missing:
        return
    sys.stdout.write(f"Installing {', '.join(missing)} ...\n")
    sys.stdout.flush()
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    waiting = ("apt-get", "-q", "-o", "DPkg::Lock::Timeout=600")
    run(*waiting, "update", environment=environment)
    run(*waiting, "install", "-y", "--no-install-recommends", *missing, environment=environment)
