# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The site file is read into what it says, and faults in it are named by their path."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from lab.core.site import DEFAULT_SITE, SiteError, read_site, site_from

VMX = {"name": "vmx1", "version": "17.2R1.13", "users": {"lab": "secret"}, "configuration": "junos/initial.xml"}


@pytest.fixture
def data() -> dict[str, Any]:
    """The default site as the file has it."""
    loaded: dict[str, Any] = yaml.safe_load(DEFAULT_SITE.read_text(encoding="utf-8"))
    return loaded


def test_default_site_is_the_reference_scenario() -> None:
    site = read_site()
    assert site.controller == "172.31.4.76"
    assert site.computes == {"compute1": "172.31.10.155"}
    assert site.guests["1-to-2-right"].silent == {"10.0.2.4"}
    assert {name: guest.label for name, guest in site.guests.items()} == {
        "vm1": 26,
        "vm2": 22,
        "1-to-2-left": 30,
        "1-to-2-right": 34,
    }
    assert site.hosts["pc2"].interfaces == {"eth0": "172.31.8.198/20"}
    assert site.release_number == (4, 0)


def test_routers_can_begin_with_one_file() -> None:
    first, second = read_site(DEFAULT_SITE.parent / "sites" / "several.yml").routers
    assert (first.name, second.name) == ("vmx1", "vmx2")
    assert second.configuration == first.configuration.replace("vmx1", "vmx2").replace(
        "172.31.10.57", "172.31.10.58"
    ).replace("172.31.13.230", "172.31.13.231")


def test_release_can_be_chosen() -> None:
    assert read_site().of_release("21.4").release_number == (21, 4)
    assert read_site().of_release(None).release == "4.0"


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("release", "latest", "release: a release looks like 4.0"),
        ("controller", {}, "controller.address: "),
        ("computes", [], "computes: at least one is needed"),
        ("computes", [{"name": "compute1"}], r"computes\[0\].address: "),
        ("guests", {"vm1": {"compute": "nowhere"}}, "guests.vm1.compute: no compute node 'nowhere'"),
        ("guests", {"vm1": {"label": 3}}, "guests.vm1.label: an MPLS label is"),
        ("guests", {"vm1": {"silent": ["x"]}}, "guests.vm1.silent: 'x' does not"),
        ("hosts", {"pc1": {"interfaces": {"eth0": "1.2.3"}}}, "hosts.pc1.interfaces.eth0: "),
        ("hosts", {"pc1": {"etc": "nowhere"}}, "hosts.pc1.etc: there is no "),
        ("routers", [], "routers: a list of at least one is needed"),
        ("routers", ["vmx1"], r"routers\[0\]: a mapping is needed"),
        ("routers", [VMX, VMX], r"routers\[1\].name: there is a router vmx1 already"),
        ("routers", [{**VMX, "configuration": "nowhere.xml"}], r"routers\[0\].configuration: there is no "),
        ("routers", [{**VMX, "replace": {"vmx7": "vmx2"}}], r"routers\[0\].replace: 'vmx7' is not in "),
    ],
)
def test_faults_are_named_by_their_path(data: dict[str, Any], path: str, value: Any, said: str) -> None:
    with pytest.raises(SiteError, match=said):
        site_from({**data, path: value})


def test_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "site.yml"
    file.write_text("a: [")
    with pytest.raises(SiteError, match=f"{file}: not YAML"):
        read_site(file)
