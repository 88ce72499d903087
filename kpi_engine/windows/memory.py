"""What the engine keeps of what it has read, from step to step: no figure depends on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from ingest.model.spans import Span
from kpi_engine.ports.metric import MetricFigure
from kpi_engine.ports.stored_keys import FigureKeyOfSpan
from kpi_engine.sources import days as group_days
from kpi_engine.subjects.subject_index import SubjectIndex
from kpi_engine.windows.before_silence import BeforeSilence
from kpi_engine.windows.hour_cache import RememberedDays


@dataclass(frozen=True)
class EngineMemory:
    """Days of hours, which live in the database, and what is known of days before silences.

    ``figures``: those that others take, as they were computed in the transaction that goes on.
    """

    days: RememberedDays
    before: BeforeSilence = field(default_factory=BeforeSilence)
    figures: dict[FigureKeyOfSpan, MetricFigure] = field(default_factory=dict)

    def of_a_step(self) -> "EngineMemory":
        """Return the memory of one transaction: readings may change before the next."""
        return replace(self, figures={})

    def define(self, index: SubjectIndex) -> None:
        """Take up definitions, and forget what belongs to others."""
        self.days.define(index.definitions)
        group_days.define(self.days.connection, {digest for every in index.day_groups.values() for digest in every})
        self.before.clear()

    def forget(self, index: SubjectIndex, changed: Mapping[int, Sequence[Span]]) -> None:
        """Forget what was read of hours [start, end) of series that changed, or may have."""
        self.before.forget(changed)
        self.days.forget(
            (reader.subject, indicator, span)
            for series, spans in changed.items()
            for reader in index.readers.get(series, ())
            for indicator in reader.indicators
            for span in spans
        )
        group_days.forget(
            self.days.connection,
            (
                (digest, span)
                for series, spans in changed.items()
                for digest in index.day_groups.get(series, ())
                for span in spans
            ),
        )
