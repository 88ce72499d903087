"""Figures of groups on the real database: what their members come to by day, and how one asks for them."""

from collections.abc import Iterator
from math import fsum
from typing import Any, Final

import httpx
import pytest
import typer
from typer.testing import CliRunner

from deploy.cli import kpi
from deploy.errors import SiteAndGroupError, UnknownGroupError
from ingest.model.calendar import Period
from ingest.model.city.city_file import parse
from ingest.model.time import MINUTE, SECOND, from_micros
from kpi_engine.api import tokens
from kpi_engine.api.app import create_app
from kpi_engine.engine import days_on_reading
from kpi_engine.engine.days_on_reading import FiguresAsked
from kpi_engine.engine.extents import request
from kpi_engine.figures import store
from kpi_engine.figures.store import KnownFigure, StoredFigure
from kpi_engine.indicators import INDICATORS
from kpi_engine.subjects import subject_index
from kpi_engine.subjects.subject import SubjectName
from processors.storage.registry.registry import sync
from tests import towns
from tests.kpi_engine.api.conftest import listed, serving
from tests.kpi_engine.conftest import FEW, District, at, district_of
from tests.towns import heat_meter

pytestmark = pytest.mark.integration

PER_HOUR: Final = {"a": 1.1, "b": 0.7, "c": 0.3}
METERS: Final = [heat_meter(name=f"meter-{site}", site=site) for site in PER_HOUR]
MARCH, APRIL = "2026-03-01T00:00", "2026-04-01T00:00"
JOINS = "2026-03-16"
WEST: Final = {"name": "west", "title": "West quay", "members": ["a", {"site": "b", "valid_from": JOINS}]}
EAST: Final = {"name": "east", "members": [{"device": "meter-c"}]}
LATE: Final = {"name": "late", "members": [{"site": "c", "valid_from": "2026-04-02"}]}
GROUP: Final = SubjectName("town", group="west")


def text(*groups: object) -> str:
    sites = {site: {"vertical": "district_heating"} for site in PER_HOUR}
    return towns.town(*METERS, name="town", sites=sites, factors={"heat": "test"}, groups=groups)


