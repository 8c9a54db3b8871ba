"""A local certificate, because browsers give a microphone to HTTPS pages only (localhost excepted)."""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
import socket
from pathlib import Path

import psutil
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CA_DAYS = 3650
LEAF_DAYS = 397
"""Browsers refuse certificates that live longer than 398 days."""


def lan_names() -> list[str]:
    """Return the names and addresses under which other machines may reach this one, loopback last."""
    found = [socket.gethostname()]
    for links in psutil.net_if_addrs().values():
        for link in links:
            address = link.address.split("%")[0]
            if link.family in (socket.AF_INET, socket.AF_INET6) and not ipaddress.ip_address(address).is_link_local:
                found.append(address)
    found += ["localhost", "127.0.0.1", "::1"]
    return sorted(dict.fromkeys(found), key=lambda name: (name in {"localhost", "127.0.0.1", "::1"}, found.index(name)))


def make_certificate(folder: Path, names: list[str]) -> tuple[Path, Path, Path]:
    """Return the paths of certificate, key and local authority, made or renewed for these names when needed."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    certificate, key, authority = folder / "parley.pem", folder / "parley.key", folder / "authority.pem"
    if not _is_good(certificate, names) or not key.exists():
        ca_key, ca = _authority(folder)
        leaf_key = ec.generate_private_key(ec.SECP256R1())
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
        leaf = (
            _certificate("Parley", "Parley local authority", leaf_key.public_key(), LEAF_DAYS)
            .add_extension(x509.SubjectAlternativeName([_general_name(name) for name in names]), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(usage, critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False)
            .sign(ca_key, hashes.SHA256())
        )
        _write_key(key, leaf_key)
        certificate.write_bytes(b"".join(c.public_bytes(serialization.Encoding.PEM) for c in (leaf, ca)))
    return certificate, key, authority


def _is_good(certificate: Path, names: list[str]) -> bool:
    if not certificate.exists():
        return False
    leaf = x509.load_pem_x509_certificate(certificate.read_bytes())
    covered = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    soon = dt.datetime.now(dt.UTC) + dt.timedelta(days=30)
    return leaf.not_valid_after_utc > soon and all(_general_name(name) in covered for name in names)


def _authority(folder: Path) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key_file, file = folder / "authority.key", folder / "authority.pem"
    if key_file.exists() and file.exists():
        key = serialization.load_pem_private_key(key_file.read_bytes(), password=None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return key, x509.load_pem_x509_certificate(file.read_bytes())
    key = ec.generate_private_key(ec.SECP256R1())
    name = "Parley local authority"
    ca = (
        _certificate(name, name, key.public_key(), CA_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    _write_key(key_file, key)
    file.write_bytes(ca.public_bytes(serialization.Encoding.PEM))
    return key, ca


def _certificate(subject: str, issuer: str, key: ec.EllipticCurvePublicKey, days: int) -> x509.CertificateBuilder:
    now = dt.datetime.now(dt.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=days))
    )


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _write_key(file: Path, key: ec.EllipticCurvePrivateKey) -> None:
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(pem)
