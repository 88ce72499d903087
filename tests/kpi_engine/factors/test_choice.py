"""Which version of a factor a city uses: whichever holds, one that it pins, or that one and those published later."""

from datetime import date
from typing import Any

import pytest

from ingest.errors import CityFileError
from ingest.model.calendar import day_start
from ingest.model.city.assets import City
from ingest.model.city.city_file import parse
from kpi_engine.factors import names
from kpi_engine.factors.boundaries import refusal
from kpi_engine.factors.choice import FactorsOfCity, chosen, usable
from kpi_engine.factors.factor import Factor
from kpi_engine.factors.years import of_other_years

ZONE = "Europe/Copenhagen"
CITY = """
name: north
title: North
country: DK
timezone: Europe/Copenhagen
role: follower
{extra}
factors: {{electricity: {choice}}}
sites: [{{name: house, vertical: buildings}}]
"""


def factor(version: str, since: int, **said: Any) -> Factor:  # noqa: ANN401 - whatever a factor says
    rest = dict.fromkeys(("region", "method", "boundary_note", "gwp", "source", "page"), "s")
    document = {"name": "grid", "carrier": "electricity", "value": 0.1, "unit": "kg/kWh", "verified": False} | rest
    return Factor.model_validate(document | {"version": version, "valid_from": date(since, 1, 1)} | said)


PUBLISHED = [factor("2023", 2023), factor("2024", 2024), factor("2024b", 2024), factor("2025", 2025)]


def city(choice: str, extra: str = "") -> City:
    return parse(CITY.format(choice=choice, extra=extra), "north.yaml")


def held(choice: str) -> list[str | None]:
    """Return the version that holds in each of the years 2022 to 2025."""
    start = [day_start(date(year, 1, 1), ZONE) for year in range(2022, 2027)]
    cut = chosen(city(choice), "electricity", PUBLISHED, start[0], start[-1])
    each = (next(one for one in cut if one.start <= begin < one.end) for begin in start[:-1])
    return [one.factor.version if one.factor else None for one in each]


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ("grid", [None, "2023", "2024b", "2025"]),
        ("{factor: grid, newer: follow}", [None, "2023", "2024b", "2025"]),
        ('{factor: grid, version: "2024"}', [None, None, "2024", "2024"]),
        ("{factor: grid, version: 2024, newer: keep}", [None, None, "2024", "2024"]),
        ("{factor: grid, version: 2024, newer: follow}", [None, None, "2024b", "2025"]),
        (
            "[{factor: grid, version: 2023, valid_to: 2024-01-01}, {factor: grid, valid_from: 2025-01-01}]",
            [None, "2023", None, "2025"],
        ),
    ],
)
def test_a_city_takes_what_holds_or_what_it_pins_or_what_follows_it(choice: str, expected: list[str | None]) -> None:
    assert held(choice) == expected


def test_what_a_city_pins_does_not_depend_on_what_is_published_later() -> None:
    pinned = city("{factor: grid, version: 2023}")

    assert usable(pinned, ["electricity"], PUBLISHED) == usable(pinned, ["electricity"], PUBLISHED[:1]) == PUBLISHED[:1]
    assert usable(city("grid"), ["electricity", "heat"], PUBLISHED) == PUBLISHED


def test_a_choice_is_kept_as_it_was_written() -> None:
    def kept(choice: str) -> object:
        document = city(choice).model_dump(mode="json")
        assert City.model_validate(document) == city(choice)
        return document["factors"]["electricity"]

    assert kept("grid") == "grid"
    assert kept("{factor: grid}") == "grid"
    assert kept("{factor: grid, version: 2024}") == {"factor": "grid", "version": "2024"}
    dated = {"factor": "grid", "valid_from": "2025-01-01", "valid_to": None}
    assert kept("[{factor: grid, valid_from: 2025-01-01}]") == [dated]


def test_an_unknown_version_is_named_with_the_nearest_spelling() -> None:
    ((key, expected),) = names.faults(city("{factor: grid, version: 2025x}"), PUBLISHED)

    assert key == "factors.electricity.version"
    assert expected == ("expected one of 2023, 2024, 2024b, 2025, not '2025x'; did you mean 2025? (versions of grid)")


@pytest.mark.parametrize(
    ("choice", "fault"),
    [
        ("{factor: grid, newer: keep}", "factors.electricity: expected a version beside newer: keep"),
        (
            "{factor: grid, newer: always}",
            "factors.electricity.newer: .*follow.*keep",
        ),
    ],
)
def test_how_newer_versions_are_taken_is_said_in_full(choice: str, fault: str) -> None:
    with pytest.raises(CityFileError, match=fault):
        city(choice)


DIRECT, ALL = factor("1", 2024, boundary="direct", view="location"), factor("2", 2024, boundary="life_cycle")


def test_factors_that_count_different_emissions_make_no_sum_unless_the_city_declares_it() -> None:
    refused = refusal(city("grid"), [DIRECT, ALL])

    assert refused == (
        "its factors count different emissions: grid 1 (direct), grid 2 (life_cycle); expected one boundary, or "
        "factor_boundary: mixed in the city file"
    )
    assert refusal(city("grid", "factor_boundary: mixed"), [DIRECT, ALL]) is None
    assert refusal(city("grid"), [ALL, ALL]) is None


def test_scope_2_by_location_takes_direct_factors_of_the_place_only() -> None:
    scope_2 = city("grid", "factor_boundary: scope_2_location")
    bought = factor("3", 2024, boundary="direct", view="market")

    assert refusal(scope_2, [DIRECT]) is None
    assert "needs direct factors; the boundary of grid 2 is life_cycle" in str(refusal(scope_2, [ALL]))
    assert "of the place; grid 3 is of what was bought" in str(refusal(scope_2, [bought]))
    assert "the boundary of grid 2023 is not stated" in next(iter(names.faults(scope_2, PUBLISHED)))[1]


def test_a_factor_of_another_year_is_named_with_the_year_that_it_is_of() -> None:
    start, end = (day_start(date(year, 1, 1), ZONE) for year in (2025, 2026))

    assert list(of_other_years([(factor("2024", 2024, year=2024), start, end)], ZONE)) == [
        "no factor grid of 2025: the one of 2024 (version 2024) stands for it"
    ]
    assert not list(of_other_years([(factor("2025", 2025, year=2025), start, end)], ZONE))
    assert not list(of_other_years([(factor("law", 2014), start, end)], ZONE))


def test_what_a_city_chooses_in_a_stretch_of_time_is_found_once_and_of_its_carrier_alone() -> None:
    north = city("grid")
    shared = FactorsOfCity(north, [*PUBLISHED, factor("2025", 2025, name="warmth", carrier="heat")])
    span = tuple(day_start(date(year, 1, 1), ZONE) for year in (2023, 2026))

    found = shared.chosen("electricity", *span)
    assert found == chosen(north, "electricity", PUBLISHED, *span)
    assert shared.chosen("electricity", *span) is found
    assert [one.factor for one in shared.chosen("heat", *span)] == [None], "the city names none"
    assert shared.chosen("electricity", span[0], span[0] + 1) != found
