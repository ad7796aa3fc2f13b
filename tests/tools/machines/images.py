"""Images of the test machines: Debian made by mmdebstrap, of this machine's release, and the layouts on top of it.

Everything lies below ``.cache/machines``, in a storage of podman's own: ``images`` holds images only, ``containers``
what runs, and both are found through ``storage.conf``. The folder of images is an additional store of read-only images,
for the machine that runs the tests and, mounted, for the machines that run containers themselves.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import sys
from pathlib import Path

from tools.machines.place import MACHINES, SOURCES, run

PACKAGES = (
    "systemd", "systemd-sysv", "dbus", "openssh-server", "python3", "python3-yaml", "sudo", "procps", "iproute2",
    "podman", "crun", "netavark", "ifupdown", "netplan.io", "network-manager", "cloud-init",
)  # fmt: skip
# Machines begin without anybody who manages their interfaces; cloud-init waits until its file is taken away.
DISABLED = (
    "networking", "systemd-networkd",
    "NetworkManager", "NetworkManager-dispatcher", "NetworkManager-wait-online",
)  # fmt: skip
NOT_UNPACKED = ("/usr/share/doc/*", "/usr/share/man/*", "/usr/share/locale/*")
# Each stands on one before it, or on the first image.
LAYOUTS = ("nova_compute", "kolla_host", "kolla_docker_host", "distribution_host")
# Docker's command alone, without the daemon and what it needs, to where nothing finds it by itself.
UNPACK_DOCKER = (
    "cd /var/tmp && apt-get -q download docker.io && dpkg-deb --fsys-tarfile docker.io_*.deb"
    " | tar -x -C /usr/local/lib --strip-components=3 ./usr/bin/docker && rm docker.io_*.deb"
)

KEY = MACHINES / "id_ed25519"
KNOWN_HOSTS = MACHINES / "known_hosts"
# Every machine has the host key of the image; ssh looks for it under this name.
HOST_KEY_ALIAS = "test-machine"
IMAGES = MACHINES / "images"
KOLLA = MACHINES / "kolla"


def write_storage(name: str, graph: Path, additional: list[Path]) -> Path:
    """Write a configuration of podman's storage into ``.cache/machines``; return its path."""
    checkout = hashlib.sha256(str(MACHINES).encode()).hexdigest()[:12]
    path = MACHINES / name
    path.write_text(
        "[storage]\n"
        'driver = "overlay"\n'
        f'graphroot = "{graph}"\n'
        # In /run, so that podman sees after a boot of the machine that nothing of it runs any more.
        f'runroot = "/run/service-chain-machines-{checkout}/{graph.name}"\n'
        "[storage.options]\n"
        f"additionalimagestores = {json.dumps([str(store) for store in additional])}\n"
    )
    return path


def podman(storage: Path, *arguments: str | Path) -> str:
    """Run podman on one of our storages."""
    environment = os.environ | {
        "CONTAINERS_CONF": str(SOURCES / "containers.conf"),
        "CONTAINERS_STORAGE_CONF": str(storage),
    }
    return run("podman", *arguments, environment=environment)


def sources_of_this_machine(release: str) -> list[str]:
    """Name the files that say where this machine's apt finds Debian itself: by the release and the component main."""
    etc = Path("/etc/apt")
    candidates = [etc / "sources.list", *sorted((etc / "sources.list.d").glob("*"))]
    return [str(path) for path in candidates if path.is_file() and {release, "main"} <= set(path.read_text().split())]


def apt_options_of_this_machine() -> list[str]:
    """What this machine's apt was told about reaching and trusting its mirror."""
    subjects = ("http", "https", "Check-Valid-Until", "Check-Date")
    told = run("apt-config", "dump", "--format", '%F "%v";%n', *(f"Acquire::{subject}" for subject in subjects))
    return [line for line in told.splitlines() if line.startswith("Acquire::") and not line.endswith('"";')]


def make_root(tarball: Path) -> None:
    """Make Debian's file system with our key in it; keep its host key for ssh."""
    KEY.unlink(missing_ok=True)
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", HOST_KEY_ALIAS, "-f", KEY)
    host_key = MACHINES / "host_key.pub"
    release = platform.freedesktop_os_release()["VERSION_CODENAME"]
    run(
        "mmdebstrap",
        "--variant=minbase",
        f"--include={','.join(PACKAGES)}",
        *(f"--aptopt={option}" for option in apt_options_of_this_machine()),
        *(f"--dpkgopt=path-exclude={pattern}" for pattern in NOT_UNPACKED),
        f'--customize-hook=chroot "$1" sh -c "{UNPACK_DOCKER}"',
        '--customize-hook=touch "$1/etc/cloud/cloud-init.disabled"',
        f'--customize-hook=systemctl --root="$1" --quiet disable {" ".join(DISABLED)}',
        '--customize-hook=mkdir -p "$1/root/.ssh"',
        f"--customize-hook=upload {KEY}.pub /root/.ssh/authorized_keys",
        f"--customize-hook=download /etc/ssh/ssh_host_ed25519_key.pub {host_key}",
        release,
        tarball,
        *sources_of_this_machine(release),
    )
    KNOWN_HOSTS.write_text(f"{HOST_KEY_ALIAS} {host_key.read_text()}")


def fetch_kolla() -> None:
    """Unpack kolla, whose own scripts start the container."""
    shutil.rmtree(KOLLA, ignore_errors=True)
    run(
        *(Path(sys.executable).with_name("uv"), "pip", "install", "-q", "--no-deps"),
        *("--python", sys.executable, "--target", KOLLA, "kolla>=20"),
    )


def make() -> None:
    """Make all images anew."""
    sys.stdout.write("Making Debian and the images of the test machines ...\n")
    sys.stdout.flush()
    # Containers of an earlier set stand on images that go away now.
    running = write_storage("storage.conf", MACHINES / "containers", [IMAGES])
    building = write_storage("storage-of-images.conf", IMAGES, [])
    if IMAGES.exists():
        podman(running, "rm", "--all", "--force", "--time", "0")
        podman(building, "rmi", "--all", "--force")
    fetch_kolla()
    tarball = MACHINES / "debian.tar"
    make_root(tarball)
    podman(building, "import", tarball, "machine")
    tarball.unlink()
    for layout in LAYOUTS:
        podman(
            building,
            *("build", "--quiet", "--network", "none", "--tag", layout),
            *("--build-context", f"kolla={KOLLA / 'kolla' / 'docker'}", "--build-context", f"stand_in={SOURCES}"),
            SOURCES / "images" / layout,
        )
