# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the role's variables and what a host can do to the options that its nova.conf is to have."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .host import Host
from .nova_conf import Options, values, with_options

VIRT_TYPES = ("auto", "qemu", "kvm")
CPU_MODES = ("auto", "none", "host-model", "host-passthrough", "custom")
OURS = {
    "virt_type": "compute_prep_virt_type",
    "cpu_mode": "compute_prep_cpu_mode",
    "cpu_model": "compute_prep_cpu_models",
    "cpu_models": "compute_prep_cpu_models",
}
_OPTION = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_SECTION = re.compile(r"[^\[\]\s][^\[\]\n\r]*")


class OptionError(ValueError):
    """The faults of the variables, a line each."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("\n".join(faults))


@dataclass(frozen=True)
class Asked:
    """The wishes of the role's user."""

    virt_type: str = "auto"
    cpu_mode: str = "auto"
    cpu_models: tuple[str, ...] = ()
    options: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class WantedOptions:
    """The options that a host is to have, as ``nova_conf`` takes them, and notes about them."""

    virt_type: str
    options: dict[str, dict[str, list[str]]]
    warnings: list[str]


def choose_options(asked: Asked, host: Host, name: str) -> WantedOptions:
    """Return what the host ``name`` is to have. Raises OptionError."""
    faults: list[str] = []
    options = _further(asked.options, faults)
    if asked.virt_type not in VIRT_TYPES:
        faults.append(f"compute_prep_virt_type: must be one of {', '.join(VIRT_TYPES)}, not '{asked.virt_type}'")
    if asked.cpu_mode not in CPU_MODES:
        faults.append(f"compute_prep_cpu_mode: must be one of {', '.join(CPU_MODES)}, not '{asked.cpu_mode}'")
    if asked.virt_type == "kvm" and not host.has_kvm_device:
        faults.append(
            f"compute_prep_virt_type: kvm is asked for, but {name} has no /dev/kvm; enable virtualization (nested, if "
            "the node is a virtual machine itself), or use qemu or auto"
        )
    virt_type = asked.virt_type if asked.virt_type != "auto" else "kvm" if host.can_kvm else "qemu"
    mode, warnings = _processor(asked, virt_type, faults)
    if faults:
        raise OptionError(faults)
    if asked.virt_type == "qemu" and host.can_kvm:
        warnings.append(f"compute_prep_virt_type: qemu is asked for, but {name} can do kvm, which is much faster")
    if virt_type == "kvm" and not host.can_kvm:
        warnings.append(f"{name} has /dev/kvm, but its processor shows neither vmx nor svm; kvm may not work")
    libvirt = options.setdefault("libvirt", {})
    libvirt["virt_type"] = [virt_type]
    if mode:
        libvirt["cpu_mode"] = [mode]
        libvirt |= _models(asked.cpu_models)
    return WantedOptions(virt_type, options, warnings)


def prepared(text: str, options: Options) -> str:
    """Return a file of nova's with the options; see :func:`.nova_conf.with_options`.

    A cpu_mode=none that stood there for qemu goes with it, for nova's own choice serves kvm better; who wants it with
    kvm, too, asks for it. Raises NovaConfError.
    """
    libvirt = options.get("libvirt", {})
    leaves_qemu = libvirt.get("virt_type") == ["kvm"] and values(text, "libvirt", "virt_type")[-1:] == ["qemu"]
    if leaves_qemu and "cpu_mode" not in libvirt and values(text, "libvirt", "cpu_mode")[-1:] == ["none"]:
        options = {**options, "libvirt": {**libvirt, "cpu_mode": []}}
    return with_options(text, options)


def _processor(asked: Asked, virt_type: str, faults: list[str]) -> tuple[str, list[str]]:
    """Return nova's cpu_mode, empty where it is left alone, and warnings."""
    for model in asked.cpu_models:
        if not re.fullmatch(r"[A-Za-z0-9_.-]+", model):
            faults.append(f"compute_prep_cpu_models: '{model}' is not the name of a processor model")
    mode = asked.cpu_mode
    if mode == "auto":
        mode = "custom" if asked.cpu_models else "none" if virt_type == "qemu" else ""
    elif mode == "custom" and not asked.cpu_models:
        faults.append("compute_prep_cpu_mode: custom needs compute_prep_cpu_models, such as [Nehalem]")
    elif mode != "custom" and asked.cpu_models:
        faults.append(f"compute_prep_cpu_models: only cpu_mode custom takes models, not {mode}; leave one of them out")
    if virt_type == "qemu" and mode == "host-passthrough":
        faults.append(
            "compute_prep_cpu_mode: libvirt refuses host-passthrough for qemu; use none, or custom with "
            "compute_prep_cpu_models"
        )
    if virt_type == "qemu" and mode == "host-model":
        return mode, ["compute_prep_cpu_mode: with host-model guests under qemu fail to start with older libvirts"]
    return mode, []


def _models(models: tuple[str, ...]) -> dict[str, list[str]]:
    """Return the options for models: nova before Train knows cpu_model alone, later ones prefer cpu_models."""
    return {
        "cpu_models": [",".join(models)] if models else [],
        "cpu_model": [models[0]] if len(models) == 1 else [],
    }


def _further(given: Any, faults: list[str]) -> dict[str, dict[str, list[str]]]:
    path = "compute_prep_nova_options"
    found: dict[str, dict[str, list[str]]] = {}
    if given is None:
        return found
    if not isinstance(given, Mapping):
        faults.append(f"{path}: sections are needed, such as {{DEFAULT: {{debug: true}}}}, not {_kind(given)}")
        return found
    for section, options in given.items():
        if not isinstance(section, str) or not _SECTION.fullmatch(section):
            faults.append(f"{path}: '{section}' is not the name of a section")
        elif not isinstance(options, Mapping):
            faults.append(f"{path}.{section}: options are needed, such as {{debug: true}}, not {_kind(options)}")
        else:
            found[section] = _section(f"{path}.{section}", section, options, faults)
    return found


def _section(path: str, section: str, options: Mapping[Any, Any], faults: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for option, value in options.items():
        if not isinstance(option, str) or not _OPTION.fullmatch(option):
            faults.append(f"{path}: '{option}' is not the name of an option")
        elif section.lower() == "libvirt" and option in OURS:
            faults.append(f"{path}.{option}: use {OURS[option]} for it")
        else:
            found[option] = _values(f"{path}.{option}", value, faults)
    return found


def _values(path: str, value: Any, faults: list[str]) -> list[str]:
    if value is None:
        return []
    given = value if isinstance(value, (list, tuple)) else [value]
    for one in given:
        if not isinstance(one, (str, int, float)):
            faults.append(f"{path}: a value, a list of values or null is needed, not {_kind(one)}")
        elif isinstance(one, str) and re.search(r"[\n\r\0]", one):
            faults.append(f"{path}: a value of a nova.conf has one line")
    if isinstance(value, (list, tuple)) and not value:
        faults.append(f"{path}: an empty list says nothing; null removes the option")
    return [str(one) for one in given]


def _kind(value: Any) -> str:
    kinds = {dict: "a mapping", list: "a list", bool: "a truth value", int: "a number", float: "a number"}
    return next(
        (name for kind, name in kinds.items() if isinstance(value, kind)), "nothing" if value is None else "text"
    )
