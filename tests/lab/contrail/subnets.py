# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Subnets of networks and address pools, and the allocation of addresses from them.

A subnet is stored as the API has it: `{"subnet": {"ip_prefix", "ip_prefix_len"}, "default_gateway", ...}`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from socket import AF_INET, AF_INET6, inet_ntop

from lab.contrail.errors import ApiError
from lab.contrail.schema import JsonDict

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

NO_GATEWAY = frozenset({"0.0.0.0", "::"})


def network_of(subnet: JsonDict) -> Network | None:
    """Return the prefix of a stored subnet; None for an entry that only names a pool."""
    prefix = subnet.get("subnet") or {}
    if "ip_prefix" not in prefix:
        return None
    return ip_network(f"{prefix['ip_prefix']}/{prefix['ip_prefix_len']}", strict=False)


def gateway_of(subnet: JsonDict, network: Network) -> str:
    """Return the gateway of a subnet: the given one, else the first or last but one address."""
    return subnet.get("default_gateway") or _service_address(subnet, network, 1)


def dns_server_of(subnet: JsonDict, network: Network) -> str:
    """Return the DNS address of a subnet: the given one, else the second or last but two address."""
    return subnet.get("dns_server_address") or _service_address(subnet, network, 2)


def _service_address(subnet: JsonDict, network: Network, distance: int) -> str:
    if subnet.get("addr_from_start"):
        return str(network.network_address + distance)
    return str(network.broadcast_address - distance)


def check_subnets(subnets: Iterable[JsonDict]) -> None:
    """Refuse pools and gateways outside their subnet. Raises ApiError 409."""
    for subnet in subnets:
        network = network_of(subnet)
        if network is not None:
            _check_pools(subnet, network)
            _check_gateway(subnet, network)


def _check_pools(subnet: JsonDict, network: Network) -> None:
    for pool in subnet.get("allocation_pools") or ():
        bounds = f"start:{pool['start']}, end:{pool['end']}"
        try:
            start, end = ip_address(pool["start"]), ip_address(pool["end"])
        except ValueError as error:
            raise ApiError(409, f"Invalid allocation Pool {bounds} in subnet:{network}") from error
        if start.version != end.version or int(start) > int(end):
            raise ApiError(409, f"Invalid allocation Pool {bounds} in subnet:{network}")
        if start not in network or end not in network:
            raise ApiError(409, f"allocation pool {bounds} out of cidr:{network}")


def _check_gateway(subnet: JsonDict, network: Network) -> None:
    gateway = subnet.get("default_gateway")
    if not gateway or gateway == "None":
        return
    try:
        address = ip_address(gateway)
    except ValueError as error:
        raise ApiError(409, f"Invalid gateway Ip address:{gateway}") from error
    inside = address in network and address not in (network.network_address, network.broadcast_address)
    if gateway not in NO_GATEWAY and not inside:
        raise ApiError(409, f"gateway Ip {gateway} out of cidr: {network}")


def check_overlap(networks: list[Network]) -> None:
    """Refuse networks of which one lies in another. Raises ApiError 400."""
    for position, first in enumerate(networks):
        for second in networks[position + 1 :]:
            if first.version == second.version and first.overlaps(second):
                raise ApiError(400, f"Overlapping addresses: [IPNetwork('{first}'), IPNetwork('{second}')]")


def free_address(subnet: JsonDict, network: Network, used: set[str]) -> str | None:
    """Return the next free address of a subnet; None if there is none.

    Addresses are taken from the top, or from the start with `addr_from_start`, out of the allocation pools if
    there are any. Network, broadcast, gateway and DNS address are never taken, nor are the `used` ones.
    """
    reserved = {str(network.network_address), str(network.broadcast_address)}
    reserved |= {gateway_of(subnet, network), dns_server_of(subnet, network)}
    taken = {int(ip_address(address)) for address in reserved}
    taken |= {int(found) for found in map(ip_address, used) if found.version == network.version}
    for number in _numbers(subnet, network):
        if number not in taken:
            return _text(type(network.network_address)(number))
    return None


def _text(address: Address) -> str:
    """Return an address as the server writes it: low IPv6 addresses end in an IPv4 address."""
    family = AF_INET if address.version == 4 else AF_INET6
    return inet_ntop(family, address.packed)


def _numbers(subnet: JsonDict, network: Network) -> Iterator[int]:
    """Yield the addresses of a subnet as numbers, in the order in which they are given out."""
    pools = [(int(ip_address(pool["start"])), int(ip_address(pool["end"]))) for pool in pools_of(subnet)]
    ranges = pools or [(int(network.network_address), int(network.broadcast_address))]
    from_start = bool(subnet.get("addr_from_start"))
    for first, last in ranges if from_start else reversed(ranges):
        yield from range(first, last + 1) if from_start else range(last, first - 1, -1)


def pools_of(subnet: JsonDict) -> list[JsonDict]:
    """Return the allocation pools of a subnet."""
    return list(subnet.get("allocation_pools") or ())


def is_reserved(address: Address, network: Network) -> bool:
    """Say whether an address is its network's own or broadcast address."""
    return address in (network.network_address, network.broadcast_address)
