"""Whatever order, batching and repetition readings arrive in, the tables end up the same."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.model.catalogue import Catalogue
from ingest.model.city.city_file import parse
from ingest.model.observation import ObservationBatch, RawMessage, Resolved
from ingest.model.revision import UNREVISED
from ingest.model.time import from_micros
from processors.storage.database import Connection, connect
from processors.storage.readings import ledger
from processors.storage.readings.ledger import Receipt
from processors.storage.readings.sink import Sink
from processors.storage.registry.registry import sync
from tests.stores import examples
from tests.towns import heat_meter, town

pytestmark = pytest.mark.integration

CITY = town(heat_meter())
NOON = 1_795_262_400_000_000
RANKS = {"replay:files": 0, "mqtt": 0, "ranked": 1}


class Arrival(NamedTuple):
    """One reading as it arrives; small domains, so that arrivals meet."""

    hour: int
    value: float
    quality: int
    received: int
    source: str
    revision: float


class Tables(NamedTuple):
    """The final contents of what a reading can change."""

    observations: list[tuple[object, ...]]
    conflicts: list[tuple[object, ...]]


arrivals = st.lists(
    st.builds(
        Arrival,
        st.integers(0, 3),
        st.sampled_from([1.0, 2.0, 3.0]),
        st.integers(0, 1),
        st.integers(0, 2),
        st.sampled_from(sorted(RANKS)),
        st.sampled_from([UNREVISED, UNREVISED, 1.0, 2.0]),
    ),
    min_size=1,
    max_size=12,
)


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    with connect(database_url, "test") as session:
        yield session


@pytest.fixture
def catalogue(connection: Connection) -> Catalogue:
    catalogue = sync(connection, [parse(CITY, "harbour.yaml")])
    for source, rank in RANKS.items():
        Sink(connection, catalogue, source)
        connection.execute("update source set rank = %s where name = %s", [rank, source])
    connection.commit()
    return catalogue


def test_the_tables_do_not_depend_on_order_batching_or_repetition(
    connection: Connection, catalogue: Catalogue, store: str
) -> None:
    @given(st.data(), arrivals)
    @settings(max_examples=examples(store, 60))
    def any_way(data: st.DataObject, given_arrivals: list[Arrival]) -> None:
        in_order = _run(connection, catalogue, [given_arrivals])
        shuffled = data.draw(st.permutations(given_arrivals + given_arrivals[: data.draw(st.integers(0, 3))]))
        cuts = sorted(data.draw(st.lists(st.integers(0, len(shuffled)), max_size=6)))
        parts = [shuffled[start:end] for start, end in zip([0, *cuts], [*cuts, len(shuffled)], strict=True)]
        assert _run(connection, catalogue, parts) == in_order == _expected(connection, given_arrivals)

    any_way()


def _run(connection: Connection, catalogue: Catalogue, parts: Sequence[Sequence[Arrival]]) -> Tables:
    connection.execute("truncate observation, conflict, ledger, observation_mark")
    connection.commit()
    sinks = {source: Sink(connection, catalogue, source) for source in RANKS}
    receipt = Receipt()
    for part in parts:
        for source, group in groupby(part, lambda arrival: arrival.source):
            receipt += sinks[source].write(_resolved(catalogue, list(group)), [RawMessage("", b"", 0)])
    tables = _tables(connection)
    assert receipt.received == sum(map(len, parts))
    assert receipt.stored == len(tables.observations)
    assert receipt.conflict == len(tables.conflicts) - len({row[0] for row in tables.conflicts})
    assert sum(account.received for account in ledger.accounts(connection)) == receipt.received
    return tables


def _resolved(catalogue: Catalogue, part: list[Arrival]) -> Resolved:
    (series,) = catalogue.series
    ones = np.ones(len(part), np.int64)
    revision = [arrival.revision for arrival in part]
    return Resolved(
        ObservationBatch(
            series_id=ones * series,
            time=np.array([NOON + arrival.hour for arrival in part], np.int64),
            value=np.array([arrival.value for arrival in part]),
            received_at=np.array([NOON + arrival.received for arrival in part], np.int64),
            quality=np.array([arrival.quality for arrival in part], np.int64) * 2,  # no arrival times: no digests
            message=ones * 0,
            revision=None if set(revision) == {UNREVISED} else np.array(revision),
        )
    )


def _tables(connection: Connection) -> Tables:
    query = """
        select time, value, name, quality, received_at
        from observation join source using (source_id) order by time, value
    """
    observations = connection.execute(query).fetchall()
    conflicts = connection.execute(
        query.replace("observation", "conflict").replace("received_at", "received_at, revision", 1).encode()
    ).fetchall()
    connection.commit()
    return Tables(observations, conflicts)


def _expected(connection: Connection, given_arrivals: list[Arrival]) -> Tables:
    """State the rule plainly: all distinct values, each on its best claim; the best of them is effective.

    They are kept where there are several, or where one has a revision.
    """
    sources = {name: number for number, name in connection.execute("select source_id, name from source").fetchall()}

    def merit(arrival: Arrival) -> tuple[float, ...]:
        return -RANKS[arrival.source], -arrival.revision, arrival.quality

    def claim(arrival: Arrival) -> tuple[float, ...]:
        by_hand = arrival.source.startswith("replay:")
        return *merit(arrival), not by_hand, sources[arrival.source], arrival.received

    def order(arrival: Arrival) -> tuple[float, ...]:
        handed_over = arrival.received if arrival.source.startswith("replay:") else -1
        return *merit(arrival), -handed_over, -arrival.value

    def row(arrival: Arrival) -> tuple[object, ...]:
        time, received_at = (from_micros(NOON + one) for one in (arrival.hour, arrival.received))
        return time, arrival.value, arrival.source, arrival.quality * 2, received_at

    values = {
        key: min(group, key=claim)
        for key, group in _grouped(given_arrivals, lambda arrival: (arrival.hour, arrival.value)).items()
    }
    hours = _grouped(list(values.values()), lambda arrival: (arrival.hour,))
    best = [min(group, key=order) for group in hours.values()]
    revised = {arrival.hour for arrival in given_arrivals if arrival.revision > UNREVISED}
    kept = [arrival for (hour,), group in hours.items() if len(group) > 1 or hour in revised for arrival in group]
    return Tables([row(arrival) for arrival in best], [(*row(arrival), arrival.revision) for arrival in kept])


def _grouped(
    given_arrivals: Sequence[Arrival], key: Callable[[Arrival], tuple[float, ...]]
) -> dict[tuple[float, ...], list[Arrival]]:
    return {name: list(group) for name, group in groupby(sorted(given_arrivals, key=key), key)}
