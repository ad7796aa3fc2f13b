# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What TLS refuses, and the one line that users get for it: Contrail's API, Keystone, introspect."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.introspect import pages
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.introspect.errors import (
    TLS,
    IntrospectError,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.introspect.reader import (
    open_introspect,
)
from lab.core.tls import Certificates, make_certificates
from support.module_run import ModuleFailedError, run_module


@contextmanager
def served(certificates: Certificates, *, demand: bool = False) -> Iterator[str]:
    """Let a server of TLS shake hands and hang up."""
    context = certificates.server_context(demand=demand)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.1)
        over = threading.Event()

        def serve() -> None:
            while not over.is_set():
                with suppress(TimeoutError, OSError):
                    connection, _address = listener.accept()
                    connection.settimeout(2)
                    with connection.dup() as kept, suppress(ssl.SSLError):
                        try:
                            context.wrap_socket(connection, server_side=True).close()
                        except ssl.SSLError:
                            while kept.recv(65536):  # hanging up at once could overtake the alert that says why
                                pass
                            raise

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield f"https://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            over.set()
            thread.join(5)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the client wait for nothing, and trust nobody whom the environment names."""
    module = "ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.api.sending"
    monkeypatch.setattr(f"{module}.BACK_OFF", (0.0,))
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


def said_by_contrail(url: str, **tls: Any) -> str:
    return _said({"api_url": [url], "kind": "project", **tls})


def said_by_keystone(url: str, **tls: Any) -> str:
    user = {"username": "u", "password": "an-odd-word", "project_name": "p"}
    login = {"auth": "keystone", "auth_url": f"{url}/v3", **user}
    return _said({"api_url": ["http://127.0.0.1:1"], "kind": "project", **login, **tls})


def _said(options: dict[str, Any]) -> str:
    with pytest.raises(ModuleFailedError) as caught:
        run_module("contrail_info", options)
    return str(caught.value.result["msg"])


def said_by_introspect(url: str, **tls: Any) -> str:
    with pytest.raises(IntrospectError) as caught:
        open_introspect({"schema": [url], **tls}).any_of(pages.SCHEMA, pages.CHAINS_OF_RULES)
    assert caught.value.reason == TLS
    return str(caught.value)


SAYS = {"contrail": said_by_contrail, "keystone": said_by_keystone, "introspect": said_by_introspect}


PLACES = {"contrail": "api_url", "keystone": "auth_url", "introspect": "introspect"}
CASES = {
    "wrong authority": (
        "certificate not trusted: self-signed certificate in certificate chain",
        "give the certificate of its authority as {ca}",
    ),
    "expired": (
        "certificate not trusted: certificate has expired",
        "renew the server's certificate, or set this machine's clock",
    ),
    "another host": (
        "certificate not trusted: IP address mismatch, certificate is not valid for '127.0.0.1'",
        "give in {option} a name that the server's certificate is made out to",
    ),
    "certificate of the client missing": (
        "TLS failed: tlsv13 alert certificate required",
        "check that {option} is right to begin with https, and client_cert if the server demands one",
    ),
}


def line(server: str, url: str, reason: str, cure: str) -> str:
    """Return the whole line that a user is to read."""
    option = PLACES[server]
    cure = cure.format(option=option, ca="introspect.ca_file" if server == "introspect" else "ca_file")
    begins = {
        "contrail": f"cannot list project: no answer from {url} ({reason})",
        "keystone": f"cannot log in: no answer from {url}/v3/auth/tokens ({reason})",
        "introspect": f"{url}: {reason}",
    }
    return f"{begins[server]}; {cure}"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Certificates, Path]]:
    """The server's certificates of each case, and whom the client trusts."""
    folder = tmp_path_factory.mktemp("tls")
    good = make_certificates(folder / "good")
    old = make_certificates(folder / "old", lifetime=timedelta(hours=-1))
    elsewhere = make_certificates(folder / "elsewhere", host="contrail.example.net", address="192.0.2.1")
    return {
        "wrong authority": (good, elsewhere.authority),
        "expired": (old, old.authority),
        "another host": (elsewhere, elsewhere.authority),
        "certificate of the client missing": (good, good.authority),
    }


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("server", SAYS)
def test_what_tls_refuses_is_one_line_with_the_cure(
    made: dict[str, tuple[Certificates, Path]], server: str, case: str
) -> None:
    certificates, trusted = made[case]
    with served(certificates, demand="missing" in case) as url:
        assert SAYS[server](url, ca_file=str(trusted)) == line(server, url, *CASES[case])
