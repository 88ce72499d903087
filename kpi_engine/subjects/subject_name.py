"""The name of what figures are of; without indicators, which only figures need."""

from typing import NamedTuple


class SubjectName(NamedTuple):
    """A city, one site of it, or one group of it; never both of them."""

    city: str
    site: str | None = None
    group: str | None = None

    def __str__(self) -> str:
        return " ".join(filter(None, self))
