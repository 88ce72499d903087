"""What an indicator is: a definition with its citation, the inputs it needs, and a pure computation.

One module under ``kpi_engine/indicators`` exports one constant ``INDICATOR``; nothing there does I/O or reads a clock.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Generic, TypeVar

from pydantic import BaseModel, ConfigDict

from ingest.model.calendar import Period
from kpi_engine.window import Window

PERIODS: Final = (Period.DAY, Period.MONTH, Period.YEAR)


class Inputs(BaseModel):
    """Base of what an indicator computes from: unknown keys are errors, absent numbers are null, never NaN.

    ``IS_STORED_WHOLE``: what is kept with a value can be computed from again, without reading anything else.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    IS_STORED_WHOLE: ClassVar[bool] = True

    def stored(self) -> dict[str, Any]:
        """Return what is kept with the value, without defaults; long columns may be replaced by a digest."""
        return self.model_dump(mode="json", exclude_defaults=True)


@dataclass(frozen=True)
class Outcome:
    """The result of a computation: ``value`` in the indicator's unit, or None and a ``reason`` in plain words.

    ``coverage`` is the share of the period that measurements cover, shown as it is where it exceeds 1;
    ``estimated_share`` the part of the amount whose place in time is interpolated, None where there is no amount.
    """

    value: float | None
    coverage: float
    estimated_share: float | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Needs:
    """What the window of an indicator holds: meters of one carrier with the amounts of some quantities.

    ``dated_factor``: the window is cut into stretches of one emission factor each; ``hourly``: the quantity whose
    hours stand beside the hourly factor series of the city.
    """

    quantities: tuple[str, ...]
    carrier: str = "heat"
    dated_factor: bool = False
    hourly: str | None = None

    @classmethod
    def merged(cls, every: Sequence["Needs"]) -> "Needs":
        """Return what serves all of ``every``, which are of one carrier; raises ValueError where hours differ."""
        hourly = {needs.hourly for needs in every if needs.hourly}
        if len(hourly) > 1 or len({needs.carrier for needs in every}) != 1:
            raise ValueError("indicators that share a window are of one carrier and one hourly quantity")
        quantities = dict.fromkeys(quantity for needs in every for quantity in needs.quantities)
        return cls(tuple(quantities), every[0].carrier, any(n.dated_factor for n in every), next(iter(hourly), None))


InputsModel = TypeVar("InputsModel", bound=Inputs)


@dataclass(frozen=True)
class Indicator(Generic[InputsModel]):
    """One KPI: definition, citation, and how it is computed.

    ``rule_version`` changes whenever the same inputs may give another result. ``citation`` says "recalled" where the
    source was not read for this project.
    """

    name: str
    title: str
    unit: str
    formula: str
    citation: str
    frameworks: tuple[str, ...]
    rule_version: str
    needs: Needs
    inputs_model: type[InputsModel]
    inputs: Callable[[Window], InputsModel]
    compute: Callable[[InputsModel], Outcome]
    periods: tuple[Period, ...] = PERIODS

    def outcome_of(self, document: str | bytes) -> Outcome:
        """Compute from inputs given as JSON; raises pydantic.ValidationError naming each wrong key."""
        return self.compute(self.inputs_model.model_validate_json(document))
