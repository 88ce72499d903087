"""The embedded stack: which parts it has, in which order they start, and what each is told.

PostgreSQL and the broker first, then the schema and the first credentials, then the roles; all on one data folder.
"""

import os
import time
from collections.abc import Callable, Sequence
from functools import partial
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException

from prometheus_client import CollectorRegistry

from deploy import disk
from deploy.causes import Unreadiness
from deploy.embedded import accounts, logs, ports
from deploy.embedded.access import first_token
from deploy.embedded.admission import Admission
from deploy.embedded.bound_rights import BoundRights
from deploy.embedded.broker import Broker
from deploy.embedded.caretaker import Caretaker, Wards
from deploy.embedded.credentials import NO_BINDINGS, DeviceCredentials, kept_secrets, service_accounts, service_secrets
from deploy.embedded.folder import DataFolder, write_private
from deploy.embedded.mosquitto import Mosquitto
from deploy.embedded.nats import Nats
from deploy.embedded.postgres import Postgres
from deploy.embedded.role_process import RoleProcess, role_of
from deploy.embedded.server_programs import chosen
from deploy.embedded.supervisor import Announce, Part, Supervisor
from deploy.embedded.wishes import BrokerKind, Wishes
from deploy.errors import SettingsError
from deploy.internal import Listener, serve
from deploy.postgres import roles
from deploy.report import Report
from deploy.settings import Address, running_stack, variables
from processors.storage.database import connect
from processors.storage.registry import registry
from processors.storage.schema.migrate import migrate

DATABASE = "pharos"
DATABASE_USERS = {"api": "api", "ingest": "writer", "process": "writer", "kpi": "kpi"}
BESIDE_DATABASE_USERS = {"publish": "kpi"}
ASKING_ROLE = "pull"  # started once a city asks a service for readings
PUBLISHING_ROLE = "publish"  # started once a city hands figures on
CORES_PER_KPI = 4
"""Of this machine, for each process that computes figures: it keeps one busy, PostgreSQL half of one for it."""
SIMULATOR_ROLE = "simulate"
OWN_ROLE = "up"
SERVING_SECONDS = 180.0  # a busy machine takes a minute and more until the roles have loaded what they need
ANSWER_SECONDS = 5.0


