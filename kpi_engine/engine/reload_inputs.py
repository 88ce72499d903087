"""Complete inputs of a figure that keeps digests of its hours or meters: read again, and held to the digests."""

from dataclasses import replace
from typing import Any

from psycopg import Connection

from ingest.model.calendar import Period
from ingest.model.time import to_micros
from kpi_engine.errors import SubjectError
from kpi_engine.figures.erased import sentence
from kpi_engine.figures.figure import selected
from kpi_engine.figures.store import KnownFigure, Lineage
from kpi_engine.indicators import indicator
from kpi_engine.subjects import subject_index
from kpi_engine.subjects.subject import Subject, SubjectName
from kpi_engine.windows.loading import load
from kpi_engine.windows.plan import Request


def with_inputs(
    connection: Connection[Any], found: Lineage, index: subject_index.SubjectIndex | None = None
) -> Lineage:
    """Return ``found`` with inputs that the indicator's ``compute`` takes, read again where only a digest was kept.

    ``reproduces`` says whether they are those of the figure: they are not where rollups changed since, or which of them
    count. Inputs that were erased stay erased, and ``reproduces`` is not known. ``index``: the subjects of figures,
    where the caller has read them already. Raises SubjectError where the city or site is no longer registered.
    """
    rule = indicator(found.value.kpi)
    if sentence(found.inputs):
        return found
    if rule.inputs_model.IS_STORED_WHOLE and not holds_digest(found.inputs):
        return replace(found, reproduces=True)
    known = index or subject_index.load(connection)
    start, through = to_micros(found.value.period_start), to_micros(found.value.through)
    request = Request(_subject(known, found.value), start, through, rule)
    window = load(connection, [request])[0]
    inputs = selected(rule, window, Period(found.value.period), to_micros(found.value.period_end))
    reread: dict[str, Any] = inputs.model_dump(mode="json", exclude_defaults=True)
    return replace(found, inputs=reread, reproduces=inputs.stored() == found.inputs)


def holds_digest(stored: object) -> bool:
    """Whether a digest stands for a list of entries anywhere in stored inputs."""
    if isinstance(stored, dict):
        return "sha256" in stored or any(map(holds_digest, stored.values()))
    return isinstance(stored, list) and any(map(holds_digest, stored))


def _subject(known: subject_index.SubjectIndex, value: KnownFigure) -> Subject:
    name = SubjectName(value.city, value.site, value.group)
    if (subject := known.by_name.get(name)) is None:
        raise SubjectError(f"{name} is no longer registered, so its inputs cannot be read again")
    return subject
