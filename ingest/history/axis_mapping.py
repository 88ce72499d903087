"""Mapping files of rows without times: a declared time axis, which columns are values, and what each row stands for.

A row is an interval [start + n * step, start + (n + 1) * step). The offset of ``start`` holds for all of them: clocks
never change. What the file itself says of month, hour and weekday is compared with the axis, row by row.
"""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator

from ingest.history.layout import DelimitedFile
from ingest.model.city import fact_names
from ingest.model.declarations.declaration import Declaration, Duration, Instant
from ingest.model.mapped_columns import KnownQuantity
from ingest.model.reading import Stamping
from ingest.model.revision import Revision, number
from ingest.model.time import MICROSECOND, is_dated, to_micros


class StandsFor(StrEnum):
    """What a value of a gauge or a register speaks of: the instant of its stamp, or all of its interval as a mean."""

    INSTANT = "instant"
    INTERVAL = "interval"


class CalendarColumns(Declaration):
    """Columns that say what the axis has to agree with; ``weekday`` counts from 1, Monday, to 7."""

    month: str | None = None
    hour: str | None = None
    weekday: str | None = None

    @property
    def named(self) -> dict[str, str]:
        """What is said by which column."""
        return {what: column for what, column in self.model_dump().items() if column is not None}


class TimeAxis(Declaration):
    """When rows are, in order: the first interval begins at ``start``, and a file has ``rows`` of them where given.

    By ``stamping``, the hours of a day are 0 to 23 (begin), or 1 to 24 where 24 is midnight (end).
    """

    start: Instant
    step: Duration
    stamping: Stamping
    rows: Annotated[int, Field(gt=0)] | None = None
    agrees_with: CalendarColumns = Field(default_factory=CalendarColumns)

    @model_validator(mode="after")
    def _within_the_calendar(self) -> Self:
        if not is_dated(self.first + self.length * (self.rows or 1)):
            raise ValueError("expected all rows before the year 10000")
        return self

    @property
    def first(self) -> int:
        """The begin of the first interval, in microseconds."""
        return to_micros(self.start)

    @property
    def length(self) -> int:
        """The length of an interval, in microseconds."""
        return self.step // MICROSECOND

    @property
    def offset(self) -> int:
        """How far the wall clock of the file is ahead of UTC, in microseconds."""
        ahead = self.start.utcoffset()
        return 0 if ahead is None else ahead // MICROSECOND


class AxisValue(Declaration):
    """A column of values of one quantity of one device, named by its native id.

    ``per_fact``: the values are per unit of this fact of the device's site, and ``unit`` is that of their product.
    """

    column: str
    device: str
    quantity: KnownQuantity
    unit: str | None = None
    stands_for: StandsFor = StandsFor.INSTANT
    per_fact: str | None = None

    @field_validator("per_fact")
    @classmethod
    def _known_fact(cls, name: str | None) -> str | None:
        if name is not None and (expected := fact_names.unknown(name)) is not None:
            raise ValueError(expected)
        return name


class AxisMapping(DelimitedFile):
    """How one kind of file without times is read. ``revision``: when the file was issued."""

    name: str
    source: str
    axis: TimeAxis
    values: Annotated[tuple[AxisValue, ...], Field(min_length=1)]
    revision: Revision | None = None

    @property
    def columns(self) -> list[str]:
        """The columns a file must have, each once."""
        named = (*self.axis.agrees_with.named.values(), *(value.column for value in self.values))
        return list(dict.fromkeys(named))

    @property
    def issued(self) -> float | None:
        """The revision of a whole file, where it has one."""
        return None if self.revision is None else number(self.revision)

    @model_validator(mode="after")
    def _one_column_each(self) -> Self:
        keys = [(value.device, value.quantity) for value in self.values]
        if len(set(keys)) < len(keys):
            raise ValueError("expected each quantity of a device in one column")
        return self
