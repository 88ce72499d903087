"""The open figures that a page shows, and of which time there are any: of one moment, each in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from kpi_engine import moments
from kpi_engine.figures.store import StoredFigure
from kpi_engine.open_data.opened import OpenedCity
from kpi_engine.open_data.public import shown_to_everybody
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)

MONTHS: Final = 13
YEARS: Final = 10


@dataclass(frozen=True)
class OpenExtent:
    """Of which time there are figures of a period, and when the last one became known."""

    period: str
    start: datetime
    end: datetime
    computed_at: datetime


def recent(connection: Connection, one: OpenedCity, now: int) -> list[StoredFigure]:
    """Return the newest months and years of every open indicator and subject: by these, the newest first.

    ``now`` in microseconds: of households what had ended by then.
    """
    asked = {**_of(one), "months": MONTHS, "years": YEARS}
    found = moments.read(connection, StoredFigure, SQL["open_recent"], asked)
    return shown_to_everybody(connection, now).of(found)


def extents(connection: Connection, one: OpenedCity) -> Sequence[OpenExtent]:
    """Return the extents of months and of years; none where there are no figures."""
    return moments.read(connection, OpenExtent, SQL["open_extents"], _of(one))


def _of(one: OpenedCity) -> dict[str, object]:
    return {"city": one.city.name, "kpis": one.kpis, "groups": one.groups, "with_city": one.with_city}
