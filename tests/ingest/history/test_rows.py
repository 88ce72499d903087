"""History files to observations: every present value becomes an observation or is refused with a reason."""

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import MappingError
from ingest.history.mapping import Mapping, load
from ingest.history.rows import Rows, resolve
from ingest.model.catalogue import Catalogue, Ids
from ingest.model.city.city_file import parse
from ingest.model.given_interval import UNGIVEN
from ingest.model.observation import Resolved
from ingest.model.revision import UNREVISED
from ingest.model.time import HOUR, isoformat
from tests.towns import heat_meter, sending, town

CITY = town(
    heat_meter(sending("heat_energy", unit="MWh"), "return_temperature", native_id="42"),
    name="testville",
    zone="Europe/Oslo",
)


def catalogue() -> Catalogue:
    city = parse(CITY, "testville.yaml")
    ids = {("testville", "meter", "heat_energy"): 7, ("testville", "meter", "return_temperature"): 8}
    return Catalogue([city], Ids({("testville", "meter"): 1}, ids))


def mapping(**changes: object) -> Mapping:
    document: dict[str, object] = {
        "name": "test",
        "source": "made up",
        "time": {"column": "time"},
        "device": {"column": "meter"},
        "values": [{"column": "energy", "quantity": "heat_energy"}],
    }
    return Mapping.model_validate(document | changes)


def frame(**columns: list[str | None]) -> Rows:
    length = max(map(len, columns.values()))
    defaults: dict[str, list[str | None]] = {"time": ["2024-01-01T00:00:00Z"] * length, "meter": ["42"] * length}
    return Rows(pl.DataFrame(defaults | columns, schema_overrides=dict.fromkeys(columns, pl.String)), "test.csv", 2**51)


def test_a_value_beyond_every_float_is_left_for_the_plausible_range_to_refuse() -> None:
    resolved = resolve(frame(energy=["1e308"]), mapping(), catalogue(), "testville")
    assert resolved.batch.value.tolist() == [float("inf")]


def test_a_row_becomes_an_observation_in_the_canonical_unit() -> None:
    resolved = resolve(frame(energy=["1.5"]), mapping(), catalogue(), "testville")
    assert resolved.batch.series_id.tolist() == [7]
    assert resolved.batch.value.tolist() == [1500.0]
    assert isoformat(resolved.batch.time[0]) == "2024-01-01T00:00:00Z"


def test_the_mapping_may_name_the_unit_the_decimal_mark_and_the_device() -> None:
    chosen = mapping(
        decimal=",", device={"native_id": "42"}, values=[{"column": "energy", "quantity": "heat_energy", "unit": "kWh"}]
    )
    assert resolve(frame(energy=["1234,5"]), chosen, catalogue(), "testville").batch.value.tolist() == [1234.5]


def test_local_wall_clock_times_are_placed_in_their_zone_and_refused_where_they_are_none() -> None:
    local = mapping(time={"column": "time", "format": "%d.%m.%Y %H:%M", "zone": "Europe/Oslo"})
    times: list[str | None] = ["01.07.2024 12:00", "31.03.2024 02:30", "27.10.2024 02:30"]
    resolved = resolve(frame(time=times, energy=["1"] * 3), local, catalogue(), "testville")
    assert [isoformat(time) for time in resolved.batch.time] == ["2024-07-01T10:00:00Z"]
    assert [(refusal.message, refusal.reason) for refusal in resolved.refusals] == [(1, "bad_time"), (2, "bad_time")]


def test_an_empty_cell_is_no_reading_and_a_bad_one_costs_no_other() -> None:
    both = mapping(
        values=[
            {"column": "energy", "quantity": "heat_energy"},
            {"column": "temperature", "quantity": "return_temperature"},
        ]
    )
    rows = frame(energy=["1", None, "x", "inf"], temperature=["40", "41", "42", "43"])
    resolved = resolve(rows, both, catalogue(), "testville")
    assert resolved.batch.message.tolist() == [0, 0, 1, 2, 3]
    assert [(refusal.message, refusal.reason) for refusal in resolved.refusals] == [
        (2, "not_a_number"),
        (3, "not_a_number"),
    ]
    assert "'x'" in resolved.refusals[0].detail