class Stack:
    """One embedded stack on one data folder, which the caller owns meanwhile."""

    def __init__(self, folder: DataFolder, wishes: Wishes, announce: Announce) -> None:
        """Choose the ports; raise SettingsError when a wish cannot be fulfilled here, or wishes exclude each other."""
        wishes.check()
        self._folder = folder
        self._wishes = wishes
        self._announce = announce
        self.http = _free("--http", wishes.http, announce)
        self.mqtt = _free("--mqtt", wishes.mqtt, announce)
        programs = chosen(wishes.postgres_bin)
        self.postgres = Postgres(folder.root / "postgres", log=folder.log_of("postgres"), programs=programs)
        self.broker = _broker(wishes, folder, self.mqtt)
        self.token, self.token_is_new = "", False
        self._internal: dict[str, str] = {}
        self._processes: list[RoleProcess] = []
        self._database_port = 0
        self._caretaker: Caretaker | None = None
        self._listener: Listener | None = None
        self._bound: BoundRights | None = None
        self._supervisor: Supervisor | None = None
        self._secrets = service_secrets(folder.services)
        self._admission = Admission(
            self.broker,
            folder.root / wishes.broker.value,
            service_accounts(self._secrets),
            DeviceCredentials(folder.devices),
            self._ingest_is_ready,
            lambda: self._bound() if self._bound else NO_BINDINGS,
        )
        self._database_secrets = kept_secrets(folder.database, roles.USERS)

    def start(self, supervisor: Supervisor) -> None:
        """Start every part under ``supervisor``; raise DeployError when one does not start."""
        self._supervisor = supervisor
        self._timed(self.postgres, supervisor)
        self._database_port = self.postgres.port
        self.postgres.create_database(DATABASE)
        self._prepare_database()
        self.token, self.token_is_new = first_token(self._database_url("owner"), self._folder.console_token)
        self._bound = BoundRights(lambda: self._database_url("api"), self._folder.root)
        self._admission.renew()
        self._timed(self.broker, supervisor)
        self._announce(f"{self.broker.name}: {self.broker.price}")
        for role in self._roles(role_names(cores())):
            supervisor.start(role)
        self._care(supervisor)
        self._folder.describe(f"process {os.getpid()}, console http://{self.http}")

    def _care(self, supervisor: Supervisor) -> None:
        """Look after what runs, and answer for it like a role does."""
        caretaker = Caretaker(Wards(self._processes, self.roles, self.broker, self._folder.root), self._announce)
        causes = Unreadiness()
        causes.ask(caretaker.causes)
        causes.follow("disk", lambda: disk.shortage(self._folder.root))
        causes.follow("parts", lambda: "; ".join(f"{name}: {what}" for name, what in supervisor.down().items()) or None)
        self._internal[OWN_ROLE] = f"127.0.0.1:{ports.choose(None)}"
        self._publish_addresses()
        listener = serve(Address.parse(self._internal[OWN_ROLE]), Report("", causes), CollectorRegistry())
        self._caretaker, self._listener = caretaker, listener

    def roles(self) -> dict[str, Address]:
        """Return where each role that was started listens for those who watch."""
        return {role: Address.parse(place) for role, place in self._internal.items()}

    def start_demo(self, supervisor: Supervisor) -> None:
        """Start the demo city when it is wished for; after the console, so that it is not what people wait for."""
        for role in self._roles((SIMULATOR_ROLE,) if self._wishes.demo else ()):
            supervisor.start(role)

    def serves(self) -> bool:
        """Tell whether the console answers."""
        return not _cause(_reachable(self.http), "/health")

    def cities(self) -> list[str]:
        """Return the names of the cities that are registered; a role does that with the files when it starts."""
        with connect(self._database_url("owner"), "pharos up") as connection:
            return registry.city_names(connection)

    def is_ready(self) -> bool:
        """Tell whether every role has all it needs: ingest, for one, is subscribed, and devices are let in."""
        return not self.causes() and self.admits()

    def admits(self) -> bool:
        """Tell whether devices are let in: not before ingest listened for the first time."""
        return self._admission.is_open()

    def causes(self) -> dict[str, str]:
        """Return what each role that is not ready says of why, or that it does not answer."""
        answers = {role: _cause(address, "/ready") for role, address in self.roles().items()}
        return {role: cause for role, cause in answers.items() if cause}

    def chores(self) -> list[Callable[[], None]]:
        """Return what is to be done now and then while the stack runs."""
        progress = logs.HistoryProgress(self._folder.log_of(SIMULATOR_ROLE), self._announce)
        return [
            self.follow_database,
            self._admission.renew,
            _Every(1.0, self._attend),
            _Every(1.0, self._start_what_is_asked_for),
            _Every(1.0, progress),
            _Every(10.0, lambda: logs.bound(self._folder.logs)),
        ]

    def follow_database(self) -> None:
        """Let the roles be started again when PostgreSQL came back on another port: they were told the former one."""
        if self.postgres.port != self._database_port:
            self._database_port = self.postgres.port
            self._announce(f"PostgreSQL came back on port {self._database_port}; telling every role")
            for role in self._processes:
                role.stop()  # the supervisor sees that it ended

    def _ingest_is_ready(self) -> bool:
        return "ingest" in self._internal and not _cause(self.roles()["ingest"], "/ready")

    def _start_what_is_asked_for(self) -> None:
        if not (self._supervisor and self._bound):
            return
        wanted = {ASKING_ROLE: self._bound.asks_services, PUBLISHING_ROLE: self._bound.hands_on}
        missing = [role for role, is_wanted in wanted.items() if is_wanted and role not in self._internal]
        for role in self._roles(missing):
            self._supervisor.start(role)

    def _attend(self) -> None:
        if self._caretaker:
            self._caretaker.attend()

    def rest(self) -> None:
        """Look after nothing any more: what ends from now on is meant to."""
        if self._caretaker:
            self._caretaker.close()
        if self._listener:
            self._listener.close()
        if self._bound:
            self._bound.close()

    def clear(self) -> None:
        """Forget the addresses of a stack that has stopped."""
        running_stack(self._folder.root).unlink(missing_ok=True)
        self._folder.describe("")

    def _prepare_database(self) -> None:
        """Make the roles, and the schema by its owner: the superuser is needed for nothing else."""
        roles.create(self.postgres.url(DATABASE), self._database_secrets)
        migrate(self._database_url("owner"))
        roles.grant(self._database_url("owner"))

    def _database_url(self, user: str) -> str:
        return self.postgres.url(DATABASE, roles.ROLES[user], self._database_secrets[user])

    def _timed(self, part: Part, supervisor: Supervisor) -> None:
        began = time.monotonic()
        supervisor.start(part)
        self._announce(f"{part.name} started in {time.monotonic() - began:.1f} s")

    def _roles(self, names: Sequence[str]) -> list[RoleProcess]:
        roles = [
            RoleProcess(name, partial(self._settings, name), self._folder.run / name, self._folder.log_of(name))
            for name in names
        ]
        self._processes += roles
        return roles

    def _settings(self, role: str) -> dict[str, str]:
        """Return what ``role`` is told when it starts: addresses as they are now, no more secrets than it needs."""
        self._internal[role] = f"127.0.0.1:{ports.choose(self.internal_port(role))}"
        self._publish_addresses()
        given = {
            "PHAROS_DATA": str(self._folder.root),
            "PHAROS_CITIES": os.pathsep.join(map(str, self._wishes.city_files)),
            "PHAROS_INTERNAL": self._internal[role],
        }
        if role == SIMULATOR_ROLE:
            return given | {"PHAROS_MQTT_URL": self._mqtt_url(accounts.SIMULATOR)}
        given["PHAROS_DATABASE_URL"] = self._database_url(_database_user(role))
        if role == "ingest":
            given["PHAROS_MQTT_URL"] = self._mqtt_url(accounts.INGEST)
            given["PHAROS_FEEDBACK_URL"] = self._mqtt_url(accounts.ANNOUNCER)
            given["PHAROS_INBOX_URL"] = self._mqtt_url(accounts.INBOX)
            given["PHAROS_QUARANTINE_DAYS"] = str(self._wishes.quarantine_days)
            given |= self._message_settings()
        if role == PUBLISHING_ROLE:
            given["PHAROS_FIGURES_URL"] = self._mqtt_url(accounts.PUBLISHER)
        if role == "api":
            given["PHAROS_HTTP"] = str(self.http)
            given["PHAROS_WRITER_URL"] = self._database_url("writer")
            given |= self._message_settings()
        return given

    def _message_settings(self) -> dict[str, str]:
        """Return how much one message may hold, and how much is kept of what is refused."""
        return {
            **variables(self._wishes.limits),
            "PHAROS_QUARANTINE_MESSAGES": str(self._wishes.quarantine_quota.messages),
            "PHAROS_QUARANTINE_BYTES": str(self._wishes.quarantine_quota.size),
        }

    def internal_port(self, role: str) -> int | None:
        """Return where the internal listener of ``role`` is, or was last; None before its first start."""
        former = self._internal.get(role)
        return int(former.rpartition(":")[2]) if former else None

    def _publish_addresses(self) -> None:
        settings = {
            "PHAROS_DATABASE_URL": self._database_url("owner"),
            "PHAROS_MQTT_URL": self._mqtt_url(accounts.SIMULATOR),
            "PHAROS_CITIES": os.pathsep.join(map(str, self._wishes.city_files)),
            "PHAROS_HTTP": str(self.http),
            "PHAROS_ROLES": ",".join(f"{role}={place}" for role, place in self._internal.items()),
        }
        lines = [f"# {role}: http://{address}/metrics, /ready, /health" for role, address in self._internal.items()]
        lines += [f"{name}={value}" for name, value in settings.items()]
        write_private(running_stack(self._folder.root), "\n".join(["# While pharos up runs.", *lines, ""]))

    def _mqtt_url(self, user: str) -> str:
        return f"mqtt://{user}:{self._secrets[user]}@{_reachable(self.broker.inner)}"


