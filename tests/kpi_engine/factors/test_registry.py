"""Published factors in the database: added once, never changed."""

import pytest

from kpi_engine.errors import FactorError
from kpi_engine.factors.files import shipped
from kpi_engine.factors.registry import load, sync
from processors.storage.database import connect

pytestmark = pytest.mark.integration


def test_publishing_twice_adds_nothing(database_url: str) -> None:
    with connect(database_url, "test") as connection:
        assert sync(connection, shipped()) == len(shipped())
        assert sync(connection, shipped()) == 0
        assert load(connection) == shipped()


def test_a_changed_value_needs_a_new_version(database_url: str) -> None:
    first = next(factor for factor in shipped() if factor.name == "desnz-uk-district-heat")
    with connect(database_url, "test") as connection:
        sync(connection, [first])
        with pytest.raises(FactorError, match=r"value: 0\.17965, now 0\.2\); a changed factor needs a new version"):
            sync(connection, [first.model_copy(update={"value": 0.2})])
        assert load(connection) == [first]
        assert sync(connection, [first.model_copy(update={"value": 0.2, "version": "2023 corrected"})]) == 1
