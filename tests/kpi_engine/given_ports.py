"""What ports give in tests of indicators: two devices, or groups of meters, of a day that is known, or a part of it."""

from collections.abc import Sequence
from functools import singledispatch
from typing import Any, Final

import numpy as np

from ingest.model.city.primary_energy import PrimaryEnergyChoice
from ingest.model.observation import FloatColumn
from ingest.model.quantities.quantity import QUANTITIES
from ingest.model.reading import ReadingKind
from ingest.model.time import HOUR, SECOND
from kpi_engine.factors.primary_factors import shipped_sets
from kpi_engine.indicator import Selection
from kpi_engine.ports.device_hours import DeviceColumn, DeviceHours
from kpi_engine.ports.facts import FactOf, Facts
from kpi_engine.ports.hours import Group, HourColumn, Hours, HourTable
from kpi_engine.ports.levels import Level, Levels
from kpi_engine.ports.meters import Meters
from kpi_engine.ports.port import Port
from kpi_engine.ports.primary_energy import ChosenFactors, PrimaryEnergyFactors
from kpi_engine.ports.stated import SiteStatement, Stated
from kpi_engine.ports.states import States, StateTime
from kpi_engine.window import Amount, FactSpan, Meter
from processors.steps.rollup import Rollup

START, END = 0, 24 * HOUR
SECONDS: Final = END / SECOND
ZONE: Final = "Etc/UTC"
EDGES: Final = np.arange(25, dtype=np.int64) * HOUR
DEVICES: Final = ("a", "b")


def whole(port: Port[Any], devices: Sequence[str] = DEVICES) -> Any:  # noqa: ANN401 - as the port gives it
    """Return what ``port`` gives of a day of which everything is known."""
    return known(port, devices, 24)


@singledispatch
def known(port: Port[Any], devices: Sequence[str], hours: int) -> Any:  # noqa: ANN401, ARG001 - as the port gives it
    """Return what ``port`` gives of a day where the last of ``devices`` is known for some ``hours`` only."""
    raise TypeError(f"a port {type(port).__name__} has no case here: expected a function registered for it")


@known.register
def _(port: States, devices: Sequence[str], hours: int) -> tuple[StateTime, ...]:
    names = QUANTITIES[port.quantity].states

    def of(device: str) -> StateTime:
        seconds = hours * HOUR / SECOND if device == devices[-1] else SECONDS
        return StateTime(device=device, seconds=SECONDS, held={name: seconds / len(names) for name in names if seconds})

    return tuple(of(device) for device in devices)


@known.register
def _(port: Levels, devices: Sequence[str], hours: int) -> tuple[Level, ...]:
    low, high = QUANTITIES[port.quantity].plausible

    def of(device: str) -> Level:
        seconds = hours * HOUR / SECOND if device == devices[-1] else SECONDS
        mean, minimum, maximum = (low + share * (high - low) for share in (0.5, 0.4, 0.6))
        if not seconds:
            return Level(device=device, seconds=SECONDS, known=0.0)
        return Level(device=device, seconds=SECONDS, known=seconds, mean=mean, minimum=minimum, maximum=maximum)

    return tuple(of(device) for device in devices)


@known.register
def _(port: Meters, devices: Sequence[str], hours: int) -> tuple[Meter, ...]:
    def of(device: str, reads: Selection) -> Meter:
        last = hours * HOUR if device == devices[-1] else END
        return Meter(device, {quantity: _counted(last) for quantity in reads.quantities}, reads.carrier)

    return tuple(of(device, reads) for reads in port.selections for device in devices)


def _counted(last: int) -> Amount:
    """Return what a register counted that was last read at an instant: 5 in a day."""
    if not last:
        return Amount(Rollup(START, END))
    share = last / END
    return Amount(
        Rollup(
            START,
            END,
            count=int(24 * share) + 1,
            total=5.0 * share,
            measured=last / SECOND,
            covered_from=START,
            covered_to=last,
            measured_from=START,
            measured_to=last,
        )
    )


@known.register
def _(port: Facts, devices: Sequence[str], hours: int) -> tuple[FactSpan, ...]:  # noqa: ARG001 - declared, not read
    owners = devices if port.of is FactOf.DEVICES else ("this",)
    return tuple(FactSpan(owner, START, END, 8.0) for owner in owners)


@known.register
def _(port: Stated, devices: Sequence[str], hours: int) -> tuple[SiteStatement, ...]:  # noqa: ARG001 - not read
    return (SiteStatement("this", {one.name: 8.0 for one in port.needs}, {}),)


@known.register
def _(port: PrimaryEnergyFactors, devices: Sequence[str], hours: int) -> ChosenFactors:  # noqa: ARG001 - not read
    choice = PrimaryEnergyChoice(factors="en-iso-52000-1", version="2017")
    return ChosenFactors(choice, shipped_sets()["en-iso-52000-1", "2017"])


@known.register
def _(port: Hours, devices: Sequence[str], hours: int) -> HourTable:
    columns = {
        group.name: _column(_least(group) + place + np.arange(24.0) % 3, hours if place == len(port.groups) - 1 else 24)
        for place, group in enumerate(port.groups)
    }
    return HourTable(EDGES, ZONE, columns, {group.name: tuple(devices) for group in port.groups})


def _column(value: FloatColumn, hours: int) -> HourColumn:
    is_known = np.arange(24) < hours
    value = np.where(is_known, value, np.nan)
    return HourColumn(value, np.where(is_known, value, 0.0), np.where(is_known, value, 9.0))


def _least(group: Group) -> float:
    """Return from where hours begin: at what a meter of a house counts, or at what a gauge shows in mild weather."""
    (quantity,) = group.selection.quantities
    return 15.9 if QUANTITIES[quantity].kind is ReadingKind.GAUGE else 2.0


@known.register
def _(port: DeviceHours, devices: Sequence[str], hours: int) -> tuple[DeviceColumn, ...]:
    low, high = QUANTITIES[port.quantity].plausible
    value, silent = low + 0.56 * (high - low) + np.arange(24.0) % 3, np.arange(24)

    def of(device: str) -> DeviceColumn:
        is_known = (silent < 8) | (silent >= 8 + 24 - hours) | (device != devices[-1])  # silent in working hours
        shown = np.where(is_known, value, np.nan)
        column = HourColumn(shown, np.where(is_known, value, -np.inf), np.where(is_known, value, np.inf))
        return DeviceColumn(device, ZONE, EDGES, column)

    return tuple(of(device) for device in devices)


def nothing(port: Port[Any]) -> Any:  # noqa: ANN401 - as the port gives it
    """Return what ``port`` gives where no device stands."""
    if isinstance(port, PrimaryEnergyFactors):
        return None
    return HourTable(np.zeros(1, np.int64), ZONE) if isinstance(port, Hours) else ()
