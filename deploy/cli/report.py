"""``pharos report``: figures of a period, frozen with all they were computed from; what differs between two reports."""

import json
from dataclasses import replace
from pathlib import Path
from time import time_ns
from typing import Annotated, Final

import structlog
import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from typer.core import TyperGroup

from deploy import registered, report_schedule, scheduled_reports, settings, tables
from deploy.civil_time import instant
from deploy.kpi.answers import print_json
from deploy.logging import configure
from deploy.options import Json
from deploy.report_document import report_document
from deploy.roles.role import Stop
from deploy.scheduled_reports import Postbox
from kpi_engine.errors import ReportError
from kpi_engine.export.source import one_moment
from kpi_engine.figures.status import number
from kpi_engine.privacy.viewing import Viewing
from kpi_engine.reports.archive import reading
from kpi_engine.reports.differences import differences, savings_differences, target_differences
from kpi_engine.reports.freezing import ReportScope
from kpi_engine.reports.frozen import FrozenFigure
from kpi_engine.reports.frozen_savings import FrozenSavings
from kpi_engine.reports.frozen_target import FrozenTarget
from kpi_engine.reports.period import ReportPeriod
from kpi_engine.reports.report import Document, Frozen, SignOff, freeze
from kpi_engine.reports.signing import FILE, Signer, fingerprint
from kpi_engine.subjects import subject_index
from kpi_engine.subjects.subject import SubjectName

FREEZE: Final = "freeze"
LOOK_SECONDS: Final = 3_600.0

log = structlog.get_logger(__name__)

Key = Annotated[
    Path | None,
    typer.Option(help=f"Private key to sign with, made where there is none; else {FILE} in the data folder."),
]


class _FreezingGroup(TyperGroup):
    """``pharos report CITY PERIOD`` freezes: the word for it may be left out."""

    default = FREEZE

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]  # typer's own context
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            args = [self.default, *args]
        return super().parse_args(ctx, args)


