"""What readings were judged to be, over HTTP and for dashboards: shown with them, counted where they are left out."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import httpx

    from tests.kpi_engine.api.conftest import Towns

pytestmark = pytest.mark.integration

DAY = {"from": "2026-04-09T00:00:00Z", "to": "2026-04-10T00:00:00Z"}
SPIKE = "2026-04-09T09:00:00Z"


@pytest.fixture
def spiked(towns: "Towns") -> int:
    """Return a series of a day with one spike, read at every full hour."""
    series = towns.series("harbour", "meter", "return_temperature")
    readings = {f"2026-04-09T{hour:02}:00:00Z": 40.0 + hour % 2 for hour in range(24)}
    towns.read(series, readings | {SPIKE: 140.0})
    towns.settle()
    return series


def test_a_spike_is_shown_as_it_was_and_said_to_be_left_out(spiked: int, admin: "httpx.Client") -> None:
    items = admin.get(f"/series/{spiked}/observations", params=DAY).json()["items"]
    flagged = {item["time"]: (item["value"], item["flags"], item["rejected"]) for item in items if item["flags"]}
    assert flagged == {SPIKE: (140.0, ["outlier"], True)}


def test_aggregates_leave_it_out_and_count_it(spiked: int, admin: "httpx.Client") -> None:
    for interval in ("15min", "hour", "day", "month", "year"):
        items = admin.get(f"/series/{spiked}/aggregates", params={**DAY, "interval": interval}).json()["items"]
        assert sum(item["rejected"] for item in items) == 1, interval
        assert max(item["maximum"] or 0.0 for item in items) == 41.0, interval
        assert all(39.9 < item["mean"] < 41.1 for item in items if item["mean"] is not None), interval


def test_quarter_hours_beside_a_spike_run_from_the_reading_before_it(spiked: int, admin: "httpx.Client") -> None:
    asked = {"from": "2026-04-09T09:00:00Z", "to": "2026-04-09T10:00:00Z", "interval": "15min"}
    items = admin.get(f"/series/{spiked}/aggregates", params=asked).json()["items"]
    assert [item["mean"] for item in items] == [pytest.approx(40.0)] * 4
    assert [item["rejected"] for item in items] == [1, 0, 0, 0]


def test_dashboards_see_the_same(spiked: int, towns: "Towns") -> None:
    rows = towns.connection.execute(
        "select city, device, quantity, value, outlier, rate, stuck, rejected from grafana.flagged_reading"
        " where series_id = %s",
        (spiked,),
    ).fetchall()
    assert rows == [("harbour", "meter", "return_temperature", 140.0, True, False, False, True)]
    counted = towns.connection.execute(
        "select sum(rejected) from grafana.series where series_id = %s and period = 'day'", (spiked,)
    ).fetchone()
    assert counted == (1,)


def test_a_foreign_value_of_a_register_is_told_wherever_its_readings_are(towns: "Towns", admin: "httpx.Client") -> None:
    series = towns.series("harbour", "meter", "heat_energy")
    towns.count(series, "2026-04-08T22:00:00Z", 48)
    towns.read(series, {"2026-04-09T21:59:00Z": 910_031.0})
    towns.settle()
    items = admin.get(f"/series/{series}/observations", params=DAY).json()["items"]
    assert [(item["value"], item["flags"]) for item in items if item["rejected"]] == [(910_031.0, ["excursion"])]
    flagged = "select value, excursion, rejected, outlier from grafana.flagged_reading where series_id = %s"
    assert towns.connection.execute(flagged, (series,)).fetchall() == [(910_031.0, True, True, False)]
    for interval in ("15min", "day"):
        buckets = admin.get(f"/series/{series}/aggregates", params={**DAY, "interval": interval}).json()["items"]
        assert sum(bucket["rejected"] for bucket in buckets) == 1
    asked = {"city": "harbour", "period": "day", "from": "2026-04-08T22:00:00Z", "to": "2026-04-09T22:00:00Z"}
    [figure] = admin.get("/kpis/heat_delivered/values", params=asked).json()["items"]
    lineage = admin.get(f"/kpis/heat_delivered/values/{figure['value_id']}/lineage", params={"boundaries": True}).json()
    assert lineage["left_out"] == [{"device": "meter", "quantity": "heat_energy", "rejected": 1}]
    [boundary] = lineage["boundaries"]
    assert (boundary["start"]["before"]["value"], boundary["end"]["before"]["value"]) == (0.0, 24.0)


def test_a_foreign_value_that_was_corrected_is_not_told_any_more(towns: "Towns", admin: "httpx.Client") -> None:
    series = towns.series("harbour", "meter", "heat_energy")
    towns.count(series, "2026-04-08T22:00:00Z", 24)
    towns.read(series, {"2026-04-09T09:30:00Z": 0.0})
    towns.settle()
    towns.connection.execute(
        "update observation set value = 11.5 where series_id = %s and time = '2026-04-09T09:30Z'", (series,)
    )
    towns.connection.execute(
        "insert into observation_mark (series_id, from_time, to_time)"
        " values (%s, '2026-04-09T09:30Z', '2026-04-09T09:30Z')",
        (series,),
    )
    towns.connection.commit()
    towns.settle()
    items = admin.get(f"/series/{series}/observations", params=DAY).json()["items"]
    assert [item["value"] for item in items if item["rejected"] or item["flags"]] == []


def test_the_lineage_of_a_figure_says_how_many_readings_were_left_out(towns: "Towns", admin: "httpx.Client") -> None:
    series = towns.series("harbour", "meter", "heat_energy")
    towns.count(series, "2026-04-07T22:00:00Z", 48)
    towns.read(series, {"2026-04-08T09:30:00Z": 0.0, "2026-04-08T09:40:00Z": 0.0})
    towns.settle()
    asked = {"city": "harbour", "period": "day", "from": "2026-04-07T22:00:00Z", "to": "2026-04-09T22:00:00Z"}
    values = admin.get("/kpis/heat_delivered/values", params=asked).json()["items"]
    found = [
        admin.get(f"/kpis/heat_delivered/values/{value['value_id']}/lineage").json()["left_out"] for value in values
    ]
    assert found == [[{"device": "meter", "quantity": "heat_energy", "rejected": 2}], []]
