"""Computing many figures at once: those of one subject and period share a window, all windows share their queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from ingest.model.calendar import Period, floor, following
from kpi_engine.extents import horizon
from kpi_engine.figures import Figure, FigureKey, figure
from kpi_engine.indicator import Indicator, Needs
from kpi_engine.indicators import INDICATORS
from kpi_engine.loading import load
from kpi_engine.plan import Request
from kpi_engine.roster import Roster
from kpi_engine.subjects import Subject
from kpi_engine.window import Window
from processors.storage.database import Connection


@dataclass(frozen=True)
class _Job:
    """Figures of one subject, period and carrier, which share a window; ``through`` is its end or the horizon."""

    subject: Subject
    period: Period
    start: int
    end: int
    through: int
    indicators: Sequence[Indicator[Any]]

    @property
    def request(self) -> Request:
        """The window that holds what all indicators of the job need."""
        return Request(self.subject, self.start, self.through, Needs.merged([i.needs for i in self.indicators]))


def compute(connection: Connection, roster: Roster, keys: Iterable[FigureKey], now: int) -> list[Figure]:
    """Return the figures for ``keys`` as of ``now``; what no longer exists, or has not begun, is left out."""
    jobs = [job for job in _jobs(roster, keys, now) if job.start < job.through]
    windows = load(connection, [job.request for job in jobs], roster.factors)
    known = _as_far_as_known(connection, roster, jobs, windows)
    return [
        figure(
            FigureKey(indicator.name, job.subject.key, job.period, job.start),
            job.end,
            indicator,
            window,
            known.get((number, indicator.name)),
        )
        for number, (job, window) in enumerate(zip(jobs, windows, strict=True))
        for indicator in job.indicators
    ]


def _as_far_as_known(
    connection: Connection, roster: Roster, jobs: Sequence[_Job], windows: Sequence[Window]
) -> dict[tuple[int, str], Window]:
    """Return, where a meter lags behind in an open period, the window up to where all of them are known.

    By the job's number and the indicator's name: one register that fell silent holds up only what is made of it.
    """
    lagging: dict[tuple[int, str], Request] = {}
    for number, (job, window) in enumerate(zip(jobs, windows, strict=True)):
        for indicator in job.indicators if job.through < job.end else ():
            reached = window.reach(indicator.needs.quantities)
            end = floor(reached, Period.HOUR, job.subject.zone) if reached is not None else job.start
            if job.start < end < job.through:
                lagging[number, indicator.name] = replace(job.request, end=end)
    loaded = load(connection, list(lagging.values()), roster.factors) if lagging else []
    return dict(zip(lagging, loaded, strict=True))


def _jobs(roster: Roster, keys: Iterable[FigureKey], now: int) -> Iterable[_Job]:
    alive = [key for key in keys if key.subject in roster.subjects and _computes(roster.subjects[key.subject], key)]
    for _, group in groupby(sorted(alive, key=_window), key=_window):
        together = list(group)
        key, subject = together[0], roster.subjects[together[0].subject]
        end = following(key.start, key.period, subject.zone)
        indicators = [INDICATORS[one.kpi] for one in together]
        yield _Job(subject, key.period, key.start, end, min(end, horizon(now, subject.zone)), indicators)


def _computes(subject: Subject, key: FigureKey) -> bool:
    return any(indicator.name == key.kpi for indicator in subject.indicators)


def _window(key: FigureKey) -> tuple[int, int, Period, int, str]:
    city_id, site_id = key.subject
    return city_id, site_id or 0, key.period, key.start, INDICATORS[key.kpi].needs.carrier
