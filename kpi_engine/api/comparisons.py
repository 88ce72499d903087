"""Comparisons as the interface shows them; the command line prints the same as JSON."""

from datetime import datetime
from typing import Any

from pydantic import Field

from kpi_engine.api.representation import Answer
from kpi_engine.comparison.compared import ComparedFigure
from kpi_engine.comparison.reading import Comparison


class ComparedAnswer(Answer):
    """The figure of one city or group in one period."""

    city: str
    group: str | None
    title: str
    label: str = Field(description="The period on the calendar of its city.")
    start: datetime
    end: datetime
    value: float | None = Field(description="Null where it can be wrong by too much, or cannot be divided.")
    lower: float | None
    upper: float | None
    unit: str
    status: str = Field(description="final, provisional or insufficient.")
    coverage: float
    estimated_share: float | None
    reason: str | None
    rule_version: str
    factors: list[dict[str, Any]]
    policies: list[str] = Field(description="Which ways to reckon its city has chosen.")
    value_id: int | None = Field(description="For its lineage.")
    divisor: str | None = Field(description="By what it was divided, and where that is from.")


class CautionAnswer(Answer):
    """Something in which figures differ beside their values; they share no axis without saying it."""

    what: str
    who: dict[str, list[str]] = Field(description="Figures by what they have.")


class ComparisonAnswer(Answer):
    """Figures by name and time, and in what they differ beside their values."""

    figures: list[ComparedAnswer]
    cautions: list[CautionAnswer]


def comparison_answer(found: Comparison) -> ComparisonAnswer:
    """Return a comparison as it is shown."""
    return ComparisonAnswer(
        figures=[_answer(one) for one in found.figures],
        cautions=[
            CautionAnswer(what=one.what, who={how: list(who) for how, who in one.who.items()}) for one in found.cautions
        ],
    )


def _answer(one: ComparedFigure) -> ComparedAnswer:
    lower, upper = one.amount.published
    answer = {
        "city": one.subject.city,
        "group": one.subject.group,
        "value": one.amount.value,
        "lower": lower,
        "upper": upper,
    }
    same = {name: getattr(one, name) for name in ComparedAnswer.model_fields if name not in answer}
    return ComparedAnswer.model_validate({**same, **answer})
