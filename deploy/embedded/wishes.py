"""What the operator asks of an embedded stack."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from deploy.embedded.durability import Durability
from deploy.embedded.mosquitto import Mosquitto
from deploy.embedded.server_programs import chosen
from deploy.errors import SettingsError
from deploy.settings import QUARANTINE_DAYS, Address
from ingest.limits import DEFAULT, PayloadLimits
from processors.storage.readings.quarantine_quota import DEFAULT_QUOTA, Quota

DEMO_CITY = Path(__file__).parents[1] / "cities" / "sonderborg.yaml"


class BrokerKind(StrEnum):
    """Which MQTT broker a stack runs."""

    NATS = "nats"
    MOSQUITTO = "mosquitto"


@dataclass(frozen=True)
class Wishes:
    """What the operator asked for; a wanted port that is taken is replaced."""

    http: Address
    mqtt: Address
    broker: BrokerKind = BrokerKind.NATS
    cities: tuple[Path, ...] = ()
    demo: bool = False
    durability: Durability = Durability.SECOND
    quarantine_days: int = QUARANTINE_DAYS
    quarantine_quota: Quota = DEFAULT_QUOTA
    limits: PayloadLimits = DEFAULT
    postgres_bin: Path | None = None

    @property
    def city_files(self) -> list[Path]:
        """The city files, the demo city's included, as absolute paths."""
        return [path.resolve() for path in (*self.cities, *((DEMO_CITY,) if self.demo else ()))]

    def check(self) -> None:
        """Raise SettingsError where wishes exclude each other or this machine lacks what is named; changes nothing."""
        if self.broker is BrokerKind.MOSQUITTO and self.durability is Durability.ALWAYS:
            raise SettingsError(f"--durability always is a promise of --broker nats; with mosquitto {Mosquitto.price}")
        chosen(self.postgres_bin)
