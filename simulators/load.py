"""A load: the messages of many devices in the native payload, as packets of MQTT 3.1.1 (QoS 1) made in bulk with numpy.

Built for measuring, so it must cost next to nothing beside what it measures: about 1 us a message where paho takes 60.
Message ``i`` is reading ``i // devices`` of device ``i % devices``. Times are microseconds.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from ingest.model.time import SECOND
from simulators.noise import IntColumn
from simulators.payload import telemetry_topic

Bytes = npt.NDArray[np.uint8]

MILLISECOND: Final = SECOND // 1000
QUANTITIES: Final = ("heat_energy", "volume", "supply_temperature", "return_temperature")

IDS: Final = 65_535  # packet identifiers of MQTT: 1 to 65,535

_PUBLISH, _DUPLICATE = 0x32, 0x08
_PAYLOAD: Final = (
    '{"time":%013d,"values":{"heat_energy":1%09d.0,"volume":123456.789012345678901234567890,'
    '"supply_temperature":70.12345678901234567890,"return_temperature":40.12345678901234567890}}'
)
_TIME_AT: Final = len('{"time":')
_ENERGY_AT: Final = _TIME_AT + 13 + len(',"values":{"heat_energy":1')


@dataclass(frozen=True)
class Load:
    """``devices`` of ``city``, reading k of each at ``begin + k * step`` (whole milliseconds)."""

    city: str
    devices: int
    begin: int
    step: int = MILLISECOND

    def device(self, index: int) -> str:
        """Return the name of a device; all names are equally long."""
        return f"meter-{index:05d}"

    def times(self, sequence: IntColumn) -> IntColumn:
        """Return the event times of readings."""
        return np.asarray(self.begin + sequence * self.step)

    def city_file(self) -> str:
        """Return the city file that declares the devices."""
        series = "".join(f"\n      - {{quantity: {quantity}, max_gap: PT1H}}" for quantity in QUANTITIES)
        rest = "site: station, type: heat_meter, expected_interval: PT10S"
        devices = "".join(
            f"\n  - {{name: {self.device(index)}, {rest}, series: *all}}" for index in range(1, self.devices)
        )
        return (
            f"name: {self.city}\ntitle: Load\ncountry: DK\ntimezone: Europe/Copenhagen\nrole: network\n"
            "sites: [{name: station, vertical: district_heating}]\ndevices:\n"
            f"  - name: {self.device(0)}\n    site: station\n    type: heat_meter\n    expected_interval: PT10S\n"
            f"    series: &all{series}{devices}\n"
        )


class Packets:
    """The PUBLISH packets of a load."""

    def __init__(self, load: Load) -> None:
        self._load = load
        packets = [_publish(telemetry_topic(load.city, load.device(index))) for index in range(load.devices)]
        self._templates = np.array([np.frombuffer(packet, np.uint8) for packet in packets])
        self._payload_at = self._templates.shape[1] - len(_PAYLOAD % (0, 0))

    def of(self, messages: IntColumn, *, again: bool) -> bytes:
        """Return the packets of ``messages`` (indices), marked as duplicates when sent ``again``."""
        sequence, device = np.divmod(messages, self._load.devices)
        packets = self._templates[device]
        if again:
            packets[:, 0] |= _DUPLICATE
        ids = packet_ids(messages)
        packets[:, self._payload_at - 2] = ids >> 8
        packets[:, self._payload_at - 1] = ids & 0xFF
        _write_digits(packets, self._payload_at + _TIME_AT, 13, self._load.times(sequence) // MILLISECOND)
        _write_digits(packets, self._payload_at + _ENERGY_AT, 9, sequence)
        return packets.tobytes()


def packet_ids(messages: IntColumn) -> IntColumn:
    """Return the MQTT packet identifiers of messages: 1 to 65,535, over and over."""
    return np.asarray(messages % IDS + 1)


def _publish(topic: str) -> bytes:
    variable = mqtt_text(topic.encode()) + b"\0\0" + (_PAYLOAD % (0, 0)).encode()
    return bytes([_PUBLISH]) + mqtt_length(len(variable)) + variable


def _write_digits(packets: Bytes, at: int, digits: int, numbers: IntColumn) -> None:
    for position in range(at + digits - 1, at - 1, -1):
        numbers, digit = np.divmod(numbers, 10)
        packets[:, position] = digit + ord("0")


def mqtt_text(value: bytes) -> bytes:
    """Return a string field: two bytes of length, then the text."""
    return len(value).to_bytes(2, "big") + value


def mqtt_length(number: int) -> bytes:
    """Return the field of a remaining length below 16,384."""
    return bytes([number]) if number < 128 else bytes([number % 128 | 128, number // 128])
