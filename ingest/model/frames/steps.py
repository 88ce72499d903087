"""What stands in a frame, piece by piece: values, times, serial numbers, bytes to pass over."""

from collections.abc import Mapping
from typing import Annotated, Final, Literal

from pydantic import Discriminator, Field, StringConstraints, Tag, field_validator, model_validator

from ingest.errors import UnitError
from ingest.model.declarations.declaration import Declaration
from ingest.model.declarations.expected import one_of
from ingest.model.quantities.quantity import QUANTITIES
from ingest.model.quantities.units import EXPRESSIONS, conversion

LONGEST: Final = 255  # bytes; no frame of LoRaWAN is longer

# Unsigned and signed integers by bits, IEEE 754, packed decimal digits: with F as the first, negative (EN 13757).
NumberType = Annotated[str, StringConstraints(pattern=r"^([us](8|16|24|32|64)|f32|bcd(2|4|6|8|10|12))$")]
Number = Annotated[float, Field(allow_inf_nan=False)]
FieldName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,63}$")]


def width(number: str) -> int:
    """Return how many bytes a type of number has."""
    return int(number[3:]) // 2 if number.startswith("bcd") else int(number[1:]) // 8


class Value(Declaration):
    """A number of a field: what stands in the frame, times ``scale``, divided by ``divide``, plus ``offset``.

    A name that ends in ``.xx`` gets the number of the channel that its tag tells. ``mask``: the bits of it that count.
    ``absent``: what stands there where there is no reading. ``quantity``: what it measures, unless a series of the city
    file takes the field for another.
    """

    value: FieldName
    type: NumberType
    scale: Number = 1.0
    divide: Number = 1.0
    offset: Number = 0.0
    mask: int | None = None
    absent: tuple[int, ...] = ()
    unit: str | None = None
    quantity: str | None = None

    @field_validator("divide")
    @classmethod
    def _not_by_zero(cls, divide: float) -> float:
        if divide == 0:
            raise ValueError("expected a number that is not 0")
        return divide

    @model_validator(mode="after")
    def _known(self) -> "Value":
        if self.unit is not None and self.unit not in EXPRESSIONS:
            raise ValueError(f"unit: {one_of(EXPRESSIONS, self.unit)}")
        if self.quantity is None:
            return self
        if self.quantity not in QUANTITIES:
            raise ValueError(f"quantity: {one_of(QUANTITIES, self.quantity)}")
        if self.unit is not None:
            try:
                conversion(self.unit, QUANTITIES[self.quantity].unit)
            except UnitError as error:
                raise ValueError(f"unit: expected one of {self.quantity}; {error}") from error
        return self


class Skip(Declaration):
    """Bytes that say nothing for us."""

    skip: int = Field(ge=1, le=LONGEST)


class Time(Declaration):
    """When it was measured: seconds since 1970 in UTC; 0 where the device does not know.

    Under a tag with values it is theirs; alone it holds for all that follows.
    """

    time: Literal["u32"]


class Serial(Declaration):
    """The serial number of the meter that was read."""

    serial: NumberType


class Rest(Declaration):
    """All that follows says nothing for us."""

    rest: Literal[True]


_KINDS: Final = {"value": Value, "skip": Skip, "time": Time, "serial": Serial, "rest": Rest}


def _kind(step: object) -> str:
    """Return which kind of step something is, by the key that only this kind has."""
    if isinstance(step, Mapping):
        return next((kind for kind in _KINDS if kind in step), "value")
    return next((kind for kind, of in _KINDS.items() if isinstance(step, of)), "value")


Step = Annotated[
    Annotated[Value, Tag("value")]
    | Annotated[Skip, Tag("skip")]
    | Annotated[Time, Tag("time")]
    | Annotated[Serial, Tag("serial")]
    | Annotated[Rest, Tag("rest")],
    Discriminator(_kind),
]
Steps = tuple[Step, ...]
