"""Self-assessments: levels are words, and what speaks against them is said."""

from typing import Any

import pytest
from pydantic import ValidationError

from kpi_engine.assessment.self_assessment import SelfAssessment, warnings


def characteristic(level: str, says: str | None = None, **keys: object) -> dict[str, Any]:
    return {"level": level, "evidence": [{"source": "Plan", "page": "4", "says": says}], **keys}


def file(*assessments: dict[str, Any]) -> SelfAssessment:
    dated = [
        {"date": f"202{place}-06-30", "by": "Energy office", "characteristics": said}
        for place, said in enumerate(assessments)
    ]
    return SelfAssessment.model_validate({"city": "harbour", "assessments": dated})


def said(*assessments: dict[str, Any]) -> list[str]:
    return list(warnings(file(*assessments).assessments))


def test_one_step_after_the_other_with_sources_that_agree_needs_no_warning() -> None:
    first = {"funding": characteristic("basic", "basic"), "governance": characteristic("average")}
    second = {"funding": characteristic("average"), "stakeholders": characteristic("more_advanced")}
    assert said(first, second) == []


def test_a_step_that_is_left_out_is_said() -> None:
    first, second = ({"funding": characteristic(level)} for level in ("basic", "more_advanced"))
    (warning,) = said(first, second)
    assert warning.startswith("2020-06-30 to 2021-06-30: funding goes from basic to more advanced: a step is left out")
    assert said(second, first) == []


def test_characteristics_that_are_far_apart_are_said() -> None:
    near = {"funding": characteristic("basic"), "governance": characteristic("more_advanced")}
    far = {**near, "governance": characteristic("state_of_the_art")}
    assert said(near) == []
    (warning,) = said(far)
    assert "governance state of the art and funding basic are far apart" in warning


def test_a_source_that_says_otherwise_is_kept_and_said() -> None:
    (warning,) = said({"funding": characteristic("average", "basic")})
    assert "funding is average, but Plan, 4 says basic. Both stay" in warning


@pytest.mark.parametrize(
    "changed",
    [
        {"funding": characteristic("3")},
        {"money": characteristic("basic")},
        {"funding": {"level": "basic", "evidence": []}},
        {"funding": characteristic("basic", figures=["happiness"])},
        {},
    ],
)
def test_what_is_no_assessment_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        file(changed)


def test_two_assessments_of_one_day_are_refused() -> None:
    one = {"date": "2026-06-30", "by": "Energy office", "characteristics": {"funding": characteristic("basic")}}
    with pytest.raises(ValidationError, match="in order of time"):
        SelfAssessment.model_validate({"city": "harbour", "assessments": [one, one]})
