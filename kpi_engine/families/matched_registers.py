"""Registers of the same meters side by side: what each of them counted of several quantities."""

from typing import Final, Self

from pydantic import model_validator

from kpi_engine.evidence.amounts import MeterAmounts, names_of
from kpi_engine.indicator import Inputs

_COUNTED: Final = {3: "three", 4: "four"}


class MatchedRegisters(Inputs):
    """Base of inputs that hold several registers of the same meters, in the same order in each list."""

    @property
    def registers(self) -> tuple[MeterAmounts, ...]:
        """The lists, one for each quantity; each kind of inputs names its own."""
        raise NotImplementedError

    @model_validator(mode="after")
    def _same_meters(self) -> Self:
        first, *others = map(names_of, self.registers)
        if any(other != first for other in others):
            lists = _COUNTED[len(self.registers)]
            raise ValueError(f"expected the same meters in the same order in all {lists} lists")
        return self
