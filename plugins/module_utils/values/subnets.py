# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Subnets with their gateways and allocation pools, as Contrail's address management takes them.

What it takes was seen on its API server, and read in its source (vnc_addr_mgmt.py): it answers what has
no room, or no multiple of an allocation unit, with a status 500.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from ipaddress import ip_address, ip_network

from .addresses import Address, Network

NO_GATEWAY = ("0.0.0.0", "::")
"""What stands for a subnet without a gateway."""


def own_addresses(network: Network) -> tuple[Address, Address]:
    """Return the addresses of a subnet that nobody has: its own, and the last, which is broadcast."""
    return network.network_address, network.broadcast_address


def subnet_faults(
    cidr: str,
    *,
    gateway: str | None = None,
    dns_server: str | None = None,
    pools: Sequence[Mapping[str, str]] = (),
    unit: int | None = None,
) -> Iterator[tuple[str, str]]:
    """Yield what the server refuses of a subnet: the place inside it, as ``allocation_pools[0]``, and the reason.

    ``dns_server`` is what has to lie in the subnet; leave it out where it may be elsewhere.
    """
    network = ip_network(cidr)
    if network.num_addresses <= 2:
        yield "cidr", f"{cidr} has no room for a gateway and a port"
        return
    for key, address in (("gateway", gateway), ("dns_server", dns_server)):
        if address and address not in NO_GATEWAY and ip_address(address) not in network:
            yield key, f"{address} is not an address of {cidr}"
    if gateway and ip_address(gateway) in own_addresses(network) and gateway not in NO_GATEWAY:
        yield "gateway", f"{gateway} is the first or last address of {cidr}, which nobody can have"
    if unit is not None and (unit < 1 or unit & (unit - 1)):
        yield "allocation_unit", f"{unit} is not a power of 2"
        unit = 1
    for index, pool in enumerate(pools):
        for inner, reason in _pool_faults(network, pool, unit or 1):
            yield f"allocation_pools[{index}]{inner}", reason


def _pool_faults(network: Network, pool: Mapping[str, str], unit: int) -> Iterator[tuple[str, str]]:
    start, end = ip_address(pool["start"]), ip_address(pool["end"])
    outside = [key for key in ("start", "end") if ip_address(pool[key]) not in network]
    for key in outside:
        yield f".{key}", f"{pool[key]} is not an address of {network}"
    if outside:
        return
    size = int(end) - int(start) + 1
    if size < 1:
        yield "", f"{start} comes after {end}, turn them round"
    elif int(start) % unit or size % unit:
        yield "", f"{start} to {end} is not made of whole units of {unit} addresses"
    elif size <= len({start, end} & set(own_addresses(network))):
        yield "", f"{start} to {end} has no address that a port could have"
