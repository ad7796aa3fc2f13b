# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the router says about itself: software, time, routing engine, chassis, interfaces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from lab.junos.elements import leaf, put_length, put_moment, with_seconds
from lab.junos.replies import JUNOS
from lab.junos.router import stamp

if TYPE_CHECKING:
    from lab.junos.asked import Asked

INTERNAL_HOSTS = (
    ("128.0.0.1", ("master",)),
    ("128.0.0.4", ("re0",)),
    ("128.0.0.5", ("re1",)),
    ("128.0.0.6", ("backup",)),
)
"""What /etc/hosts.junos says about the internal addresses of a single chassis."""

INTERNAL_ADDRESSES = ("10.0.0.4/8", "128.0.0.1/2", "128.0.0.4/2")
PACKAGES = (
    "os-kernel",
    "os-libs",
    "os-runtime",
    "junos-modules",
    "junos-libs",
    "junos-runtime",
    "junos-daemons",
)


def software(asked: Asked) -> etree._Element:
    """get-software-information."""
    root = etree.Element("software-information")
    leaf(root, "host-name", asked.router.name)
    leaf(root, "product-model", "vmx")
    leaf(root, "product-name", "vmx")
    leaf(root, "junos-version", asked.router.version)
    for package in PACKAGES:
        one = etree.SubElement(root, "package-information")
        leaf(one, "name", package)
        leaf(one, "comment", f"JUNOS {package} [{asked.router.version}]")
    return root


def uptime(asked: Asked) -> etree._Element:
    """get-system-uptime-information."""
    at = asked.router.clock()
    root = etree.Element("system-uptime-information")
    put_moment(etree.SubElement(root, "current-time"), at)
    leaf(root, "time-source", " LOCAL CLOCK ")
    for name in ("system-booted-time", "protocols-started-time"):
        put_length(put_moment(etree.SubElement(root, name), asked.router.started), at - asked.router.started)
    configured = etree.SubElement(root, "last-configured-time")
    last = asked.router.history[0]
    put_length(put_moment(configured, last.at), at - last.at)
    leaf(configured, "user", last.user)
    return root


def engines(asked: Asked) -> etree._Element:
    """get-route-engine-information: one routing engine, re0, master."""
    root = etree.Element("route-engine-information")
    engine = etree.SubElement(root, "route-engine")
    up = int((asked.router.clock() - asked.router.started).total_seconds())
    for name, value in (
        ("slot", "0"),
        ("mastership-state", "master"),
        ("mastership-priority", "master (default)"),
        ("status", "OK"),
        ("memory-dram-size", "1024 MB"),
        ("memory-buffer-utilization", "36"),
        ("cpu-idle", "96"),
        ("model", "RE-VMX"),
    ):
        leaf(engine, name, value)
    with_seconds(leaf(engine, "start-time", stamp(asked.router.started)), int(asked.router.started.timestamp()))
    with_seconds(leaf(engine, "up-time", f"{up} seconds"), up)
    leaf(engine, "last-reboot-reason", "Router rebooted after a normal shutdown.")
    return root


def inventory(asked: Asked) -> etree._Element:
    """get-chassis-inventory."""
    root = etree.Element("chassis-inventory")
    chassis = etree.SubElement(root, "chassis")
    chassis.set(f"{{{JUNOS}}}style", "inventory")
    for name, value in (("name", "Chassis"), ("serial-number", "VM5A0000LAB1"), ("description", "VMX")):
        leaf(chassis, name, value)
    return root


def file(asked: Asked) -> etree._Element | None:
    """file-show: the one file that clients ask for to find out on which routing engine they are."""
    if asked.argument("filename") != "/etc/hosts.junos":
        return None
    root = etree.Element("file-content")
    root.text = "\n" + "".join(f"{address}\t{' '.join(names)}\n" for address, names in INTERNAL_HOSTS)
    return root


def interfaces(asked: Asked) -> etree._Element:
    """get-interface-information in terse style; of the private instance, the internal addresses."""
    root = etree.Element("interface-information")
    root.set(f"{{{JUNOS}}}style", "terse")
    instance = asked.argument("routing-instance")
    if instance.startswith("__juniper_private"):
        _logical(etree.SubElement(root, "physical-interface"), "em1.0", "inet", INTERNAL_ADDRESSES)
        return root
    for interface in asked.router.inherited().iterfind("interfaces/interface"):
        name = interface.findtext("name") or ""
        wanted = asked.argument("interface-name")
        if wanted and wanted.partition(".")[0] != name:
            continue
        physical = etree.SubElement(root, "physical-interface")
        leaf(physical, "name", name)
        leaf(physical, "admin-status", "up")
        leaf(physical, "oper-status", "up")
        for unit in interface.iterfind("unit"):
            for family in unit.iterfind("family/*"):
                addresses = [one.findtext("name") or "" for one in family.iterfind("address")]
                _logical(physical, f"{name}.{unit.findtext('name')}", str(family.tag), addresses)
    return root


def _logical(parent: etree._Element, name: str, family: str, addresses: list[str] | tuple[str, ...]) -> None:
    logical = etree.SubElement(parent, "logical-interface")
    leaf(logical, "name", name)
    leaf(logical, "admin-status", "up")
    leaf(logical, "oper-status", "up")
    etree.SubElement(logical, "filter-information")
    below = etree.SubElement(logical, "address-family")
    leaf(below, "address-family-name", family)
    for address in addresses:
        one = etree.SubElement(below, "interface-address")
        leaf(one, "ifa-local", address)
