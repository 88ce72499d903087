"""What stands in a frame, piece by piece: values, times, serial numbers, bytes to pass over."""

import re
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from ingest.errors import UnitError
from ingest.model.declarations.declaration import Declaration
from ingest.model.declarations.expected import found, one_of
from ingest.model.quantities.quantity import QUANTITIES
from ingest.model.quantities.units import EXPRESSIONS, conversion

LONGEST: Final = 255  # bytes; no frame of LoRaWAN is longer
KINDS: Final = ("value", "skip", "time", "serial", "rest")

# Unsigned and signed integers by bits, IEEE 754, packed decimal digits: with F as the first, negative (EN 13757).
_Integer = Literal["u8", "s8", "u16", "s16", "u24", "s24", "u32", "s32", "u64", "s64"]
_Decimal = Literal["bcd2", "bcd4", "bcd6", "bcd8", "bcd10", "bcd12"]
NumberType = Literal[_Integer, "f32", _Decimal]
Number = Annotated[float, Field(allow_inf_nan=False)]


def width(number: str) -> int:
    """Return how many bytes a type of number has."""
    return int(number[3:]) // 2 if number.startswith("bcd") else int(number[1:]) // 8


def _field_name(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_.-]{1,63}", name, re.ASCII):
        raise ValueError(f"expected a name of at most 63 letters, digits, _, . and -, not {found(name)}")
    return name


def _not_zero(number: float) -> float:
    if number == 0:
        raise ValueError("expected a number that is not 0")
    return number


def _unit(unit: str) -> str:
    if unit not in EXPRESSIONS:
        raise ValueError(one_of(EXPRESSIONS, unit))
    return unit


def _quantity(quantity: str) -> str:
    if quantity not in QUANTITIES:
        raise ValueError(one_of(QUANTITIES, quantity))
    return quantity


class Step(Declaration):
    """One thing in a frame, told by which of the keys value, skip, time, serial and rest it has.

    ``value``: a field by its name, and of which ``type`` its number is. It is what stands in the frame, times
    ``scale``, divided by ``divide``, plus ``offset``. A name that ends in ``.xx`` gets the number of the channel that
    its tag tells. ``mask``: the bits of it that count. ``absent``: what stands there where there is no reading.
    ``quantity``: what it measures, unless a series of the city file takes the field for another.

    ``skip``: so many bytes say nothing for us. ``time``: when it was measured, in seconds since 1970 in UTC, 0 where
    the device does not know; under a tag with values it is theirs, alone it holds for all others. ``serial``: the
    serial number of the meter that was read. ``rest``: all that follows says nothing for us.
    """

    value: Annotated[str, AfterValidator(_field_name)] | None = None
    type: NumberType | None = None
    scale: Number = 1.0
    divide: Annotated[Number, AfterValidator(_not_zero)] = 1.0
    offset: Number = 0.0
    mask: int | None = None
    absent: tuple[int, ...] = ()
    unit: Annotated[str, AfterValidator(_unit)] | None = None
    quantity: Annotated[str, AfterValidator(_quantity)] | None = None
    skip: Annotated[int, Field(ge=1, le=LONGEST)] | None = None
    time: Literal["u32"] | None = None
    serial: NumberType | None = None
    rest: Literal[True] | None = None

    @model_validator(mode="after")
    def _of_one_kind(self) -> Self:
        given = [kind for kind in KINDS if getattr(self, kind) is not None]
        if len(given) != 1:
            raise ValueError(f"expected one of {', '.join(KINDS)}, found {' and '.join(given) or 'none of them'}")
        if (self.value is None) != (self.type is None):
            raise ValueError("expected value and type together: the name of a field, and of which type its number is")
        if self.quantity and self.unit:
            try:
                conversion(self.unit, QUANTITIES[self.quantity].unit)
            except UnitError as error:
                raise ValueError(f"expected a unit of {self.quantity}; {error}") from error
        return self


Steps = tuple[Step, ...]
