"""Keys of which a declaration gives exactly one."""

from collections.abc import Callable
from typing import TypeVar

from pydantic import BaseModel

Given = TypeVar("Given", bound=BaseModel)


def exactly_one(one: str, other: str, expected: str) -> Callable[[Given], Given]:
    """Return a validator of a whole declaration that gives one of two keys, which are ``expected`` where not."""

    def given(declared: Given) -> Given:
        if (getattr(declared, one) is None) == (getattr(declared, other) is None):
            raise ValueError(f"expected {expected}")
        return declared

    return given
