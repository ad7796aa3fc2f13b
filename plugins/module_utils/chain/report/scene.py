# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands in the picture of a chain, without where: boxes with their lines, and the links between them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..design.derive import returns, steering_terms, vrf_of
from ..design.design import SteeringTerm
from ..intent.consistency import routers_of
from ..intent.model import Chain, External, Intent, Network, Router, Service, Side
from .content import DOWN, ChainHealth, Report, RouterState, routers_behind

MOST_LINES = 6
HOSTS, NETWORK, SERVICE, VRF, FILTER = "hosts", "network", "service", "vrf", "filter"


@dataclass(frozen=True)
class Line:
    """A line of a box; ``warns`` marks what needs a look."""

    text: str
    warns: bool = False


@dataclass(frozen=True)
class Box:
    """A thing of the model: its kind, a caption that says what it is, its name, and lines about it."""

    kind: str
    caption: str
    title: str
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Link:
    """The text at a line between two boxes, and whether traffic passes it."""

    text: str = ""
    broken: bool = False


@dataclass(frozen=True)
class RouterPart:
    """A router's part in a chain: its VRF on each side, how it steers, who is behind it, and the ways to Contrail."""

    caption: str
    left: Box
    right: Box
    steering: Box | None
    outside_left: Box | None
    outside_right: Box | None
    link_left: Link
    link_right: Link


@dataclass(frozen=True)
class Scene:
    """The whole picture of a chain."""

    title: str
    description: str
    left: Box
    right: Box
    services: tuple[Box, ...]
    both_ways: bool
    broken: bool
    routers: tuple[RouterPart, ...]


def scene_of(report: Report, state: ChainHealth) -> Scene:
    """Return what stands in the picture of a chain."""
    intent, chain = report.intent, state.chain
    return Scene(
        title=f"Service chain {chain.name}",
        description=f"{state.summary}: {state.state}. {state.reason}".strip(),
        left=_network(intent.networks[chain.left.network]),
        right=_network(intent.networks[chain.right.network]),
        services=tuple(_service(report, intent.services[name]) for name in chain.services),
        both_ways=returns(intent, chain),
        broken=state.state == DOWN,
        routers=tuple(
            _router(intent, chain, router, report.routers.get(router.name)) for router in routers_behind(intent, chain)
        ),
    )


def _bounded(lines: Sequence[Line], most: int = MOST_LINES) -> tuple[Line, ...]:
    """Return lines that fit a box; the rest is counted."""
    if len(lines) <= most:
        return tuple(lines)
    return (*lines[: most - 1], Line(f"and {len(lines) - most + 1} more"))


def _lines(texts: Iterable[str]) -> tuple[Line, ...]:
    return _bounded([Line(text) for text in texts])


def _network(network: Network) -> Box:
    both = sorted({*network.route_targets})
    targets = [f"RT {each}" for each in both]
    targets += [f"RT in {each}" for each in network.import_route_targets]
    targets += [f"RT out {each}" for each in network.export_route_targets]
    return Box(NETWORK, "Virtual network", network.name, _lines([*(each.cidr for each in network.subnets), *targets]))


def _service(report: Report, service: Service) -> Box:
    labels = {each.name: each.label for router in report.routers.values() for each in router.labels}
    silent = {each.split("/")[0] for each in report.silent}
    lines: list[Line] = []
    for member in service.members:
        of_member = f" (member {member.name})" if len(service.members) > 1 else ""
        for side, name in member.ports.items():
            port = report.intent.ports.get(name)
            addresses = list(port.addresses) if port else []
            label = labels.get(f"{side} port of {service.name}{of_member}")
            parts = [side, ", ".join(addresses) or name, *([f"label {label}"] if label is not None else [])]
            mute = bool(silent & set(addresses))
            lines.append(Line(" ".join([*parts, *(["silent"] if mute else [])]), warns=mute))
    count = f", {len(service.members)} members" if len(service.members) > 1 else ""
    return Box(SERVICE, f"Service, {service.mode}{count}", service.name, _bounded(lines))


