"""Targets of a city or a site: where the figures of an indicator are to go from a baseline year on, and who says so.

A target is no fact about the world but a decision of somebody: it names the document that says it.
"""

from collections.abc import Mapping
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Any, Final, Self

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer, model_validator

from ingest.model.alarm import Severity
from ingest.model.declarations.alternatives import exactly_one
from ingest.model.declarations.declaration import Declaration, Name

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2200

Year = Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Text = Annotated[str, Field(min_length=1)]


class Wanted(StrEnum):
    """Which way a figure is to move, where its indicator does not say so."""

    LOWER = "lower"
    HIGHER = "higher"


class GivenBy(StrEnum):
    """Where the value of a baseline year is from, if not from the city file."""

    FIGURES = "figures"  # the stored figure of that year


class BaselineYear(Declaration):
    """The year that a path begins at, with its ``value`` in the indicator's unit, or from the stored figure."""

    year: Year
    value: Number | None = None
    given_by: Annotated[GivenBy | None, Field(alias="from")] = None

    _one_value = model_validator(mode="after")(exactly_one("value", "given_by", "either a value or from: figures"))

    @model_serializer(mode="wrap")
    def _as_written(self, write: SerializerFunctionWrapHandler) -> Mapping[str, Any]:
        document: dict[str, Any] = write(self)
        given_by = document.pop("given_by", None)  # absent where what is so by default is left out
        return document if given_by is None else {"year": self.year, "from": given_by}


class PathPoint(Declaration):
    """Where the figure of a year is to be: ``value`` in the indicator's unit, or ``percent`` of the baseline year's."""

    year: Year
    value: Number | None = None
    percent: Number | None = None

    _one_value = model_validator(mode="after")(
        exactly_one("value", "percent", "either a value or a percent of the baseline year")
    )


class Target(Declaration):
    """Where the figure of an indicator is to go, year by year; between the years that are named, along a line.

    ``tolerance_percent``: by how much of what a year is to be a figure may miss it and is at risk only. ``severity``:
    of the alarm while it is off track; none is raised where left out.
    """

    indicator: Name
    title: Text
    source: Text
    page: str | None = None
    baseline: BaselineYear
    path: Annotated[tuple[PathPoint, ...], Field(min_length=1)]
    better: Wanted | None = None
    tolerance_percent: Annotated[float, Field(ge=0.0, le=100.0)] = 0.0
    severity: Severity | None = Field(default=None, exclude_if=lambda severity: severity is None)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        years = [self.baseline.year, *(point.year for point in self.path)]
        for before, year in pairwise(years):
            if year <= before:
                raise ValueError(
                    f"path: expected years after the baseline year in their order, not {year} after {before}"
                )
        return self
