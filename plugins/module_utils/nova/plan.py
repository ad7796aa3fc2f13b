# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is to be done on a compute host so that nova-compute runs with the options wanted, and lasts.

The same plan is made before and after: what is left to do afterwards is what could not be proved.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypedDict

from .deployers import DEPLOYERS, Deployer
from .host import Container, File, Host, LookError, Unit, read_look
from .nova_conf import NovaConfError, Options, difference, differing, values
from .options import Asked, OptionError, WantedOptions, choose_options, prepared

LAYOUTS = ("auto", "kolla", "distribution")
STRATEGIES = ("COPY_ALWAYS", "COPY_ONCE")


@dataclass(frozen=True)
class ComputeSettings:
    """The role's variables: where things are on the host, and what the role may do."""

    name: str
    layout: str = "auto"
    kolla_directory: str = "/etc/kolla/nova-compute"
    nova_directory: str = "/etc/nova"
    nova_conf: str = ""
    container: str = "nova_compute"
    container_file: str = "/etc/nova/nova.conf"
    engines: Sequence[str] = ("docker", "podman")
    units: Sequence[str] = ("nova-compute", "openstack-nova-compute")
    restart: bool = True


def container_units(container: str) -> list[str]:
    """Return the units of systemd that kolla and TripleO run a container by."""
    return [f"kolla-{container}-container.service", f"tripleo_{container}.service"]


class PlanError(ValueError):
    """Nothing can be done; the message is one line with the reason and the cure."""


@dataclass
class Runner:
    """The runner of nova-compute. ``unit`` is the unit of systemd to restart, empty where an engine restarts the
    container; ``why`` says for what a restart is needed, and is empty where none is."""

    engine: str = ""
    container: str = ""
    copies_once: bool = False
    unit: str = ""
    why: list[str] = field(default_factory=list)


class ConfPlan(TypedDict, total=False):
    """The plan for nova.conf: ``text`` is its content afterwards, ``difference`` what changes, in lines."""

    path: str
    mode: str
    differs: bool
    text: str
    difference: list[str]


class ComputePlan(TypedDict, total=False):
    """The plan for a compute node; one with ``problems`` has no more than ``file.differs``, and nothing is done."""

    problems: list[str]
    warnings: list[str]
    layout: str
    virt_type: str
    options: Options
    file: ConfPlan
    engine: str
    container: str
    copies_once: bool
    unit: str
    restart: bool
    why: list[str]
    guests: int


def compute_plan(printed: str, asked: Asked, site: ComputeSettings) -> ComputePlan:
    """Return the plan for a host from the output of ``look.sh``; the module of the same name documents it."""
    try:
        host = read_look(printed)
        wanted = choose_options(asked, host, site.name)
        return _plan(host, wanted, site)
    except OptionError as error:
        return _refusal(error.faults)
    except (LookError, PlanError) as error:
        return _refusal([str(error)])


def _refusal(problems: list[str]) -> ComputePlan:
    return {"problems": problems, "warnings": [], "restart": False, "why": [], "file": {"differs": False}}


def _plan(host: Host, wanted: WantedOptions, site: ComputeSettings) -> ComputePlan:
    layout = _layout(host, host.containers(), wanted, site)
    file = _file(host, layout, site)
    text = _text(file)
    try:
        after = prepared(text, wanted.options)
    except NovaConfError as error:
        raise PlanError(f"{file.path} on {site.name}: {error}; nova could not read that, mend it first") from error
    _check_libvirt(host, wanted, site)
    warnings = list(wanted.warnings)
    runner = _runner(host, layout, file, wanted, site)
    if layout == "kolla" and site.restart:
        warnings += _lost_in_container(host, wanted, text, site)
    if after != text:
        warnings += _written_anew(host, wanted, file, site)
        _check_writable(file, site)
        runner.why = [f"{file.path} changes"]
    if host.is_pending and not runner.why:
        runner.why.append("an earlier run wrote and did not come to the restart")
    return {
        "problems": [],
        "warnings": warnings,
        "layout": layout,
        "virt_type": wanted.virt_type,
        "options": wanted.options,
        "file": {
            "path": file.path,
            "mode": f"0{file.mode}",
            "differs": after != text,
            "text": after,
            "difference": difference(text, after),
        },
        "engine": runner.engine,
        "container": runner.container,
        "copies_once": runner.copies_once,
        "unit": runner.unit,
        "restart": bool(runner.why),
        "why": runner.why,
        "guests": sum(type_ not in ("", wanted.virt_type) for type_ in host.guests),
    }


