"""Numbers by the hour as a column: floats and nulls in order, none of which is an object until it is looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, Final, TypeAlias

import numpy as np
from pydantic import Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from ingest.model.columns import RowsMadeOnce
from kpi_engine.evidence.amount_entry import LARGEST
from processors.steps.columns import Floats, present

Number = Annotated[float, Field(ge=-LARGEST, le=LARGEST)]


@dataclass(frozen=True, eq=False, repr=False)
class HourNumbers(RowsMadeOnce[float | None]):
    """Numbers in a column, NaN for null."""

    column: Floats

    @classmethod
    def of(cls, values: Sequence[float | None]) -> "HourNumbers":
        """Return numbers in a column."""
        if isinstance(values, HourNumbers):
            return values
        return cls(np.array([np.nan if value is None else value for value in values], np.float64))

    @classmethod
    def published(cls, column: Floats) -> "HourNumbers":
        """Return a column without what is no number, or so large that it may stand for what nothing bounds."""
        return cls(np.where(np.abs(column) <= LARGEST, column, np.nan))

    @cached_property
    def unknown(self) -> int:
        """How many are null."""
        return int(np.isnan(self.column).sum())

    def __len__(self) -> int:
        return len(self.column)

    def __repr__(self) -> str:
        return repr(self.rows)

    @cached_property
    def rows(self) -> tuple[float | None, ...]:
        """The numbers."""
        return tuple(present(self.column))


NO_HOURS: Final = HourNumbers(np.empty(0))


class _Numbers:
    """Numbers as they come: columns as they are, and what is written as a list put into one."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401
        listed = core_schema.no_info_after_validator_function(HourNumbers.of, handler(tuple[Number | None, ...]))
        columns = core_schema.is_instance_schema(HourNumbers)
        return core_schema.json_or_python_schema(
            json_schema=listed,
            python_schema=core_schema.union_schema([columns, listed], mode="left_to_right"),
            serialization=core_schema.plain_serializer_function_ser_schema(list),
        )


Numbers: TypeAlias = Annotated[HourNumbers, _Numbers]
