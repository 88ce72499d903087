"""The kept figures that are to be verified, read a portion at a time."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from kpi_engine import moments
from kpi_engine.figures import store
from kpi_engine.figures.store import StoredFigure
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)

AT_ONCE: Final = 100  # figures whose windows are loaded together: memory is bounded


@dataclass(frozen=True)
class FigureChoice:
    """Which figures: those of periods that overlap [start, end); what is None does not matter.

    ``revisions``: those that were superseded as well.
    """

    kpis: list[str] | None = None
    site: str | None = None
    group: str | None = None
    period: str | None = None
    start: datetime | None = None
    end: datetime | None = None
    revisions: bool = False


@dataclass(frozen=True)
class KeptExtent:
    """How many figures there are, and the time that they speak of; None where there are none."""

    figures: int
    start: datetime | None
    end: datetime | None


def extent(connection: Connection, city: str, chosen: FigureChoice) -> KeptExtent:
    """Return how much there is to verify of a city."""
    row = connection.execute(SQL["figures_kept"], {"city": city, **asdict(chosen)}).fetchone()
    return KeptExtent(*row) if row else KeptExtent(0, None, None)


def portions(
    connection: Connection, city: str, chosen: FigureChoice
) -> Iterator[tuple[list[StoredFigure], Mapping[int, dict[str, Any]]]]:
    """Yield the figures of a city with their inputs as they were stored, some at a time."""
    asked: dict[str, object] = {"city": city, "limit": AT_ONCE, **asdict(chosen)}
    after = 0
    while found := moments.read(connection, StoredFigure, SQL["figures_after"], {**asked, "after": after}):
        after = found[-1].value_id
        yield found, store.inputs_of(connection, [one.value_id for one in found])


def plan_as_usual(connection: Connection) -> None:
    """Undo for this transaction what the rollup worker has set for its session."""
    connection.execute(SQL["plans_as_usual"])


def unnoted(connection: Connection) -> dict[int, tuple[datetime, datetime]]:
    """Return between when hours of series changed of which the figures are not noted as due yet."""
    return {series: (start, end) for series, start, end in connection.execute(SQL["hours_unnoted"])}
