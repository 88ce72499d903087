"""``pharos baseline``: models of energy by the weather, what changed beside a measure, and what was saved by it."""

import json
from datetime import datetime
from pathlib import Path
from time import time_ns
from typing import Annotated

import typer
from pydantic import ValidationError

from deploy import baseline_text, registered, settings, tables
from deploy.civil_time import instant
from deploy.command_group import CommandGroup
from deploy.options import FromDay, Json, ToDay
from ingest.errors import expectation
from ingest.model.time import from_micros, isoformat, to_micros
from kpi_engine.api import baselines
from kpi_engine.baselines import adjustments, fitting, models
from kpi_engine.baselines.adjustment import Adjustment
from kpi_engine.baselines.declared import DeclaredBaseline, declared_baselines, find
from kpi_engine.baselines.report import SavingsRequest, savings_report
from kpi_engine.baselines.savings import SavingsPeriod
from kpi_engine.baselines.worked_example import WorkedExample, worked
from kpi_engine.errors import BaselineError
from processors.storage.database import Connection, connect
from processors.storage.registry import registry

City = Annotated[str, typer.Argument(help="The city, as registered.", metavar="CITY")]
Owner = Annotated[str, typer.Argument(help="The site or group that declares the baseline.", metavar="SITE")]
Name = Annotated[str | None, typer.Argument(help="Which of its baselines; left out where it has one.", metavar="NAME")]
Author = Annotated[str, typer.Option("--author", help="Who says so.")]
Reason = Annotated[str, typer.Option("--reason", help="Why: a sentence for whoever asks in a year.")]
Version = Annotated[int | None, typer.Option("--model", help="The model of this version, a former one too.")]

_group = CommandGroup("baseline", "Baselines and savings (IPMVP, CalTRACK).")
register = _group.register


@_group.command("list")
def list_(city: City, as_json: Json = False) -> None:
    """List the baselines that a city declares, and the model of each that holds.

    Example: pharos baseline list sonderborg
    """
    with _connected() as connection:
        registered.require_city(connection, city)
        found = [one for one in declared_baselines(registry.load(connection)) if one.city.name == city]
        holding = models.holding(connection, city)
    current = [holding.get(one.id) for one in found]
    if as_json:
        answers = [baselines.site_baseline(one, model) for one, model in zip(found, current, strict=True)]
        _print_json([answer.model_dump(mode="json") for answer in answers])
        return
    table = tables.table("site or group", "name", "option", "baseline", "reporting from", "model", "boundary")
    for one, model in zip(found, current, strict=True):
        declaration = one.declaration
        period = f"{declaration.baseline_from} to {declaration.baseline_to}"
        table.add_row(
            one.owner.name,
            one.name,
            declaration.option,
            period,
            str(declaration.reporting_from),
            baseline_text.state(model),
            declaration.boundary,
        )
    tables.show(table)


@_group.command()
def fit(city: City, site: Owner, name: Name = None, as_json: Json = False) -> None:
    """Fit a baseline to the days of its period, and keep the model; a former one stays and can still be told.

    Exit code 1 says that the data do not suffice; the reasons are kept as well.

    Example: pharos baseline fit sonderborg house-strandvej-01
    """
    with _connected() as connection:
        declared = _found(connection, city, site, name)
        connection.commit()
        model, is_new, due = fitting.fit(connection, declared, _now())
    if as_json:
        document = baselines.site_baseline(declared, model).model_dump(mode="json")
        _print_json({**document, "is_new": is_new, "due_days": due})
    else:
        if not is_new:
            typer.echo("Nothing has changed since it was fitted.")
        baseline_text.tell_model(declared, model)
        if due:
            typer.echo(f"  {due} of the daily figures are about to be computed again: fit it again then")
    if model.reasons:
        raise typer.Exit(1)


@_group.command()
def show(city: City, site: Owner, name: Name = None, version: Version = None, as_json: Json = False) -> None:
    """Show a baseline: its declaration, its model with diagnostics, every fit so far.

    With --json, "inputs" are for pharos baseline compute, which comes to the same model.

    Example: pharos baseline show sonderborg house-strandvej-01 --json
    """
    with _connected() as connection:
        declared = _found(connection, city, site, name)
        model = models.current(connection, declared, version=version)
        every, entered = models.versions(connection, declared), adjustments.log(connection, declared)
    if version is not None and model is None:
        raise BaselineError(f"{declared.id} has no model {version}")
    if as_json:
        document = baselines.history(declared, every, entered, model).model_dump(mode="json")
        _print_json({**document, "inputs": model and model.example})
        return
    baseline_text.tell_model(declared, model)
    if every:
        table = tables.table("model", "fitted", "until", "code", "what it is")
        for one in every:
            until = one.superseded_at and isoformat(to_micros(one.superseded_at))
            fitted = isoformat(to_micros(one.fitted_at))
            table.add_row(str(one.version), fitted, until or "", one.code_version, baseline_text.state(one))
        tables.show(table)


