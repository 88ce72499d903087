"""Limits of figures: an alarm only where the bounds leave no doubt, and let go only where they leave none either."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from ingest.model.city.figure_limit import FigureLimit
from kpi_engine.alarms import limit_names
from kpi_engine.alarms.figure_limits import LimitedFigure, exceeded, finding, missed
from kpi_engine.targets.verdict import TargetStatus
from tests import towns


def limit(**keys: Any) -> FigureLimit:  # noqa: ANN401 - as a city file has them
    """Return a limit of the share of heat that a network loses."""
    return FigureLimit.model_validate({"name": "losses", "indicator": "heat_delivered", "title": "Losses", **keys})


def figure(value: float | None, lower: float | None = None, upper: float | None = None) -> LimitedFigure:
    """Return the figure of a day of Copenhagen."""
    return LimitedFigure(datetime(2026, 11, 9, 23, tzinfo=UTC), value, lower, upper, "kWh")


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (figure(25, 21, 29), True),
        (figure(25, 19, 29), None),
        (figure(19, 17, 21), None),
        (figure(17, 16, 18), False),
        (figure(17, 16, 19), None),
        (figure(25, None, 29), None),
        (figure(17, 16, None), None),
        (figure(None), None),
        (None, None),
    ],
)
def test_a_figure_is_beyond_a_limit_or_within_it_again_where_its_bounds_leave_no_doubt(
    found: LimitedFigure | None, told: bool | None
) -> None:
    assert exceeded(limit(above=20, clear=18), found) is told


def test_a_figure_that_is_too_small_is_alarmed_as_one_that_is_too_large() -> None:
    below = limit(below=20)
    assert [exceeded(below, figure(*each)) for each in ((15, 11, 19), (15, 11, 21), (25, 21, 29))] == [
        True,
        None,
        False,
    ]


def test_what_is_said_names_the_indicator_the_civil_day_and_the_limit() -> None:
    said = finding(limit(above=20), figure(25, 21, 29), "Europe/Copenhagen")
    assert said.detail == "heat_delivered of 2026-11-10 is 25 kWh, above 20 whatever its bounds"
    assert (said.value, said.threshold, said.unit) == (25, 20, "kWh")


@pytest.mark.parametrize("keys", [{}, {"above": 1, "below": 0}, {"above": 20, "clear": 21}, {"below": 20, "clear": 19}])
def test_a_limit_has_one_side_and_lets_go(keys: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        limit(**keys)


def test_a_target_is_missed_or_kept_only_where_that_is_certain() -> None:
    assert {status: missed(status) for status in TargetStatus} == {
        TargetStatus.OFF_TRACK: True,
        TargetStatus.ON_TRACK: False,
        TargetStatus.AT_RISK: None,
        TargetStatus.UNKNOWN: None,
    }


def test_limits_that_no_figure_can_be_held_against_are_faults_of_the_city_file() -> None:
    day = {"name": "a", "title": "A", "indicator": "heat_delivered", "above": 1}
    unknown, yearly = day | {"indicator": "heat_deliverd"}, day | {"name": "b", "period": "month"}
    city = towns.city(
        towns.heat_meter(), figure_limits=[day, yearly, unknown], sites={"house": {"figure_limits": [day, yearly]}}
    )
    assert [key for key, _ in limit_names.faults(city)] == [
        "figure_limits[2].indicator",
        "figure_limits[2].name",
        "sites[0].figure_limits[0].period",
    ]
