# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting for what Contrail's own daemons do after a change.

svc-monitor allots service addresses to a service instance once its port tuples are complete, and takes them
back when it is gone; the schema transformer makes a routing instance for each service in each network of a
chain, named ``service-<chain uuid>-<service name, parts joined by _>``.
"""

from __future__ import annotations

import ipaddress
import itertools
import re
import time
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ..api.client import ApiClient
from ..codec.codec import dig
from ..codec.errors import WaitTimeoutError
from ..codec.scope import Json, Value
from ..codec.values import FqName, joined
from ..kinds import NETWORK_POLICY, PORT, PORT_TUPLE, RULE, SERVICE_INSTANCE, VIRTUAL_NETWORK
from ..kinds.config import Item, Key
from ..plan.plan import Snapshot

SERVICE_SIDES = ("left", "right")
"""The interface types that get a service address."""

Pending = Callable[[], Sequence[str]]
"""Says what is still missing, in words; nothing when the wait is over."""


class Never(str):
    """Something missing that no wait can bring."""

    __slots__ = ()


@dataclass
class Waited:
    """How a wait went: its seconds, how often was looked, and each time that something changed what was missing."""

    seconds: float = 0.0
    looks: int = 0
    progress: list[dict[str, Value]] = field(default_factory=list)

    def as_result(self) -> dict[str, Value]:
        """Return what a module's result says of the wait."""
        return {"seconds": round(self.seconds, 3), "looks": self.looks, "progress": self.progress}


