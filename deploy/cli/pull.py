"""``pharos pull``: the role that asks services for readings, and the commands that ask now, fill back and show."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from typing import Annotated, Any, Final

import typer

from deploy import civil_time, registered, settings, tables
from deploy.logging import configure
from deploy.options import Json
from deploy.progress import Progress
from deploy.report import Report
from deploy.roles.pull import APPLICATION, MEANS, PullRole, pulling
from deploy.roles.role import work_with_database
from deploy.roles.start import start, watched
from ingest.model.declarations.expected import one_of
from ingest.model.time import isoformat, to_micros
from ingest.sources.pull.bound import Asked, PulledBinding, pulled_bindings
from ingest.sources.pull.errors import PullError
from ingest.sources.pull.hubs import HUBS
from processors.intake.pull import Pulling, QuestionOutcome
from processors.storage.database import Connection, connect
from processors.storage.readings.ledger import Receipt
from processors.storage.readings.pulls import Known, PullProgress
from processors.storage.registry import registry

TABLES: Final = "^(ledger|observation|conflict|quarantine|device|series|city|site|source|meter|pull_progress)"

CityName = Annotated[str | None, typer.Option("--city", help="Only this city.")]
BindingName = Annotated[str | None, typer.Option("--binding", help="Only this binding.")]
First = Annotated[str, typer.Option("--from", metavar="DAY", help="The first civil day of the city.")]
Last = Annotated[str, typer.Option("--to", metavar="DAY", help="The day after the last one.")]

_group = typer.Typer()


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.add_typer(_group, name="pull")


@_group.callback(invoke_without_command=True)
def role(context: typer.Context) -> None:
    """Ask services for readings now; without a command, be the role that asks them.

    Each is asked on the schedule of its binding. Configured by PHAROS_* (see: pharos config).

    Works once: where it runs many times, one asks and the others wait, not ready, to take over within seconds.

    Example: PHAROS_DATABASE_URL=postgresql://pharos:...@localhost/pharos PHAROS_ACCOUNTS=accounts pharos pull
    """
    if context.invoked_subcommand is not None:
        return
    chosen, stop, causes = start("pull", "database")
    asking = PullRole(chosen, causes, stop)
    report = Report(MEANS, causes, Progress([asking.loop]), asking.notes)
    with watched(chosen, report, [APPLICATION], TABLES):
        work_with_database(chosen.database(), APPLICATION, asking.run, causes, stop)


@_group.command("services")
def services(as_json: Json = False) -> None:
    """List the services that can be asked, and what an account of each holds.

    Example: pharos pull services
    """
    rows = [(hub.name, hub.title, ", ".join(hub.secrets), ", ".join(hub.optional)) for hub in HUBS.values()]
    _print(("decoder", "service", "secrets", "may have"), rows, as_json)


@_group.command("show")
def show(city: CityName = None, as_json: Json = False) -> None:
    """Show how far each device is known of each service, and what does not answer. Exit code 1 if anything does not.

    Example: pharos pull show --city sonderborg
    """
    with connect(settings.load().database(), APPLICATION) as connection:
        registered.require_city(connection, city)
        known = PullProgress(connection)()
        asked = [one for binding in _bindings(connection, city, None) for one, _ in binding.asked()]
    rows = [_row(one, known.get(one)) for one in asked]
    names = ("city", "binding", "device", "dataset", "asked through", "newest", "asked at", "readings", "failure")
    _print(names, rows, as_json)
    raise typer.Exit(1 if any(row[-1] for row in rows) else 0)


@_group.command("once")
def once(city: CityName = None, binding: BindingName = None, as_json: Json = False) -> None:
    """Ask now for what is not known yet, and again for what may have changed. Exit code 1 if anything does not answer.

    Example: pharos pull once --city sonderborg --binding meters
    """
    configure("pull")
    with connect(settings.load().database(), APPLICATION) as connection:
        chosen = _bindings(connection, city, binding)
        _ask(connection, chosen, lambda one: one.go_on(list(one.binding.asked()), one.progress()), as_json=as_json)


@_group.command("backfill")
def backfill(
    city: Annotated[str, typer.Option("--city", help="The city.")],
    binding: Annotated[str, typer.Option("--binding", help="The binding.")],
    start: First,
    end: Last,
    as_json: Json = False,
) -> None:
    """Ask for the civil days from --from to --to again, whatever is known. Exit code 1 if anything does not answer.

    Example: pharos pull backfill --city sonderborg --binding meters --from 2024-01-01 --to 2025-01-01
    """
    configure("pull")
    with connect(settings.load().database(), APPLICATION) as connection:
        chosen = _bindings(connection, city, binding)
        first, last = civil_time.span(start, end, chosen[0].zone)
        span = to_micros(first), to_micros(last)
        _ask(connection, chosen, lambda one: one.fill(span), as_json=as_json)


def _bindings(connection: Connection, city: str | None, binding: str | None) -> list[PulledBinding]:
    """Return what is asked of these; raises UnknownCityError or BadParameter where there is none."""
    registered.require_city(connection, city)
    cities = [one for one in registry.load(connection).cities.values() if city in {None, one.name}]
    found = [one for one in pulled_bindings(cities) if binding in {None, one.name}]
    if binding is not None and not found:
        names = [one.name for one in pulled_bindings(cities)]
        raise typer.BadParameter(
            one_of(names, binding) if names else "no binding asks a service", param_hint="--binding"
        )
    return found


def _ask(
    connection: Connection,
    bindings: Sequence[PulledBinding],
    ask: Callable[[Pulling], Iterator[QuestionOutcome]],
    *,
    as_json: bool,
) -> None:
    chosen, catalogue = settings.load(), registry.load(connection)
    connection.commit()
    outcomes: list[QuestionOutcome] = []
    for binding in bindings:
        try:
            asking = pulling(connection, chosen, catalogue, binding, _wait)
            with asking.client:
                for outcome in ask(asking):
                    outcomes.append(outcome)
                    if not as_json:
                        typer.echo(_sentence(outcome))
        except PullError as error:
            typer.echo(f"{binding.city}/{binding.name}: {error}", err=True)
            failed = Asked(binding.city, binding.name, "", "")
            outcomes.append(QuestionOutcome(failed, 0, 0, Receipt(), str(error)))
    if as_json:
        typer.echo(json.dumps([_document(one) for one in outcomes]))
    elif not outcomes:
        typer.echo("Nothing to ask for: no device takes anything of a service, or all is known.")
    raise typer.Exit(1 if any(one.failure for one in outcomes) else 0)


def _wait(seconds: float) -> bool:
    time.sleep(seconds)
    return False


def _sentence(outcome: QuestionOutcome) -> str:
    one, receipt = outcome.asked, outcome.receipt
    place = f"{one.city}/{one.binding} {one.called} {one.dataset}"
    if outcome.failure:
        return f"{place}: {outcome.failure}"
    span = f"{isoformat(outcome.begin)} to {isoformat(outcome.end)}"
    return (
        f"{place}, {span}: {receipt.received} readings, {receipt.stored} stored, {receipt.duplicate} known already, "
        f"{receipt.conflict} in conflict, {receipt.quarantined} refused"
    )


def _document(outcome: QuestionOutcome) -> dict[str, Any]:
    span = {} if outcome.failure else {"from": isoformat(outcome.begin), "to": isoformat(outcome.end)}
    return {**outcome.asked._asdict(), **span, **asdict(outcome.receipt), "failure": outcome.failure}


def _row(asked: Asked, known: Known | None) -> tuple[object, ...]:
    if known is None:
        return (*asked, None, None, None, 0, None)
    times = (known.asked_through, known.newest, known.asked_at)
    return (*asked, *(None if one is None else isoformat(one) for one in times), known.readings, known.failure)


def _print(names: Sequence[str], rows: Sequence[Sequence[object]], as_json: bool) -> None:
    if as_json:
        keys = [name.replace(" ", "_") for name in names]
        typer.echo(json.dumps([dict(zip(keys, row, strict=True)) for row in rows]))
        return
    table = tables.table(*names)
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    tables.show(table)
