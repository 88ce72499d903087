"""Files without times: rows take their times from the declared axis, and a row that says otherwise is refused."""

from datetime import UTC, date, datetime, time, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from ingest.errors import MappingError
from ingest.history.axis_mapping import AxisMapping
from ingest.history.axis_rows import resolve
from ingest.history.rows import Rows
from ingest.model.catalogue import Catalogue, Ids
from ingest.model.observation import Resolved
from ingest.model.time import HOUR, isoformat, to_micros
from tests import towns
from tests.towns import device, electricity_meter, fact, meter, sending

HOURLY = sending("electricity_energy", kind="interval")
CAPACITIES = [
    fact("photovoltaic_capacity", 4, "kW", valid_from="2016-08-01", valid_to="2016-08-03"),
    fact("photovoltaic_capacity", 6, "kW", valid_from="2016-08-03", valid_to="2017-01-01"),
]
CITY = towns.city(
    electricity_meter({**HOURLY, "unit": "MWh"}, "electricity_power", name="main", native_id="m1"),
    meter("photovoltaic_inverter", HOURLY, name="roof", direction="production"),
    electricity_meter(HOURLY, name="slow", every="PT15M"),
    electricity_meter(name="counter"),
    device("grid", "grid_signal", "grid_emission_factor", site="air"),
    name="testville",
    zone="America/Los_Angeles",
    sites={"house": {"facts": CAPACITIES}},
)
AXIS: dict[str, object] = {"start": "2016-07-31T23:00:00-08:00", "step": "PT1H", "stamping": "end"}
CHECKED: dict[str, object] = AXIS | {"agrees_with": {"month": "month", "hour": "hour", "weekday": "day"}}
LOAD: dict[str, object] = {"column": "load", "device": "m1", "quantity": "electricity_energy", "unit": "kWh"}
START = to_micros(datetime(2016, 8, 1, 7, tzinfo=UTC))


def catalogue() -> Catalogue:
    city = CITY
    keys = [(city.name, device.name, series.quantity) for device in city.devices for series in device.series]
    devices = {(city.name, device.name): number for number, device in enumerate(city.devices)}
    return Catalogue([city], Ids(devices, {key: number for number, key in enumerate(keys)}))


def series_id(device: str, quantity: str) -> int:
    return next(s.series_id for s in catalogue().series.values() if (s.device, s.quantity) == (device, quantity))


def mapping(*values: dict[str, object], axis: dict[str, object] | None = None) -> AxisMapping:
    return AxisMapping.model_validate({"name": "m", "source": "s", "axis": axis or AXIS, "values": values or [LOAD]})


def resolved(chosen: AxisMapping, first: int = 0, **columns: list[str | None]) -> Resolved:
    frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    return resolve(Rows(frame, "replay/test.csv", 2**51), first, chosen, catalogue(), "testville")


def stored(found: Resolved) -> list[tuple[str, float]]:
    return [(isoformat(t), v) for t, v in zip(found.batch.time.tolist(), found.batch.value.tolist(), strict=True)]


def test_an_amount_of_an_interval_is_stored_at_its_end() -> None:
    found = resolved(mapping(), load=["2", "3"])
    assert stored(found) == [("2016-08-01T08:00:00Z", 2.0), ("2016-08-01T09:00:00Z", 3.0)]
    assert set(found.batch.series_id.tolist()) == {series_id("main", "electricity_energy")}


def test_rows_of_a_later_portion_of_the_file_go_on_where_the_first_ended() -> None:
    assert stored(resolved(mapping(), 24, load=["2"])) == [("2016-08-02T08:00:00Z", 2.0)]


def test_without_a_unit_values_are_in_the_unit_of_the_series() -> None:
    plain = {key: value for key, value in LOAD.items() if key != "unit"}
    assert [value for _, value in stored(resolved(mapping(plain), load=["2"]))] == [2000.0]


