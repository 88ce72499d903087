"""The native payload as the public contract describes it, written from the contract and not from our decoder.

Topic ``pharos/v1/{city}/{device}/telemetry``; an object with ``time`` (RFC 3339) and ``values``, or an array of them.
"""

from collections.abc import Mapping
from typing import Final

import msgspec
import numpy as np

from ingest.model.quantities.quantity import QUANTITIES
from simulators.device import Readings
from simulators.noise import FloatColumn, IntColumn

# What the display of a meter resolves, in decimals of the unit; kept fine so that sums show no steps.
DECIMALS: Final[Mapping[str, int]] = {"supply_temperature": 2, "return_temperature": 2, "outdoor_temperature": 2}
USUAL_DECIMALS: Final = 4


def telemetry_topic(city: str, address: str) -> str:
    """Return where a device publishes its readings."""
    return f"pharos/v1/{city}/{address}/telemetry"


def status_topic(city: str, address: str) -> str:
    """Return where a device publishes its status, ``online`` or ``offline``."""
    return f"pharos/v1/{city}/{address}/status"


def feedback_topics(city: str) -> str:
    """Return the filter of the topics with the feedback to devices of a city: what became of their readings."""
    return f"pharos/v1/{city}/+/feedback"


def telemetry(times: IntColumn, values: Readings) -> bytes:
    """Return the payload of one message: an object for one instant, an array for several.

    ``times`` in microseconds; ``values`` in declared units by quantity, as long as ``times``.
    """
    samples = [
        {"time": time, "values": dict(zip(values, row, strict=True))}
        for time, row in zip(_rfc3339(times), _rows(values), strict=True)
    ]
    return msgspec.json.encode(samples[0] if len(samples) == 1 else samples)


def _rfc3339(times: IntColumn) -> list[str]:
    milliseconds = times.astype("datetime64[us]").astype("datetime64[ms]")
    text: list[str] = np.datetime_as_string(milliseconds, timezone="UTC").tolist()
    return text


def _rows(values: Readings) -> list[tuple[float | str, ...]]:
    return list(zip(*(_as_sent(name, column) for name, column in values.items()), strict=True))


def _as_sent(name: str, column: FloatColumn) -> list[float] | list[str]:
    """Return a column as it is sent: numbers as they are displayed, states by their names."""
    if name in QUANTITIES and (states := QUANTITIES[name].states):
        return [states[int(code)] for code in column.tolist()]
    numbers: list[float] = _rounded(name, column).tolist()
    return numbers


def _rounded(name: str, column: FloatColumn) -> FloatColumn:
    return np.round(column, DECIMALS.get(name, USUAL_DECIMALS))
