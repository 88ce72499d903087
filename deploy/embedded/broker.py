"""What the stack asks of an MQTT broker, whichever it is: start, stop, let accounts in.

A broker is alive when it accepts an MQTT CONNECT: a TCP connect is answered by one that is full or stuck, too.
"""

import signal
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar
from uuid import uuid4

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from deploy.embedded import orphan_processes, ports, process
from deploy.embedded.accounts import Account, Verifier, canary, new_secret
from deploy.embedded.identity import AS_STARTED, Identity
from deploy.errors import BrokerError
from deploy.settings import Address

CONNECT_SECONDS = 5.0
START_SECONDS = 60.0
POLL_SECONDS = 0.02
PROBE = "probe"  # the account of the checks here: it may connect and nothing else


class Broker(process.Child, ABC):
    """An MQTT broker on the folder ``home``, run by this process, that listens exactly at ``address``."""

    name: str
    price: str  # what a power cut or a kill may cost, in a sentence for the operator
    configuration: ClassVar[str]

    def __init__(
        self, home: Path, address: Address, *, log: Path | None = None, identity: Identity = AS_STARTED
    ) -> None:
        """Let nobody in yet; ``log`` defaults to ``broker.log`` beside ``home``."""
        super().__init__()
        self.address = address
        self.admitted: list[Account] = []
        self.bound: list[str] = []
        self._home = home.resolve()
        self.log = log or self._home.with_name("broker.log")
        self._identity = identity
        self._renew_probe()
        self.canary_secret = new_secret()
        self._canary = canary(Verifier.of(self.canary_secret))
        self._deadline = 0.0

    @property
    def inner(self) -> Address:
        """Where our own processes connect; devices connect at ``address``."""
        return self.address

    def admit(self, accounts: Sequence[Account], bound: Sequence[str] = ()) -> None:
        """Let exactly ``accounts`` in, now when it runs; connections of those that stay unchanged are kept.

        ``bound``: the filters of the topics beside the native ones that reach ingest.
        """
        self.admitted, self.bound = list(accounts), list(bound)
        if self._process and self.exit_code is None:
            self._renew_probe()
            self._configure()
            self._process.send_signal(signal.SIGHUP)

    def has_taken_note(self) -> bool:
        """Tell whether it runs and knows who is admitted: it reads that a moment after it was told to."""
        return accepts(self.inner, PROBE, self._probe_secret)

    def start(self) -> None:
        """Start it and return when it accepts an MQTT CONNECT; else raise BrokerError with its last words."""
        self.launch()
        while not self.is_up():
            time.sleep(POLL_SECONDS)

    def launch(self) -> None:
        """Start it and return at once: a large queue takes a while to be read."""
        self._home.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._end_leftovers()
        self._configure()
        self._process = process.spawn(
            process.Program(
                [self._program(), "-c", self._home / self.configuration],
                self.log,
                identity=self._identity,
                directory=self._home,
            )
        )
        self._deadline = time.monotonic() + START_SECONDS

    def is_up(self) -> bool:
        """Tell whether what was launched accepts an MQTT CONNECT; raise BrokerError when it will not."""
        if self._process and self._process.poll() is None and time.monotonic() < self._deadline:
            return ports.answers(self.address) and self.has_taken_note()
        if self._process:
            process.end(self._process)
        raise BrokerError(f"{self.name} does not accept MQTT at {self.address}: {process.last_lines(self.log)}")

    def stop(self) -> None:
        """Stop it; what it acknowledged is in its store."""
        if self._process:
            process.end(self._process)

    @abstractmethod
    def _program(self) -> Path:
        """Return the path of its program; raise BrokerError when it is not installed."""

    @abstractmethod
    def _files(self, accounts: Sequence[Account]) -> dict[str, str]:
        """Return the configuration files that let ``accounts`` in, by name."""

    def _configure(self) -> None:
        for name, text in self._files([*self._welcome(), self._probe]).items():
            (self._home / name).touch(mode=0o600)
            (self._home / name).write_text(text)
        self._identity.take_over(self._home)

    def _welcome(self) -> list[Account]:
        """Return who is let in now, beside the probe."""
        return [*self.admitted, self._canary]

    def _renew_probe(self) -> None:
        self._probe_secret = new_secret()
        self._probe = Account(PROBE, Verifier.of(self._probe_secret))

    def _end_leftovers(self) -> None:
        stubborn = orphan_processes.end(orphan_processes.working_in(self._home, self._program()), process.GENTLY)
        if stubborn:
            raise BrokerError(f"processes {stubborn} still work on {self._home} and cannot be ended; end them first")
        if self._process:
            self._process.wait(5.0)


def accepts(address: Address, user: str, password: str) -> bool:
    """Tell whether the broker at ``address`` accepts an MQTT CONNECT of ``user``."""
    refusals: list[bool] = []
    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=f"probe{uuid4().hex}")
    client.on_connect = lambda _client, _data, _flags, reason, _properties: refusals.append(reason.is_failure)
    client.username_pw_set(user, password)
    try:
        client.connect(address.host, address.port)
        deadline = time.monotonic() + CONNECT_SECONDS
        while not refusals and time.monotonic() < deadline and client.loop(0.05) == mqtt.MQTT_ERR_SUCCESS:
            pass
        client.disconnect()
    except OSError:
        return False
    return refusals == [False]
