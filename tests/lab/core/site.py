# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's site file: machines, addresses and guests, read and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from ipaddress import ip_address, ip_interface
from pathlib import Path
from typing import Any

import yaml
from lab.keystone.directory import DEFAULT_DOMAIN, Credential, People, Project, User
from lab.openstack.data import Flavor, OpenStackData

DEFAULT_SITE = Path(__file__).resolve().parents[1] / "site.yml"


class SiteError(ValueError):
    """The site file is not what it must be; the message gives the path of the bad value."""


@dataclass(frozen=True)
class Guest:
    """What runs behind a port: on which compute node, with which label, and which addresses stay silent."""

    compute: str
    label: int | None = None
    silent: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Host:
    """A machine that Ansible logs in to.

    `interfaces` maps names to addresses with prefix lengths; `etc` is a directory of files that it has in its
    /etc, `containers` a file that describes its containers.
    """

    name: str
    interfaces: Mapping[str, str] = field(default_factory=dict)
    sysctl: Mapping[str, str] = field(default_factory=dict)
    etc: Path | None = None
    containers: Path | None = None


@dataclass(frozen=True)
class RouterData:
    """A router: name, Junos version, passwords by user, and the configuration it starts with.

    `marks_pending`: its commit history marks a confirmed commit that waits, as newer releases do.
    """

    name: str
    version: str
    users: Mapping[str, str]
    configuration: str
    marks_pending: bool = True


@dataclass(frozen=True)
class Site:
    """All of the site file.

    `routers` has at least one; `computes` maps names to the addresses of the vRouters, the default one first; `standby`
    is how many copies of the schema transformer and the service monitor stand by.
    """

    release: str
    controller: str
    routers: tuple[RouterData, ...]
    computes: Mapping[str, str]
    guests: Mapping[str, Guest]
    hosts: Mapping[str, Host]
    people: People = field(default_factory=People)
    openstack: OpenStackData = field(default_factory=OpenStackData)
    standby: int = 0

    def of_release(self, release: str | None) -> Site:
        """Return the same site under another release of Contrail; None changes nothing."""
        return self if release is None else replace(self, release=_release(release, "release"))

    @property
    def release_number(self) -> tuple[int, ...]:
        """The release as numbers that compare, such as (4, 0)."""
        return tuple(int(part) for part in self.release.split("."))


def read_site(path: Path = DEFAULT_SITE) -> Site:
    """Read a site file; the files it names stand beside it.

    Raises SiteError for a value that is missing or wrong, OSError for a file that cannot be read.
    """
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise SiteError(f"{path}: not YAML: {error}") from error
    try:
        return site_from(data, beside=path.parent)
    except SiteError as error:
        raise SiteError(f"{path}: {error}") from error


def site_from(data: Any, beside: Path = DEFAULT_SITE.parent) -> Site:
    """Return the site that a site file's data means; `beside` is where the files that it names are."""
    top = _mapping(data, "site")
    controller = _mapping(top.get("controller"), "controller")
    computes = {
        _text(_mapping(node, f"computes[{index}]").get("name"), f"computes[{index}].name"): _address(
            node.get("address"), f"computes[{index}].address"
        )
        for index, node in enumerate(top.get("computes") or [])
    }
    if not computes:
        raise SiteError("computes: at least one is needed")
    return Site(
        release=_release(top.get("release"), "release"),
        controller=_address(controller.get("address"), "controller.address"),
        routers=_routers(top.get("routers"), "routers", beside),
        computes=computes,
        guests={
            str(port): _guest(value, f"guests.{port}", computes) for port, value in (top.get("guests") or {}).items()
        },
        hosts={
            str(name): _host(str(name), value or {}, f"hosts.{name}", beside)
            for name, value in (top.get("hosts") or {}).items()
        },
        people=_people(top.get("keystone") or {}, "keystone"),
        openstack=_openstack(top.get("openstack") or {}, "openstack"),
        standby=int(controller.get("standby") or 0),
    )


def _routers(value: Any, path: str, beside: Path) -> tuple[RouterData, ...]:
    if not isinstance(value, list) or not value:
        raise SiteError(f"{path}: a list of at least one is needed, not {value!r}")
    routers = tuple(_router(each, f"{path}[{index}]", beside) for index, each in enumerate(value))
    names = [router.name for router in routers]
    for index, name in enumerate(names):
        if name in names[:index]:
            raise SiteError(f"{path}[{index}].name: there is a router {name} already")
    return routers


def _router(value: Any, path: str, beside: Path) -> RouterData:
    router = _mapping(value, path)
    file = beside / _text(router.get("configuration"), f"{path}.configuration")
    if not file.is_file():
        raise SiteError(f"{path}.configuration: there is no {file}")
    configuration = file.read_text(encoding="utf-8")
    for pattern, text in _mapping(router.get("replace") or {}, f"{path}.replace").items():
        if str(pattern) not in configuration:
            raise SiteError(f"{path}.replace: {pattern!r} is not in {file}")
        configuration = configuration.replace(str(pattern), str(text))
    users = _mapping(router.get("users"), f"{path}.users")
    return RouterData(
        name=_text(router.get("name"), f"{path}.name"),
        version=_text(router.get("version"), f"{path}.version"),
        users={str(user): str(password) for user, password in users.items()},
        configuration=configuration,
        marks_pending=router.get("marks_pending", True) is True,
    )


