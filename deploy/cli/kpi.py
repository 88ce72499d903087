"""``pharos kpi``: the role that computes figures, and the commands that show, check and repeat them."""

import json
import sys
from contextlib import closing
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from textwrap import fill
from time import time_ns
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

import typer
from prometheus_client import REGISTRY
from pydantic import ValidationError

from deploy import registered, settings, tables
from deploy.civil_time import instant, span
from deploy.kpi.answers import bounds, print_json, print_table, text
from deploy.kpi.options import CityName, End, GroupName, Kpi, SiteName, Start
from deploy.observer import Oldest
from deploy.options import Json
from deploy.periodic import Every
from deploy.progress import Loop, Progress, Waiting
from deploy.report import Report
from deploy.roles.role import Stop, work_with_database
from deploy.roles.start import start, watched
from deploy.roles.watch import RoleWatch, Whereabouts
from deploy.status import takes_messages
from ingest.errors import expectation
from ingest.model.calendar import Period
from ingest.model.time import to_micros
from kpi_engine.engine import reload_inputs
from kpi_engine.engine.days_on_reading import FiguresAsked
from kpi_engine.engine.days_on_reading import figures as figures_asked
from kpi_engine.engine.extents import request
from kpi_engine.engine.run import keep_up
from kpi_engine.errors import KpiError
from kpi_engine.figures import store
from kpi_engine.figures.figure_periods import FigurePeriod
from kpi_engine.figures.status import publication
from kpi_engine.indicator import Indicator
from kpi_engine.indicators import INDICATORS, indicator, quantities_of
from kpi_engine.metrics.cities import CityMetrics
from kpi_engine.ports.levels_of_figures import metrics
from kpi_engine.subjects import subject_index
from kpi_engine.subjects.subject import SubjectName
from kpi_engine.worked_examples import example_of
from processors.storage import database
from processors.storage.exclusive import Work, claim
from processors.storage.statements import statements

SQL: Final = statements(__name__)


APPLICATION: Final = "pharos kpi"
MEANS: Final = "figures are not being computed, alarms not raised"
TABLES: Final = "^(kpi_|rollup|alarm|factor|device|series|city|site|observation)"
METRICS_SECONDS: Final = 10.0
OTHERS: Final = ("ranking", "allocation", "over", "comparing", "day_lineage", "diff", "queue", "verify")
"""Modules of further commands, in the order of the help."""

_group = typer.Typer()


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.add_typer(_group, name="kpi")
    # What those need takes as long to load as all the rest: the role that is started, for one, does without.
    if not _is_ours(sys.argv[1:]):
        for name in OTHERS:
            import_module(f"deploy.kpi.{name}").add_to(_group)


def _is_ours(arguments: list[str]) -> bool:
    """Whether a command line is of the role, or of a command of this module."""
    ours = {one.name or getattr(one.callback, "__name__", "") for one in _group.registered_commands}
    match arguments:
        case ["kpi"]:
            return True
        case ["kpi", command, *_]:
            return command in ours
        case _:
            return False


@_group.callback(invoke_without_command=True)
def role(context: typer.Context) -> None:
    """Show indicators and their figures; without a command, be the role that computes them.

    It keeps all figures up to date with the rollups, and is configured by PHAROS_* (see: pharos config).

    May run many times, on any number of machines: each computes what no other does, one of them leads, and another
    takes over within seconds.

    Example: PHAROS_DATABASE_URL=postgresql://pharos:...@localhost/pharos pharos kpi
    """
    if context.invoked_subcommand is not None:
        return
    chosen, stop, causes = start("kpi", "database")
    url, loop = chosen.database(), Loop("computing figures", MEANS)
    marks, due = Oldest(SQL["oldest_rollup_mark"]), Oldest(SQL["oldest_due"])
    waiting = [Waiting("hour to compute figures of", marks), Waiting("due figure", due)]
    report = Report(MEANS, causes, Progress([loop], waiting))
    cities = CityMetrics(lambda: database.look(url, "pharos kpi metrics"), _now)
    REGISTRY.register(cities)
    with (
        watched(chosen, report, [APPLICATION], TABLES, [marks.look, due.look]),
        closing(RoleWatch(Whereabouts(chosen.data))) as roles,
        closing(Every(METRICS_SECONDS, cities.keep_fresh)),
    ):
        work_with_database(url, APPLICATION, lambda one: _keep_up(one, stop, loop, roles), causes, stop)


