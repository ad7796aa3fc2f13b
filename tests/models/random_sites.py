# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sites at random, and the lab's world made of one: objects in the store, guests on compute nodes, VRFs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import strategies as st
from lab.core.site import Guest, Site
from lab.core.world import World
from lxml import etree
from models.chain_objects import PROJECT, ChainObjects
from models.vrf_configuration import VrfStatements, commit_vrfs

TARGETS = [f"64512:{number}" for number in range(1, 5)]
ROUTERS = {"vmx1": "172.31.10.57", "vmx2": "172.31.10.58"}
COMPUTES = {"compute1": "172.31.10.155", "compute2": "172.31.10.156"}
RELEASES = ("4.0", "4.1", "5.0")
STATICS = ("172.31.9.34/32", "172.31.8.198/32", "172.31.0.0/16", "10.0.1.2/32")
STATICS_6 = ("2001:db8:f::/64",)


@dataclass(frozen=True)
class RandomNetwork:
    """A network vnN with the subnet 10.0.N.0/24, and 2001:db8:N::/64 where it has IPv6."""

    number: int
    targets: tuple[str, ...]
    imports: tuple[str, ...]
    exports: tuple[str, ...]
    transit: bool
    ipv6: bool
    machines: int

    @property
    def name(self) -> str:
        """The network's name."""
        return f"vn{self.number}"


@dataclass(frozen=True)
class RandomService:
    """A service between two networks, its tuples each on a compute node."""

    name: str
    left: str
    right: str
    mode: str
    computes: tuple[str, ...]

    @property
    def ports(self) -> Iterator[tuple[str, str]]:
        """The names of the ports, each with its compute node."""
        for number, compute in enumerate(self.computes, start=1):
            suffix = "" if number == 1 else f"-{number}"
            for side in ("left", "right"):
                yield f"{self.name}-{side}{suffix}", compute


@dataclass(frozen=True)
class RandomPolicy:
    """A policy between two networks, attached to some of them; without services it joins them."""

    name: str
    left: str
    right: str
    services: tuple[str, ...]
    direction: str
    attached: tuple[str, ...]


@dataclass(frozen=True)
class RandomSite:
    """Everything about a site; ``vrfs`` are by router, ``low`` and ``down`` ports whose guest is silent or dead."""

    release: str
    networks: tuple[RandomNetwork, ...]
    services: tuple[RandomService, ...]
    policies: tuple[RandomPolicy, ...]
    vrfs: Mapping[str, tuple[VrfStatements, ...]]
    low: frozenset[str]
    down: frozenset[str]

    @property
    def ports(self) -> dict[str, str]:
        """The compute node of each port."""
        machines = {
            f"{network.name}-{number}": f"compute{1 + number % 2}"
            for network in self.networks
            for number in range(network.machines)
        }
        return machines | {port: compute for service in self.services for port, compute in service.ports}

    @property
    def labels(self) -> dict[str, int]:
        """The label of each port; those between are left to addresses that ports share."""
        return {port: 1000 + 10 * position for position, port in enumerate(self.ports)}


def _some(of: tuple[str, ...] | list[str], most: int = 2) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(of), max_size=most, unique=True).map(tuple)


@st.composite
def random_sites(draw: st.DrawFn) -> RandomSite:
    """Draw a site."""
    count = draw(st.integers(2, 4))
    networks = tuple(
        RandomNetwork(
            number=number,
            targets=draw(st.one_of(st.just((TARGETS[number - 1],)), _some(TARGETS))),
            imports=draw(st.one_of(st.just(()), _some(TARGETS, 1))),
            exports=draw(st.one_of(st.just(()), _some(TARGETS, 1))),
            transit=draw(st.booleans()),
            ipv6=draw(st.integers(0, 3)) == 0,
            machines=draw(st.integers(0, 2)),
        )
        for number in range(1, count + 1)
    )
    names = [network.name for network in networks]
    pairs = st.permutations(names).map(lambda order: order[:2])
    services: list[RandomService] = []
    for number in range(draw(st.integers(1, 3))):
        left, right = draw(pairs)
        mode = draw(st.sampled_from(("in-network", "in-network", "in-network-nat")))
        computes = tuple(draw(st.lists(st.sampled_from(sorted(COMPUTES)), min_size=1, max_size=2)))
        services.append(RandomService(f"s{number}", left, right, mode, computes))
    site = RandomSite(
        release=draw(st.sampled_from(RELEASES)),
        networks=networks,
        services=tuple(services),
        policies=tuple(draw(st.lists(_policies(names, services), max_size=4))),
        vrfs={router: draw(_vrfs(len(names))) for router in list(ROUTERS)[: draw(st.integers(1, len(ROUTERS)))]},
        low=frozenset(),
        down=frozenset(),
    )
    ports = sorted(site.ports)
    policies = tuple(replace(policy, name=f"p{number}") for number, policy in enumerate(site.policies))
    low, down = draw(_some(ports)), draw(_some(ports))
    return replace(site, policies=policies, low=frozenset(low), down=frozenset(down if draw(st.booleans()) else ()))