def _runner(host: Host, layout: str, file: File, wanted: WantedOptions, site: ComputeSettings) -> Runner:
    containers = host.containers()
    if layout == "kolla" and (site.restart or containers):
        return _container_runner(host, containers, wanted, site)
    return _unit_runner(host, file, wanted, site) if layout == "distribution" else Runner()


def _layout(host: Host, containers: list[Container], wanted: WantedOptions, site: ComputeSettings) -> str:
    if site.layout != "auto":
        return site.layout
    if site.nova_conf:
        return _layout_of_path(containers, site)
    other = next((deployer for deployer in _deployers(host) if not deployer.reads_file), None)
    if other is not None:
        raise _not_for_good(other, wanted, site)
    has_kolla = host.file(_kolla_file(site)).exists
    if has_kolla and (containers or not host.units):
        return "kolla"
    if not has_kolla and _unit(host, site) is None:
        elsewhere = [one for one in containers if host.file(f"{one.config_directory}/nova.conf").exists]
        if elsewhere:
            raise PlanError(_configured_elsewhere(elsewhere[0], site))
    if any(host.file(path).exists for path in _distribution_files(site)):
        return "distribution"
    if has_kolla:
        return "kolla"
    raise _no_compute_node(host, site)


def _layout_of_path(containers: list[Container], site: ComputeSettings) -> str:
    """Return the layout that a file has whose path is given."""
    of_kolla = [site.kolla_directory, *(one.config_directory for one in containers if one.config_directory)]
    is_kolla = any(site.nova_conf.startswith(f"{directory}/") for directory in of_kolla)
    return "kolla" if is_kolla else "distribution"


def _no_compute_node(host: Host, site: ComputeSettings) -> PlanError:
    others = ", ".join(host.kolla_services)
    looked = ", ".join([_kolla_file(site), *_distribution_files(site)])
    return PlanError(
        f"{site.name} is not a compute node: kolla runs only {others} there; take it out of the group, or set "
        "compute_prep_kolla_directory"
        if others and "nova-compute" not in host.kolla_services
        else _no_nova_conf(site, looked)
    )


def _deployers(host: Host) -> list[Deployer]:
    return [DEPLOYERS[name] for name in host.deployers if name in DEPLOYERS]


def _advice(deployer: Deployer, wanted: WantedOptions) -> str:
    """Return what to change in place of the file; host-model is nova's own choice for cpu_mode."""
    mode = wanted.options["libvirt"].get("cpu_mode") or ["host-model"]
    return deployer.advice(wanted.virt_type, mode[0])


def _not_for_good(deployer: Deployer, wanted: WantedOptions, site: ComputeSettings) -> PlanError:
    return PlanError(
        f"{deployer.what} on {site.name}, so this role cannot change it for good: {_advice(deployer, wanted)}; then "
        f"take {site.name} out of the group. To write the file of the host all the same, set compute_prep_layout"
    )


def _written_anew(host: Host, wanted: WantedOptions, file: File, site: ComputeSettings) -> list[str]:
    """Return warnings about a change that the next deployment undoes.

    Raises PlanError where nobody has decided to make it all the same.
    """
    owners = [deployer for deployer in _deployers(host) if deployer.reads_file]
    for deployer in owners:
        if site.layout == "auto" and not deployer.is_chosen:
            raise _not_for_good(deployer, wanted, site)
    return [
        f"the next deployment of {site.name} writes {file.path} anew; to keep this change, {_advice(deployer, wanted)}"
        for deployer in owners
    ]


def _configured_elsewhere(container: Container, site: ComputeSettings) -> str:
    return (
        f"container {site.container} on {site.name} has its configuration from {container.config_directory}; set "
        "compute_prep_kolla_directory to that"
    )


def _no_nova_conf(site: ComputeSettings, looked: str) -> str:
    return (
        f"{site.name} has no nova.conf: looked for {looked}; install nova-compute first, or set compute_prep_nova_conf"
    )


def _kolla_file(site: ComputeSettings) -> str:
    return f"{site.kolla_directory}/nova.conf"


