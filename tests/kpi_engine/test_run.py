"""The role's loop: one engine at a time, and data become figures while it runs."""

from typing import TYPE_CHECKING

import pytest

from kpi_engine.run import keep_up
from processors.storage.database import connect
from processors.storage.exclusive import Work, claim

if TYPE_CHECKING:
    from tests.kpi_engine.conftest import District

pytestmark = pytest.mark.integration


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


class Causes:
    """Why the role is not ready."""

    def __init__(self) -> None:
        self.standing: dict[str, str] = {}

    def set(self, name: str, sentence: str) -> None:
        """Name a cause."""
        self.standing[name] = sentence

    def clear(self, name: str) -> None:
        """Strike out a cause."""
        self.standing.pop(name, None)


def test_the_role_computes_what_is_due_and_publishes_the_shipped_factors(
    district: "District", database_url: str
) -> None:
    district.counts("meter-a", "heat_energy", "2026-04-08T00:00", "2026-04-10T00:00", 2.0)
    with connect(database_url, "test role") as connection:
        keep_up(connection, lambda: district.now, Steps(rests=3), Causes())

    found = district.value("heat_delivered", "a", "day", "2026-04-08T00:00")
    assert found is not None
    assert found.value == 48.0
    names = {name for (name,) in district.connection.execute("select name from factor")}
    assert "en-iso-52000-1-district-heating" in names


def test_a_second_engine_waits_and_says_so(district: "District", database_url: str) -> None:
    causes = Causes()
    with connect(database_url, "test role") as role:
        with connect(database_url, "test other role") as other:
            assert claim(other, Work.FIGURES)
            keep_up(role, lambda: district.now, Steps(rests=2), causes)
            assert causes.standing == {"engine": "another KPI engine works on this database; waiting for it to end"}
            other.execute("select pg_advisory_unlock_all()")

        keep_up(role, lambda: district.now, Steps(rests=1), causes)
        assert causes.standing == {}
