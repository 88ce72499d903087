"""``pharos kpi compare``: one indicator of several cities and groups side by side, by name, never by value."""

from typing import Annotated

import typer

from deploy import registered, settings, tables
from deploy.kpi.answers import print_json, print_table
from deploy.kpi.options import Kpi
from deploy.options import FromDay, Json, ToDay
from ingest.model.calendar import Period
from kpi_engine.api.comparisons import comparison_answer
from kpi_engine.comparison.compared import ComparedFigure, Per, name_of
from kpi_engine.comparison.reading import Comparison, ComparisonAsked, compare
from kpi_engine.errors import ComparisonError
from kpi_engine.export.source import one_moment
from kpi_engine.figures.figure_periods import FigurePeriod
from kpi_engine.figures.status import number
from kpi_engine.indicators import indicator
from kpi_engine.subjects import subject_index
from kpi_engine.subjects.subject import SubjectName

Cities = Annotated[list[str], typer.Option("--city", help="A city; several times for several.")]
Groups = Annotated[list[str] | None, typer.Option("--group", help="A group as CITY/GROUP; several times for several.")]


def add_to(group: typer.Typer) -> None:
    """Add the command to those of ``pharos kpi``."""
    group.command("compare")(compare_)


def compare_(  # noqa: PLR0913, PLR0917 - what is compared
    kpi: Kpi,
    start: FromDay,
    end: ToDay,
    cities: Cities,
    groups: Groups = None,
    period: Annotated[FigurePeriod, typer.Option(help="Length of the periods.")] = FigurePeriod.YEAR,
    per: Annotated[
        Per | None, typer.Option(help="Divide amounts by the inhabitants of each city, or its area.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Put figures of cities and groups side by side, with bounds, and say in what they differ beside their values.

    They stand by name: this is no ranking.

    Example: pharos kpi compare city_emissions --city sonderborg --city tartu --from 2026-01-01 --to 2027-01-01
    """
    with one_moment(settings.load().database(), "pharos kpi compare") as connection:
        for city in cities:
            registered.require_city(connection, city)
        names = [*(SubjectName(city) for city in cities), *map(_group, groups or [])]
        asked = ComparisonAsked(indicator(kpi), list(dict.fromkeys(names)), Period(period), start, end, per)
        found = compare(connection, subject_index.load(connection), asked)
    if as_json:
        print_json(comparison_answer(found).model_dump(mode="json"))
        return
    _tell(found)


def _group(text: str) -> SubjectName:
    city, _, group = text.partition("/")
    if not city or not group:
        raise ComparisonError(f"--group {text}: expected CITY/GROUP")
    return SubjectName(city, None, group)


def _tell(found: Comparison) -> None:
    columns = ("of", "period", "value", "at least", "at most", "unit", "status", "coverage")
    print_table(columns, [_row(one) for one in found.figures])
    for one in found.figures:
        remarks = "; ".join(filter(None, (one.reason, one.divisor and f"by {one.divisor}")))
        if remarks:
            typer.echo(f"{name_of(one.subject)}, {one.label}: {remarks}")
    for caution in found.cautions:
        typer.echo(f"Not alike: {caution}")


def _row(one: ComparedFigure) -> tuple[str, ...]:
    ends = ("" if end is None else number(end) for end in (one.amount.value, *one.amount.published))
    return name_of(one.subject), one.label, *ends, one.unit, one.status.value, tables.percent(one.coverage)
