"""What ports give in tests of indicators: two devices, or groups of meters, of a day that is known, or a part of it."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from functools import singledispatch
from typing import Any, Final

import numpy as np

from ingest.model.city.baseline import BaselineDeclaration
from ingest.model.city.primary_energy import PrimaryEnergyChoice
from ingest.model.observation import FloatColumn
from ingest.model.policies import Policy, policy
from ingest.model.quantities.quantity import QUANTITIES
from ingest.model.reading import ReadingKind
from ingest.model.time import HOUR, SECOND, from_micros
from kpi_engine.baselines.days import EnergyDays
from kpi_engine.baselines.model_quality import model_quality
from kpi_engine.baselines.models import inputs_of
from kpi_engine.baselines.stored_model import StoredModel
from kpi_engine.baselines.usage_per_day import ModelKind, UsageModel
from kpi_engine.factors.factor import CalorificBasis
from kpi_engine.factors.primary_factors import shipped_sets
from kpi_engine.formulas.bounded import Bounded
from kpi_engine.formulas.charging_sessions import SessionsOf
from kpi_engine.formulas.session_columns import StoredSessions, charges
from kpi_engine.indicator import Selection
from kpi_engine.ports.bills import Bills, GivenBills
from kpi_engine.ports.device_hours import DeviceColumn, DeviceHours
from kpi_engine.ports.factor_series import FactorSeries
from kpi_engine.ports.facts import FactOf, Facts
from kpi_engine.ports.hours import HourColumn, HourTable, MatchedHours, MeterGroup
from kpi_engine.ports.lamps import Lamps, LampTime, Repair
from kpi_engine.ports.levels import Level, Levels
from kpi_engine.ports.meters import FurtherMeters
from kpi_engine.ports.metric import Metric, MetricFigure, MetricInput, MetricPeriod
from kpi_engine.ports.model import BaselineDays, Model
from kpi_engine.ports.plant_fuels import GivenFuel, PlantFuels, PlantSite
from kpi_engine.ports.policies import PolicyOf
from kpi_engine.ports.port import Port
from kpi_engine.ports.primary_energy import ChosenFactors, PrimaryEnergyFactors
from kpi_engine.ports.sessions import Sessions, SessionTable, no_sessions
from kpi_engine.ports.stated import SiteStatement, Stated
from kpi_engine.ports.states import DeviceStates, States
from kpi_engine.ports.statistics import StatisticInput, Statistics
from kpi_engine.ports.sun import SunDown, SunTime
from kpi_engine.statistics.catalogue import STATISTICS
from kpi_engine.statistics.over import SpanValue
from kpi_engine.window import Amount, FactSpan, Hours, Meter, Stretch
from processors.steps.bounds import Count
from processors.steps.rollup import Rollup
from tests.factors import factor
from tests.towns import USUAL_BASELINE

START, END = 0, 24 * HOUR
SECONDS: Final = END / SECOND
ZONE: Final = "Etc/UTC"
EDGES: Final = np.arange(25, dtype=np.int64) * HOUR
DEVICES: Final = ("a", "b")
BASELINE: Final = BaselineDeclaration.model_validate(USUAL_BASELINE)
FACTS: Final = {"rated_power": 60.0}  # what a rule demands at least; 8 of any other


def whole(port: Port[Any], devices: Sequence[str] = DEVICES) -> Any:  # noqa: ANN401 - as the port gives it
    """Return what ``port`` gives of a day of which everything is known."""
    return known(port, devices, 24)


@singledispatch
def known(port: Port[Any], devices: Sequence[str], hours: int) -> Any:  # noqa: ANN401, ARG001 - as the port gives it
    """Return what ``port`` gives of a day where the last of ``devices`` is known for some ``hours`` only."""
    raise TypeError(f"a port {type(port).__name__} has no case here: expected a function registered for it")


@known.register
def _(port: States, devices: Sequence[str], hours: int) -> tuple[DeviceStates, ...]:
    names = QUANTITIES[port.quantity].states

    def of(device: str) -> DeviceStates:
        seconds = hours * HOUR / SECOND if device == devices[-1] else SECONDS
        return DeviceStates(
            device=device, seconds=SECONDS, held={name: seconds / len(names) for name in names if seconds}
        )

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
def _(port: FurtherMeters, devices: Sequence[str], hours: int) -> tuple[Meter, ...]:
    def of(device: str, reads: Selection) -> Meter:
        last = hours * HOUR if device == devices[-1] else END
        return Meter(device, {quantity: _counted(last) for quantity in reads.quantities}, reads.carrier)

    return tuple(of(device, reads) for reads in port.selections for device in devices)


def _counted(last: int) -> Amount:
    """Return what a register counted that was last read at an instant: 5 in a day, and no more than 1 in an hour."""
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
        ),
        count=Count(rate=1.0),
    )


@known.register
def _(port: Facts, devices: Sequence[str], hours: int) -> tuple[FactSpan, ...]:  # noqa: ARG001 - declared, not read
    owners = devices if port.of is FactOf.DEVICES else ("this",)
    if port.unit == "percent":  # a share that changes at noon
        halves = ((START, END // 2, 4.0), (END // 2, END, 12.0))
        return tuple(FactSpan(owner, *half) for owner in owners for half in halves)
    return tuple(FactSpan(owner, START, END, FACTS.get(port.name, 8.0)) for owner in owners)


@known.register
def _(port: Sessions, devices: Sequence[str], hours: int) -> SessionTable:  # noqa: ARG001 - it has no parts
    last = hours * HOUR // SECOND
    energy = np.array([4.0, 9.0, 12.0, 6.0, 10.0, 15.0])[: 6 if last else 3]
    every = np.arange(len(energy), dtype=np.int64) * HOUR
    columns = StoredSessions(every, every + 3 * HOUR, energy, energy, energy, np.zeros(len(energy), np.bool_))
    known_seconds = SECONDS * (len(devices) - 1) + last
    sessions = SessionsOf(charges(columns, np.full(len(energy), 11.0)), known_seconds, SECONDS * len(devices))
    return SessionTable(sessions, tuple(devices))


@known.register
def _(port: PlantFuels, devices: Sequence[str], hours: int) -> tuple[PlantSite, ...]:  # noqa: ARG001 - declared, not read
    if not devices:
        return ()
    burned = SpanValue(Bounded.exact(20.0), "kWh", CalorificBasis.NCV)
    stretch = Stretch("gas", START, END, (), factor().model_copy(update={"value": 202.0, "unit": "g/kWh"}))
    return (PlantSite("works", tuple(devices), (GivenFuel("gas", "plant_gas", burned, (stretch,)),)),)


@known.register
def _(port: PolicyOf, devices: Sequence[str], hours: int) -> Policy:  # noqa: ARG001 - declared, not read
    return policy(port.kind)


@known.register
def _(port: Metric, devices: Sequence[str], hours: int) -> tuple[MetricFigure, ...]:  # noqa: ARG001 - of no devices
    """Give a figure of 8, which may be wrong by a hundredth of it for each hour that is not known."""
    wrong = 0.08 * (24 - hours)
    value, days = (20.0, 8) if port.period is MetricPeriod.DAYS_AND_WEEK_BEFORE else (8.0, 1)
    known = MetricInput(kpi=port.kpi, value=value, lower=value - wrong, upper=value + wrong, coverage=hours / 24)
    why = None if hours == 24 else f"b: no reading of {24 - hours} hours"
    return (MetricFigure(known.model_copy(update={"reason": why}), reach=END),) * days


@known.register
def _(port: Model, devices: Sequence[str], hours: int) -> BaselineDays:  # noqa: ARG001 - figures tell what is known
    """Give a model that has a base load of 30 kWh a day, of days that it describes exactly."""
    used, mild = np.full(6, 30.0), np.full(6, 5.0)
    days = EnergyDays(np.arange(6), used, used, used, mild, mild, mild)
    result = {
        "reasons": [],
        "model": asdict(UsageModel(ModelKind.INTERCEPT_ONLY, 30.0)),
        "quality": asdict(model_quality(days.day, days.energy, days.energy, 1)),
    }
    at = from_micros(START)
    model = StoredModel(1, 1, {}, "", result, inputs_of(days), "", "", at, None)
    return BaselineDays("heat", BASELINE, model, (date(1970, 1, 1),), np.array([5.0]), ())


@known.register
def _(port: Stated, devices: Sequence[str], hours: int) -> tuple[SiteStatement, ...]:  # noqa: ARG001 - not read
    return (SiteStatement("this", {one.name: 8.0 for one in port.needs}, {}),)


@known.register
def _(port: PrimaryEnergyFactors, devices: Sequence[str], hours: int) -> ChosenFactors:  # noqa: ARG001 - not read
    choice = PrimaryEnergyChoice(factors="en-iso-52000-1", version="2017")
    return ChosenFactors(choice, shipped_sets()["en-iso-52000-1", "2017"])


@known.register
def _(port: MatchedHours, devices: Sequence[str], hours: int) -> HourTable:
    columns = {
        group.name: _column(_least(group) + place + np.arange(24.0) % 3, hours if place == len(port.groups) - 1 else 24)
        for place, group in enumerate(port.groups)
    }
    return HourTable(EDGES, ZONE, columns, {group.name: tuple(devices) for group in port.groups})


@known.register
def _(port: Statistics, devices: Sequence[str], hours: int) -> StatisticInput:  # noqa: ARG001 - imported, not read
    if port.is_needed:
        unit = STATISTICS[port.name].units[0]
        return StatisticInput(statistic=port.name, value=8.0, lower=8.0, upper=8.0, unit=unit)
    return _not_imported(port)


@known.register
def _(port: Bills, devices: Sequence[str], hours: int) -> GivenBills:  # noqa: ARG001 - imported, not read
    """Give no bill: meters speak of the day, or nobody does."""
    return GivenBills(port.name, (), ZONE)


def _not_imported(port: Statistics) -> StatisticInput:
    return StatisticInput(statistic=port.name, missing=f"no {port.name} was imported")


@known.register
def _(port: SunDown, devices: Sequence[str], hours: int) -> tuple[SunTime, ...]:  # noqa: ARG001 - the sun is always known
    return tuple(SunTime(device=device, seconds=SECONDS, below_h=10.0) for device in devices)


@known.register
def _(port: Lamps, devices: Sequence[str], hours: int) -> tuple[LampTime, ...]:  # noqa: ARG001 - by no policy
    """Give two lamps for each device: one has its night before 14:00, the other one after it."""
    return tuple(
        _lamp(f"{device}-{name}", night, day, min(hours, 24) if device == devices[-1] else 24)
        for device in devices
        for name, night, day in (("early", (0, 14), (14, 24)), ("late", (14, 24), (0, 14)))
    )


def _lamp(name: str, night: tuple[int, int], day: tuple[int, int], hours: int) -> LampTime:
    """Return a lamp that is known for some hours, lit for half the night and a quarter of the day."""
    night_known, day_known = (max(min(hours, end) - start, 0) for start, end in (night, day))
    unknown = night[1] - night[0] - night_known
    return LampTime(
        device=name,
        seconds=SECONDS,
        night_h=night[1] - night[0],
        lit_night_h=0.5 * night_known,
        dark_night_h=0.5 * night_known,
        day_h=day[1] - day[0],
        lit_day_h=0.25 * day_known,
        dark_day_h=0.75 * day_known,
        may_have_failed=unknown > 1,
        repairs=(Repair(hours=6.0, lower=6.0 - unknown / 4, upper=6.0 + unknown),),
    )


def _column(value: FloatColumn, hours: int) -> HourColumn:
    is_known = np.arange(24) < hours
    value = np.where(is_known, value, np.nan)
    return HourColumn(value, np.where(is_known, value, 0.0), np.where(is_known, value, 33.0 - hours))


def _least(group: MeterGroup) -> float:
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


def _no_figure(port: Metric) -> tuple[MetricFigure, ...]:
    return (MetricFigure(MetricInput(kpi=port.kpi, coverage=0.0, reason="no meter is known")),)


NO_HOURS: Final = Hours(np.array([]), np.array([]), 0.0, "plant/heat_emission_factor")


def nothing(port: Port[Any]) -> Any:  # noqa: ANN401 - as the port gives it
    """Return what ``port`` gives where no device stands."""
    if isinstance(port, PolicyOf | PlantFuels | Bills):  # declared, or one always holds
        return known(port, (), 0)
    if isinstance(port, Statistics | Metric):
        return _not_imported(port) if isinstance(port, Statistics) else _no_figure(port)
    if isinstance(port, Model):
        return BaselineDays("heat", BASELINE, None, (), np.array([]), ())
    if isinstance(port, Sessions | PrimaryEnergyFactors):
        return no_sessions() if isinstance(port, Sessions) else None
    if isinstance(port, MatchedHours):
        return HourTable(np.zeros(1, np.int64), ZONE)
    return NO_HOURS if isinstance(port, FactorSeries) else ()
