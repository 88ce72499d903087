"""``pharos crashtest``: kill -9 everything, again and again, under load, to see what is lost or doubled."""

import json
import random
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from deploy import tables
from deploy.crashtest.run import Outcome, crashtest
from deploy.options import Json

Rounds = Annotated[int, typer.Option(min=1, help="How many kills, 0.2 to 5 s apart.")]
Rate = Annotated[int, typer.Option(min=1, max=50_000, help="Messages a second, four readings each.")]
Seed = Annotated[int | None, typer.Option(help="Repeats a schedule; chosen and printed, where left out.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("crashtest")(command)


def command(rounds: Rounds = 20, rate: Rate = 2000, seed: Seed = None, as_json: Json = False) -> None:
    """Start a stack of its own in a temporary folder, load it, kill its parts in turn, and compare.

    What the publisher recorded as acknowledged must be stored exactly once, and the ledger be exact. Exit code 0 when
    it is, 1 when not. Nothing outside the temporary folder is touched.

    Example: pharos crashtest --rounds 100 --seed 7
    """
    chosen = random.randrange(1_000_000) if seed is None else seed  # noqa: S311 - a schedule, no secret
    console = Console(stderr=True, highlight=False)
    console.print(f"{rounds} kills at {rate:,} messages/s, seed {chosen}")
    outcome = crashtest(rounds, rate, chosen, console.print)
    if as_json:
        figures = {key: value for key, value in asdict(outcome).items() if key != "report"}
        typer.echo(json.dumps({"seed": chosen, **figures, **outcome.report.document()}, indent=2))
    else:
        tables.show(*_tables(outcome))
    raise typer.Exit(0 if outcome.report.holds else 1)


def _tables(outcome: Outcome) -> tuple[Table, Table]:
    claims = tables.table(
        "claim", "holds", title="Verdict: " + ("nothing lost, nothing doubled" if outcome.report.holds else "FAILED")
    )
    for claim, holds in outcome.report.checks.items():
        claims.add_row(claim, Text("yes", "green") if holds else Text("NO", "bold red"))
    figures = tables.table("figure", "value")
    for name, count in asdict(outcome.report).items():
        figures.add_row(
            f"{name.replace('_', ' ')} (readings)" if name != "rollups_off" else "rollups off", f"{count:,}"
        )
    figures.add_row("kills", ", ".join(f"{part} {count}" for part, count in sorted(outcome.kills.items())))
    figures.add_row("published", f"{outcome.rate:,.0f} messages/s over {outcome.seconds:.0f} s")
    figures.add_row("publisher reconnected", f"{outcome.reconnections} times")
    figures.add_row(
        "at rest after", f"{outcome.drain_seconds:.1f} s" + (f": NOT. {outcome.unrest}" if outcome.unrest else "")
    )
    return claims, figures
