"""A small town over the night of 23 hours whose devices do everything that is awkward, as a fixed list of deliveries.

Registers restart, roll over, jitter, fall to zero and back, begin anew each day and each session, and meters are
replaced, by declaration and by serial number; gauges report by exception, amounts stand for intervals; readings are
contested, clocks wrong and payloads broken; charging sessions come as records, some with several contents.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from ingest.model.observation import RawMessage
from ingest.model.session import Session
from ingest.model.time import HOUR, MINUTE, from_micros, to_micros
from tests.towns import Declared, charging_point, device, electricity_meter, fact, heat_meter, sending, town

STATUS: Final = ["Available", "Preparing", "Charging", "Charging", "SuspendedEV", "Finishing", "Faulted"]
START: Final = to_micros(datetime(2026, 3, 28, 20, tzinfo=UTC))
HOURS: Final = 31  # until three in the morning of 30 March, by the clocks there
END: Final = START + HOURS * HOUR
ARRIVED: Final = END + HOUR
NOW: Final = END + 12 * HOUR
HALF_HOURLY: Final[dict[str, Any]] = {"site": "block", "every": "PT30M"}
AT_SCHOOL: Final[dict[str, Any]] = {"site": "school", "every": "PT30M"}
SWAP: Final = {"at": "2026-03-29T03:20:00+02:00", "closing": {"heat_energy": 300}, "opening": {"heat_energy": 12}}
SITES: Final = {
    "plant": {"vertical": "district_heating"},
    "block": {"facts": [fact("heated_area", 1000, "m2")]},
    "school": {"facts": [fact("floor_area", 500, "m2")]},
}


def registering(**contract: object) -> Declared:
    """Return a register of heat of this contract."""
    return sending("heat_energy", register_contract=contract)


CITY: Final = town(
    heat_meter(sending("heat_energy", max_gap="PT2H"), "return_temperature", name="plain", **HALF_HOURLY),
    heat_meter(registering(jitter=0.1, modulus=1000), name="jittery", **HALF_HOURLY),
    heat_meter(name="replaced", replacements=[SWAP], **HALF_HOURLY),
    heat_meter(name="numbered", **HALF_HOURLY),
    heat_meter(registering(scope="day"), name="daily", **HALF_HOURLY),
    electricity_meter(sending("electricity_energy", kind="interval"), name="main", **AT_SCHOOL),
    charging_point(
        sending("electricity_energy", register_contract={"scope": "session"}),
        "plugged_in",
        sending("connector_status", max_gap="PT2H"),
        site="parking",
        every="PT30M",
    ),
    electricity_meter(name="kitchen", submeter_of="main", **AT_SCHOOL),
    charging_point(sending("electricity_energy", kind="session"), name="wallbox", site="parking"),
    device("grid", "grid_signal", "grid_emission_factor", site="surroundings"),
    device("weather", "weather_station", sending("outdoor_temperature", max_gap="PT6H"), site="surroundings"),
    name="town",
    role="lighthouse",
    sites=SITES,
    factors={"heat": "test", "electricity": "test-electricity"},
    factor_series={"electricity": {"device": "grid", "quantity": "grid_emission_factor"}},
)


@dataclass(frozen=True)
class Record:
    """A charging session as a file states it, of the device ``wallbox``."""

    session: Session


Delivery = RawMessage | Record


def deliveries() -> list[Delivery]:
    """Return everything that is sent, in the order of time."""
    timed = sorted([*_telemetry(), *_last_minutes()], key=lambda message: message.payload)
    return [*timed, *_broken(), *map(Record, _sessions())]


def _telemetry() -> Iterator[RawMessage]:
    for step in range(2 * HOURS + 1):
        time = START + step * 30 * MINUTE
        yield _message(
            "plain", time, heat_energy=_plain(step), return_temperature=95.0 if step == 33 else 40 + step % 7
        )
        yield _message("jittery", time, heat_energy=(950 + step + 0.1 * (step % 2)) % 1000)
        yield _message("replaced", time, heat_energy=290.0 + step if step < 11 else 12.5 + step)
        serial = "abc"[step // 25] if step % 5 else None  # the third meter reads less than the second
        yield _message("numbered", time, serial, heat_energy=(100.0, 9000.0, 40.0)[step // 25] + 0.5 * step)
        yield _message("daily", time, heat_energy=0.5 * step if step < 6 else 0.25 * ((step - 6) % 46 + 1))
        yield _message("main", time, electricity_energy=1.5 + step % 3)
        yield _message("kitchen", time, electricity_energy=round(0.7 * step, 1))
        yield _message("point", time, connector_status=STATUS[step // 3 % len(STATUS)])
        yield _message("point", time, electricity_energy=_charged(step), plugged_in=1 if 8 <= step % 20 < 14 else 0)
    for step in range(0, HOURS + 1, 3):
        yield _message("grid", START + step * HOUR, grid_emission_factor=0.1 + 0.05 * (step % 4))
        yield _message("weather", START + step * HOUR + 7 * MINUTE, outdoor_temperature=8.0 - step / 3)
    for step in (4, 5, 21, 40):  # the same instants again, with other values
        yield _message("plain", START + step * 30 * MINUTE, heat_energy=_plain(step) + 0.4, return_temperature=39)
        yield _message("main", START + step * 30 * MINUTE, electricity_energy=0.25)


def _last_minutes() -> Iterator[RawMessage]:
    """Yield the readings of the hour that is still open."""
    for minute in range(5, 45, 5):
        time = END + minute * MINUTE
        yield _message("plain", time, heat_energy=_plain(2 * HOURS) + round(0.1 * minute, 1), return_temperature=41.3)
        yield _message("daily", time, heat_energy=round(4.25 + 0.07 * minute, 2))
        yield _message("kitchen", time, electricity_energy=round(43.4 + 0.03 * minute, 2))
        yield _message("weather", time, outdoor_temperature=round(3.1 + 0.37 * (minute % 4), 2))


def _plain(step: int) -> float:
    """Count 2 a step, fall to zero and back twice, be silent for five hours, and restart in the second day."""
    if step in {7, 20, 21, 22}:
        return 0.0
    return 700.0 + 2 * min(step, 30 if step < 40 else step) if step < 50 else 2.0 * (step - 50)


def _charged(step: int) -> float:
    """Count a session in steps of 1.5 while a vehicle is there, and show it until the next one begins."""
    return 0.0 if step < 8 else 1.5 * min((step - 8) % 20, 6)


def _broken() -> Iterator[RawMessage]:
    yield RawMessage("pharos/v1/town/plain/telemetry", b"rubbish", ARRIVED)
    yield RawMessage(
        "pharos/v1/town/nobody/telemetry", b'{"values": {"heat_energy": 1}, "time": 1774800000000}', ARRIVED
    )
    yield _message("plain", 0, heat_energy=5)
    yield _message("plain", ARRIVED + 365 * 24 * HOUR, heat_energy=5)
    yield _message("jittery", START + MINUTE, heat_energy=-4)


def _message(device: str, time: int, serial_number: str | None = None, **values: float | str) -> RawMessage:
    document = {"time": from_micros(time).isoformat(), "values": values, "serial_number": serial_number}
    payload = json.dumps(document).encode()
    return RawMessage(f"pharos/v1/town/{device}/telemetry", payload, ARRIVED)


def _sessions() -> Iterator[Session]:
    for number in range(6):
        begin = START + number * 5 * HOUR
        yield Session(f"s{number}", begin, begin + HOUR, 3.0 + number)
    yield Session("s1", START + 6 * HOUR, START + 7 * HOUR, 3.5)
    yield Session("s1", START + 5 * HOUR, None, 3.5)
    yield Session("s4", START + 20 * HOUR, START + 21 * HOUR, 9.0)
