"""What Prometheus is told of cities: figures of the latest closed period, freshness of devices, alarms, what waits.

Read from the database every few seconds while somebody scrapes, beside; a scrape is answered from what was read last,
or by reading where nobody has scraped for a while. Labels are bounded by what city files declare and never name a
device or a site; a figure without a value is absent, never 0. Names and labels: docs/metrics.md.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import inf
from threading import Lock
from time import monotonic
from typing import Final
from zoneinfo import ZoneInfo

import psycopg
import structlog
from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from ingest.model.alarm_rules import ALARM_RULES
from ingest.model.calendar import Period
from ingest.model.freshness import State
from ingest.wording import in_words
from kpi_engine.api import known_devices
from kpi_engine.api.fetching import fetch
from kpi_engine.indicator import PERIODS
from kpi_engine.indicators import INDICATORS
from kpi_engine.metrics.store import store_metrics
from kpi_engine.targets import store as targets
from kpi_engine.targets.verdict import TargetStatus
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)

_START_FORMAT: Final = {Period.DAY: "%Y-%m-%d", Period.MONTH: "%Y-%m", Period.YEAR: "%Y"}
_FIGURE: Final = ("city", "kpi", "period", "start")

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class _Figure:
    """The figure of a city for its newest closed period of one kind."""

    city: str
    kpi: str
    period: str
    period_start: datetime
    period_end: datetime
    timezone: str
    value: float | None
    unit: str
    coverage: float
    estimated_share: float | None

    @property
    def labels(self) -> list[str]:
        """City, indicator, kind of period, and which one in civil time, such as 2026-11."""
        civil = self.period_start.astimezone(ZoneInfo(self.timezone))
        return [self.city, self.kpi, self.period, civil.strftime(_START_FORMAT[Period(self.period)])]


FRESH_SECONDS: Final = 30.0
"""What was read longer ago is not told."""
WANTED_SECONDS: Final = 300.0
"""For so long after a scrape the next one is expected."""


class CityMetrics(Collector):
    """Tells what was read last, on a connection of its own; ``clock`` returns microseconds, ``timer`` seconds."""

    def __init__(
        self, connect: Callable[[], Connection], clock: Callable[[], int], timer: Callable[[], float] = monotonic
    ) -> None:
        self._connect, self._clock, self._timer = connect, clock, timer
        self._read: list[Metric] = []
        self._read_at = self._wanted_at = -inf
        self._catching_up = Lock()

    def keep_fresh(self) -> None:
        """Read the database where somebody has scraped lately and will do so again."""
        if self._timer() - self._wanted_at < WANTED_SECONDS:
            self.refresh()

    def refresh(self) -> None:
        """Read the database; where it cannot be read, nothing is told but that."""
        self._read_at = self._timer()
        try:
            self._read = self._families()
        except psycopg.Error as error:
            log.warning("metrics of cities cannot be read", cause=in_words(error))
            self._read = []

    def describe(self) -> list[Metric]:
        """Return nothing: registering must not need the database."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Yield the families; without a database only that it cannot be read."""
        self._wanted_at = self._timer()
        with self._catching_up:  # of two who ask first, the second one waits for what the first one reads
            if self._timer() - self._read_at > FRESH_SECONDS:
                self.refresh()
        families = self._read
        readable = GaugeMetricFamily("pharos_city_metrics_readable", "1 when the figures below could be read.")
        readable.add_metric([], float(bool(families)))
        yield readable
        yield from families

    def _families(self) -> list[Metric]:
        now = self._clock()
        with self._connect() as connection:
            periods = [period.value for period in PERIODS]
            figures = fetch(connection, _Figure, SQL["metrics_figures"], kpis=list(INDICATORS), periods=periods)
            known = known_devices.read(connection, None, now)
            alarms = connection.execute(SQL["metrics_alarms"]).fetchall()
            waiting = connection.execute(SQL["metrics_backlog"]).fetchone() or (0, 0)
            store = store_metrics(connection)
            judgements = targets.judgements(connection, targets.declared(connection, None), now, explained=False)
        return [*_figures(figures), _targets(judgements), _devices(known), _alarms(alarms), _backlog(*waiting), *store]


def _figures(figures: list[_Figure]) -> list[Metric]:
    value = GaugeMetricFamily(
        "pharos_kpi_value",
        "Value of an indicator for its latest closed period, in the unit of the label; absent when NULL.",
        labels=[*_FIGURE, "unit"],
    )
    coverage = GaugeMetricFamily(
        "pharos_kpi_coverage_ratio", "Share of that period that measurements cover.", labels=_FIGURE
    )
    estimated = GaugeMetricFamily(
        "pharos_kpi_estimated_ratio", "Share of the value whose place in time is estimated.", labels=_FIGURE
    )
    end = GaugeMetricFamily(
        "pharos_kpi_period_end_timestamp_seconds", "End of the latest closed period with a figure.", labels=_FIGURE[:3]
    )
    for figure in figures:
        coverage.add_metric(figure.labels, figure.coverage)
        end.add_metric(figure.labels[:3], figure.period_end.timestamp())
        if figure.value is not None:
            value.add_metric([*figure.labels, figure.unit], figure.value)
        if figure.estimated_share is not None:
            estimated.add_metric(figure.labels, figure.estimated_share)
    return [value, coverage, estimated, end]


def _targets(judgements: Sequence[targets.JudgedTarget]) -> Metric:
    """Count by city what misses its target; a city that declares targets and misses none is 0."""
    family = GaugeMetricFamily("pharos_targets_off_track", "Targets that figures miss.", labels=["city"])
    missed = Counter(
        one.declared.city
        for one in judgements
        if one.judgement is not None and one.judgement.status is TargetStatus.OFF_TRACK
    )
    for city in sorted({one.declared.city for one in judgements}):
        family.add_metric([city], missed[city])
    return family


def _devices(known: list[known_devices.KnownDevice]) -> Metric:
    """Count devices by city, vertical and state; a state that no device is in is 0, so that an alert can end."""
    family = GaugeMetricFamily("pharos_devices", "Devices by how fresh they are.", labels=["city", "vertical", "state"])
    counted = Counter((device.city, device.vertical, device.state) for device in known)
    for city, vertical in sorted({(device.city, device.vertical) for device in known}):
        for state in State:
            family.add_metric([city, vertical, state.value], counted[city, vertical, state])
    return family


def _alarms(counted: Sequence[tuple[str, str | None, int]]) -> Metric:
    """Count open alarms by city and rule; none is 0, so that an alert can end."""
    family = GaugeMetricFamily("pharos_alarms", "Open alarms.", labels=["city", "rule", "severity"])
    known = {(city, rule): number for city, rule, number in counted}
    for city in sorted({city for city, *_ in counted}):
        for rule in ALARM_RULES.values():
            family.add_metric([city, rule.name, rule.severity.value], known.get((city, rule.name), 0))
    return family


def _backlog(marks: int, hours: int) -> Metric:
    family = GaugeMetricFamily("pharos_backlog_marks", "About how many changes wait to be worked off.", labels=["work"])
    family.add_metric(["rollups"], marks)
    family.add_metric(["figures"], hours)
    return family
