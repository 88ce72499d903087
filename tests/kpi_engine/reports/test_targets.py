"""Targets in reports: frozen with what they were held against, judged again, and told apart with why."""

from datetime import date
from typing import Any, Final

import pytest

from kpi_engine.reports import document, page
from kpi_engine.reports.checking import Verdict, check_target
from kpi_engine.reports.differences import target_differences
from kpi_engine.reports.frozen_target import FrozenTarget, TargetAmount, TargetFigure
from kpi_engine.targets.judgement import JUDGEMENT_RULES
from tests.kpi_engine.reports.test_document import REPORT

DECLARED: Final[dict[str, Any]] = {
    "indicator": "heat_delivered", "title": "A quarter less", "source": "Plan <2030>", "page": "table 3",
    "baseline": {"year": 2024, "value": 200.0}, "path": [{"year": 2026, "percent": 90}, {"year": 2030, "percent": 75}],
    "better": "lower", "tolerance_percent": 2.0,
}  # fmt: skip


def figure(year: int, value: float, width: float = 0.0) -> TargetFigure:
    amount = TargetAmount(value=value, lower=value - width, upper=value + width)
    return TargetFigure(year=year, month=None, amount=amount, is_whole=True, reason=None, is_due=False)


def target(*figures: TargetFigure, **changes: object) -> FrozenTarget:
    """Return a target of a city that was judged in 2027."""
    of = FrozenTarget(
        city="harbour", site=None, group=None, unit="kWh", declared=DECLARED, rules=JUDGEMENT_RULES,
        today=date(2027, 1, 1), figures=list(figures), revisions=[], said=None, unfit=None,
    ).model_copy(update=changes)  # fmt: skip
    return of.model_copy(update={"said": of.again()})


MET: Final = target(figure(2025, 191.0), figure(2026, 175.0, 2.0))
MISSED: Final = target(figure(2025, 191.0), figure(2026, 190.0, 2.0))


def test_what_is_said_of_a_target_comes_out_again_from_what_is_frozen_with_it() -> None:
    read = FrozenTarget.model_validate_json(MET.model_dump_json())
    assert read == MET
    assert check_target(read, {}) == (Verdict.REPRODUCES, None)
    assert read.said is not None
    assert [(one.year, one.status) for one in read.said.years] == [
        (2025, "at_risk"), (2026, "on_track"), (2027, "unknown"), (2028, "not_begun"), (2029, "not_begun"),
        (2030, "not_begun"),
    ]  # fmt: skip
    assert (read.said.status, read.said.year) == ("on_track", 2026)


@pytest.mark.parametrize(
    ("altered", "verdict", "said"),
    [
        (MET.model_copy(update={"figures": MISSED.figures}), Verdict.DIFFERS, "judged again ('off_track', 2026"),
        (MET.model_copy(update={"said": MISSED.said}), Verdict.DIFFERS, "('off_track', 2026"),
        (MET.model_copy(update={"rules": "0.9"}), Verdict.OTHER_RULES, "judged by rules 0.9"),
        (MET.model_copy(update={"declared": {"indicator": "heat_delivered"}}), Verdict.DIFFERS, "validation errors"),
    ],
)
def test_what_was_altered_does_not_come_out(altered: FrozenTarget, verdict: Verdict, said: str) -> None:
    found, why = check_target(altered, {})
    assert found is verdict
    assert said in str(why)


def test_a_target_is_judged_by_the_figures_that_the_report_has() -> None:
    key = ("heat_delivered", None, None, "2026")
    assert check_target(MET, {key: MET.figures[1].amount})[0] is Verdict.REPRODUCES
    found, why = check_target(MET, {key: MISSED.figures[1].amount})
    assert found is Verdict.DIFFERS
    assert why == "2026 is 175.0, in the figures of the report 190.0"


def test_two_reports_say_why_a_target_is_judged_otherwise() -> None:
    (moved,) = target_differences([MET], [MISSED])
    assert moved.name == "heat_delivered of harbour"
    assert moved.why == ("2026 is 190 [188, 192] instead of 175 [173, 177]",)
    later = target(*MET.figures, declared=DECLARED | {"tolerance_percent": 5.0}, today=date(2027, 2, 1))
    (declared,) = target_differences([MET], [later])
    assert declared.why == (
        "the city file declares another tolerance_percent",
        "judged on 2027-02-01 instead of 2027-01-01",
    )
    assert [one.why for one in target_differences([MET], [])] == [("it is no longer there",)]
    assert [one.why for one in target_differences([], [MET])] == [("it is new",)]
    assert list(target_differences([MET], [MET])) == []


def test_the_page_draws_the_path_and_tells_each_year_with_bounds_and_status() -> None:
    report = REPORT | {"last": "2026-12-31", "city_title": "Harbour"}
    written = page.render(report, [], (), [MET, target(unfit="no indicator is called so")])
    assert "A quarter less (Plan &lt;2030&gt;, table 3)" in written
    assert "on track 2026" in written
    assert '<polyline class="goal"' in written
    assert '<circle class="on_track"' in written
    assert "<td>2026</td>" in written
    assert "2028 (on the line)" in written
    assert "unknown: no indicator is called so" in written


def test_the_document_tells_the_same() -> None:
    made = document.render(REPORT, [], [], [MET])
    assert made.startswith(b"%PDF-")
    assert len(made) > len(document.render(REPORT, []))
