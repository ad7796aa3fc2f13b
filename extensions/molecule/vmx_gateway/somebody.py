"""Commit a filter of somebody else, with terms before and behind where ours go: somebody.py HOST PORT USER."""

from __future__ import annotations

import os
import sys

from jnpr.junos import Device
from jnpr.junos.utils.config import Config

COMMANDS = """
set firewall family inet filter edge term ssh from protocol tcp
set firewall family inet filter edge term ssh from destination-port 22
set firewall family inet filter edge term ssh then accept
set firewall family inet filter edge term rest then count rest
set firewall family inet filter edge term rest then accept
set firewall family inet filter edge term never then discard
set interfaces ge-0/0/0 unit 0 family inet filter input edge
"""


def main() -> None:
    """Commit it."""
    host, port, user = sys.argv[1:]
    password = os.environ["ROUTER_PASSWORD"]
    router = Device(host=host, port=int(port), user=user, passwd=password, look_for_keys=False)
    with router, Config(router, mode="exclusive") as candidate:
        candidate.load(COMMANDS, format="set")
        candidate.commit(comment="somebody else")


if __name__ == "__main__":
    main()
