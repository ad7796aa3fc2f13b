# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is done on a compute host, and what is refused, for what was seen of it."""

from __future__ import annotations

import base64
import json

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.nova.options import Asked
from ansible_collections.opencontrail.service_chain.plugins.module_utils.nova.plan import (
    ComputePlan,
    ComputeSettings,
    compute_plan,
)

KOLLA = "/etc/kolla/nova-compute/nova.conf"
CONF = "[libvirt]\nvirt_type = kvm\ncpu_model = SandyBridge\n"
PREPARED = "[libvirt]\nvirt_type = qemu\ncpu_mode = none\n"
SITE = ComputeSettings("node")
QEMU = Asked(virt_type="qemu")


def line(word: str, *fields: str) -> str:
    """Return a line of the script's output."""
    return " ".join([word, *(base64.b64encode(field.encode()).decode() for field in fields)])


def file(path: str, content: str, state: str = "writable", changed: int = 100) -> str:
    return line("file", path, state, f"600 {changed}", content)


def kolla(content: str, inside: str, *more: str, strategy: str = "COPY_ALWAYS", running: bool = True) -> str:
    """Return what is seen of a host of kolla's."""
    described = {
        "State": {"Running": running, "Status": "running" if running else "exited"},
        "Config": {"Env": [f"KOLLA_CONFIG_STRATEGY={strategy}"]},
        "Mounts": [{"Destination": "/var/lib/kolla/config_files", "Source": "/etc/kolla/nova-compute/"}],
    }
    lines = [line("user", "0"), line("machine", "x86_64"), file(KOLLA, content)]
    lines.append(line("engine", "docker", "0", json.dumps([described])))
    lines += [line("inside", "/etc/nova/nova.conf", "0", inside)] if running else []
    return "\n".join([*lines, *more])


def distribution(*more: str, started: int = 200, arguments: str = "", conf: str = CONF) -> str:
    """Return what is seen of a host of a distribution."""
    lines = [line("user", "0"), line("machine", "x86_64"), file("/etc/nova/nova.conf", "[libvirt]\nvirt_type = kvm\n")]
    lines += [
        file("/etc/nova/nova-compute.conf", conf),
        line("unit", "nova-compute", "active", str(started), arguments),
    ]
    return "\n".join([*lines, *more])


def plan(seen: str, asked: Asked = QEMU, site: ComputeSettings = SITE) -> ComputePlan:
    made = compute_plan(seen, asked, site)
    assert made["problems"] == []
    return made


def refusal(seen: str, asked: Asked = QEMU, site: ComputeSettings = SITE) -> str:
    (problem,) = compute_plan(seen, asked, site)["problems"]
    return str(problem)


KVM = (line("kvm"), line("virtualization"))


@pytest.mark.parametrize(
    ("more", "chosen"),
    [(KVM, "kvm"), (KVM[:1], "qemu"), (KVM[1:], "qemu"), ((), "qemu"), ((line("machine", "aarch64"), KVM[0]), "kvm")],
)
def test_auto_takes_kvm_where_device_and_processor_have_it(more: tuple[str, ...], chosen: str) -> None:
    assert plan(kolla(CONF, CONF, *more), Asked())["virt_type"] == chosen


def test_processor_options_go_that_qemu_must_not_have() -> None:
    made = plan(kolla(CONF, CONF))
    assert made["file"]["text"] == PREPARED
    assert made["why"] == [f"{KOLLA} changes"]


def test_processor_options_are_left_alone_with_kvm() -> None:
    made = plan(kolla(CONF, CONF, *KVM), Asked())
    assert not made["file"]["differs"]
    assert not made["restart"]


def test_one_model_is_written_for_old_and_new_nova_and_several_for_new() -> None:
    one = plan(kolla(PREPARED, PREPARED), Asked("qemu", cpu_models=("Nehalem",)))["options"]["libvirt"]
    assert (one["cpu_mode"], one["cpu_model"], one["cpu_models"]) == (["custom"], ["Nehalem"], ["Nehalem"])
    two = plan(kolla(PREPARED, PREPARED), Asked("qemu", cpu_models=("a", "b")))["options"]["libvirt"]
    assert (two["cpu_model"], two["cpu_models"]) == ([], ["a,b"])


