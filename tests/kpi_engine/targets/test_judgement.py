"""A target and its figures: paths along lines, years by their figures, an open year by the months that have ended."""

import json
from datetime import date
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.model.city.targets import Target
from kpi_engine.formulas.bounded import Bounded
from kpi_engine.indicators import INDICATORS
from kpi_engine.targets.judgement import TargetJudgement, YearOfPath, judge
from kpi_engine.targets.path import goals
from kpi_engine.targets.period_figure import MonthRevision, PeriodFigure
from kpi_engine.targets.verdict import TargetStatus

ON, RISK, OFF, UNKNOWN = TargetStatus
NOVEMBER: Final = date(2026, 11, 15)
WINTER: Final = (18.0, 16.0, 13.0, 8.0, 4.0, 2.0, 2.0, 2.0, 4.0, 8.0, 11.0, 12.0)  # in all 100


def target(indicator: str = "city_final_energy", **keys: Any) -> Target:  # noqa: ANN401 - as a city file has them
    stated = {
        "title": "Plan",
        "source": "assumed",
        "baseline": {"year": 2024, "value": 110.0},
        "path": [{"year": 2026, "value": 100.0}, {"year": 2030, "percent": 50.0}],
    }
    return Target.model_validate({"indicator": indicator, **stated, **keys})


def whole(year: int, month: int | None, value: float | None, lower: float | None = None, upper: float | None = None,
          **keys: Any) -> PeriodFigure:  # fmt: skip  # noqa: ANN401
    ends = [value if one is None else one for one in (lower, upper)]
    amount = Bounded(None) if None in ends else Bounded(value, *ends)  # type: ignore[arg-type]
    return PeriodFigure(year, month, amount, **{"is_whole": True, **keys})


def months(year: int, values: tuple[float, ...], width: float = 0.0) -> list[PeriodFigure]:
    return [whole(year, month, one, one - width, one + width) for month, one in enumerate(values, start=1)]


def judged(stated: Target, *figures: PeriodFigure, today: date = NOVEMBER, revisions: tuple[MonthRevision, ...] = ()
           ) -> TargetJudgement:  # fmt: skip
    return judge(stated, INDICATORS[stated.indicator], figures, revisions, today)


def of_year(found: TargetJudgement, year: int) -> YearOfPath:
    return next(one for one in found.years if one.year == year)


def test_years_between_those_that_are_named_lie_on_a_line_from_the_baseline_on() -> None:
    found = goals(target(), Bounded.exact(110.0))
    assert {year: one.value for year, one in found.items()} == pytest.approx(
        {2025: 105.0, 2026: 100.0, 2027: 88.75, 2028: 77.5, 2029: 66.25, 2030: 55.0}
    )


def test_a_baseline_with_bounds_gives_them_to_the_goals_that_rest_on_it() -> None:
    found = goals(target(), Bounded(110.0, 100.0, 120.0))
    assert found[2026] == Bounded.exact(100.0)
    assert found[2030] == Bounded(55.0, 50.0, 60.0)
    assert (found[2025].lower, found[2025].upper) == pytest.approx((100.0, 110.0))


def test_a_target_is_written_as_it_was_read() -> None:
    stated = target(baseline={"year": 2024, "from": "figures"})
    assert Target.model_validate_json(json.dumps(stated.model_dump(mode="json"))) == stated
    assert stated.model_dump(mode="json")["baseline"] == {"year": 2024, "from": "figures"}


def test_years_that_have_ended_are_judged_by_their_figures_and_later_ones_not() -> None:
    found = judged(target(), whole(2025, None, 104.0), today=date(2026, 1, 2))

    assert [(one.year, one.status) for one in found.years][:3] == [(2025, ON), (2026, UNKNOWN), (2027, None)]
    assert (found.status, found.year, found.is_early) == (ON, 2025, False)
    assert found.reason == "2025: 104 kWh, to be at most 105 kWh"
    assert of_year(found, 2026).reason == "no month of 2026 has ended"


