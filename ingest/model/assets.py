"""City, site, device and series: the master data, as a city file declares them and as the database keeps them.

Master data are effective-dated: facts, devices and series are valid in [valid_from, valid_to). Durations are ISO 8601.
"""

from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import (
    Field,
    StringConstraints,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    field_validator,
    model_validator,
)

from ingest.errors import UnitError
from ingest.model.alarm import Limit, Rule
from ingest.model.declaration import Declaration
from ingest.model.quantity import QUANTITIES, Quantity
from ingest.model.reading import ReadingKind
from ingest.model.registers import RegisterContract, Replacement, Swap, swaps
from ingest.model.session import SESSION_QUANTITIES
from ingest.model.units import Conversion, conversion
from ingest.model.vertical import Carrier
from ingest.model.verticals import VERTICALS

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")]
NativeId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_:-]{0,126}$")]


def _iso_duration(value: object, parse: ValidatorFunctionWrapHandler) -> timedelta:
    try:
        duration = parse(value) if isinstance(value, str | timedelta) else None
    except ValidationError:
        duration = None
    if not isinstance(duration, timedelta) or duration <= timedelta(0):
        raise ValueError("expected an ISO 8601 duration above zero, for example PT15M")
    return duration


Duration = Annotated[timedelta, WrapValidator(_iso_duration)]


class Validity(Declaration):
    """Days [valid_from, valid_to) in the city's civil time; an open end means: until further notice."""

    valid_from: date | None = None
    valid_to: date | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.valid_from and self.valid_to and self.valid_to <= self.valid_from:
            raise ValueError("valid_to must be after valid_from")
        return self

    def holds_on(self, day: date) -> bool:
        """Return whether ``day`` is in [valid_from, valid_to)."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day < self.valid_to)

    def overlaps(self, other: "Validity") -> bool:
        """Return whether there is a day on which both hold."""
        return (self.valid_to is None or other.valid_from is None or other.valid_from < self.valid_to) and (
            other.valid_to is None or self.valid_from is None or self.valid_from < other.valid_to
        )


class Fact(Validity):
    """A dated, sourced number about a site or a city: floor area, trench length, population."""

    name: Name
    value: Annotated[float, Field(allow_inf_nan=False)]
    unit: str
    source: Annotated[str, Field(min_length=1)]


class AlarmLimits(Declaration):
    """What differs from an alarm rule at one device or site, in the rule's unit; None: as the rule says."""

    enabled: bool = True
    threshold: Annotated[float, Field(allow_inf_nan=False)] | None = None
    clear_threshold: Annotated[float, Field(allow_inf_nan=False)] | None = None
    after: Duration | None = None
    clear_after: Duration | None = None

    def over(self, rule: Rule) -> Rule:
        """Return ``rule`` with what is declared here."""
        raised = _limited(rule.raised, self.threshold, self.after)
        return replace(rule, raised=raised, cleared=_limited(rule.cleared, self.clear_threshold, self.clear_after))


def _limited(limit: Limit, threshold: float | None, held: timedelta | None) -> Limit:
    if threshold is not None:
        limit = replace(limit, threshold=threshold)
    return limit if held is None else replace(limit, held=held, intervals=0)


class Role(StrEnum):
    """The role of a city in a lighthouse project."""

    LIGHTHOUSE = "lighthouse"
    FOLLOWER = "follower"
    NETWORK = "network"


class Direction(StrEnum):
    """Which way energy flows through a meter, seen from the site it stands in."""

    CONSUMPTION = "consumption"
    PRODUCTION = "production"


