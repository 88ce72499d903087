"""What an alarm rule declares: what is measured, when it is raised and cleared (ISA-18.2: on-delay, deadband).

Rules are data; what a measure comes to on readings is in ``kpi_engine.alarms.measures``. Severities are those of
ITU-T X.733, recalled.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class SharedBy(StrEnum):
    """What devices have in common that may be why all of them are silent, the widest first.

    ``gateway``: the one that sends for them, or the service or topic that they are asked of.
    """

    CITY = "city"
    GATEWAY = "gateway"
    SITE = "site"


class Severity(StrEnum):
    """How soon somebody should look, the most urgent first."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"
    WARNING = "warning"


@dataclass(frozen=True)
class Limit:
    """A threshold that must be met for as long as ``held``, and for so many expected ``intervals`` of the device."""

    threshold: float
    held: timedelta = timedelta(0)
    intervals: int = 0


@dataclass(frozen=True)
class Silence:
    """For how many expected intervals nothing was heard, beyond the allowance of freshness."""

    quantities: tuple[str, ...] = ()


@dataclass(frozen=True)
class Widespread:
    """How many devices that share something are silent, where they are most of those that report equally often.

    Told once of what they share, with the first of its devices.
    """

    shared_by: SharedBy = SharedBy.CITY
    quantities: tuple[str, ...] = ()


@dataclass(frozen=True)
class _OfQuantity:
    """A measure of one quantity."""

    quantity: str

    @property
    def quantities(self) -> tuple[str, ...]:
        """What must be reported."""
        return (self.quantity,)


@dataclass(frozen=True)
class Reading(_OfQuantity):
    """A quantity as it is read."""


@dataclass(frozen=True)
class TemperatureDrop:
    """Supply less return temperature [K], while at least ``flow`` [m3/h] flows."""

    flow: float
    quantities: tuple[str, ...] = ("supply_temperature", "return_temperature", "flow")


@dataclass(frozen=True)
class Unmoved(_OfQuantity):
    """For how many hours a quantity has read exactly the same."""


@dataclass(frozen=True)
class Falling(_OfQuantity):
    """How often in a row a register has fallen without rising in between; one that starts anew has not fallen.

    Only of registers whose falls nobody declared to mean something.
    """


@dataclass(frozen=True)
class Light:
    """Dimming level [percent] while the sun's height [deg] is in a range; 0 where the lamp takes no power.

    Only of cities that state their latitude and longitude.
    """

    sun_above: float = -90.0
    sun_below: float = 90.0
    quantities: tuple[str, ...] = ("dimming_level",)


@dataclass(frozen=True)
class Undelivered:
    """For how many hours a vehicle has been plugged in without any energy; 0 from the first energy on."""

    quantities: tuple[str, ...] = ("plugged_in", "electricity_energy")


@dataclass(frozen=True)
class InState(_OfQuantity):
    """1 while a quantity is in one of some ``states``, named as it names them, otherwise 0."""

    states: tuple[str, ...]


@dataclass(frozen=True)
class Imbalance:
    """What a ``balance`` left over in the newest hour [percent of what went in].

    Only of devices that the residual series is listed with; ``quantities`` they report in any case.
    """

    balance: str
    quantities: tuple[str, ...]


Measure = (
    Silence | Widespread | Reading | TemperatureDrop | Unmoved | Falling | Light | Undelivered | InState | Imbalance
)


@dataclass(frozen=True)
class Rule:
    """One alarm rule. It applies to devices of ``device_types`` (none named: of every type) that report its quantities.

    ``message``: a sentence with {value} and {threshold}, in ``unit``, {since}, when it began, of measures that
    remember, and {place}, what is shared, of widespread ones. ``rationale``: where the thresholds come from.
    ``remedy``: what to look at, in this order, as the runbook of docs/alarms.md has it.
    """

    name: str
    title: str
    severity: Severity
    device_types: tuple[str, ...]
    measure: Measure
    unit: str
    raised: Limit
    cleared: Limit
    message: str
    rationale: str
    remedy: str

    @property
    def is_above(self) -> bool:
        """Whether too much is wrong; otherwise too little is."""
        return self.raised.threshold > self.cleared.threshold

    def applies_to(self, device_type: str, quantities: frozenset[str]) -> bool:
        """Return whether devices of a type that report ``quantities`` are watched."""
        return device_type in (self.device_types or (device_type,)) and quantities.issuperset(self.measure.quantities)
