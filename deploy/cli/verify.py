"""``pharos verify``: whether the archive of a report is as it was sealed, and every figure in it comes out again."""

from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn

from deploy.kpi.answers import print_json
from deploy.options import Json
from kpi_engine.errors import ReportError
from kpi_engine.reports import checking
from kpi_engine.reports.archive import reading
from kpi_engine.reports.checking import Verdict, Verification


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(verify)


def verify(
    file: Annotated[Path, typer.Argument(help="The archive of a report.", exists=True, dir_okay=False)],
    key: Annotated[
        Path | None, typer.Option(help="Public key that must have signed it.", exists=True, dir_okay=False)
    ] = None,
    whole: Annotated[
        Path | None,
        typer.Option(
            help="The whole report, with the inputs that a report for evaluators leaves out.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Compute every figure of a report again from the archive alone: without database, without network.

    Exit code 1 where the archive was altered, another key signed it, or a figure does not come out again.

    Example: pharos verify sonderborg-2026-10.zip
    """
    columns = (SpinnerColumn(), TextColumn("{task.completed} figures computed"))
    with (
        reading(file) as archive,
        reading(whole) if whole else nullcontext() as complete,
        Progress(*columns, console=Console(stderr=True), transient=True) as progress,
    ):
        task = progress.add_task("", total=None)
        expected = key.read_bytes() if key else None
        found = checking.verify(archive, expected, lambda: progress.advance(task), complete)
    if as_json:
        print_json({"file": str(file), "holds": found.holds, **vars(found)})
    else:
        _tell(file, found)
    if not found.holds:
        why = (
            "it is not as it was sealed" if found.faults else f"{len(found.failures)} of what it says do not reproduce"
        )
        raise ReportError(f"{file}: {why}")


def _tell(file: Path, found: Verification) -> None:
    for fault in found.faults:
        typer.echo(f"{file}: {fault}")
    if found.faults:
        return
    typer.echo(f"{file}: {found.title}")
    typer.echo(f"Unaltered since it was sealed with key {found.key}.")
    typer.echo(f"{found.verdicts[Verdict.REPRODUCES]} of {found.verdicts.total()} figures reproduce to the last bit.")
    if withheld := found.verdicts[Verdict.INPUTS_WITHHELD]:
        typer.echo(
            f"{withheld} figures have households behind them, so their inputs are left out; each has the digest of "
            "them. Whoever has the whole report computes them with --whole."
        )
    if found.savings:
        typer.echo(
            f"{found.savings[Verdict.REPRODUCES]} of {found.savings.total()} savings come out of their days again."
        )
    if found.targets:
        typer.echo(f"{found.targets[Verdict.REPRODUCES]} of {found.targets.total()} targets are judged alike again.")
    for failure in found.failures:
        typer.echo(failure)
