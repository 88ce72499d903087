"""Alarms do not depend on what comes late, twice or out of order, nor on a restart."""

from random import Random
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.model.time import HOUR, MINUTE, SECOND
from tests import towns
from tests.kpi_engine.alarms.watched import Received, Town, at
from tests.towns import charging_point, heat_meter

pytestmark = pytest.mark.long

START: Final = at("2026-10-25T00:00:00Z")  # local clocks go back at 01:00Z
SLOTS: Final = 36  # ten minutes each
WATER: Final = ("supply_temperature", "return_temperature", "flow")
LIMITS: Final = {"high_return_temperature": {"after": "PT30M", "clear_after": "PT30M"}}
STUCK: Final = {"outdoor_temperature_stuck": {"threshold": 1}}
IDLE: Final = {"charging_not_delivering": {"threshold": 1}}
CITY: Final = towns.city(
    heat_meter(*WATER, every="PT10M", alarms=LIMITS),
    towns.device("air", "weather_station", "outdoor_temperature", every="PT10M", alarms=STUCK),
    charging_point("plugged_in", "electricity_energy", every="PT10M", alarms=IDLE),
    name="town",
)
TOWN: Final = Town.of(CITY, START)
LATE: Final = 21 * MINUTE  # of ten-minute devices: more than two intervals and 30 s

QUANTITIES: Final[dict[str, dict[str, tuple[float, ...]]]] = {
    "meter": {"return_temperature": (40.0, 57.0, 65.0), "supply_temperature": (66.0, 80.0), "flow": (0.0, 0.5)},
    "air": {"outdoor_temperature": (7.4, 7.5)},
    "point": {"plugged_in": (0.0, 1.0), "electricity_energy": (100.0, 101.0)},
}


@st.composite
def live_readings(draw: st.DrawFn) -> list[Received]:
    """Draw what devices say in time: with pauses, and delays of up to ten minutes."""
    found = []
    for device, quantities in QUANTITIES.items():
        level = {quantity: draw(st.sampled_from(values)) for quantity, values in quantities.items()}
        for slot in range(SLOTS):
            changes = draw(st.integers(0, 9))
            if changes == 0:
                continue  # it says nothing this time
            if changes == 1:
                level = {quantity: draw(st.sampled_from(values)) for quantity, values in quantities.items()}
            time = START + slot * 10 * MINUTE
            received_at = time + draw(st.sampled_from((0, 1, 9))) * MINUTE
            found += [Received(device, quantity, time, value, received_at) for quantity, value in level.items()]
    return found


@st.composite
def late_readings(draw: st.DrawFn) -> list[Received]:
    """Draw readings of any time and value that arrive when they are not live any more."""
    found = []
    for _ in range(draw(st.integers(1, 60))):
        device = draw(st.sampled_from(sorted(QUANTITIES)))
        quantity = draw(st.sampled_from(sorted(QUANTITIES[device])))
        time = START + draw(st.integers(-HOUR, 6 * HOUR) | st.integers(0, SLOTS).map(lambda slot: slot * 10 * MINUTE))
        value = draw(st.sampled_from((*QUANTITIES[device][quantity], 99.0)))
        received_at = time + LATE + draw(st.integers(0, 3 * HOUR))
        found.append(Received(device, quantity, time, value, received_at))
    return found


@settings(max_examples=min(25, settings().max_examples))
@given(live_readings(), late_readings(), st.randoms())
def test_late_and_repeated_readings_in_any_order_make_no_other_alarms(
    live: list[Received], late: list[Received], chance: Random
) -> None:
    again = [one._replace(received_at=one.received_at + 17 * SECOND) for one in live[::3]]
    mixed = [*live, *again, *late]
    chance.shuffle(mixed)
    window = (START, START + 7 * HOUR, 5 * MINUTE)
    assert TOWN.stories(mixed, *window) == TOWN.stories(live, *window)


def test_the_readings_drawn_do_raise_and_clear() -> None:
    hot = [
        Received("meter", "return_temperature", START + n * 10 * MINUTE, 65.0, START + n * 10 * MINUTE)
        for n in range(6)
    ]
    cool = [one._replace(time=one.time + HOUR, received_at=one.received_at + HOUR, value=40.0) for one in hot]
    told = TOWN.stories([*hot, *cool], START, START + 2 * HOUR)
    of_heat = [story[2:] for story in told if story.rule == "high_return_temperature"]
    assert of_heat == [("2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z")]
