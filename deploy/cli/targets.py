"""``pharos targets``: where figures are to go by the city files, and whether they do."""

import json
from time import time_ns
from typing import Annotated, Final

import typer

from deploy import registered, settings, tables
from deploy.command_group import CommandGroup
from deploy.kpi.options import CityName
from deploy.options import Json
from kpi_engine.api.targets import KpiTarget, shown
from kpi_engine.errors import TargetError
from kpi_engine.figures.status import number
from kpi_engine.subjects.subject import SubjectName
from kpi_engine.targets import store
from processors.storage.database import connect

SiteName = Annotated[str | None, typer.Option("--site", help="Only this site.")]
GroupName = Annotated[str | None, typer.Option("--group", help="Only this group.")]
TargetOf = Annotated[str, typer.Argument(help="The indicator of the target.", metavar="KPI")]

APPLICATION: Final = "pharos targets"

_group = CommandGroup("targets", "Targets of cities, sites and groups, and whether figures are on track.")
register = _group.register


@_group.command("list")
def list_(city: CityName, site: SiteName = None, group: GroupName = None, as_json: Json = False) -> None:
    """List the targets of a city, its sites and groups, each with its status and the reason.

    Example: pharos targets list --city sonderborg
    """
    found = _targets(city, site, group)
    if as_json:
        typer.echo(json.dumps([one.model_dump(mode="json") for one in found], indent=2))
        return
    table = tables.table("site or group", "indicator", "title", "status", "year")
    for one in found:
        table.add_row(one.site or one.group or "", one.indicator, one.title, _words(one.status), _year(one))
    tables.show(table)
    for one in found:
        if one.reason:
            typer.echo(f"{' '.join(filter(None, (one.site, one.group, one.indicator)))}: {one.reason}")


@_group.command()
def show(kpi: TargetOf, city: CityName, site: SiteName = None, group: GroupName = None, as_json: Json = False) -> None:
    """Show a target with its path, year by year; without --site or --group, that of the city as a whole.

    Example: pharos targets show network_heat_loss_share --city sonderborg
    """
    every = [one for one in _targets(city, site, group) if (one.site, one.group) == (site, group)]
    one = next((found for found in every if found.indicator == kpi), None)
    if one is None:
        known = ", ".join(found.indicator for found in every) or "none"
        raise TargetError(
            f"no target of {kpi} is declared for {' '.join(filter(None, (city, site, group)))}; it has {known}"
        )
    if as_json:
        typer.echo(json.dumps(one.model_dump(mode="json"), indent=2))
        return
    given = "given" if one.baseline.given else "its figure"
    for key, value in (
        ("title", one.title),
        ("source", ", ".join(filter(None, (one.source, one.page)))),
        ("baseline", f"{one.baseline.year}: {_number(one.baseline.value)} {one.unit or ''} ({given})"),
        ("better", one.better or ""),
        ("tolerance", f"{one.tolerance_percent:g} %"),
        ("status", f"{_words(one.status)} {_year(one)}"),
        ("reason", one.reason or ""),
    ):
        typer.echo(f"{key:<11}{value}")
    unit = f"({one.unit})"
    table = tables.table("year", "status", numbers=(f"to be {unit}", f"figure {unit}", "from", "to"))
    for year in one.years:
        goal = _number(year.goal) if year.is_named else f"{_number(year.goal)} (on the line)"
        ends = (_number(year.value), _number(year.lower), _number(year.upper))
        table.add_row(str(year.year), _words(year.status), goal, *ends)
    tables.show(table)
    for year in one.years:
        if year.reason and year.year != one.year:
            typer.echo(year.reason)


def _targets(city: str, site: str | None, group: str | None) -> list[KpiTarget]:
    with connect(settings.load().database(), APPLICATION) as connection:
        registered.require_subject(connection, SubjectName(city, site, group))
        declared = store.declared(connection, [city], site, group)
        return [shown(one) for one in store.judgements(connection, declared, time_ns() // 1_000)]


def _words(status: str) -> str:
    return status.replace("_", " ")


def _year(one: KpiTarget) -> str:
    if one.year is None:
        return ""
    return f"{one.year} (so far)" if one.is_early else str(one.year)


def _number(value: float | None) -> str:
    return "" if value is None else number(value)
