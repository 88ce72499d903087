"""Mapping files: which columns of a history file are times, devices and values; YAML, facts only."""

from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import Field, ValidationError, ValidationInfo, field_validator

from ingest.errors import FileFault, MappingError, YamlError
from ingest.model.declarations import declaration_faults, yaml_document
from ingest.model.declarations.declaration import Declaration
from ingest.model.declarations.fault_places import WHOLE, file_faults
from ingest.model.declarations.yaml_document import Document
from ingest.model.mapped_columns import DecimalSign, DeviceOf, Separator, TimeFormat, ValueColumn, Zone
from ingest.model.revision import Revision, number

Kind = TypeVar("Kind", bound=Declaration)


class TimeColumn(Declaration):
    """Where a row's time stands. Without ``format`` it is RFC 3339 with offset; with one, ``zone`` may place it."""

    column: str
    format: TimeFormat | None = None
    zone: Zone = "UTC"


class Mapping(Declaration):
    """How one kind of file is read. ``serial_number``: the column that says which meter was read.

    ``revision``: the column that says when a row's values were issued (as RFC 3339 or by its format; else a number), or
    when the whole file was. ``begin`` and ``end``: the columns of the interval that a row's amounts are for; ``time``
    is the edge that has none, and is the end where it is left out.
    """

    name: str
    source: str
    begin: TimeColumn | None = None
    end: TimeColumn | None = None
    time: Annotated[TimeColumn | None, Field(validate_default=True)] = None
    device: DeviceOf
    values: Annotated[tuple[ValueColumn, ...], Field(min_length=1)]
    serial_number: str | None = None
    revision: TimeColumn | Revision | None = None
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
        named = [*(clock.column for clock in self.clocks.values()), *(value.column for value in self.values)]
        revision = self.revision.column if isinstance(self.revision, TimeColumn) else None
        return list(dict.fromkeys(named + [one for one in (self.device.column, self.serial_number, revision) if one]))

    @property
    def issued(self) -> float | None:
        """The revision of a whole file, where it has one."""
        return None if self.revision is None or isinstance(self.revision, TimeColumn) else number(self.revision)


def load(path: Path) -> Mapping:
    """Read a mapping file of readings; raises MappingError naming file, line, key and what was expected."""
    return validated(document(path), Mapping, path)


def document(path: Path) -> Document:
    """Return what stands in a mapping file, not looked at yet; raises MappingError where it is no YAML."""
    try:
        return yaml_document.load(path)
    except YamlError as error:
        raise MappingError(str(FileFault(str(path), WHOLE, str(error), error.line))) from error


def validated(found: Document, model: type[Kind], path: Path) -> Kind:
    """Return what was found as a mapping of some kind; raises MappingError with every fault, each with its line."""
    try:
        return model.model_validate(found.value)
    except ValidationError as error:
        faults = file_faults(str(path), found, declaration_faults.faults(error, model))
        raise MappingError("\n".join(map(str, faults))) from error
