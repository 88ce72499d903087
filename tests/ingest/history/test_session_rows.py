"""Session files to sessions: every row becomes a session or is refused with a reason, and persons stay outside."""

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import MappingError
from ingest.history.mapping import Mapping
from ingest.history.mapping_kinds import load
from ingest.history.rows import Rows
from ingest.history.session_mapping import SessionMapping
from ingest.history.session_rows import ResolvedSessions, mapped, resolve
from ingest.model.catalogue import Catalogue, Ids
from ingest.model.city.city_file import parse
from ingest.model.session import Session
from ingest.model.time import isoformat
from tests.towns import charging_point, sending, town

POINT = charging_point(sending("electricity_energy", kind="session"), native_id="G1:S2")
CITY = town(POINT, name="testville", zone="Europe/Oslo")
CATALOGUE = Catalogue(
    [parse(CITY, "testville.yaml")],
    Ids({("testville", "point"): 1}, {("testville", "point", "electricity_energy"): 7}),
)
MAPPING = SessionMapping.model_validate(
    {
        "name": "test",
        "source": "made up",
        "device": {"columns": ["garage", "point"]},
        "session": {"id": "id", "begin": "in", "end": "out", "energy": {"column": "energy", "unit": "Wh"}},
        "time": {"format": "%d.%m.%Y %H:%M"},
        "missing": ["NA"],
        "decimal": ",",
    }
)
ROW = {
    "garage": "G1",
    "point": "S2",
    "id": "1",
    "in": "01.02.2024 10:00",
    "out": "01.02.2024 11:00",
    "energy": "1500,5",
}


def resolved(*changes: dict[str, str | None], mapping: SessionMapping = MAPPING) -> ResolvedSessions:
    frame = pl.DataFrame([ROW | {"user": "ann"} | change for change in changes], schema_overrides={"energy": pl.String})
    rows = Rows(frame.cast(pl.String), "test.csv", 2**51)
    return resolve(mapped(rows, mapping), mapping, CATALOGUE, "testville")


def only(found: ResolvedSessions) -> Session:
    assert not found.refusals
    return found.sessions[0].session


def times(begin: str, end: str) -> tuple[str, str | None]:
    session = only(resolved({"in": begin, "out": end}))
    return isoformat(session.begin), None if session.end is None else isoformat(session.end)


def refusal(**change: str | None) -> tuple[str, str]:
    found = resolved(change)
    assert not found.sessions
    return found.refusals[0].reason, found.refusals[0].detail


def test_a_row_is_a_session_in_the_citys_zone_and_kwh() -> None:
    session = only(resolved({}))
    assert session.transaction_id == "1"
    assert session.energy_kwh == 1.5005
    assert times("01.02.2024 10:00", "01.02.2024 11:00") == ("2024-02-01T09:00:00Z", "2024-02-01T10:00:00Z")


def test_what_is_missing_is_not_known() -> None:
    session = only(resolved({"out": "NA", "energy": " NA "}))
    assert (session.end, session.energy_kwh) == (None, None)


def test_an_hour_that_clocks_show_twice_is_the_first_of_both() -> None:
    assert times("27.10.2024 02:30", "27.10.2024 05:00")[0] == "2024-10-27T00:30:00Z"


def test_an_end_that_would_be_before_its_begin_is_in_the_second_of_both() -> None:
    assert times("27.10.2024 02:30", "27.10.2024 02:10") == ("2024-10-27T00:30:00Z", "2024-10-27T01:10:00Z")


def test_a_session_over_the_night_in_spring_is_an_hour_shorter_than_its_clocks() -> None:
    assert times("31.03.2024 01:30", "31.03.2024 03:30") == ("2024-03-31T00:30:00Z", "2024-03-31T01:30:00Z")


def test_a_time_that_clocks_skip_is_refused() -> None:
    reason, detail = refusal(**{"in": "31.03.2024 02:30"})
    assert reason == "bad_time"
    assert "31.03.2024 02:30" in detail


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"in": "NA"}, "bad_time"),
        ({"out": "yesterday"}, "bad_time"),
        ({"out": "01.02.2024 09:59"}, "bad_time"),
        ({"energy": "much"}, "not_a_number"),
        ({"energy": "inf"}, "not_a_number"),
        ({"id": ""}, "undecodable"),
        ({"point": "S3"}, "unknown_device"),
        ({"garage": None}, "unknown_device"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(change: dict[str, str | None], reason: str) -> None:
    assert refusal(**change)[0] == reason


def test_columns_that_are_not_named_are_not_even_kept_with_what_is_refused() -> None:
    rows = mapped(Rows(pl.DataFrame([ROW | {"user": "ann"}]), "test.csv", 0), MAPPING)
    assert b"ann" not in rows[0].payload


def test_a_file_without_a_column_is_refused_as_a_whole() -> None:
    with pytest.raises(MappingError, match="no column energy"):
        mapped(Rows(pl.DataFrame([ROW]).drop("energy"), "test.csv", 0), MAPPING)


@given(st.lists(st.fixed_dictionaries(dict.fromkeys(ROW, st.none() | st.text(max_size=20))), min_size=1, max_size=5))
def test_every_row_is_a_session_or_a_refusal(changes: list[dict[str, str | None]]) -> None:
    found = resolved(*changes)
    rows = [one.message for one in found.sessions] + [one.message for one in found.refusals]
    assert sorted(rows) == list(range(len(changes)))


def test_a_mapping_of_sessions_is_told_from_one_of_readings(tmp_path: Path) -> None:
    file = tmp_path / "mapping.yaml"
    file.write_text(
        "name: x\nsource: y\ntime: {column: t}\ndevice: {column: d}\nvalues: [{column: v, quantity: volume}]\n"
    )
    assert isinstance(load(file), Mapping)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("complete: {from: 2024-02-01, to: 2024-02-01}", "expected to after from"),
        ("session: {id: a, begin: b, end: c, energy: {column: d, unit: m}}", "session.energy.unit"),
        ("persons: [user]", "persons"),
    ],
)
def test_a_fault_of_a_session_mapping_names_its_key(tmp_path: Path, text: str, fault: str) -> None:
    file = tmp_path / "mapping.yaml"
    document = {"session": "session: {id: a, begin: b, end: c, energy: {column: d}}"}
    lines = [
        "name: x",
        "source: y",
        "device: {columns: [g]}",
        *(document.values() if "session:" not in text else ()),
        text,
    ]
    file.write_text("\n".join(lines))
    with pytest.raises(MappingError, match=fault):
        load(file)
