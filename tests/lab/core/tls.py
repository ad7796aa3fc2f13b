# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates for the lab: an authority of its own, made at each start, that signs a server and a client."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LIFETIME = timedelta(days=1)
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Certificates:
    """Files in PEM form. `server` and `client` hold key and certificate."""

    authority: Path
    server: Path
    client: Path

    def server_context(self, *, demand: bool) -> ssl.SSLContext:
        """Return what a server needs; with `demand` it serves only clients that show a certificate."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(self.authority))
        context.load_cert_chain(self.server)
        context.verify_mode = ssl.CERT_REQUIRED if demand else ssl.CERT_NONE
        return context


def make_certificates(
    directory: Path, *, host: str = "localhost", address: str = LOOPBACK, lifetime: timedelta = LIFETIME
) -> Certificates:
    """Write `ca.pem`, `server.pem` and `client.pem` into a directory.

    Both certificates are for a host and its address; with a negative `lifetime` they are valid no more.
    """
    directory.mkdir(parents=True, exist_ok=True)
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("lab authority")
    authority = (
        _builder(name, name, key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.KeyUsage(False, False, False, False, False, True, True, False, False), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = directory / "ca.pem"
    file.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    names = x509.SubjectAlternativeName([x509.DNSName(host), x509.IPAddress(ip_address(address))])
    made = {
        role: _signed(directory / f"{role}.pem", _leaf(role, usage, names, authority, lifetime), key)
        for role, usage in (("server", ExtendedKeyUsageOID.SERVER_AUTH), ("client", ExtendedKeyUsageOID.CLIENT_AUTH))
    }
    return Certificates(file, **made)


def _leaf(
    role: str,
    usage: x509.ObjectIdentifier,
    names: x509.SubjectAlternativeName,
    authority: x509.Certificate,
    lifetime: timedelta,
) -> Callable[[ec.EllipticCurvePublicKey], x509.CertificateBuilder]:
    """Return what makes the certificate of one side for its key."""

    def leaf(public: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        return (
            _builder(_name(f"lab {role}"), authority.subject, public, lifetime)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
            .add_extension(names, critical=False)
        )

    return leaf


def _signed(
    file: Path, leaf: Callable[[ec.EllipticCurvePublicKey], x509.CertificateBuilder], key: ec.EllipticCurvePrivateKey
) -> Path:
    """Write key and certificate for one side, signed with the authority's key."""
    own = ec.generate_private_key(ec.SECP256R1())
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())
    certificate = leaf(own.public_key()).add_extension(identifier, critical=False).sign(key, hashes.SHA256())
    file.touch(mode=0o600)
    file.write_bytes(
        own.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return file


def _builder(
    subject: x509.Name, issuer: x509.Name, public: ec.EllipticCurvePublicKey, lifetime: timedelta = LIFETIME
) -> x509.CertificateBuilder:
    now = datetime.now(timezone.utc)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - LIFETIME)
        .not_valid_after(now + lifetime)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])
