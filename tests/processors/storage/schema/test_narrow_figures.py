"""Figures of before, moved into narrow rows: whoever reads them finds what was there, to the last character."""

import json
from typing import Any, Final

import pytest

from kpi_engine.figures import store
from processors.storage.database import Connection, connect
from processors.storage.figures import batches
from processors.storage.schema import narrow_figures, views
from processors.storage.schema.migrate import migrate, migrations
from processors.storage.statements import statements
from tests.stores import POSTGRESQL

pytestmark = [pytest.mark.integration, pytest.mark.parametrize("store", [POSTGRESQL], indirect=True)]

BEFORE: Final = [step for step in migrations() if step.name < "0046"]
SQL: Final = statements(__name__)
# Views of today on a store of before: those that are read here, with their schema; others rest on tables it has not.
VIEWS: Final = [
    one
    for one in views.definitions()
    if any(
        f"create {made}" in one
        for made in ("schema grafana", "function grafana.", "view grafana.kpi_value ", "view grafana.kpi_recomputation")
    )
]
READ: Final = {
    "figures": """
        select value_id, kpi, city_id, site_id, period, period_start, period_end, value, lower, upper, unit, coverage,
            estimated_share, status, reason, through, factors::text, inputs_hash, rule_version, code_version, revision,
            computed_at, superseded_at, cause, cause_detail, rests_from, rests_on_first
        from kpi_value order by value_id
    """,
    "due": "select value_id, due from kpi_value order by value_id",
    "log": """
        select recomputation_id, kpi, city_id, site_id, period, period_start, cause, cause_detail, changed, computed_at
        from kpi_recomputation order by recomputation_id
    """,
    "panels": "select * from grafana.kpi_value order by value_id",
    "log of panels": "select * from grafana.kpi_recomputation order by recomputation_id",
}


@pytest.fixture
def filled(empty_database_url: str) -> str:
    """Return the URL of a database as it was before, with 18 figures and their log."""
    migrate(empty_database_url, BEFORE)
    with connect(empty_database_url, "test") as connection:
        connection.execute(SQL["figures_of_before"])
    return empty_database_url


def test_whoever_reads_a_migrated_store_finds_what_was_there(filled: str) -> None:
    with connect(filled, "test") as connection:
        for definition in VIEWS:
            connection.execute(_of_before(definition).encode())
        connection.execute("alter table kpi_value add column due boolean")
        connection.execute("update kpi_value v set due = d.due from kpi_value_due d where d.value_id = v.value_id")
        before = _read(connection)
        inputs: dict[int, Any] = dict(connection.execute("select value_id, inputs from kpi_value").fetchall())
        connection.rollback()

    migrate(filled)

    with connect(filled, "test") as connection:
        after = _read(connection)
        kept = {one: store.lineage(connection, one) for one in inputs}
    assert [len(before[name]) for name in ("figures", "due", "log", "log of panels")] == [18, 18, 18, 12]
    assert {due for _, due in before["due"]} == {True, False}
    for name, rows in before.items():
        assert after[name] == rows, name
    for value_id, document in inputs.items():
        assert json.dumps(found.inputs if (found := kept[value_id]) else None) == json.dumps(document)


def test_what_was_interrupted_goes_on_where_it_was(filled: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of four figures at a time the third portion fails: two are moved, and the next attempt moves the rest."""
    monkeypatch.setattr(narrow_figures, "FIGURES", 4)
    monkeypatch.setattr(narrow_figures, "RECORDS", 5)
    monkeypatch.setattr(batches, "store", _failing(batches.store, after=2))
    with pytest.raises(ConnectionError):
        migrate(filled)
    with connect(filled, "test") as connection:
        left = "select (select count(*) from figure), (select count(*) from kpi_value_wide)"
        assert connection.execute(left).fetchone() == (8, 10)

    assert migrate(filled)[0].startswith("0047")
    with connect(filled, "test") as connection:
        counts = "select (select count(*) from kpi_value), (select count(*) from kpi_recomputation)"
        assert connection.execute(counts).fetchone() == (18, 18)


def test_numbers_go_on_where_they_were(filled: str) -> None:
    migrate(filled)
    with connect(filled, "test") as connection:
        taken = "select nextval(pg_get_serial_sequence('figure', 'value_id'))"
        assert connection.execute(taken).fetchone() == (19,)
        last = "select nextval(pg_get_serial_sequence('figure_log', 'first_id'))"
        assert connection.execute(last).fetchone() == (18 + 4096,)


def _of_before(definition: str) -> str:
    """Return a view of dashboards as it was: what is due another view told."""
    if "create view grafana.kpi_value " not in definition:
        return definition
    joined = definition.replace("v.due", "told.due")
    return f"{joined.rstrip()} join public.kpi_value_due told on told.value_id = v.value_id"


def _read(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    return {name: connection.execute(query).fetchall() for name, query in READ.items()}


def _failing(function: Any, after: int) -> Any:  # noqa: ANN401 - whatever it is
    """Return a function that fails once, at its call after the first ``after`` ones."""
    calls = iter(range(1_000))

    def called(*arguments: object) -> object:
        if next(calls) == after:
            raise ConnectionError("the server went away")
        return function(*arguments)

    return called
