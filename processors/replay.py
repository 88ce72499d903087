"""History through the same steps as live data: files to rows, rows to observations, observations to the store."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from ingest.mapping import Mapping
from ingest.model.catalogue import Catalogue
from ingest.model.observation import Resolved
from ingest.rows import Rows, resolve
from ingest.sources import history
from processors.storage.ledger import Receipt
from processors.stream import Stream

READINGS_AT_ONCE: Final = 20_000  # in one transaction


@dataclass(frozen=True)
class History:
    """How files become observations of a city."""

    mapping: Mapping
    catalogue: Catalogue
    city: str

    def replay(self, path: Path, stream: Stream, now: int) -> Iterator[tuple[int, Receipt]]:
        """Store a file; yields, after every commit, how many rows it took and what became of their readings.

        ``now`` is the time of arrival. Replaying a file again changes nothing: its readings are duplicates. Raises
        MappingError or HistoryError when the file is not what the mapping says; what was committed before stays.
        """
        for frame in history.rows(path, self.mapping.separator):
            rows = Rows(frame, f"replay/{path.name}", now)
            taken = 0
            for portion in _portions(resolve(rows, self.mapping, self.catalogue, self.city)):
                reached = int(portion.batch.message.max(initial=taken))
                yield reached - taken, stream.store(portion, rows)
                taken = reached
            yield frame.height - taken, Receipt()


def _portions(resolved: Resolved) -> Iterator[Resolved]:
    """Split what was resolved in the order of the file's rows; refusals go with the first portion."""
    order = np.argsort(resolved.batch.message, kind="stable")
    yield replace(resolved, batch=resolved.batch.select(order[:READINGS_AT_ONCE]))
    for begin in range(READINGS_AT_ONCE, len(order), READINGS_AT_ONCE):
        yield Resolved(resolved.batch.select(order[begin : begin + READINGS_AT_ONCE]))
