"""Figures of years and months as the engine would have stored them, for tests that only read them."""

from collections.abc import Mapping
from datetime import date

from ingest.model.calendar import Period, day_start, following
from kpi_engine.engine.causes import Cause, Why
from kpi_engine.engine.revisions import write
from kpi_engine.evidence.figure_digest import canonical, inputs_hash
from kpi_engine.figures.figure import Figure, FigureKey
from kpi_engine.indicators import indicator
from processors.storage.database import Connection

Amounts = Mapping[tuple[int, int | None], tuple[float | None, float, float]]  # value and bounds by year and month


def store_figures(
    connection: Connection,
    kpi: str,
    whose: tuple[str, str | None],
    amounts: Amounts,
    at: int,
    *,
    why: Why | None = None,
) -> None:
    """Store figures of whole periods of a city, or of its site or group, at an instant and for a cause."""
    query = """select c.city_id, s.site_id from city c
        left join figure_subject s on s.city_id = c.city_id and coalesce(s.site, s."group") = %s
        where c.name = %s"""
    subject = connection.execute(query, (whose[1], whose[0])).fetchone()
    assert subject is not None
    cause = why or Why(Cause.PERIOD_CLOSED)
    figures = [_figure(kpi, (subject[0], subject[1]), when, amount) for when, amount in amounts.items()]
    write(connection, figures, {one.key: cause for one in figures}, lambda: at)
    connection.commit()


def _figure(
    kpi: str, subject: tuple[int, int | None], when: tuple[int, int | None], amount: tuple[float | None, float, float]
) -> Figure:
    (year, month), (value, lower, upper) = when, amount
    period, zone = Period.MONTH if month else Period.YEAR, "Europe/Copenhagen"
    start = day_start(date(year, month or 1, 1), zone)
    end = following(start, period, zone)
    status = "final" if value is not None else "insufficient"
    reason = None if value is not None else "half of it is not known"
    inputs: dict[str, object] = {"stored": [value, lower, upper]}
    key = FigureKey(kpi, subject, period, start)
    unit, document, digest = indicator(kpi).unit, canonical(inputs), inputs_hash(inputs, [], "2.1")
    return Figure(value, lower, upper, unit, 1.0, 0.0, status, reason, key, end, end, [], document, digest, "2.1")