@dataclass(frozen=True)
class Patience:
    """How long to wait, in seconds, and how long between two looks; ``tell`` hears of the progress."""

    timeout: float = 60
    interval: float = 1
    tell: Callable[[str], None] = lambda text: None

    def wait(
        self,
        pending: Pending,
        waited: Waited | None = None,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> Waited:
        """Look until nothing is pending; raises WaitTimeoutError with what still is, at once if it can never come.

        ``waited`` is an earlier wait of the same task, to which this one is added.
        """
        waited = waited or Waited()
        start = clock()
        before = waited.seconds
        last: list[str] | None = None
        while True:
            missing = list(pending())
            passed = clock() - start
            waited.seconds = before + passed
            waited.looks += 1
            if missing != last:
                waited.progress.append({"seconds": round(waited.seconds, 3), "missing": missing})
                self.tell(f"after {waited.seconds:.1f} s: {'; '.join(missing) or 'all is there'}")
            last = missing
            if not missing:
                return waited
            hopeless = [text for text in missing if isinstance(text, Never)]
            if hopeless:
                raise WaitTimeoutError(f"there is nothing to wait for: {'; '.join(hopeless)}", waited.as_result())
            if passed >= self.timeout:
                raise WaitTimeoutError(f"after {self.timeout:g} s {'; '.join(missing)}", waited.as_result())
            sleep(min(self.interval, max(self.timeout - passed, 0)))


class Sight:
    """Reads objects for a look: those that the task has read itself, until it looks again, then from the server.

    ``known`` is what the task has read, by kind with ``fields``; give it only where the task has written nothing since.
    """

    def __init__(
        self, client: ApiClient, known: Snapshot | None = None, fields: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        self._client = client
        self._known = known
        self._fields = fields or {}

    def read(self, needs: Iterable[Key], fields: Mapping[str, Sequence[str]]) -> dict[Key, Json]:
        """Read objects by kind and name, ``fields`` of each kind; ``None`` for those that do not exist."""
        wanted = set(needs)
        known = {key: self._known.look(*key) for key in wanted if self._knows(key, fields)} if self._known else {}
        left = wanted - set(known)
        return {**known, **(self._client.read(left, fields) if left else {})}

    def _knows(self, key: Key, fields: Mapping[str, Sequence[str]]) -> bool:
        read = self._fields.get(key[0], ())
        return self._known is not None and self._known.knows(key) and set(fields.get(key[0], ())) <= set(read)

    def again(self) -> None:
        """Read everything from the server from now on."""
        self._known = None


class ServiceAddresses:
    """The wait for the addresses that svc-monitor gives to service instances.

    With a template of version 1 svc-monitor makes the machines too, and these are waited for.
    """

    FIELDS: Mapping[str, Sequence[str]] = {
        SERVICE_INSTANCE.kind: (
            "instance_ip_refs",
            "port_tuples",
            "service_instance_properties",
            "virtual_machine_back_refs",
        ),
        PORT_TUPLE.kind: ("virtual_machine_interface_back_refs",),
        PORT.kind: ("virtual_machine_interface_properties",),
        "instance-ip": ("instance_ip_address", "virtual_machine_interface_refs"),
    }
    """What is read, by kind."""

    def __init__(self, sight: Sight, items: Sequence[Item], before: Snapshot) -> None:
        self._sight = sight
        self._items = items
        self._before = before
        self.found: dict[str, dict[str, list[str]]] = {}

    def appear(self) -> list[str]:
        """Say which service instance, and which of its ports, has no address yet; notes in ``found`` those there are.

        A service instance of version 2 without port tuples never gets any, so it is not waited for.
        """
        services = self._read(SERVICE_INSTANCE.kind, [item.fq_name for item in self._items])
        addresses, tuples = self._addresses_and_tuples(services.values())
        ports = self._read(PORT.kind, [name for stored in tuples.values() for name in _members(stored)])
        missing: list[str] = []
        for item in self._items:
            service = services.get(item.fq_name)
            found = _found(service, addresses)
            self.found[joined(item.fq_name)] = {side: sorted(found[side], key=_family) for side in sorted(found)}
            members = {
                port: ports.get(port) for name in _names(service, "port_tuples") for port in _members(tuples.get(name))
            }
            carriers = {
                port
                for name in _names(service, "instance_ip_refs")
                for port in _names(addresses.get(name), "virtual_machine_interface_refs")
            }
            missing += _without_address(item, found, members)
            missing += _not_carrying(item, found, members, carriers)
            missing += _machines_lacking(item, service)
        return missing

    def vanish(self) -> list[str]:
        """Say which addresses of deleted service instances are still there."""
        stored = [self._before.look(SERVICE_INSTANCE.kind, item.fq_name) for item in self._items]
        addresses = [name for service in stored for name in _names(service, "instance_ip_refs")]
        left = [name for name, found in self._read("instance-ip", addresses).items() if found is not None]
        return [f"service address {joined(name)} is still there; check that svc-monitor runs" for name in left]

    def _addresses_and_tuples(self, services: Iterable[Json]) -> tuple[dict[FqName, Json], dict[FqName, Json]]:
        """Return the service addresses and the port tuples of service instances, which are read side by side."""
        needs: list[Key] = []
        for stored in services:
            needs += [("instance-ip", name) for name in _names(stored, "instance_ip_refs")]
            needs += [(PORT_TUPLE.kind, name) for name in _names(stored, "port_tuples")]
        found = self._sight.read(needs, self.FIELDS)
        return (
            {name: stored for (kind, name), stored in found.items() if kind == "instance-ip"},
            {name: stored for (kind, name), stored in found.items() if kind == PORT_TUPLE.kind},
        )

    def _read(self, kind: str, names: Sequence[FqName]) -> dict[FqName, Json]:
        return _by_name(self._sight.read([(kind, name) for name in names], self.FIELDS))


def _names(stored: Json, api: str) -> list[FqName]:
    return [tuple(reference["to"]) for reference in dig(stored, [api]) or []]


def _members(port_tuple: Json) -> list[FqName]:
    return _names(port_tuple, "virtual_machine_interface_back_refs")


def _found(service: Json, addresses: Mapping[FqName, Json]) -> dict[str, list[str]]:
    """Return the addresses that a service instance has, by interface type."""
    found: dict[str, list[str]] = {}
    for reference in dig(service, ["instance_ip_refs"]) or []:
        text = dig(addresses.get(tuple(reference["to"])), ["instance_ip_address"])
        if text:
            found.setdefault(dig(reference, ["attr", "interface_type"]) or "", []).append(text)
    return found


def _without_address(item: Item, found: Mapping[str, Value], members: Mapping[FqName, Json]) -> Iterator[str]:
    """Yield the sides of a service instance that have ports and no address at all."""
    sides = {_side(port) for port in members.values()}
    for side in SERVICE_SIDES:
        if side in sides and side not in found:
            yield (
                f"service-instance {joined(item.fq_name)} has no service address on its {side} interface; "
                "check that svc-monitor runs, that the port has that interface type and its network a subnet"
            )


def _not_carrying(
    item: Item, found: Mapping[str, Value], members: Mapping[FqName, Json], carriers: set[FqName]
) -> Iterator[str]:
    """Yield the ports on which a service address that is there has not been put yet."""
    for port, stored in sorted(members.items()):
        if _side(stored) in found and port not in carriers:
            yield (
                f"port {joined(port)} does not carry the {_side(stored)} service address of service-instance "
                f"{joined(item.fq_name)}; check that svc-monitor runs"
            )


def _machines_lacking(item: Item, service: Json) -> Iterator[str]:
    """Yield how many machines svc-monitor has still to make, with a template of version 1."""
    wanted = dig(service, ["service_instance_properties", "scale_out", "max_instances"]) or 0
    there = len(_names(service, "virtual_machine_back_refs"))
    if there < wanted and not _names(service, "port_tuples"):
        yield (
            f"service-instance {joined(item.fq_name)} has {there} of {wanted} virtual machines; check that "
            "svc-monitor runs, and the image, flavor and version of the template"
        )


def _side(port: Json) -> str:
    return dig(port, ["virtual_machine_interface_properties", "service_interface_type"]) or ""


class ServiceRoutingInstances:
    """The wait for the routing instances that the schema transformer makes for a policy's services."""

    FIELDS: Mapping[str, Sequence[str]] = {
        NETWORK_POLICY.kind: ("network_policy_entries", "virtual_network_back_refs"),
        VIRTUAL_NETWORK.kind: ("network_policy_refs", "routing_instances"),
        SERVICE_INSTANCE.kind: ("service_template_refs",),
        "service-template": ("service_template_properties",),
    }
    """What is read, by kind."""

    def __init__(self, sight: Sight, items: Sequence[Item], before: Snapshot) -> None:
        self._sight = sight
        self._items = items
        self._own = {item.fq_name for item in items}
        self._stored_before = [before.look(NETWORK_POLICY.kind, item.fq_name) for item in items]
        self._nat: dict[str, bool] = {}

    def appear(self) -> list[str]:
        """Say in which networks a service of the policies has no routing instance yet, or one that has to go.

        Where only one of a rule's networks has the policy, the schema transformer never builds the chain, and says
        nothing. Where none has it nothing is expected. With NAT, or in one direction, one routing instance is enough.
        """
        own = self._policies(self._own)
        halves = [half for policy in own.values() for half in _halves(policy)]
        chains = [chain for policy in own.values() for chain in _chains(policy)]
        earlier = self._earlier()
        ends = {name for half in halves for name in (half.having, half.lacking)}
        networks = self._networks(ends | {name for chain in chains for name in chain.networks} | _networks_of(earlier))
        going = earlier - {place for chain in chains for place in chain.places()}
        policies = {**own, **self._policies(_others(halves, going, networks) - self._own)}
        hopeless, more = _one_sided(halves, networks, policies)
        chains = more + chains
        going = _without_kept(going - {place for chain in more for place in chain.places()}, networks, policies, own)
        return [*hopeless, *self._lacking(chains, networks), *_still_there(going, networks)]

    def vanish(self) -> list[str]:
        """Say in which networks a service of the deleted policies still has a routing instance.

        What an interrupted run has detached or deleted is known from the items, as far as they describe it.
        """
        described = [chain for item in self._items for chain in _described(item)]
        going = self._earlier() | {place for chain in described for place in chain.places()}
        networks = self._networks(_networks_of(going))
        policies = self._policies(_others([], going, networks) - self._own)
        return _still_there(_without_kept(going, networks, policies, self._own), networks)

    def _lacking(self, chains: Iterable[_Chain], networks: Mapping[FqName, Json]) -> list[str]:
        """Say which services of chains have no routing instance where they need one, and what to check."""
        found = [(chain, service, chain.without(service, networks)) for chain in chains for service in chain.services]
        partly = [chain for chain, _service, names in found if 0 < len(names) < len(chain.networks)]
        self._note_nat({service for chain in partly if not chain.one_way for service in chain.services})
        return [
            f"service {service} has no routing instance in {', '.join(map(joined, names))}; check that the schema "
            "transformer runs, and that the service instance has its service addresses"
            for chain, service, names in found
            if names and (len(names) == len(chain.networks) or not self._one_is_enough(chain))
        ]

    def _one_is_enough(self, chain: _Chain) -> bool:
        """Tell whether the services of a chain need a routing instance on one side only."""
        return chain.one_way or any(self._nat.get(service) for service in chain.services)

    def _note_nat(self, services: Iterable[str]) -> None:
        """Take note whether services have an in-network-nat template; they leave no trace on their right side then."""
        unknown = {tuple(service.split(":")): service for service in services if service not in self._nat}
        stored = _by_name(self._sight.read([(SERVICE_INSTANCE.kind, name) for name in unknown], self.FIELDS))
        template_of = {
            service: name for key, service in unknown.items() for name in _names(stored[key], "service_template_refs")
        }
        needs: list[Key] = [("service-template", name) for name in template_of.values()]
        templates = _by_name(self._sight.read(needs, self.FIELDS))
        path = ["service_template_properties", "service_mode"]
        for service, name in template_of.items():
            self._nat[service] = dig(templates[name], path) == "in-network-nat"

    def _earlier(self) -> set[tuple[str, FqName]]:
        """Return the services and networks of which the policies made routing instances before the task wrote."""
        return {place for policy in self._stored_before for chain in _chains(policy) for place in chain.places()}

    def _policies(self, names: Iterable[FqName]) -> dict[FqName, Json]:
        """Return the stored policies of these names; ``None`` for those that are not there."""
        return _by_name(self._sight.read([(NETWORK_POLICY.kind, name) for name in names], self.FIELDS))

    def _networks(self, names: Iterable[FqName]) -> dict[FqName, Json]:
        """Return networks with their policies and routing instances, all in one listing."""
        return _by_name(self._sight.read([(VIRTUAL_NETWORK.kind, name) for name in names], self.FIELDS))


def _networks_of(places: Iterable[tuple[str, FqName]]) -> set[FqName]:
    return {name for _service, name in places}


def _others(
    halves: Iterable[_Half], going: Iterable[tuple[str, FqName]], networks: Mapping[FqName, Json]
) -> set[FqName]:
    """Return the policies that may ask for the other half of a chain, or keep what a task's policies give up."""
    lacking = {name for half in halves for name in _attached(networks.get(half.lacking), "network_policy_refs")}
    keeping = {name for place in _networks_of(going) for name in _names(networks.get(place), "network_policy_refs")}
    return lacking | keeping


def _one_sided(
    halves: Sequence[_Half], networks: Mapping[FqName, Json], policies: Mapping[FqName, Json]
) -> tuple[list[str], list[_Chain]]:
    """Return what to say of chains that one of their networks asks for and the other does not, and other chains.

    The others are those for which another policy of that network asks, by an equal rule.
    """
    texts: list[str] = []
    chains: list[_Chain] = []
    for half in halves:
        theirs = _attached(networks.get(half.lacking), "network_policy_refs")
        if any(_same_chain(half.rule, rule) for name in theirs for rule in _rules(policies.get(name))):
            ends = tuple(sorted([half.having, half.lacking]))
            chains.append(_Chain(tuple(half.rule["services"]), ends, half.rule.get("direction") == ">"))
        else:
            texts.append(half.text())
    return texts, chains


def _without_kept(
    going: set[tuple[str, FqName]],
    networks: Mapping[FqName, Json],
    policies: Mapping[FqName, Json],
    own: Container[FqName],
) -> set[tuple[str, FqName]]:
    """Return of the routing instances that have to go those that no other policy on the same networks keeps.

    The schema transformer makes one routing instance for a service in a network, for whom ever.
    """
    others = {name for place in _networks_of(going) for name in _names(networks.get(place), "network_policy_refs")}
    kept = [chain for name in others if name not in own for chain in _chains(policies.get(name))]
    return going - {place for chain in kept for place in chain.places()}


@dataclass(frozen=True)
class _Chain:
    """A policy rule with services: their names, and the networks between which they stand."""

    services: tuple[str, ...]
    networks: tuple[FqName, ...]
    one_way: bool

    def places(self) -> Iterator[tuple[str, FqName]]:
        """Yield each service with each network in which it gets a routing instance."""
        return itertools.product(self.services, self.networks)

    def without(self, service: str, networks: Mapping[FqName, Json]) -> list[FqName]:
        """Return the networks that have no routing instance for a service of this chain."""
        return [name for name in self.networks if not _has_service(networks.get(name), service)]


def _still_there(going: Iterable[tuple[str, FqName]], networks: Mapping[FqName, Json]) -> list[str]:
    return [
        f"service {service} still has a routing instance in {joined(name)}; check that the schema transformer runs"
        for service, name in sorted(going)
        if _has_service(networks.get(name), service)
    ]


@dataclass(frozen=True)
class _Half:
    """A chain that one network asks for, and not the other one."""

    policy: FqName
    rule: Value
    having: FqName
    lacking: FqName
    ignored: bool

    def text(self) -> Never:
        """Say what is missing, and the cure."""
        where = f"{joined(self.lacking)} without a sequence, which counts for nothing" if self.ignored else ""
        attached = f"attached to {where}" if where else f"not attached to {joined(self.lacking)}"
        return Never(
            f"the chain through {', '.join(self.rule['services'])} between {joined(self.having)} and "
            f"{joined(self.lacking)} will never come up, because policy {joined(self.policy)} is {attached}: "
            "give both networks in networks of the policy"
        )


def _halves(policy: Json) -> Iterator[_Half]:
    """Yield the chains of a stored policy for which it is attached to one network only."""
    attached = set(_attached(policy, "virtual_network_back_refs"))
    for rule in _rules(policy):
        sides = [_networks(rule.get(side)) for side in ("source", "destination")]
        for left, right in itertools.product(*(sorted(side) for side in sides)):
            if rule.get("services") and left != right and len({left, right} & attached) == 1:
                having, lacking = (left, right) if left in attached else (right, left)
                ignored = lacking in _names(policy, "virtual_network_back_refs")
                yield _Half(tuple(policy["fq_name"]), rule, having, lacking, ignored)


def _attached(stored: Json, api: str) -> list[FqName]:
    """Return the names in a list of attachments of policies to networks; without a sequence one does not count."""
    return [
        tuple(reference["to"])
        for reference in dig(stored, [api]) or []
        if "attr" not in reference or dig(reference, ["attr", "sequence"])
    ]


def _rules(policy: Json) -> list[Value]:
    stored = dig(policy, ["network_policy_entries", "policy_rule"]) or []
    return [RULE.decode(rule) for rule in stored]


def _same_chain(one: Value, other: Value) -> bool:
    """Tell whether two rules ask for the same chain: the schema transformer compares what it is built of."""
    parts = ("services", "source", "destination", "direction", "protocol", "source_ports", "destination_ports")
    return bool(one.get("services")) and all(one.get(part) == other.get(part) for part in parts)


def _chains(policy: Json) -> list[_Chain]:
    """Return the rules of a stored policy that make service chains, as far as it is attached."""
    return _chains_between(set(_attached(policy, "virtual_network_back_refs")), _rules(policy))


def _described(item: Item) -> list[_Chain]:
    """Return the rules of an item's policy that make service chains, once it is attached as the item says."""
    attached = {tuple(network["name"].split(":")) for network in item.compound.get("networks") or []}
    return _chains_between(attached, item.values.get("rules") or [])


def _chains_between(attached: set[FqName], rules: Iterable[Value]) -> list[_Chain]:
    chains = []
    for rule in rules:
        sides = [_networks(rule.get(side)) & attached for side in ("source", "destination")]
        if rule.get("services") and all(sides):
            networks = tuple(sorted(sides[0] | sides[1]))
            chains.append(_Chain(tuple(rule["services"]), networks, rule.get("direction") == ">"))
    return chains


def _networks(addresses: Value) -> set[FqName]:
    words = {"any", "local"}
    return {
        tuple(item["network"].split(":"))
        for item in addresses or []
        if item.get("network") and item["network"] not in words
    }


def _has_service(network: Json, service: str) -> bool:
    """Tell whether one of a network's routing instances is there for a service."""
    built_for = re.compile(f"service-[0-9a-f-]{{36}}-{re.escape(service.replace(':', '_'))}")
    return any(built_for.fullmatch(name[-1]) for name in _names(network, "routing_instances"))


def _by_name(objects: Mapping[Key, Json]) -> dict[FqName, Json]:
    return {key[1]: stored for key, stored in objects.items()}


def _family(text: str) -> tuple[int, int]:
    address = ipaddress.ip_address(text)
    return address.version, int(address)


WAITS: Mapping[str, type[ServiceAddresses] | type[ServiceRoutingInstances]] = {
    "service_addresses": ServiceAddresses,
    "service_routing_instances": ServiceRoutingInstances,
}


class Waiting:
    """All the waiting of one task, as its ``wait`` option asks; ``tell`` hears of the progress.

    ``fields`` is what the task itself should read, by kind, so that the first look after a task that wrote nothing
    needs no request.
    """

    def __init__(
        self, client: ApiClient, items: Sequence[Item], options: Mapping[str, Value], tell: Callable[[str], None]
    ) -> None:
        self._client = client
        self._items = items
        self._wait = WAITS[options["for"]]
        self._patience = Patience(options["timeout"], options["interval"], tell)
        self._waited = Waited()
        self.fields = self._wait.FIELDS

    def settle(self) -> None:
        """Wait, before old members leave, until the new ones do the service; raises WaitTimeoutError."""
        self._patience.wait(self._wait(Sight(self._client), self._items, Snapshot()).appear, self._waited)

    def finish(
        self, state: str, before: Snapshot, kept: Container[FqName], fields: Mapping[str, Sequence[str]]
    ) -> dict[str, Value]:
        """Wait for what the task made or, in the state absent, deleted, but for what was ``kept``.

        ``before`` is what was stored before the task, by kind with ``fields``. Returns what a module's result says of
        it; raises WaitTimeoutError.
        """
        unchanged = self._client.writes == 0
        sight = Sight(self._client, before, fields) if unchanged else Sight(self._client)
        wait = self._wait(sight, [item for item in self._items if item.fq_name not in kept], before)
        pending = wait.vanish if state == "absent" else wait.appear
        self._patience.wait(_looking(pending, sight), self._waited)
        found = {"service_addresses": wait.found} if isinstance(wait, ServiceAddresses) and state == "present" else {}
        return {"waited": self._waited.as_result(), **found}


def _looking(pending: Pending, sight: Sight) -> Pending:
    """Return a look after which the next one reads everything from the server."""

    def look() -> Sequence[str]:
        missing = pending()
        sight.again()
        return missing

    return look
