"""Commit what somebody else sets, line by line on standard input: somebody.py HOST PORT USER."""

from __future__ import annotations

import os
import sys

from jnpr.junos import Device
from jnpr.junos.utils.config import Config


def main() -> None:
    """Commit it."""
    host, port, user = sys.argv[1:]
    password = os.environ["ROUTER_PASSWORD"]
    router = Device(host=host, port=int(port), user=user, passwd=password, look_for_keys=False)
    with router, Config(router, mode="exclusive") as candidate:
        candidate.load(sys.stdin.read(), format="set")
        candidate.commit(comment="somebody else")


if __name__ == "__main__":
    main()
