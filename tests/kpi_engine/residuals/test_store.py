"""Residual series in the database: what is declared, due and stored, and that only what differs is written."""

from dataclasses import replace

import numpy as np
import pytest

from ingest.model.calendar import Period
from ingest.model.catalogue import Catalogue
from ingest.model.time import DAY, HOUR
from kpi_engine.residuals import store
from kpi_engine.residuals.columns import Residuals
from kpi_engine.residuals.declared import BalanceMember, Residual
from processors.storage.database import Connection
from tests.towns import electricity_meter, town

pytestmark = pytest.mark.integration

CITY = town(electricity_meter(name="main"), electricity_meter(name="kitchen", submeter_of="main"))
START = 1_700_000_000_000_000 // HOUR * HOUR
QUANTITY = "electricity_meter_balance"


@pytest.fixture
def declared(catalogue: Catalogue) -> Residual:
    """Return the balance of the main meter with its kitchen."""
    members = tuple(
        BalanceMember(
            catalogue.devices["harbour", name].series["electricity_energy"].series_id,
            name,
            "electricity_energy",
            role,
            0,
            2**62,
        )
        for name, role in (("main", "main"), ("kitchen", "submeter"))
    )
    return Residual("harbour", "main", QUANTITY, "Europe/Copenhagen", members)


def computed(*values: float, reasons: dict[int, str] | None = None) -> Residuals:
    """Return residuals of the hours after START."""
    bucket = START + np.arange(len(values)) * HOUR
    rows = np.array(values)
    return Residuals(bucket, bucket + HOUR, rows, np.full(len(values), 10.0), np.zeros(len(values)), reasons or {})


def stored(connection: Connection) -> list[tuple[float | None, str | None]]:
    rows = connection.execute("select value, reason from kpi_residual where period = 'hour' order by bucket")
    return [(value, reason) for value, reason in rows.fetchall()]


def write(connection: Connection, series_id: int, part: Residuals, hours: int = 24) -> int:
    spans = {series_id: [(START, START + hours * HOUR)]}
    with connection.transaction():
        return store.write(connection, {series_id: [part]}, spans, Period.HOUR)


def test_a_series_keeps_its_id_while_it_is_declared_and_is_gone_with_its_values(
    connection: Connection, declared: Residual
) -> None:
    (series_id,) = store.declare(connection, [declared])
    write(connection, series_id, computed(1.0))
    assert set(store.declare(connection, [declared])) == {series_id}
    assert stored(connection) == [(1.0, None)]
    assert store.declare(connection, []) == {}
    assert stored(connection) == []


def test_a_series_whose_members_change_keeps_its_id_and_is_due_as_far_as_it_was_computed(
    connection: Connection, declared: Residual
) -> None:
    (series_id,) = store.declare(connection, [declared])
    write(connection, series_id, computed(1.0, 2.0))
    changed = replace(declared, members=declared.members[:1])
    assert set(store.declare(connection, [changed])) == {series_id}
    assert store.take_due(connection, START + DAY, 10) == [(series_id, START, START + 2 * HOUR)]


def test_a_series_of_a_device_that_nobody_registered_is_refused_by_name(
    connection: Connection, declared: Residual
) -> None:
    with pytest.raises(LookupError, match="unknown of harbour"):
        store.declare(connection, [replace(declared, device="unknown")])


def test_the_newest_hours_that_are_over_are_taken_first_and_once(connection: Connection) -> None:
    hours = [(1, START + at * HOUR, START + (at + 1) * HOUR) for at in range(4)]
    store.add_due(connection, [*hours, hours[0]])
    store.add_due(connection, hours[:1])
    assert store.take_due(connection, START + 3 * HOUR, 2) == [hours[2], hours[1]]
    assert store.take_due(connection, START + 3 * HOUR, 10) == [hours[0]]
    assert store.take_due(connection, START + DAY, 10) == [hours[3]]
    assert store.take_due(connection, START + DAY, 10) == []


def test_only_what_is_new_or_differs_is_written(connection: Connection, declared: Residual) -> None:
    (series_id,) = store.declare(connection, [declared])
    assert write(connection, series_id, computed(1.0, 2.0)) == 2
    assert write(connection, series_id, computed(1.0, 2.0)) == 0
    assert write(connection, series_id, computed(1.0, 2.5)) == 1
    assert stored(connection) == [(1.0, None), (2.5, None)]


def test_an_hour_without_a_value_keeps_the_reason_and_loses_it_with_a_value(
    connection: Connection, declared: Residual
) -> None:
    (series_id,) = store.declare(connection, [declared])
    write(connection, series_id, computed(1.0, np.nan, reasons={1: "kitchen is not known"}))
    assert stored(connection) == [(1.0, None), (None, "kitchen is not known")]
    assert write(connection, series_id, computed(1.0, 3.0)) == 1
    assert stored(connection) == [(1.0, None), (3.0, None)]


def test_hours_that_are_none_any_more_are_removed_within_the_span_only(
    connection: Connection, declared: Residual
) -> None:
    (series_id,) = store.declare(connection, [declared])
    write(connection, series_id, computed(1.0, 2.0, 3.0))
    write(connection, series_id, computed(1.0), hours=2)
    assert stored(connection) == [(1.0, None), (3.0, None)]