def test_a_mean_of_an_interval_is_known_from_its_first_to_its_last_instant() -> None:
    factor: dict[str, object] = {
        "column": "f",
        "device": "grid",
        "quantity": "grid_emission_factor",
        "stands_for": "interval",
    }
    found = resolved(mapping(factor), f=["0.25"])
    assert stored(found) == [("2016-08-01T07:00:00Z", 0.25), ("2016-08-01T07:59:59.999999Z", 0.25)]


@pytest.mark.parametrize(("stamping", "at"), [("begin", "2016-08-01T07:00:00Z"), ("end", "2016-08-01T08:00:00Z")])
def test_an_instant_is_the_one_its_row_is_named_after(stamping: str, at: str) -> None:
    power: dict[str, object] = {"column": "p", "device": "m1", "quantity": "electricity_power"}
    assert stored(resolved(mapping(power, axis=AXIS | {"stamping": stamping}), p=["1"])) == [(at, 1.0)]


def test_what_is_given_per_unit_of_a_fact_takes_the_fact_of_its_day() -> None:
    solar = LOAD | {"column": "s", "device": "roof", "unit": "Wh", "per_fact": "photovoltaic_capacity"}
    found = resolved(mapping(solar), s=["500"] * 49)
    assert [value for _, value in stored(found)] == [2.0] * 48 + [3.0]


def test_where_the_fact_is_not_stated_the_value_is_refused() -> None:
    solar = LOAD | {"device": "roof", "per_fact": "photovoltaic_capacity"}
    found = resolved(mapping(solar, axis=AXIS | {"start": "2016-12-31T23:00:00-08:00"}), load=["1", "1"])
    assert len(found.batch) == 1
    assert [(one.message, one.reason, one.device) for one in found.refusals] == [(1, "unit_mismatch", "roof")]
    assert "house states no photovoltaic_capacity for that day" in found.refusals[0].detail


def test_hour_24_is_the_midnight_that_ends_the_day_it_is_named_after() -> None:
    found = resolved(
        mapping(axis=CHECKED), month=["7", "8", "8"], hour=["24", "1", "2"], day=["7", "1", "1"], load=["1", "2", "3"]
    )
    assert (len(found.batch), found.refusals) == (3, [])


def test_hours_from_0_to_23_are_those_that_begin() -> None:
    axis = CHECKED | {"stamping": "begin"}
    found = resolved(mapping(axis=axis), month=["7", "8"], hour=["23", "0"], day=["7", "1"], load=["1", "2"])
    assert (len(found.batch), found.refusals) == (2, [])


def test_a_row_out_of_step_is_refused_and_not_moved() -> None:
    found = resolved(mapping(axis=CHECKED), month=["7", "8"], hour=["24", "2"], day=["7", "1"], load=["1", "2"])
    assert stored(found) == [("2016-08-01T08:00:00Z", 1.0)]
    (refusal,) = found.refusals
    assert (refusal.message, refusal.reason, refusal.readings) == (1, "bad_time", 1)
    assert refusal.detail == (
        "row 2 has month '8' and hour '2' and day '1'; "
        "by the axis it begins at 2016-08-01T08:00:00Z with month 8 and hour 1 and day 1"
    )


def test_after_a_missing_row_nothing_is_taken_any_more() -> None:
    hours: list[str | None] = ["24", "1", "3", "4"]
    axis: dict[str, object] = AXIS | {"agrees_with": {"hour": "hour"}}
    found = resolved(mapping(axis=axis), hour=hours, load=["1"] * 4)
    assert (len(found.batch), len(found.refusals)) == (2, 2)


def test_a_row_that_does_not_say_when_it_is_is_out_of_step() -> None:
    axis: dict[str, object] = AXIS | {"agrees_with": {"hour": "hour"}}
    found = resolved(mapping(axis=axis), hour=[None], load=["1"])
    assert (len(found.batch), [one.reason for one in found.refusals]) == (0, ["bad_time"])


def test_the_offset_holds_for_all_rows_whatever_clocks_do() -> None:
    axis = {**AXIS, "start": "2017-03-11T23:00:00-08:00", "agrees_with": {"hour": "hour"}}
    hours: list[str | None] = ["24", "1", "2", "3", "4"]  # Los Angeles skips the third hour of 12 March
    assert len(resolved(mapping(axis=axis), hour=hours, load=["1"] * 5).batch) == 5


