"""History through the same steps as live data: files to rows, rows to observations, observations to the store."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from ingest.errors import MappingError
from ingest.history import axis_rows, files
from ingest.history.axis_mapping import AxisMapping
from ingest.history.mapping import Mapping
from ingest.history.row_times import Passes, double_hours
from ingest.history.rows import Rows, resolve
from ingest.model.catalogue import Catalogue
from ingest.model.observation import ObservationBatch, Refusal, Resolved
from ingest.reasons import Reason
from processors.intake.stream import Stream
from processors.isolation import described, isolated, record
from processors.storage.readings.ledger import Receipt

READINGS_AT_ONCE: Final = 20_000  # in one transaction


@dataclass(frozen=True)
class History:
    """How files become observations of a city; ``revision``: when they were issued, whatever the mapping says of it."""

    mapping: Mapping | AxisMapping
    catalogue: Catalogue
    city: str
    revision: float | None = None

    def replay(self, path: Path, stream: Stream, now: int) -> Iterator[tuple[int, Receipt]]:
        """Store a file; yields, after every commit, how many rows it took and what became of their readings.

        ``now`` is the time of arrival. Replaying a file again changes nothing: its readings are duplicates. Raises
        MappingError or HistoryError when the file is not what the mapping says; what was committed before stays.
        """
        self._check_length(path)
        first, passes = 0, self._double_hours(path)
        for frame in files.rows(path, self.mapping.layout):
            for rows, resolved in self._parts(Rows(frame, f"replay/{path.name}", now), first, passes):
                taken = 0
                for portion in _portions(resolved):
                    reached = int(portion.batch.message.max(initial=taken))
                    yield reached - taken, stream.store(portion, rows)
                    taken = reached
                yield len(rows) - taken, Receipt()
            first += frame.height

    def _parts(self, rows: Rows, first: int, passes: Passes | None) -> list[tuple[Rows, Resolved]]:
        """Resolve rows, all at once or, where that fails in a way nobody foresaw, without those at fault."""

        def take(part: Sequence[int]) -> tuple[Rows, Resolved]:
            taken = rows.part(part)
            return taken, self._resolve(taken, first + (part[0] if part else 0), passes)

        def refuse(index: int, error: Exception) -> tuple[Rows, Resolved]:
            refused = rows.part([index])
            record(error, refused[0])
            held = sum(refused.frame[one.column][0] is not None for one in self.mapping.values)
            refusal = Refusal(0, Reason.INTERNAL_ERROR, described(error, "row"), max(1, held), self.city)
            return refused, Resolved(ObservationBatch.empty(), [refusal])

        return isolated(range(len(rows)), take, refuse)

    def _double_hours(self, path: Path) -> Passes | None:
        """Tell double hours of a file apart, which takes all of its rows; times of an axis are never double."""
        if isinstance(self.mapping, AxisMapping):
            return None
        return double_hours(lambda: files.rows(path, self.mapping.layout), self.mapping)

    def _resolve(self, rows: Rows, first: int, passes: Passes | None) -> Resolved:
        """Resolve rows of which the first one has a number within its file."""
        if isinstance(self.mapping, AxisMapping):
            resolved = axis_rows.resolve(rows, first, self.mapping, self.catalogue, self.city)
        else:
            within = None if passes is None else (passes, first)
            resolved = resolve(rows, self.mapping, self.catalogue, self.city, within)
        issued = self.mapping.issued if self.revision is None else self.revision
        if issued is None:
            return resolved
        return replace(resolved, batch=replace(resolved.batch, revision=np.full(len(resolved.batch), issued)))

    def _check_length(self, path: Path) -> None:
        """Refuse a file that is shorter or longer than the axis of its mapping: its rows would be at other times."""
        expected = self.mapping.axis.rows if isinstance(self.mapping, AxisMapping) else None
        found = None if expected is None else files.count(path, self.mapping.layout)
        if found != expected:
            raise MappingError(f"{path}: expected {expected} rows by the axis of {self.mapping.name}, not {found}")


def _portions(resolved: Resolved) -> Iterator[Resolved]:
    """Split what was resolved in the order of the file's rows; refusals go with the first portion."""
    order = np.argsort(resolved.batch.message, kind="stable")
    yield replace(resolved, batch=resolved.batch.select(order[:READINGS_AT_ONCE]))
    for begin in range(READINGS_AT_ONCE, len(order), READINGS_AT_ONCE):
        rows = order[begin : begin + READINGS_AT_ONCE]
        yield Resolved(resolved.batch.select(rows), sightings=resolved.sightings)