class SeriesDeclaration(Declaration):
    """One quantity of one device. ``max_gap`` is the longest silence that still counts as measured."""

    quantity: str
    unit: str | None = None
    kind: ReadingKind | None = None
    register_contract: RegisterContract = Field(default_factory=RegisterContract)
    max_gap: Duration | None = None

    @field_validator("quantity")
    @classmethod
    def _known_quantity(cls, name: str) -> str:
        if name not in QUANTITIES:
            raise ValueError(f"expected one of {', '.join(sorted(QUANTITIES))}")
        return name

    @model_validator(mode="after")
    def _convertible_unit(self) -> Self:
        if self.unit is not None:
            try:
                conversion(self.unit, self.definition.unit)
            except UnitError as error:
                raise ValueError(str(error)) from error
        return self

    @model_validator(mode="after")
    def _contract_of_a_register(self) -> Self:
        if self.register_contract != RegisterContract() and self.reading_kind is not ReadingKind.REGISTER:
            raise ValueError(f"expected a register_contract of registers only, this is of kind {self.reading_kind}")
        return self

    @model_validator(mode="after")
    def _countable_in_sessions(self) -> Self:
        if self.reading_kind is ReadingKind.SESSION and self.quantity not in SESSION_QUANTITIES:
            raise ValueError(f"expected kind session of {' or '.join(SESSION_QUANTITIES)} only, not of {self.quantity}")
        return self

    @property
    def definition(self) -> Quantity:
        """The quantity's row in the table of quantities."""
        return QUANTITIES[self.quantity]

    @property
    def reading_kind(self) -> ReadingKind:
        """The declared kind, or the quantity's usual one."""
        return self.kind or self.definition.kind

    @property
    def conversion(self) -> Conversion:
        """From the declared unit to the canonical one."""
        return conversion(self.unit or self.definition.unit, self.definition.unit)

    @property
    def contract(self) -> RegisterContract:
        """The register contract in the canonical unit."""
        return self.register_contract.in_unit(self.conversion)


class Device(Validity):
    """A physical meter, plant or sensor (OGC Sensor, FIWARE Device) and the series it reports."""

    name: Name
    title: str | None = None
    site: Name
    type: str
    native_id: NativeId | None = None
    serial_number: str | None = None
    carrier: Carrier | None = None
    direction: Direction | None = None
    submeter_of: Name | None = None
    expected_interval: Duration
    replacements: tuple[Replacement, ...] = ()
    alarms: dict[str, AlarmLimits] = Field(default_factory=dict)
    series: tuple[SeriesDeclaration, ...] = Field(min_length=1)

    @property
    def address(self) -> str:
        """The id the device uses for itself on its transport."""
        return self.native_id or self.name

    def swaps(self, declared: SeriesDeclaration) -> tuple[Swap, ...]:
        """Return the replacements of the device as one of its registers sees them."""
        if declared.reading_kind is not ReadingKind.REGISTER:
            return ()
        return swaps(self.replacements, declared.quantity, declared.conversion)


class Site(Validity):
    """A plant, network, building or substation (Brick/Haystack Site), and the sites it serves (Brick feeds)."""

    name: Name
    title: str | None = None
    vertical: str
    serves: tuple[Name, ...] = ()
    facts: tuple[Fact, ...] = ()
    alarms: dict[str, AlarmLimits] = Field(default_factory=dict)

    @field_validator("vertical")
    @classmethod
    def _known_vertical(cls, name: str) -> str:
        if name not in VERTICALS:
            raise ValueError(f"expected one of {', '.join(sorted(VERTICALS))}")
        return name


class SeriesReference(Declaration):
    """Points at one quantity of one device of the same city."""

    device: Name
    quantity: str


class City(Declaration):
    """A municipality: its zone, its sites and devices, and the factors its figures use."""

    name: Name
    title: str
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    timezone: str
    grid_zone: str | None = None
    role: Role
    facts: tuple[Fact, ...] = ()
    factors: dict[str, str] = Field(default_factory=dict)
    factor_series: dict[str, SeriesReference] = Field(default_factory=dict)
    sites: tuple[Site, ...] = Field(min_length=1)
    devices: tuple[Device, ...] = ()

    @field_validator("timezone")
    @classmethod
    def _iana(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError("expected an IANA zone such as Europe/Copenhagen") from error
        return zone
