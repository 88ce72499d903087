"""``pharos replay``: history from files, through the same steps as live data."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from time import time_ns
from typing import Annotated

import typer
from pydantic import TypeAdapter, ValidationError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from deploy import city_files, mapping_files, settings
from deploy.logging import configure
from ingest.errors import MappingError
from ingest.history import files as history
from ingest.history import mapping_kinds
from ingest.history.mapping import Mapping
from ingest.history.mapping_kinds import AnyMapping
from ingest.history.packed import unpacked
from ingest.history.session_mapping import SessionMapping
from ingest.model.catalogue import Catalogue
from ingest.model.revision import Revision, number
from kpi_engine.factors import registry as factors
from processors.intake.replay import History
from processors.intake.stream import Stream
from processors.sessions.replay import SessionHistory
from processors.storage.database import Connection, connect
from processors.storage.readings.ledger import Receipt
from processors.storage.readings.sink import Sink
from processors.storage.registry import registry
from processors.storage.registry.city_changes import changes
from processors.storage.sessions.sink import SessionSink

Files = Annotated[
    list[Path],
    typer.Argument(
        help="CSV, Parquet, JSON lines, or what the mapping reads; each may be a .gz.", exists=True, dir_okay=False
    ),
]
CityName = Annotated[str, typer.Option("--city", help="A city that is registered, or a city file to register.")]
MappingName = Annotated[
    str, typer.Option("--mapping", help="A mapping file, or the name of one that comes with Pharos.")
]


def _revision(text: str | float) -> float:
    try:
        return number(TypeAdapter(Revision).validate_python(text))
    except ValidationError:
        raise typer.BadParameter(
            f"{text!r} is no revision; expected when the files were issued, such as 2026-11-21T23:00:00Z, or a number"
        ) from None


Issued = Annotated[
    float | None,
    typer.Option(
        "--revision",
        parser=_revision,
        metavar="TIME|NUMBER",
        help="When the files were issued; of several values of one reading the one issued last wins.",
    ),
]


Devices = Annotated[
    list[str] | None,
    typer.Option(
        "--device",
        metavar="ID|NAME=ID",
        help="The native id of the device that all rows are of; or what the file calls a device, = and its native id.",
    ),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(replay)


def replay(  # noqa: PLR0913, PLR0917 - every option of the command
    files: Files,
    city: CityName,
    mapping: MappingName,
    revision: Issued = None,
    device: Devices = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the receipt as JSON.")] = False,
) -> None:
    """Load readings or sessions from files, through the same steps as live data; a file loaded twice changes nothing.

    Example: pharos replay --city deploy/cities/heat-meter-660.yaml --mapping heat-meter-660 meter.csv
    """
    configure("replay")
    chosen = _of_devices(mapping_kinds.load(mapping_files.path(mapping)), device or [])
    now = time_ns() // 1000
    total = Receipt()
    with connect(settings.load().database(), "pharos replay") as connection, _progress(as_json) as progress:
        name, catalogue = _registered(connection, city)
        if isinstance(chosen, Mapping):
            chosen = chosen.placed(catalogue.cities[name].timezone)
        load = _loader(connection, chosen, catalogue, name, now, revision)
        for path in files:
            with unpacked(path) as plain:
                task = progress.add_task(path.name, total=history.count(plain, chosen.layout))
                for rows, receipt in load.file(plain):
                    total += receipt
                    progress.advance(task, rows)
        load.finish()
    typer.echo(json.dumps({"received": total.received} | asdict(total)) if as_json else _sentence(total))


@dataclass(frozen=True)
class _Loader:
    """How files are loaded one after another, and what is to be done after the last one."""

    file: Callable[[Path], Iterator[tuple[int, Receipt]]]
    finish: Callable[[], None] = lambda: None


def _loader(  # noqa: PLR0913, PLR0917 - what is loaded, from where to where, and when
    connection: Connection, chosen: AnyMapping, catalogue: Catalogue, city: str, now: int, revision: float | None
) -> _Loader:
    source = f"replay:{chosen.name}"
    if isinstance(chosen, SessionMapping):
        if revision is not None:
            raise MappingError(f"--revision: {chosen.name} is a mapping of sessions, which have no revisions")
        sink, sessions = SessionSink(connection, catalogue, source), SessionHistory(chosen, catalogue, city)
        return _Loader(lambda path: sessions.replay(path, sink, now), lambda: sessions.finish(sink))
    stream, readings = (
        Stream(Sink(connection, catalogue, source), catalogue),
        History(chosen, catalogue, city, revision),
    )
    return _Loader(lambda path: readings.replay(path, stream, now))


def _of_devices(chosen: AnyMapping, devices: list[str]) -> AnyMapping:
    if not devices:
        return chosen
    if not isinstance(chosen, Mapping):
        raise MappingError(f"--device: {chosen.name} says itself whom its rows are of")
    return chosen.for_devices(devices)


def _registered(connection: Connection, city: str) -> tuple[str, Catalogue]:
    """Return the city's name and the catalogue; a city file is registered first."""
    if Path(city).is_file():
        declared = city_files.load(Path(city), factors.load(connection))
        if lost := changes(connection, declared).losses:
            problems = "; ".join(lost)
            raise MappingError(
                f"--city {city}: {problems}. Nothing was changed and nothing loaded; name the registered city, "
                f"--city {declared.name}, or apply the file first: pharos city apply --yes {city}"
            )
        connection.commit()
        registry.sync(connection, [declared])
        return declared.name, registry.load(connection)
    catalogue = registry.load(connection)
    if city not in catalogue.cities:
        raise MappingError(f"--city {city}: not registered; registered are {', '.join(catalogue.cities) or 'none'}")
    return city, catalogue


def _progress(as_json: bool) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("rows"))
    return Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True, quiet=as_json))


def _sentence(receipt: Receipt) -> str:
    return (
        f"{receipt.received} readings: {receipt.stored} stored, {receipt.duplicate} known already, "
        f"{receipt.conflict} in conflict, {receipt.quarantined} refused (pharos quarantine list)"
    )
