"""What an engine keeps of what it has read, from step to step: no figure depends on it."""

from collections.abc import Mapping, Sequence
from copy import copy

from ingest.model.spans import Span
from kpi_engine.ports.metric import MetricFigure
from kpi_engine.ports.stored_keys import FigureKeyOfSpan
from kpi_engine.subjects.subject_index import SubjectIndex
from kpi_engine.windows import kept_days
from kpi_engine.windows.before_silence import BeforeSilence
from kpi_engine.windows.kept_days import KeptDays
from processors.storage.database import Connection

Spans = Mapping[int, Sequence[Span]]
"""By series, hours [start, end) that changed."""


class EngineMemory:
    """Days of hours, which live in the database for all engines, and what is known of days before silences.

    Every method works in the caller's transaction. ``figures``: those that others take, as they were computed in the
    transaction that goes on.
    """

    def __init__(self, connection: Connection) -> None:
        self.groups = KeptDays(connection)
        self.before = BeforeSilence()
        self.figures: dict[FigureKeyOfSpan, MetricFigure] = {}

    def of_a_step(self) -> "EngineMemory":
        """Return the memory of one transaction, which knows no figure yet: readings may have changed since another."""
        own = copy(self)
        own.figures = {}
        return own

    def know(self) -> None:
        """Take up definitions."""
        self.before.clear()

    def define(self, index: SubjectIndex) -> None:
        """Take up definitions, and forget what belongs to others."""
        self.know()
        self.groups.define({digest for every in index.day_groups.values() for digest in every})

    def forget(self, index: SubjectIndex, changed: Spans) -> None:
        """Forget what was read of hours that changed, or may have."""
        self.before.forget(changed)
        self.groups.forget((digest, span) for digest, spans in _groups(index, changed).items() for span in spans)

    def begin(self, index: SubjectIndex, changed: Spans) -> None:
        """Begin a step, which takes nothing that was read of hours that changed."""
        self.before.forget(changed)
        self.groups.begin(_groups(index, changed))

    def keep(self, index: SubjectIndex, changed: Spans) -> None:
        """Keep for all engines what the step found, but for what was noted as ``changed`` since it began."""
        self.groups.keep(_groups(index, changed))


def _groups(index: SubjectIndex, changed: Spans) -> kept_days.Changed:
    found: dict[str, list[Span]] = {}
    for series, spans in changed.items():
        for digest in index.day_groups.get(series, ()):
            found.setdefault(digest, []).extend(spans)
    return found
