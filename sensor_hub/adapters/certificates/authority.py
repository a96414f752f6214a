"""A small authority and one server's certificate in a folder: ``ca.crt``, ``ca.key``, ``server.crt``, ``server.key``.

Keys are elliptic (P-256) and without a password, in files for their owner only. The authority signs nothing but
servers, and no further authority. Whoever has ``ca.key`` can pass for the hub to everybody who trusts ``ca.crt``.
"""

import ipaddress
import os
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from sensor_hub.errors import ConfigError

LONGEST_DAYS: Final = 825  # what clients of Apple take of a private authority at most
AUTHORITY_DAYS: Final = 3650
_BEFORE: Final = timedelta(hours=1)  # a client's clock may be a little behind
_ALWAYS: Final = ("localhost", "127.0.0.1", "::1")
_LABEL: Final = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_FILES: Final = ("ca.crt", "ca.key", "server.crt", "server.key")


@dataclass(frozen=True, slots=True)
class Shown:
    """What a server's certificate says.

    names : names and addresses it is for. authority_sha256 : fingerprint of the authority's certificate, in hex.
    """

    names: tuple[str, ...]
    until_utc: datetime
    authority_until_utc: datetime
    authority_sha256: str


def init(folder: Path, names: Sequence[str], *, days: int = LONGEST_DAYS, now_utc: datetime) -> Shown:
    """Make an authority and a server's certificate; ConfigError if there is one already, or a name is none.

    names : DNS names and IP addresses under which the server is asked for; this machine's own are always among them.
    """
    if here := [name for name in _FILES if (folder / name).exists()]:
        raise ConfigError(
            f"{folder / here[0]} is there already: nothing was changed (`sensor-hub tls renew` renews the server's "
            "certificate, another --out makes another authority)"
        )
    wanted = _names(names)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"sensor-hub {now_utc:%Y-%m-%d} {wanted[0]}"[:64])])
    ski = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    ca = (
        _dated(x509.CertificateBuilder(), now_utc, AUTHORITY_DAYS)
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .add_extension(ski, critical=False)
        .sign(key, hashes.SHA256())
    )
    _write_all(folder, {"ca.key": _pem_of_key(key), "ca.crt": _pem(ca), **_server(ca, key, wanted, days, now_utc)})
    return show(folder)


def renew(folder: Path, names: Sequence[str] = (), *, days: int = LONGEST_DAYS, now_utc: datetime) -> Shown:
    """Make the server a new key and certificate by the same authority; ConfigError if that is not here, or too old.

    names : more names than it had.
    """
    ca = _read_certificate(folder / "ca.crt")
    try:
        key = serialization.load_pem_private_key((folder / "ca.key").read_bytes(), None)
    except (OSError, ValueError, TypeError) as error:
        what = getattr(error, "strerror", None) or "is no key without a password"
        raise ConfigError(f"{folder / 'ca.key'}: {what} (bring it back from where it is kept)") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != ca.public_key():
        raise ConfigError(f"{folder / 'ca.key'} is not the key of {folder / 'ca.crt'}: nothing was changed")
    if ca.not_valid_after_utc < now_utc + timedelta(days=1):
        raise ConfigError(
            f"the authority in {folder} ends on {ca.not_valid_after_utc:%Y-%m-%d}: make a new one "
            "(`sensor-hub tls init` with another --out) and give its ca.crt to every gateway"
        )
    before = _said_names(_read_certificate(folder / "server.crt"))
    _write_all(folder, _server(ca, key, _names([*before, *names]), days, now_utc))
    return show(folder)


def show(folder: Path) -> Shown:
    """Return what the certificates of a folder say; ConfigError if they are not there."""
    ca, server = _read_certificate(folder / "ca.crt"), _read_certificate(folder / "server.crt")
    digest = ca.fingerprint(hashes.SHA256()).hex()
    return Shown(_said_names(server), server.not_valid_after_utc, ca.not_valid_after_utc, digest)


def _server(
    ca: x509.Certificate, ca_key: ec.EllipticCurvePrivateKey, names: Sequence[str], days: int, now_utc: datetime
) -> dict[str, bytes]:
    if not 1 <= days <= LONGEST_DAYS:
        raise ConfigError(f"a server's certificate is good for 1 to {LONGEST_DAYS} days; {days} is not among them")
    days = min(days, (ca.not_valid_after_utc - now_utc).days)
    key = ec.generate_private_key(ec.SECP256R1())
    made = (
        _dated(x509.CertificateBuilder(), now_utc, days)
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0][:64])]))
        .issuer_name(ca.subject)
        .public_key(key.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([_general(name) for name in names]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(
                ca.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
            ),
            critical=False,
        )
        .sign(ca_key, hashes.SHA256())
    )
    return {"server.key": _pem_of_key(key), "server.crt": _pem(made)}


def _dated(builder: x509.CertificateBuilder, now_utc: datetime, days: int) -> x509.CertificateBuilder:
    return (
        builder.serial_number(x509.random_serial_number())
        .not_valid_before(now_utc - _BEFORE)
        .not_valid_after(now_utc + timedelta(days=days))
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=signs, crl_sign=signs, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _names(names: Sequence[str]) -> list[str]:
    """Return names as they go into a certificate, each once, those asked for first."""
    wanted = list(dict.fromkeys([*(_checked(name) for name in names), *_ALWAYS]))
    if wanted[0] in _ALWAYS and not names:
        raise ConfigError("name the server as it will be asked for: --name hub.local, or --ip 192.168.1.20")
    return wanted


def _checked(name: str) -> str:
    try:
        return str(ipaddress.ip_address(name))
    except ValueError:
        low = name.lower()
    labels = low.split(".")
    if len(low) > 253 or not all(_LABEL.fullmatch(label) for label in labels) or labels[-1].isdigit():
        raise ConfigError(f"{name!r} is neither a host's name nor an IP address: write such as hub.local")
    return low


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _said_names(certificate: x509.Certificate) -> tuple[str, ...]:
    said = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return tuple(str(name.value) for name in said)


def _read_certificate(path: Path) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(path.read_bytes())
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror} (`sensor-hub tls init` makes it)") from error
    except ValueError as error:
        raise ConfigError(f"{path} is no certificate (PEM): restore it, or make a new authority") from error


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _pem_of_key(key: ec.EllipticCurvePrivateKey) -> bytes:
    shape = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, shape, serialization.NoEncryption())


def _write_all(folder: Path, files: dict[str, bytes]) -> None:
    """Write each file whole; keys for their owner only, certificates for everybody."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name, content in files.items():
            descriptor, scratch = tempfile.mkstemp(prefix=f".{name}.", dir=folder)  # mode 0600
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                if name.endswith(".crt"):
                    Path(scratch).chmod(0o644)
                Path(scratch).replace(folder / name)
            except BaseException:  # a key is left nowhere
                Path(scratch).unlink(missing_ok=True)
                raise
    except OSError as error:
        raise ConfigError(f"{folder}: cannot be written: {error.strerror}") from error


__all__ = ["AUTHORITY_DAYS", "LONGEST_DAYS", "Shown", "init", "renew", "show"]
