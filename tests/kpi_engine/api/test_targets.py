"""Targets over HTTP: what was declared, the path with its verdicts, and within whose scope."""

from typing import TYPE_CHECKING, Final

import pytest

from tests.kpi_engine.api.conftest import at
from tests.kpi_engine.targets.stored_figures import Amounts, store_figures
from tests.towns import heat_meter, town

if TYPE_CHECKING:
    import httpx

    from tests.kpi_engine.api.conftest import Towns

pytestmark = pytest.mark.integration

TARGET: Final = {
    "indicator": "heat_delivered",
    "title": "Less heat",
    "source": "Climate plan",
    "page": "p. 12",
    "baseline": {"year": 2024, "from": "figures"},
    "path": [{"year": 2026, "percent": 80}],
    "better": "lower",
}
ROW: Final = town(heat_meter(), name="row", targets=[TARGET], sites={"house": {"targets": [TARGET]}})
SHARE: Final = 10.0  # of each month of the year before


@pytest.fixture
def row(towns: "Towns") -> "Towns":
    """Return a row that asks 80 of 2026, of which three of ten equal months in a year of twelve have ended."""
    towns.add(ROW)
    figures: Amounts = {(2024, None): (100.0, 100.0, 100.0), (2025, None): (91.0, 89.0, 93.0)}
    months: Amounts = {(2025, month): (SHARE, SHARE, SHARE) for month in range(1, 13)}
    this_year: Amounts = {(2026, month): (6.0, 5.5, 6.5) for month in range(1, 4)}
    stored = {**figures, **months, **this_year}
    store_figures(towns.connection, "heat_delivered", ("row", None), stored, at("2026-04-01T00:00:00Z"))
    return towns


@pytest.mark.usefixtures("row")
def test_a_target_is_answered_with_its_path_and_what_months_say_of_the_open_year(admin: "httpx.Client") -> None:
    answer = admin.get("/targets", params={"city": "row"})
    assert answer.status_code == 200, answer.text
    of_city, of_house = answer.json()["items"]

    assert (of_city["site"], of_city["status"], of_city["year"], of_city["is_early"]) == (None, "on_track", 2026, True)
    assert of_city["baseline"] == {"year": 2024, "given": False, "value": 100.0, "lower": 100.0, "upper": 100.0}
    ended, open_year = of_city["years"]
    assert (ended["goal"], ended["status"], ended["is_named"]) == (90.0, "at_risk", False)
    assert (open_year["goal"], open_year["value"], open_year["so_far"]["months"]) == (80.0, None, [1, 2, 3])
    assert open_year["so_far"]["asked"] == pytest.approx(80.0 * 3 / 12)
    assert (of_house["site"], of_house["status"]) == ("house", "unknown")
    assert of_house["reason"] == "the baseline is not known: 2024 has no figure"


@pytest.mark.usefixtures("row")
def test_targets_of_one_site_and_of_cities_within_the_scope_of_a_token_alone(
    row: "Towns", admin: "httpx.Client"
) -> None:
    (of_house,) = admin.get("/targets", params={"city": "row", "site": "house"}).json()["items"]
    assert of_house["site"] == "house"
    assert admin.get("/targets", params={"city": "row", "site": "nowhere"}).status_code == 404
    assert admin.get("/targets", params={"city": "atlantis"}).status_code == 404
    assert admin.get("/targets").status_code == 422
    with row.client("evaluator", ["row"]) as reader:
        assert reader.get("/targets", params={"city": "row"}).status_code == 200
    with row.client("evaluator", ["harbour"]) as elsewhere:
        assert elsewhere.get("/targets", params={"city": "row"}).status_code == 403
    with row.client("integrator") as integrator:
        assert integrator.get("/targets", params={"city": "row"}).status_code == 403