@_group.command()
def adjust(  # noqa: PLR0913 - what changed, when, by how much, who says so and why
    city: City,
    site: Owner,
    name: Name = None,
    *,
    first: FromDay,
    last: ToDay,
    amount: Annotated[float, typer.Option(help="kWh of the whole period, added to the adjusted baseline.")],
    author: Author,
    reason: Reason,
    as_json: Json = False,
) -> None:
    """Log a non-routine adjustment: what changed beside the measure, as energy of a period. Nothing is overwritten.

    Above zero where the building would have used more without the measure, as with a new wing.

    Example: pharos baseline adjust sonderborg house-strandvej-01 --from 2026-03-01 --to 2026-06-01 --amount 1200
    --author "A. Larsen" --reason "second floor in use since March, its submeter counted 1200 kWh"
    """
    if first >= last:
        raise typer.BadParameter("expected --from earlier than --to")
    if not amount or amount != amount or abs(amount) > 1e12:  # noqa: PLR0124 - NaN is no amount
        raise typer.BadParameter("expected an amount in kWh, above or below zero")
    if not author.strip() or not reason.strip():
        raise typer.BadParameter("expected --author and --reason in words")
    with _connected() as connection:
        declared = _found(connection, city, site, name)
        connection.commit()
        entered = Adjustment(0, first, last, amount, author, reason, from_micros(_now()))
        number = adjustments.enter(connection, declared, entered)
    if as_json:
        _print_json({"adjustment": number, "amount": amount, "per_day": entered.per_day, "unit": "kWh"})
        return
    typer.echo(f"Adjustment {number}: {amount:+,.6g} kWh from {first} to {last}, {entered.per_day:+,.4g} kWh a day.")


@_group.command("adjustments")
def adjustments_(city: City, site: Owner, name: Name = None, as_json: Json = False) -> None:
    """List the adjustments of a baseline, those that were withdrawn too.

    Example: pharos baseline adjustments sonderborg house-strandvej-01
    """
    with _connected() as connection:
        declared = _found(connection, city, site, name)
        found = adjustments.log(connection, declared)
    if as_json:
        _print_json([baselines.BaselineAdjustment.model_validate(one).model_dump(mode="json") for one in found])
        return
    table = tables.table("number", "entered", "from", "to", "author", "reason", "withdrawn", numbers=("kWh",))
    for one in found:
        withdrawn = f"{_time(one.withdrawn_at)} {one.withdrawn_by}: {one.withdrawn_for}" if one.withdrawn_at else ""
        cells = (str(one.number), _time(one.entered_at), str(one.first), str(one.last), one.author, one.reason)
        table.add_row(*cells, withdrawn, f"{one.amount:+,.6g}")
    tables.show(table)


@_group.command()
def withdraw(
    number: Annotated[int, typer.Argument(help="The number that adjustments shows.")],
    author: Author,
    reason: Reason,
    as_json: Json = False,
) -> None:
    """Take an adjustment back; it stays in the log with who did so and why.

    Example: pharos baseline withdraw 3 --author "A. Larsen" --reason "the wing is heated from next door"
    """
    with _connected() as connection:
        if not adjustments.withdraw(connection, number, author, reason, _now()):
            raise BaselineError(f"there is no adjustment {number} that holds; see: pharos baseline adjustments")
    if as_json:
        _print_json({"adjustment": number, "withdrawn": True})
    else:
        typer.echo(f"Adjustment {number} is withdrawn.")


@_group.command()
def savings(  # noqa: PLR0913 - savings are found by all of these
    city: City,
    site: Owner,
    name: Name = None,
    *,
    first: FromDay,
    last: ToDay,
    as_of: Annotated[str | None, typer.Option(help="As known at this RFC 3339 instant or on this day.")] = None,
    version: Version = None,
    period: Annotated[SavingsPeriod, typer.Option(help="What they are told by.")] = SavingsPeriod.MONTH,
    as_json: Json = False,
) -> None:
    """Print what was avoided since the measure, by month or day and in all, with what it lies between.

    Example: pharos baseline savings sonderborg house-strandvej-01 --from 2026-01-01 --to 2027-01-01
    """
    if first >= last:
        raise typer.BadParameter("expected --from earlier than --to")
    with _connected() as connection:
        declared = _found(connection, city, site, name)
        connection.commit()
        known = instant(as_of, declared.city.timezone, "--as-of") if as_of else None
        found = savings_report(connection, declared, SavingsRequest(first, last, _now(), known, version, period))
    if as_json:
        _print_json(baselines.baseline_savings(declared, found).model_dump(mode="json"))
    else:
        baseline_text.tell_savings(declared, found)
    if found.disqualified:
        raise typer.Exit(1)


@_group.command()
def schema() -> None:
    """Print the JSON Schema of what compute takes.

    Example: pharos baseline schema
    """
    _print_json(WorkedExample.model_json_schema())


@_group.command()
def compute(
    inputs: Annotated[Path, typer.Option(help="JSON that follows the schema.", exists=True, dir_okay=False)],
) -> None:
    """Fit days of your own and hold others against them, without a database, and print the result as JSON.

    Example: pharos baseline compute --inputs days.json
    """
    try:
        example = WorkedExample.model_validate_json(inputs.read_bytes())
    except ValidationError as error:
        faults = ((".".join(map(str, fault["loc"])) or "(file)", expectation(fault["msg"])) for fault in error.errors())
        raise BaselineError("\n".join(f"{inputs}: {key}: {expected}" for key, expected in faults)) from None
    _print_json(worked(example))


def _connected() -> Connection:
    return connect(settings.load().database(), "pharos baseline")


def _found(connection: Connection, city: str, owner: str, name: str | None) -> DeclaredBaseline:
    registered.require_city(connection, city)
    registered.require_site_or_group(connection, city, owner)
    return find(registry.load(connection), city, owner, name)


def _now() -> int:
    return time_ns() // 1_000


def _print_json(document: object) -> None:
    typer.echo(json.dumps(document, indent=2, default=str))


def _time(moment: datetime) -> str:
    return isoformat(to_micros(moment))