def _distribution_files(site: ComputeSettings) -> list[str]:
    """Return nova's own files in the order of nova, which reads both where it is not told otherwise."""
    return [f"{site.nova_directory}/nova.conf", f"{site.nova_directory}/nova-compute.conf"]


def _file(host: Host, layout: str, site: ComputeSettings) -> File:
    """Return the file to write: the last of those that nova-compute reads, whose values count."""
    if site.nova_conf:
        paths = [site.nova_conf]
    elif layout == "kolla":
        paths = [_kolla_file(site)]
    else:
        paths = _read_files(host, site)
    found = [host.file(path) for path in paths if host.file(path).exists]
    if not found:
        raise PlanError(_no_nova_conf(site, ", ".join(paths)))
    file = found[-1]
    if file.state == "unreadable":
        raise PlanError(f"{file.path} on {site.name} cannot be read by the user with id {host.user}; set become: true")
    if file.state == "other":
        raise PlanError(f"{file.path} on {site.name} is not a file; set compute_prep_nova_conf")
    return file


def _read_files(host: Host, site: ComputeSettings) -> list[str]:
    """Return the files that the unit passes to nova-compute, else those that nova takes by itself."""
    unit = _unit(host, site)
    told = [path for path in (unit.config_files if unit else []) if host.file(path).exists]
    return told or _distribution_files(site)


def _text(file: File) -> str:
    if file.content is None:
        raise PlanError(f"{file.path} is not UTF-8, so nova could not read it; mend it first")
    return file.content


def _check_writable(file: File, site: ComputeSettings) -> None:
    if file.state == "read-only":
        raise PlanError(
            f"{file.path} on {site.name} cannot be written; set become: true, or see whether the file system is "
            "read-only or the file immutable (lsattr)"
        )


def _check_libvirt(host: Host, wanted: WantedOptions, site: ComputeSettings) -> None:
    """Raise PlanError where libvirt says that it cannot run guests of the type wanted."""
    answer = host.domains.get(wanted.virt_type)
    if answer and answer.status != 0 and re.search(r"virttype|virt type|domain type|emulator", answer.output):
        said = answer.output.strip().splitlines()[-1]
        raise PlanError(f"libvirt on {site.name} cannot run guests of type {wanted.virt_type}: {said}")


def _container_runner(host: Host, containers: list[Container], wanted: WantedOptions, site: ComputeSettings) -> Runner:
    if not containers:
        raise PlanError(_why_no_container(host, site))
    container = next((one for one in containers if one.running), containers[0])
    if container.strategy not in STRATEGIES:
        raise PlanError(
            f"container {site.container} on {site.name} has KOLLA_CONFIG_STRATEGY={container.strategy}; kolla knows "
            f"{' and '.join(STRATEGIES)}"
        )
    if container.config_directory not in ("", site.kolla_directory):
        raise PlanError(_configured_elsewhere(container, site))
    runner = Runner(
        engine=container.engine,
        container=site.container,
        copies_once=container.strategy == "COPY_ONCE",
        unit=next((name for name in container_units(site.container) if name in host.units), ""),
    )
    if not site.restart:
        return runner
    if not container.running:
        raise PlanError(
            f"container {site.container} on {site.name} is {container.status or 'stopped'}; start it "
            f"({container.engine} start {site.container}) or see its log, or set compute_prep_restart to false"
        )
    runner.why = _not_in_effect(host, wanted, site)
    return runner


def _lost_in_container(host: Host, wanted: WantedOptions, text: str, site: ComputeSettings) -> list[str]:
    """Return a warning where options that are none of ours were edited inside the container."""
    if host.inside is None or host.inside.status != 0:
        return []
    ours = {(section.lower(), option) for section, options in wanted.options.items() for option in options}
    try:
        found = differing(text, host.inside.output)
    except NovaConfError:
        return []
    names = [f"[{section}] {option}" for section, option in sorted(found) if (section.lower(), option) not in ours]
    if not names:
        return []
    return [
        f"container {site.container} on {site.name} has other values than {_kolla_file(site)} for {', '.join(names)}; "
        "a restart by this role brings those of the host's file"
    ]


def _not_in_effect(host: Host, wanted: WantedOptions, site: ComputeSettings) -> list[str]:
    """Return which options the file inside the container does not have as wanted."""
    where = f"{site.container_file} in container {site.container}"
    if host.inside is None or host.inside.status != 0:
        said = host.inside.output.strip().splitlines()[-1:] if host.inside else []
        return [f"{where} cannot be read{''.join(f' ({one})' for one in said)}"]
    return _unlike(host.inside.output, wanted, where)


