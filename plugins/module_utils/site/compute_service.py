# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Takes nova-compute of a host out of nova's schedule, and gives it back: the edge of ``nova_service``."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from ansible.module_utils.basic import missing_required_lib

from ..collection_module import CollectionModule, unexpected
from ..contrail.api.login import KeystoneLogin, keystone_login
from ..contrail.api.reply import Reply, described
from ..contrail.api.transport import (
    HAS_REQUESTS,
    REQUESTS_IMPORT_ERROR,
    ConnectionBrokenError,
    HttpSettings,
    RequestsTransport,
    Transport,
)
from ..contrail.codec.errors import ContrailError
from ..nova.service import (
    BINARY,
    DEFAULT_INTERFACE,
    NovaService,
    UnusableCloudError,
    endpoint_in,
    login_options,
    services_in,
    words_in,
)
from ..values.plain_text import on_one_line

REQUEST_SECONDS = 30
SHORTEST_INTERVAL = 0.1

AUTH_SPEC: dict[str, dict[str, Any]] = {
    "auth_url": {"type": "str"},
    "username": {"type": "str"},
    "password": {"type": "str", "no_log": True},
    "project_name": {"type": "str"},
    "project_id": {"type": "str"},
    "domain_name": {"type": "str"},
    "user_domain_name": {"type": "str"},
    "user_domain_id": {"type": "str"},
    "project_domain_name": {"type": "str"},
    "project_domain_id": {"type": "str"},
    "application_credential_id": {"type": "str"},
    "application_credential_name": {"type": "str"},
    "application_credential_secret": {"type": "str", "no_log": True},
}

SPEC: dict[str, dict[str, Any]] = {
    "cloud": {
        "type": "dict",
        "required": True,
        "options": {
            "auth": {"type": "dict", "options": AUTH_SPEC},
            "auth_type": {"type": "str"},
            "region_name": {"type": "str"},
            "interface": {"type": "str", "choices": ["public", "internal", "admin"], "default": DEFAULT_INTERFACE},
            "validate_certs": {"type": "bool", "default": True},
            "ca_cert": {"type": "path"},
        },
    },
    "host": {"type": "str", "required": True},
    "state": {"type": "str", "choices": ["enabled", "disabled"], "required": True},
    "reason": {"type": "str", "required": True},
    "timeout": {"type": "float", "default": 120},
    "interval": {"type": "float", "default": 2},
}


class NovaError(Exception):
    """A request that nova or Keystone did not carry out, as one line with the cure."""


class Nova:
    """The compute services of one OpenStack."""

    def __init__(self, transport: Transport, login: KeystoneLogin, interface: str, region: str) -> None:
        self._transport = transport
        self._login = login
        self._where = (interface, region)
        self._url = ""

    def service(self, host: str) -> NovaService:
        """Return nova-compute of a host. Raise :class:`NovaError`, for a host without one as well."""
        found = self._listed(host)
        if not found:
            known = ", ".join(sorted(each.host for each in self._listed(""))) or "none"
            raise NovaError(f"host: nova has no {BINARY} on host '{host}'; it has {known}")
        return found[0]

    def disable(self, host: str, reason: str) -> None:
        """Disable nova-compute of a host, with a reason. Raise :class:`NovaError`."""
        body = {"binary": BINARY, "host": host, "disabled_reason": reason}
        self._ask("PUT", "/disable-log-reason", f"disable {BINARY} on {host}", body)

    def enable(self, host: str) -> None:
        """Enable nova-compute of a host. Raise :class:`NovaError`."""
        self._ask("PUT", "/enable", f"enable {BINARY} on {host}", {"binary": BINARY, "host": host})

    def _listed(self, host: str) -> list[NovaService]:
        query = urlencode({"binary": BINARY, **({"host": host} if host else {})}, quote_via=quote)
        reply = self._ask("GET", f"?{query}", "list its services")
        try:
            return services_in(reply.object("services"))
        except ValueError as error:
            raise NovaError(f"cloud: nova at {self._url} cannot be understood: {error}") from None

    def _ask(self, method: str, path: str, purpose: str, body: Mapping[str, Any] | None = None) -> Reply:
        headers = self._log_in()
        url = f"{self._url}/os-services{path}"
        try:
            reply = self._transport.send(method, url, {**headers, "Content-Type": "application/json"}, body)
        except ConnectionBrokenError as error:
            raise NovaError(
                f"cloud: nova at {self._url} gives no answer ({error}) when asked to {purpose}; {_cure(0)}"
            ) from None
        if reply.status != 200:
            raise NovaError(
                f"cloud: nova at {self._url} answers {_answer(reply)} when asked to {purpose}; {_cure(reply.status)}"
            )
        return reply

    def _log_in(self) -> dict[str, str]:
        try:
            headers = self._login.headers(self._post)
        except ConnectionBrokenError as error:
            raise NovaError(
                f"cloud: Keystone at {self._login.auth_url} gives no answer ({error}); check auth_url, and that"
                " the control node reaches it"
            ) from None
        except ContrailError as error:
            raise NovaError(f"cloud.auth: {error}") from None
        self._url = endpoint_in(self._login.catalog, *self._where)
        if not self._url:
            interface, region = self._where
            raise NovaError(
                f"cloud: Keystone's catalogue has no {interface} endpoint of type compute"
                f"{f' in region {region}' if region else ''}; correct interface or region_name"
            )
        return headers

    def _post(self, url: str, document: Mapping[str, Any]) -> Reply:
        return self._transport.send("POST", url, {"Content-Type": "application/json"}, document)


