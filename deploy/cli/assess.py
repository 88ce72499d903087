"""``pharos assess``: the self-assessment of a city from a file, beside what is measured."""

from collections.abc import Iterator
from pathlib import Path
from time import time_ns
from typing import Annotated, Any, Final

import typer

from deploy import registered, settings, tables
from deploy.kpi.answers import print_json
from deploy.options import Json
from ingest.model.calendar import Period
from ingest.model.declarations import declared_file
from ingest.model.time import DAY, from_micros
from kpi_engine.assessment.self_assessment import Characteristic, SelfAssessment, warnings, words
from kpi_engine.errors import AssessmentError
from kpi_engine.export.period_labels import period_label
from kpi_engine.export.source import one_moment
from kpi_engine.figures import store
from kpi_engine.figures.status import number
from kpi_engine.indicators import INDICATORS
from processors.storage.database import Connection
from processors.storage.registry import registry

NOT_ASSESSED: Final = "not assessed"
YEARS: Final = 3 * 366 * DAY  # the newest year that is whole is looked for among these


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(assess)


def assess(
    file: Annotated[Path, typer.Argument(help="The self-assessments of a city.", exists=True, dir_okay=False)],
    measured: Annotated[bool, typer.Option(help="Put the newest whole year of the figures it names beside it.")] = True,
    as_json: Json = False,
) -> None:
    """Show the self-assessment of a city: levels in words, what speaks against them, and what is measured beside them.

    Levels are never counted or averaged, and cities are not ranked by them.

    Example: pharos assess sonderborg-assessment.yaml --no-measured
    """
    found = declared_file.load(file, SelfAssessment, AssessmentError)
    figures = _measured(found) if measured else {}
    cautions = list(warnings(found.assessments))
    if as_json:
        print_json({**found.model_dump(mode="json"), "warnings": cautions, "measured": figures})
        return
    _tell(found, figures)
    for sentence in cautions:
        typer.echo(sentence)


def _measured(found: SelfAssessment) -> dict[str, dict[str, Any]]:
    """Return the newest whole year of each indicator that the file names, as it is known now."""
    names = {name for one in found.assessments for stated in one.characteristics.values() for name in stated.figures}
    if not names:
        return {}
    with one_moment(settings.load().database(), "pharos assess") as connection:
        registered.require_city(connection, found.city)
        city = registry.load(connection).cities[found.city]
        return {name: _year(connection, name, found.city, city.timezone) for name in sorted(names)}


def _year(connection: Connection, kpi: str, city: str, zone: str) -> dict[str, Any]:
    now = time_ns() // 1_000
    every = store.values(connection, kpi, city, None, Period.YEAR.value, from_micros(now - YEARS), from_micros(now))
    whole = [one for one in every if one.period_end <= from_micros(now)]
    if not whole:
        return {"year": None, "value": None, "reason": "no year is over of which there is a figure"}
    newest = whole[-1]
    bounded = {name: getattr(newest, name) for name in ("value", "lower", "upper", "unit", "status", "reason")}
    return {"year": period_label(newest.period_start, newest.period, zone), **bounded}


def _tell(found: SelfAssessment, figures: dict[str, dict[str, Any]]) -> None:
    table = tables.table("characteristic", *(str(one.date) for one in found.assessments), "measured")
    for name in Characteristic:
        levels = [one.characteristics.get(name) for one in found.assessments]
        beside = dict.fromkeys(kpi for stated in levels if stated for kpi in stated.figures)
        cells = [words(stated.level) if stated else NOT_ASSESSED for stated in levels]
        table.add_row(words(name), *cells, "\n".join(_figure(kpi, figures[kpi]) for kpi in beside if kpi in figures))
    tables.show(table)
    for line in _sources(found):
        typer.echo(line)


def _figure(kpi: str, found: dict[str, Any]) -> str:
    title = INDICATORS[kpi].title
    if found["value"] is None:
        return f"{title}: none ({found['reason']})"
    ends = " to ".join("..." if found[end] is None else number(found[end]) for end in ("lower", "upper"))
    return f"{title}, {found['year']}: {number(found['value'])} {found['unit']} ({ends}), {found['status']}"


def _sources(found: SelfAssessment) -> Iterator[str]:
    for one in found.assessments:
        yield f"{one.date}, {one.by}:"
        for name, stated in one.characteristics.items():
            yield from (
                f"  {words(name)}: {each.source}, {each.page}. {each.text}".rstrip() for each in stated.evidence
            )