def _unlike(text: str, wanted: WantedOptions, where: str) -> list[str]:
    try:
        return [
            f"{where} has another value for [{section}] {option}"
            for section, options in wanted.options.items()
            for option, given in options.items()
            if values(text, section, option) != given
        ]
    except NovaConfError as error:
        return [f"{where}: {error}"]


def _why_no_container(host: Host, site: ComputeSettings) -> str:
    where = f"{site.name} has {_kolla_file(site)}, but"
    without = "compute_prep_restart to false"
    for engine, answer in host.engines.items():
        if not re.search(r"no such (object|container)", answer.output, re.IGNORECASE):
            said = answer.output.strip().splitlines()[-1:] or [f"ended with status {answer.status}"]
            return f"{where} {engine} does not answer: {said[0]}; see that it runs, or set {without}"
    if not host.engines:
        return f"{where} not the command {' or '.join(site.engines)}; set compute_prep_engine, or {without}"
    engines = " and ".join(host.engines)
    known = f"{engines} {'knows' if len(host.engines) == 1 else 'know'} no container {site.container}"
    return f"{where} {known}; set compute_prep_container, or {without}"


def _unit(host: Host, site: ComputeSettings) -> Unit | None:
    found = [host.units[name] for name in site.units if name in host.units]
    return next((one for one in found if one.state == "active"), found[0] if found else None)


def _unit_runner(host: Host, file: File, wanted: WantedOptions, site: ComputeSettings) -> Runner:
    unit = _unit(host, site)
    if unit is None:
        if not site.restart:
            return Runner()
        raise PlanError(
            f"{site.name} has {file.path}, but no unit {' or '.join(site.units)}; install nova-compute there, set "
            "compute_prep_service, or compute_prep_restart to false"
        )
    runner = Runner(unit=unit.name)
    if not site.restart:
        return runner
    if unit.state != "active":
        raise PlanError(
            f"{unit.name} on {site.name} is {unit.state}; start it or see its log (journalctl -u {unit.name}), or set "
            "compute_prep_restart to false"
        )
    if unit.started and file.changed > unit.started:
        runner.why.append(f"{file.path} is newer than the process of {unit.name}")
    order = _order(host, unit, site)
    if unit.sources and file.path not in order:
        raise PlanError(
            f"{unit.name} on {site.name} reads {', '.join(order)}, not {file.path}; correct compute_prep_nova_conf"
        )
    for place, path in enumerate(order):
        if path != file.path:
            is_later = file.path in order[:place]
            _check_other(host.file(path), file, wanted, is_later=is_later)
    return runner


def _order(host: Host, unit: Unit, site: ComputeSettings) -> list[str]:
    """Return the files that nova-compute reads, in order, for the last one counts.

    oslo.config first takes its usual files, then its usual directories, each unless it is told of others; then it reads
    what it is told, in the order of the arguments.
    """
    kinds = {kind for kind, _path in unit.sources}
    usual = [] if "file" in kinds else [path for path in _distribution_files(site) if host.file(path).exists]
    if "dir" not in kinds:
        usual += [path for one in _distribution_files(site) for path in host.files_in(f"{one}.d")]
    told = [host.files_in(path) if kind == "dir" else [path] for kind, path in unit.sources]
    return usual + [path for paths in told for path in paths]


def _check_other(other: File, ours: File, wanted: WantedOptions, *, is_later: bool) -> None:
    """Raise PlanError where another file of nova's takes back what ours gives, or gives what must not be there."""
    try:
        found = {
            (section, option): (values(other.content or "", section, option), given)
            for section, options in wanted.options.items()
            for option, given in options.items()
        }
    except NovaConfError as error:
        raise PlanError(f"{other.path}: {error}; nova could not read that, mend it first") from error
    for (section, option), (has, given) in found.items():
        if has and not given:
            raise PlanError(
                f"{other.path} gives [{section}] {option}, which nova-compute must not have; take it out there"
            )
        if has and is_later and has != given:
            raise PlanError(
                f"{other.path} gives [{section}] {option}, and nova reads it after {ours.path}; set "
                "compute_prep_nova_conf to it, or take the option out there"
            )
