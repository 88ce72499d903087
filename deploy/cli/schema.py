"""``pharos schema``: JSON Schemas and the AsyncAPI document, made from what reads and writes the payloads."""

import json
from typing import Annotated, Final

import typer

from deploy.schemas import SCHEMAS
from ingest.model.declarations.expected import one_of

NAMES: Final = ", ".join(SCHEMAS)
What = Annotated[str, typer.Argument(metavar="NAME", help=f"One of: {NAMES}.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(name="schema")(schema)


def schema(what: What) -> None:
    """Print a description of the interfaces for programs: a JSON Schema, or the AsyncAPI document of MQTT.

    Example: pharos schema asyncapi > pharos.asyncapi.json
    """
    if what not in SCHEMAS:
        raise typer.BadParameter(one_of(SCHEMAS, what), param_hint="NAME")
    typer.echo(json.dumps(SCHEMAS[what](), indent=1))
