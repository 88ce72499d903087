"""The self-assessment of a city: eight characteristics, levels in words, evidence, and what speaks against it. Pure.

Characteristics and levels are those of the Comparative Study of Smart Cities in Europe and China (2014): one step after
the other, and no ranking. Levels are ordinal: they are compared, never counted, added or averaged.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Final, Self

from pydantic import Field, field_validator, model_validator

from ingest.model.declarations.declaration import Declaration, Name
from ingest.model.declarations.expected import one_of
from kpi_engine.indicators import INDICATORS


class Characteristic(StrEnum):
    """What is assessed."""

    STRATEGY = "smart_city_strategy"
    STAKEHOLDERS = "stakeholders"
    GOVERNANCE = "governance"
    FUNDING = "funding"
    VALUE = "value_assessment"
    BUSINESS = "business_models"
    INFRASTRUCTURE = "ict_infrastructure"
    SERVICES = "smart_city_services"


class AssessedLevel(StrEnum):
    """How far a city has come, the first step first; a characteristic that nobody assessed has none of them."""

    NOT_YET = "not_yet_addressed"
    BASIC = "basic"
    AVERAGE = "average"
    ADVANCED = "more_advanced"
    STATE_OF_THE_ART = "state_of_the_art"


STEPS: Final = tuple(AssessedLevel)
FAR_APART: Final = 3  # steps between two characteristics that show a lack of capacity


class AssessedEvidence(Declaration):
    """What a source says; ``says``: the level that it speaks for, where it does."""

    source: Annotated[str, Field(min_length=1)]
    page: Annotated[str, Field(min_length=1)]
    text: str = ""
    says: AssessedLevel | None = None


class Assessed(Declaration):
    """One characteristic: its level with the evidence, and the indicators to be looked at beside it."""

    level: AssessedLevel
    evidence: Annotated[tuple[AssessedEvidence, ...], Field(min_length=1)]
    figures: tuple[str, ...] = ()

    @field_validator("figures")
    @classmethod
    def _known(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if name not in INDICATORS:
                raise ValueError(one_of(INDICATORS, name))
        return names


class Assessment(Declaration):
    """What somebody said of a city on a day. A characteristic that is not named was not assessed."""

    date: date
    by: Annotated[str, Field(min_length=1)]
    characteristics: Annotated[Mapping[Characteristic, Assessed], Field(min_length=1)]


class SelfAssessment(Declaration):
    """The file of a city: its assessments in order of time."""

    city: Name
    assessments: Annotated[tuple[Assessment, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if any(one.date >= other.date for one, other in pairwise(self.assessments)):
            raise ValueError("expected assessments in order of time, one a day")
        return self


def warnings(assessments: Sequence[Assessment]) -> Iterator[str]:
    """Yield in sentences what speaks against assessments: leaps, characteristics far apart, sources that disagree."""
    for one in assessments:
        yield from (f"{one.date}: {sentence}" for sentence in _conflicts(one))
        yield from (f"{one.date}: {sentence}" for sentence in _spread(one))
    for before, after in pairwise(assessments):
        yield from (f"{before.date} to {after.date}: {sentence}" for sentence in _leaps(before, after))


def _conflicts(one: Assessment) -> Iterator[str]:
    for name, stated in one.characteristics.items():
        others = [each for each in stated.evidence if each.says not in {None, stated.level}]
        contradictions = "; ".join(
            f"{each.source}, {each.page} says {words(each.says)}" for each in others if each.says
        )
        if contradictions:
            yield f"{words(name)} is {words(stated.level)}, but {contradictions}. Both stay: nothing is settled by it"


def _spread(one: Assessment) -> Iterator[str]:
    levels = {name: STEPS.index(stated.level) for name, stated in one.characteristics.items()}
    lowest, highest = min(levels, key=levels.__getitem__), max(levels, key=levels.__getitem__)
    if levels[highest] - levels[lowest] >= FAR_APART:
        ends = (f"{words(name)} {words(one.characteristics[name].level)}" for name in (highest, lowest))
        yield f"{' and '.join(ends)} are far apart: a large discrepancy signals that capacity is missing"


def _leaps(before: Assessment, after: Assessment) -> Iterator[str]:
    for name, stated in after.characteristics.items():
        former = before.characteristics.get(name)
        if former and STEPS.index(stated.level) - STEPS.index(former.level) > 1:
            yield (
                f"{words(name)} goes from {words(former.level)} to {words(stated.level)}: a step is left out, and what "
                "it builds on may be missing"
            )


def words(name: StrEnum) -> str:
    """Return a characteristic or a level as people write it."""
    return name.value.replace("_", " ")
