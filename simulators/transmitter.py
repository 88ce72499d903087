"""What a device sends at given times: its readings as payloads, changed by the faults it has."""

from collections.abc import Sequence
from dataclasses import dataclass

from simulators.device import SimulatedDevice
from simulators.faults import Delivery, Fault, Report
from simulators.noise import IntColumn
from simulators.payload import status_topic, telemetry, telemetry_topic


@dataclass(frozen=True)
class Transmitter:
    """A device and its faults."""

    device: SimulatedDevice
    faults: Sequence[Fault] = ()

    @property
    def name(self) -> str:
        """The device's name."""
        return self.device.name

    @property
    def telemetry_topic(self) -> str:
        """Where its readings go."""
        return telemetry_topic(self.device.city, self.device.address)

    @property
    def status_topic(self) -> str:
        """Where its status goes, ``online`` or ``offline``."""
        return status_topic(self.device.city, self.device.address)

    def transmit(self, times: IntColumn) -> list[Delivery]:
        """Return the payloads for readings at ascending ``times`` (microseconds); none where it sends nothing."""
        if not len(times):
            return []
        report = Report(times, self.device.read(times))
        for fault in self.faults:
            report = fault.report(report) if len(report.times) else report
        if not len(report.times):
            return []
        deliveries = [Delivery(telemetry(report.times, report.values))]
        for fault in self.faults:
            deliveries = [arrival for each in deliveries for arrival in fault.deliver(each, int(times[-1]))]
        return deliveries
