"""Residual series in the database: exactly what changed is computed again, and hours, days and months agree."""

from typing import TYPE_CHECKING

import pytest

from ingest.model.city.city_file import parse
from ingest.model.time import HOUR, from_micros
from kpi_engine.residuals import worker
from kpi_engine.residuals.declared import CARRIED, NETWORK
from processors.storage.registry.registry import sync
from tests.kpi_engine.conftest import at
from tests.kpi_engine.residuals.conftest import declaring

if TYPE_CHECKING:
    from tests.kpi_engine.conftest import District

pytestmark = pytest.mark.integration

METERS = "electricity_meter_balance"
Row = tuple[float | None, float | None, float, str | None]


def settle(town: "District") -> int:
    """Compute everything that is due; returns how many values changed."""
    town.settle()
    changed = 0
    while (worked := town.engine.residuals(town.now)).spans:
        changed += worked.changed
    return changed


def rows(town: "District", device: str, quantity: str, period: str) -> dict[int, Row]:
    """Return what is stored of a residual series, by start."""
    found = town.connection.execute(
        "select bucket, value, reference, r.estimated, reason from kpi_residual r"
        " join kpi_residual_series s using (series_id) join device d using (device_id)"
        " where (d.name, s.quantity, r.period) = (%s, %s, %s) order by bucket",
        (device, quantity, period),
    ).fetchall()
    town.connection.rollback()
    return {int(bucket.timestamp()) * 1_000_000: tuple(rest) for bucket, *rest in found}


def value(town: "District", device: str, quantity: str, period: str, start: str) -> float | None:
    return rows(town, device, quantity, period)[at(start)][0]


def everything(town: "District") -> list[tuple[object, ...]]:
    found = town.connection.execute(
        "select d.name, s.quantity, r.period, r.bucket, r.bucket_end, r.value, r.reference, r.estimated, r.reason"
        " from kpi_residual r join kpi_residual_series s using (series_id) join device d using (device_id)"
        " order by 1, 2, 3, 4"
    ).fetchall()
    town.connection.rollback()
    return found


def anew(town: "District") -> list[tuple[object, ...]]:
    """Return everything as an engine computes it that finds no residual series."""
    town.connection.execute("delete from kpi_residual_series")
    town.connection.execute("delete from kpi_residual")
    town.connection.commit()
    town.restart()
    settle(town)
    return everything(town)


def test_hours_days_and_months_agree_with_the_indicator_of_the_same_balance(town: "District") -> None:
    settle(town)

    assert value(town, "main", METERS, "hour", "2026-03-10T05:00") == 3.0
    assert value(town, "main", METERS, "hour", "2026-03-11T05:00") == 1.0  # the lift is submetered from here on
    for period, start in (("day", "2026-03-29T00:00"), ("month", "2026-03-01T00:00")):
        figure = town.value("electricity_meter_balance", None, period, start)
        assert figure is not None
        assert value(town, "main", METERS, period, start) == figure.value
    march = rows(town, "main", METERS, "month")[at("2026-03-01T00:00")]
    assert march == (3.0 * 240 + 1.0 * 503, 9.0 * 743, 0.0, None)


def test_a_network_and_a_meter_s_own_water_are_balanced_too(town: "District") -> None:
    settle(town)

    assert rows(town, "plant", NETWORK, "hour")[at("2026-03-10T05:00")] == (1.0, 10.0, 0.0, None)
    counted, carried, *_ = rows(town, "meter-a", CARRIED, "day")[at("2026-03-10T00:00")]
    figure = town.value("heat_meter_deviation", "a", "day", "2026-03-10T00:00")
    assert figure is not None
    assert counted is not None
    assert carried is not None
    assert 100 * counted / carried == pytest.approx(figure.value)


def test_one_late_hour_changes_its_hour_its_day_and_its_month_and_nothing_else(town: "District") -> None:
    settle(town)
    before = {row[:4]: row for row in everything(town)}
    town.counts("kitchen", "electricity_energy", "2026-03-10T05:00", "2026-03-10T06:00", 7.5)

    assert settle(town) == 3
    after = {row[:4]: row for row in everything(town)}
    changed = {key[2]: after[key][5] for key in after if after[key] != before[key]}
    assert changed == {"hour": 1.5, "day": 3.0 * 24 - 1.5, "month": 3.0 * 240 + 503 - 1.5}


def test_an_hour_that_one_meter_lacks_has_no_residual_and_says_which(town: "District") -> None:
    settle(town)
    town.forget("kitchen", "electricity_energy", "2026-03-10T05:00")
    settle(town)

    hour = rows(town, "main", METERS, "hour")[at("2026-03-10T05:00")]
    assert hour == (None, None, 0.0, "not known from edge to edge: kitchen")


def test_an_hour_that_is_not_over_is_not_computed(town: "District") -> None:
    town.now = at("2026-03-20T12:10")
    settle(town)
    assert max(rows(town, "main", METERS, "hour")) == at("2026-03-20T10:00")

    town.now = at("2026-03-20T12:20")
    settle(town)
    assert max(rows(town, "main", METERS, "hour")) == at("2026-03-20T11:00")


def test_a_series_of_more_members_than_a_step_reads_is_computed_a_day_at_a_time(
    town: "District", monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(town)
    expected = everything(town)
    monkeypatch.setattr(worker, "AMOUNTS_PER_STEP", 1)

    assert anew(town) == expected


def test_in_whatever_portions_and_after_whatever_restarts_everything_is_the_same(
    town: "District", monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(town)
    expected = everything(town)
    monkeypatch.setattr(worker, "AMOUNTS_PER_STEP", 50)
    monkeypatch.setattr(worker, "DUE_PER_STEP", 2)
    town.connection.execute("delete from kpi_residual_series")
    town.connection.execute("delete from kpi_residual")
    town.connection.commit()
    town.now = at("2026-03-20T12:10")
    for _ in range(20):
        town.restart()
        town.engine.step(town.now)
        town.engine.residuals(town.now)
    monkeypatch.undo()
    town.now = at("2026-04-10T00:20")
    settle(town)

    assert everything(town) == expected
    assert anew(town) == expected


def test_a_topology_that_changes_computes_its_residuals_again_and_ends_those_it_knows_no_more(town: "District") -> None:
    settle(town)
    sync(town.connection, [parse(declaring(lift={}), "town.yaml")])
    town.connection.commit()
    settle(town)
    assert value(town, "main", METERS, "hour", "2026-03-10T05:00") == 1.0

    sync(town.connection, [parse(declaring(below={}), "town.yaml")])
    town.connection.commit()
    settle(town)
    assert rows(town, "main", METERS, "hour") == {}
    assert value(town, "plant", NETWORK, "hour", "2026-03-10T05:00") == 1.0


def test_marks_of_an_open_hour_make_it_due_once(town: "District") -> None:
    settle(town)
    start, end = at("2026-04-10T00:00"), at("2026-04-10T00:00") + HOUR
    for _ in range(5):
        town.connection.execute(
            "insert into rollup_mark (series_id, from_time, to_time) values (%s, %s, %s)",
            (town.series["kitchen", "electricity_energy"], from_micros(start), from_micros(end)),
        )
        town.connection.commit()
        town.engine.step(town.now)
        assert town.engine.residuals(town.now).spans == 0
    due = town.connection.execute("select count(*) from kpi_residual_due").fetchone()
    town.connection.rollback()
    assert due == (1,)