@pytest.mark.parametrize(
    ("figure", "reason"),
    [
        (None, "2025 has no figure"),
        (whole(2025, None, 90.0, is_whole=False), "2025 is not computed to its end yet"),
        (whole(2025, None, None, reason="no meter"), "2025 has no value (no meter), to be at most 105 kWh"),
    ],
)
def test_a_year_without_a_figure_is_unknown_and_says_why(figure: PeriodFigure | None, reason: str) -> None:
    found = judged(target(), *filter(None, [figure]), today=date(2026, 1, 2))
    assert (found.status, of_year(found, 2025).reason) == (UNKNOWN, reason)
    assert found.reason == f"{reason}; no month of 2026 has ended"


def test_a_baseline_from_figures_that_is_missing_leaves_unknown_what_rests_on_it() -> None:
    stated = target(baseline={"year": 2024, "from": "figures"})
    found = judged(stated, whole(2025, None, 90.0), *months(2025, WINTER), *months(2026, WINTER))

    assert of_year(found, 2025).status is UNKNOWN
    assert of_year(found, 2025).reason == "the baseline is not known: 2024 has no figure"
    assert of_year(found, 2026).status is ON  # its goal is an amount that the file names


def test_months_are_held_against_the_same_months_and_no_part_year_is_made_a_year() -> None:
    """Ten months of 77 kWh in 100; the plan asks 100 of 2026, so 77 of them: not 77 / 10 * 12 = 92.4 of 100."""
    found = judged(target(), *months(2025, WINTER), *months(2026, WINTER))
    year = of_year(found, 2026)

    assert year.drift is not None
    assert year.drift.compared == tuple(range(1, 11))
    assert year.drift.reference == 2025
    assert year.drift.asked == Bounded(pytest.approx(77.0), pytest.approx(77.0), pytest.approx(77.0))  # type: ignore[arg-type]
    assert (found.status, found.year, found.is_early) == (ON, 2026, True)


def test_a_year_that_drifts_says_which_months_by_how_much_and_what_was_revised() -> None:
    late = MonthRevision(2026, 1, 18.0, 30.0, "late data", "late data of meter-7/heat_energy")
    small = MonthRevision(2026, 2, 15.9, 16.0, "requested")
    before = MonthRevision(2025, 1, 1.0, 18.0, "requested")
    cold = (30.0, *WINTER[1:])
    found = judged(target(), *months(2025, WINTER), *months(2026, cold), revisions=(small, before, late))

    assert (found.status, found.is_early) == (OFF, True)
    assert found.reason == (
        "2026-01 to 2026-10: 89 kWh, to be at most 77 kWh (15.6% more): these months were 77.0% of 2025; "
        "2026-01 was revised from 18 kWh to 30 kWh (late data: late data of meter-7/heat_energy); "
        "2026-02 was revised from 15.9 kWh to 16 kWh (requested)"
    )


def test_bounds_of_months_that_straddle_put_the_year_at_risk() -> None:
    found = judged(target(), *months(2025, WINTER, 0.1), *months(2026, WINTER, 0.1))
    assert found.status is RISK
    assert "77 [76, 78] kWh" in (found.reason or "")


def test_a_month_without_a_figure_is_left_out_of_both_years_and_named() -> None:
    known = [one for one in months(2026, WINTER) if one.month not in {3, 4}]
    lost = whole(2026, 3, None, reason="no reading")
    found = judged(target(), *months(2025, WINTER), *known, lost)

    assert found.status is ON
    assert "2026-01 to 2026-02, 2026-05 to 2026-10: 56 kWh" in (found.reason or "")
    assert "left out: 2026-03 has no value (no reading); 2026-04 has no figure" in (found.reason or "")


def test_the_baseline_year_stands_in_where_the_year_before_is_not_whole() -> None:
    found = judged(target(), *months(2024, WINTER), *months(2025, WINTER[:11]), *months(2026, WINTER))
    year = of_year(found, 2026)
    assert year.drift is not None
    assert year.drift.reference == 2024


def test_without_a_year_to_compare_with_the_reason_names_what_is_missing() -> None:
    found = judged(target(), *months(2025, WINTER[:11]), *months(2026, WINTER))
    assert of_year(found, 2026).reason == (
        "the months of 2025 are not all known: 2025-12 has no figure; "
        "the months of 2024 are not all known: 2024-01 has no figure; 2024-02 has no figure; 2024-03 has no figure; "
        "and 9 more"
    )


