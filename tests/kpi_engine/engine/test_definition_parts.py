"""What moved in a definition, and in which time that matters."""

from typing import Final

from ingest.model.calendar import day_start
from ingest.model.catalogue import Catalogue, Ids
from ingest.model.spans import FOREVER
from kpi_engine.engine.causes import Moved
from kpi_engine.engine.definition_parts import Parts, moved, parts
from kpi_engine.statistics.given import GivenValue
from kpi_engine.subjects.subject import SubjectName, subjects
from tests import towns
from tests.statistics import given
from tests.towns import fact, heat_meter

ZONE: Final = "Europe/Copenhagen"
KPI: Final = "city_emissions_per_capita"
OLD: Final = given("population", 100.0, "2022-01-01")
LATER: Final = given("population", 110.0, "2024-01-01")


def defined(*statistics: GivenValue, **keys: object) -> Parts:
    """Return what the definitions of a town with one heat meter are made of."""
    city = towns.city(heat_meter(name="meter"), name="town", **keys)
    catalogue = Catalogue([city], Ids({("town", "meter"): 1}, {("town", "meter", "heat_energy"): 2}))
    ids = {SubjectName("town"): (1, None), **{SubjectName("town", site.name): (1, 3) for site in city.sites}}
    return parts(next(one for one in subjects(catalogue, ids, statistics) if one.site is None))


def at(year: int) -> int:
    return day_start(OLD.valid_from.replace(year=year), ZONE)


def test_a_population_of_a_year_matters_from_that_year_on() -> None:
    found = moved(defined(OLD), defined(OLD, LATER))

    assert found[KPI] == Moved("statistic population", ((at(2024), FOREVER),))
    assert found["city_emissions"] == Moved(None, None)


def test_a_value_that_is_gone_and_one_that_is_new_matter_on_the_days_of_both() -> None:
    new = given("population", 100.0, "2023-01-01", "2024-01-01")

    assert moved(defined(LATER), defined(new))[KPI] == Moved("statistic population", ((at(2023), FOREVER),))


def test_a_fact_matters_on_its_days_and_one_without_days_always() -> None:
    dated = [fact("population", 100, valid_from="2024-01-01", valid_to="2025-01-01")]
    found = moved(defined(), defined(facts=dated))

    assert found[KPI] == Moved("city file: population of town", ((at(2024), at(2025)),))
    assert moved(defined(), defined(facts=[fact("population", 100)]))[KPI].spans is None


def test_where_anything_else_changed_all_of_the_time_matters() -> None:
    other = {"timezone": "Europe/Berlin"}
    found = moved(defined(OLD), defined(OLD, LATER, **other))

    assert found[KPI] == Moved("city file: timezone; statistic population", None)


def test_nothing_is_told_of_what_was_kept_in_another_form() -> None:
    new = defined(OLD)
    older = {
        name: {item: digest for item, digest in items.items() if item != "items: 2"} for name, items in new.items()
    }

    assert moved(older, new) == {}
    assert moved({}, new) == {}