def test_nothing_is_restarted_where_everything_is_in_effect() -> None:
    made = plan(kolla(PREPARED, PREPARED))
    assert (made["file"]["differs"], made["restart"], made["warnings"]) == (False, False, [])


@pytest.mark.parametrize(
    "seen", [kolla(PREPARED, CONF), kolla(PREPARED, PREPARED, line("pending")), distribution(conf=PREPARED, started=99)]
)
def test_restart_is_due_where_the_file_has_it_and_the_process_not(seen: str) -> None:
    made = plan(seen)
    assert not made["file"]["differs"]
    assert made["restart"]


def test_container_that_copies_once_is_told_to_copy_again() -> None:
    assert plan(kolla(PREPARED, CONF, strategy="COPY_ONCE"))["copies_once"]
    assert not plan(kolla(PREPARED, CONF))["copies_once"]


def test_container_of_a_unit_is_restarted_by_it() -> None:
    unit = "kolla-nova_compute-container.service"
    assert plan(kolla(CONF, CONF, line("unit", unit, "active", "1", "")))["unit"] == unit


def test_foreign_edits_inside_the_container_are_named_before_they_go() -> None:
    (warning,) = plan(kolla(CONF, CONF + "[DEFAULT]\ndebug = True\n"))["warnings"]
    assert "other values than /etc/kolla/nova-compute/nova.conf for [DEFAULT] debug;" in warning


def test_last_file_that_the_process_was_given_is_written() -> None:
    both = "nova-compute\n--config-file=/etc/nova/nova.conf\n--config-file\n/etc/nova/nova-compute.conf"
    assert plan(distribution(arguments=both))["file"]["path"] == "/etc/nova/nova-compute.conf"
    one = "nova-compute\n--config-file=/etc/nova/nova.conf"
    assert plan(distribution(arguments=one))["file"]["path"] == "/etc/nova/nova.conf"


def test_file_that_a_later_one_overrides_is_refused() -> None:
    both = "nova-compute\n--config-file=/etc/nova/nova.conf\n--config-file=/etc/nova/nova-compute.conf"
    said = refusal(distribution(arguments=both), site=ComputeSettings("node", nova_conf="/etc/nova/nova.conf"))
    assert said.startswith("/etc/nova/nova-compute.conf gives [libvirt] virt_type, and nova reads it after")


def test_guests_of_other_types_are_counted() -> None:
    assert plan(kolla(CONF, CONF, *(line("guest", kind) for kind in ("kvm", "kvm", "qemu"))))["guests"] == 2


@pytest.mark.parametrize(
    ("seen", "asked", "says"),
    [
        (kolla(CONF, CONF), Asked("kvm"), "compute_prep_virt_type: kvm is asked for, but node has no /dev/kvm;"),
        (kolla(CONF, CONF), Asked("quemu"), "compute_prep_virt_type: must be one of auto, qemu, kvm, not 'quemu'"),
        (
            kolla(CONF, CONF),
            Asked("qemu", "host-passthrough"),
            "compute_prep_cpu_mode: libvirt refuses host-passthrough",
        ),
        (
            kolla(CONF, CONF),
            Asked("qemu", "none", ("a",)),
            "compute_prep_cpu_models: only cpu_mode custom takes models",
        ),
        (
            kolla(CONF, CONF),
            Asked("qemu", options={"a": {"b": []}}),
            "compute_prep_nova_options.a.b: an empty list says",
        ),
        (kolla(CONF, CONF, running=False), QEMU, "container nova_compute on node is exited; start it"),
        (kolla("[libvirt\n", CONF), QEMU, f"{KOLLA} on node: line 1 begins a section, but has no ] at its end; nova"),
        (
            kolla(CONF, CONF, line("domain", "qemu", "1", "error: invalid argument: unknown virttype: qemu")),
            QEMU,
            "libvirt on node cannot run guests of type qemu: error: invalid argument",
        ),
        (
            kolla(CONF, CONF, file(KOLLA, CONF, "read-only")),
            QEMU,
            f"{KOLLA} on node cannot be written; set become: true",
        ),
        ("nonsense", QEMU, "the host printed 'nonsense', which is no word of the role's script"),
        (line("user", "0"), QEMU, "node has no nova.conf: looked for"),
    ],
)
def test_what_cannot_be_done_is_refused_in_one_line(seen: str, asked: Asked, says: str) -> None:
    said = refusal(seen, asked)
    assert said.startswith(says)
    assert "\n" not in said


