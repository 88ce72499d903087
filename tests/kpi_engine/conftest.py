"""A small district in the database, whose rollups tests write directly, hour by hour."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from itertools import pairwise
from operator import attrgetter
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from ingest.model.calendar import Period, edges
from ingest.model.city.city_file import parse
from ingest.model.time import SECOND, from_micros, to_micros
from kpi_engine.engine.engine import Engine, EngineStep
from kpi_engine.factors.registry import sync as publish
from kpi_engine.figures import store
from kpi_engine.indicators import INDICATORS
from kpi_engine.subjects.subject import Subject
from processors.steps.rollup import Rollup, combine
from processors.storage.database import Connection, connect
from processors.storage.registry.registry import sync
from tests import towns
from tests.computed import few_indicators
from tests.factors import factor
from tests.towns import Declared, charging_point, electricity_meter, fact, heat_meter, meter, town

ZONE: Final = "Europe/Copenhagen"
COLUMNS: Final = [column.name for column in fields(Rollup)]
IS_TIME: Final = [name.startswith("bucket") or name.endswith(("_from", "_to")) for name in COLUMNS]
STORED: Final = attrgetter(*COLUMNS)
SITES: Final = {site: {"vertical": "district_heating"} for site in ("plant", "a", "b")}
PLANT: Final = meter("heat_plant", "heat_emission_factor", name="plant", site="plant", direction="production")
METER_A: Final = heat_meter("heat_energy", "volume", "volume_supply_temperature", name="meter-a", site="a")
METER_B: Final = heat_meter(name="meter-b", site="b")


def declaring(*devices: Declared) -> str:
    """Return the small district with these devices, whose heat has a factor of the town and one by the hour."""
    series = {"heat": {"device": "plant", "quantity": "heat_emission_factor"}}
    return town(*devices, name="town", role="lighthouse", sites=SITES, factors={"heat": "test"}, factor_series=series)


FEW: Final = {
    "city_emissions",
    "city_final_energy",
    "heat_delivered",
    "heat_delta_t",
    "heat_emissions",
    "heat_emissions_hourly",
    "heat_meter_balance",
    "heat_meter_deviation",
    "heat_return_temperature",
    "heat_supply_temperature",
    "network_heat_loss_share",
}
CITY: Final = declaring(PLANT, METER_A, METER_B)
AREAS: Final = [
    fact("floor_area", 1000, "m2", valid_to="2026-03-11"),
    fact("floor_area", 1200, "m2", valid_from="2026-03-11"),
]
EVERY_VERTICAL: Final = town(
    towns.device("grid", "grid_signal", "grid_emission_factor", site="surroundings"),
    electricity_meter(name="main", site="school"),
    electricity_meter(name="kitchen", site="school", submeter_of="main"),
    meter("photovoltaic_inverter", "electricity_energy", name="roof", site="school", direction="production"),
    heat_meter(name="radiators", site="school"),
    charging_point("electricity_energy", "charging_sessions", name="cp-1", site="parking", submeter_of="main"),
    charging_point("electricity_energy", "charging_sessions", name="cp-2", site="parking"),
    meter("lighting_cabinet", "electricity_energy", name="cabinet", site="street"),
    meter("luminaire", "electricity_energy", "burning_hours", name="lamp", site="street", submeter_of="cabinet"),
    name="town",
    role="lighthouse",
    sites={"school": {"facts": AREAS}, "street": {"facts": [fact("light_points", 20)]}},
    factors={"heat": "test", "electricity": "test-electricity"},
    factor_series={"electricity": {"device": "grid", "quantity": "grid_emission_factor"}},
)
FACTORS: Final = [
    factor(value=0.25, year=2025),
    factor(value=0.5),
    factor("electricity", 0.2, name="test-electricity"),
]


def at(text: str) -> int:
    """Return the instant of a civil time in the district, in microseconds."""
    return to_micros(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ZONE)))


@dataclass
class District:
    """The database of one city with two heat meters and a factor series; ``now`` moves as tests say.

    The engine has a connection of its ``own``.
    """

    connection: Connection
    own: Connection
    engine: Engine
    now: int
    series: dict[tuple[str, str], int]
    hours: dict[int, dict[int, Rollup]] = field(default_factory=dict)

    def counts(self, device: str, quantity: str, start: str, end: str, per_hour: float) -> None:
        """Store that a register counted ``per_hour`` in every hour between two readings, and mark what changed."""
        self._store(device, quantity, start, end, lambda bucket: replace(bucket, total=per_hour))

    def gauges(self, device: str, quantity: str, start: str, end: str, mean: float) -> None:
        """Store that a gauge had a mean in every hour of a stretch, and mark what changed."""
        self._store(
            device,
            quantity,
            start,
            end,
            lambda bucket: replace(bucket, integral=mean * bucket.seconds, weighted=bucket.seconds),
        )

    def forget(self, device: str, quantity: str, hour: str) -> None:
        """Store that nothing is known of one hour any more."""
        self._store(device, quantity, hour, hour[:-2] + "59", lambda bucket: Rollup(bucket.bucket, bucket.bucket_end))

    def restart(self, figures_per_step: int = 1_200) -> None:
        """Replace the engine by a new one that remembers nothing."""
        self.engine = Engine(self.own, figures_per_step)

    def settle(self) -> EngineStep:
        """Let the engine work until nothing is due, with more in each step; returns what it did in all."""
        recomputed = changed = 0
        while (step := self.engine.step(self.now)).recomputed:
            recomputed, changed = recomputed + step.recomputed, changed + step.changed
            self.engine.pace(seconds=0.0, wanted=1.0)
        self.engine.pace(seconds=1.0, wanted=0.0)  # a test that counts what a step does finds it as it begins
        return EngineStep(recomputed, changed)

    def value(
        self, kpi: str, site: str | None, period: str, start: str, as_of: int | None = None
    ) -> store.StoredFigure | None:
        """Return the figure of the period that begins at ``start``."""
        begin = from_micros(at(start))
        known_at = None if as_of is None else from_micros(as_of)
        found = store.values(self.connection, kpi, "town", site, period, begin, from_micros(at(start) + 1), known_at)
        self.connection.rollback()
        return found[0] if found else None

    def recomputed(self, since: int) -> set[tuple[str, str | None, str, str, str]]:
        """Return kpi, site, period, first local day and cause of what was recomputed since an instant."""
        found = store.recomputations(self.connection, store.Recomputed(from_micros(since)), 100_000)
        self.connection.rollback()
        return {
            (one.kpi, one.site, one.period, f"{one.period_start.astimezone(ZoneInfo(ZONE)):%Y-%m-%d}", one.cause)
            for one in found
        }

    def _store(self, device: str, quantity: str, start: str, end: str, known: Callable[[Rollup], Rollup]) -> None:
        series = self.series[device, quantity]
        hours = self.hours.setdefault(series, {})
        every = edges(at(start), at(end), Period.HOUR, ZONE).tolist()
        is_first = not any(hours[one].count for one in every[:-1] if one in hours)
        hours |= {first: known(covered(first, last)) for first, last in pairwise(every)}
        for period in (Period.HOUR, Period.DAY, Period.MONTH):
            around = edges(every[0], every[-1], period, ZONE)
            parts: dict[int, list[Rollup]] = {}
            for bucket, hour in hours.items():
                parts.setdefault(int(np.searchsorted(around, bucket, side="right")), []).append(hour)
            buckets = enumerate(pairwise(around.tolist()), start=1)
            self._keep(period, series, [combine(parts.get(n, ()), *bucket) for n, bucket in buckets])
        self.connection.execute(
            "insert into rollup_mark (series_id, from_time, to_time, is_first) values (%s, %s, %s, %s)",
            (series, from_micros(every[0]), from_micros(every[-1]), is_first),
        )
        self.connection.commit()

    def _keep(self, period: Period, series: int, rollups: list[Rollup]) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(
                "delete from rollup_row where period = %s and series_id = %s and bucket = any(%s)",
                (period.value, series, [from_micros(rollup.bucket) for rollup in rollups]),
            )
            with cursor.copy(f"copy rollup_row (period, series_id, {', '.join(COLUMNS)}) from stdin") as copy:
                for rollup in rollups:
                    copy.write_row((period.value, series, *_stored(rollup)))


def fill(district: District, start: str = "2026-03-01T00:00", end: str = "2026-04-10T00:00") -> None:
    """Both meters count 2 kWh an hour; a's water is 80 degC warm; the factor is 0.3 kg/kWh."""
    for device in ("meter-a", "meter-b"):
        district.counts(device, "heat_energy", start, end, 2.0)
    district.counts("meter-a", "volume", start, end, 0.5)
    district.counts("meter-a", "volume_supply_temperature", start, end, 40.0)
    district.gauges("plant", "heat_emission_factor", start, end, 0.3)
    district.settle()


