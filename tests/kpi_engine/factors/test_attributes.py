"""What a factor counts travels with it, and what it was known by before stays as it was."""

from hashlib import sha256

import pytest

from kpi_engine.factors.factor import Boundary, View
from kpi_engine.factors.files import shipped
from kpi_engine.factors.registry import load, sync
from kpi_engine.figures import inputs_hash
from processors.storage.database import connect
from processors.storage.schema.migrate import migrate, migrations

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

    assert factors["desnz-uk-district-heat"].boundary is Boundary.DIRECT
    assert (factors["electricity-dk1"].boundary, factors["electricity-dk1"].view) == (
        Boundary.LIFE_CYCLE,
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
