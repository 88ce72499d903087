"""Validity: the civil days of its city on which something declared holds, [valid_from, valid_to)."""

from datetime import date
from typing import Self

from pydantic import model_validator

from ingest.model.declarations.declaration import Day, Declaration


class Validity(Declaration):
    """Days [valid_from, valid_to) in the city's civil time; an open end means: until further notice."""

    valid_from: Day | None = None
    valid_to: Day | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.valid_from and self.valid_to and self.valid_to <= self.valid_from:
            raise ValueError("expected valid_to after valid_from")
        return self

    @property
    def is_dated(self) -> bool:
        """Whether a day is given."""
        return self.valid_from is not None or self.valid_to is not None

    @property
    def days(self) -> tuple[date, ...]:
        """The days on which it begins and ends to hold, as far as they are given."""
        return tuple(day for day in (self.valid_from, self.valid_to) if day is not None)

    def holds_on(self, day: date) -> bool:
        """Return whether ``day`` is in [valid_from, valid_to)."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day < self.valid_to)

    def overlaps(self, other: "Validity") -> bool:
        """Return whether there is a day on which both hold."""
        return (self.valid_to is None or other.valid_from is None or other.valid_from < self.valid_to) and (
            other.valid_to is None or self.valid_from is None or self.valid_from < other.valid_to
        )
