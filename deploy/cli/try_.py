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
from ingest.model.city.assets import City
from ingest.model.city.binding import Binding
from ingest.model.declarations.expected import one_of
from ingest.model.observation import RawMessage
from ingest.model.topic_template import DEVICE
from ingest.topics import Channel, topic
from processors.intake.trial import Trial, trial

NATIVE: Final = "pharos"
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
    message = RawMessage(on or _first_topic(cities, binding), _read(file), time.time_ns() // 1000)
    if decoder is not None:
        cities = [_read_by(decoder, message.topic, one) for one in cities]
    result = trial(message, cities, decoders.DECODERS[decoder or NATIVE], chosen.limits())
    if as_json:
        typer.echo(json.dumps({"topic": message.topic, **asdict(result)}))
    else:
        _show(message.topic, result)
    raise typer.Exit(1 if result.refusals else 0)


def _first_topic(cities: list[City], binding: str | None) -> str:
    """Return the topic on which the first device speaks, or the first one of a binding."""
    for city in cities:
        bindings = {one.name: one for one in city.bindings}
        for device in city.devices:
            bound = device.binding.name if device.binding else None
            if binding in {None, bound}:
                native = topic(city.name, device.address, Channel.TELEMETRY)
                return _tried(bindings[bound], device.called) if bound else native
    if binding is not None:
        names = [one.name for city in cities for one in city.bindings]
        fault = f"no device speaks through {binding}" if binding in names else one_of(names, binding)
        raise typer.BadParameter(fault, param_hint="--binding")
    raise typer.BadParameter("expected a city file with a device (or PHAROS_CITIES)", param_hint="--city")


def _tried(binding: Binding, called: str) -> str:
    """Return a topic on which a device speaks by its binding."""
    decoder = decoders.DECODERS.get(binding.decoder)
    return binding.template.filled({**(decoder.tried if decoder else {}), DEVICE: called}, "any")


def _read_by(decoder: str, on: str, city: City) -> City:
    """Return ``city`` with this decoder in the binding of the topic ``on``, if it has one."""
    levels = on.split("/")
    bindings = [
        one if one.template.read(levels) is None else one.model_copy(update={"decoder": decoder})
        for one in city.bindings
    ]
    return city.model_copy(update={"bindings": tuple(bindings)})


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
            table.add_row(row.device, row.quantity, *begun, row.time, repr(row.value), row.unit, row.quality)
        tables.show(table)
    for refusal in result.refusals:
        typer.echo(f"refused ({refusal.reason}, readings: {refusal.readings}): {refusal.detail}")
