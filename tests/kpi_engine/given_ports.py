"""What ports give in tests of indicators: two devices, or groups of meters, of a day that is known, or a part of it."""

from collections.abc import Sequence
from functools import singledispatch
from typing import Any, Final

import numpy as np

from ingest.model.observation import FloatColumn
from ingest.model.policies import Policy, policy
from ingest.model.quantities.quantity import QUANTITIES
from ingest.model.time import HOUR, SECOND
from kpi_engine.bounded import Bounded
from kpi_engine.factors.factor import CalorificBasis
from kpi_engine.indicator import Selection
from kpi_engine.ports.facts import FactOf, Facts
from kpi_engine.ports.hours import HourColumn, Hours, HourTable
from kpi_engine.ports.levels import Level, Levels
from kpi_engine.ports.meters import Meters
from kpi_engine.ports.plant_fuels import GivenFuel, PlantFuels, PlantSite
from kpi_engine.ports.policies import PolicyOf
from kpi_engine.ports.port import Port
from kpi_engine.ports.states import States, StateTime
from kpi_engine.ports.statistics import Statistics, StatisticValue
from kpi_engine.statistics.over import SpanValue
from kpi_engine.window import Amount, FactSpan, Meter, Stretch
from processors.steps.rollup import Rollup
from tests.factors import factor

START, END = 0, 24 * HOUR
SECONDS: Final = END / SECOND
ZONE: Final = "Etc/UTC"
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
    if port.unit == "percent":  # a share that changes at noon
        halves = ((START, END // 2, 4.0), (END // 2, END, 12.0))
        return tuple(FactSpan(owner, *half) for owner in owners for half in halves)
    return tuple(FactSpan(owner, START, END, 8.0) for owner in owners)


@known.register
def _(port: PlantFuels, devices: Sequence[str], hours: int) -> tuple[PlantSite, ...]:  # noqa: ARG001 - declared, not read
    if not devices:
        return ()
    burned = SpanValue(Bounded.exact(20.0), "kWh", CalorificBasis.NCV)
    stretch = Stretch("gas", START, END, (), factor().model_copy(update={"value": 202.0, "unit": "g/kWh"}))
    return (PlantSite("works", tuple(devices), (GivenFuel("gas", burned, (stretch,)),)),)


@known.register
def _(port: PolicyOf, devices: Sequence[str], hours: int) -> Policy:  # noqa: ARG001 - declared, not read
    return policy(port.kind)


@known.register
def _(port: Hours, devices: Sequence[str], hours: int) -> HourTable:
    edges = np.arange(25, dtype=np.int64) * HOUR
    columns = {
        group.name: _column(2.0 + place + np.arange(24.0) % 3, hours if place == len(port.groups) - 1 else 24)
        for place, group in enumerate(port.groups)
    }
    return HourTable(edges, ZONE, columns, {group.name: tuple(devices) for group in port.groups})


@known.register
def _(port: Statistics, devices: Sequence[str], hours: int) -> StatisticValue:  # noqa: ARG001 - imported, not read
    return StatisticValue(statistic=port.name, missing=f"no {port.name} was imported")


def _column(value: FloatColumn, hours: int) -> HourColumn:
    is_known = np.arange(24) < hours
    value = np.where(is_known, value, np.nan)
    return HourColumn(value, np.where(is_known, value, 0.0), np.where(is_known, value, 9.0))


def nothing(port: Port[Any]) -> Any:  # noqa: ANN401 - as the port gives it
    """Return what ``port`` gives where no device stands."""
    if isinstance(port, Statistics | PolicyOf | PlantFuels):  # declared, or one always holds
        return known(port, (), 0)
    return HourTable(np.zeros(1, np.int64), ZONE) if isinstance(port, Hours) else ()
