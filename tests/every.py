"""One test of many things that are alike: each is tried, and those that fail are told together, by their names.

A test for each of them takes longer to set up than to run.
"""

from collections.abc import Callable, Mapping
from typing import TypeVar

import pytest

Thing = TypeVar("Thing")


def of_every(things: Mapping[str, Thing]) -> Callable[[Callable[[Thing], None]], Callable[[], None]]:
    """Make one test of a test of a thing, for all ``things`` by their names."""
    assert things

    def decorate(test: Callable[[Thing], None]) -> Callable[[], None]:
        def every_one() -> None:
            failed = list(filter(None, (_failure(test, name, thing) for name, thing in things.items())))
            if failed:
                raise BaseExceptionGroup(f"{len(failed)} of {len(things)} fail", failed)

        every_one.__name__, every_one.__doc__, every_one.__module__ = test.__name__, test.__doc__, test.__module__
        return every_one

    return decorate


def _failure(test: Callable[[Thing], None], name: str, thing: Thing) -> BaseException | None:
    try:
        test(thing)
    except (Exception, pytest.fail.Exception) as error:  # noqa: BLE001 - whatever a test raises is told
        error.add_note(f"of {name}")
        return error
    return None
