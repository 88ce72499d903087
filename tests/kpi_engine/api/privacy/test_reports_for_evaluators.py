"""A report for evaluators: what it holds, says was left out, and tells of nobody."""

import io
import zipfile
from collections.abc import Iterator
from itertools import combinations, product
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import polars as pl
import pytest

from kpi_engine.reports import checking
from kpi_engine.reports.archive import reading
from kpi_engine.reports.checking import Verdict
from tests.kpi_engine.api.privacy.conftest import HOMES, MARCH_HOURS, PER_HOUR, leaks

if TYPE_CHECKING:
    pass

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def report(
    evaluator: httpx.Client, operator: httpx.Client, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """Return the report of March that an evaluator is given, with all that may be asked for, and the whole one."""
    folder, found = tmp_path_factory.mktemp("reports"), {}
    for name, client in {"shown": evaluator, "whole": operator}.items():
        answer = client.get("/reports/village/2026-03", params={"sites": "true", "author": "A. Jensen"})
        assert answer.status_code == 200, answer.text
        found[name] = folder / f"{name}.zip"
        found[name].write_bytes(answer.content)
    return found


def test_a_report_for_evaluators_holds_and_says_what_was_left_out(report: dict[str, Path]) -> None:
    with reading(report["shown"]) as archive:
        checked, withheld = checking.verify(archive), list(archive.withheld())
        figures = {(one.kpi, one.site or one.group): one for one in archive.figures()}
    assert checked.holds
    assert checked.verdicts[Verdict.INPUTS_WITHHELD] > 0
    assert checked.verdicts[Verdict.REPRODUCES] > 0
    assert figures["heat_delivered", "west"].inputs.keys() == {"withheld"}
    assert figures["heat_delivered", "school"].inputs
    why = {(one.what, one.indicator, one.subject): one for one in withheld}
    assert "is for operators" in why["inputs", "heat_delivered", "west"].why
    assert "fewer households" in why["figure", "city_final_energy", "village"].why
    of_homes = why["figure", "heat_delivered", "sites of households"]
    assert (of_homes.count, of_homes.periods) == (len(HOMES), ["2026-03"])


def test_who_has_the_whole_report_computes_what_the_other_leaves_out(report: dict[str, Path]) -> None:
    with reading(report["shown"]) as archive, reading(report["whole"]) as whole:
        checked = checking.verify(archive, whole=whole)
        assert checked.holds
        assert checked.verdicts.keys() == {Verdict.REPRODUCES}
        assert not checking.verify(whole, whole=archive).verdicts[Verdict.INPUTS_WITHHELD]


def test_nothing_in_a_report_for_evaluators_names_a_household_or_has_its_amount(report: dict[str, Path]) -> None:
    for name, text in texts(report["shown"]):
        found = [one for line in text.splitlines() for one in leaks(line)] if name.endswith("jsonl") else leaks(text)
        assert found == [], name
    assert any(leaks(line) for _, text in texts(report["whole"]) for line in text.splitlines())


def texts(path: Path) -> Iterator[tuple[str, str]]:
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            content = archive.read(name)
            is_table = name.endswith("parquet")
            yield name, pl.read_parquet(io.BytesIO(content)).write_csv() if is_table else content.decode()


def test_no_sum_or_difference_of_what_a_report_has_is_of_fewer_households_than_five(report: dict[str, Path]) -> None:
    """Whatever is added to or taken from whatever else, with other reports as well: what is said is of five or more."""
    few = [
        sum(some) for size in range(1, 5) for some in combinations([PER_HOUR[f"meter-{one}"] for one in HOMES], size)
    ]
    with reading(report["shown"]) as archive:
        amounts = [one.value for one in archive.figures() if one.kpi == "heat_delivered" and one.value is not None]
    assert len(amounts) == 5  # the city, two groups, the school and the shed
    for signs in product((-1, 0, 1), repeat=len(amounts)):
        told = sum(sign * amount for sign, amount in zip(signs, amounts, strict=True)) / MARCH_HOURS
        assert all(abs(told - amount) > 1e-6 for amount in few), signs


def test_a_month_that_goes_on_is_in_no_report_for_evaluators(evaluator: httpx.Client, tmp_path: Path) -> None:
    path = tmp_path / "april.zip"
    path.write_bytes(evaluator.get("/reports/village/2026-04").content)
    with reading(path) as archive:
        assert "heat_delivered" not in {one.kpi for one in archive.figures()}
        assert {one.why.partition(" until")[0] for one in archive.withheld() if one.indicator == "heat_delivered"} == {
            "households are behind it, and its period goes on"
        }
