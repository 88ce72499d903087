"""Reports over HTTP: frozen when they are asked for, whole, and checked without the interface."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from kpi_engine.reports import checking
from kpi_engine.reports.archive import reading
from kpi_engine.reports.checking import Verdict
from kpi_engine.reports.signing import fingerprint
from tests.kpi_engine.api.conftest import Towns

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def evaluator(open_towns: Towns) -> Iterator[httpx.Client]:
    """Return an evaluator of towns of which the harbour takes 1 kWh an hour from March on."""
    open_towns.count(open_towns.series("harbour", "meter", "heat_energy"), "2026-02-28T23:00:00Z", 40 * 24 + 13)
    open_towns.settle()
    with open_towns.client("evaluator", ["harbour"]) as client:
        yield client


def test_a_month_is_taken_home_and_comes_out_again_by_the_key_of_who_froze_it(
    evaluator: httpx.Client, tmp_path: Path
) -> None:
    key, answer = evaluator.get("/reports/key"), evaluator.get("/reports/harbour/2026-03?author=A.%20Jensen")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"] == 'attachment; filename="harbour-2026-03.zip"'
    path = tmp_path / "report.zip"
    path.write_bytes(answer.content)
    with reading(path) as archive:
        found = checking.verify(archive, key.content)
        assert archive.report()["author"] == "A. Jensen"
        assert "heat_delivered" in {figure.kpi for figure in archive.figures()}
    assert found.holds
    assert found.verdicts.keys() == {Verdict.REPRODUCES}
    assert key.headers["x-key-fingerprint"] == fingerprint(key.content) == found.key


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("harbour/March", 422, "expected a month (2026-10)"),
        ("island/2026-03", 403, "not good for the city 'island'"),
        ("harbour/2026-03?author=" + "x" * 2_001, 422, "author"),
        ("harbour/2026-03?as_of=2100-01-01", 422, "expected an instant that has passed"),
    ],
)
def test_what_cannot_be_frozen_is_refused_with_why(evaluator: httpx.Client, path: str, status: int, said: str) -> None:
    answer = evaluator.get(f"/reports/{path}")
    assert (answer.status_code, said in answer.json()["detail"]) == (status, True), answer.text


def test_a_role_that_sees_no_figures_gets_no_report(open_towns: Towns, evaluator: httpx.Client) -> None:
    del evaluator  # has filled the towns
    with open_towns.client("integrator") as client:
        assert client.get("/reports/harbour/2026-03").status_code == 403
        assert client.get("/reports/key").status_code == 403
