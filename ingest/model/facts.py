"""Facts over time: which of several dated facts of one name holds on a day. Days are civil days of the city."""

from collections.abc import Sequence
from datetime import date

from ingest.model.assets import Fact


def value_at(facts: Sequence[Fact], name: str, day: date) -> Fact | None:
    """Return the fact called ``name`` that is valid on ``day``, or None; a checked city file has at most one."""
    return next((fact for fact in facts if fact.name == name and fact.holds_on(day)), None)
