"""Inputs of figures that are written together: each is found again, and only once where many are the same."""

import json

import pytest

from processors.storage.database import Connection
from processors.storage.figures import batches

pytestmark = [pytest.mark.integration, pytest.mark.plain_tables]

INPUTS = [json.dumps({"energy_kwh": number / 7, "note": 'a "line"\n of ø'}, ensure_ascii=False) for number in range(50)]


def test_each_figure_finds_its_inputs_again_in_few_batches(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "LONGEST", 1_000)
    places = batches.store(connection, [*INPUTS, *INPUTS])
    rows = connection.execute("select batch_id, inputs from figure_batch").fetchall()

    unpacked = {batch_id: batches.unpacked(batch) for batch_id, batch in rows}
    assert [unpacked[one.batch_id][one.place] for one in places] == [*INPUTS, *INPUTS]
    assert 1 < len(unpacked) < 10


def test_the_same_inputs_are_there_once(connection: Connection) -> None:
    places = batches.store(connection, [INPUTS[0], INPUTS[1], INPUTS[0]])

    assert places[0] == places[2] != places[1]
    [(batch,)] = connection.execute("select inputs from figure_batch").fetchall()
    assert batches.unpacked(batch) == INPUTS[:2]


def test_nothing_makes_no_batch(connection: Connection) -> None:
    assert batches.store(connection, []) == []
    assert connection.execute("select count(*) from figure_batch").fetchone() == (0,)
