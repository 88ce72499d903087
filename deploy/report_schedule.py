"""Which reports are made by themselves: declared in a file, of each period that has ended since a day."""

from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import Field

from deploy.errors import ScheduleError
from deploy.mail import Address, MailServer
from ingest.model.declarations import declared_file
from ingest.model.declarations.declaration import Declaration, Name
from kpi_engine.reports.period import ReportPeriod
from kpi_engine.reports.report import SignOff


class Every(StrEnum):
    """How long the period of a report is."""

    MONTH = "month"
    HALF_YEAR = "half-year"
    YEAR = "year"


class ScheduledReport(Declaration):
    """One report a period, ``days_after`` its end, when late readings are in; the first period begins at ``since``.

    ``mail``: who is sent each archive beside ``folder``. ``for_evaluators``: without what single households used.
    """

    city: Name
    every: Every
    since: date
    days_after: Annotated[int, Field(ge=0, le=366)] = 5
    folder: Path
    mail: tuple[Address, ...] = ()
    sites: bool = False
    pdf: bool = False
    for_evaluators: bool = False
    author: Annotated[str, Field(max_length=2_000)] = ""
    note: Annotated[str, Field(max_length=2_000)] = ""
    licence: Annotated[str, Field(max_length=2_000)] = SignOff.licence

    @property
    def sign_off(self) -> SignOff:
        """What people say beside the figures."""
        return SignOff(self.author, self.note, self.licence)

    def ended(self, today: date) -> Iterator[ReportPeriod]:
        """Yield the periods whose report is to be there on a day of the city, the oldest first."""
        year = self.since.year
        while True:
            for text in _periods(self.every, year):
                period = ReportPeriod.parse(text)
                if period.after + timedelta(days=self.days_after) > today:
                    return
                if period.first >= self.since:
                    yield period
            year += 1

    def path(self, period: ReportPeriod) -> Path:
        """Return where the archive of a period is kept."""
        return self.folder / f"{self.city}-{period.text}.zip"


class ReportSchedule(Declaration):
    """A file of scheduled reports; ``mail_server`` where any is sent by mail."""

    reports: Annotated[tuple[ScheduledReport, ...], Field(min_length=1)]
    mail_server: MailServer | None = None


def load(path: Path) -> ReportSchedule:
    """Read such a file; raises ScheduleError with every fault."""
    schedule = declared_file.load(path, ReportSchedule, ScheduleError)
    if schedule.mail_server is None and any(one.mail for one in schedule.reports):
        raise ScheduleError(f"{path}: expected mail_server, since reports are sent by mail")
    return schedule


def _periods(every: Every, year: int) -> list[str]:
    match every:
        case Every.MONTH:
            return [f"{year}-{month:02}" for month in range(1, 13)]
        case Every.HALF_YEAR:
            return [f"{year}-H1", f"{year}-H2"]
        case Every.YEAR:
            return [str(year)]
