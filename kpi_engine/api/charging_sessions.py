"""Charging sessions as the interface answers them."""

from datetime import datetime
from math import isfinite
from threading import Lock

from pydantic import Field

from ingest.model.catalogue import Catalogue
from ingest.model.session import ENERGY
from ingest.model.time import from_micros
from kpi_engine.api.representation import Answer
from processors.sessions.known import PointSession
from processors.storage.database import Connection
from processors.storage.registry import current_catalogue, registry


class ChargingSession(Answer):
    """One session of a charging point."""

    city: str
    site: str
    device: str
    transaction_id: str = Field(description="As it was given; of a session from readings, when it began.")
    begin: datetime = Field(description="When the vehicle was plugged in.")
    end: datetime | None = Field(description="When it was unplugged; null where nobody knows, or it still is.")
    energy_kwh: float | None = Field(description="What is stated or was counted, in kWh; null where nobody knows.")
    lower_kwh: float = Field(description="The least that can have been delivered, in kWh.")
    upper_kwh: float | None = Field(description="The most that can have been delivered; null where nothing bounds it.")
    counted_kwh: float | None = Field(description="What sums may count of it; null where it is not known or cannot be.")
    flags: list[str] = Field(
        description="running; missing_plug_out, overlap, negative_start, zero_energy, unknown_energy, "
        "implausible_energy, lifetime_register, session_register."
    )
    origin: str = Field(description="record, or readings where register and plug tell of it.")


def answer(found: PointSession) -> ChargingSession:
    """Return a session as it is answered."""
    session = found.session
    lower, upper = session.between(ENERGY)
    return ChargingSession(
        city=found.device.city,
        site=found.device.site,
        device=found.device.name,
        transaction_id=session.transaction_id,
        begin=from_micros(session.begin),
        end=None if session.end is None else from_micros(session.end),
        energy_kwh=session.energy_kwh,
        lower_kwh=lower,
        upper_kwh=upper if isfinite(upper) else None,
        counted_kwh=session.counted_kwh,
        flags=sorted(session.flags),
        origin="record" if found.is_recorded else "readings",
    )


class Catalogues:
    """The catalogue as the database holds it, read again only when a city file was applied."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._version: object = None
        self._catalogue: Catalogue | None = None

    def current(self, connection: Connection) -> Catalogue:
        """Return the catalogue as it is now."""
        version = connection.execute(current_catalogue.SQL["registry_version"]).fetchone()
        with self._lock:
            if self._catalogue is None or version != self._version:
                self._catalogue, self._version = registry.load(connection), version
            return self._catalogue