def _answer(reply: Reply) -> str:
    try:
        words = words_in(reply.json())
    except ValueError:
        words = ""
    return f"HTTP {reply.status} ({on_one_line(words)})" if words else described(reply)


def _cure(status: int) -> str:
    if status in (401, 403):
        return "the user needs the role that may do so, usually admin"
    return "see that nova works and that the control node reaches it, then run again"


# --- the module ---------------------------------------------------------------------------------------


def main() -> None:
    """Run the module ``nova_service``."""
    module = CollectionModule(argument_spec=SPEC, supports_check_mode=True)
    if not HAS_REQUESTS:
        module.fail_json(msg=missing_required_lib("requests"), exception=REQUESTS_IMPORT_ERROR)
    task = _Task(module)
    try:
        nova = connect(module.params["cloud"])
        result = task.disable(nova) if module.params["state"] == "disabled" else task.enable(nova)
    except (NovaError, UnusableCloudError, ContrailError) as error:
        module.fail_json(msg=str(error), **task.facts)
    except Exception as error:
        module.fail_json(msg=unexpected(error), **task.facts)
    module.exit_json(**result)


def connect(cloud: Mapping[str, Any]) -> Nova:
    """Return the nova of a cloud; nothing is asked yet. Raise UnusableCloudError, ContrailError."""
    settings = HttpSettings(
        timeout=REQUEST_SECONDS, validate_certs=cloud["validate_certs"], ca_file=cloud["ca_cert"] or ""
    )
    login = keystone_login(**login_options(cloud["auth"] or {}))
    return Nova(RequestsTransport(settings), login, cloud["interface"], cloud["region_name"] or "")


class _Task:
    """One run of the module; ``facts`` is what a failure has to say of the service too."""

    def __init__(self, module: CollectionModule) -> None:
        self._module = module
        self._host: str = module.params["host"]
        self._reason: str = module.params["reason"]
        self.facts: dict[str, Any] = {"disabled_by_reason": False, "changed": False}

    def disable(self, nova: Nova) -> dict[str, Any]:
        """Disable the service; one that is disabled already keeps its reason."""
        before = self._read(nova)
        if before.status != "enabled":
            return self._result(before, before)
        if self._module.check_mode:
            return self._result(before, _with_status(before, "disabled", self._reason))
        nova.disable(self._host, self._reason)
        self.facts = {"disabled_by_reason": True, "changed": True}
        return self._result(before, nova.service(self._host))

    def enable(self, nova: Nova) -> dict[str, Any]:
        """Enable the service if it is disabled for our reason, as soon as it reports to nova."""
        before = self._read(nova)
        if not before.is_disabled_for(self._reason):
            return self._result(before, before)
        if self._module.check_mode:
            return self._result(before, _with_status(before, "enabled", ""))
        self._wait(nova, before)
        nova.enable(self._host)
        self.facts = {"disabled_by_reason": False, "changed": True}
        return self._result(before, nova.service(self._host))

    def _read(self, nova: Nova) -> NovaService:
        found = nova.service(self._host)
        self.facts["disabled_by_reason"] = found.is_disabled_for(self._reason)
        return found

    def _wait(self, nova: Nova, before: NovaService) -> None:
        """Wait until the service has reported; raise NovaError when the time is over."""
        timeout, interval = self._module.params["timeout"], self._module.params["interval"]
        found: NovaService | NovaError = before
        ends = time.monotonic() + timeout
        while True:
            try:
                found = nova.service(self._host)
            except NovaError as error:  # nova, or the way to it, may come up with the host
                found = error
            if isinstance(found, NovaService) and found.has_reported_since(before):
                return
            if time.monotonic() >= ends:
                break
            time.sleep(max(interval, SHORTEST_INTERVAL))
        if isinstance(found, NovaError):
            raise found
        raise NovaError(
            f"{BINARY} on {self._host} has not reported to nova within {timeout:g} s (nova says it is {found.state});"
            " see its log"
        )

    def _result(self, before: NovaService, after: NovaService) -> dict[str, Any]:
        changed = before.status != after.status
        result: dict[str, Any] = {
            "changed": changed,
            "service": after.shown(),
            "disabled_by_reason": after.is_disabled_for(self._reason),
        }
        if changed:
            result["diff"] = {"before": _shown(before), "after": _shown(after)}
        return result


def _with_status(service: NovaService, status: str, reason: str) -> NovaService:
    return NovaService(**{**service.shown(), "status": status, "disabled_reason": reason})


def _shown(service: NovaService) -> dict[str, str]:
    return {name: service.shown()[name] for name in ("host", "status", "disabled_reason")}
