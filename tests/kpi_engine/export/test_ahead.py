"""What is read ahead comes in order, one step before it is wanted, and what goes wrong is told to who reads."""

from collections.abc import Iterator
from threading import Event

import pytest

from kpi_engine.export.ahead import read_ahead


def test_items_come_in_order_and_the_next_one_is_made_while_one_is_looked_at() -> None:
    made = [Event() for _ in range(3)]

    def items() -> Iterator[int]:
        for number, one in enumerate(made):
            one.set()
            yield number

    found = read_ahead(items())
    assert next(found) == 0
    assert made[1].wait(60)
    assert not made[2].is_set()
    assert list(found) == [1, 2]


def test_what_goes_wrong_is_told_after_the_items_before_it() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise OSError("the connection broke")

    found = read_ahead(items())
    assert next(found) == 1
    with pytest.raises(OSError, match="the connection broke"):
        next(found)


def test_who_stops_reading_stops_what_is_read_ahead() -> None:
    asked: list[int] = []

    def items() -> Iterator[int]:
        for number in range(100):
            asked.append(number)
            yield number

    found = read_ahead(items())
    assert next(found) == 0
    found.close()  # type: ignore[attr-defined]  # of generators
    assert asked in ([0], [0, 1])
