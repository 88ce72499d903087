"""Faults on request: what goes wrong with real devices, each seeded, so that a run can be repeated.

A fault changes what a device reports (``report``) or how its messages travel (``deliver``), values in declared units.
"""

from abc import ABC
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

import numpy as np

from ingest.model.quantities.quantity import QUANTITIES
from ingest.model.time import DAY, HOUR, SECOND, to_micros
from simulators.device import INSTALLED, Readings, SimulatedDevice
from simulators.errors import SimulationError
from simulators.noise import IntColumn, derive, uniform

USUAL_SHARE: Final = 0.2  # of the devices, where a fault names none


@dataclass(frozen=True)
class Report:
    """What a device is about to send: its readings at ``times`` (microseconds), possibly none."""

    times: IntColumn
    values: Readings

    def select(self, rows: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> "Report":
        """Return the readings that a mask picks."""
        return Report(self.times[rows], {name: column[rows] for name, column in self.values.items()})


@dataclass(frozen=True)
class Delivery:
    """One payload and how long it waits before it is sent, in microseconds."""

    payload: bytes
    delay: int = 0


@dataclass(frozen=True)
class Fault(ABC):
    """Something wrong with one device; ``began`` is when it became faulty, where that matters."""

    device: SimulatedDevice
    seed: int
    began: int

    def report(self, report: Report) -> Report:
        """Return what the device reports instead of ``report``."""
        return report

    def deliver(self, delivery: Delivery, at: int) -> list[Delivery]:  # noqa: ARG002 - subclasses use it
        """Return what arrives instead of ``delivery`` of the reading ``at``."""
        return [delivery]

    def chance(self, at: int) -> float:
        """Return a number in (0, 1) that belongs to this fault and the instant ``at``."""
        return float(uniform(self.seed, np.array([at]))[0])


class Silence(Fault):
    """Has sent nothing since six hours before the simulation began."""

    def report(self, report: Report) -> Report:
        """Return the readings from before the silence."""
        return report.select(report.times < self.began - 6 * HOUR)


class Reset(Fault):
    """Restarts its registers from zero once a day, at an instant of its own."""

    def report(self, report: Report) -> Report:
        """Return the readings with registers counted from the latest reset."""
        offset = int(self.chance(0) * DAY)
        reset = np.maximum(report.times - (report.times - offset) % DAY, INSTALLED)
        instants, position = np.unique(reset, return_inverse=True)
        at_reset = self.device.read(instants)
        changed = {name: report.values[name] - at_reset[name][position] for name in self.device.registers}
        return replace(report, values={**report.values, **changed})


class Duplicate(Fault):
    """Sends every third message twice."""

    def deliver(self, delivery: Delivery, at: int) -> list[Delivery]:
        """Return the message, and sometimes the message again."""
        return [delivery] * (2 if self.chance(at) < 1 / 3 else 1)


class Late(Fault):
    """Sends every second message half a minute to ten minutes after its time, so that order is lost, too."""

    def deliver(self, delivery: Delivery, at: int) -> list[Delivery]:
        """Return the message with a delay, or at once."""
        chance = self.chance(at)
        return [replace(delivery, delay=int((30 + 1140 * chance) * SECOND)) if chance < 0.5 else delivery]


class Spike(Fault):
    """Reports the largest plausible value in one reading of fifty, of quantities that cannot jump so."""

    def report(self, report: Report) -> Report:
        """Return the readings with spikes."""
        spiked = uniform(self.seed, report.times) < 1 / 50
        changed = {name: np.where(spiked, self._largest(name), report.values[name]) for name in self._cannot_jump()}
        return replace(report, values={**report.values, **changed})

    def _cannot_jump(self) -> list[str]:
        return [name for name in self.device.conversions if QUANTITIES[name].usual.tolerance is not None]

    def _largest(self, name: str) -> float:
        convert = self.device.conversions[name]
        return (QUANTITIES[name].plausible[1] - convert.offset) / convert.scale


class Stuck(Fault):
    """Has sensors that have shown the same value since 30 hours before the simulation began; registers count on."""

    def report(self, report: Report) -> Report:
        """Return the readings with the values that stand still."""
        since = max(self.began - 30 * HOUR, INSTALLED)
        standing = self.device.read(np.array([since]))
        changed = {
            name: np.where(report.times >= since, standing[name][0], column)
            for name, column in report.values.items()
            if name not in self.device.registers
        }
        return replace(report, values={**report.values, **changed})


class Faulted(Fault):
    """Has reported a fault since six hours before the simulation began, and counts nothing more."""

    def report(self, report: Report) -> Report:
        """Return the readings with the state of a fault, and everything else as it stood when it began."""
        if "connector_status" not in report.values:
            return report
        since = max(self.began - 6 * HOUR, INSTALLED)
        states = QUANTITIES["connector_status"].states
        stood = {name: column[0] for name, column in self.device.read(np.array([since])).items()}
        stood |= {"connector_status": float(states.index("Faulted")), "electricity_power": 0.0}
        is_over = report.times < since
        changed = {name: np.where(is_over, column, stood[name]) for name, column in report.values.items()}
        return replace(report, values=changed)


class WrongClock(Fault):
    """Has a clock that is wrong by an hour, a day or a year, or that stands in 1970 or 2038."""

    def report(self, report: Report) -> Report:
        """Return the readings with the times the device believes in."""
        lost, far = -to_micros(datetime(2026, 1, 1, tzinfo=UTC)), to_micros(datetime(1982, 1, 19, tzinfo=UTC))
        shifts = (HOUR, -HOUR, -DAY, 365 * DAY, lost, far)
        return replace(report, times=report.times + shifts[int(self.chance(0) * len(shifts))])


class Rubbish(Fault):
    """Sends something else instead of every fourth message: broken, of the wrong type, or huge."""

    KINDS: Final = (
        lambda payload: payload[: len(payload) // 2],
        lambda _payload: b"",
        lambda _payload: b"\xff\xfe\x00 not text",
        lambda _payload: b'{"time": 12, "values": {"heat_energy": "a lot"}}',
        lambda _payload: b'{"time": "yesterday", "values": {"heat_energy": 1.0}}',
        lambda _payload: b'{"values": [1, 2, 3]}',
        lambda _payload: (
            b'{"time": "2026-01-01T00:00:00Z", "values": {"heat_energy": 1e308, "return_temperature": NaN}}'
        ),
        lambda _payload: b"[" * 100_000,
        lambda payload: payload + b" " * 500_000 + b"}",
    )

    def deliver(self, delivery: Delivery, at: int) -> list[Delivery]:
        """Return the message, or rubbish in its place."""
        chance = self.chance(at) * 4
        if chance >= 1:
            return [delivery]
        spoil: Callable[[bytes], bytes] = self.KINDS[int(chance * len(self.KINDS))]
        return [replace(delivery, payload=spoil(delivery.payload))]


FAULTS: Final[dict[str, type[Fault]]] = {
    "silence": Silence,
    "reset": Reset,
    "duplicate": Duplicate,
    "late": Late,
    "spike": Spike,
    "stuck": Stuck,
    "faulted": Faulted,
    "wrong-clock": WrongClock,
    "rubbish": Rubbish,
}


def afflict(
    requests: Sequence[str], devices: Sequence[SimulatedDevice], seed: int, began: int
) -> dict[str, list[Fault]]:
    """Return the faults of each device by name.

    A request is ``FAULT`` (some of the devices), ``FAULT:SHARE`` (0 to 1 of them) or ``FAULT:DEVICE``; others raise
    SimulationError.
    """
    afflicted: dict[str, list[Fault]] = {device.name: [] for device in devices}
    for request in requests:
        name, _, target = request.partition(":")
        if name not in FAULTS:
            raise SimulationError(f"--faults {request}: expected one of {', '.join(FAULTS)}")
        for device in _targets(request, target, devices, derive(seed, name)):
            afflicted[device.name].append(FAULTS[name](device, derive(seed, name, device.name), began))
    return afflicted


def _targets(request: str, target: str, devices: Sequence[SimulatedDevice], seed: int) -> Sequence[SimulatedDevice]:
    if named := [device for device in devices if device.name == target]:
        return named
    try:
        share = float(target or USUAL_SHARE)
    except ValueError:
        share = -1.0
    if not 0.0 <= share <= 1.0:
        names = ", ".join(device.name for device in devices)
        raise SimulationError(f"--faults {request}: expected a share from 0 to 1, or a device of {names}")
    order = np.argsort(uniform(seed, np.arange(len(devices))))
    return [devices[index] for index in order[: max(1, round(share * len(devices)))].tolist()]