def test_unknown_devices_and_quantities_are_refused_with_the_readings_they_stand_for() -> None:
    rows = frame(meter=["42", "43"], energy=["1", "2"], flow=["3", "4"])
    wide = mapping(values=[{"column": "energy", "quantity": "heat_energy"}, {"column": "flow", "quantity": "flow"}])
    resolved = resolve(rows, wide, catalogue(), "testville")
    assert {(refusal.message, refusal.reason, refusal.readings) for refusal in resolved.refusals} == {
        (0, "unknown_quantity", 1),
        (1, "unknown_device", 2),
    }
    assert rows[1].payload == b'{"time":"2024-01-01T00:00:00Z","meter":"43","energy":"2","flow":"4"}'


def test_a_file_without_a_mapped_column_is_refused_by_name() -> None:
    with pytest.raises(MappingError, match=r"no column energy; it has time, meter, heat"):
        resolve(frame(heat=["1"]), mapping(), catalogue(), "testville")


@given(
    st.lists(
        st.tuples(st.text(max_size=12), st.sampled_from(["42", "43", ""]), st.one_of(st.none(), st.text(max_size=8))),
        min_size=1,
        max_size=20,
    ),
    st.booleans(),
)
def test_every_present_value_is_accounted_for_once(cells: list[tuple[str, str, str | None]], is_timed: bool) -> None:
    times, meters, values = (list(column) for column in zip(*cells, strict=True))
    if is_timed:
        times = [isoformat(index * HOUR) for index in range(len(times))]
    resolved = resolve(frame(time=times, meter=meters, energy=values), mapping(), catalogue(), "testville")
    present = sum(value is not None for value in values)
    assert len(resolved.batch) + sum(refusal.readings for refusal in resolved.refusals) == present


def test_a_faulty_mapping_is_refused_with_file_key_and_what_was_expected(tmp_path: Path) -> None:
    file = tmp_path / "mapping.yaml"
    file.write_text("{name: m, source: s, time: {column: t}, device: {}, values: [{column: v, quantity: volume}]}")
    with pytest.raises(MappingError) as refused:
        load(file)
    assert str(refused.value) == f"{file}:1: device: expected either column or native_id"


def test_a_leap_second_is_the_first_second_of_the_day_after() -> None:
    found = resolve(frame(time=["2016-12-31T23:59:60Z"], energy=["1"]), mapping(), catalogue(), "testville")
    assert isoformat(found.batch.time[0]) == "2017-01-01T00:00:00Z"


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "+12345-01-01T00:00:00Z"])
def test_a_time_outside_of_the_calendar_refuses_its_row(time: str) -> None:
    rows = frame(time=[time, "2024-01-01T00:00:00Z"], energy=["1", "2"])
    found = resolve(rows, mapping(), catalogue(), "testville")
    assert [(one.message, one.reason, one.field) for one in found.refusals] == [(0, "bad_time", "time")]
    assert found.batch.message.tolist() == [1]


def test_rows_say_when_their_values_were_issued_by_time_number_or_not_at_all() -> None:
    rows = frame(energy=["1", "2", "3", "4"], issued=["1970-01-01T00:00:01Z", "7", None, "soon"])
    resolved = resolve(rows, mapping(revision={"column": "issued"}), catalogue(), "testville")
    assert resolved.batch.revision is not None
    assert resolved.batch.revision.tolist() == [1000.0, 7.0, UNREVISED]
    assert [(one.message, one.reason, one.field) for one in resolved.refusals] == [(3, "bad_revision", "revision")]


BEGIN, END = {"column": "from"}, {"column": "to"}
ELEVEN, NOON = "2024-01-01T11:20:00Z", "2024-01-01T12:00:00Z"


def intervals(found: Resolved) -> list[tuple[str | None, str]]:
    """Return begin and time of each observation."""
    begin = found.batch.begin
    begins = [None] * len(found.batch) if begin is None else begin.tolist()
    return [
        (None if one in {None, UNGIVEN} else isoformat(one), isoformat(time))
        for one, time in zip(begins, found.batch.time, strict=True)
    ]


def test_rows_have_the_interval_of_two_columns_or_of_one_and_their_time() -> None:
    given: list[tuple[Mapping, dict[str, list[str | None]]]] = [
        (mapping(begin=BEGIN), {"from": [ELEVEN], "time": [NOON]}),
        (mapping(end=END), {"to": [NOON], "time": [ELEVEN]}),
        (mapping(begin=BEGIN, end=END), {"from": [ELEVEN], "to": [NOON], "time": ["2024-01-02T00:00:00Z"]}),
        (bounded(), {"from": [ELEVEN], "to": [NOON]}),
    ]
    for chosen, cells in given:
        found = resolve(frame(energy=["1"], **cells), chosen, catalogue(), "testville")
        assert intervals(found) == [(ELEVEN, NOON)]