def _keep_up(connection: database.Connection, stop: Stop, loop: Loop, roles: RoleWatch) -> None:
    keep_up(
        connection, _now, stop, loop.piece, lambda: takes_messages(roles()), lambda: claim(connection, Work.FIGURES)
    )


@_group.command("list")
def list_(as_json: Json = False) -> None:
    """List the indicators.

    Example: pharos kpi list
    """
    if as_json:
        print_json([_definition(one) for one in INDICATORS.values()])
    else:
        print_table(("name", "unit", "title"), [(one.name, one.unit, one.title) for one in INDICATORS.values()])


@_group.command()
def show(kpi: Kpi, as_json: Json = False) -> None:
    """Show the definition of an indicator: formula, citation, frameworks.

    Example: pharos kpi show heat_delivered
    """
    definition = _definition(indicator(kpi))
    if as_json:
        print_json(definition)
    else:
        example = definition.pop("example")
        for key, value in definition.items():
            typer.echo(fill(text(value), 100, initial_indent=f"{key:<14}", subsequent_indent=" " * 14))
        if example:
            _echo_example(example)


def _echo_example(example: dict[str, Any]) -> None:
    """Print a worked example: where it comes from, what goes in, and what comes out."""
    typer.echo(fill(example["attribution"], 100, initial_indent=f"{'example':<14}", subsequent_indent=" " * 14))
    typer.echo(f"{'  inputs':<14}{json.dumps(example['inputs'])}")
    typer.echo(f"{'  result':<14}{json.dumps(example['expected'])}")


@_group.command()
def schema(kpi: Kpi) -> None:
    """Print the JSON Schema of an indicator's inputs.

    Example: pharos kpi schema heat_delivered
    """
    print_json(indicator(kpi).inputs_model.model_json_schema())


@_group.command()
def compute(
    kpi: Kpi,
    inputs: Annotated[Path, typer.Option(help="JSON that follows the schema.", exists=True, dir_okay=False)],
) -> None:
    """Compute an indicator from inputs of your own, without a database, and print the result as JSON.

    Example: pharos kpi compute heat_delivered --inputs inputs.json
    """
    chosen = indicator(kpi)
    try:
        outcome = chosen.outcome_of(inputs.read_bytes())
    except ValidationError as error:
        faults = ((".".join(map(str, fault["loc"])) or "(file)", expectation(fault["msg"])) for fault in error.errors())
        raise KpiError("\n".join(f"{inputs}: {key}: {expected}" for key, expected in faults)) from None
    verdict = publication(outcome, is_open=False)
    print_json(
        {
            "kpi": kpi,
            "unit": chosen.unit,
            "value": verdict.value,
            "lower": outcome.lower,
            "upper": outcome.upper,
            "status": verdict.status.value,
            "reason": verdict.reason,
            "coverage": outcome.coverage,
            "estimated_share": outcome.estimated_share,
            "rule_version": chosen.rule_version,
        }
    )


@_group.command()
def values(  # noqa: PLR0913, PLR0917 - a figure is found by all of these
    kpi: Kpi,
    city: CityName,
    start: Start,
    end: End,
    site: SiteName = None,
    group: GroupName = None,
    period: Annotated[FigurePeriod, typer.Option(help="Length of the periods.")] = FigurePeriod.MONTH,
    as_of: Annotated[str | None, typer.Option(help="As known at this RFC 3339 instant or on this day.")] = None,
    as_json: Json = False,
) -> None:
    """Print the figures of the periods that overlap a range.

    Days of a site or group are computed when they are asked for, and have no revisions; what stands behind one is
    printed by pharos kpi lineage-of-day.

    Example: pharos kpi values heat_delivered --city sonderborg --from 2026-01-01 --to 2027-01-01
    """
    unit = indicator(kpi).unit
    with database.connect(settings.load().database(), "pharos kpi values") as connection:
        name = SubjectName(city, site, group)
        registered.require_subject(connection, name)
        index = subject_index.load(connection)
        zone = index.select(*name)[0].zone
        known_at = instant(as_of, zone, "--as-of") if as_of else None
        first, last = (to_micros(edge) for edge in span(start, end, zone))
        asked = FiguresAsked.overlapping(indicator(kpi), Period(period), (first, last), zone, known_at)
        found = figures_asked(connection, index, [name], asked)
    if not found:
        known = f"had been computed by {as_of}" if as_of else "is computed"
        raise KpiError(f"no figure of {kpi} for {name} by {period} from {start} to {end} {known}")
    if as_json:
        print_json([asdict(value) | {"label": value.label} for value in found])
    else:
        columns = ("start", f"value ({unit})", "between", "status", "coverage", "estimated", "revision")
        print_table(columns, [_row(value, zone) for value in found])
        for value in found:
            if value.reason:
                typer.echo(f"{_day(value, zone)}: {value.reason}")