def test_qemu_where_kvm_works_is_done_with_a_warning() -> None:
    (warning,) = plan(kolla(CONF, CONF, *KVM))["warnings"]
    assert warning.startswith("compute_prep_virt_type: qemu is asked for, but node can do kvm")


def test_qemu_takes_its_processor_option_along_when_it_goes() -> None:
    assert plan(kolla(PREPARED, PREPARED, *KVM), Asked())["file"]["text"] == "[libvirt]\nvirt_type = kvm\n"


@pytest.mark.parametrize(
    ("conf", "asked"),
    [
        ("[libvirt]\nvirt_type = kvm\ncpu_mode = none\n", Asked()),
        ("[libvirt]\nvirt_type = qemu\ncpu_mode = custom\ncpu_models = Nehalem\n", Asked()),
        (PREPARED, Asked(cpu_mode="none")),
    ],
)
def test_processor_option_that_is_not_of_qemu_stays_with_kvm(conf: str, asked: Asked) -> None:
    assert plan(kolla(conf, conf, *KVM), asked)["file"]["text"] == conf.replace("qemu", "kvm")


KVM_CONF = "[libvirt]\nvirt_type = kvm\n"
DROP_IN = "/etc/nova/nova.conf.d/50-site.conf"
TOLD = "/srv/nova.d/50-site.conf"
FILES = "--config-file=/etc/nova/nova.conf\n--config-file=/etc/nova/nova-compute.conf"


@pytest.mark.parametrize(
    ("drop_in", "arguments"),
    [
        (DROP_IN, "/usr/bin/nova-compute"),
        (TOLD, f"nova-compute\n{FILES}\n--config-dir=/srv/nova.d/"),
        (TOLD, f"nova-compute\n{FILES}\n--config-dir\n/srv/nova.d"),
    ],
)
def test_directory_that_is_read_after_the_file_is_respected(drop_in: str, arguments: str) -> None:
    said = refusal(distribution(file(drop_in, KVM_CONF), arguments=arguments))
    assert said == (
        f"{drop_in} gives [libvirt] virt_type, and nova reads it after /etc/nova/nova-compute.conf; set "
        "compute_prep_nova_conf to it, or take the option out there"
    )
    same = distribution(file(drop_in, "[libvirt]\nvirt_type = qemu\n"), arguments=arguments)
    assert plan(same)["file"]["path"] == "/etc/nova/nova-compute.conf"
    seen = distribution(file(drop_in, KVM_CONF), arguments=arguments, conf=KVM_CONF)
    chosen = plan(seen, site=ComputeSettings("node", nova_conf=drop_in))
    assert chosen["file"]["path"] == drop_in


@pytest.mark.parametrize("arguments", [f"nova-compute\n{FILES}", f"nova-compute\n--config-dir=/srv/nova.d\n{FILES}"])
def test_directory_that_is_read_before_the_file_does_not_count(arguments: str) -> None:
    found = plan(distribution(file(DROP_IN, KVM_CONF), file(TOLD, KVM_CONF), arguments=arguments))
    assert found["file"]["path"] == "/etc/nova/nova-compute.conf"


def test_option_that_must_not_be_there_is_refused_in_earlier_files_too() -> None:
    earlier = file("/etc/nova/nova.conf", "[libvirt]\ncpu_model = SandyBridge\n")
    assert refusal(distribution(earlier, arguments=f"nova-compute\n{FILES}")) == (
        "/etc/nova/nova.conf gives [libvirt] cpu_model, which nova-compute must not have; take it out there"
    )