@pytest.fixture(scope="module")
def town(module_database_url: str) -> Iterator[District]:
    """Return a town of three sites and two groups that tests only look at."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        yield from _filled(module_database_url, monkeypatch)


@pytest.fixture
def own_town(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[District]:
    """Return the same for one test."""
    yield from _filled(database_url, monkeypatch)


def _filled(url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[District]:
    few = {name: indicator for name, indicator in INDICATORS.items() if name in FEW}
    monkeypatch.setattr("kpi_engine.subjects.subject.INDICATORS", few)
    with district_of(url, text(WEST, EAST, LATE)) as found:
        for site, per_hour in PER_HOUR.items():
            found.counts(f"meter-{site}", "heat_energy", MARCH, "2026-04-10T00:00", per_hour)
        found.settle()
        yield found


def month(town: District, name: SubjectName, as_of: int | None = None, kpi: str = "heat_delivered") -> StoredFigure:
    span = from_micros(at(MARCH)), from_micros(at(APRIL))
    known_at = None if as_of is None else from_micros(as_of)
    (found,) = store.values(town.connection, kpi, "town", name.site, "month", *span, known_at, group=name.group)
    town.connection.rollback()
    return found


def days(town: District, name: SubjectName, start: str = MARCH) -> list[KnownFigure]:
    index = subject_index.load(town.connection)
    span = from_micros(at(start)), from_micros(at(APRIL))
    asked = FiguresAsked(INDICATORS["heat_delivered"], Period.DAY, *span)
    found = days_on_reading.figures(town.connection, index, [name], asked)
    town.connection.rollback()
    return found


def amount(found: list[KnownFigure]) -> float:
    return fsum(one.value for one in found if one.value is not None)


def test_a_group_is_the_sum_of_its_sites_each_while_it_is_a_member(town: District) -> None:
    a, b = (SubjectName("town", site) for site in "ab")
    whole = month(town, GROUP)
    joined = days(town, b, f"{JOINS}T00:00")

    assert len(joined) == 16
    assert whole.value == pytest.approx(fsum([month(town, a).value or 0.0, amount(joined)]), rel=1e-12)
    assert whole.value == pytest.approx(amount(days(town, GROUP)), rel=1e-12)
    assert (whole.site, whole.group, whole.status) == (None, "west", "final")
    emitted = month(town, GROUP, kpi="heat_emissions")
    assert emitted.value == pytest.approx(0.5 * (whole.value or 0.0), rel=1e-12)


def test_a_device_alone_is_a_group_as_well(town: District) -> None:
    one = month(town, SubjectName("town", group="east"))
    of_site = month(town, SubjectName("town", "c"))

    assert (one.value, one.lower, one.upper, one.inputs_hash) == (
        of_site.value, of_site.lower, of_site.upper, of_site.inputs_hash
    )  # fmt: skip


def test_a_group_begins_with_its_first_member(town: District) -> None:
    span = from_micros(at("2026-01-01T00:00")), from_micros(at("2026-05-01T00:00"))
    (found,) = store.values(town.connection, "heat_delivered", "town", None, "month", *span, group="late")
    town.connection.rollback()

    assert found.period_start == from_micros(at(APRIL))
    assert found.value == pytest.approx(8 * 24 * PER_HOUR["c"])


def test_the_city_counts_its_sites_and_no_group_beside_them(town: District) -> None:
    sites = [month(town, SubjectName("town", site)).value or 0.0 for site in PER_HOUR]

    assert month(town, SubjectName("town")).value == pytest.approx(fsum(sites), rel=1e-12)
    ranked = store.values_of_sites(town.connection, "heat_delivered", "town", "month", from_micros(at(MARCH)))
    town.connection.rollback()
    assert [one.site for one in ranked] == list(PER_HOUR)


def test_dashboards_see_no_groups(town: District) -> None:
    subjects = town.connection.execute("select distinct subject from grafana.kpi_value order by 1").fetchall()
    sites = town.connection.execute("select site from grafana.site order by 1").fetchall()
    again = town.connection.execute(
        "select count(*) from grafana.kpi_recomputation where site is null and cause_detail like '%%west%%'"
    ).fetchone()
    town.connection.rollback()

    assert [name for (name,) in subjects] == ["-", *PER_HOUR]
    assert [name for (name,) in sites] == list(PER_HOUR)
    assert again == (0,)


def test_figures_of_a_group_are_computed_again_where_somebody_asks_or_its_members_change(own_town: District) -> None:
    town = own_town
    chosen = subject_index.load(town.connection).select(*GROUP)
    asked = request(town.connection, chosen, "heat_delivered", (at(MARCH), at(APRIL)), town.now)
    town.connection.commit()
    done = town.settle()
    assert (asked, done.recomputed, done.changed) == (2, 2, 0)  # the month and the year

    before, reported = month(town, GROUP), town.now
    town.now += MINUTE
    joining = {**WEST, "members": ["a", {"site": "b", "valid_from": JOINS}, {"site": "c", "valid_from": "2026-03-21"}]}
    sync(town.connection, [parse(text(joining, EAST, LATE), "town.yaml")])
    town.connection.commit()
    town.settle()
    after = month(town, GROUP)
    joined = amount(days(town, SubjectName("town", "c"), "2026-03-21T00:00"))

    assert after.value == pytest.approx((before.value or 0.0) + joined, rel=1e-12)
    assert (after.revision, after.cause) == (2, "definition changed")
    assert after.cause_detail == "city file: device meter-c; city file: members of west"
    assert month(town, GROUP, reported).value == before.value
    again = store.recomputations(town.connection, store.Recomputed(from_micros(town.now - SECOND)), 1_000)
    assert {(one.site, one.group) for one in again} == {(None, "west")}
    behind = store.lineage(town.connection, after.value_id)
    town.connection.rollback()
    assert behind is not None
    assert [one.group for one in behind.revisions] == ["west", "west"]
    assert all(f'"meter-{site}"' in str(behind.inputs).replace("'", '"') for site in PER_HOUR)


@pytest.fixture(scope="module")
def client(town: District, module_database_url: str) -> Iterator[httpx.Client]:
    secret = tokens.create(town.connection, "reader", "evaluator", ["town"])
    town.connection.commit()
    with serving(create_app(module_database_url, lambda: town.now)) as url:
        headers = {"Authorization": f"Bearer {secret}"}
        with httpx.Client(base_url=f"{url}/api/v1", headers=headers, timeout=120) as found:
            yield found


WITHIN: Final = {"from": "2026-02-28T23:00:00Z", "to": "2026-03-31T22:00:00Z"}


def test_groups_are_listed_beside_the_sites_of_their_city(client: httpx.Client) -> None:
    east, late, west = listed(client, "/cities/town/groups")

    assert (west["name"], west["title"], east["title"]) == ("west", "West quay", "east")
    assert [
        (one["site"], one["device"], one["valid_from"]) for one in west["members"] + east["members"] + late["members"]
    ] == [
        ("a", None, None),
        ("b", None, JOINS),
        (None, "meter-c", None),
        ("c", None, "2026-04-02"),
    ]
    assert [one["name"] for one in listed(client, "/cities/town/sites")] == list(PER_HOUR)
    assert client.get("/cities/elsewhere/groups").status_code == 403


def test_figures_of_a_group_over_http(town: District, client: httpx.Client) -> None:
    values, kept = "/kpis/heat_delivered/values", month(town, GROUP)
    (found,) = listed(client, values, city="town", group="west", **WITHIN)
    every = listed(client, values, city="town", group="*", period="day", **WITHIN)
    spans = listed(client, "/kpis/heat_delivered/spans", city="town", group="west", kind="rolling-year", **WITHIN)

    assert (found["value"], found["group"], found["site"]) == (kept.value, "west", None)
    assert [one["group"] for one in every] == 31 * ["east"] + 31 * ["west"]
    assert [one["group"] for one in spans] == ["west"]
    behind = client.get(f"/kpis/heat_delivered/values/{kept.value_id}/lineage", params={"boundaries": True}).json()
    assert [one["device"] for one in behind["boundaries"]] == ["meter-a", "meter-b"]
    day = client.get(f"/kpis/heat_delivered/days/{JOINS}/lineage", params={"city": "town", "group": "west"}).json()
    assert day["value"]["value"] == pytest.approx(24 * (1.1 + 0.7))
    again = listed(client, "/kpis/recomputations", city="town", group="west", **{"from": "2026-04-09T00:00:00Z"})
    assert {one["group"] for one in again} == {"west"}


def test_the_hours_of_a_group_are_those_of_its_members_then(client: httpx.Client) -> None:
    day = {"from": "2026-03-15T22:00:00Z", "to": "2026-03-16T00:00:00Z"}  # b joins at midnight in Copenhagen
    before, after = listed(client, "/kpis/heat_delivered/hours", city="town", group="west", **day)

    assert (before["sum"], before["meters"]) == (pytest.approx(1.1), 1)
    assert (after["sum"], after["meters"]) == (pytest.approx(1.1 + 0.7), 2)
    refused = client.get("/kpis/heat_delivered/hours", params={"city": "town", "group": "west", "site": "a"})
    assert refused.status_code == 422


def test_what_is_no_group_is_refused_over_http(client: httpx.Client) -> None:
    values = "/kpis/heat_delivered/values"

    assert client.get(values, params={"city": "town", "group": "north"}).status_code == 404
    assert client.get(values, params={"city": "town", "group": "west", "site": "a"}).status_code == 422
    assert client.get(f"/kpis/heat_delivered/days/{JOINS}/lineage", params={"city": "town"}).status_code == 422


def run(url: str, *arguments: str) -> Any:  # noqa: ANN401 - a result of click's
    app = typer.Typer()
    kpi.register(app)
    return CliRunner().invoke(app, ["kpi", *arguments], env={"PHAROS_DATABASE_URL": url, "COLUMNS": "200"})


def test_commands_take_a_group(town: District, module_database_url: str) -> None:
    asked = ("heat_delivered", "--city", "town", "--from", "2026-03-01", "--to", "2026-04-01")
    told = run(module_database_url, "values", *asked, "--group", "west")
    assert f"{month(town, GROUP).value:,.4f}" in told.output
    over = run(module_database_url, "over", *asked, "--kind", "rolling-year", "--group", "west", "--json")
    assert '"group": "west"' in over.output
    day = ("lineage-of-day", "heat_delivered", "--city", "town", "--day", JOINS)
    assert '"group": "west"' in run(module_database_url, *day, "--group", "west").output
    assert isinstance(run(module_database_url, "values", *asked, "--group", "north").exception, UnknownGroupError)
    both = run(module_database_url, "values", *asked, "--group", "west", "--site", "a")
    assert isinstance(both.exception, SiteAndGroupError)
