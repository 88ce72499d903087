"""What a factor counts travels with it, and what it was known by before stays as it was."""

import re
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from kpi_engine.evidence.figure_digest import inputs_hash
from kpi_engine.factors.factor import EmissionBoundary, View
from kpi_engine.factors.formats import FORMATS, pharos
from kpi_engine.factors.registry import load, sync
from processors.storage.database import connect
from processors.storage.schema.migrate import migrate, migrations
from tests.factors import shipped

FORMER = "0032_bounds_of_sessions"  # the last migration before factors had attributes
PUBLISHED = """
insert into factor (name, version, carrier, region, valid_from, valid_to, value, unit, method, boundary, gwp, source,
    page, verified)
values (%(name)s, %(version)s, %(carrier)s, %(region)s, %(valid_from)s, %(valid_to)s, %(value)s, %(unit)s, %(method)s,
    %(boundary_note)s, %(gwp)s, %(source)s, %(page)s, %(verified)s)
"""
# As they were when a factor had no attributes: figures of before are not computed again.
DIGESTS = {
    "citylearn-2022-mean": "44475d290a593d77",
    "desnz-uk-district-heat": "874c9df1aa2602fd",
    "electricity-dk1": "453305331368fdae",
    "electricity-ee": "bbdfc284edb64790",
    "electricity-es-rite": "a16eb5c104d6ed4b",
    "electricity-es": "23c230b1d411fd61",
    "en-iso-52000-1-district-heating": "71ada96ae31cfeae",
}


def test_what_digests_of_definitions_are_made_of_is_what_it_was() -> None:
    found = {one.name: sha256(repr(one).encode()).hexdigest()[:16] for one in shipped() if one.name in DIGESTS}

    assert found == DIGESTS


def test_shipped_factors_say_what_they_count_and_whose_electricity_it_is() -> None:
    factors = {factor.name: factor for factor in shipped()}

    assert factors["desnz-uk-district-heat"].boundary is EmissionBoundary.DIRECT
    assert (factors["electricity-dk1"].boundary, factors["electricity-dk1"].view) == (
        EmissionBoundary.LIFE_CYCLE,
        View.LOCATION,
    )
    assert "losses of the grid not included" in factors["electricity-dk1"].boundary_note
    assert all(factor.view for factor in factors.values() if factor.carrier == "electricity")
    assert not any(factor.view for factor in factors.values() if factor.carrier == "heat")


def test_the_digest_of_a_figure_holds_of_a_factor_what_it_held_before_there_were_attributes() -> None:
    before = {"name": "a", "version": "1", "value": 0.2, "unit": "kg/kWh", "source": "s", "page": "p"}
    before |= {"valid_from": "2024-01-01", "valid_to": None, "verified": True}
    now = before | {"carrier": "heat", "region": "r", "method": "m", "boundary": "direct", "gwp": "AR5", "year": 2024}

    assert inputs_hash({}, [now], "2.1") == inputs_hash({}, [before], "2.1")
    assert inputs_hash({}, [now], "2.1") != inputs_hash({}, [now | {"version": "2"}], "2.1")


@pytest.mark.integration
def test_factors_that_were_published_before_are_those_of_the_files_after_a_migration(empty_database_url: str) -> None:
    former = [factor for factor in shipped() if factor.name in DIGESTS]
    every = migrations()
    migrate(empty_database_url, every[: 1 + [step.name for step in every].index(FORMER)])
    with connect(empty_database_url, "test") as connection:
        for factor in former:
            connection.execute(PUBLISHED, factor.model_dump())
        connection.commit()

    migrate(empty_database_url)

    with connect(empty_database_url, "test") as connection:
        assert load(connection) == former
        assert sync(connection, former) == 0


def test_each_country_of_the_first_cities_has_a_yearly_factor_of_electricity() -> None:
    regions = {factor.region for factor in shipped() if factor.carrier == "electricity" and factor.year is not None}
    countries = "Estonia Spain Italy Bulgaria Germany Austria France Portugal Poland Sweden Finland Latvia Lithuania"

    assert {*countries.split(), "Netherlands", "Croatia", "United Kingdom", "Denmark"} <= regions


def test_factors_that_were_not_read_at_their_source_say_so_and_those_of_one_year_hold_in_it_alone() -> None:
    direct = [factor for factor in shipped() if factor.name.endswith(("-com", "-eea"))]

    assert {(factor.boundary, factor.view, factor.verified) for factor in direct} == {
        (EmissionBoundary.DIRECT, View.LOCATION, False)
    }
    assert all(factor.valid_to and factor.valid_from.year == factor.year for factor in direct)
    assert all(factor.valid_to.year - factor.valid_from.year == 1 for factor in direct if factor.valid_to)
    spain = [factor.kg_per_kwh for factor in direct if factor.name == "electricity-es-com"]
    assert spain == pytest.approx([0.404, 0.366, 0.290, 0.355, 0.380, 0.298])


def test_the_example_of_the_page_about_tables_is_a_table() -> None:
    page = (Path(__file__).parents[3] / "docs" / "factor-files.md").read_text(encoding="utf-8")
    example = page.partition("```text\n")[2].partition("```")[0]

    (factor,) = FORMATS["pharos"].read(example, "example").factors
    assert (factor.name, factor.kg_per_kwh, factor.valid_to) == ("network-north", 0.085, date(2026, 1, 1))
    columns = re.findall(r"^\| \**(\w+)\** \|", page.partition("## Public tables")[0], re.MULTILINE)
    assert set(columns) - {"column"} == {*pharos.REQUIRED, *pharos.OPTIONAL}