def test_other_file_that_nova_could_not_read_is_named() -> None:
    said = refusal(distribution(file("/etc/nova/nova.conf", "[libvirt\n"), arguments=f"nova-compute\n{FILES}"))
    assert said.startswith("/etc/nova/nova.conf: line 1 begins a section, but has no ] at its end; nova could not read")


GENERATED = "/var/lib/config-data/puppet-generated/nova_libvirt"


def tripleo(content: str, *more: str, mounted: str = "/var/lib/kolla/config_files/src") -> str:
    """Return what is seen of a host of TripleO, whose container takes its configuration from what Puppet generates."""
    described = {
        "State": {"Running": True, "Status": "running"},
        "Config": {"Env": ["KOLLA_CONFIG_STRATEGY=COPY_ALWAYS"]},
        "Mounts": [
            {"Destination": "/var/lib/kolla/config_files/config.json", "Source": "/var/lib/kolla/nova_compute.json"},
            {"Destination": mounted, "Source": GENERATED},
        ],
    }
    lines = [line("user", "0"), line("machine", "x86_64"), line("deployer", "tripleo")]
    lines += [
        line("engine", "podman", "0", json.dumps([described])),
        line("inside", "/etc/nova/nova.conf", "0", content),
    ]
    return "\n".join([*lines, file(f"{GENERATED}/etc/nova/nova.conf", content), *more])


@pytest.mark.parametrize("package", [(), (file("/etc/nova/nova.conf", CONF),)])
def test_container_configured_elsewhere_says_the_directory_that_then_works(package: tuple[str, ...]) -> None:
    seen = tripleo(CONF, *package)
    said = refusal(seen)
    assert said == (
        f"container nova_compute on node has its configuration from {GENERATED}/etc/nova; set "
        "compute_prep_kolla_directory to that"
    )
    made = plan(seen, site=ComputeSettings("node", kolla_directory=f"{GENERATED}/etc/nova"))
    assert made["file"]["path"] == f"{GENERATED}/etc/nova/nova.conf"
    assert (made["layout"], made["engine"], made["restart"]) == ("kolla", "podman", True)
    assert made["warnings"] == [
        f"the next deployment of node writes {GENERATED}/etc/nova/nova.conf anew; to keep this change, set "
        "NovaComputeLibvirtType: qemu and NovaLibvirtCPUMode: none in an environment file of the overcloud"
    ]


def test_file_of_a_container_configured_elsewhere_leads_to_its_directory() -> None:
    """Who gives the file alone is not sent on to look for a unit of systemd."""
    said = refusal(tripleo(CONF), site=ComputeSettings("node", nova_conf=f"{GENERATED}/etc/nova/nova.conf"))
    assert said.endswith("set compute_prep_kolla_directory to that")


def test_container_of_tripleo_is_restarted_by_its_unit() -> None:
    unit = "tripleo_nova_compute.service"
    site = ComputeSettings("node", kolla_directory=f"{GENERATED}/etc/nova")
    assert plan(tripleo(CONF, line("unit", unit, "active", "1", "")), site=site)["unit"] == unit


@pytest.mark.parametrize(
    ("word", "cure"),
    [
        ("helm", "conf.nova.libvirt.virt_type: qemu"),
        ("juju", "juju config nova-compute virt-type=qemu cpu-mode=none"),
        ("sunbeam", "snap set openstack-hypervisor compute.virt-type=qemu compute.cpu-mode=none"),
        ("dataplane", "[libvirt] virt_type=qemu and cpu_mode=none"),
    ],
)
def test_deployments_that_write_the_file_themselves_are_told_what_to_change(word: str, cure: str) -> None:
    assert cure in refusal(distribution(line("deployer", word)))


def test_a_layout_that_is_given_writes_the_charms_file_with_a_warning() -> None:
    made = plan(distribution(line("deployer", "juju")), site=ComputeSettings("node", layout="distribution"))
    assert made["file"]["differs"]
    assert "juju config" in made["warnings"][0]


def test_nothing_is_said_of_a_charm_whose_file_is_as_wanted() -> None:
    made = plan(distribution(line("deployer", "juju"), conf=PREPARED))
    assert (made["file"]["differs"], made["warnings"]) == (False, [])
