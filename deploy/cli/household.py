"""``pharos household``: erase what is kept of a household, and show what was erased."""

import json
from dataclasses import asdict
from datetime import date
from typing import Annotated

import typer

from deploy import registered, settings
from deploy.options import Json
from ingest.model.time import isoformat, to_micros
from kpi_engine.privacy import erasure
from kpi_engine.privacy.erasure import ErasureAsked
from kpi_engine.subjects import subject_index
from processors.storage.database import connect
from processors.storage.registry import registry

City = Annotated[str, typer.Argument(help="The city, as registered.")]
Site = Annotated[str | None, typer.Option(help="The site: all its devices.")]
Devices = Annotated[list[str] | None, typer.Option("--device", help="A device, by its name; may be repeated.")]
Author = Annotated[str, typer.Option(help="Who says so.")]
Reason = Annotated[str, typer.Option(help="Why, without the name of anybody: it stays.")]
Words = Annotated[
    list[str] | None, typer.Option("--word", help="Taken out of sentences of figures: former names; may be repeated.")
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
OfCity = Annotated[str | None, typer.Option("--city", help="Only of this city.")]

_group = typer.Typer(no_args_is_help=True, help="Households: erase what is kept of one.")
APPLICATION = "pharos household"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(_group, name="household")


@_group.command("erase")
def erase(  # noqa: PLR0913 - what is erased, by whom and why
    city: City,
    *,
    author: Author,
    reason: Reason,
    site: Site = None,
    device: Devices = None,
    word: Words = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Erase the readings of a household for ever, with everything made of them alone.

    Figures of groups and of the city stay with their digests, say that their inputs were erased, by whom and why, and
    are never computed again. Its devices must have ended (valid_to in the city file); give them neutral names there
    before.

    Example: pharos household erase sonderborg --site flat-17 --author "Data protection officer" --reason "asked for it"
    """
    with connect(settings.load().database(), APPLICATION) as connection:
        registered.require_city(connection, city)
        catalogue = registry.load(connection)
        found = erasure.devices_of(catalogue.cities[city], site, device or [])
        names = [one.name for one in found]
        if not yes:
            typer.confirm(f"Erase all readings of {', '.join(names)} for ever?", abort=True, err=as_json)
        asked = ErasureAsked(city, names, author, reason, word or [])
        index = subject_index.load(connection)
        done = erasure.erase(connection, catalogue, index, asked, date.today())  # noqa: DTZ011 - as its people count days
        connection.commit()
    if as_json:
        typer.echo(json.dumps({"city": city, "devices": names, **asdict(done)}))
        return
    typer.echo(
        f"Erased, as number {done.erasure_id}: {done.rows} rows of {', '.join(names)} and {done.own_figures} figures "
        f"of nobody else. {done.figures} figures of others stay without their inputs. Backups are not reached."
    )


@_group.command("erasures")
def erasures(city: OfCity = None, as_json: Json = False) -> None:
    """Show what was erased, when, by whom and why.

    Example: pharos household erasures --city sonderborg
    """
    with connect(settings.load().database(), APPLICATION) as connection:
        registered.require_city(connection, city)
        found = erasure.erasures(connection, city)
    if as_json:
        typer.echo(json.dumps([{**one, "erased_at": isoformat(to_micros(one["erased_at"]))} for one in found]))
        return
    for one in found:
        day = isoformat(to_micros(one["erased_at"]))[:10]
        typer.echo(
            f"{one['erasure_id']}: {day}, {one['city']}, {one['series']} series, {one['author']}: {one['reason']}"
        )
    if not found:
        typer.echo("Nothing was erased.")
