"""What an indicator is: a definition with its citation, the inputs it needs, and a pure computation.

A module under ``kpi_engine/indicators`` exports one ``INDICATOR``, or several that differ in values as ``INDICATORS``;
nothing there does I/O or reads a clock.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, TypeVar

from pydantic import BaseModel, ConfigDict

from ingest.model.calendar import Period
from ingest.model.city.device import Direction
from ingest.model.time import isoformat
from kpi_engine.formulas.bounded import Bounded
from kpi_engine.window import Window

if TYPE_CHECKING:
    from kpi_engine.ports.port import Port

MANY: Final = 200  # entries of a list, all kept with a figure; of more, a digest
DIGESTS: Final = {"digests": True}  # the context of a dump in which digests stand for long lists
PERIODS: Final = (Period.DAY, Period.MONTH, Period.YEAR)
RULES: Final = "2"  # of all indicators: amounts, their bounds, what stands for missing meters, status; 1: no bounds


class Entry(BaseModel):
    """Base of everything within inputs: unknown keys are errors, absent numbers are null, never NaN."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Inputs(Entry):
    """Base of what an indicator computes from.

    ``IS_STORED_WHOLE``: what is kept with a value can be computed from again, without reading anything else.
    ``refused``: why there can be no figure whatever the numbers say, for one that meters overlap in an unknown way.
    ``notes``: what is said of meters that do not count, such as that they were never read.
    ``days_before``: start and end of the days on which rests what stands for meters that were silent.
    """

    IS_STORED_WHOLE: ClassVar[bool] = True

    refused: str | None = None
    notes: tuple[str, ...] = ()
    days_before: tuple[str, str] | None = None

    def digests(self) -> Mapping[str, Mapping[str, Any]]:
        """Return what is kept in the place of long columns, by the names of their fields."""
        return {}

    def stored(self) -> dict[str, Any]:
        """Return what is kept with the value, without defaults; long columns may be replaced by a digest."""
        digests = self.digests()
        kept = self.model_dump(mode="json", exclude_defaults=True, exclude=set(digests), context=DIGESTS)
        return {**kept, **digests}


@dataclass(frozen=True)
class Outcome:
    """The result of a computation: ``value`` in the indicator's unit, or None and a ``reason`` in plain words.

    ``coverage`` is the share of the period that measurements cover, shown as it is where it exceeds 1;
    ``estimated_share`` the part of the amount whose place in time is interpolated, None where there is no amount.
    ``lower`` and ``upper``: what the value lies between by what is known; None where nothing bounds it. ``scale``: what
    their distance is held against, where that is not the value itself: what goes into a difference.
    """

    value: float | None
    coverage: float
    estimated_share: float | None = None
    reason: str | None = None
    lower: float | None = None
    upper: float | None = None
    scale: float | None = None

    @classmethod
    def of(
        cls, amount: Bounded, coverage: float, estimated_share: float | None = None, reason: str | None = None
    ) -> "Outcome":
        """Return the outcome of an amount with its bounds."""
        lower, upper = amount.published
        return cls(amount.value, coverage, estimated_share, reason, lower, upper)


@dataclass(frozen=True)
class Selection:
    """Devices that an indicator reads, and which quantities of them.

    Those of ``carrier`` in ``direction``, of one of ``device_types`` and at sites of one of ``verticals``; where one of
    these is empty, any. ``only_reporting`` leaves out devices that do not report every quantity.
    ``beside``: the quantity that tells how much those are worth that lack one of them; it is read only where one does.
    """

    quantities: tuple[str, ...]
    carrier: str | None = None
    device_types: tuple[str, ...] = ()
    verticals: tuple[str, ...] = ()
    only_reporting: bool = False
    beside: str | None = None
    direction: Direction = Direction.CONSUMPTION


@dataclass(frozen=True)
class Feeding:
    """Devices of type ``upper`` feed those of type ``lower`` at their site; which ones, ``submeter_of`` has to say."""

    upper: str
    lower: str


class Better(StrEnum):
    """Which way an indicator is to move."""

    LOWER = "lower"
    HIGHER = "higher"
    NEITHER = "neither"  # it describes, and judges nothing


class Months(StrEnum):
    """What the figures of months are to that of their year."""

    ADD_UP = "add up"  # the year is their sum; of a figure per area, person or length, while that stays as it was
    SIDE_BY_SIDE = "side by side"  # a ratio: each can be held against the same month of another year
    APART = "apart"  # no month says where the year is going


class Balance(StrEnum):
    """Two sides that an indicator holds against each other; who stands on which, the topology of the city says."""

    SUBMETERS = "submeters"  # main meters, and producers behind them, against their direct submeters
    NETWORK = "network"  # plants against the meters of the sites that they serve


@dataclass(frozen=True)
class SiteFactNeed:
    """A fact of sites in its canonical ``unit``: floor area, light points."""

    name: str
    unit: str


