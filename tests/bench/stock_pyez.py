# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a call without a change says to a router, through PyEZ as it comes: no option but the login.

Run it with the port and a number of rounds, and the login in VMX_USER and VMX_PASSWORD; it prints seconds by the clock
and of CPU.
"""

from __future__ import annotations

import os
import sys
import time

from jnpr.junos import Device
from lxml import etree

SECTIONS = ("interfaces", "forwarding-options", "routing-options", "firewall", "routing-instances")


def converse(port: int) -> None:
    """Log in, read the commit history and the configuration without and with its groups, and leave."""
    wanted = etree.Element("configuration")
    for section in SECTIONS:
        etree.SubElement(wanted, section)
    with Device(host="127.0.0.1", port=port, user=os.environ["VMX_USER"], passwd=os.environ["VMX_PASSWORD"]) as device:
        device.rpc.get_commit_information()
        device.rpc.get_config(filter_xml=wanted, options={"database": "committed"})
        options = {"database": "committed", "inherit": "inherit", "groups": "groups"}
        device.rpc.get_config(filter_xml=wanted, options=options)


def main() -> None:
    """Print the seconds of each round."""
    for _round in range(int(sys.argv[2])):
        began, used = time.perf_counter(), time.process_time()
        converse(int(sys.argv[1]))
        sys.stdout.write(f"{time.perf_counter() - began} {time.process_time() - used}\n")


if __name__ == "__main__":
    main()
