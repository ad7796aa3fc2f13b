# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Role compute_prep on lab hosts: kolla's layouts with docker and podman, a distribution's, and what it refuses."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from lab.core.site import Host
from lab.hosts.namespaces import HostError, LabHosts

ROOT = Path(__file__).resolve().parents[2]
KOLLA = ROOT / "tests/lab/hosts/kolla"
KOLLA_FILE = "etc/kolla/nova-compute/nova.conf"
PREPARED = ("virt_type = qemu", "cpu_mode = none")
PASSWORD = "lab-rabbit-password"

# What role and lab host need of systemd: one unit that counts how often it was started.
SYSTEMCTL = """\
#!/bin/sh
state={state}
case $1 in
  restart) echo started >> "$state"; exit ;;
  show) ;;
  *) exit 0 ;;
esac
case " $* " in
  *" nova-compute "* | *" nova-compute.service "*) ;;
  *) echo LoadState=not-found; exit ;;
esac
started="ActiveEnterTimestamp=$(date -r "$state")"
case "$2 $3" in
  "--property LoadState") echo LoadState=loaded ;;
  "--property MainPID") echo MainPID=0 ;;
  "--property ActiveState") echo ActiveState=active ;;
  "--property ActiveEnterTimestamp") echo "$started" ;;
  *) echo LoadState=loaded; echo ActiveState=active; echo "$started" ;;
esac
"""
# What it needs of libvirt: two guests, one of them of the other type.
VIRSH = """\
#!/bin/sh
shift 2
case $1 in
  domcapabilities) echo '<domainCapabilities/>' ;;
  list) printf 'one\\ntwo\\n\\n' ;;
  dumpxml) echo "<domain type='$([ "$2" = one ] && echo kvm || echo qemu)' id='1'>" ;;
esac
"""


@dataclass(frozen=True)
class Run:
    """What one run of the role said."""

    status: int
    output: str

    def changed(self, host: str) -> int:
        """Return the changed tasks of a host, from the recap."""
        found = re.search(rf"^{host}\s+: ok=\d+\s+changed=(\d+)", self.output, re.MULTILINE)
        assert found, self.output
        return int(found[1])

    def refusal(self, host: str) -> str:
        """Return the message with which a host failed."""
        found = re.search(rf"^fatal: \[{host}\]: FAILED! => (.*?)^(?:\S|$)", self.output, re.MULTILINE | re.DOTALL)
        assert found, self.output
        return str(json.loads(found[1])["msg"])


