"""Computing many figures at once: each has its window, and all windows share their queries and what they read."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ingest.model.calendar import Period, floor, following
from kpi_engine.engine.computed_range import horizon
from kpi_engine.figures.figure import Figure, FigureKey, figure
from kpi_engine.indicators import INDICATORS
from kpi_engine.subjects.subject_index import SubjectIndex
from kpi_engine.window import KNOWN_FROM, Window
from kpi_engine.windows.loading import load, metric_figure
from kpi_engine.windows.memory import EngineMemory
from kpi_engine.windows.plan import Request
from processors.storage.database import Connection

METERS_AT_ONCE: Final = 500_000  # of all figures together, each as often as one reads it


@dataclass(frozen=True)
class _Job:
    """A figure, the end of its period, and the window it needs: to that end, or to the horizon."""

    key: FigureKey
    end: int
    request: Request

    @property
    def is_open(self) -> bool:
        """Whether the period goes on."""
        return self.request.end < self.end


def compute(
    connection: Connection,
    index: SubjectIndex,
    keys: Iterable[FigureKey],
    now: int,
    memory: EngineMemory | None = None,
) -> list[Figure]:
    """Return the figures for ``keys`` as of ``now``; what no longer exists, or has not begun, is left out."""
    jobs = [job for job in _jobs(index, keys, now) if job.request.start < job.request.end]
    return [one for portion in _portions(jobs) for one in _computed(connection, index, portion, memory)]


def _computed(
    connection: Connection, index: SubjectIndex, jobs: Sequence[_Job], memory: EngineMemory | None
) -> list[Figure]:
    windows = load(connection, [job.request for job in jobs], memory)
    known = _as_far_as_known(connection, jobs, windows, memory)
    if memory:
        _remember(index, jobs, windows, known, memory)
    return [
        figure(job.key, job.end, job.request.indicator, window, known.get(job.key))
        for job, window in zip(jobs, windows, strict=True)
    ]


def _remember(
    index: SubjectIndex,
    jobs: Sequence[_Job],
    windows: Sequence[Window],
    known: Mapping[FigureKey, Window],
    memory: EngineMemory,
) -> None:
    """Keep the figures that others take, so that they are not computed again for those."""
    for job, window in zip(jobs, windows, strict=True):
        if (job.key.kpi, job.key.subject) in index.taking:
            for one in filter(None, (window, known.get(job.key))):
                memory.figures[job.request.taken_until(one.end)] = metric_figure(job.request, one)


def _portions(jobs: Sequence[_Job]) -> Iterator[list[_Job]]:
    """Yield figures one after the other of about METERS_AT_ONCE meters: memory is bounded."""
    portion: list[_Job] = []
    size = 0
    for job in jobs:
        portion.append(job)
        size += len(job.request.subject.meters_of(job.request.indicator))
        if size >= METERS_AT_ONCE:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion


def _as_far_as_known(
    connection: Connection, jobs: Sequence[_Job], windows: Sequence[Window], memory: EngineMemory | None
) -> dict[FigureKey, Window]:
    """Return, where a meter lags behind in an open period, the window up to where all of them are known.

    One register that fell silent holds up only what is made of it, and only as long as it lags by little: beyond, the
    figure is that of the whole window, in which what the register lacks is filled and widens the bounds.
    """
    lagging: dict[FigureKey, Request] = {}
    for job, window in zip(jobs, windows, strict=True):
        request = job.request
        reached = window.reach() if job.is_open else None
        end = request.start if reached is None else floor(reached, Period.HOUR, request.subject.zone)
        if end - request.start >= KNOWN_FROM * (request.end - request.start) and end < request.end:
            lagging[job.key] = replace(request, end=end)
    loaded = load(connection, list(lagging.values()), memory) if lagging else []
    return dict(zip(lagging, loaded, strict=True))


def _jobs(index: SubjectIndex, keys: Iterable[FigureKey], now: int) -> Iterator[_Job]:
    """Yield what there is to compute; a key whose start is none in the city's present zone is of a former one."""
    for key in sorted(keys, key=_order):
        subject = index.subjects.get(key.subject)
        if subject and key.kpi in subject.meter_sets and floor(key.start, key.period, subject.zone) == key.start:
            end = following(key.start, key.period, subject.zone)
            request = Request(subject, key.start, min(end, horizon(now, subject.zone)), INDICATORS[key.kpi])
            yield _Job(key, end, request)


def _order(key: FigureKey) -> tuple[int, int, Period, int, str]:
    city_id, site_id = key.subject
    return city_id, site_id or 0, key.period, key.start, key.kpi
