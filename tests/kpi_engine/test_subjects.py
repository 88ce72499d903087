"""Whom figures speak of, and which meters count."""

from datetime import date
from itertools import count

from ingest.model.catalogue import Catalogue, Ids
from ingest.model.city.city_file import parse
from kpi_engine.factors.factor import Factor
from kpi_engine.indicators import INDICATORS
from kpi_engine.subjects import Subject, subjects

BALANCES = ("heat_meter_balance",)
CITY = """
name: town
title: Town
country: DK
timezone: Europe/Copenhagen
role: follower
{extra}
sites:
- {{name: plant, vertical: district_heating}}
- {{name: block, vertical: district_heating}}
- {{name: house, vertical: district_heating}}
devices:
- {{name: boiler, site: plant, type: heat_plant, carrier: heat, direction: production, expected_interval: PT1H,
   series: [{{quantity: heat_energy}}, {{quantity: heat_emission_factor}}]}}
- {{name: main, site: block, type: heat_meter, carrier: heat, direction: consumption, expected_interval: PT1H,
   series: [{{quantity: heat_energy}}]}}
- {{name: flat, site: house, type: heat_meter, carrier: heat, direction: consumption, submeter_of: main,
   expected_interval: PT1H, series: [{{quantity: heat_energy}}, {{quantity: volume}}]}}
"""


def town(extra: str = "") -> dict[str | None, Subject]:
    city = parse(CITY.format(extra=extra), "town.yaml")
    ids = count(1)
    series = {(city.name, d.name, s.quantity): next(ids) for d in city.devices for s in d.series}
    catalogue = Catalogue([city], Ids({(city.name, d.name): next(ids) for d in city.devices}, series))
    found = subjects(catalogue, {(city.name, site): (1, None if site is None else next(ids)) for site in SITES})
    return {subject.site: subject for subject in found}


FACTORS = [
    Factor(
        name="test",
        version="1",
        carrier="heat",
        region="r",
        valid_from=date(2026, 1, 1),
        value=0.25,
        unit="kg/kWh",
        method="m",
        boundary_note="b",
        gwp="g",
        source="s",
        page="p",
        verified=False,
    )
]
SITES = (None, "plant", "block", "house")


def meters(subject: Subject) -> list[str]:
    return [meter.name for meter in subject.meters_of(INDICATORS["heat_delivered"])]


def test_a_submeter_counts_for_its_own_site_but_not_beside_its_main_meter() -> None:
    found = town()

    assert meters(found["house"]) == ["flat"]
    assert meters(found[None]) == ["main"]


def test_producers_are_not_consumers() -> None:
    assert "plant" not in town()


def test_what_no_meter_reports_is_not_computed() -> None:
    assert {indicator.name for indicator in town()["house"].indicators} == {"heat_delivered", "heat_emissions"}


def test_what_speaks_of_the_boundary_as_a_whole_has_no_figure_for_a_site() -> None:
    whole = {indicator.name for indicator in town()[None].indicators}

    assert whole - set(BALANCES) == {"heat_delivered", "heat_emissions", "city_final_energy", "city_emissions"}
    assert whole.issuperset(BALANCES)


def test_hours_need_the_factor_series_of_the_city() -> None:
    extra = "factor_series: {heat: {device: boiler, quantity: heat_emission_factor}}"

    assert "heat_emissions_hourly" in {indicator.name for indicator in town(extra)["house"].indicators}


def test_a_definition_changes_with_what_decides_a_figure_and_only_then() -> None:
    before, after = town()["house"].definition([]), town("factors: {heat: other}")["house"].definition([])

    assert before == town()["house"].definition([])
    assert {name for name in before if before[name] != after[name]} == {"heat_emissions"}


def test_a_published_factor_changes_the_figures_of_those_who_use_it() -> None:
    subject = town("factors: {heat: test}")["house"]
    before, after = subject.definition([]), subject.definition(FACTORS)

    assert {name for name in before if before[name] != after[name]} == {"heat_emissions"}
    assert town()["house"].definition([]) == town()["house"].definition(FACTORS)