def bounded() -> Mapping:
    """Return a mapping that names both edges and no time."""
    return mapping(begin=BEGIN, end=END, time=None)


def test_a_row_without_an_edge_has_its_time_alone_and_one_whose_edge_is_no_time_is_refused() -> None:
    cells: dict[str, list[str | None]] = {
        "from": [None, "soon", ELEVEN],
        "to": [NOON, NOON, None],
        "time": [NOON] * 3,
    }
    found = resolve(frame(energy=["1", "2", "3"], **cells), mapping(begin=BEGIN, end=END), catalogue(), "testville")
    assert intervals(found) == [(None, NOON), (None, NOON)]
    assert [(one.message, one.reason, one.field) for one in found.refusals] == [(1, "bad_time", "begin")]
    assert found.refusals[0].detail == "column from: 'soon'"


def test_a_mapping_without_time_refuses_rows_without_an_end_once() -> None:
    cells: dict[str, list[str | None]] = {"from": [ELEVEN, "never"], "to": [None, "never"]}
    rows = frame(energy=["1", "2"], **cells)
    found = resolve(rows, bounded(), catalogue(), "testville")
    assert sorted((one.message, one.reason, one.field) for one in found.refusals) == [
        (0, "bad_time", "end"),
        (1, "bad_time", "begin"),
    ]


def test_a_file_without_a_column_of_edges_is_refused_by_name() -> None:
    with pytest.raises(MappingError, match="no column from, to"):
        resolve(frame(energy=["1"]), mapping(begin=BEGIN, end=END), catalogue(), "testville")


def test_double_hours_are_told_apart_in_each_column_of_edges() -> None:
    local = {"format": "%d.%m.%Y %H:%M", "zone": "Europe/Oslo"}
    cells: dict[str, list[str | None]] = {
        "from": [f"27.10.2024 0{hour}" for hour in ("0:00", "2:00", "2:00", "2:30")],
        "to": [f"27.10.2024 0{hour}" for hour in ("2:00", "2:00", "2:30", "5:00")],
    }
    chosen = mapping(begin=BEGIN | local, time=END | local)
    found = resolve(frame(energy=["1"] * 4, **cells), chosen, catalogue(), "testville")
    assert intervals(found) == [
        ("2024-10-26T22:00:00Z", "2024-10-27T00:00:00Z"),
        ("2024-10-27T00:00:00Z", "2024-10-27T01:00:00Z"),
        ("2024-10-27T01:00:00Z", "2024-10-27T01:30:00Z"),
        ("2024-10-27T01:30:00Z", "2024-10-27T04:00:00Z"),
    ]


def test_a_mapping_that_names_one_edge_alone_says_that_a_time_is_missing(tmp_path: Path) -> None:
    file = tmp_path / "mapping.yaml"
    file.write_text(
        "{name: m, source: s, begin: {column: b}, device: {native_id: m}, values: [{column: v, quantity: volume}]}"
    )
    with pytest.raises(MappingError) as refused:
        load(file)
    assert str(refused.value) == f"{file}:1: time: expected the column of a row's time, or begin and end"


def test_a_column_of_revisions_that_the_file_lacks_is_named() -> None:
    with pytest.raises(MappingError, match="no column issued"):
        resolve(frame(energy=["1"]), mapping(revision={"column": "issued"}), catalogue(), "testville")


@pytest.mark.parametrize(("written", "number"), [("7", 7.0), ("'7'", 7.0), ("1970-01-01T00:00:01Z", 1000.0)])
def test_a_file_has_the_revision_that_its_mapping_gives(written: str, number: float, tmp_path: Path) -> None:
    path = tmp_path / "mapping.yaml"
    path.write_text(
        "{name: test, source: made up, time: {column: time}, device: {column: meter}, "
        f"values: [{{column: energy, quantity: heat_energy}}], revision: {written}}}"
    )
    assert load(path).issued == number


def test_a_revision_that_is_no_instant_and_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="revision"):
        mapping(revision="soon")
