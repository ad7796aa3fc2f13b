# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why TLS refused, in a few words, and what to do about it."""

from __future__ import annotations

import ssl

_HOST_MISMATCH = 62
_ADDRESS_MISMATCH = 64
_EXPIRED = 10
"""Numbers of OpenSSL (X509_V_ERR_...)."""


def ssl_error_in(error: BaseException | None) -> ssl.SSLError | None:
    """Return the error of TLS that others have wrapped; ``None`` where there is none."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        each = waiting.pop()
        if not isinstance(each, BaseException) or id(each) in seen:
            continue
        if isinstance(each, ssl.SSLError):
            return each
        seen.add(id(each))
        waiting += [each.__cause__, each.__context__, getattr(each, "reason", None), *each.args]
    return None


def tls_reason(error: ssl.SSLError) -> str:
    """Return the few words of an error that matter."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"certificate not trusted: {error.verify_message.rstrip('.')}"
    if isinstance(error, ssl.SSLEOFError) or "EOF" in str(error):
        return "TLS failed: the server hung up"
    return f"TLS failed: {(error.reason or str(error)).replace('_', ' ').lower()}"


def tls_cure(error: ssl.SSLError, address: str) -> str:
    """Return what to do about an error; ``address`` is the option that has the server's address."""
    if not isinstance(error, ssl.SSLCertVerificationError):
        return f"check that {address} is right to begin with https, and client_cert if the server demands one"
    if error.verify_code in (_HOST_MISMATCH, _ADDRESS_MISMATCH):
        return f"give in {address} a name that the server's certificate is made out to"
    if error.verify_code == _EXPIRED:
        return "renew the server's certificate, or set this machine's clock"
    return "give the certificate of its authority as ca_file"
