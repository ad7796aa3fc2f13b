# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Start the lab: a Contrail, routers and hosts to try service chains on, all on loopback, until Ctrl-C."""

from __future__ import annotations

import argparse
import asyncio
import logging
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from lab.core.servers import Manner, Ports, Servers
from lab.core.site import DEFAULT_SITE, SiteError, read_site
from lab.core.sockets import LOOPBACK, PortTakenError
from lab.core.state_file import StateFile
from lab.core.world import DAEMON_DELAY, World
from lab.hosts.namespaces import HostError, LabHosts


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the lab; return the exit status."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.DEBUG if options.verbose else logging.WARNING, format="%(name)s: %(message)s")
    try:
        return asyncio.run(_run(options))
    except (HostError, PortTakenError, SiteError, ValueError, OSError) as error:
        sys.stderr.write(f"lab: {error}\n")
        return 1


async def _run(options: argparse.Namespace) -> int:
    site = read_site(options.site).of_release(options.release)
    world = World(site, daemon_delay=options.daemon_delay, openstack=options.openstack)
    options.directory.mkdir(parents=True, exist_ok=True)
    directory = options.directory.absolute()
    state = StateFile(world, options.state) if options.state else None
    if state:
        state.load()
    hosts = LabHosts(() if options.no_hosts else world.site.hosts.values(), directory / "hosts")
    mode = options.aaa_mode if options.auth == "keystone" else Manner.mode
    manner = Manner(mode, options.tls, options.demand_certificate, options.segmented, options.openstack)
    servers = Servers(world, directory, hosts, manner)
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    try:
        if state:
            state.follow()
        await asyncio.to_thread(hosts.start)
        ready = await servers.start(
            Ports(
                options.contrail_port,
                options.netconf_port,
                options.control_port,
                options.keystone_port,
                options.local_admin_port,
                options.openstack_port,
                _introspect_base(options),
            )
        )
        _say(f"contrail  {ready.contrail_url}  release {world.site.release}")
        if ready.keystone_url:
            _say(f"keystone  {ready.keystone_url}  users {', '.join(world.site.people.users)}  aaa_mode {mode}")
        if ready.local_admin_url:
            _say(f"          local administrators: {ready.local_admin_url}")
        if ready.openstack:
            services = ", ".join(
                url for name, url in ready.openstack.items() if name not in ("auth_url", "region_name")
            )
            _say(f"openstack {services}")
        for name, urls in ready.introspect.items():
            each = urls.items() if isinstance(urls, dict) else (("", url) for url in urls)
            _say(f"introspect {name}  {', '.join(f'{node} {url}'.strip() for node, url in each)}")
        if options.tls:
            _say(f"tls       {directory}/tls: ca.pem, client.pem")
        for router in world.site.routers:
            port = ready.netconf_ports[router.name]
            _say(f"router    {router.name}  netconf {LOOPBACK}:{port}  user {', '.join(router.users)}")
        _say(f"control   {ready.control_url}")
        _say(f"hosts     {', '.join(hosts.names) or 'none'}  entered by {directory}/hosts/NAME/sh")
        await ended.wait()
    finally:
        await servers.stop()
        await asyncio.to_thread(hosts.stop)
        if state:
            state.save()
    return 0


def _introspect_base(options: argparse.Namespace) -> int:
    """Return what the introspect ports begin at: a lab that takes any free port for Contrail does so for them."""
    if options.introspect_port_base is None:
        return Ports().introspect if options.contrail_port else 0
    return int(options.introspect_port_base)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    ports = Ports()
    parser = argparse.ArgumentParser(prog="python -m lab", description=__doc__)
    parser.add_argument("--directory", type=Path, default=Path(".cache/lab"), help="where the lab keeps its files")
    parser.add_argument("--site", type=Path, default=DEFAULT_SITE, metavar="FILE", help="site file")
    parser.add_argument("--release", help="Contrail's release, such as 4.0 or 5.0 (default: the site file's)")
    parser.add_argument("--state", type=Path, metavar="FILE", help="keep objects and configuration in this file")
    parser.add_argument("--contrail-port", type=int, default=ports.contrail, metavar="N")
    parser.add_argument(
        "--netconf-port",
        type=int,
        default=ports.netconf,
        metavar="N",
        help="of the first router; each further one takes the next port",
    )
    parser.add_argument("--control-port", type=int, default=ports.control, metavar="N")
    parser.add_argument("--keystone-port", type=int, default=ports.keystone, metavar="N")
    parser.add_argument("--local-admin-port", type=int, default=ports.local_admin, metavar="N")
    parser.add_argument("--openstack-port", type=int, default=ports.openstack, metavar="N")
    parser.add_argument(
        "--introspect-port-base",
        type=int,
        metavar="N",
        help=f"added to the daemons' ports (schema transformer 8087, ...; default: {ports.introspect}; 0: free ports)",
    )
    parser.add_argument("--openstack", action="store_true", help="serve Nova, Neutron and Glance, with a Keystone")
    parser.add_argument("--auth", choices=("none", "keystone"), default="none", help="whether Contrail wants a token")
    parser.add_argument(
        "--aaa-mode",
        choices=("cloud-admin", "rbac"),
        default="cloud-admin",
        help="with --auth keystone: administrators only, or whom an API access list lets in",
    )
    parser.add_argument("--tls", action="store_true", help="serve the Contrail API and introspect over TLS")
    parser.add_argument(
        "--demand-certificate", action="store_true", help="with --tls: serve only clients that show a certificate"
    )
    parser.add_argument(
        "--segmented",
        action="store_true",
        help="answer in two TCP segments like a real config API, which costs clients 40 ms unless they know",
    )
    parser.add_argument(
        "--daemon-delay",
        type=float,
        default=DAEMON_DELAY,
        metavar="SECONDS",
        help="how long after a write Contrail's daemons act",
    )
    parser.add_argument("--no-hosts", action="store_true", help="do without hosts that Ansible can log in to")
    parser.add_argument("--verbose", action="store_true", help="log what the daemons do")
    return parser


if __name__ == "__main__":
    sys.exit(main())