def _database_user(role: str) -> str:
    return (DATABASE_USERS | BESIDE_DATABASE_USERS).get(role_of(role), "writer")


def role_names(count: int) -> list[str]:
    """Return the processes to start where there are so many cores: one of each role, and more for figures of many."""
    return [*DATABASE_USERS, *(f"kpi-{number}" for number in range(2, count // CORES_PER_KPI + 1))]


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Every:
    """Does something at most every so many seconds."""

    def __init__(self, seconds: float, action: Callable[[], None]) -> None:
        self._seconds, self._action, self._due = seconds, action, 0.0

    def __call__(self) -> None:
        if time.monotonic() >= self._due:
            self._due = time.monotonic() + self._seconds
            self._action()


def _cause(address: Address, path: str) -> str | None:
    connection = HTTPConnection(address.host, address.port, timeout=ANSWER_SECONDS)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        said = answer.read().decode()
    except (OSError, HTTPException) as error:
        return f"does not answer at http://{address}{path}: {error}"
    finally:
        connection.close()
    return None if answer.status == HTTPStatus.OK else said or answer.reason


def _broker(wishes: Wishes, folder: DataFolder, address: Address) -> Broker:
    home, log = folder.root / wishes.broker.value, folder.log_of("broker")
    if wishes.broker is BrokerKind.NATS:
        return Nats(home, address, log=log, durability=wishes.durability)
    return Mosquitto(home, address, log=log)


def _free(option: str, wanted: Address, announce: Announce) -> Address:
    try:
        port = ports.near(wanted.port, wanted.host)
    except OSError as error:
        raise SettingsError(f"{option}: cannot listen on {wanted.host}: {error.strerror}") from None
    if port != wanted.port:
        why = "is reserved for root" if ports.is_reserved(wanted.port) else "is taken"
        announce(f"port {wanted.port} of {wanted.host} {why}; using {port} instead ({option})")
    if not _is_loopback(wanted.host):
        announce(f"{option} {wanted.host} is open to the network without encryption: passwords can be read on the way")
    return Address(wanted.host, port)


def _is_loopback(host: str) -> bool:
    return host in {"localhost", "::1"} or host.startswith("127.")


def _reachable(address: Address) -> Address:
    """Return where this machine reaches a listener on every address."""
    return Address({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address.host, address.host), address.port)  # noqa: S104 - it is replaced