def covered(first: int, last: int) -> Rollup:
    """Return a bucket that readings cover from edge to edge."""
    return Rollup(
        first,
        last,
        count=1,
        measured=(last - first) / SECOND,
        covered_from=first,
        covered_to=last,
        measured_from=first,
        measured_to=last,
    )


def _stored(rollup: Rollup) -> list[object]:
    return [
        from_micros(value) if is_time and value is not None else value
        for value, is_time in zip(STORED(rollup), IS_TIME, strict=True)
    ]


def fill_oddly(district: District, start: str, end: str) -> District:
    """Both meters count an odd amount in every hour, the factor is 0.3 kg/kWh, and everything is computed."""
    for name, per_hour in (("meter-a", 1.1), ("meter-b", 0.7)):
        district.counts(name, "heat_energy", start, end, per_hour)
    district.gauges("plant", "heat_emission_factor", start, end, 0.3)
    district.settle()
    return district


def keep_days_of_sites(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the days of sites be kept, as if each of them had baselines: a day is easier to look at than a month."""
    monkeypatch.setattr(Subject, "days_kept", frozenset(INDICATORS))


@pytest.fixture
def district(request: pytest.FixtureRequest, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[District]:
    """Return a district without data, at the first instant of 10 April 2026 plus 20 minutes; days of sites are kept.

    It has FEW indicators, so that what the engine does can be counted, and a new indicator moves no count; a module
    that looks at fewer of them says so in its KPIS, and waits for no others.
    """
    keep_days_of_sites(monkeypatch)
    with few_indicators(getattr(request.module, "KPIS", FEW)), district_of(database_url, CITY) as found:
        yield found


@pytest.fixture
def every_vertical(
    request: pytest.FixtureRequest, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[District]:
    """Return a town with charging, lighting and buildings, with the module's KPIS, or all; days of sites are kept."""
    keep_days_of_sites(monkeypatch)
    with (
        few_indicators(getattr(request.module, "KPIS", INDICATORS)),
        district_of(database_url, EVERY_VERTICAL) as found,
    ):
        yield found


@pytest.fixture(scope="module")
def module_every_vertical(module_database_url: str) -> Iterator[District]:
    """Return such a town that the tests of one module share, which only look at it."""
    with pytest.MonkeyPatch.context() as monkeypatch, district_of(module_database_url, EVERY_VERTICAL) as found:
        keep_days_of_sites(monkeypatch)
        yield found


@contextmanager
def district_of(url: str, text: str) -> Iterator[District]:
    """Yield the district of a city file."""
    with connect(url, "test") as connection, connect(url, "test engine") as engine:
        catalogue = sync(connection, [parse(text, "town.yaml")])
        publish(connection, FACTORS)
        series = {(one.device, one.quantity): one.series_id for one in catalogue.series.values()}
        connection.commit()
        yield District(connection, engine, Engine(engine), at("2026-04-10T00:20"), series)
