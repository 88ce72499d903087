"""``pharos correct``: a better value for one reading or for those of a span, with author and reason."""

import json
from dataclasses import asdict
from datetime import datetime
from time import time_ns
from typing import Annotated, Any

import typer
from pydantic import TypeAdapter, ValidationError

from deploy import registered, settings, tables
from deploy.errors import CorrectionError
from deploy.options import Json
from ingest.model.catalogue import Catalogue, Series
from ingest.model.declarations.declaration import Instant
from ingest.model.quantities.units import conversion
from ingest.model.time import isoformat, to_micros
from processors.storage.database import connect
from processors.storage.readings import corrections
from processors.storage.readings.corrections import Correction, CorrectionEntry
from processors.storage.registry import registry


def _instant(text: str | datetime) -> datetime:
    try:
        return TypeAdapter(Instant).validate_python(text)
    except ValidationError:
        raise typer.BadParameter(
            f"{text!r} is no instant; expected RFC 3339 with offset, such as 2026-11-21T23:00:00Z"
        ) from None


City = Annotated[str | None, typer.Option(help="The city, as registered.")]
Device = Annotated[str | None, typer.Option(help="The device: its name or its native id.")]
Quantity = Annotated[str | None, typer.Option(help="Which of its series.")]
At = Annotated[datetime | None, typer.Option(parser=_instant, metavar="TIME", help="The one reading at this time.")]
From = Annotated[datetime | None, typer.Option("--from", parser=_instant, metavar="TIME", help="Readings since then.")]
To = Annotated[datetime | None, typer.Option("--to", parser=_instant, metavar="TIME", help="And before then.")]
Value = Annotated[float | None, typer.Option(help="The better value.")]
Unit = Annotated[str | None, typer.Option(help="Its unit; that of the series, as HTTP shows it, if left out.")]
Author = Annotated[str | None, typer.Option(help="Who says so.")]
Reason = Annotated[str | None, typer.Option(help="Why: a sentence for whoever asks in a year.")]
Listing = Annotated[bool, typer.Option("--list", help="List corrections instead, as does: pharos correct list")]
Number = Annotated[int, typer.Argument(help="The number that list shows.")]
By = Annotated[str, typer.Option("--author", help="Who says so.")]
For = Annotated[str, typer.Option("--reason", help="Why.")]

_group = typer.Typer()


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.add_typer(_group, name="correct")


