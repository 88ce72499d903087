"""``pharos factors``: the published emission factors, each with its source."""

import json
from typing import Annotated

import typer
from rich.table import Table

from deploy import settings, tables
from kpi_engine.factors import registry
from kpi_engine.factors.factor import Factor
from kpi_engine.factors.files import shipped
from processors.storage import database

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
Shipped = Annotated[bool, typer.Option("--shipped", help="Those of this version, without asking a database.")]

_group = typer.Typer(help="Emission factors: dated, sourced, never changed once published.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.add_typer(_group, name="factors")


@_group.callback()
def group() -> None:
    """Emission factors: dated, sourced, never changed once published."""


@_group.command("list")
def list_(from_files: Shipped = False, as_json: Json = False) -> None:
    """List every published factor with its validity and source.

    Example: pharos factors list --json
    """
    factors = shipped() if from_files else _published()
    if as_json:
        typer.echo(json.dumps([factor.model_dump(mode="json") for factor in factors], indent=2))
    else:
        tables.show(_table(factors))
        for factor in factors:
            typer.echo(_rest(factor))


def _published() -> list[Factor]:
    with database.connect(settings.load().database(), "pharos factors") as connection:
        return registry.load(connection)


def _table(factors: list[Factor]) -> Table:
    table = tables.table("name", "version", "carrier", "valid", "value", "unit", "boundary", "view", "verified")
    for factor in factors:
        valid = f"from {factor.valid_from}" + (f" to {factor.valid_to}" if factor.valid_to else "")
        basis = (factor.boundary or "not stated", factor.view or "-", "yes" if factor.verified else "no")
        table.add_row(factor.name, factor.version, factor.carrier, valid, repr(factor.value), factor.unit, *basis)
    return table


def _rest(factor: Factor) -> str:
    """Return in a line what has no place in the table."""
    said = [factor.region, factor.year and f"of {factor.year}", factor.calorific_basis, f"gases: {factor.gwp}"]
    return f"{factor.name} {factor.version}: {factor.source}, {factor.page} ({'; '.join(filter(None, said))})"
