"""What is read while something else is made of what was read before, so that of two cores none waits."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")


def read_ahead(items: Iterable[Item]) -> Iterator[Item]:
    """Yield items; the next one is made meanwhile, by a thread of its own, and no more than one in advance."""
    source = iter(items)

    def some() -> list[Item]:
        return list(islice(source, 1))

    with ThreadPoolExecutor(1, "ahead") as reader:
        upcoming = reader.submit(some)
        while found := upcoming.result():
            upcoming = reader.submit(some)
            yield from found
