"""What a process of Pharos is told from outside: environment variables PHAROS_*, nothing else.

While ``pharos up`` runs, its addresses and credentials also stand in DATA/pharos.env, so that the other commands,
started beside it, reach the same database and broker; a variable of the environment wins over that file.

A password may stand in a file of its own instead of in an address: PHAROS_*_PASSWORD_FILE. It is read when needed.
"""

import os
from collections.abc import Callable
from dataclasses import asdict, replace
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, NamedTuple, Self
from urllib.parse import quote, urlsplit, urlunsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from deploy.errors import SettingsError
from ingest.errors import expectation
from ingest.limits import DEFAULT, FLATTEST, PayloadLimits
from ingest.meter_keys import KeyFiles
from ingest.pseudonyms import Pseudonyms
from ingest.sources.kafka.cluster import Cluster, Security
from ingest.sources.mqtt.endpoint import Endpoint
from kpi_engine.reports import signing as report_key
from processors.storage.readings.pseudonym_key import FILE, kept
from processors.storage.readings.quarantine_quota import BYTES, MESSAGES, Quota
from processors.storage.schema.retention import SHORTEST_DAYS

PREFIX = "PHAROS_"
QUARANTINE_DAYS = 90
"""How long the raw payload of a refused message is kept after it last came."""
HTTP_BODY_BYTES = 65_536
"""The largest body of a request to the HTTP interface; a message may have 1 MiB, a city file 16 MB all the same."""
DATABASE_FORM = "postgresql://user:password@host:port/database"
KAFKA_FORM = "host:port, several separated by commas"
MQTT_FORM = "mqtt://user:password@host:port (mqtts:// for TLS)"


