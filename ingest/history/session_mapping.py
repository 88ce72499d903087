"""Mapping files of session records: which columns of a file are a session's point, id, begin, end and energy."""

from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator

from ingest.errors import UnitError
from ingest.history.layout import DelimitedFile
from ingest.model.declarations.declaration import Day, Declaration
from ingest.model.mapped_columns import TimeFormat, Zone
from ingest.model.quantities.units import conversion


class PointColumns(Declaration):
    """The columns whose cells that are not empty, joined by ":", are the native id of a charging point."""

    columns: Annotated[tuple[str, ...], Field(min_length=1)]


class EnergyColumn(Declaration):
    """The column of the energy delivered, and the unit it is in."""

    column: str
    unit: str = "kWh"

    @field_validator("unit")
    @classmethod
    def _of_energy(cls, unit: str) -> str:
        try:
            conversion(unit, "kWh")
        except UnitError as error:
            raise ValueError(str(error)) from error
        return unit


class SessionColumns(Declaration):
    """The columns of one session: its transaction ``id``, ``begin`` (plug-in), ``end`` (plug-out) and energy."""

    id: str
    begin: str
    end: str
    energy: EnergyColumn


class WallClock(Declaration):
    """How times are written. Without ``zone`` they are what clocks on the city's walls said."""

    format: TimeFormat
    zone: Zone | None = None


class Days(Declaration):
    """Civil days [from, to) of the city of which the files hold every session: between them, none means zero."""

    start: Day = Field(alias="from")
    end: Day = Field(alias="to")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start >= self.end:
            raise ValueError("expected to after from")
        return self


class SessionMapping(DelimitedFile):
    """How one kind of session file is read. Columns that are not named are never read: persons stay outside."""

    name: str
    source: str
    device: PointColumns
    session: SessionColumns
    time: WallClock | None = None
    missing: tuple[str, ...] = ()
    complete: Days | None = None

    @property
    def columns(self) -> list[str]:
        """The columns a file must have, each once."""
        session = self.session
        named = (*self.device.columns, session.id, session.begin, session.end, session.energy.column)
        return list(dict.fromkeys(named))
