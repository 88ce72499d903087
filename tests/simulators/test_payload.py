"""The native payload is what the contract says, read back here by nothing but a JSON parser."""

import json
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.model.time import SECOND, to_micros
from simulators.payload import status_topic, telemetry, telemetry_topic

MILLISECONDS = st.integers(0, 4_102_444_800_000)  # up to 2100


def _instant(text: str) -> int:
    assert text.endswith("Z")
    return to_micros(datetime.fromisoformat(text))


@given(MILLISECONDS, st.floats(0, 1e9))
def test_one_reading_is_one_object(milliseconds: int, value: float) -> None:
    document = json.loads(telemetry(np.array([milliseconds * 1000]), {"heat_energy": np.array([value])}))
    assert set(document) == {"time", "values"}
    assert _instant(document["time"]) == milliseconds * 1000
    assert document["values"]["heat_energy"] == pytest.approx(value, abs=5e-5, rel=1e-12)


@given(st.lists(MILLISECONDS, min_size=2, max_size=20, unique=True))
def test_several_readings_are_an_array_in_order(milliseconds: list[int]) -> None:
    times = np.array(sorted(milliseconds)) * 1000
    values = {"flow": np.arange(len(times)) / 8, "heat_power": np.arange(len(times)) / 4}
    document = json.loads(telemetry(times, values))
    assert [_instant(sample["time"]) for sample in document] == times.tolist()
    assert [sample["values"] for sample in document] == [
        {"flow": index / 8, "heat_power": index / 4} for index in range(len(times))
    ]


def test_temperatures_have_the_resolution_of_a_display() -> None:
    payload = telemetry(
        np.array([to_micros(datetime(2026, 1, 1, tzinfo=UTC))]), {"return_temperature": np.array([41.23456])}
    )
    assert payload == b'{"time":"2026-01-01T00:00:00.000Z","values":{"return_temperature":41.23}}'


def test_a_day_of_a_meter_fits_into_a_message() -> None:
    times = np.arange(96) * 900 * SECOND
    values = {f"quantity_{index}": np.full(96, 123456.7891) for index in range(8)}
    assert len(telemetry(times, values)) < 100_000


def test_topics_name_city_and_device() -> None:
    assert telemetry_topic("tartu", "meter-1") == "pharos/v1/tartu/meter-1/telemetry"
    assert status_topic("tartu", "meter-1") == "pharos/v1/tartu/meter-1/status"
