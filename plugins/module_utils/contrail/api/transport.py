# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One request to a server over HTTP; all that knows the ``requests`` package."""

from __future__ import annotations

import contextlib
import json
import os
import re
import socket
import ssl
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from ..entity import Json
from ..errors import ContrailError
from .reply import Reply
from .tls import ssl_error_in, tls_reason

try:
    import requests
    import urllib3
    from requests.adapters import HTTPAdapter
    from urllib3.connection import HTTPConnection, HTTPSConnection
    from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

    REQUESTS_IMPORT_ERROR = None
    HAS_REQUESTS = True
except ImportError:
    REQUESTS_IMPORT_ERROR = traceback.format_exc()
    HAS_REQUESTS = False


class ConnectionBrokenError(Exception):
    """No answer came.

    ``sent`` tells whether the server may have seen the request, ``lasting`` whether another attempt at the
    same server is bound to fail in the same way, as with a certificate that is not trusted. ``tls`` is the error of
    TLS behind it.
    """

    def __init__(self, reason: str, *, sent: bool, lasting: bool = False, tls: ssl.SSLError | None = None) -> None:
        super().__init__(reason)
        self.sent = sent
        self.lasting = lasting
        self.tls = tls


class Transport(Protocol):
    """Sends one request and returns the answer, whatever its status; raises ConnectionBrokenError."""

    def send(self, method: str, url: str, headers: Mapping[str, str], body: Json) -> Reply:
        """Send ``body`` as JSON, or no body for ``None``."""


@dataclass(frozen=True)
class HttpSettings:
    """How to connect: seconds to wait for an answer, connections to keep, and TLS."""

    timeout: float = 60
    connect_timeout: float = 10
    connections: int = 8
    validate_certs: bool = True
    ca_file: str = ""
    client_cert: str = ""
    client_key: str = ""


if HAS_REQUESTS:

    def _acknowledge_at_once(connection: HTTPConnection) -> None:
        """Ask the kernel not to delay acknowledgements of the coming answer.

        The API server sends headers and body in two segments; with Nagle's algorithm on its side and delayed
        acknowledgements on ours each small answer on a kept-alive connection takes 44 ms, with this 1 to 5.
        The kernel forgets the setting, so it is made before each answer.
        """
        option = getattr(socket, "TCP_QUICKACK", None)
        if option is not None and connection.sock is not None:
            with contextlib.suppress(OSError, AttributeError):
                connection.sock.setsockopt(socket.IPPROTO_TCP, option, 1)

    class _QuickConnection(HTTPConnection):
        def getresponse(self, *args: Any, **kwargs: Any) -> Any:
            _acknowledge_at_once(self)
            return super().getresponse(*args, **kwargs)

    class _QuickTlsConnection(HTTPSConnection):
        def getresponse(self, *args: Any, **kwargs: Any) -> Any:
            _acknowledge_at_once(self)
            return super().getresponse(*args, **kwargs)

    class _QuickPool(HTTPConnectionPool):
        ConnectionCls = _QuickConnection

    class _QuickTlsPool(HTTPSConnectionPool):
        ConnectionCls = _QuickTlsConnection

    class _QuickAdapter(HTTPAdapter):
        def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
            super().init_poolmanager(*args, **kwargs)
            self.poolmanager.pool_classes_by_scheme = {"http": _QuickPool, "https": _QuickTlsPool}


class RequestsTransport:
    """Kept-alive connections by ``requests``; safe to use from several threads."""

    def __init__(self, settings: HttpSettings) -> None:
        self._timeout = (min(settings.connect_timeout, settings.timeout), settings.timeout)
        self._session = requests.Session()
        # The environment is asked once here, not for each request, where it would take a quarter of the time;
        # and never for credentials, which requests would take from .netrc.
        self._session.trust_env = False
        self._proxies: dict[str, dict[str, str]] = {}
        _check_files(settings)
        self._verify: bool | str = (settings.ca_file or _system_authorities()) if settings.validate_certs else False
        if not settings.validate_certs:
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
        if settings.client_cert:
            self._session.cert = (settings.client_cert, settings.client_key or settings.client_cert)
        adapter = _QuickAdapter(pool_connections=4, pool_maxsize=max(settings.connections, 1))
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)

    def send(self, method: str, url: str, headers: Mapping[str, str], body: Json) -> Reply:
        """Send one request.

        An answer with an error status whose body breaks off counts as an answer without a body: the API
        server sends such a 403.
        """
        data = None if body is None else json.dumps(body).encode()
        try:
            response = self._session.request(
                method,
                url,
                headers={"Accept": "application/json", **headers},
                data=data,
                timeout=self._timeout,
                verify=self._verify,
                proxies=self._proxies_to(url),
                allow_redirects=False,
                stream=True,
            )
        except requests.exceptions.SSLError as error:
            tls = ssl_error_in(error)
            reason = tls_reason(tls) if tls is not None else _reason(error)
            raise ConnectionBrokenError(reason, sent=False, lasting=True, tls=tls) from None
        except requests.exceptions.ConnectTimeout as error:
            raise ConnectionBrokenError(_reason(error), sent=False) from None
        except requests.exceptions.RequestException as error:
            raise ConnectionBrokenError(_reason(error), sent=not _refused(error)) from None
        except OSError as error:
            # A file with certificates that cannot be read as such.
            raise ConnectionBrokenError(_reason(error), sent=False, lasting=True) from None
        try:
            content = response.content
        except requests.exceptions.RequestException as error:
            if response.status_code < 400:
                raise ConnectionBrokenError(_reason(error), sent=True) from None
            content = b""
        finally:
            response.close()
        return Reply(response.status_code, content, response.headers)

    def _proxies_to(self, url: str) -> dict[str, str]:
        """Return the proxies that the environment has for a server."""
        server = "/".join(url.split("/", 3)[:3])
        if server not in self._proxies:
            self._proxies[server] = requests.utils.get_environ_proxies(server)
        return self._proxies[server]

    def close(self) -> None:
        """Close the connections."""
        self._session.close()


def _check_files(settings: HttpSettings) -> None:
    """Raise ContrailError for a file that is not there."""
    for option in ("ca_file", "client_cert", "client_key"):
        path = getattr(settings, option)
        if path and not Path(path).exists():
            raise ContrailError(f"{option}: there is no {path}")


def _system_authorities() -> bool | str:
    """Return what the environment names as the file of authorities to trust; True is the usual ones."""
    return os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or True


def _refused(error: BaseException) -> bool:
    """Tell whether no connection came about at all."""
    cause: Any = error.args[0] if error.args else None
    cause = getattr(cause, "reason", cause)
    return isinstance(cause, (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError))


def _reason(error: BaseException) -> str:
    """Reduce an exception of requests, which nests others, to the few words that matter."""
    text = str(error)
    if "timed out" in text:
        return "no answer in time"
    for pattern in (r"\[Errno -?\d+\] ([^'\")]+)", r"'([^']+)'\)*$"):
        match = re.search(pattern, text)
        if match:
            return match.group(1).strip()
    return type(error).__name__
