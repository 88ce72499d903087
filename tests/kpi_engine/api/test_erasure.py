"""Erasing a household: nothing is left of it, and figures of others stand, say why, and are never computed again."""

import json
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import httpx
import pytest
from psycopg import sql

from kpi_engine.api.tokens import TokenRole
from kpi_engine.errors import ErasureError
from kpi_engine.privacy import erasure
from kpi_engine.privacy.erasure import Erasure, ErasureAsked
from kpi_engine.reports.checking import Verdict, check
from kpi_engine.reports.freezing import ReportScope, frozen_figures
from kpi_engine.reports.period import ReportPeriod
from kpi_engine.subjects import subject_index
from kpi_engine.verification.kept import FigureChoice
from kpi_engine.verification.verdict import FigureVerdict, StoreVerification
from kpi_engine.verification.verifying import Advance, verify_city
from processors.storage.registry import registry
from tests.kpi_engine.api.conftest import listed
from tests.towns import heat_meter, town

if TYPE_CHECKING:
    from tests.kpi_engine.api.conftest import Towns

pytestmark = pytest.mark.integration

HOMES: Final = [f"home-{number}" for number in range(1, 7)]
ENDED: Final = {"valid_to": "2026-04-01"}
TOWN: Final = town(
    heat_meter(name="meter-home-1", site="home-1", **ENDED),
    *(heat_meter(name=f"meter-{home}", site=home) for home in HOMES[1:]),
    name="village",
    sites={home: {"households": 1} for home in HOMES},
    groups=[{"name": "west", "members": HOMES}],
)
TODAY: Final = date(2026, 4, 10)
REASON: Final = "asked for it under article 17"
MARCH: Final = {"from": "2026-03-01", "to": "2026-04-01"}


def values(client: httpx.Client, **query: str) -> list[dict[str, Any]]:
    return listed(client, "/kpis/heat_delivered/values", city="village", **(MARCH | query))


@pytest.fixture(scope="module")
def village(module_towns: "Towns") -> "Towns":
    module_towns.add(TOWN)
    for number, home in enumerate(HOMES, 1):
        series = module_towns.series("village", f"meter-{home}", "heat_energy")
        module_towns.count(series, "2026-02-28T23:00:00Z", 24 * 40, float(number))
    module_towns.refuse("clock_ahead", "meter-home-1", "2026-03-10T10:00:00Z", "village")
    module_towns.settle()
    return module_towns


@pytest.fixture(autouse=True)
def ended(village: "Towns") -> Iterator[None]:
    """Let no test leave a transaction open, on the connection that all share."""
    yield
    village.connection.rollback()


@pytest.fixture(scope="module")
def operator(village: "Towns") -> Iterator[httpx.Client]:
    with village.client(TokenRole.OPERATOR, ["village"]) as client:
        yield client


@pytest.fixture(scope="module")
def before(operator: httpx.Client) -> dict[str, Any]:
    """Return the figure of the group before anything was erased."""
    (west,) = values(operator, group="west")
    return west


@pytest.fixture(scope="module")
def erased(village: "Towns", before: dict[str, Any]) -> Erasure:
    """Erase the first home, of which the group's figure is known."""
    assert before["value"] == pytest.approx(21 * (31 * 24 - 1))
    return erase(village, "meter-home-1")


def erase(village: "Towns", device: str) -> Erasure:
    connection = village.connection
    asked = ErasureAsked("village", [device], "data protection officer", REASON)
    done = erasure.erase(connection, registry.load(connection), subject_index.load(connection), asked, TODAY)
    connection.commit()
    return done


def test_a_household_that_goes_on_is_not_erased(village: "Towns", erased: Erasure) -> None:
    assert erased.rows > 0
    with pytest.raises(ErasureError, match="meter-home-2 has not ended: expected valid_to"):
        erase(village, "meter-home-2")
    village.connection.rollback()
    assert len(erasure.erasures(village.connection, "village")) == 1


