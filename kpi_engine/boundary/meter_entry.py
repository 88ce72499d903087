"""A device that counts for an indicator, from when to when, and the series that are read of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ingest.model.catalogue import Series
from ingest.model.city.missing import Missing


@dataclass(frozen=True)
class MeterEntry:
    """A device that counts in [valid_from, valid_to), and the series that are read of it, by quantity.

    ``role``: on which side of a balance; one device may stand on several. ``missing``: what stands for it where it
    was not read. ``beside``: series that tell what it is worth where one of the others lacks a quantity.
    """

    name: str
    series: Mapping[str, Series]
    valid_from: int
    valid_to: int
    carrier: str | None = None
    role: str | None = None
    missing: Missing = Missing.SHARE
    beside: Mapping[str, Series] = field(default_factory=dict)