def test_amounts_that_may_be_below_nothing_are_not_divided_by_months() -> None:
    found = judged(target(), *months(2025, (-1.0, *WINTER[1:])), *months(2026, WINTER))
    assert of_year(found, 2026).status is UNKNOWN
    assert "below or at nothing" in (of_year(found, 2026).reason or "")


LOSS: Final = target(
    "network_heat_loss_share", baseline={"year": 2025, "value": 20.0}, path=[{"year": 2026, "value": 18}]
)
SHARES: Final = (10.0, 12.0, 15.0, 20.0, 35.0, 50.0, 55.0, 50.0, 30.0, 20.0, 15.0, 12.0)


def test_a_ratio_is_held_month_by_month_against_the_same_month_scaled_by_both_years() -> None:
    better = tuple(0.88 * one for one in SHARES)
    found = judged(LOSS, whole(2025, None, 20.0), *months(2025, SHARES), *months(2026, better))

    assert found.status is ON
    assert "each beside its month of 2025 times 0.9: 10 on track" in (found.reason or "")
    mixed = judged(LOSS, whole(2025, None, 20.0), *months(2025, SHARES), *months(2026, (12.0, *better[1:])))
    assert mixed.status is RISK
    assert "9 on track, 1 off track; farthest 2026-01: 12 %, to be at most 9 % (33.3% more)" in (mixed.reason or "")
    worse = judged(LOSS, whole(2025, None, 20.0), *months(2025, SHARES), *months(2026, SHARES))
    assert worse.status is OFF


def test_a_percentage_is_never_to_be_more_than_the_whole() -> None:
    path = [{"year": 2026, "value": 99.0}]
    uptime = target("ev_uptime_nevi", baseline={"year": 2025, "value": 90.0}, path=path)
    full = tuple(100.0 for _ in range(12))
    found = judged(uptime, whole(2025, None, 90.0), *months(2025, full), *months(2026, full))
    assert found.status is ON


def test_a_peak_of_months_says_nothing_of_the_year() -> None:
    stated = target("heat_peak_load", path=[{"year": 2026, "value": 100}])
    found = judged(stated, *months(2025, WINTER), *months(2026, WINTER))
    year = of_year(found, 2026)
    reason = "figures of months do not say where a year of heat_peak_load is going"
    assert (year.status, year.reason) == (UNKNOWN, reason)


def test_after_its_last_year_a_target_keeps_the_verdict_of_that_year() -> None:
    found = judged(target(path=[{"year": 2025, "value": 100}]), whole(2025, None, 120.0))
    assert (found.status, found.year, found.is_early) == (OFF, 2025, False)


def test_before_its_first_year_nothing_is_said() -> None:
    found = judged(target(baseline={"year": 2026, "value": 100}, path=[{"year": 2030, "percent": 50.0}]))
    assert (found.status, found.year, found.reason) == (UNKNOWN, None, "its path has not begun")


@given(st.data())
def test_the_order_of_figures_and_revisions_is_irrelevant(data: st.DataObject) -> None:
    figures = [whole(2025, None, 104.0), *months(2025, WINTER), *months(2026, WINTER, 0.3)]
    revised = [MonthRevision(2026, 1, 1.0, 3.0, "late data"), MonthRevision(2026, 2, 3.0, 1.0, "requested")]
    shuffled = data.draw(st.permutations(figures)), data.draw(st.permutations(revised))
    stated = target()
    first = judge(stated, INDICATORS[stated.indicator], figures, revised, NOVEMBER)
    assert judge(stated, INDICATORS[stated.indicator], *shuffled, NOVEMBER) == first


@given(st.lists(st.floats(0, 50), min_size=10, max_size=10), st.lists(st.floats(0, 5), min_size=10, max_size=10))
def test_more_use_in_any_month_never_makes_an_open_year_better(values: list[float], more: list[float]) -> None:
    rank = {ON: 0, RISK: 1, OFF: 2}
    before = judged(target(), *months(2025, WINTER), *months(2026, tuple(values)))
    raised = tuple(one + plus for one, plus in zip(values, more, strict=True))
    after = judged(target(), *months(2025, WINTER), *months(2026, raised))
    assert rank[before.status] <= rank[after.status]