def test_what_is_no_number_no_device_or_no_quantity_is_refused_by_itself() -> None:
    found = resolved(
        mapping(LOAD, LOAD | {"device": "who"}, LOAD | {"device": "grid"}), load=["x", None, "1", "inf", "1e308"]
    )
    assert [(one.message, one.reason) for one in found.refusals] == [
        (0, "not_a_number"),
        (3, "not_a_number"),
        *[(row, "unknown_device") for row in (0, 2, 3, 4)],
        *[(row, "unknown_quantity") for row in (0, 2, 3, 4)],
    ]
    assert [value for _, value in stored(found)] == [1.0, 1e308]


def test_an_interval_of_another_length_than_the_rows_is_no_mapping_for_them() -> None:
    with pytest.raises(MappingError, match=r"load: rows are 1 h long, but slow is declared with .* of 0.25 h"):
        resolved(mapping(LOAD | {"device": "slow"}), load=["1"])


def test_a_register_is_no_mean() -> None:
    with pytest.raises(MappingError, match="electricity_energy is a register, no mean"):
        resolved(mapping(LOAD | {"device": "counter", "stands_for": "interval"}), load=["1"])


def test_a_file_without_a_mapped_column_is_refused_by_name() -> None:
    with pytest.raises(MappingError, match=r"replay/test.csv: no column month, hour, day; it has load"):
        resolved(mapping(axis=CHECKED), load=["1"])


@pytest.mark.parametrize(
    "faulty",
    [
        {"axis": AXIS | {"start": "2016-07-31T23:00:00"}},  # nobody knows where
        {"axis": AXIS | {"step": "PT0S"}},
        {"axis": {"start": AXIS["start"], "step": "PT1H"}},  # begin or end is never guessed
        {"axis": AXIS | {"start": "0001-01-01T00:00:00+23:59"}},  # before the calendar begins
        {"axis": AXIS | {"start": "9999-12-31T00:00:00Z", "rows": 100}},  # ends after it
        {"values": [LOAD, LOAD | {"column": "other"}]},
    ],
)
def test_what_would_have_to_be_guessed_is_a_fault_of_the_mapping(faulty: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        AxisMapping.model_validate({"name": "m", "source": "s", "axis": AXIS, "values": [LOAD]} | faulty)


@given(st.dates(date(1990, 1, 1), date(2037, 1, 1)), st.integers(0, 23), st.integers(-14, 14), st.booleans())
def test_the_calendar_is_that_of_the_files_own_clock(day: date, hour: int, offset: int, is_end: bool) -> None:
    wall, stamping = datetime.combine(day, time(hour)), "end" if is_end else "begin"
    start = f"{wall.isoformat()}{offset:+03d}:00"
    axis = CHECKED | {"start": start, "stamping": stamping}
    due = [wall + timedelta(hours=row) for row in range(30)]
    found = resolved(
        mapping(axis=axis),
        month=[str(one.month) for one in due],
        hour=[str(one.hour + is_end) for one in due],
        day=[str(one.isoweekday()) for one in due],
        load=["1"] * 30,
    )
    assert found.refusals == []
    begin = to_micros(datetime.fromisoformat(start))
    assert found.batch.time.tolist() == [begin + (row + 1) * HOUR for row in range(30)]


@given(st.lists(st.tuples(st.one_of(st.none(), st.text(max_size=5)), st.one_of(st.none(), st.text(max_size=5)))))
def test_every_present_value_is_accounted_for_once(cells: list[tuple[str | None, str | None]]) -> None:
    hours, loads = [hour for hour, _ in cells], [load for _, load in cells]
    found = resolved(mapping(axis=AXIS | {"agrees_with": {"hour": "hour"}}), hour=hours, load=loads)
    present = sum(load is not None for load in loads)
    assert len(found.batch) + sum(one.readings for one in found.refusals) == present