@pytest.mark.usefixtures("erased")
def test_no_table_has_anything_of_it(village: "Towns") -> None:
    connection, series = village.connection, village.series("village", "meter-home-1", "heat_energy")
    tables = [name for (name,) in connection.execute(erasure.SQL["tables_with"], {"column": "series_id"})]
    assert {"observation", "rollup_row", "rollup_block"} <= set(tables)
    for table in set(tables) - erasure.KEPT:
        query = sql.SQL("select count(*) from {} where series_id = %s").format(sql.Identifier(table))
        assert connection.execute(query, [series]).fetchone() == (0,), table
    quarantined = "select payload, detail, topic from quarantine where device = 'meter-home-1'"
    assert connection.execute(quarantined).fetchall() == [(None, None, "")]


@pytest.mark.usefixtures("erased")
def test_its_own_figures_are_gone(operator: httpx.Client) -> None:
    assert values(operator, site="home-1") == []
    assert values(operator, site="home-1", period="day") == []


@pytest.mark.usefixtures("erased")
def test_figures_of_others_stand_and_say_by_whom_and_why_their_inputs_were_erased(
    operator: httpx.Client, before: dict[str, Any]
) -> None:
    (west,) = values(operator, group="west")
    assert (west["value"], west["inputs_hash"], west["value_id"]) == (
        before["value"],
        before["inputs_hash"],
        before["value_id"],
    )
    path = f"/kpis/heat_delivered/values/{west['value_id']}/lineage"
    for complete in ("false", "true"):
        lineage = operator.get(path, params={"complete": complete}).json()
        assert lineage["inputs"] == {}
        assert "by data protection officer: " + REASON in lineage["inputs_withheld"]
        assert lineage["reproduces"] is None
        assert "meter-home-1" not in json.dumps(lineage)


@pytest.mark.usefixtures("erased")
def test_other_figures_keep_their_inputs(operator: httpx.Client) -> None:
    (other,) = values(operator, site="home-2")
    lineage = operator.get(f"/kpis/heat_delivered/values/{other['value_id']}/lineage").json()
    assert "meter-home-2" in json.dumps(lineage["inputs"])


@pytest.mark.usefixtures("erased")
def test_late_readings_of_others_change_nothing_that_rests_on_it(
    village: "Towns", operator: httpx.Client, before: dict[str, Any]
) -> None:
    """Computed again it would miss a household: a wrong figure is worse than one that stands."""
    series = village.series("village", "meter-home-3", "heat_energy")
    village.read(series, {"2026-03-15T12:10:00Z": 3.0 * 24 * 14 + 37.5}, received_at="2026-04-10T11:00:00Z")
    village.settle()
    (west,) = values(operator, group="west")
    assert (west["value"], west["revision"]) == (before["value"], before["revision"])
    (april,) = values(operator, group="west", **{"from": "2026-04-01", "to": "2026-05-01"})
    assert april["value_id"]  # of which nothing was erased


@pytest.mark.usefixtures("erased")
def test_days_and_spans_that_would_need_it_are_not_invented(operator: httpx.Client) -> None:
    assert values(operator, group="west", period="day") == []
    asked = {"city": "village", "group": "west", "kind": "rolling-year", "from": "2026-03-01", "to": "2026-03-02"}
    (span,) = listed(operator, "/kpis/heat_delivered/spans", **asked)
    assert span["value"] is None
    assert "were erased" in span["reason"]


@pytest.mark.usefixtures("erased")
def test_who_verifies_a_report_is_told_that_inputs_were_erased(village: "Towns") -> None:
    scope = ReportScope("village", ReportPeriod.parse("2026-03"), False)
    found = frozen_figures(village.connection, subject_index.load(village.connection), scope)
    verdicts = {(one.group, one.period): check(one) for one in found if one.kpi == "heat_delivered"}
    verdict, why = verdicts["west", "month"]
    assert verdict is Verdict.INPUTS_ERASED
    assert REASON in (why or "")


@pytest.mark.usefixtures("erased")
def test_verifying_says_of_a_figure_that_stands_why_nobody_can_compute_it_again(village: "Towns") -> None:
    connection = village.connection
    catalogue, index = registry.load(connection), subject_index.load(connection)
    connection.commit()
    found, nobody = StoreVerification(), Advance(lambda *_: None, lambda _: None, lambda _: None)
    chosen = FigureChoice(kpis=["heat_delivered"], group="west", period="month")
    verify_city(connection, catalogue, index, "village", chosen, found, nobody)

    assert found.verdicts[FigureVerdict.INPUTS_ERASED] > 0
    assert not found.failures
