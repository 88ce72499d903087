"""Units that a series was declared in one after another: each reading is converted by the one in force at its time."""

import json
from datetime import UTC, datetime, timedelta

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from ingest.decoders import DECODERS
from ingest.history.mapping import Mapping
from ingest.history.rows import Rows, resolve
from ingest.model.catalogue import Catalogue, Ids
from ingest.model.city.city_file import parse
from ingest.model.observation import RawMessage
from ingest.model.time import HOUR, from_micros, to_micros
from ingest.resolve import Resolver
from tests.towns import heat_meter, sending, town

CITY = town(
    heat_meter(
        sending(
            "heat_energy", unit=[{"unit": "kWh", "valid_to": "2026-03-01"}, {"unit": "MWh", "valid_from": "2026-03-01"}]
        ),
        "volume",
    ),
    name="testville",
    zone="Europe/Oslo",
)
IDS = Ids({("testville", "meter"): 1}, {("testville", "meter", "heat_energy"): 7, ("testville", "meter", "volume"): 8})
CATALOGUE = Catalogue([parse(CITY, "testville.yaml")], IDS)
CHANGED = to_micros(datetime(2026, 2, 28, 23, tzinfo=UTC))  # midnight in Oslo
TIMES = st.lists(st.integers(-48, 48).map(lambda hours: CHANGED + hours * HOUR // 2), min_size=1, max_size=6)


def energy(time: int, value: float) -> float:
    return value * 1000 if time >= CHANGED else value


def message(time: int | None, arrived: int = CHANGED, **more: object) -> RawMessage:
    said = {"values": {"heat_energy": 3, "volume": 5}} | more | ({} if time is None else {"time": time // 1000})
    return RawMessage("pharos/v1/testville/meter/telemetry", json.dumps(said).encode(), arrived)


@given(TIMES)
def test_messages_are_read_by_the_unit_of_their_own_time_in_any_order(times: list[int]) -> None:
    batch = Resolver(CATALOGUE, DECODERS["pharos"]).resolve([message(time) for time in times]).batch

    found = sorted(zip(batch.series_id.tolist(), batch.time.tolist(), batch.value.tolist(), strict=True))
    assert found == sorted([(7, time, energy(time, 3.0)) for time in times] + [(8, time, 5.0) for time in times])


def test_a_reading_without_time_is_read_by_the_unit_of_its_arrival_and_one_that_names_its_unit_by_that() -> None:
    resolver = Resolver(CATALOGUE, DECODERS["pharos"])
    said = [message(None, CHANGED - 1), message(None, CHANGED), message(CHANGED, units={"heat_energy": "kWh"})]

    assert resolver.resolve(said).batch.value.tolist()[::2] == [3.0, 3000.0, 3.0]


@given(TIMES)
def test_rows_of_history_are_read_by_the_unit_of_their_time_unless_the_mapping_names_one(times: list[int]) -> None:
    cells = {"time": [from_micros(time).isoformat() for time in times], "meter": ["meter"] * len(times)}
    rows = Rows(pl.DataFrame(cells | {"energy": ["3"] * len(times)}), "test.csv", CHANGED)

    def values(**more: str) -> list[float]:
        document = {
            "name": "test",
            "source": "made up",
            "time": {"column": "time"},
            "device": {"column": "meter"},
            "values": [{"column": "energy", "quantity": "heat_energy", **more}],
        }
        resolved = resolve(rows, Mapping.model_validate(document), CATALOGUE, "testville")
        return list(resolved.batch.value)

    assert values() == [energy(time, 3.0) for time in times]
    assert values(unit="MWh") == [3000.0] * len(times)


def test_a_unit_changes_at_midnight_of_the_city() -> None:
    conversions = CATALOGUE.series[7].conversions
    assert [since for since, _ in conversions.later] == [CHANGED]
    assert from_micros(CHANGED) + timedelta(hours=1) == datetime(2026, 3, 1, tzinfo=UTC)