@_group.command()
def lineage(
    value_id: Annotated[int, typer.Argument(help="The value_id of a figure, from: pharos kpi values --json.")],
    complete: Annotated[bool, typer.Option("--complete", help="Read again what is kept as a digest.")] = False,
    boundaries: Annotated[
        bool, typer.Option("--boundaries", help="Read again the readings around both edges of each register.")
    ] = False,
) -> None:
    """Print what stands behind one figure as JSON: its inputs, factors and revisions.

    With --complete, the inputs are for pharos kpi compute, and "reproduces" says whether they are those of the figure
    or the hours have changed since. With --boundaries, "boundaries" are the readings that each amount begins and ends
    with, of the registers that count today and by what is known now.

    Example: pharos kpi lineage 47231 --complete
    """
    with database.connect(settings.load().database(), "pharos kpi lineage") as connection:
        found = store.lineage(connection, value_id)
        if found is None:
            raise KpiError(f"there is no figure {value_id}; see value_id in: pharos kpi values --json")
        document = asdict(reload_inputs.with_inputs(connection, found) if complete else found)
        if boundaries:
            from kpi_engine.api.boundary_readings import boundary_readings  # noqa: PLC0415 - of all that HTTP takes
            from kpi_engine.api.hours import Subjects  # noqa: PLC0415 - as above

            around = boundary_readings(connection, Subjects(), found.value)
            document["boundaries"] = [one.model_dump() for one in around]
        print_json(document)


@_group.command()
def recompute(  # noqa: PLR0913, PLR0917 - figures are found by all of these
    city: CityName,
    start: Start,
    end: End,
    site: Annotated[str | None, typer.Option(help="One site; without it, the city, all its sites and groups.")] = None,
    group: GroupName = None,
    kpi: Annotated[str | None, typer.Option(help="One indicator; all of them when left out.")] = None,
    as_json: Json = False,
) -> None:
    """Have the figures of a range computed again by the running role; only what differs becomes a new revision.

    Example: pharos kpi recompute --city sonderborg --from 2026-01-01 --to 2026-02-01
    """
    with database.connect(settings.load().database(), "pharos kpi recompute") as connection:
        name = SubjectName(city, site, group)
        registered.require_subject(connection, name)
        chosen = subject_index.load(connection).select(*name)
        first, last = span(start, end, chosen[0].zone)
        wanted = (to_micros(first), to_micros(last))
        figures = request(connection, chosen, indicator(kpi).name if kpi else None, wanted, _now())
    if as_json:
        print_json({"due": figures})
    else:
        typer.echo(f"{figures} figures are due.")


def _definition(one: Indicator[Any]) -> dict[str, Any]:
    """Return what is published of an indicator."""
    return {
        "name": one.name,
        "title": one.title,
        "unit": one.unit,
        "definition": one.definition,
        "formula": one.formula,
        "citation": one.citation,
        "frameworks": list(one.frameworks),
        "periods": [period.value for period in one.periods],
        "rule_version": one.rule_version,
        "carriers": list(one.carriers),
        "quantities": list(quantities_of(one)),
        "takes": [port.kpi for port in metrics(one)],
        "better": one.better.value,
        "boundary": one.boundary,
        "interval": one.interval,
        "months": one.months.value,
        "example": None if (example := example_of(one.name)) is None else asdict(example),
    }


def _row(value: store.KnownFigure, zone: str) -> tuple[str, ...]:
    return (
        _day(value, zone),
        "" if value.value is None else f"{value.value:,.4f}",
        bounds(value),
        f"{value.status}, due" if value.due else value.status,
        tables.percent(value.coverage),
        "" if value.estimated_share is None else f"{value.estimated_share:.1%}",
        "" if value.revision is None else str(value.revision),
    )


def _day(value: store.KnownFigure, zone: str) -> str:
    return f"{value.period_start.astimezone(ZoneInfo(zone)):%Y-%m-%d}"


def _now() -> int:
    return time_ns() // 1_000
