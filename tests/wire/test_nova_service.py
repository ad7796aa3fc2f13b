# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The conversation of ``nova_service`` with Keystone and nova, request by request."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from support.module_run import ModuleFailedError, run_module

REASON = "compute_prep restarts nova-compute"
PASSWORD = "correct horse"
TOKEN = "gAAAAAtoken"


class Cloud:
    """A Keystone and a nova of two hosts; ``trouble`` is what a request is refused with, by method and path."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.trouble: dict[str, tuple[int, Any]] = {}
        self.services = {name: self.service(name) for name in ("c1", "c2")}
        self.reports = 0
        self.reports_late = False
        self.region = "one"
        self.url = ""

    @staticmethod
    def service(host: str) -> dict[str, Any]:
        """Return an entry of the list of services, as nova writes it in microversion 2.1."""
        return {"id": 3, "binary": "nova-compute", "host": host, "zone": "nova", "status": "enabled", "state": "up",
                "updated_at": "2026-12-01T05:00:00.000000", "disabled_reason": None, "forced_down": False}  # fmt: skip

    def disabled(self, reason: str | None) -> None:
        """Disable the service of c1."""
        self.services["c1"] |= {"status": "disabled", "disabled_reason": reason}

    def answer(self, method: str, path: str, body: Any, token: str) -> tuple[int, Any]:
        """Return status and document for a request."""
        self.asked.append(f"{method} {path}" + (f" {json.dumps(body)}" if method == "PUT" else ""))
        for place, refused in self.trouble.items():
            if f"{method} {path}".startswith(place):
                return refused
        if path == "/v3/auth/tokens":
            endpoint = {"interface": "public", "region": self.region, "region_id": self.region, "url": self.url + "/n/"}
            return 201, {"token": {"catalog": [{"type": "compute", "endpoints": [endpoint]}]}}
        assert token == TOKEN
        if method == "GET":
            wanted = path.partition("&host=")[2]
            if self.reports_late and self.services["c1"]["status"] == "disabled":
                self.reports += 1
                self.services["c1"]["updated_at"] = f"2026-12-01T05:00:0{self.reports // 3}.000000"
            return 200, {"services": [one for name, one in self.services.items() if wanted in ("", name)]}
        one = self.services[body["host"]]
        is_disabling = path.endswith("/disable-log-reason")
        one |= {"status": "disabled" if is_disabling else "enabled", "disabled_reason": body.get("disabled_reason")}
        return 200, {"service": one}


class Handler(BaseHTTPRequestHandler):
    """Hands requests to the cloud."""

    cloud: Cloud

    def _handle(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else None
        status, document = self.cloud.answer(self.command, self.path, body, self.headers.get("X-Auth-Token", ""))
        content = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("X-Subject-Token", TOKEN)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_PUT = do_POST = _handle  # noqa: N815

    def log_message(self, format: str, *args: Any) -> None:
        """Write nothing."""


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    made = Cloud()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("CloudHandler", (Handler,), {"cloud": made}))
    made.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()


def run(cloud: Cloud, state: str, *, check: bool = False, **changes: Any) -> dict[str, Any]:
    auth = {"auth_url": cloud.url, "username": "admin", "password": PASSWORD, "project_name": "admin"}
    entry = {"auth": auth | changes.pop("auth", {}), "region_name": "one"}
    options = {"cloud": entry, "host": "c1", "state": state, "reason": REASON, "timeout": 1, "interval": 0.1, **changes}
    return run_module("nova_service", options, check=check)


def refused(cloud: Cloud, state: str, **changes: Any) -> dict[str, Any]:
    with pytest.raises(ModuleFailedError) as failed:
        run(cloud, state, **changes)
    assert PASSWORD not in str(failed.value.result)
    assert TOKEN not in str(failed.value.result)
    return failed.value.result


LOGIN = "POST /v3/auth/tokens"
READ = "GET /n/os-services?binary=nova-compute&host=c1"
DISABLING = {"binary": "nova-compute", "host": "c1", "disabled_reason": REASON}
DISABLE = f"PUT /n/os-services/disable-log-reason {json.dumps(DISABLING)}"
ENABLE = 'PUT /n/os-services/enable {"binary": "nova-compute", "host": "c1"}'


def test_a_service_is_disabled_once_and_check_mode_writes_nothing(cloud: Cloud) -> None:
    checked = run(cloud, "disabled", check=True)
    assert cloud.asked == [LOGIN, READ]
    done = run(cloud, "disabled")
    assert cloud.asked[2:] == [LOGIN, READ, DISABLE, READ]
    assert checked["diff"] == done["diff"]
    assert (checked["service"], checked["disabled_by_reason"]) == (done["service"], done["disabled_by_reason"])
    assert done["diff"]["after"] == {"host": "c1", "status": "disabled", "disabled_reason": REASON}
    again = run(cloud, "disabled")
    assert (again["changed"], again["disabled_by_reason"]) == (False, True)
    assert cloud.asked[6:] == [LOGIN, READ]


@pytest.mark.parametrize("reason", ["new memory on Monday", None, "", f"{REASON}."])
def test_what_somebody_else_disabled_is_left_alone(cloud: Cloud, reason: str | None) -> None:
    cloud.disabled(reason)
    for state in ("disabled", "enabled"):
        found = run(cloud, state)
        assert (found["changed"], found["disabled_by_reason"]) == (False, False)
    assert not [line for line in cloud.asked if line.startswith("PUT")]


def test_a_service_is_enabled_when_it_has_reported_since(cloud: Cloud) -> None:
    cloud.disabled(REASON)
    cloud.reports_late = True
    checked = run(cloud, "enabled", check=True)
    assert cloud.asked == [LOGIN, READ]
    done = run(cloud, "enabled")
    assert (done["changed"], done["disabled_by_reason"], done["diff"]) == (True, False, checked["diff"])
    assert cloud.asked[2:] == [LOGIN, READ, READ, ENABLE, READ]
    assert not run(cloud, "enabled")["changed"]


def test_a_service_that_does_not_report_stays_disabled(cloud: Cloud) -> None:
    cloud.disabled(REASON)
    result = refused(cloud, "enabled", timeout=0.3)
    assert result["msg"] == (
        "nova-compute on c1 has not reported to nova within 0.3 s (nova says it is up); see its log"
    )
    assert (result["disabled_by_reason"], result["changed"]) == (True, False)
    assert ENABLE not in cloud.asked


@pytest.mark.parametrize(
    ("trouble", "changes", "line"),
    [
        ({LOGIN: (401, {"error": {"message": "no"}})}, {},
         "cloud.auth: cannot log in at URL/v3: Keystone refused the credentials (HTTP 401); check username, password,"
         " project_name and the two domain names"),
        ({LOGIN: (503, {})}, {}, "cloud.auth: cannot log in at URL/v3: it answered HTTP 503"),
        ({"GET": (403, {"forbidden": {"message": "Policy doesn't allow it"}})}, {},
         "cloud: nova at URL/n answers HTTP 403 (Policy doesn't allow it) when asked to list its services; the user"
         " needs the role that may do so, usually admin"),
        ({"PUT": (500, {"computeFault": {"message": "broken"}})}, {},
         "cloud: nova at URL/n answers HTTP 500 (broken) when asked to disable nova-compute on c1; see that"),
        ({"GET": (200, {"service": []})}, {}, "cloud: nova at URL/n cannot be understood: JSON with service instead"),
        ({}, {"host": "c9"}, "host: nova has no nova-compute on host 'c9'; it has c1, c2"),
        ({}, {"auth": {"auth_url": "http://127.0.0.1:1"}},
         "cloud: Keystone at http://127.0.0.1:1/v3 gives no answer (Connection refused); check auth_url"),
        ({}, {"auth": {"password": ""}}, "cloud.auth: needs auth_url, and either username, password and project_name"),
    ],
)  # fmt: skip
def test_trouble_is_one_line_with_its_cure(
    cloud: Cloud, trouble: dict[str, tuple[int, Any]], changes: dict[str, Any], line: str
) -> None:
    cloud.trouble = trouble
    result = refused(cloud, "disabled", **changes)
    assert result["msg"].startswith(line.replace("URL", cloud.url)), result["msg"]
    assert result["disabled_by_reason"] is False
    assert cloud.services["c1"]["status"] == "enabled"


def test_a_region_without_nova_is_told(cloud: Cloud) -> None:
    cloud.region = "two"
    line = "cloud: Keystone's catalogue has no public endpoint of type compute in region one; correct interface or"
    assert refused(cloud, "disabled")["msg"].startswith(line)
