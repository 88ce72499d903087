"""``pharos kpi verify``: whether every kept figure comes out again, from the readings up; writes nothing."""

from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from deploy import registered, settings
from deploy.civil_time import span
from deploy.kpi.answers import print_json
from deploy.kpi.options import GroupName, SiteName
from deploy.options import Json
from kpi_engine.errors import VerificationError
from kpi_engine.export.source import one_moment
from kpi_engine.figures.figure_periods import FigurePeriod
from kpi_engine.indicators import indicator
from kpi_engine.subjects import subject_index
from kpi_engine.subjects.subject import SubjectName
from kpi_engine.verification.kept import FigureChoice
from kpi_engine.verification.verdict import STANDS, StoreVerification
from kpi_engine.verification.verifying import Advance, verify_city
from processors.storage.registry import registry


def add_to(group: typer.Typer) -> None:
    """Add the command to those of ``pharos kpi``."""
    group.command("verify")(verify)


def verify(  # noqa: PLR0913, PLR0917 - figures are found by all of these
    kpi: Annotated[list[str] | None, typer.Argument(help="Indicators; all of them when left out.")] = None,
    city: Annotated[str | None, typer.Option(help="One city; all of them when left out.", metavar="CITY")] = None,
    site: SiteName = None,
    group: GroupName = None,
    period: Annotated[FigurePeriod | None, typer.Option(help="Length of the periods; all when left out.")] = None,
    start: Annotated[str | None, typer.Option("--from", help="First day in the city's time, or an instant.")] = None,
    end: Annotated[str | None, typer.Option("--to", help="The day or instant after the last.")] = None,
    revisions: Annotated[
        bool, typer.Option("--revisions", help="Superseded figures as well, from what is kept with them.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Compute every kept figure again, from the readings up, and say which do not come out to the last bit, and why.

    Nothing is written, and what runs may go on. Exit code 1 where a reading was altered behind the product's back, or
    a figure does not come out again.

    Example: pharos kpi verify heat_delivered --city sonderborg --from 2026-01-01 --to 2027-01-01
    """
    if (site or group or start or end) and city is None:
        raise typer.BadParameter("expected --city beside --site, --group, --from and --to", param_hint="--city")
    if (start is None) != (end is None):
        raise typer.BadParameter("expected both --from and --to, or neither", param_hint="--from")
    kpis = sorted({indicator(one).name for one in kpi or ()}) or None
    with one_moment(settings.load().database(), "pharos kpi verify") as connection:
        if city is not None:
            registered.require_subject(connection, SubjectName(city, site, group))
        catalogue, index = registry.load(connection), subject_index.load(connection)
        connection.rollback()
        first = last = None
        if city is not None and start is not None and end is not None:
            first, last = span(start, end, catalogue.cities[city].timezone)
        chosen = FigureChoice(kpis, site, group, period.value if period else None, first, last, revisions)
        found = StoreVerification()
        with _progress() as progress:
            for name in [city] if city else sorted(catalogue.cities):
                verify_city(connection, catalogue, index, name, chosen, found, _advance(progress, name))
    if as_json:
        print_json(_document(found))
    else:
        _tell(found)
    if not found.holds:
        raise VerificationError(found.failed, found.figures, found.altered)


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)


def _advance(progress: Progress, city: str) -> Advance:
    tasks: list[TaskID] = []

    def begins(hours: int, figures: int) -> None:
        for what, total in (("hours of series from readings", hours), ("figures", figures)):
            tasks.append(progress.add_task(f"{city}: {what}", total=total))

    return Advance(
        begins,
        lambda hours: progress.advance(tasks[0], hours),
        lambda figures: progress.advance(tasks[1], figures),
    )


def _document(found: StoreVerification) -> dict[str, Any]:
    return {
        "holds": found.holds,
        "figures": found.figures,
        "verdicts": {verdict.value: count for verdict, count in sorted(found.verdicts.items())},
        "hours_of_series": found.hours,
        "hours_waiting": found.waiting,
        "altered": found.altered,
        "alterations": [asdict(one) for one in found.alterations],
        "failed": found.failed,
        "failures": [asdict(one) for one in found.failures],
    }


def _tell(found: StoreVerification) -> None:
    for one in found.alterations:
        typer.echo(f"Altered: {one.city}: {one}.")
    if found.altered > len(found.alterations):
        typer.echo(f"... and {found.altered - len(found.alterations)} more altered stretches.")
    for failure in found.failures:
        value = "none" if failure.value is None else f"{failure.value:.12g} {failure.unit}"
        typer.echo(f"{failure} Kept: {value}, value_id {failure.value_id}{_would_be(failure.computed)}.")
    if found.failed > len(found.failures):
        typer.echo(f"... and {found.failed - len(found.failures)} more figures.")
    if not found.figures:
        typer.echo("No figure is kept of what was asked for, so nothing was verified.")
        return
    typer.echo(f"{found.figures:,} figures and {found.hours:,} hours of series were computed again.")
    if found.waiting:
        typer.echo(
            f"Of {found.waiting:,} more hours of series nothing was computed: readings in them or near them wait to be "
            "rolled up. Ask again when they are; see: pharos status"
        )
    for verdict, count in sorted(found.verdicts.items()):
        typer.echo(f"{count:>12,}  {verdict.value}{'' if verdict in STANDS else ' (does not come out again)'}")


def _would_be(computed: float | None) -> str:
    return "" if computed is None else f"; computed again {computed:.12g}"