class Nodes:
    """Lab hosts, each with files of its own."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def path(self, name: str, path: str) -> Path:
        """Return where a file of a host is on this machine."""
        return self.directory / "hosts" / name / path

    def text(self, name: str, path: str = KOLLA_FILE) -> str:
        """Return a file of a host."""
        return self.path(name, path).read_text()

    def inside(self, name: str) -> str:
        """Return the nova.conf that the container has."""
        return self.text(name, "containers/nova_compute/rootfs/etc/nova/nova.conf")

    def restarts(self, name: str, container: str = "nova_compute") -> int:
        """Return how often a container was restarted."""
        described = json.loads(self.text(name, f"containers/{container}/container.json"))
        return int(described["Restarts"])

    def shell(self, name: str, command: str) -> str:
        """Run a command on a host."""
        done = subprocess.run(
            [self.path(name, "sh"), "-c", command], check=True, text=True, stdout=subprocess.PIPE, timeout=60
        )
        return done.stdout

    def prepare(self, hosts: str, *arguments: str, **variables: Any) -> Run:
        """Run the role on hosts."""
        playbook = [{"hosts": hosts, "gather_facts": False, "roles": ["opencontrail.service_chain.compute_prep"]}]
        (self.directory / "play.yml").write_text(yaml.safe_dump(playbook))
        environment = {key: value for key, value in os.environ.items() if not key.startswith("ANSIBLE_")}
        environment |= {"NO_COLOR": "1", "ANSIBLE_NOCOLOR": "1", "ANSIBLE_CALLBACK_RESULT_FORMAT": "json"}
        environment |= {"ANSIBLE_PIPELINING": "1", "ANSIBLE_GATHERING": "explicit"}
        command = [
            str(Path(sys.executable).with_name("ansible-playbook")),
            f"--inventory={self.directory / 'inventory.yml'}",
            f"--extra-vars={json.dumps({'compute_prep_virt_type': 'qemu', **variables})}",
            *arguments,
            str(self.directory / "play.yml"),
        ]
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=environment,
            check=False,
            text=True,
            timeout=120,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
        )
        assert "Traceback" not in done.stdout, done.stdout
        assert "[DEPRECATION WARNING]" not in done.stdout, done.stdout
        assert PASSWORD not in done.stdout, done.stdout
        return Run(done.returncode, done.stdout)


def passed(run: Run) -> Run:
    """Return ``run`` if it ended well, else show what it printed."""
    assert run.status == 0, run.output
    return run


def _program(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def _containers(directory: Path, strategy: str) -> Path:
    definitions = yaml.safe_load((KOLLA / "containers.yml").read_text())
    definitions["nova_compute"]["environment"]["KOLLA_CONFIG_STRATEGY"] = strategy
    file = directory / f"{strategy}.yml"
    file.write_text(yaml.safe_dump(definitions))
    return file


def _moved(directory: Path) -> tuple[Path, Path]:
    """Return the /etc and the containers of a host whose container has its configuration from another place."""
    etc = directory / "moved"
    shutil.copytree(KOLLA / "etc/kolla/nova-compute", etc / "puppet-generated/nova_libvirt")
    definitions = yaml.safe_load((KOLLA / "containers.yml").read_text())
    definitions["nova_compute"]["mounts"] = {"/var/lib/kolla/config_files": "/etc/puppet-generated/nova_libvirt"}
    containers = directory / "moved.yml"
    containers.write_text(yaml.safe_dump({"nova_compute": definitions["nova_compute"]}))
    return etc, containers


def _distribution(directory: Path) -> Path:
    nova = directory / "distribution" / "nova"
    nova.mkdir(parents=True)
    (nova / "nova.conf").write_text(f"[DEFAULT]\ntransport_url = rabbit://openstack:{PASSWORD}@172.31.4.76:5672\n")
    (nova / "nova-compute.conf").write_text(
        "[DEFAULT]\ncompute_driver=libvirt.LibvirtDriver\n[libvirt]\nvirt_type=kvm\n"
    )
    return nova.parent


def _inventory(directory: Path, names: Sequence[str]) -> None:
    hosts = {
        name: {
            "ansible_connection": "local",
            "ansible_shell_executable": str(directory / "hosts" / name / "sh"),
            "ansible_remote_tmp": str(directory / "hosts" / name / "home/.ansible/tmp"),
            "ansible_python_interpreter": sys.executable,
            "ansible_become": False,
        }
        for name in names
    }
    (directory / "inventory.yml").write_text(yaml.safe_dump({"all": {"hosts": hosts}}))


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nodes]:
    """Compute hosts of each layout; a test has those to itself that it names."""
    directory = tmp_path_factory.mktemp("nodes")
    always = _containers(directory, "COPY_ALWAYS")
    once = _containers(directory, "COPY_ONCE")
    moved, elsewhere = _moved(directory)
    hosts = [
        *(
            Host(name, etc=KOLLA / "etc", containers=always)
            for name in ("docker", "podman", "halted", "down", "closed", "edited")
        ),
        Host("once", etc=KOLLA / "etc", containers=once),
        Host("debian", etc=_distribution(directory)),
        Host("deploy"),
        Host("router", etc=KOLLA / "etc"),
        Host("bare"),
        Host("moved", etc=moved, containers=elsewhere),
    ]
    lab = LabHosts(hosts, directory / "hosts")
    try:
        lab.start()
    except HostError as error:
        pytest.skip(str(error))
    made = Nodes(directory)
    made.path("podman", "bin/docker").rename(made.path("podman", "bin/podman"))
    _program(made.path("debian", "bin/systemctl"), SYSTEMCTL.format(state=made.path("debian", "started")))
    made.path("debian", "started").write_text("started\n")
    _program(made.path("debian", "bin/virsh"), VIRSH)
    shutil.rmtree(made.path("router", "etc/kolla/nova-compute"))
    _inventory(directory, lab.names)
    try:
        yield made
    finally:
        lab.stop()


ALL = "docker:podman:once:debian"


@pytest.fixture(scope="module")
def checked(nodes: Nodes) -> Run:
    """A run in check mode, before anything was done."""
    return passed(nodes.prepare(ALL, "--check", "--diff"))


@pytest.fixture(scope="module")
def before(nodes: Nodes, checked: Run) -> dict[str, str]:
    """The files as they were, after the run in check mode."""
    assert checked
    return {name: nodes.text(name) for name in ("docker", "podman", "once")}


@pytest.fixture(scope="module")
def prepared(nodes: Nodes, before: dict[str, str]) -> Run:
    """The first real run."""
    assert before
    for name in ("docker", "podman", "once"):
        nodes.path(name, KOLLA_FILE).chmod(0o660)
    return passed(nodes.prepare(ALL, "--diff"))


def test_check_mode_tells_all_and_touches_nothing(nodes: Nodes, checked: Run, before: dict[str, str]) -> None:
    for name in ("docker", "podman", "once"):
        assert checked.changed(name) == 2
        assert before[name] == (KOLLA / KOLLA_FILE).read_text()
        assert nodes.shell(name, "ls /run/compute_prep* 2>/dev/null || true") == ""
    for said in (
        "+[libvirt] virt_type = qemu",
        "docker restart nova_compute",
        "podman restart",
        "systemctl restart nova",
    ):
        assert said in checked.output, said


def test_hypervisor_is_set_in_the_file_that_lasts_and_in_effect(nodes: Nodes, prepared: Run) -> None:
    assert prepared.changed("docker") == prepared.changed("podman") == 2
    for name in ("docker", "podman", "once"):
        assert nodes.inside(name) == nodes.text(name)
        assert set(PREPARED) <= set(nodes.text(name).splitlines())
        assert nodes.restarts(name) == 1
        assert nodes.restarts(name, "nova_libvirt") == 0


def test_everything_else_in_the_file_stays(nodes: Nodes, before: dict[str, str], prepared: Run) -> None:
    assert prepared.status == 0
    for name, text in before.items():
        kept = [line for line in nodes.text(name).splitlines() if line not in PREPARED]
        assert kept == text.splitlines()
        assert stat.S_IMODE(nodes.path(name, KOLLA_FILE).stat().st_mode) == 0o660


def test_file_that_debian_passes_last_is_written_and_its_unit_restarted(nodes: Nodes, prepared: Run) -> None:
    assert prepared.changed("debian") == 2
    assert nodes.text("debian", "etc/nova/nova-compute.conf") == (
        "[DEFAULT]\ncompute_driver=libvirt.LibvirtDriver\n[libvirt]\nvirt_type=qemu\ncpu_mode = none\n"
    )
    assert "virt_type" not in nodes.text("debian", "etc/nova/nova.conf")
    assert nodes.text("debian", "started") == "started\nstarted\n"


def test_guests_of_the_other_type_are_counted(prepared: Run) -> None:
    assert "1 running guests of debian are not of type qemu" in prepared.output


def test_second_run_changes_and_restarts_nothing(nodes: Nodes, prepared: Run) -> None:
    assert prepared.status == 0
    again = passed(nodes.prepare(ALL))
    for name in ("docker", "podman", "once"):
        assert again.changed(name) == 0
        assert nodes.restarts(name) == 1
    assert again.changed("debian") == 0
    assert nodes.text("debian", "started") == "started\nstarted\n"


def test_articles_edit_is_lost_at_the_next_start_and_ours_stays(nodes: Nodes, prepared: Run) -> None:
    assert prepared.status == 0
    nodes.shell("edited", "docker exec nova_compute sed -i 's/#virt_type = kvm/virt_type = qemu/' /etc/nova/nova.conf")
    assert "virt_type = qemu" in nodes.inside("edited")
    nodes.shell("edited", "docker restart nova_compute")
    assert "\nvirt_type" not in nodes.inside("edited")

    nodes.shell("docker", "docker restart nova_compute")
    assert "virt_type = qemu" in nodes.inside("docker")


def test_restart_that_an_interrupted_run_left_out_is_made_up_for(nodes: Nodes, prepared: Run) -> None:
    """As a run leaves it that is killed between writing and restarting: marked, written, and not restarted."""
    assert prepared.status == 0
    hosts = "podman:once:debian"
    options = {"DEFAULT": {"debug": True}}
    before = {name: nodes.restarts(name) for name in ("podman", "once")}
    started = nodes.text("debian", "started")
    passed(nodes.prepare(hosts, compute_prep_nova_options=options, compute_prep_restart=False))
    assert "debug = True" in nodes.text("podman")
    assert {name: nodes.restarts(name) for name in before} == before

    finished = passed(nodes.prepare(hosts, compute_prep_nova_options=options))
    for name, count in before.items():
        assert nodes.restarts(name) == count + 1
        assert "debug = True" in nodes.inside(name)
    assert nodes.text("debian", "started") == started + "started\n"
    assert finished.changed("debian") == 1
    assert passed(nodes.prepare(hosts, compute_prep_nova_options=options)).changed("debian") == 0


def test_options_with_several_values_are_set_and_taken_out(nodes: Nodes) -> None:
    given = {"pci": {"device_spec": ['{"address": "1"}', '{"address": "2"}']}, "libvirt": {"connection_uri": None}}
    passed(nodes.prepare("edited", compute_prep_nova_options=given, compute_prep_cpu_models=["Nehalem"]))
    text = nodes.inside("edited")
    assert 'device_spec = {"address": "1"}\ndevice_spec = {"address": "2"}\n' in text
    assert "connection_uri" not in text
    assert "cpu_mode = custom" in text
    assert "cpu_models = Nehalem" in text


def test_override_is_written_on_the_deploy_host_too(nodes: Nodes, prepared: Run) -> None:
    assert prepared.status == 0
    instances = nodes.path("deploy", "home/instances.yaml")
    instances.write_text("# ours\nkolla_config:\n  customize: {}   # kept\nglobal_configuration:\n  a: b # too\n")
    variables = {"compute_prep_deploy_host": "deploy", "compute_prep_instances_file": str(instances)}
    assert passed(nodes.prepare("docker", "--check", "--diff", **variables)).changed("docker") == 2
    assert "nova.conf" not in instances.read_text()

    assert passed(nodes.prepare("docker", "--diff", **variables)).changed("docker") == 2
    override = nodes.text("deploy", "etc/kolla/config/nova/docker/nova.conf")
    assert override == "[libvirt]\nvirt_type = qemu\ncpu_mode = none\n"
    kept = nodes.path("deploy", "etc/kolla/config/nova/docker/nova.conf")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o644
    assert not stat.S_IMODE(kept.parent.stat().st_mode) & stat.S_IWOTH
    assert instances.read_text().splitlines()[3:] == ["global_configuration:", "  a: b # too"]
    assert yaml.safe_load(instances.read_text())["kolla_config"]["customize"]["nova.conf"] == override
    assert passed(nodes.prepare("docker", **variables)).changed("docker") == 0

    nodes.shell("deploy", "rm /etc/kolla/config/nova/docker/nova.conf")
    secret = {"DEFAULT": {"transport_url": "rabbit://openstack:lab-rabbit-password@172.31.4.76"}}
    shown = passed(nodes.prepare("docker", "--diff", "-vvv", compute_prep_nova_options=secret, **variables)).output
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert "transport_url = ********" in shown


def test_hosts_that_cannot_be_prepared_are_refused_in_one_line_and_left_alone(nodes: Nodes) -> None:
    nodes.shell("halted", "docker stop nova_compute")
    daemon = "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?"
    _program(nodes.path("down", "bin/docker"), f"#!/bin/sh\necho '{daemon}' >&2\nexit 1\n")
    directory = nodes.path("closed", "etc/kolla/nova-compute")
    nodes.shell("closed", f"mount --bind -o ro {directory} /etc/kolla/nova-compute")
    hosts = ("halted", "down", "closed", "router", "bare", "moved")
    before = {name: nodes.text(name) for name in hosts[:3]}

    run = nodes.prepare(":".join(hosts), compute_prep_engine="docker")

    assert run.status != 0
    said = {name: run.refusal(name) for name in hosts}
    file = "/etc/kolla/nova-compute/nova.conf"
    assert said["halted"] == (
        "container nova_compute on halted is exited; start it (docker start nova_compute) or see its log, or set "
        "compute_prep_restart to false"
    )
    assert said["down"] == (
        f"down has {file}, but docker does not answer: {daemon}; see that it runs, or set compute_prep_restart to false"
    )
    assert said["closed"] == (
        f"{file} on closed cannot be written; set become: true, or see whether the file system is read-only "
        "or the file immutable (lsattr)"
    )
    assert said["router"] == (
        "router is not a compute node: kolla runs only nova-libvirt there; take it out of the group, or set "
        "compute_prep_kolla_directory"
    )
    assert said["bare"].startswith(f"bare has no nova.conf: looked for {file}, /etc/nova/nova.conf,")
    assert said["moved"] == (
        "container nova_compute on moved has its configuration from /etc/puppet-generated/nova_libvirt; set "
        "compute_prep_kolla_directory to that"
    )
    assert {name: nodes.text(name) for name in before} == before
    assert nodes.restarts("halted") == nodes.restarts("closed") == 0


def test_bad_options_are_all_named_by_their_path(nodes: Nodes) -> None:
    before = nodes.text("docker")
    refused = nodes.prepare(
        "docker",
        compute_prep_cpu_mode="custom",
        compute_prep_container="nova_cmopute",
        compute_prep_nova_options={"DEFAULT": "debug", "libvirt": {"virt_type": "kvm"}, "pci": {"alias": {"a": 1}}},
    )
    assert refused.refusal("docker").splitlines() == [
        "compute_prep_nova_options.DEFAULT: options are needed, such as {debug: true}, not text",
        "compute_prep_nova_options.libvirt.virt_type: use compute_prep_virt_type for it",
        "compute_prep_nova_options.pci.alias: a value, a list of values or null is needed, not a mapping",
        "compute_prep_cpu_mode: custom needs compute_prep_cpu_models, such as [Nehalem]",
    ]
    assert nodes.text("docker") == before
