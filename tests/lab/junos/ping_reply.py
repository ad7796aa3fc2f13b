# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the router says after a ping. No packet is sent: who answers is known from elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from lab.junos.replies import JUNOS

if TYPE_CHECKING:
    from lab.junos.asked import Asked

DEFAULT_COUNT = 5
DEFAULT_SIZE = 56
HEADER = 8
"""Octets of ICMP in front of the data."""

ROUND_TRIP = 1204
"""Microseconds that every answer takes."""


def ping(asked: Asked) -> etree._Element:
    """ping, with `host`, `count`, `size` and `routing-instance`."""
    host = asked.argument("host")
    count = _number(asked.argument("count"), DEFAULT_COUNT)
    size = _number(asked.argument("size"), DEFAULT_SIZE)
    answers = asked.answers(host)
    root = etree.Element("ping-results")
    _padded(root, "target-host", host)
    _padded(root, "target-ip", host)
    _padded(root, "packet-size", size)
    for number in range(1, count + 1):
        probe = etree.SubElement(root, "probe-result")
        probe.set("date-determined", str(int(asked.router.clock().timestamp())))
        _padded(probe, "probe-index", number)
        etree.SubElement(probe, "probe-success" if answers else "probe-failure")
        if answers:
            _padded(probe, "sequence-number", number - 1)
            _padded(probe, "ip-address", host)
            _padded(probe, "time-to-live", 64)
            _padded(probe, "response-size", size + HEADER)
            _padded(probe, "rtt", ROUND_TRIP).set(f"{{{JUNOS}}}microseconds", str(ROUND_TRIP))
    summary = etree.SubElement(root, "probe-results-summary")
    _padded(summary, "probes-sent", count)
    _padded(summary, "responses-received", count if answers else 0)
    _padded(summary, "packet-loss", 0 if answers else 100)
    if answers:
        for name in ("rtt-minimum", "rtt-maximum", "rtt-average"):
            _padded(summary, name, ROUND_TRIP).set(f"{{{JUNOS}}}microseconds", str(ROUND_TRIP))
        _padded(summary, "rtt-stddev", 0)
    etree.SubElement(root, "ping-success" if answers else "ping-failure").text = None if answers else "\nno response\n"
    return root


def _number(given: str, otherwise: int) -> int:
    return int(given) if given.isdigit() and int(given) > 0 else otherwise


def _padded(parent: etree._Element, name: str, value: object) -> etree._Element:
    """A child whose text stands on a line of its own, as this reply alone has it."""
    element = etree.SubElement(parent, name)
    element.text = f"\n{value}\n"
    return element
