"""Mapping files: which columns of a history file are times, devices and values; YAML, facts only."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Self, TypeVar

from pydantic import AfterValidator, Field, ValidationInfo, field_validator, model_validator

from ingest.errors import MappingError
from ingest.history.layout import FileLayout
from ingest.history.readers import READERS
from ingest.model.declarations import declared_file
from ingest.model.declarations.declaration import Declaration
from ingest.model.declarations.expected import one_of
from ingest.model.declarations.yaml_document import Document
from ingest.model.mapped_columns import (
    CITY_ZONE,
    DecimalSign,
    DeviceOf,
    Epoch,
    Separator,
    TimeFormat,
    ValueColumn,
    ZoneOrCity,
)
from ingest.model.revision import Revision, number

Kind = TypeVar("Kind", bound=Declaration)


def _known_reader(name: str) -> str:
    if name not in READERS:
        raise ValueError(one_of(READERS, name))
    return name


ReaderName = Annotated[str, AfterValidator(_known_reader)]


class TimeColumn(Declaration):
    """Where a row's time stands. Without ``format`` it is RFC 3339 with offset; with one, ``zone`` may place it.

    ``epoch``: it is a number since 1970. ``hour``: the column of the hour of the day of ``column``, named after its
    end: 1 to 24, or 01:00 to 24:00, the midnight that ends the day. The zone ``city`` is that of the city.
    """

    column: str
    format: TimeFormat | None = None
    zone: ZoneOrCity = "UTC"
    epoch: Epoch | None = None
    hour: str | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.epoch and (self.format or self.hour):
            raise ValueError("expected either epoch or format")
        if self.hour and not self.format:
            raise ValueError("expected the format of the day beside hour, such as %Y/%m/%d")
        return self

    @property
    def columns(self) -> list[str]:
        """The columns that it reads."""
        return [self.column, *([self.hour] if self.hour else [])]


class HistoryDevice(DeviceOf):
    """Which device a row speaks of; ``ids``: the native ids of those that the file calls otherwise."""

    ids: dict[str, str] = Field(default_factory=dict)


class HistoryValue(ValueColumn):
    """A column of values; ``when``: of the rows only that have these texts in these columns."""

    when: dict[str, str] = Field(default_factory=dict)


class EstimatedRows(Declaration):
    """The rows whose values were not read at a meter: those with one of ``texts`` in ``column``."""

    column: str
    texts: Annotated[tuple[str, ...], Field(min_length=1)]


class Mapping(Declaration):
    """How one kind of file is read. ``serial_number``: the column that says which meter was read.

    ``revision``: the column that says when a row's values were issued (as RFC 3339 or by its format; else a number), or
    when the whole file was. ``begin`` and ``end``: the columns of the interval that a row's amounts are for; ``time``
    is the edge that has none, and is the end where it is left out. ``header``: the columns of CSV whose first line does
    not name them. ``reader``: what makes rows of a file that is no table. ``estimated``: which rows were not read.
    """

    name: str
    source: str
    begin: TimeColumn | None = None
    end: TimeColumn | None = None
    time: Annotated[TimeColumn | None, Field(validate_default=True)] = None
    device: HistoryDevice
    values: Annotated[tuple[HistoryValue, ...], Field(min_length=1)]
    serial_number: str | None = None
    revision: TimeColumn | Revision | None = None
    estimated: EstimatedRows | None = None
    header: tuple[str, ...] = ()
    reader: ReaderName | None = None
    separator: Separator = ","
    decimal: DecimalSign = "."

    @field_validator("time")
    @classmethod
    def _time_or_edges(cls, time: TimeColumn | None, declared: ValidationInfo) -> TimeColumn | None:
        edges = (declared.data.get(edge, cls) for edge in ("begin", "end"))  # a faulty one is told by itself
        if time is None and None in edges:
            raise ValueError("expected the column of a row's time, or begin and end")
        return time

    @property
    def stamp(self) -> str:
        """The key of the column of a row's time."""
        return "end" if self.time is None else "time"

    @property
    def clocks(self) -> dict[str, TimeColumn]:
        """The columns of times by their keys."""
        named = {"time": self.time, "begin": self.begin, "end": self.end}
        return {key: column for key, column in named.items() if column is not None}

    @property
    def columns(self) -> list[str]:
        """The columns a file must have."""
        revision = [self.revision] if isinstance(self.revision, TimeColumn) else []
        named = [column for clock in (*self.clocks.values(), *revision) for column in clock.columns]
        named += [column for value in self.values for column in (value.column, *value.when)]
        others = (self.device.column, self.serial_number, self.estimated and self.estimated.column)
        return list(dict.fromkeys(named + [one for one in others if one]))

    @property
    def layout(self) -> FileLayout:
        """How its files are read."""
        return FileLayout(self.separator, self.header, self.reader, tuple(self.columns))

    def placed(self, zone: str) -> "Mapping":
        """Return the mapping with the zone of a city in the place of ``city``."""

        def clock(column: TimeColumn) -> TimeColumn:
            return column.model_copy(update={"zone": zone}) if column.zone == CITY_ZONE else column

        clocks = {key: clock(column) for key, column in self.clocks.items()}
        revision = {"revision": clock(self.revision)} if isinstance(self.revision, TimeColumn) else {}
        return self.model_copy(update={**clocks, **revision})

    def for_devices(self, devices: Iterable[str]) -> "Mapping":
        """Return the mapping as somebody says whom its rows are of: a native id, or ``name in the file=native id``."""
        ids = dict(self.device.ids)
        for text in devices:
            called, is_named, native_id = text.rpartition("=")
            if is_named:
                ids[called] = native_id
            else:
                return self.model_copy(update={"device": HistoryDevice(native_id=text)})
        return self.model_copy(update={"device": self.device.model_copy(update={"ids": ids})})

    @property
    def issued(self) -> float | None:
        """The revision of a whole file, where it has one."""
        return None if self.revision is None or isinstance(self.revision, TimeColumn) else number(self.revision)


def load(path: Path) -> Mapping:
    """Read a mapping file of readings; raises MappingError naming file, line, key and what was expected."""
    return validated(document(path), Mapping, path)


def document(path: Path) -> Document:
    """Return what stands in a mapping file, not looked at yet; raises MappingError where it is no YAML."""
    return declared_file.document(path, MappingError)


def validated(found: Document, model: type[Kind], path: Path) -> Kind:
    """Return what was found as a mapping of some kind; raises MappingError with every fault, each with its line."""
    return declared_file.validated(found, model, path, MappingError)