@_group.callback(invoke_without_command=True)
def correct(  # noqa: PLR0913 - what is corrected, to what, by whom and why
    context: typer.Context,
    *,
    city: City = None,
    device: Device = None,
    quantity: Quantity = None,
    at: At = None,
    from_: From = None,
    to: To = None,
    value: Value = None,
    unit: Unit = None,
    author: Author = None,
    reason: Reason = None,
    listing: Listing = False,
    as_json: Json = False,
) -> None:
    """Correct readings: give one, or every one of a span, a better value; the values that were reported stay.

    Figures that it reaches are computed again.

    Example: pharos correct --city sonderborg --device heat-house-strandvej-01 --quantity heat_energy
    --at 2026-11-21T23:00:00Z --value 5347.6 --author "A. Larsen" --reason "display read on site, photo 17"
    """
    if context.invoked_subcommand is not None:
        return
    if listing:
        _show(city, device, as_json=as_json)
        return
    span = _span(at, from_, to)
    if city is None or device is None or quantity is None or value is None or not author or not reason:
        raise typer.BadParameter("expected --city, --device, --quantity, --value, --author and --reason")
    with connect(settings.load().database(), "pharos correct") as connection:
        catalogue = registry.load(connection)
        series = _series(catalogue, city, device, quantity)
        canonical = value if unit is None else _converted(value, unit, series)
        low, high = series.plausible
        if not low <= canonical <= high:
            raise CorrectionError(
                f"{canonical:g} {series.unit} is not plausible for {quantity}; expected {low:g} to {high:g}. "
                "Nothing was changed"
            )
        entry = CorrectionEntry(series, *span, canonical, author, reason)
        if corrections.is_dropped(connection, entry):
            raise CorrectionError("readings of that time are not kept any more; nothing was changed")
        readings = corrections.corrected(connection, entry)
        if at is not None and not readings:
            readings = [corrections.Corrected(at, None)]
        connection.commit()
        if not readings:
            raise CorrectionError(f"{series.device} has no reading of {quantity} in that span; nothing was changed")
        number = corrections.enter(connection, entry, readings, time_ns() // 1000)
    if as_json:
        typer.echo(json.dumps({"correction": number, "readings": len(readings), "unit": series.unit}))
        return
    was = {one.former for one in readings}
    former = "several values" if len(was) > 1 else _in_words(was.pop(), series.unit)
    count = "1 reading" if len(readings) == 1 else f"{len(readings)} readings"
    typer.echo(
        f"Correction {number}: {count} of {series.device}, {quantity}: {tables.number(canonical)} {series.unit} "
        f"instead of {former}. What was reported stays, and figures are computed again."
    )


@_group.command("list")
def list_(city: City = None, device: Device = None, as_json: Json = False) -> None:
    """List corrections, the latest first, those that were withdrawn too.

    Example: pharos correct list --city sonderborg --json
    """
    _show(city, device, as_json=as_json)


@_group.command()
def withdraw(number: Number, author: By, reason: For, as_json: Json = False) -> None:
    """Take a correction back: what was reported, or an earlier correction, holds again.

    Example: pharos correct withdraw 3 --author "A. Larsen" --reason "it was the meter next door"
    """
    with connect(settings.load().database(), "pharos correct") as connection:
        if not corrections.withdraw(connection, number, author, reason, time_ns() // 1000):
            raise CorrectionError(f"there is no correction {number} that holds; see: pharos correct list")
    told = f"Correction {number} is withdrawn; figures are computed again."
    typer.echo(json.dumps({"correction": number, "withdrawn": True}) if as_json else told)


def _span(at: datetime | None, from_: datetime | None, to: datetime | None) -> tuple[int, int]:
    """Return the span [start, end) in microseconds; raises BadParameter where none is given, or two are."""
    if at is not None and from_ is None and to is None:
        return to_micros(at), to_micros(at) + 1
    if at is None and from_ is not None and to is not None and from_ < to:
        return to_micros(from_), to_micros(to)
    raise typer.BadParameter("expected --at, or --from with a later --to")


def _series(catalogue: Catalogue, city: str, device: str, quantity: str) -> Series:
    if city not in catalogue.cities:
        raise CorrectionError(f"no city is called {city!r}; registered are {', '.join(catalogue.cities) or 'none yet'}")
    address = registered.address(catalogue.cities.values(), city, device)
    entry = catalogue.devices.get((city, address or device))
    if entry is None:
        raise CorrectionError(f"{city} declares no device {device!r}; see: pharos device list, or the city file")
    series = entry.reported(quantity)
    if series is None:
        reported = ", ".join(filter(entry.reported, entry.series))
        raise CorrectionError(f"{entry.name} reports no {quantity!r}; it reports {reported}")
    return series


def _converted(value: float, unit: str, series: Series) -> float:
    read = conversion(unit, series.unit)
    return value * read.scale + read.offset


def _in_words(former: float | None, unit: str) -> str:
    return "none" if former is None else f"{tables.number(former)} {unit}"


def _show(city: str | None, device: str | None, *, as_json: bool) -> None:
    with connect(settings.load().database(), "pharos correct") as connection:
        registered.require_city(connection, city)
        found = corrections.listed(connection, city, device)
    if as_json:
        typer.echo(json.dumps([_document(one) for one in found]))
        return
    table = tables.table("number", "entered", "device", "quantity", "from", "to", "author", "reason", "withdrawn")
    table.add_column("value", justify="right")
    for one in found:
        withdrawn = (
            "" if one.withdrawn_at is None else f"{_time(one.withdrawn_at)} {one.withdrawn_by}: {one.withdrawn_for}"
        )
        spans = (_time(one.from_time), _time(one.to_time))
        cells = (str(one.correction_id), _time(one.entered_at), f"{one.city}/{one.device}", one.quantity, *spans)
        table.add_row(*cells, one.author, one.reason, withdrawn, f"{tables.number(one.value)} {one.unit}")
    tables.show(table)


def _document(one: Correction) -> dict[str, Any]:
    return {name: _time(value) if isinstance(value, datetime) else value for name, value in asdict(one).items()}


def _time(instant: datetime) -> str:
    return isoformat(to_micros(instant))
