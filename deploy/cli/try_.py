"""``pharos try``: a dry run of one message; what would be stored, and what refused and why."""

import json
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Final

import typer

from deploy import settings, tables
from deploy.logging import configure
from deploy.options import Json
from ingest import decoders
from ingest.model.city import city_file
from ingest.model.observation import RawMessage
from processors.errors import TrialError
from processors.intake.trial import Trial, trial
from processors.intake.trial_topic import NATIVE, first_topic, read_by

File = Annotated[Path, typer.Argument(help="The payload, byte by byte; - reads standard input.")]
NAMES: Final = ", ".join(sorted(decoders.DECODERS))

DecoderName = Annotated[
    str | None,
    typer.Option("--decoder", help=f"One of: {NAMES}. What the topic's binding says, else pharos, if left out."),
]
BindingName = Annotated[
    str | None, typer.Option("--binding", help="A binding of the city file: the topic of its first device is tried.")
]
Topic = Annotated[str | None, typer.Option("--topic", help="The topic; the first declared device's when left out.")]
CityFiles = Annotated[list[Path] | None, typer.Option("--city", help="A city file; PHAROS_CITIES when left out.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(name="try")(try_)


def try_(  # noqa: PLR0913, PLR0917 - every option of the command
    file: File,
    decoder: DecoderName = None,
    binding: BindingName = None,
    on: Topic = None,
    city: CityFiles = None,
    as_json: Json = False,
) -> None:
    """Show what a message would become: rows in canonical units, refusals with reasons. Writes nothing.

    Exit code 1 when any reading is refused.

    Example: pharos try --city harbour.yaml --topic pharos/v1/harbour/meter-1/telemetry message.json
    """
    if decoder is not None and decoder not in decoders.DECODERS:
        raise typer.BadParameter(f"expected one of {NAMES}", param_hint="--decoder")
    configure("try")
    chosen = settings.load()
    cities = [city_file.load(path) for path in city or chosen.cities]
    try:
        message = RawMessage(on or first_topic(cities, binding), _read(file), time.time_ns() // 1000)
    except TrialError as error:
        otherwise = " (or PHAROS_CITIES)" if error.field == "city" else ""
        raise typer.BadParameter(f"{error}{otherwise}", param_hint=f"--{error.field}") from None
    if decoder is not None:
        cities = [read_by(decoder, message.topic, one) for one in cities]
    result = trial(message, cities, decoders.DECODERS[decoder or NATIVE], chosen.limits(), chosen.meter_keys())
    if as_json:
        typer.echo(json.dumps({"topic": message.topic, **asdict(result)}))
    else:
        _show(message.topic, result)
    raise typer.Exit(1 if result.refusals else 0)


def _read(file: Path) -> bytes:
    if file == Path("-"):
        return sys.stdin.buffer.read()
    try:
        return file.read_bytes()
    except OSError as error:
        raise typer.BadParameter(f"{file}: {error.strerror}", param_hint="FILE") from None


def _show(on: str, result: Trial) -> None:
    typer.echo(f"On {on}: {len(result.rows)} would be stored, {sum(one.readings for one in result.refusals)} refused.")
    if result.rows:
        begin = ["begin"] if any(row.begin for row in result.rows) else []
        table = tables.table("device", "quantity", *begin, "time", "value", "unit", "quality")
        for row in result.rows:
            begun = [row.begin or ""] if begin else []
            table.add_row(row.device, row.quantity, *begun, row.time, tables.number(row.value), row.unit, row.quality)
        tables.show(table)
    for refusal in result.refusals:
        typer.echo(f"refused ({refusal.reason}, readings: {refusal.readings}): {refusal.detail}")