class Address(NamedTuple):
    """Where a listener listens."""

    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``HOST:PORT`` (an IPv6 host in brackets); raise ValueError saying what was expected."""
        host, separator, port = text.rpartition(":")
        if not (separator and host and port.isascii() and port.isdigit() and 0 < int(port) < 65536):
            raise ValueError("expected HOST:PORT with a port from 1 to 65535, such as 127.0.0.1:8080")
        return cls(host.removeprefix("[").removesuffix("]"), int(port))

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def _address(value: object) -> object:
    return Address.parse(value) if isinstance(value, str) else value


def _roles(value: object) -> object:
    if not isinstance(value, str):
        return value
    named = (part.strip().partition("=") for part in value.split(",") if part.strip())
    return {name: Address.parse(place) for name, _, place in named}


def _city_files(value: object) -> object:
    return [Path(part) for part in value.split(os.pathsep) if part] if isinstance(value, str) else value


def _networks(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return [ip_network(part.strip()) for part in value.split(",")]
    except ValueError as error:
        raise ValueError(
            f"expected addresses or networks such as 10.0.0.7 or 10.0.0.0/24, by commas; {error}"
        ) from None


def _of_scheme(form: str, *schemes: str) -> AfterValidator:
    def check(url: SecretStr) -> SecretStr:
        if url.get_secret_value().partition("://")[0] not in schemes:
            raise ValueError(f"expected {form}")
        return url

    return AfterValidator(check)


def _bootstrap(value: str) -> str:
    for broker in value.split(","):
        Address.parse(broker)
    return value


def _public(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(
            "expected the address of the interface as others reach it, such as https://figures.example.org"
        )
    return value.rstrip("/")


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise ValueError(f"expected a file; {path} is none")
    return path


AddressSetting = Annotated[Address, NoDecode, BeforeValidator(_address)]
DatabaseUrl = Annotated[SecretStr, _of_scheme(DATABASE_FORM, "postgresql", "postgres")]
MqttUrl = Annotated[SecretStr, _of_scheme(MQTT_FORM, "mqtt", "mqtts")]
Bootstrap = Annotated[str, AfterValidator(_bootstrap)]
PublicUrl = Annotated[str, AfterValidator(_public)]
ExistingFile = Annotated[Path, AfterValidator(_existing)]
Networks = Annotated[list[IPv4Network | IPv6Network], NoDecode, BeforeValidator(_networks)]
Roles = Annotated[dict[str, Address], NoDecode, BeforeValidator(_roles)]
CityFiles = Annotated[list[Path], NoDecode, BeforeValidator(_city_files)]


class Settings(BaseSettings):
    """The settings of one process; what a role needs and has no default is asked for through a method."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True, env_ignore_empty=True)

    database_url: DatabaseUrl | None = None
    database_password_file: ExistingFile | None = None
    writer_url: DatabaseUrl | None = None
    writer_password_file: ExistingFile | None = None
    mqtt_url: MqttUrl | None = None
    mqtt_password_file: ExistingFile | None = None
    mqtt_ca_file: ExistingFile | None = None
    feedback_url: MqttUrl | None = None
    inbox_url: MqttUrl | None = None
    figures_url: MqttUrl | None = None
    figures_password_file: ExistingFile | None = None
    public_url: PublicUrl | None = None
    kafka_bootstrap: Bootstrap | None = None
    kafka_security: Security = Security.PLAINTEXT
    kafka_user: str | None = None
    kafka_password_file: ExistingFile | None = None
    kafka_ca_file: ExistingFile | None = None
    cities: CityFiles = []
    accounts: Path | None = None
    data: Path = Path("data")
    http: AddressSetting = Address("127.0.0.1", 8080)
    internal: AddressSetting | None = None
    roles: Roles = {}
    trusted_proxies: Networks = [ip_network("127.0.0.1"), ip_network("::1")]
    http_body_bytes: Annotated[int, Field(ge=1024)] = HTTP_BODY_BYTES
    quarantine_days: Annotated[int, Field(ge=1)] = QUARANTINE_DAYS
    quarantine_messages: Annotated[int, Field(ge=0)] = MESSAGES
    quarantine_bytes: Annotated[int, Field(ge=0)] = BYTES
    pseudonym_key_file: Path | None = None
    report_key_file: Path | None = None
    message_samples: Annotated[int, Field(ge=1)] = DEFAULT.samples
    message_readings: Annotated[int, Field(ge=1)] = DEFAULT.readings
    message_depth: Annotated[int, Field(ge=FLATTEST)] = DEFAULT.depth
    message_name: Annotated[int, Field(ge=1)] = DEFAULT.name
    message_told: Annotated[int, Field(ge=1)] = DEFAULT.told
    retention_days: Annotated[int, Field(ge=SHORTEST_DAYS)] | None = None

    def database(self) -> str:
        """Return the database's URL, password included; raise SettingsError when it is not set."""
        url = _required(self.database_url, "DATABASE_URL", DATABASE_FORM)
        return _with_password(url, self.database_password_file, "DATABASE")

    def writer(self) -> str:
        """Return the URL with which readings and city files are stored that come over HTTP; raises SettingsError."""
        return _with_password(
            _required(self.writer_url, "WRITER_URL", DATABASE_FORM), self.writer_password_file, "WRITER"
        )

    def mqtt(self) -> str:
        """Return the broker's URL, password included; raise SettingsError when it is not set."""
        return _with_password(_required(self.mqtt_url, "MQTT_URL", MQTT_FORM), self.mqtt_password_file, "MQTT")

    def broker(self) -> Endpoint:
        """Return where the broker is, who we are there and whom to trust; raise SettingsError when it is not set."""
        return replace(Endpoint.parse(self.mqtt()), ca_file=self.mqtt_ca_file)

    def limits(self) -> PayloadLimits:
        """Return how much one message may hold."""
        return PayloadLimits(
            self.message_samples, self.message_readings, self.message_depth, self.message_name, self.message_told
        )

    def feedback(self) -> Endpoint:
        """Return where answers to devices are published: the broker, unless another user of it is named for that."""
        if self.feedback_url is None:
            return self.broker()
        return replace(Endpoint.parse(self.feedback_url.get_secret_value()), ca_file=self.mqtt_ca_file)

    def inbox(self) -> Endpoint | None:
        """Return where topics that nobody knows are heard; None where they are not."""
        if self.inbox_url is None:
            return None
        return replace(Endpoint.parse(self.inbox_url.get_secret_value()), ca_file=self.mqtt_ca_file)

    def figures(self) -> Endpoint | None:
        """Return the broker that figures are handed on to; None where they are not, over MQTT."""
        if self.figures_url is None:
            return None
        url = _with_password(self.figures_url.get_secret_value(), self.figures_password_file, "FIGURES")
        return replace(Endpoint.parse(url), ca_file=self.mqtt_ca_file)

    def quarantine_quota(self) -> Quota:
        """Return how much is kept of what one sender says wrongly."""
        return Quota(self.quarantine_messages, self.quarantine_bytes)

    def account_folder(self) -> Path:
        """Return the folder of secrets that city files only name: accounts of services, and keys of meters."""
        return self.accounts or self.data / "accounts"

    def meter_keys(self) -> KeyFiles:
        """Return the keys of meters whose telegrams are encrypted, by the name of their file, as it is then."""
        return KeyFiles(self.account_folder())

    def pseudonym_key(self) -> Path:
        """Return the file with the key of pseudonyms in quarantine, which is made when it is needed."""
        return self.pseudonym_key_file or self.data / FILE

    def report_key(self) -> Path:
        """Return the file with the private key of reports, which is made when it is needed."""
        return self.report_key_file or self.data / report_key.FILE

    def pseudonyms(self) -> Callable[[], Pseudonyms]:
        """Return what returns the pseudonyms by that key, as it is then."""
        return kept(self.pseudonym_key())

    def kafka(self) -> Cluster:
        """Return Kafka's brokers and our credentials; raise SettingsError when something is missing."""
        bootstrap = _required(self.kafka_bootstrap, "KAFKA_BOOTSTRAP", KAFKA_FORM)
        if not self.kafka_security.authenticates:
            return Cluster(bootstrap, self.kafka_security, ca_file=self.kafka_ca_file)
        why = f"the name of a user, since PHAROS_KAFKA_SECURITY is {self.kafka_security}"
        user = _required(self.kafka_user, "KAFKA_USER", why)
        if self.kafka_password_file is None:
            raise SettingsError(f"PHAROS_KAFKA_PASSWORD_FILE: not set; expected a file with the password of {user}")
        password = _password(self.kafka_password_file, "KAFKA")
        return Cluster(bootstrap, self.kafka_security, user, password, self.kafka_ca_file)


