# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What somebody else does to a lab: objects without our annotation, and configuration of the router."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from jnpr.junos import Device
from jnpr.junos.utils.config import Config
from lab.fixture import Lab
from lab.junos.running import PASSWORD, USER


def send(lab: Lab, method: str, path: str, body: Any = None) -> None:
    """Send one request to the lab's Contrail. Raises urllib.error.HTTPError for a refusal."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(lab.contrail_url + path, data, {"Content-Type": "application/json"}, method=method)
    with urllib.request.urlopen(request, timeout=10):
        pass


def post(lab: Lab, kind: str, parent: str, fq_name: list[str], **fields: Any) -> None:
    """Create an object as somebody else would."""
    send(lab, "POST", f"/{kind}s", {kind: {"fq_name": fq_name, "parent_type": parent, **fields}})


@contextmanager
def somebody(lab: Lab) -> Iterator[Config]:
    """Give somebody else's configuration session with the router."""
    with Device(
        host="127.0.0.1", port=lab.netconf_port, user=USER, passwd=PASSWORD, look_for_keys=False, gather_facts=False
    ) as device:
        yield Config(device)


def commit(lab: Lab, *statements: str, confirm: int | None = None) -> None:
    """Commit statements as somebody else."""
    with somebody(lab) as candidate:
        candidate.load("\n".join(f"set {one}" for one in statements), format="set")
        candidate.commit(comment="theirs", **({"confirm": confirm} if confirm else {}))