_group = typer.Typer(cls=_FreezingGroup, name="report", help="Reports that prove themselves.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.add_typer(_group)


@_group.command(FREEZE)
def freeze_(  # noqa: PLR0913, PLR0917 - an option each
    city: Annotated[str, typer.Argument(help="A registered city.")],
    period: Annotated[str, typer.Argument(help="2026-10, 2026-H1, 2026, or 2026-10..2027-04.")],
    out: Annotated[Path | None, typer.Option(help="The archive to write; else CITY-PERIOD.zip in this folder.")] = None,
    sites: Annotated[bool, typer.Option(help="Also figures of each site, beside city and groups.")] = False,
    author: Annotated[str, typer.Option(help="Who answers for it: name and role.")] = "",
    note: Annotated[str, typer.Option(help="What a reader must know beside the figures.")] = "",
    licence: Annotated[str, typer.Option(help="Under which the files may be used.")] = SignOff.licence,
    key: Key = None,
    pdf: Annotated[bool, typer.Option("--pdf", help="Also a PDF in the archive.")] = False,
    for_evaluators: Annotated[
        bool, typer.Option("--for-evaluators", help="Leave out what would tell of single households, and say so.")
    ] = False,
    as_of: Annotated[str | None, typer.Option(help="As known at this RFC 3339 instant or on this day.")] = None,
    as_json: Json = False,
) -> None:
    """Freeze the figures of a period as they are known now, with all they were computed from, signed.

    Example: pharos report sonderborg 2026-10 --author "A. Jensen, energy planner"
    """
    document = report_document() if pdf else None
    asked = ReportPeriod.parse(period)
    path = out or Path(f"{city}-{period.replace('..', '-to-')}.zip")
    signer = Signer.of(_key(key))
    with one_moment(settings.load().database(), "pharos report") as connection:
        registered.require_city(connection, city)
        index = subject_index.load(connection)
        subject = index.by_name.get(SubjectName(city))
        known_at = instant(as_of, subject.zone, "--as-of") if as_of and subject else None
        scope = ReportScope(city, asked, sites, known_at)
        now = time_ns() // 1_000
        viewing = Viewing(connection, now, is_limited=True) if for_evaluators else None
        frozen = freeze(connection, index, scope, SignOff(author, note, licence), now, viewing)
        count = _written(frozen, path, signer, document)
    if as_json:
        print_json({"file": path, "figures": count, "key": fingerprint(signer.public_key)})
        return
    typer.echo(f"{path}: {count} figures, signed with key {fingerprint(signer.public_key)}")
    typer.echo(f"Whoever has it can check it: pharos verify {path}")


@_group.command("diff")
def diff(
    before: Annotated[Path, typer.Argument(help="The earlier archive.", exists=True, dir_okay=False)],
    after: Annotated[Path, typer.Argument(help="The later archive.", exists=True, dir_okay=False)],
    as_json: Json = False,
) -> None:
    """Explain every figure that two reports do not say alike.

    Example: pharos report diff sonderborg-2026-10.zip sonderborg-2026-10-revised.zip
    """
    with reading(before) as former, reading(after) as later:
        found = list(differences(former.figures(), later.figures()))
        saved = list(savings_differences(former.savings(), later.savings()))
        aimed = list(target_differences(former.targets(), later.targets()))
    if as_json:
        changes: list[dict[str, object]] = []
        for one in found:
            figures = {"before": _brief(one.before), "after": _brief(one.after)}
            changes.append({"figure": one.name, **figures, "why": one.why})
        for each in saved:
            ends = {"before": _avoided(each.before), "after": _avoided(each.after)}
            changes.append({"savings": each.name, **ends, "why": each.why})
        for target in aimed:
            sides = {"before": _target_status(target.before), "after": _target_status(target.after)}
            changes.append({"target": target.name, **sides, "why": target.why})
        print_json(changes)
        return
    if not found and not saved and not aimed:
        typer.echo("Both say the same of every figure.")
        return
    table = tables.table("figure", "before", "after", "why")
    for one in found:
        table.add_row(one.name, _words(one.before), _words(one.after), "; ".join(one.why))
    for each in saved:
        was, now = (_avoided_words(each.before), _avoided_words(each.after))
        table.add_row(f"savings of {each.name}", was, now, "; ".join(each.why))
    for target in aimed:
        was, now = (_target_words(target.before), _target_words(target.after))
        table.add_row(f"target {target.name}", was, now, "; ".join(target.why))
    tables.show(table)


@_group.command("keep")
def keep(
    schedule: Annotated[Path, typer.Argument(help="A file of scheduled reports.", exists=True, dir_okay=False)],
    once: Annotated[bool, typer.Option("--once", help="Make and send what is due, and end.")] = False,
    key: Key = None,
) -> None:
    """Make reports when their periods have ended, into folders and by mail, as a file says. Looks once an hour.

    With --once, exit code 1 where anything could not be made or sent.

    Example: pharos report keep reports.yaml --once
    """
    declared = report_schedule.load(schedule)
    postbox = Postbox(settings.load().database(), Signer.of(_key(key)))
    if once:
        if troubles := scheduled_reports.deliver(declared, postbox, time_ns() // 1_000):
            raise ReportError("\n".join(troubles))
        return
    configure("report")
    stop = Stop()
    while not stop:
        for trouble in scheduled_reports.deliver(declared, postbox, time_ns() // 1_000):
            log.warning("report not delivered, trying again", cause=trouble)
        stop.wait(LOOK_SECONDS)


@_group.command("key")
def key_(key: Key = None, as_json: Json = False) -> None:
    """Print the public key of this installation, for those who check its reports.

    Example: pharos report key
    """
    signer = Signer.of(_key(key))
    if as_json:
        print_json({"public_key": signer.public_key.decode(), "fingerprint": fingerprint(signer.public_key)})
        return
    typer.echo(signer.public_key.decode().strip())
    typer.echo(f"fingerprint: {fingerprint(signer.public_key)}", err=True)


def _key(asked: Path | None) -> Path:
    return asked or settings.load().report_key()


def _written(frozen: Frozen, path: Path, signer: Signer, document: Document | None) -> int:
    columns = (SpinnerColumn(), TextColumn("{task.description}: {task.completed} figures"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        shown = progress.track(frozen.figures, description=path.name)
        return replace(frozen, figures=iter(shown)).write(path, signer, document)


def _words(figure: FrozenFigure | None) -> str:
    if figure is None:
        return "none"
    if figure.value is None:
        return f"none ({figure.reason})"
    return f"{number(figure.value)} {figure.unit}, {figure.status}"


def _brief(figure: FrozenFigure | None) -> dict[str, object] | None:
    shown_fields = {"value", "lower", "upper", "unit", "status", "reason", "revision", "computed_at"}
    return None if figure is None else json.loads(figure.model_dump_json(include=shown_fields))


def _target_status(target: FrozenTarget | None) -> dict[str, object] | None:
    if target is None or target.said is None:
        return None
    return {"status": target.said.status, "year": target.said.year, "reason": target.said.reason}


def _target_words(target: FrozenTarget | None) -> str:
    if target is None:
        return "none"
    if target.said is None:
        return f"unknown ({target.unfit})"
    return f"{target.said.status.replace('_', ' ')} {target.said.year or ''}".strip()


def _avoided(savings: FrozenSavings | None) -> dict[str, object] | None:
    return None if savings is None or savings.said is None else savings.said["avoided"]


def _avoided_words(savings: FrozenSavings | None) -> str:
    avoided = _avoided(savings)
    if avoided is None:
        return "none"
    value = avoided["value"]
    return f"{number(value)} kWh, {avoided['status']}" if isinstance(value, float) else f"none ({avoided['reason']})"