def _guest(value: Any, path: str, computes: Mapping[str, str]) -> Guest:
    guest = _mapping(value, path)
    compute = guest.get("compute", next(iter(computes)))
    if compute not in computes:
        raise SiteError(f"{path}.compute: no compute node {compute!r}")
    label = guest.get("label")
    if label is not None and (not isinstance(label, int) or not 16 <= label < 2**20):
        raise SiteError(f"{path}.label: an MPLS label is a number from 16 to 1048575")
    silent = guest.get("silent") or []
    return Guest(compute, label, frozenset(_address(one, f"{path}.silent") for one in silent))


def _host(name: str, value: Any, path: str, beside: Path) -> Host:
    host = _mapping(value, path)
    interfaces = _mapping(host.get("interfaces") or {}, f"{path}.interfaces")
    for interface, address in interfaces.items():
        try:
            ip_interface(str(address))
        except ValueError as error:
            raise SiteError(f"{path}.interfaces.{interface}: {error}") from error
    files = {key: beside / str(host[key]) for key in ("etc", "containers") if host.get(key)}
    for key, file in files.items():
        if not file.exists():
            raise SiteError(f"{path}.{key}: there is no {file}")
    return Host(
        name=name,
        interfaces={str(interface): str(address) for interface, address in interfaces.items()},
        sysctl={
            str(key): str(setting) for key, setting in _mapping(host.get("sysctl") or {}, f"{path}.sysctl").items()
        },
        **files,
    )


def _people(value: Any, path: str) -> People:
    keystone = _mapping(value, path)
    projects = {
        str(name): Project(str(name), _text(project.get("id"), f"{path}.projects.{name}.id"), _domain(project))
        for name, project in _mapping(keystone.get("projects") or {}, f"{path}.projects").items()
    }
    users = {
        str(name): _user(str(name), user, f"{path}.users.{name}", projects)
        for name, user in _mapping(keystone.get("users") or {}, f"{path}.users").items()
    }
    credentials = []
    for index, given in enumerate(keystone.get("application_credentials") or []):
        place = f"{path}.application_credentials[{index}]"
        keys = ("id", "name", "secret", "user", "project")
        credential = Credential(*(_text(_mapping(given, place).get(key), f"{place}.{key}") for key in keys))
        if credential.user not in users or credential.project not in projects:
            raise SiteError(f"{place}: no user {credential.user!r} or no project {credential.project!r}")
        credentials.append(credential)
    local = _mapping(keystone.get("local_admin") or {}, f"{path}.local_admin")
    known = People()
    names = zip(("username", "password"), known.local_admin, strict=True)
    local_admin = [str(local.get(key, default)) for key, default in names]
    return People(projects, users, tuple(credentials), (local_admin[0], local_admin[1]))


def _user(name: str, value: Any, path: str, projects: Mapping[str, Project]) -> User:
    user = _mapping(value, path)
    roles = {str(project): tuple(given) for project, given in _mapping(user.get("roles"), f"{path}.roles").items()}
    for project in roles.keys() - projects.keys():
        raise SiteError(f"{path}.roles: no project {project!r}")
    return User(name, _text(user.get("password"), f"{path}.password"), roles, _domain(user))


def _openstack(value: Any, path: str) -> OpenStackData:
    cloud = _mapping(value, path)
    flavors = {
        str(name): _flavor(str(name), flavor, f"{path}.flavors.{name}")
        for name, flavor in _mapping(cloud.get("flavors") or {}, f"{path}.flavors").items()
    }
    major, _dot, minor = _release(cloud.get("microversion", "2.42"), f"{path}.microversion").partition(".")
    return OpenStackData(
        region=str(cloud.get("region", OpenStackData.region)),
        microversion=(int(major), int(minor or 0)),
        images={
            str(name): _text(identifier, f"{path}.images.{name}")
            for name, identifier in _mapping(cloud.get("images") or {}, f"{path}.images").items()
        },
        flavors=flavors,
        key_pairs=tuple(str(name) for name in cloud.get("key_pairs") or ()),
    )


def _flavor(name: str, value: Any, path: str) -> Flavor:
    flavor = _mapping(value, path)
    sizes = [size for key in ("vcpus", "ram", "disk") if isinstance(size := flavor.get(key), int)]
    if len(sizes) < 3:
        raise SiteError(f"{path}: vcpus, ram and disk are numbers")
    return Flavor(name, _text(flavor.get("id"), f"{path}.id"), *sizes)


def _domain(value: Mapping[str, Any]) -> str:
    return str(value.get("domain", DEFAULT_DOMAIN))


def _mapping(value: Any, path: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise SiteError(f"{path}: a mapping is needed, not {value!r}")
    return value


def _text(value: Any, path: str) -> str:
    if not isinstance(value, str) or not value:
        raise SiteError(f"{path}: a text is needed, not {value!r}")
    return value


def _address(value: Any, path: str) -> str:
    try:
        return str(ip_address(str(value)))
    except ValueError as error:
        raise SiteError(f"{path}: {error}") from error


def _release(value: Any, path: str) -> str:
    text = str(value)
    if not all(part.isdigit() for part in text.split(".")):
        raise SiteError(f"{path}: a release looks like 4.0, not {value!r}")
    return text
