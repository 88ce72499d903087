"""Statistics in the database: kept whole or not at all, as known then and now, by one rule in SQL and in Python."""

from collections.abc import Iterator, Sequence
from itertools import count

import psycopg
import pytest

from ingest.model.city.city_file import parse
from ingest.model.time import from_micros
from kpi_engine.errors import StatisticError
from kpi_engine.statistics import store
from kpi_engine.statistics.given import GivenValue
from kpi_engine.statistics.holding import latest
from kpi_engine.statistics.importing import ImportPlan
from kpi_engine.statistics.store import StatisticQuery
from processors.storage.database import Connection, connect
from processors.storage.registry import registry
from tests.kpi_engine.conftest import CITY
from tests.statistics import given

pytestmark = pytest.mark.integration

BILL = given("heat_bill", 900, "2026-01-01", "2026-02-01", lower=880, note="read by hand")
BETTER = given("heat_bill", 0.95, "2026-01-01", "2026-02-01", unit="MWh", revision=2)
GAS = given("gas_bill", 12.5, "2026-01-01", "2026-02-01", calorific_basis="GCV", site="b")
PEOPLE = given("population", 1000, "2025-01-01")
NOTHING = StatisticQuery(cities=["nowhere"], every_one=True)


class Kept:
    """The database of one town, and a clock that goes on by a second with every look at it."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.cities = registry.sync(connection, [parse(CITY, "town.yaml")]).cities
        connection.commit()
        seconds = count(1)
        self.now = lambda: next(seconds) * 1_000_000

    def give(self, *values: GivenValue) -> ImportPlan:
        """Import a table of these values."""
        placed = [(f"t.csv: row {row}", one) for row, one in enumerate(values, start=2)]
        return store.give(self.connection, self.cities, placed, self.now)

    def values(self, second: int | None = None, *, every_one: bool = False) -> list[GivenValue]:
        """Return what holds now, or held at a second; or every value."""
        as_of = None if second is None else from_micros(second * 1_000_000)
        found = store.load(self.connection, StatisticQuery(as_of=as_of, every_one=every_one))
        self.connection.rollback()
        return [one.given for one in found]


@pytest.fixture
def kept(database_url: str) -> "Iterator[Kept]":
    with connect(database_url, "test") as connection:
        yield Kept(connection)


def same(found: Sequence[GivenValue], *expected: GivenValue) -> bool:
    return set(found) == set(expected) and len(found) == len(expected)


def test_values_come_back_as_they_were_given_and_a_second_time_changes_nothing(kept: Kept) -> None:
    assert len(kept.give(BILL, GAS, PEOPLE).new) == 3
    again = kept.give(PEOPLE, BILL, GAS)
    assert (again.new, again.known, again.withdrawn) == ((), 3, 0)
    assert same(kept.values(every_one=True), BILL, GAS, PEOPLE)


def test_a_later_revision_holds_and_what_was_known_before_is_answered_as_then(kept: Kept) -> None:
    kept.give(BILL)
    kept.give(BETTER)
    assert kept.values() == [BETTER]
    assert kept.values(1) == [BILL]
    assert kept.values(0) == []
    assert kept.values(every_one=True) == [BETTER, BILL]


def test_an_earlier_revision_that_comes_later_changes_nothing_that_holds(kept: Kept) -> None:
    kept.give(BETTER)
    kept.give(BILL)
    assert kept.values() == [BETTER]


def test_a_withdrawn_value_stays_on_record_and_what_it_stood_for_holds_again(kept: Kept) -> None:
    kept.give(BILL)
    kept.give(BETTER)
    assert store.withdraw(kept.connection, 2, "B. Holm", "next door", kept.now)
    assert not store.withdraw(kept.connection, 2, "B. Holm", "next door", kept.now)
    assert not store.withdraw(kept.connection, 9, "B. Holm", "next door", kept.now)
    assert kept.values() == [BILL]
    assert kept.values(2) == [BETTER]
    withdrawn, standing = store.load(kept.connection, StatisticQuery(every_one=True))
    assert (withdrawn.withdrawn_by, withdrawn.withdrawn_for, withdrawn.holds) == ("B. Holm", "next door", False)
    assert (standing.withdrawn_at, standing.holds) == (None, True)
    then = store.load(kept.connection, StatisticQuery(as_of=from_micros(2_000_000), every_one=True))
    assert [(one.withdrawn_at, one.holds) for one in then] == [(None, True), (None, False)]
    kept.connection.rollback()
    assert kept.give(BETTER).withdrawn == 1
    assert kept.values() == [BILL]


def test_a_table_with_one_fault_changes_nothing(kept: Kept) -> None:
    kept.give(BILL)
    with pytest.raises(StatisticError, match=r"row 3: .* other contents .*\nNothing was imported"):
        kept.give(GAS, given("heat_bill", 901, "2026-01-01", "2026-02-01"))
    assert kept.values(every_one=True) == [BILL]


def test_what_holds_is_the_same_by_sql_and_by_the_rule_that_figures_use(kept: Kept) -> None:
    values = [
        PEOPLE,
        given("population", 1010, "2025-01-01", revision=1),
        given("population", 1100, "2026-01-01", "2027-01-01", revision=-1),
        given("population", 1110, "2026-01-01", "2027-01-01"),
        BILL,
        BETTER,
        GAS,
    ]
    kept.give(*values)
    assert same(kept.values(), *latest(values))
    assert store.withdraw(kept.connection, 2, "B. Holm", "a slip", kept.now)
    assert same(kept.values(), *latest(one for one in values if one is not values[1]))


def test_values_are_found_by_city_site_statistic_and_page(kept: Kept) -> None:
    kept.give(BILL, GAS, PEOPLE)
    asked = {
        "b": StatisticQuery(["town"], "b"),
        "people": StatisticQuery(statistic="population"),
        "nowhere": NOTHING,
        "first": StatisticQuery(limit=2),
        "then": StatisticQuery(limit=2, before=2),
    }
    found = {name: [one.number for one in store.load(kept.connection, query)] for name, query in asked.items()}
    assert found == {"b": [2], "people": [3], "nowhere": [], "first": [3, 2], "then": [1]}


def test_the_database_keeps_two_standing_values_of_one_revision_apart(kept: Kept) -> None:
    kept.give(PEOPLE)
    again = PEOPLE.contents | {"value": 1001.0, "known_at": from_micros(0)}
    with pytest.raises(psycopg.errors.UniqueViolation):
        kept.connection.execute(store.SQL["statistic_add"], again)
