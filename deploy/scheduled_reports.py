"""Making the reports that are due, and sending them: each once into its folder, each at least once to its readers."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage
from pathlib import Path
from typing import Final

import psycopg
import structlog

from deploy.errors import MailError, MissingPackageError
from deploy.mail import MailServer, send
from deploy.report_document import report_document
from deploy.report_schedule import ReportSchedule, ScheduledReport
from ingest.model.calendar import day_of
from ingest.model.time import SECOND, isoformat
from ingest.wording import in_words
from kpi_engine.errors import ReportError
from kpi_engine.export.source import one_moment
from kpi_engine.privacy.viewing import Viewing
from kpi_engine.reports.freezing import ReportScope
from kpi_engine.reports.period import ReportPeriod
from kpi_engine.reports.report import freeze
from kpi_engine.reports.signing import Signer
from kpi_engine.subjects import subject_index
from kpi_engine.subjects.subject import SubjectName
from kpi_engine.subjects.subject_index import SubjectIndex
from processors.storage.database import Connection

APPLICATION: Final = "pharos report"
LARGEST_ATTACHMENT: Final = 10 << 20  # bytes; many servers take no more in one message

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Postbox:
    """Where reports are made and sent from."""

    url: str
    signer: Signer


def deliver(schedule: ReportSchedule, postbox: Postbox, now: int) -> list[str]:
    """Make and send what is due at ``now``; return in sentences what could not be, which is tried again next time."""
    troubles = []
    for one in schedule.reports:
        try:
            for path in _made(one, postbox, now):
                _sent(one, path, schedule.mail_server, now)
        except (ReportError, MailError, MissingPackageError, OSError, psycopg.OperationalError) as error:
            troubles.append(f"{one.city}, every {one.every}: {in_words(error)}")
    return troubles


def _made(one: ScheduledReport, postbox: Postbox, now: int) -> Iterator[Path]:
    """Yield the archives of the periods that have ended; those that are not there yet are made first."""
    with one_moment(postbox.url, APPLICATION) as connection:
        index = subject_index.load(connection)
        for period in one.ended(_today(index, one, now)):
            path = one.path(period)
            if not path.exists():
                _freeze(connection, index, one, period, postbox.signer, now)
            yield path


def _today(index: SubjectIndex, one: ScheduledReport, now: int) -> date:
    subject = index.by_name.get(SubjectName(one.city))
    if subject is None:
        raise ReportError(f"no indicator is computed for {one.city}, so there is nothing to report")
    return day_of(now, subject.zone)


def _freeze(  # noqa: PLR0913, PLR0917 - what a report is made of
    connection: Connection, index: SubjectIndex, one: ScheduledReport, period: ReportPeriod, signer: Signer, now: int
) -> None:
    path = one.path(period)
    path.parent.mkdir(parents=True, exist_ok=True)
    document = report_document() if one.pdf else None
    viewing = Viewing(connection, now, is_limited=True) if one.for_evaluators else None
    frozen = freeze(connection, index, ReportScope(one.city, period, one.sites), one.sign_off, now, viewing)
    figures = frozen.write(path, signer, document)
    log.info("report made", file=str(path), figures=figures)


def _sent(one: ScheduledReport, path: Path, server: MailServer | None, now: int) -> None:
    """Send an archive to those who do not have it; who got it when is kept beside it."""
    record = path.with_name(f"{path.name}.sent.json")
    had: dict[str, str] = json.loads(record.read_text(encoding="utf-8")) if record.exists() else {}
    if server is None or not (lacking := [address for address in one.mail if address not in had]):
        return
    send(server, _message(one, path, lacking))
    record.write_text(json.dumps({**had, **dict.fromkeys(lacking, isoformat(now // SECOND * SECOND))}, indent=1))
    log.info("report sent", file=str(path), readers=len(lacking))


def _message(one: ScheduledReport, path: Path, readers: list[str]) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = f"Report {path.stem}"
    message["To"] = ", ".join(readers)
    is_small = path.stat().st_size <= LARGEST_ATTACHMENT
    where = "It is attached." if is_small else f"It is too large for a mail; it is kept as {path}."
    note = f"\n\n{one.note}" if one.note else ""
    message.set_content(
        f"The report {path.stem} was made. {where} Its page is report.html in the archive; whoever has Pharos can "
        f"check every figure with: pharos verify {path.name}{note}\n"
    )
    if is_small:
        message.add_attachment(path.read_bytes(), maintype="application", subtype="zip", filename=path.name)
    return message
