"""The role's loop: data become figures while it runs, and what got in the way is done again."""

from typing import TYPE_CHECKING, Any

import pytest
from psycopg.errors import SerializationFailure

from kpi_engine.engine import revisions
from kpi_engine.engine.recompute_queue import AT_ONCE
from kpi_engine.engine.run import keep_up
from processors.storage.database import connect

if TYPE_CHECKING:
    from tests.kpi_engine.conftest import District

pytestmark = pytest.mark.integration

KPIS = ("heat_delivered",)


class Steps:
    """A stop signal that comes when the loop has rested often enough."""

    def __init__(self, rests: int) -> None:
        self.rests = rests

    def __bool__(self) -> bool:
        return self.rests <= 0

    def wait(self, seconds: float) -> bool:
        """Count a rest, without resting."""
        assert 0.0 <= seconds <= 1.0
        self.rests -= 1
        return not self.rests


def test_the_role_computes_what_is_due_and_publishes_the_shipped_factors(
    district: "District", database_url: str
) -> None:
    district.counts("meter-a", "heat_energy", "2026-04-08T00:00", "2026-04-10T00:00", 2.0)
    with connect(database_url, "test role") as connection:
        keep_up(connection, lambda: district.now, Steps(rests=3), loads=AT_ONCE)

    found = district.value("heat_delivered", "a", "day", "2026-04-08T00:00")
    assert found is not None
    assert found.value == 48.0
    names = {name for (name,) in district.connection.execute("select name from factor")}
    assert "en-iso-52000-1-district-heating" in names


def test_what_changed_while_it_was_computed_is_computed_again(
    district: "District", database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    district.counts("meter-a", "heat_energy", "2026-04-08T00:00", "2026-04-10T00:00", 2.0)
    refusals = iter([True])

    def write(*arguments: Any) -> int:  # noqa: ANN401 - passed on as they come
        if next(refusals, False):
            raise SerializationFailure("could not serialize access due to concurrent update")
        return revisions.write(*arguments)

    monkeypatch.setattr("kpi_engine.engine.engine.write", write)
    with connect(database_url, "test role") as connection:
        keep_up(connection, lambda: district.now, Steps(rests=4), loads=AT_ONCE)

    found = district.value("heat_delivered", "a", "day", "2026-04-08T00:00")
    assert found is not None
    assert (found.value, found.revision) == (48.0, 1)
