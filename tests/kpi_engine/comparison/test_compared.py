"""Figures side by side: in order of names, with every difference in how they were made."""

from datetime import UTC, datetime
from typing import Any

from kpi_engine.comparison.compared import ComparedFigure, cautions, in_order
from kpi_engine.figures.status import FigureStatus
from kpi_engine.formulas.bounded import Bounded
from kpi_engine.subjects.subject import SubjectName

START = datetime(2026, 1, 1, tzinfo=UTC)
DIRECT = {"name": "dk", "version": "2026", "carrier": "electricity", "boundary": "direct", "gwp": "AR5"}
WHOLE = {**DIRECT, "name": "ee", "boundary": "life_cycle"}


def figure(city: str, value: float | None = 1.0, group: str | None = None, **changes: object) -> ComparedFigure:
    said: dict[str, Any] = {
        "subject": SubjectName(city, None, group), "title": city, "label": "2026", "start": START,
        "end": datetime(2027, 1, 1, tzinfo=UTC), "amount": Bounded.between(value, value, value), "unit": "kg",
        "status": FigureStatus.FINAL, "coverage": 1.0, "estimated_share": None, "reason": None, "rule_version": "1",
        "factors": [], "policies": [], "value_id": 1,
    }  # fmt: skip
    return ComparedFigure(**{**said, **changes})


def test_figures_stand_by_name_whatever_they_say() -> None:
    found = in_order([figure("tartu", 1.0), figure("aarhus", 9.0, "quay"), figure("aarhus", 5.0)])
    assert [(one.subject.city, one.subject.group) for one in found] == [
        ("aarhus", None),
        ("aarhus", "quay"),
        ("tartu", None),
    ]


def test_what_was_made_alike_has_no_cautions() -> None:
    other = {**DIRECT, "name": "se", "version": "2025", "value": 0.01}
    assert cautions([figure("aarhus", factors=[DIRECT]), figure("malmo", factors=[other])]) == []


def test_every_difference_in_how_figures_were_made_is_named() -> None:
    one = figure("aarhus", factors=[DIRECT])
    differing = [
        (figure("tartu", rule_version="2"), "rules of the indicator differ: 1: aarhus, 2026; 2: tartu, 2026"),
        (figure("tartu", unit="EUR"), "units differ: EUR: tartu, 2026; kg: aarhus, 2026"),
        (figure("tartu", policies=["emission location"]), "policies of the city differ: : aarhus, 2026"),
        (figure("tartu", status=FigureStatus.PROVISIONAL), "provisional: more may come, or is estimated: tartu, 2026"),
        (
            figure("tartu", factors=[WHOLE]),
            "emission factors of electricity, by boundary, differ: direct: aarhus, 2026; life_cycle: tartu, 2026",
        ),
    ]
    for other, said in differing:
        (caution,) = cautions([one, other])
        assert said in str(caution)


def test_a_figure_without_a_value_differs_from_nothing() -> None:
    assert cautions([figure("aarhus"), figure("tartu", None, rule_version="2")]) == []
