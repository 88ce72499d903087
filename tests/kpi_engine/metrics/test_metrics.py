"""What Prometheus hears of cities: the latest closed period, absent when NULL, and never a device or a site by name."""

import psycopg
import pytest
from prometheus_client import CollectorRegistry, generate_latest

from ingest.model.time import MINUTE
from kpi_engine.alarms.watcher import Watcher
from kpi_engine.metrics.cities import CityMetrics
from processors.storage.database import Connection, connect
from tests.kpi_engine.conftest import District, at

pytestmark = pytest.mark.integration

KPIS = ("heat_delivered",)


def scrape(url: str, now: int) -> dict[str, float]:
    """Return every sample with its labels as Prometheus reads them."""
    registry = CollectorRegistry()
    cities = CityMetrics(lambda: connect(url, "test metrics"), lambda: now)
    cities.refresh()
    registry.register(cities)
    lines = generate_latest(registry).decode().splitlines()
    samples = (line.rpartition(" ") for line in lines if not line.startswith("#"))
    return {name: float(value) for name, _, value in samples}


def test_the_latest_closed_day_is_told_and_not_the_open_one(district: District, database_url: str) -> None:
    for device in ("meter-a", "meter-b"):
        district.counts(device, "heat_energy", "2026-04-08T00:00", "2026-04-10T00:00", 2.0)
    district.settle()
    told = scrape(database_url, district.now)
    figure = 'city="town",kpi="heat_delivered",period="day",start="2026-04-09"'
    assert told[f'pharos_kpi_value{{{figure},unit="kWh"}}'] == 96.0
    assert told[f"pharos_kpi_coverage_ratio{{{figure}}}"] == 1.0
    assert not [name for name in told if 'start="2026-04-10"' in name or 'start="2026-04-08"' in name]


def test_a_day_that_is_over_and_only_known_in_part_is_not_told_as_closed(district: District, database_url: str) -> None:
    for device in ("meter-a", "meter-b"):
        district.counts(device, "heat_energy", "2026-04-08T00:00", "2026-04-10T00:00", 2.0)
    district.now = at("2026-04-09T23:30")  # nothing computes after that
    district.settle()
    told = scrape(database_url, at("2026-04-10T06:00"))
    assert told['pharos_kpi_value{city="town",kpi="heat_delivered",period="day",start="2026-04-08",unit="kWh"}'] == 96.0
    assert not [name for name in told if 'start="2026-04-09"' in name]
    newest = "select label, value from grafana.kpi_value where kpi = 'heat_delivered' and subject = '-' and closed"
    rows = district.connection.execute(f"{newest} and period = 'day' order by time desc limit 1").fetchall()
    assert rows == [("2026-04-08", 96.0)]


def test_a_figure_without_a_value_is_absent_while_its_coverage_says_why(district: District, database_url: str) -> None:
    for device, end in (("meter-a", "2026-04-10T00:00"), ("meter-b", "2026-04-09T12:00")):
        district.counts(device, "heat_energy", "2026-04-08T00:00", end, 2.0)
    district.settle()
    told = scrape(database_url, district.now)
    figure = 'city="town",kpi="heat_delivered",period="day",start="2026-04-09"'
    assert told[f"pharos_kpi_coverage_ratio{{{figure}}}"] == 0.75
    assert f'pharos_kpi_value{{{figure},unit="kWh"}}' not in told


def test_devices_are_counted_by_state_and_every_state_is_told(district: District, database_url: str) -> None:
    told = scrape(database_url, district.now)
    of_heat = 'pharos_devices{city="town",state="%s",vertical="district_heating"}'
    counted = {state: told[of_heat % (state,)] for state in ("live", "late", "stale", "silent", "clock_wrong")}
    assert counted == {"live": 0.0, "late": 0.0, "stale": 0.0, "silent": 3.0, "clock_wrong": 0.0}


def test_open_alarms_are_counted_by_rule_and_none_is_zero(district: District, database_url: str) -> None:
    watcher = Watcher(district.own)
    for minutes in range(8):
        watcher.step(district.now + minutes * MINUTE)
    told = scrape(database_url, district.now)
    assert told['pharos_alarms{city="town",rule="silence",severity="minor"}'] == 3.0
    assert told['pharos_alarms{city="town",rule="low_delta_t",severity="warning"}'] == 0.0


def test_no_label_names_a_device_or_a_site(district: District, database_url: str) -> None:
    for device in ("meter-a", "meter-b"):
        district.counts(device, "heat_energy", "2026-04-08T00:00", "2026-04-10T00:00", 2.0)
    district.settle()
    told = scrape(database_url, district.now)
    assert told["pharos_city_metrics_readable"] == 1.0
    assert not [name for name in told if "meter-" in name or "site=" in name or "device=" in name]


def test_without_a_database_only_that_is_told() -> None:
    def refused() -> Connection:
        raise psycopg.OperationalError("connection refused")

    registry = CollectorRegistry()
    cities = CityMetrics(refused, lambda: 0)
    cities.refresh()
    registry.register(cities)
    text = generate_latest(registry).decode()
    assert "pharos_city_metrics_readable 0.0" in text
    assert "pharos_kpi" not in text


def test_the_database_is_read_beside_only_while_somebody_scrapes() -> None:
    reads, seconds = list[float](), [0.0]

    def counted() -> Connection:
        reads.append(seconds[0])
        raise psycopg.OperationalError("connection refused")

    cities = CityMetrics(counted, lambda: 0, lambda: seconds[0])
    cities.keep_fresh()
    assert not reads
    list(cities.collect())
    for seconds[0] in (10.0, 20.0, 310.0):
        cities.keep_fresh()
    assert reads == [0.0, 10.0, 20.0]
    seconds[0] = 320.0
    list(cities.collect())  # what was read 300 s ago is not told
    list(cities.collect())
    assert reads == [0.0, 10.0, 20.0, 320.0]
