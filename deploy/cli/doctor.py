"""``pharos doctor``: a check of everything a start of the embedded stack needs."""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import psycopg
import typer
from rich.text import Text

from deploy import settings, tables
from deploy.embedded.prerequisites import Finding, examine
from deploy.embedded.wishes import BrokerKind, Wishes
from deploy.options import Json
from deploy.settings import Address
from ingest.wording import in_words
from processors.storage.database import connect
from processors.storage.schema import examination

Data = Annotated[Path | None, typer.Option(help="Data folder to look at; PHAROS_DATA or ./data when left out.")]
Broker = Annotated[BrokerKind, typer.Option(help="The MQTT broker to look for.")]
PostgresBin = Annotated[
    Path | None, typer.Option(help="Folder with initdb and postgres of a server of this machine, to look at instead.")
]
Cities = Annotated[list[Path] | None, typer.Option("--city", help="City file to check; repeatable.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("doctor")(doctor)


def doctor(
    data: Data = None,
    broker: Broker = BrokerKind.NATS,
    city: Cities = None,
    postgres_bin: PostgresBin = None,
    as_json: Json = False,
) -> None:
    """Check everything that pharos up needs, without starting anything; exit code 1 when something is missing.

    Where PHAROS_DATABASE_URL names a database, it is looked at as well: versions, extension, privileges, policies.

    Example: pharos doctor --data ~/pharos
    """
    http, mqtt = Address("127.0.0.1", 8080), Address("127.0.0.1", 1883)
    wishes = Wishes(http, mqtt, broker, tuple(city or ()), demo=True, postgres_bin=postgres_bin)
    chosen = settings.load(data)
    findings = list(examine(chosen.data, wishes))
    if chosen.database_url:
        findings += _database(chosen.database())
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings], indent=2))
    else:
        table = tables.table("", "looked at", "found")
        for finding in findings:
            table.add_row("ok" if finding.good else Text("no", "red"), finding.subject, finding.found)
        tables.show(table)
    if not all(finding.good for finding in findings):
        raise typer.Exit(1)


def _database(url: str) -> Iterator[Finding]:
    try:
        with closing(connect(url, "pharos doctor")) as connection:
            yield Finding("database", True, "answers")
            for examined in examination.examine(connection):
                yield Finding(examined.subject, examined.good, examined.found)
    except psycopg.Error as error:
        yield Finding("database", False, in_words(error))