@dataclass(frozen=True)
class Needs:
    """Meters of an indicator: the devices of its selections, which exclude each other by carrier.

    ``nested``: what a device counts is part of what the one above it counts, so submeters of a chosen device drop out,
    across carriers as well.
    """

    selections: tuple[Selection, ...] = ()
    nested: bool = True
    feeding: Feeding | None = None

    @property
    def quantities(self) -> tuple[str, ...]:
        """Every quantity that is read, each once."""
        return tuple(dict.fromkeys(quantity for one in self.selections for quantity in one.quantities))

    @property
    def carriers(self) -> tuple[str, ...]:
        """Every carrier that is spoken of, each once."""
        return tuple(dict.fromkeys(one.carrier for one in self.selections if one.carrier))


@dataclass(frozen=True)
class StatusLimits:
    """How wide the bounds of a figure may be: its half-width over its value, or over ``floor`` where that is larger.

    ``floor``: the resolution below which nobody cares, in the indicator's unit. ``reason``: why they are not the usual.
    """

    final: float = 0.05
    provisional: float = 0.20
    floor: float = 0.0
    reason: str | None = None


LIMITS: Final = StatusLimits()
NO_METERS: Final = Needs()  # of an indicator that reads ports alone

InputsModel = TypeVar("InputsModel", bound=Inputs)


@dataclass(frozen=True)
class Indicator(Generic[InputsModel]):
    """One KPI: definition, citation, and how it is computed.

    ``definition`` says in words what counts and what does not. ``own_rules`` changes whenever the same readings may
    give another result, or RULES where that is so for all. ``citation`` says "recalled" where the source was not read
    for this project. ``of_sites``: it is computed for each site as well as for the city. ``is_sum``: it is the sum of
    the only quantity over its meters, so hours of it mean something. ``ports`` are what it reads beside its meters, or
    which meters are its own, where ``needs`` does not say it.
    ``better``: which way it is to move. ``boundary``: what lies inside of it, in words. ``interval``: the balance
    interval within which its inputs are matched. ``closed_only``: a part of a period says nothing of it, so there
    is no figure before it has ended. ``months``: what figures of months are to that of their year.
    """

    name: str
    title: str
    unit: str
    definition: str
    formula: str
    citation: str
    frameworks: tuple[str, ...]
    inputs_model: type[InputsModel]
    inputs: Callable[[Window], InputsModel]
    compute: Callable[[InputsModel], Outcome]
    needs: Needs = NO_METERS
    periods: tuple[Period, ...] = PERIODS
    of_sites: bool = True
    is_sum: bool = False
    limits: StatusLimits = LIMITS
    own_rules: str = "1"
    ports: "tuple[Port[Any], ...]" = ()
    better: Better = Better.NEITHER
    boundary: str = ""
    interval: str = "whole period"
    closed_only: bool = False
    months: Months = Months.APART

    @property
    def reads(self) -> tuple[Selection, ...]:
        """Which devices it reads, and which quantities of them: its meters, and what its ports read."""
        return (*self.needs.selections, *(one for port in self.ports for one in port.reads))

    @property
    def own(self) -> tuple[Selection, ...]:
        """Which devices its own meters are: those whose amounts its window holds."""
        return (*self.needs.selections, *(one for port in self.ports if port.IS_OWN for one in port.reads))

    @property
    def carriers(self) -> tuple[str, ...]:
        """Every carrier of its own meters, each once."""
        return tuple(dict.fromkeys(one.carrier for one in self.own if one.carrier))

    @property
    def quantities(self) -> tuple[str, ...]:
        """Every quantity that is read, each once."""
        return tuple(dict.fromkeys(quantity for one in self.reads for quantity in one.quantities))

    @property
    def rule_version(self) -> str:
        """Which rules a figure follows: the version of those that all indicators share, and of its own."""
        return f"{RULES}.{self.own_rules}"

    def select(self, window: Window) -> InputsModel:
        """Return what the figure of ``window`` is computed from."""
        chosen = self.inputs(window)
        days = window.days_before and tuple(map(isoformat, window.days_before))
        remarks = {"refused": window.refused, "notes": window.notes, "days_before": days}
        given = {name: value for name, value in remarks.items() if value}
        return chosen.model_copy(update=given) if given else chosen

    def outcome(self, inputs: InputsModel) -> Outcome:
        """Compute from inputs; what is refused has its coverage and no value."""
        found = self.compute(inputs)
        if inputs.refused:
            return Outcome(None, found.coverage, None, inputs.refused)
        said = "; ".join(filter(None, [found.reason, *inputs.notes])) or None
        return found if said == found.reason else replace(found, reason=said)

    def outcome_of(self, document: str | bytes) -> Outcome:
        """Compute from inputs given as JSON; raises pydantic.ValidationError naming each wrong key."""
        return self.outcome(self.inputs_model.model_validate_json(document))