@st.composite
def _vrfs(draw: st.DrawFn, networks: int) -> tuple[VrfStatements, ...]:
    """Draw the VRFs of a router: mostly one for each network."""
    return tuple(
        VrfStatements(
            f"vrf{number}",
            draw(st.sampled_from(TARGETS)) if number > networks else TARGETS[number - 1],
            draw(st.one_of(st.just(TARGETS[number - 1]), st.sampled_from(TARGETS))),
            draw(_some(STATICS + STATICS_6)),
            draw(st.integers(0, 4)) > 0,
        )
        for number in range(1, draw(st.integers(1, 4)) + 1)
    )


@st.composite
def _policies(draw: st.DrawFn, names: list[str], services: list[RandomService]) -> RandomPolicy:
    """Draw a policy: mostly one whose services stand between its networks."""
    chosen = draw(_some([service.name for service in services]))
    left, right = draw(st.permutations(names))[:2]
    fitting = draw(st.integers(0, 5)) > 0
    if chosen and fitting:
        first = next(service for service in services if service.name == chosen[0])
        left, right = first.left, first.right
    attached = draw(st.sampled_from(((left, right),) * 5 + ((left,), ())))
    return RandomPolicy("", left, right, chosen, draw(st.sampled_from(("<>", "<>", ">"))), attached)


def make_world(site: RandomSite, base: Site) -> World:
    """Return the lab's world as the site says; ``base`` gives the machines that all sites have."""
    configuration = etree.fromstring(base.routers[0].configuration.encode())
    tunnel = configuration.find(".//dynamic-tunnel")
    assert tunnel is not None
    destination = etree.SubElement(tunnel, "destination-networks")
    etree.SubElement(destination, "name").text = f"{COMPUTES['compute2']}/32"
    guests = {port: Guest(compute, site.labels[port]) for port, compute in site.ports.items()}
    text = etree.tostring(configuration, encoding="unicode")
    routers = tuple(
        replace(base.routers[0], name=name, configuration=text.replace(ROUTERS["vmx1"], ROUTERS[name]))
        for name in site.vrfs
    )
    world = World(replace(base, computes=COMPUTES, guests=guests, routers=routers).of_release(site.release))
    objects = ChainObjects(world.store)
    for network in site.networks:
        _make_network(objects, network)
    for service in site.services:
        objects.service(service.name, service.left, service.right, service.mode, len(service.computes))
        for port, _compute in service.ports:
            of = service.left if "-left" in port else service.right
            if any(each.ipv6 for each in site.networks if each.name == of):
                _add_ipv6(objects, port, of)
    for policy in site.policies:
        objects.policy(policy.name, policy.left, policy.right, policy.services, policy.direction)
        objects.attach(policy.name, *policy.attached)
    for name, vrfs in site.vrfs.items():
        commit_vrfs(world.routers[name], vrfs)
    world.settle()
    world.set_guests_down(site.down)
    _silence(world, site)
    return world


def _make_network(objects: ChainObjects, network: RandomNetwork) -> None:
    lists: dict[str, Any] = {
        name: {"route_target": [f"target:{target}" for target in targets]}
        for name, targets in (
            ("import_route_target_list", network.imports),
            ("export_route_target_list", network.exports),
        )
        if targets
    }
    properties = {"virtual_network_properties": {"allow_transit": network.transit}}
    uuid = objects.network(network.name, f"10.0.{network.number}.0/24", network.targets, **lists, **properties)
    if network.ipv6:
        stored = objects.store.get(uuid)
        assert stored is not None
        (ipam,) = stored["network_ipam_refs"]
        subnet = {"subnet": {"ip_prefix": f"2001:db8:{network.number}::", "ip_prefix_len": 64}}
        attributes = {"ipam_subnets": [*ipam["attr"]["ipam_subnets"], subnet]}
        objects.store.update(uuid, {"network_ipam_refs": [{"to": ipam["to"], "attr": attributes}]})
    for number in range(network.machines):
        name = f"{network.name}-{number}"
        objects.port(name, network.name, name)
        if network.ipv6:
            _add_ipv6(objects, name, network.name)


def _add_ipv6(objects: ChainObjects, port: str, network: str) -> None:
    """Give a port an IPv6 address of its own."""
    objects.store.create(
        "instance-ip",
        {
            "fq_name": [f"{port}-v6"],
            "instance_ip_family": "v6",
            "virtual_network_refs": [{"to": [*PROJECT, network]}],
            "virtual_machine_interface_refs": [{"to": [*PROJECT, port]}],
        },
    )


def _silence(world: World, site: RandomSite) -> None:
    """Let nobody answer for the addresses of some ports."""
    for port in site.low:
        guest = world.site.guests[port]
        silent = frozenset(addresses_of(world, port))
        world.site.guests[port] = replace(guest, silent=silent)  # type: ignore[index]


def addresses_of(world: World, port: str) -> list[str]:
    """Return the addresses of a port's own."""
    return [
        item["instance_ip_address"]
        for item in world.store.objects("instance-ip")
        for reference in item.get("virtual_machine_interface_refs") or ()
        if reference["to"][-1] == port and not item.get("service_instance_ip")
    ]
