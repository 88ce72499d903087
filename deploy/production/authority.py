"""Another authority in place of a deployment's, without an outage: in three steps, each once everybody has the last.

begin    both are trusted (tls/ca.crt holds two), the former one issues; give ca.crt to devices and roles
switch   the new one issues, and has issued the servers' certificates; both are trusted
end      the former one is trusted no more
"""

from datetime import datetime
from pathlib import Path

from cryptography import x509

from deploy.errors import CertificateError, DeployError
from deploy.production.certificates import Authority
from deploy.production.deployment import Deployment
from deploy.production.shared_file import write_shared


class AuthorityChange:
    """The change of the authority of ``deployment``, whose folder says what was done: steps may be days apart."""

    def __init__(self, deployment: Deployment) -> None:
        self._deployment = deployment
        tls = deployment.root / "tls"
        self._trusted, self._key = tls / "ca.crt", tls / "ca.key"
        self._next_certificate, self._next_key = tls / "ca-next.crt", tls / "ca-next.key"

    def begin(self, now: datetime) -> None:
        """Make the new authority and trust it beside the former one."""
        former = self._certificates()
        if len(former) > 1:
            raise CertificateError("two authorities are trusted already; expected " + self._expected())
        successor = Authority.new(now)
        self._write_private(self._next_key, successor.issued.key)
        self._write_public(self._next_certificate, successor.issued.certificate)
        self._write_public(self._trusted, former[0] + successor.issued.certificate)

    def switch(self, now: datetime) -> None:
        """Let the new authority issue, and issue every server's certificate anew."""
        trusted = self._certificates()
        if len(trusted) < 2:
            raise CertificateError("no change of the authority is under way; expected begin")
        if not self._next_key.exists():
            raise CertificateError("the new authority issues already; expected " + self._expected())
        former, successor = trusted
        # Certificates first: interrupted anywhere, the same step again comes to the same end.
        authority = Authority.parse(successor, self._next_key.read_text())
        self._deployment.certify_by(authority, now)
        self._write_private(self._key, authority.issued.key)
        self._write_public(self._trusted, successor + former)
        self._next_certificate.unlink()
        self._next_key.unlink()

    def end(self) -> None:
        """Trust the former authority no more."""
        trusted = self._certificates()
        if len(trusted) < 2:
            raise CertificateError("no change of the authority is under way; expected begin")
        if self._next_key.exists():
            raise CertificateError("the former authority still issues; expected switch")
        self._write_public(self._trusted, trusted[0])

    def _expected(self) -> str:
        return "switch" if self._next_key.exists() else "end"

    def _certificates(self) -> list[str]:
        """Return what is trusted, PEM, who issues first."""
        try:
            read = x509.load_pem_x509_certificates(self._trusted.read_bytes())
        except OSError as error:
            raise DeployError(f"{error.filename}: {error.strerror}; expected a deployment") from None
        except ValueError as error:
            raise CertificateError(f"{self._trusted} holds no certificates: {error}") from None
        return [Authority.pem(one) for one in read]

    def _write_private(self, path: Path, text: str) -> None:
        write_shared(path, text)
        path.chmod(0o600)

    def _write_public(self, path: Path, text: str) -> None:
        write_shared(path, text)
        path.chmod(0o644)
