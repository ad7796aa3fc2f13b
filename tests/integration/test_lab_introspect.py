# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The introspect pages of a lab that runs: where it says they are, over TLS, and from ports that refuse."""

from __future__ import annotations

import ssl
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
import yaml
from lab.core.site import DEFAULT_SITE
from lab.fixture import Lab, running_lab

PAGES = {
    "schema": "ServiceChainList",
    "svc_monitor": "ServiceInstanceList",
    "control": "ShowServiceChainReq",
    "agent": "VrfListReq",
}


def urls(lab: Lab) -> dict[str, list[str]]:
    """Return the addresses by daemon, those of agents as a list too."""
    return {name: list(one.values()) if isinstance(one, dict) else one for name, one in lab.introspect.items()}


def status(url: str, context: ssl.SSLContext | None = None) -> int:
    with urllib.request.urlopen(url, timeout=10, context=context) as answer:
        return int(answer.status)


def is_refused(url: str) -> bool:
    try:
        return status(url) == 0
    except urllib.error.URLError as error:
        return isinstance(error.reason, ConnectionRefusedError)


def test_a_lab_says_where_its_pages_are_and_ports_refuse_when_told(tmp_path: Path) -> None:
    with running_lab(tmp_path, "--no-hosts") as lab:
        assert list(lab.introspect["agent"]) == ["compute1"]
        for daemon, name in PAGES.items():
            (base,) = urls(lab)[daemon]
            assert status(f"{base}/Snh_{name}") == 200
        (schema,), (agent,) = lab.introspect["schema"], lab.introspect["agent"].values()
        refused = {"server": "introspect", "kind": "refused", "match": {"daemon": "schema"}}
        down = {"server": "agent", "kind": "down", "match": {"compute": "compute1"}}
        lab.set_faults([refused, down])
        assert is_refused(f"{schema}/Snh_VnList")
        assert is_refused(f"{agent}/Snh_VrfListReq")
        lab.reset()
        assert status(f"{schema}/Snh_VnList") == status(f"{agent}/Snh_VrfListReq") == 200
        assert lab.counters()["introspect"] == {"requests": 2, "writes": 0}


def test_pages_over_tls_want_the_certificate_that_the_lab_demands(tmp_path: Path) -> None:
    with running_lab(tmp_path, "--no-hosts", "--tls", "--demand-certificate") as lab:
        trusting = ssl.create_default_context(cafile=str(lab.tls / "ca.pem"))
        shown = ssl.create_default_context(cafile=str(lab.tls / "ca.pem"))
        shown.load_cert_chain(lab.tls / "client.pem")
        for daemon, name in PAGES.items():
            (base,) = urls(lab)[daemon]
            assert base.startswith("https://")
            assert status(f"{base}/Snh_{name}", shown) == 200
            with pytest.raises(OSError):  # by TLS 1.3 the refusal may come as a connection that just ends
                status(f"{base}/Snh_{name}", trusting)


def test_copies_that_stand_by_refuse_and_every_compute_node_has_an_agent(tmp_path: Path) -> None:
    site: dict[str, Any] = yaml.safe_load(DEFAULT_SITE.read_text(encoding="utf-8"))
    site["controller"]["standby"] = 1
    site["computes"].append({"name": "compute2", "address": "172.31.10.156"})
    site["routers"][0]["configuration"] = str(DEFAULT_SITE.parent / site["routers"][0]["configuration"])
    site["hosts"] = {}
    file = tmp_path / "site.yml"
    file.write_text(yaml.safe_dump(site), encoding="utf-8")
    with running_lab(tmp_path, "--site", str(file)) as lab:
        for daemon in ("schema", "svc_monitor"):
            standby, master = lab.introspect[daemon]
            assert is_refused(f"{standby}/Snh_{PAGES[daemon]}")
            assert status(f"{master}/Snh_{PAGES[daemon]}") == 200
        assert list(lab.introspect["agent"]) == ["compute1", "compute2"]
        assert [status(f"{one}/Snh_ItfReq?name=") for one in lab.introspect["agent"].values()] == [200, 200]
