"""Signatures of reports: Ed25519 (RFC 8032) over the list of digests. The public key tells who froze a report."""

from base64 import b64decode, b64encode
from hashlib import sha256
from os import O_CREAT, O_EXCL, O_WRONLY, fdopen
from os import open as open_descriptor
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from kpi_engine.errors import ReportError

FILE: Final = "report-signing-key.pem"
"""Its name in the data folder: whoever has it can freeze reports in the name of an installation."""
OWNER_ONLY: Final = 0o600


class Signer:
    """Who freezes reports: a private key in a file that only its owner reads."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    @classmethod
    def of(cls, path: Path) -> "Signer":
        """Return the signer whose key is in a file; the first time, a new one is made there."""
        try:
            return cls._new(path)
        except FileExistsError:
            return cls._stored(path)
        except OSError as error:
            raise ReportError(f"{path}: the key of reports cannot be made there: {error.strerror}") from error

    @classmethod
    def _new(cls, path: Path) -> "Signer":
        """Make a key in a file that is not there yet; raises FileExistsError where it is."""
        if path.exists():
            raise FileExistsError
        key = Ed25519PrivateKey.generate()
        path.parent.mkdir(parents=True, exist_ok=True)
        with fdopen(open_descriptor(path, O_WRONLY | O_CREAT | O_EXCL, OWNER_ONLY), "wb") as file:
            file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        return cls(key)

    @classmethod
    def _stored(cls, path: Path) -> "Signer":
        try:
            stored = load_pem_private_key(path.read_bytes(), None)
        except (OSError, ValueError, TypeError) as error:
            raise ReportError(f"{path}: expected an Ed25519 private key in PEM that can be read") from error
        if not isinstance(stored, Ed25519PrivateKey):
            raise ReportError(f"{path}: expected an Ed25519 private key in PEM, not another kind")
        return cls(stored)

    @property
    def public_key(self) -> bytes:
        """The public key as PEM."""
        return self._key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def sign(self, content: bytes) -> bytes:
        """Return the signature as text."""
        return b64encode(self._key.sign(content)) + b"\n"


def is_signed(content: bytes, signature: bytes, public_key: bytes) -> bool:
    """Whether a signature is of this content and by the owner of this key."""
    try:
        key = load_pem_public_key(public_key)
        if not isinstance(key, Ed25519PublicKey):
            return False
        key.verify(b64decode(signature.strip(), validate=True), content)
    except (ValueError, InvalidSignature):
        return False
    return True


def fingerprint(public_key: bytes) -> str:
    """Return by what people compare a key: the first digits of its digest, in fours."""
    digest = sha256(public_key.strip()).hexdigest()[:32]
    return " ".join(digest[at : at + 4] for at in range(0, len(digest), 4))