def variables(limits: PayloadLimits) -> dict[str, str]:
    """Return the variables that tell a process how much one message may hold."""
    return {f"{PREFIX}MESSAGE_{name.upper()}": str(value) for name, value in asdict(limits).items()}


def load(data: Path | None = None) -> Settings:
    """Return the settings of this process; ``data`` wins over PHAROS_DATA.

    Raises SettingsError naming every variable at fault and what was expected.
    """
    folder = data or Path(os.environ.get(f"{PREFIX}DATA") or "data")
    given: dict[str, Any] = {"data": folder, "_env_file": running_stack(folder)}
    try:
        return Settings(**given)
    except ValidationError as error:
        raise SettingsError("\n".join(_sentence(dict(fault)) for fault in error.errors())) from None


def running_stack(data: Path) -> Path:
    """Return the file in which a running ``pharos up`` on the folder ``data`` leaves its addresses."""
    return data / "pharos.env"


def unknown_variables() -> list[str]:
    """Return the variables PHAROS_* of the environment that mean nothing: most likely misspelt."""
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    return sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known)


def _required(value: SecretStr | str | None, name: str, form: str) -> str:
    if value is None:
        raise SettingsError(
            f"{PREFIX}{name}: not set; expected {form}. Or run: pharos up, and this command beside it "
            "with the same PHAROS_DATA"
        )
    return value if isinstance(value, str) else value.get_secret_value()


def _with_password(url: str, file: Path | None, name: str) -> str:
    """Return ``url`` with the password that ``file`` holds, where there is one."""
    if file is None:
        return url
    parts = urlsplit(url)
    user, separator, place = parts.netloc.rpartition("@")
    if not separator or ":" in user:
        raise SettingsError(
            f"{PREFIX}{name}_URL: expected a user and no password, since {PREFIX}{name}_PASSWORD_FILE is set"
        )
    netloc = f"{user}:{quote(_password(file, name), safe='')}@{place}"
    return urlunsplit(parts._replace(netloc=netloc))


def _password(file: Path, name: str) -> str:
    variable = f"{PREFIX}{name}_PASSWORD_FILE"
    try:
        password = file.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{variable}: {file} cannot be read: {error}") from None
    if not password:
        raise SettingsError(f"{variable}: {file} is empty; expected a password on one line")
    return password


def _sentence(fault: dict[str, Any]) -> str:
    name = f"{PREFIX}{str(fault['loc'][0]).upper()}"
    return f"{name}: {expectation(str(fault['msg']))}"
