"""Targets of registered cities against stored figures, on a real database."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from ingest.model.city.city_file import parse
from ingest.model.time import from_micros, to_micros
from kpi_engine.engine.causes import Cause, Why
from kpi_engine.metrics.cities import CityMetrics
from kpi_engine.reports.checking import Verdict, check_target
from kpi_engine.reports.freezing import ReportScope
from kpi_engine.reports.freezing_targets import frozen_targets
from kpi_engine.reports.frozen_target import FrozenTarget
from kpi_engine.reports.period import ReportPeriod
from kpi_engine.targets.store import JudgedTarget, declared, judgements
from kpi_engine.targets.verdict import TargetStatus
from processors.storage.database import Connection, connect
from processors.storage.registry.registry import sync
from tests.kpi_engine.targets.stored_figures import Amounts, store_figures
from tests.towns import heat_meter, town

pytestmark = pytest.mark.integration

ON, RISK, OFF, UNKNOWN = TargetStatus
NOW: Final = to_micros(datetime(2026, 4, 10, tzinfo=UTC))
PLAN: Final = {"title": "Plan", "source": "assumed", "baseline": {"year": 2024, "from": "figures"}}
HALF: Final = [{"year": 2030, "percent": 52.0}]  # 8 % a year
OF_CITY: Final = {"indicator": "heat_delivered", "better": "lower", **PLAN, "path": HALF}
ROW: Final = town(
    *(heat_meter(name=f"meter-{site}", site=site) for site in ("left", "right")),
    name="row",
    targets=[OF_CITY],
    sites={"left": {"targets": [{**OF_CITY, "tolerance_percent": 10}]}},
    groups=[{"name": "pair", "members": ["left", "right"], "targets": [OF_CITY]}],
)
OTHER: Final = town(heat_meter(), name="other", targets=[{**OF_CITY, "indicator": "heat_deliverd"}])
WINTER: Final = (18.0, 16.0, 13.0, 8.0, 4.0, 2.0, 2.0, 2.0, 4.0, 8.0, 11.0, 12.0)  # in all 100


@pytest.fixture
def row(database_url: str) -> Iterator[Connection]:
    """Return a row of houses with a target of its own, and one of its left house."""
    with connect(database_url, "test") as connection:
        sync(connection, [parse(ROW, "row.yaml"), parse(OTHER, "other.yaml")])
        connection.commit()
        yield connection


def exact(value: float) -> tuple[float, float, float]:
    return value, value, value


def read(connection: Connection, city: str = "row", site: str | None = None) -> list[JudgedTarget]:
    found = judgements(connection, declared(connection, [city], site), NOW)
    connection.rollback()
    return found


def test_stored_years_and_months_decide_city_and_site_apart(row: Connection) -> None:
    store_figures(row, "heat_delivered", ("row", None), {(2024, None): exact(100.0), (2025, None): exact(90.0)}, NOW)
    of_left: Amounts = {(2024, None): exact(50.0), (2025, None): exact(47.0)}
    store_figures(row, "heat_delivered", ("row", "left"), of_left, NOW)
    store_figures(row, "heat_delivered", ("row", "right"), {(2024, None): exact(1.0), (2025, None): exact(9.0)}, NOW)

    of_city, of_house, _ = read(row)

    assert of_city.judgement is not None
    assert of_house.judgement is not None
    assert (of_city.declared.site, of_city.judgement.status, of_city.judgement.year) == (None, ON, 2025)
    assert (of_house.declared.site, of_house.judgement.status) == ("left", RISK)  # 46 asked, at most 10 % missed
    assert [one.declared.site for one in read(row, site="left")] == ["left"]


def test_a_group_has_targets_of_its_own(row: Connection) -> None:
    figures: Amounts = {(2024, None): exact(100.0), (2025, None): exact(80.0)}
    store_figures(row, "heat_delivered", ("row", "pair"), figures, NOW)
    (found,) = judgements(row, declared(row, ["row"], group="pair"), NOW)
    row.rollback()

    assert found.judgement is not None
    assert (found.declared.group, found.declared.site, found.judgement.status) == ("pair", None, ON)
    assert [one.declared.part for one in read(row)] == [None, "left", "pair"]


def test_an_open_year_drifts_by_the_months_that_have_ended_and_the_largest_revision_is_told(row: Connection) -> None:
    months: Amounts = {(2025, month): exact(value) for month, value in enumerate(WINTER, start=1)}
    years: Amounts = {(2024, None): exact(100.0), (2025, None): exact(100.0)}
    first: Amounts = {(2026, month): exact(WINTER[month - 1]) for month in (1, 2, 3)}
    store_figures(row, "heat_delivered", ("row", None), {**years, **months, **first}, NOW - 2)
    late = Why(Cause.LATE_DATA, "late data of meter-left/heat_energy")
    store_figures(row, "heat_delivered", ("row", None), {(2026, 1): exact(28.0)}, NOW - 1, why=late)

    of_city, *_ = read(row)

    assert of_city.judgement is not None
    assert (of_city.judgement.status, of_city.judgement.year, of_city.judgement.is_early) == (OFF, 2026, True)
    assert of_city.judgement.reason == (
        "2026-01 to 2026-03: 57 kWh, to be at most 39.48 kWh (44.4% more): these months were 47.0% of 2025; "
        "2026-01 was revised from 18 kWh to 28 kWh (late data: late data of meter-left/heat_energy)"
    )


def test_targets_as_known_earlier_are_judged_by_figures_and_revisions_of_then(row: Connection) -> None:
    years: Amounts = {(2024, None): exact(100.0), (2025, None): exact(90.0)}
    months: Amounts = {
        (year, month): exact(value) for year in (2025, 2026) for month, value in enumerate(WINTER[:3], start=1)
    }
    store_figures(row, "heat_delivered", ("row", None), {**years, **months}, NOW - 9)
    late = Why(Cause.LATE_DATA, "late data of meter-left/heat_energy")
    revised: Amounts = {(2025, None): exact(97.0), (2026, 1): exact(28.0)}
    store_figures(row, "heat_delivered", ("row", None), revised, NOW - 1, why=late)
    targets = declared(row, ["row"])

    then, *_ = judgements(row, targets, NOW, as_of=from_micros(NOW - 5))
    now, *_ = judgements(row, targets, NOW)
    before_any, *_ = judgements(row, targets, NOW, as_of=from_micros(NOW - 50))
    scope = ReportScope("row", ReportPeriod.parse("2025"), as_of=from_micros(NOW - 5))
    frozen, _ = frozen_targets(row, scope, "Europe/Copenhagen", NOW - 5)
    row.rollback()

    assert [one.amount.value for one in then.evidence.figures if one.year == 2025 and one.month is None] == [90.0]
    assert [one.amount.value for one in now.evidence.figures if one.year == 2025 and one.month is None] == [97.0]
    assert (then.evidence.revisions, before_any.evidence.figures) == ((), ())
    assert [(one.month, one.before, one.after) for one in now.evidence.revisions] == [(1, 18.0, 28.0)]
    assert frozen.said is not None
    assert (frozen.said.status, frozen.said.year) == ("on_track", 2025)
    assert check_target(FrozenTarget.model_validate_json(frozen.model_dump_json()), {}) == (Verdict.REPRODUCES, None)


def test_a_figure_without_a_value_is_unknown_unless_its_bounds_are_on_one_side(row: Connection) -> None:
    store_figures(
        row, "heat_delivered", ("row", None), {(2024, None): exact(100.0), (2025, None): (None, 50, 150)}, NOW
    )
    of_left: Amounts = {(2024, None): exact(50.0), (2025, None): (None, 10.0, 40.0)}
    store_figures(row, "heat_delivered", ("row", "left"), of_left, NOW)

    of_city, of_house, _ = read(row)

    assert of_city.judgement is not None
    assert of_house.judgement is not None
    assert of_city.judgement.status is UNKNOWN
    said = of_city.judgement.reason or ""
    assert said.startswith("2025 has no value (half of it is not known), to be at most 92 kWh; no month of 2026")
    assert of_house.judgement.status is ON


def test_a_target_of_an_indicator_that_does_not_exist_is_kept_and_said(row: Connection) -> None:
    (found,) = read(row, "other")
    assert found.judgement is None
    assert "did you mean heat_delivered?" in (found.unfit or "")


def test_prometheus_is_told_how_many_figures_miss_their_targets_by_city(row: Connection, database_url: str) -> None:
    store_figures(row, "heat_delivered", ("row", None), {(2024, None): exact(100.0), (2025, None): exact(99.0)}, NOW)
    registry = CollectorRegistry()
    cities = CityMetrics(lambda: connect(database_url, "test metrics"), lambda: NOW)
    cities.refresh()
    registry.register(cities)

    told = generate_latest(registry).decode()

    assert 'pharos_targets_off_track{city="row"} 1.0' in told
    assert 'pharos_targets_off_track{city="other"} 0.0' in told  # what cannot be judged misses nothing


def test_a_report_freezes_targets_with_what_they_are_held_against_and_nothing_of_later(row: Connection) -> None:
    years: Amounts = {(2024, None): exact(100.0), (2025, None): exact(90.0)}
    months: Amounts = {
        (year, month): exact(value) for year in (2025, 2026) for month, value in enumerate(WINTER, start=1)
    }
    store_figures(row, "heat_delivered", ("row", None), {**years, **months}, NOW)
    store_figures(row, "heat_delivered", ("row", "pair"), {(2024, None): exact(100.0), (2025, None): exact(80.0)}, NOW)

    of_year = list(frozen_targets(row, ReportScope("row", ReportPeriod.parse("2025")), "Europe/Copenhagen", NOW))
    with_sites = ReportScope("row", ReportPeriod.parse("2025"), sites=True)
    names = [one.name for one in frozen_targets(row, with_sites, "Europe/Copenhagen", NOW)]
    row.rollback()

    assert [one.name for one in of_year] == ["heat_delivered of row", "heat_delivered of pair"]
    assert names == ["heat_delivered of row", "heat_delivered of left", "heat_delivered of pair"]
    of_city = of_year[0]
    assert of_city.said is not None
    assert (of_city.said.status, of_city.said.year, of_city.today.isoformat()) == ("on_track", 2025, "2026-01-01")
    assert {one.year for one in of_city.figures} == {2024, 2025}, "what came after the period judges nothing"
    for one in of_year:
        assert check_target(FrozenTarget.model_validate_json(one.model_dump_json()), {}) == (Verdict.REPRODUCES, None)