def _router(intent: Intent, chain: Chain, router: Router, state: RouterState | None) -> RouterPart:
    boxes, links, outside = {}, {}, {}
    for word, near, far in chain.sides:
        own = [each for each in near.external if router in routers_of(intent, each)]
        outside[word] = _outside(intent, chain, router, word, own)
        boxes[word] = _vrf(intent, router, near, own, state)
        links[word] = _link(intent, chain, router, (word, near, far), state)
    address = ", ".join(router.addresses.values())
    return RouterPart(
        caption=f"router {router.name}" + (f" {address}" if address else ""),
        left=boxes["left"],
        right=boxes["right"],
        steering=_steering(intent, chain, router),
        outside_left=outside["left"],
        outside_right=outside["right"],
        link_left=links["left"],
        link_right=links["right"],
    )


def _vrf(intent: Intent, router: Router, side: Side, own: Sequence[External], state: RouterState | None) -> Box:
    vrf = vrf_of(router, side.network)
    lines = [f"RT {each}" for each in intent.networks[side.network].route_targets[:1]]
    if vrf.route_distinguisher:
        lines.append(f"RD {vrf.route_distinguisher}")
    for family in ("inet", "inet6"):
        table = state.tables.get(f"{vrf.name}.{family}.0") if state else None
        if table is not None:
            earlier = "" if table.before is None else f"{table.before} → "
            lines.append(f"{family}.0: {earlier}{table.after} routes")
    lines += [f"{each.prefix} → {each.family}.0" for each in own]
    return Box(VRF, "VRF", vrf.name, _lines(lines))


def _outside(intent: Intent, chain: Chain, router: Router, word: str, own: Sequence[External]) -> Box | None:
    if not own:
        return None
    lines: list[str] = []
    for each in own:
        lines.append(f"{each.host} {each.prefix}" if each.host else each.prefix)
        if word == "left" or returns(intent, chain):
            lines += [f"  by term {term['name']}" for term in steering_terms(chain, word, router, each)]
    hosts = list(dict.fromkeys(each.host for each in own if each.host))
    title = ", ".join(hosts) if hosts else own[0].prefix if len(own) == 1 else f"{len(own)} prefixes"
    return Box(HOSTS, f"Behind {router.name}, {word}", title, _lines(lines))


def _steering(intent: Intent, chain: Chain, router: Router) -> Box | None:
    """Return the filter that steers, with the terms of this chain and where they lead."""
    lines: dict[str, list[str]] = {}
    for word, side, _far in chain.sides:
        if word == "right" and not returns(intent, chain):
            continue
        for each in side.external:
            if router not in routers_of(intent, each):
                continue
            for term in steering_terms(chain, word, router, each):
                into = vrf_of(router, side.network).name
                lines.setdefault(term["filter"], []).append(f"{term['name']}: {_traffic(term)} → {into}")
    if not lines:
        return None
    interfaces = sorted({one for each in router.filters if each.name in lines for one in each.interfaces})
    texts = [*(f"on {each}" for each in interfaces), *(text for of_filter in lines.values() for text in of_filter)]
    return Box(FILTER, "Steering filter", ", ".join(lines), _lines(texts))


def _traffic(term: SteeringTerm) -> str:
    return " ".join([*term.get("source", ()), *term.get("protocol", ())]) or "all"


def _link(
    intent: Intent, chain: Chain, router: Router, ends: tuple[str, Side, Side], state: RouterState | None
) -> Link:
    """Return what the router pushes onto packets of a side, by what its table says of the far side."""
    word, near, _far = ends
    if state is None:
        return Link()
    name = vrf_of(router, near.network).name
    if any((f"{name}.{family}.0", chain.name) in state.missing for family in ("inet", "inet6")):
        return Link("no routes", broken=True)
    if word == "right" and not returns(intent, chain):
        return Link()
    entry = f"{word} port of {chain.services[0 if word == 'left' else -1]}"
    labels = sorted({each.label for each in state.labels if each.name.startswith(entry)})
    return Link("push " + ", ".join(map(str, labels[:4])) if labels else "")
