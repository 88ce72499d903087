"""Whom figures speak of, and which meters count."""

from collections.abc import Sequence
from itertools import count

from ingest.model.catalogue import Catalogue, Ids
from kpi_engine.factors.factor import Factor
from kpi_engine.indicators import INDICATORS
from kpi_engine.subjects.subject import Subject, SubjectName, subjects
from tests import towns
from tests.factors import factor
from tests.towns import heat_meter, meter

BALANCES = ("heat_meter_balance",)
PLANT = ("heat_energy", "heat_emission_factor")
DEVICES = (
    meter("heat_plant", *PLANT, name="boiler", site="plant", direction="production"),
    heat_meter(name="main", site="block"),
    heat_meter("heat_energy", "volume", name="flat", site="house", submeter_of="main"),
)


def town(published: Sequence[Factor] = (), **keys: object) -> dict[str | None, Subject]:
    city = towns.city(*DEVICES, name="town", **keys)
    ids = count(1)
    series = {(city.name, d.name, s.quantity): next(ids) for d in city.devices for s in d.series}
    catalogue = Catalogue([city], Ids({(city.name, d.name): next(ids) for d in city.devices}, series))
    every = (SubjectName(city.name, site) for site in SITES)
    names = {one: (1, None if one.site is None else next(ids)) for one in every}
    found = subjects(catalogue, names, (), published)
    return {subject.site: subject for subject in found}


FACTORS = [factor()]
SITES = (None, "plant", "block", "house")


def meters(subject: Subject) -> list[str]:
    return [meter.name for meter in subject.meters_of(INDICATORS["heat_delivered"])]


def test_a_submeter_counts_for_its_own_site_but_not_beside_its_main_meter() -> None:
    found = town()

    assert meters(found["house"]) == ["flat"]
    assert meters(found[None]) == ["main"]


def test_producers_are_not_consumers() -> None:
    assert not {"heat_delivered", "heat_emissions"} & {indicator.name for indicator in town()["plant"].indicators}


def test_what_no_meter_reports_is_not_computed() -> None:
    found = town()["house"].indicators

    assert {"heat_delivered", "heat_emissions"} <= {indicator.name for indicator in found}
    assert {quantity for indicator in found for quantity in indicator.quantities} == {"heat_energy", "volume"}


def test_what_speaks_of_the_boundary_as_a_whole_has_no_figure_for_a_site() -> None:
    whole = {indicator.name for indicator in town()[None].indicators}

    assert whole - set(BALANCES) >= {"heat_delivered", "heat_emissions", "city_final_energy", "city_emissions"}
    assert whole.issuperset(BALANCES)


def test_hours_need_the_factor_series_of_the_city() -> None:
    hourly = {"heat": {"device": "boiler", "quantity": "heat_emission_factor"}}

    assert "heat_emissions_hourly" in {indicator.name for indicator in town(factor_series=hourly)["house"].indicators}


def test_a_definition_changes_with_what_decides_a_figure_and_only_then() -> None:
    before, after = town()["house"].definition(), town(factors={"heat": "other"})["house"].definition()

    assert before == town()["house"].definition()
    assert {name for name in before if before[name] != after[name]} == {"heat_emissions"}


def test_a_published_factor_changes_the_figures_of_those_who_use_it() -> None:
    before, after = (town(published, factors={"heat": "test"})["house"].definition() for published in ([], FACTORS))

    assert {name for name in before if before[name] != after[name]} == {"heat_emissions"}
    assert town()["house"].definition() == town(FACTORS)["house"].definition()
