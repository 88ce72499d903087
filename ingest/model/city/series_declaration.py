"""One quantity of one device as a city file declares it: its unit, its kind, what may be assumed of its readings."""

import operator
from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache, partial
from typing import Annotated, Final, Self, TypeVar

from pydantic import Field, StringConstraints, field_validator, model_validator

from ingest.errors import UnitError
from ingest.model.city.dated_unit import DatedUnit, DatedUnits
from ingest.model.city.validity import Validity
from ingest.model.declarations.declaration import Declaration, Duration
from ingest.model.declarations.expected import one_of
from ingest.model.filling import FILLED, usual_filling
from ingest.model.quantities.plausible_change import CHECKED_KINDS, PlausibleChange
from ingest.model.quantities.quantity import QUANTITIES, Quantity
from ingest.model.quantities.units import Conversion, conversion
from ingest.model.reading import ReadingKind, Stamping
from ingest.model.registers import DatedContract, DatedContracts, RegisterContract
from ingest.model.session import SESSION_QUANTITIES
from ingest.model.succession import Succession

LONGEST_FIELD: Final = 255

Dated = TypeVar("Dated", bound=Validity)


class SeriesDeclaration(Declaration):
    """One quantity of one device. ``max_gap`` is the longest silence that still counts as measured.

    Of a state it is how long it holds without another reading. ``filling`` is the longest silence of a gauge or a
    register that is interpolated. ``stamping`` says what times of an interval mean,
    ``stamp_tolerance`` how far off they may be. ``field`` is what its values are called in the payloads of the device,
    where its binding's decoder does not know that.
    """

    quantity: str
    field: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_FIELD)] | None = Field(
        default=None, exclude_if=operator.not_
    )
    unit: DatedUnits = ()
    kind: ReadingKind | None = None
    register_contract: DatedContracts = ()
    plausible_change: PlausibleChange = Field(default_factory=PlausibleChange)
    max_gap: Duration | None = None
    filling: Duration | None = None
    stamping: Stamping | None = None
    stamp_tolerance: Duration | None = None

    @field_validator("quantity")
    @classmethod
    def _known_quantity(cls, name: str) -> str:
        if name not in QUANTITIES:
            raise ValueError(one_of(sorted(QUANTITIES), name))
        return name

    @model_validator(mode="after")
    def _convertible_unit(self) -> Self:
        for dated in self.unit:
            try:
                conversion(dated.unit, self.definition.unit)
            except UnitError as error:
                raise ValueError(str(error)) from error
        return self

    @model_validator(mode="after")
    def _contract_of_a_register(self) -> Self:
        declared = any(dated.contract != RegisterContract() for dated in self.register_contract)
        if declared and self.reading_kind is not ReadingKind.REGISTER:
            raise ValueError(f"expected a register_contract of registers only, this is of kind {self.reading_kind}")
        return self

    @model_validator(mode="after")
    def _change_of_what_may_be_checked(self) -> Self:
        if self.plausible_change != PlausibleChange() and self.reading_kind not in CHECKED_KINDS:
            raise ValueError(
                f"expected a plausible_change of gauges and intervals only, this is of kind {self.reading_kind}"
            )
        return self

    @model_validator(mode="after")
    def _filling_between_readings(self) -> Self:
        if self.filling is not None and self.reading_kind not in FILLED:
            raise ValueError(f"expected filling of gauges and registers only, this is of kind {self.reading_kind}")
        return self

    @model_validator(mode="after")
    def _countable_in_sessions(self) -> Self:
        if self.reading_kind is ReadingKind.SESSION and self.quantity not in SESSION_QUANTITIES:
            raise ValueError(f"expected kind session of {' or '.join(SESSION_QUANTITIES)} only, not of {self.quantity}")
        return self

    @model_validator(mode="after")
    def _of_states_or_not(self) -> Self:
        if self.definition.states and self.reading_kind is not ReadingKind.STATE:
            raise ValueError(f"expected kind state of {self.quantity}, its values are named states")
        if self.reading_kind is ReadingKind.STATE and not self.definition.states:
            named = ", ".join(name for name, quantity in QUANTITIES.items() if quantity.states)
            raise ValueError(f"expected kind state of quantities with named states only: {named}")
        return self

    @model_validator(mode="after")
    def _stamping_of_intervals(self) -> Self:
        for name in ("stamping", "stamp_tolerance"):
            if getattr(self, name) is not None and self.reading_kind is not ReadingKind.INTERVAL:
                raise ValueError(f"expected a {name} of intervals only, this is of kind {self.reading_kind}")
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
        """From the unit that is declared until further notice to the canonical one."""
        return self.conversion_on(date.max)

    @property
    def longest_filled(self) -> timedelta:
        """The longest silence that is interpolated: the declared filling, or the quantity's usual one."""
        return self.filling or usual_filling(self.quantity, self.reading_kind)

    def conversion_on(self, day: date) -> Conversion:
        """Return the conversion from the unit declared for ``day`` to the canonical one."""
        return _conversion_on(self.quantity, self.unit, day)

    def contract_on(self, day: date) -> RegisterContract:
        """Return the register contract of ``day`` in the canonical unit."""
        return _contract_on(self.quantity, self.unit, self.register_contract, day)

    def conversions(self, zone: str) -> Succession[Conversion]:
        """Return the conversions to the canonical unit in time."""
        return _conversions(self.quantity, self.unit, zone)

    def contracts(self, zone: str) -> Succession[RegisterContract]:
        """Return the register contracts in the canonical unit in time; their amounts are in the unit of their days."""
        return _contracts(self.quantity, self.unit, self.register_contract, zone)


def unit_in_words(series: SeriesDeclaration) -> str:
    """Return the units that a series is declared in, with their days, for people."""

    def days(dated: Validity) -> str:
        return "".join(f" {word} {day}" for word, day in (("from", dated.valid_from), ("until", dated.valid_to)) if day)

    units = (f"{dated.unit}{days(dated)}" for dated in series.unit)
    return ", ".join(units) or series.definition.unit


# The thousands of meters of a city are declared in few ways: what follows from one is found once.
@lru_cache(4096)
def _conversions(quantity: str, unit: tuple[DatedUnit, ...], zone: str) -> Succession[Conversion]:
    return Succession.by_day(_days(unit), partial(_conversion_on, quantity, unit), zone)


@lru_cache(4096)
def _contracts(
    quantity: str, unit: tuple[DatedUnit, ...], contract: tuple[DatedContract, ...], zone: str
) -> Succession[RegisterContract]:
    days = [*_days(contract), *_days(unit)]
    return Succession.by_day(days, partial(_contract_on, quantity, unit, contract), zone)


def _conversion_on(quantity: str, unit: tuple[DatedUnit, ...], day: date) -> Conversion:
    dated, canonical = _holding(unit, day), QUANTITIES[quantity].unit
    return conversion(dated.unit if dated else canonical, canonical)


def _contract_on(
    quantity: str, unit: tuple[DatedUnit, ...], contract: tuple[DatedContract, ...], day: date
) -> RegisterContract:
    dated = _holding(contract, day)
    return (dated.contract if dated else RegisterContract()).in_unit(_conversion_on(quantity, unit, day))


def _holding(entries: Sequence[Dated], day: date) -> Dated | None:
    return next((entry for entry in entries if entry.holds_on(day)), None)


def _days(entries: Sequence[Validity]) -> list[date]:
    return [day for entry in entries for day in entry.days]
