# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The service nova-compute of a host: what nova says of it, and whether it is disabled by us.

Pure Python. Replies are those of ``GET /os-services`` in microversion 2.1, which every nova since Kilo speaks
(https://docs.openstack.org/api-ref/compute/#compute-services-os-services).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

BINARY = "nova-compute"
DEFAULT_INTERFACE = "public"


class UnusableCloudError(ValueError):
    """An entry of a clouds.yaml that nobody can log in with; the message begins with the path."""


@dataclass(frozen=True)
class NovaService:
    """A service as nova lists it.

    ``status`` is enabled or disabled, ``state`` up or down; ``updated_at`` is when it last reported to nova.
    """

    host: str
    status: str
    state: str
    disabled_reason: str
    updated_at: str

    @classmethod
    def read(cls, entry: Mapping[str, Any]) -> NovaService:
        """Return the service that an entry of the list describes."""
        return cls(**{name: str(entry.get(name) or "") for name in cls.__dataclass_fields__})

    def is_disabled_for(self, reason: str) -> bool:
        """Return whether the service is disabled with exactly this reason."""
        return self.status == "disabled" and self.disabled_reason == reason

    def has_reported_since(self, earlier: NovaService) -> bool:
        """Return whether the service has reported since ``earlier`` was read, and is up.

        Nova takes a service for up for a minute after its last report, so ``state`` alone proves nothing.
        """
        return self.state == "up" and self.updated_at != earlier.updated_at

    def shown(self) -> dict[str, str]:
        """Return the service as a module returns it."""
        return asdict(self)


def services_in(document: Mapping[str, Any]) -> list[NovaService]:
    """Return the services of a reply. Raise ValueError for a reply that lists none."""
    listed = document.get("services")
    if not isinstance(listed, list) or not all(isinstance(each, Mapping) for each in listed):
        raise ValueError("its reply has no list of services")
    return [NovaService.read(each) for each in listed if each.get("binary", BINARY) == BINARY]


def words_in(document: Any) -> str:
    """Return nova's own words in the reply to a refused request, ``{KIND: {message}}``, "" where it has none."""
    inner = next(iter(document.values()), None) if isinstance(document, Mapping) else None
    return str(inner.get("message") or "") if isinstance(inner, Mapping) else ""


def endpoint_in(catalog: Iterable[Any], interface: str, region: str) -> str:
    """Return the URL of nova in Keystone's catalogue, "" where it has none; any region where ``region`` is empty."""
    for each in _endpoints(catalog):
        if each.get("interface") == interface and region in ("", each.get("region_id"), each.get("region")):
            return str(each.get("url") or "").rstrip("/")
    return ""


def _endpoints(catalog: Iterable[Any]) -> Iterator[Mapping[str, Any]]:
    for service in catalog:
        if isinstance(service, Mapping) and service.get("type") == "compute":
            yield from (each for each in service.get("endpoints") or () if isinstance(each, Mapping))


_WAYS: Sequence[frozenset[str]] = tuple(
    frozenset(names)
    for names in (
        ("application_credential_secret", "application_credential_id"),
        ("application_credential_secret", "application_credential_name", "username"),
        ("username", "password", "project_name"),
        ("username", "password", "project_id"),
    )
)


def login_options(auth: Mapping[str, Any]) -> dict[str, str]:
    """Return the options of a login with Keystone from ``auth`` of a cloud. Raise :class:`UnusableCloudError`."""
    given = {name: str(value) for name, value in auth.items() if value}
    url = given.get("auth_url", "").rstrip("/")
    if not url or not any(way <= set(given) for way in _WAYS):
        raise UnusableCloudError(
            "cloud.auth: needs auth_url, and either username, password and project_name, or application_credential_id"
            " and application_credential_secret"
        )
    if not url.startswith(("http://", "https://")):
        raise UnusableCloudError("cloud.auth.auth_url: is not a URL; write it as in https://HOST:5000/v3")
    if url.endswith(("/v2.0", "/v2")):
        raise UnusableCloudError("cloud.auth.auth_url: is Keystone's version 2; give the URL of version 3 (.../v3)")
    domain = given.pop("domain_name", "")
    if domain:
        given = {"user_domain_name": domain, "project_domain_name": domain, **given}
    if "application_credential_secret" not in given:
        given = {name: value for name, value in given.items() if not name.startswith("application_credential")}
    return given
