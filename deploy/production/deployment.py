"""The folder of a deployment as containers: everything that docker-compose.yml mounts and that no repository may hold.

secrets/     a password per file, random, readable by the containers' group
tls/         the authority's certificate and key, the servers' certificates, and the names under which devices reach us
mqtt/        who may connect to Mosquitto (see mqtt_accounts)
cities/      the city files
accounts/    the secrets of services that are asked, a file each
notifications/  who is told of alarms: notifications.yaml, and the secrets it names
backups/     dumps of the database
copies/      where a disk of another machine is mounted, for copies of them
archive/     the same, for the archive of the database's log
"""

import os
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from deploy.embedded.accounts import new_secret
from deploy.errors import CertificateError, CredentialError, DeployError, ForeignFolderError
from deploy.production.certificates import Authority, expiry
from deploy.production.mqtt_accounts import FOLDER, SERVICES, MqttAccounts
from deploy.production.shared_file import write_shared

GROUP: Final = 10_001  # of the containers; the number is also in docker-compose.yml and the Dockerfile
RENEWED_BEFORE: Final = timedelta(days=90)
DATABASE_USERS: Final = ("superuser", "owner", "writer", "kpi", "api", "grafana")
DATABASE_SECRETS: Final = tuple(f"database-{user}" for user in DATABASE_USERS)
MQTT_SECRETS: Final = {user: f"mqtt-{user}" for user in SERVICES}
KAFKA_SECRETS: Final = ("kafka-ingest", "kafka-process", "kafka-publish")
GRAFANA_SECRETS: Final = ("grafana-admin", "grafana-key")
SECRETS: Final = (*DATABASE_SECRETS, *MQTT_SECRETS.values(), *KAFKA_SECRETS, *GRAFANA_SECRETS)
SERVERS: Final = ("mosquitto", "kafka", "database")  # as their services are called
LOCALHOST: Final = ("localhost", "127.0.0.1")  # where health checks and administration connect
_MARK: Final = "deployment"
_FOLDERS: Final = {
    "secrets": 0o750,
    "tls": 0o750,
    FOLDER: 0o770,
    "cities": 0o755,
    "accounts": 0o750,
    "notifications": 0o750,
    "backups": 0o770,
    "copies": 0o770,
    "archive": 0o770,
}

Announce = Callable[[str], None]


def admit_services(accounts: Path, secrets: Path) -> None:
    """Let our processes in at the broker whose accounts are in a folder, with the passwords in files of ``secrets``.

    Accounts of devices stay. Raises CredentialError where a password or the folder of accounts is missing.
    """
    try:
        passwords = {user: (secrets / name).read_text() for user, name in MQTT_SECRETS.items()}
        MqttAccounts(accounts).set_services(passwords)
    except OSError as error:
        raise CredentialError(f"{error.filename or accounts}: {error.strerror}; no account was changed") from None


