"""The deployment's own certificate authority and its servers' certificates: X.509 v3 (RFC 5280), ECDSA with P-256.

An authority lasts ten years, a certificate two; a certificate is issued anew with the same authority, so that nothing
changes for devices that trust it.
"""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from secrets import token_hex
from typing import Final, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from deploy.errors import CertificateError

AUTHORITY_VALIDITY: Final = timedelta(days=3653)
SERVER_VALIDITY: Final = timedelta(days=730)
SKEW: Final = timedelta(hours=1)  # a device's clock may be behind ours
LONGEST_COMMON_NAME: Final = 64


@dataclass(frozen=True)
class Issued:
    """A certificate and its private key, both PEM."""

    certificate: str
    key: str


@dataclass(frozen=True)
class Authority:
    """A certificate authority that can issue."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @classmethod
    def new(cls, now: datetime) -> Self:
        """Make an authority with a key of its own."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = _name(f"Pharos deployment authority {now:%Y-%m-%d} {token_hex(4)}")  # two of one name confuse clients
        builder = _builder(name, name, key.public_key(), now, AUTHORITY_VALIDITY)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        builder = builder.add_extension(_usage(signs_certificates=True), critical=True)
        return cls(builder.sign(key, hashes.SHA256()), key)

    @classmethod
    def parse(cls, certificate: str, key: str) -> Self:
        """Read one from PEM; raises CertificateError when it is none, or the key is another one's."""
        try:
            read, private = (
                x509.load_pem_x509_certificate(certificate.encode()),
                load_pem_private_key(key.encode(), None),
            )
        except ValueError as error:
            raise CertificateError(f"the certificate authority cannot be read: {error}") from None
        if not isinstance(private, ec.EllipticCurvePrivateKey) or private.public_key() != read.public_key():
            raise CertificateError("the authority's key is not the key of its certificate")
        return cls(read, private)

    @property
    def issued(self) -> Issued:
        """Itself, as PEM."""
        return Issued(_pem(self.certificate), _key_pem(self.key))

    @staticmethod
    def pem(certificate: x509.Certificate) -> str:
        """Return a certificate as PEM."""
        return _pem(certificate)

    def issue(self, names: Sequence[str], now: datetime) -> Issued:
        """Return a certificate of a server that is reached under any of ``names``, host names or IP addresses."""
        key = ec.generate_private_key(ec.SECP256R1())
        until = min(SERVER_VALIDITY, self.certificate.not_valid_after_utc - now)
        builder = _builder(_name(names[0]), self.certificate.subject, key.public_key(), now, until)
        for extension, critical in (
            (x509.SubjectAlternativeName([_general_name(name) for name in names]), False),
            (x509.BasicConstraints(ca=False, path_length=None), True),
            (_usage(signs_certificates=False), True),
            (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
            (x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), False),
        ):
            builder = builder.add_extension(extension, critical)
        return Issued(_pem(builder.sign(self.key, hashes.SHA256())), _key_pem(key))


def expiry(certificate: str) -> datetime:
    """Return the last instant at which a certificate (PEM) is valid; raises CertificateError when it is none."""
    try:
        return x509.load_pem_x509_certificate(certificate.encode()).not_valid_after_utc
    except ValueError as error:
        raise CertificateError(f"not a certificate: {error}") from None


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime, validity: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now.astimezone(UTC) - SKEW)
        .not_valid_after(now.astimezone(UTC) + validity)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common[:LONGEST_COMMON_NAME])])


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        pass
    try:
        return x509.DNSName(name)
    except ValueError:
        raise CertificateError(f"{name!r} is no host name; expected ASCII, an internationalised name as xn--") from None


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(Encoding.PEM).decode()


def _key_pem(key: ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
