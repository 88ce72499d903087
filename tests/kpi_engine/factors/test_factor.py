"""Emission factors: files that say everything, and which version holds when."""

from datetime import date

import pytest

from ingest.model.calendar import day_start
from kpi_engine.errors import FactorError
from kpi_engine.factors.factor import Factor, dated
from kpi_engine.factors.files import parse
from tests.factors import shipped

ZONE = "Europe/Copenhagen"
FILE = """
name: example
title: Example
carrier: heat
versions:
  - {version: "1", region: r, valid_from: 2023-01-01, valid_to: 2024-01-01, value: 200, unit: g/kWh, method: m,
     boundary_note: b, gwp: g, source: s, page: p, verified: true}
  - {version: "2", region: r, valid_from: 2023-07-01, value: 0.3, unit: kg/kWh, method: m,
     boundary_note: b, gwp: g, source: s, page: p, verified: true}
"""


def instant(text: str) -> int:
    return day_start(date.fromisoformat(text), ZONE)


def held(factors: list[Factor], start: str, end: str) -> list[tuple[int, int, str | None]]:
    parts = dated(factors, instant(start), instant(end), ZONE)
    return [(part.start, part.end, part.factor.version if part.factor else None) for part in parts]


def test_every_shipped_factor_names_its_source_and_says_whether_it_was_read() -> None:
    factors = {factor.name: factor for factor in shipped()}

    default = factors["en-iso-52000-1-district-heating"]
    assert (default.kg_per_kwh, default.verified) == (0.26, False)
    assert "recalled" in default.page
    united_kingdom = factors["desnz-uk-district-heat"]
    assert (united_kingdom.kg_per_kwh, united_kingdom.verified) == (0.17965, True)
    assert (united_kingdom.valid_from, united_kingdom.valid_to) == (date(2023, 1, 1), date(2024, 1, 1))


def test_a_period_is_cut_where_a_factor_begins_or_ends_and_the_newest_version_holds() -> None:
    factors = parse(FILE, "example.yaml")

    assert held(factors, "2022-12-01", "2024-02-01") == [
        (instant("2022-12-01"), instant("2023-01-01"), None),
        (instant("2023-01-01"), instant("2023-07-01"), "1"),
        (instant("2023-07-01"), instant("2024-01-01"), "2"),
        (instant("2024-01-01"), instant("2024-02-01"), "2"),
    ]


def test_a_period_within_the_validity_is_one_stretch() -> None:
    assert held(parse(FILE, "example.yaml"), "2023-02-01", "2023-03-01") == [
        (instant("2023-02-01"), instant("2023-03-01"), "1")
    ]


def test_values_are_given_in_kilograms_per_kilowatt_hour_whatever_unit_the_source_prints() -> None:
    assert [factor.kg_per_kwh for factor in parse(FILE, "example.yaml")] == [pytest.approx(0.2), 0.3]


@pytest.mark.parametrize(
    ("wrong", "right", "fault"),
    [
        ("unit: g/kWh", "unit: kWh", "example.yaml: versions.0.unit: .*cannot be converted"),
        ("value: 200", "value: -1", "example.yaml: versions.0.value: .*greater than or equal to 0"),
        ("value: 200", "value: .inf", "example.yaml: versions.0.value: .*finite"),
        ("source: s,", "", "example.yaml: versions.0.source: Field required"),
        (
            "valid_to: 2024-01-01",
            "valid_to: 2022-01-01",
            "example.yaml: versions.0: .*valid_to after valid_from",
        ),
        ("title: Example", "tittle: Example", "example.yaml: title: Field required\nexample.yaml: tittle: Extra"),
        ("name: example", "name: [", "example.yaml: expected YAML"),
    ],
)
def test_a_factor_file_is_refused_with_file_key_and_fault(wrong: str, right: str, fault: str) -> None:
    with pytest.raises(FactorError, match=fault):
        parse(FILE.replace(wrong, right, 1), "example.yaml")


def test_a_correction_of_an_older_open_ended_version_does_not_displace_what_became_valid_later() -> None:
    rest = {
        "region": "r",
        "unit": "kg/kWh",
        "method": "m",
        "boundary_note": "b",
        "gwp": "g",
        "source": "s",
        "page": "p",
    }

    def version(name: str, since: str, value: float) -> Factor:
        said = rest | {"version": name, "valid_from": since, "value": value, "verified": True}
        return Factor.model_validate(said | {"name": "example", "carrier": "heat"})

    published = [version("1", "2023-01-01", 0.3), version("2", "2024-01-01", 0.2), version("1a", "2023-01-01", 0.31)]

    assert held(published, "2023-06-01", "2024-06-01") == [
        (instant("2023-06-01"), instant("2024-01-01"), "1a"),
        (instant("2024-01-01"), instant("2024-06-01"), "2"),
    ]