class Deployment:
    """The deployment in the folder ``root``; ``announce`` is told what is made or changed."""

    def __init__(self, root: Path, announce: Announce) -> None:
        self.root = root.resolve()
        self._announce = announce

    def prepare(self, names: Sequence[str], now: datetime) -> None:
        """Make what is missing, and certificates that end within 90 days or lack one of ``names``; keep the rest.

        Raises ForeignFolderError for a folder that holds something else, DeployError when it cannot be written.
        """
        try:
            self._make_folders()
            made = [name for name in SECRETS if not self.secret(name).exists()]
            for name in made:
                self._write_secret(name)
            self._certify(names, now)
            if made or not (self.root / FOLDER / "passwords-of-services").exists():
                self._admit_services()
            else:
                MqttAccounts(self.root / FOLDER).render()  # the rights of this version
        except OSError as error:
            raise DeployError(f"{error.filename or self.root} cannot be written: {error.strerror}") from None

    def rotate(self, name: str) -> None:
        """Replace a secret; raises CredentialError for an unknown one."""
        if name not in SECRETS or not self.secret(name).exists():
            raise CredentialError(f"no secret is called {name!r}; expected one of {', '.join(SECRETS)}")
        self._write_secret(name)
        if name in MQTT_SECRETS.values():
            self._admit_services()

    def secret(self, name: str) -> Path:
        """Return the file of a secret."""
        return self.root / "secrets" / name

    def certificate_ends(self) -> dict[str, datetime]:
        """Return when each certificate ends, the authority's included; raises CertificateError where one is missing."""
        for server in SERVERS:
            if not (self._tls / f"{server}.crt").exists():
                raise CertificateError(
                    f"{server} has no certificate in {self._tls}; it gets one by: pharos deploy init"
                )
        return {name: expiry((self._tls / f"{name}.crt").read_text()) for name in ("ca", *SERVERS)}

    @property
    def _tls(self) -> Path:
        return self.root / "tls"

    def _make_folders(self) -> None:
        mark = self.root / _MARK
        if self.root.is_dir() and any(self.root.iterdir()) and not mark.exists():
            raise ForeignFolderError(f"{self.root} is not empty and holds no deployment. Nothing was changed.")
        self.root.mkdir(mode=0o755, parents=True, exist_ok=True)
        mark.touch()
        for name, mode in _FOLDERS.items():
            folder = self.root / name
            if not folder.exists():
                folder.mkdir()
                folder.chmod(mode)
                if os.geteuid() == 0:
                    os.chown(folder, GROUP if mode & 0o020 else 0, GROUP)

    def _write_secret(self, name: str) -> None:
        write_shared(self.secret(name), new_secret())
        self._announce(f"secret {name}: new")

    def _admit_services(self) -> None:
        admit_services(self.root / FOLDER, self.root / "secrets")

    def certify_by(self, authority: Authority, now: datetime) -> None:
        """Issue the certificate of every server anew, for the names that are known, by ``authority``."""
        wanted = (self._tls / "names").read_text().split()
        for server in SERVERS:
            outside = wanted if server == "mosquitto" else []
            self._write_certificate(server, authority, [server, *outside, *LOCALHOST], now)

    def _certify(self, names: Sequence[str], now: datetime) -> None:
        authority, is_new = self._authority(now)
        known = (self._tls / "names").read_text().split() if (self._tls / "names").exists() else []
        wanted = list(dict.fromkeys([*known, *names]))
        for server in SERVERS:
            path = self._tls / f"{server}.crt"
            if is_new or wanted != known or not path.exists() or expiry(path.read_text()) - now < RENEWED_BEFORE:
                outside = wanted if server == "mosquitto" else []
                self._write_certificate(server, authority, [server, *outside, *LOCALHOST], now)
        write_shared(self._tls / "names", "\n".join(wanted))

    def _authority(self, now: datetime) -> tuple[Authority, bool]:
        """Return the authority and whether it was made just now."""
        certificate, key = self._tls / "ca.crt", self._tls / "ca.key"
        if certificate.exists():
            if not key.exists():
                raise CertificateError(f"{key} is not there; it is needed to issue certificates. Nothing was issued.")
            return Authority.parse(certificate.read_text(), key.read_text()), False
        authority = Authority.new(now)
        write_shared(key, authority.issued.key)
        key.chmod(0o600)
        write_shared(certificate, authority.issued.certificate)
        certificate.chmod(0o644)
        self._announce("certificate authority: new; devices need tls/ca.crt, nobody but this command tls/ca.key")
        return authority, True

    def _write_certificate(self, server: str, authority: Authority, names: list[str], now: datetime) -> None:
        issued = authority.issue(names, now)
        write_shared(self._tls / f"{server}.key", issued.key)
        write_shared(self._tls / f"{server}.crt", issued.certificate)
        write_shared(self._tls / f"{server}.pem", issued.key + issued.certificate)
        until = f"{expiry(issued.certificate):%Y-%m-%d}"
        self._announce(f"certificate of {server} for {', '.join(names)}: new, until {until}")
