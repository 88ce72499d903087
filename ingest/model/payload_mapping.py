"""Mappings of payloads: which columns of CSV, or paths of JSON, are times, devices and values; facts only.

The language of mapping files for history, as far as messages have what files have.
"""

import operator
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Annotated, Final, Self

from pydantic import Field, model_validator

from ingest.errors import UnitError
from ingest.model import json_path
from ingest.model.declarations.declaration import Declaration
from ingest.model.mapped_columns import DecimalSign, DeviceOf, Epoch, Separator, TimeFormat, ValueColumn, Zone
from ingest.model.quantities.quantity import QUANTITIES
from ingest.model.quantities.units import conversion

_LONGEST: Final = 255  # characters of a column


class RowFormat(StrEnum):
    """How the rows of a payload are written."""

    JSON = "json"
    CSV = "csv"


class PayloadTime(Declaration):
    """Where a row's time stands: RFC 3339 with offset, or numbers by ``epoch``, or a wall clock by ``format``.

    ``zone`` places times of a wall clock; without it that of the device's clock does.
    """

    column: str
    epoch: Epoch | None = Field(default=None, exclude_if=operator.not_)
    format: TimeFormat | None = Field(default=None, exclude_if=operator.not_)
    zone: Zone | None = Field(default=None, exclude_if=operator.not_)

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.epoch and self.format:
            raise ValueError("expected either epoch or format")
        if self.zone and not self.format:
            raise ValueError("expected a zone beside a format only: other times say themselves when they are")
        return self


class PayloadMapping(Declaration):
    """How one kind of payload is read; ``rows``: where in a JSON document they stand, ``data.items[*]``.

    ``header``: the columns of CSV whose first line does not name them. ``begin`` and ``end``: the columns of the
    interval that a row's amounts are for. ``revision``: the column that says when its values were issued. ``name`` and
    ``source`` are for people.
    """

    name: str | None = Field(default=None, exclude_if=operator.not_)
    source: str | None = Field(default=None, exclude_if=operator.not_)
    format: RowFormat = RowFormat.JSON
    rows: str | None = Field(default=None, exclude_if=operator.not_)
    header: tuple[str, ...] = Field(default=(), exclude_if=operator.not_)
    time: PayloadTime | None = Field(default=None, exclude_if=operator.not_)
    begin: PayloadTime | None = Field(default=None, exclude_if=operator.not_)
    end: PayloadTime | None = Field(default=None, exclude_if=operator.not_)
    device: DeviceOf | None = Field(default=None, exclude_if=operator.not_)
    values: Annotated[tuple[ValueColumn, ...], Field(min_length=1)]
    serial_number: str | None = Field(default=None, exclude_if=operator.not_)
    revision: PayloadTime | None = Field(default=None, exclude_if=operator.not_)
    separator: Separator = ","
    decimal: DecimalSign = "."

    @model_validator(mode="after")
    def _of_its_format(self) -> Self:
        if self.format is RowFormat.JSON:
            if self.header:
                raise ValueError("expected a header of csv only: what json holds has names")
            _check_paths(self.rows or "", self.columns)
        elif self.rows is not None:
            raise ValueError("expected rows of json only: those of csv are its lines")
        elif missing := [column for column in self.columns if self.header and column not in self.header]:
            raise ValueError(f"expected columns that stand in the header, not {missing[0]!r}")
        return self

    @model_validator(mode="after")
    def _readable_values(self) -> Self:
        columns = [value.column for value in self.values]
        if twice := next((column for column in columns if columns.count(column) > 1), None):
            raise ValueError(f"expected each column of values once, not {twice!r} twice")
        for value in self.values:
            if value.unit is not None:
                _check_unit(value.unit, value.quantity)
        return self

    @model_validator(mode="after")
    def _placed_revisions(self) -> Self:
        if self.revision and self.revision.format and not self.revision.zone:
            raise ValueError("expected a zone beside the format of the revision")
        return self

    @model_validator(mode="after")
    def _edges_of_intervals(self) -> Self:
        if self.begin is None and self.end is None:
            return self
        if self.time is None and (self.begin is None or self.end is None):
            raise ValueError("expected begin and end, or time as the other edge of the interval")
        if any(clock.format and not clock.zone for clock in self.clocks.values()):
            raise ValueError("expected a zone beside each format of the times of intervals")
        return self

    @property
    def clocks(self) -> dict[str, PayloadTime]:
        """The columns of times by their keys."""
        named = {"time": self.time, "begin": self.begin, "end": self.end}
        return {key: column for key, column in named.items() if column is not None}

    @property
    def stamp(self) -> PayloadTime | None:
        """The column that says when a row was, where one does."""
        return self.time or self.end

    @property
    def columns(self) -> Iterator[str]:
        """Every column that is read."""
        yield from (clock.column for clock in self.clocks.values())
        yield from (value.column for value in self.values)
        others = (self.serial_number, self.revision and self.revision.column, self.device and self.device.column)
        yield from (column for column in others if column)


def _check_paths(rows: str, columns: Iterable[str]) -> None:
    json_path.parse(rows)
    for column in columns:
        if len(column) > _LONGEST:
            raise ValueError(f"expected paths of at most {_LONGEST} characters, not {len(column)}")
        if json_path.EVERY in json_path.parse(column):
            raise ValueError(f"expected [*] in rows only, not in {column!r}")


def _check_unit(unit: str, quantity: str) -> None:
    try:
        conversion(unit, QUANTITIES[quantity].unit)
    except UnitError as error:
        raise ValueError(f"{quantity}: {error}") from error
