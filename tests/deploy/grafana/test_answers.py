"""What queries of panels answer, on rows that stand where the views are."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from deploy.grafana import sources, words
from kpi_engine.indicator import Better
from processors.storage.database import Connection
from tests.acceptance.grafana.expansion import expanded

pytestmark = pytest.mark.integration

KPI: Final = "city_emissions"
TODAY: Final = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
FIGURES: Final = """
create table grafana.kpi_value (
    city text default 'harbour', subject text default '-', kpi text default 'city_emissions',
    period text default 'month',
    label text, time timestamptz, time_end timestamptz, value float8, lower float8, upper float8,
    unit text default 'kg',
    coverage float8 default 1, status text default 'final', reason text, closed boolean default true
)
"""
HOURS: Final = """
create table grafana.series (
    city text default 'harbour', site text default 'school', vertical text default 'buildings', device text,
    device_title text, series_id int, quantity text default 'indoor_temperature', period text default 'hour',
    direction text, time timestamptz, time_end timestamptz, mean float8, amount float8,
    interpolated_share float8, estimated_share float8,
    kept_from timestamptz default '-infinity', kept_to timestamptz default 'infinity'
)
"""
ROOMS: Final = {"vertical": "buildings", "quantity": "indoor_temperature", "column": "mean", "direction": ""}


@pytest.fixture
def store(connection: Connection) -> Iterator[Connection]:
    """Return a session in which rows can be put where views were; what is done is undone."""
    for name, table in (("kpi_value", FIGURES), ("series", HOURS)):
        connection.execute(f"drop view grafana.{name} cascade".encode())
        connection.execute(table.encode())
    yield connection
    connection.rollback()


def asked(store: Connection, name: str, choices: dict[str, str], **blanks: str) -> list[dict[str, object]]:
    text = expanded(sources.query(name, **blanks), {key: [value] for key, value in choices.items()}, timedelta(days=30))
    cursor = store.execute(text.encode())
    names = [column.name for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def put_months(store: Connection, *months: tuple[str, float | None, float | None, float | None]) -> None:
    for label, *figures in months:
        store.execute(
            "insert into grafana.kpi_value (label, time, time_end, value, lower, upper, closed) select %s, s, "
            "s + interval '1 month', %s, %s, %s, %s <> '2026-03' from (select (%s || '-01')::timestamptz) t (s)",
            [label, *figures, label, label],
        )


def test_a_figure_is_written_as_people_read_it(store: Connection) -> None:
    written = {
        (13_400.0, "kg"): "13.4 t",
        (5_549_000.0, "kWh"): "5.55 GWh",
        (93.0, "1"): "93.0",
        (0.0, "kWh"): "0.00 kWh",
        (-2.5, "kW"): "-2.50 kW",
        (0.1565, "kg/kWh"): "0.1565 kg/kWh",
        (21.44, "degC"): "21.4 °C",
        (7.0, "kWh/m2"): "7.00 kWh/m²",
        (849_212.19, "m3.degC"): "849,212 m³·°C",
        (None, "kWh"): None,
    }
    for figure, shown in written.items():
        assert store.execute("select grafana.shown(%s, %s)", figure).fetchone() == (shown,)


def test_a_month_stands_beside_the_one_before_and_that_of_a_year_before(store: Connection) -> None:
    put_months(
        store,
        ("2025-02", 1_000.0, 990.0, 1_010.0),
        ("2026-01", 900.0, 890.0, 910.0),
        ("2026-02", 800.0, 790.0, 810.0),
        ("2026-03", 300.0, 290.0, 310.0),
    )
    better = {way.value: words.better(way, [KPI]) for way in (Better.LOWER, Better.HIGHER)}
    (row,) = asked(store, "months_and_years", {"city": "harbour"}, kpis=KPI, **better)
    assert (row["label"], row["figure"], row["bounds"]) == ("2026-02", "800 kg", "790 kg to 810 kg")
    assert (row["so_far"], row["previous"], row["earlier"]) == ("300 kg", "900 kg", "1.00 t")
    assert row["change"] == pytest.approx(-0.2)
    assert row["verdict"] == "better"


@pytest.mark.parametrize(
    ("earlier", "lower", "verdict"),
    [(1_000.0, 795.0, "within bounds"), (700.0, 690.0, "worse"), (None, None, None)],
)
def test_figures_whose_bounds_overlap_are_not_told_apart(
    store: Connection, earlier: float | None, lower: float | None, verdict: str | None
) -> None:
    put_months(store, ("2025-02", earlier, lower, earlier), ("2026-02", 800.0, 790.0, 810.0))
    better = {way.value: words.better(way, [KPI]) for way in (Better.LOWER, Better.HIGHER)}
    (row,) = asked(store, "months_and_years", {"city": "harbour"}, kpis=KPI, **better)
    assert row["verdict"] == verdict


def test_months_of_the_newest_year_stand_beside_those_of_the_year_before_in_tonnes(store: Connection) -> None:
    put_months(
        store,
        ("2025-01", 1_100.0, None, None),
        ("2025-02", 1_000.0, None, None),
        ("2026-02", 800.0, None, None),
        ("2026-03", 300.0, None, None),
    )
    rows = asked(store, "kpi_against_last_year", {"city": "harbour"}, kpi=KPI, factor=words.factor(KPI))
    assert [[*row.values()] for row in rows] == [
        ["Jan", pytest.approx(1.1), None, None],
        ["Feb", pytest.approx(1.0), pytest.approx(0.8), None],
        ["Mar", None, None, pytest.approx(0.3)],
    ]


def test_a_running_period_is_named_so_and_has_bars_of_its_own(store: Connection) -> None:
    put_months(store, ("2026-02", 800.0, 790.0, 810.0), ("2026-03", 300.0, 290.0, 310.0))
    choices = {"city": "harbour", "period": "month"}
    (whole, running) = asked(store, "kpi_history", choices, kpi=KPI, factor="1")
    assert (whole["Period"], whole["Final"], whole["So far"]) == ("2026-02", 800.0, None)
    assert (running["Period"], running["Final"], running["So far"]) == ("2026-03 so far", None, 300.0)


def test_a_tile_says_why_there_is_no_figure(store: Connection) -> None:
    choices = {"city": "harbour", "period": "month"}
    assert asked(store, "kpi_newest", choices, kpi=KPI, factor="1") == []
    put_months(store, ("2026-03", 300.0, None, None))
    (running,) = asked(store, "kpi_newest", choices, kpi=KPI, factor="1")
    assert (running["metric"], running["value"]) == ("2026-03 is not over yet", None)
    put_months(store, ("2026-02", None, None, None))
    store.execute("update grafana.kpi_value set reason = 'no factor' where value is null")
    (over,) = asked(store, "kpi_newest", choices, kpi=KPI, factor="1")
    assert (over["metric"], over["value"]) == ("2026-02: no factor", None)


def test_a_line_is_broken_over_a_silence_and_what_is_filled_in_is_another_one(store: Connection) -> None:
    for hours_ago, device, title, filled in (
        (60, "a", "Room", 0.0),
        (59, "a", "Room", 0.9),
        (10, "a", "Room", 0.0),
        (10, "b", "Hall", 0.0),
        (9, "b", "Hall", 0.0),
    ):
        start = TODAY - timedelta(hours=hours_ago)
        store.execute(
            "insert into grafana.series (device, device_title, series_id, time, time_end, mean, interpolated_share) "
            "values (%s, %s, ascii(%s), %s, %s, 21, %s)",
            [device, title, device, start, start + timedelta(hours=1), filled],
        )
    choices = {"city": "harbour", "buildings_site": "school", "resolution": "auto"}
    rows = asked(store, "series", choices, **ROOMS)
    ago = [((TODAY - row["time"]) // timedelta(hours=1), row["metric"], row["value"]) for row in rows]  # type: ignore[operator]
    assert sorted(ago, key=repr) == sorted(
        [
            (60, "Room", 21.0),
            (59, "Room (filled in)", 21.0),
            (58, "Room (filled in)", None),
            (10, "Room", 21.0),
            (10, "Hall", 21.0),
            (9, "Hall", 21.0),
        ],
        key=repr,
    )


def test_devices_of_one_title_are_told_apart_by_their_names(store: Connection) -> None:
    for device in ("a", "b"):
        store.execute(
            "insert into grafana.series (device, device_title, series_id, time, time_end, mean) "
            "values (%s, 'Room', ascii(%s), %s, %s, 21)",
            [device, device, TODAY - timedelta(hours=2), TODAY - timedelta(hours=1)],
        )
    choices = {"city": "harbour", "buildings_site": "school", "resolution": "auto"}
    assert {row["metric"] for row in asked(store, "series", choices, **ROOMS)} == {"Room a", "Room b"}


def test_a_curve_of_one_direction_leaves_the_other_one_out_and_one_of_all_leaves_out_none(store: Connection) -> None:
    for device, direction in (("roof", "production"), ("main", "consumption"), ("room", None)):
        store.execute(
            "insert into grafana.series (device, device_title, series_id, direction, time, time_end, mean) "
            "values (%s, %s, ascii(%s), %s, %s, %s, 21)",
            [device, device, device, direction, TODAY - timedelta(hours=2), TODAY - timedelta(hours=1)],
        )
    choices = {"city": "harbour", "buildings_site": "school", "resolution": "auto"}

    def drawn(direction: str) -> set[object]:
        return {row["metric"] for row in asked(store, "series", choices, **{**ROOMS, "direction": direction})}

    assert (drawn("production"), drawn("")) == ({"roof"}, {"roof", "main", "room"})
