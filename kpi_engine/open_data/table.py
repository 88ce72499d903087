"""Open figures as a table: no reasons and no causes, since their words may name a meter or a site."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from ingest.model.calendar import Period
from kpi_engine.export.figures import COLUMNS, FiguresWanted, figures
from kpi_engine.export.scope import DayRange
from kpi_engine.export.table import Table
from kpi_engine.open_data.opened import OpenedCity
from kpi_engine.open_data.public import shown_to_everybody
from kpi_engine.subjects.subject_index import SubjectIndex
from processors.storage.database import Connection

EVERY_DAY: Final = DayRange(date(1900, 1, 1), date(2200, 1, 1))
_UNSAID: Final = frozenset(
    {"site", "estimated_share", "reason", "factors", "cause", "cause_detail", "code_version", "inputs_hash", "value_id"}
)
OPEN_COLUMNS: Final = tuple(column for column in COLUMNS if column.name not in _UNSAID)


def open_figures(  # noqa: PLR0913, PLR0917 - what is read, of whom, and when
    connection: Connection, index: SubjectIndex, one: OpenedCity, period: Period, about: Mapping[str, str], now: int
) -> Table:
    """Return every open figure of a city and its groups, by months or years; ``now`` in microseconds."""
    wanted = FiguresWanted(
        cities=[one.city.name],
        period=period,
        days=EVERY_DAY,
        kpis=one.kpis or ["(none)"],  # an empty list would be every indicator
        groups=one.groups,
        with_city=one.with_city,
        shown=shown_to_everybody(connection, now).of,
    )
    known = {each.group for each in index.subjects.values() if each.city.name == one.city.name}
    wanted = replace(wanted, groups=[name for name in one.groups if name in known])
    made = figures(connection, index, wanted, {**about, **terms(one)})
    return Table(
        "open-figures", f"Open figures of {one.city.title} by {period}", OPEN_COLUMNS, made.about, made.portions
    )


def terms(one: OpenedCity) -> dict[str, str]:
    """Return under which terms figures are given, for the metadata of a table."""
    return {"publisher": one.terms.publisher, "licence": one.terms.licence, "licence_url": one.terms.licence_url}
