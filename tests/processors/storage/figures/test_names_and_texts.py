"""Numbers for what figures say, however many write at once."""

from datetime import timedelta

import pytest

from processors.storage.database import Connection, connect
from processors.storage.figures import names, texts
from processors.storage.figures.names import Edition, FigureKind

pytestmark = [pytest.mark.integration, pytest.mark.plain_tables]


def test_a_text_keeps_its_number(connection: Connection) -> None:
    first = texts.store(connection, ["late data", None, "a is silent"])
    again = texts.store(connection, ["a is silent", "b is silent"])

    assert first[None] is None
    assert again["a is silent"] == first["a is silent"]
    assert len({*first.values(), *again.values()}) == 4


def test_names_keep_their_numbers(connection: Connection) -> None:
    heat, light = FigureKind("heat_delivered", "day"), FigureKind("lighting_energy", "day")
    kinds = names.kinds(connection, [heat])
    assert names.kinds(connection, [light, heat, heat])[heat] == kinds[heat]
    kwh, euro = Edition("kWh", "2.1", "0.1.0"), Edition("EUR", "2.1", "0.1.0")
    editions = names.editions(connection, [kwh])
    assert names.editions(connection, [kwh, euro])[kwh] == editions[kwh]


@pytest.mark.concurrent
def test_two_that_meet_the_same_texts_at_once_wait_for_nobody(database_url: str) -> None:
    """Neither sees what the other has not committed, and each reads one snapshot, as steps of the engine do."""
    with connect(database_url, "one") as one, connect(database_url, "other") as other:
        for session in (one, other):
            session.execute("set transaction isolation level repeatable read")
            session.execute("set lock_timeout = '1s'")
        told = [texts.store(session, ["a is silent", "b is silent"]) for session in (one, other)]
        one.commit()
        told.append(texts.store(other, ["b is silent", "a is silent", "c is silent"]))
        other.commit()

        written: dict[int, str] = dict(one.execute("select text_id, text from figure_text").fetchall())
    for numbers in told:
        assert all(text is None or written[number or 0] == text for text, number in numbers.items())


def test_only_old_texts_that_nothing_refers_to_go(connection: Connection) -> None:
    numbers = texts.store(connection, ["used", "unused", "young", "cause", "detail"])
    connection.execute("update figure_text set made_at = made_at - %s where text <> 'young'", [texts.SPARED * 2])
    connection.execute(
        "insert into city (name, title, country, timezone, role, document, applied_at)"
        " values ('town', 'Town', 'DK', 'Europe/Copenhagen', 'network', '{}', now())"
    )
    connection.execute(
        "insert into figure (period_start, computed_at, coverage, length, revision, edition_id, batch_id, reason_id,"
        " kind_id, city_id, place, status, inputs_hash) select now(), now(), 1, 1, 1, 1, 1, %s, 1, city_id, 0, 'f', ''"
        " from city",
        [numbers["used"]],
    )
    connection.execute(
        "insert into figure_log (computed_at, cause_id, city_id, changed, kinds, sites, starts, details)"
        " select now(), %s, city_id, true, array[1], array[null::integer], array[now()], array[%s::integer] from city",
        [numbers["cause"], numbers["detail"]],
    )

    assert texts.remove_unused(connection) == 1
    left = connection.execute("select text from figure_text order by text").fetchall()
    assert left == [("cause",), ("detail",), ("used",), ("young",)]


def test_an_old_text_is_not_used_again(connection: Connection) -> None:
    """It may just be removed by somebody who sees that nothing refers to it."""
    before = texts.store(connection, ["a is silent"])
    connection.execute("update figure_text set made_at = made_at - %s", [texts.REUSED + timedelta(minutes=1)])
    assert texts.store(connection, ["a is silent"]) != before
