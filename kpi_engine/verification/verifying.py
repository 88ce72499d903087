"""Kept figures computed again from the readings up, and held against what is kept; nothing is written.

Three links, each held against what is kept: readings to hours, days and months; these, facts, factors and other inputs
to what the figure was computed from; that to value, bounds, status and digest. Where readings give other hours, the
figures are computed from those, in a transaction that is rolled back.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from ingest.model.calendar import Period
from ingest.model.catalogue import Catalogue
from ingest.model.time import HOUR, to_micros
from kpi_engine.differences.reasons import reasons
from kpi_engine.engine import notes
from kpi_engine.engine.reload_inputs import holds_digest
from kpi_engine.evidence.figure_digest import used_factors
from kpi_engine.export.figures import factor_words
from kpi_engine.export.period_labels import period_label
from kpi_engine.figures.erased import sentence
from kpi_engine.figures.figure import selected
from kpi_engine.figures.status import publication
from kpi_engine.figures.store import StoredFigure
from kpi_engine.indicator import Inputs
from kpi_engine.indicators import INDICATORS
from kpi_engine.reports.checking import Verdict, check
from kpi_engine.reports.frozen import AS_STORED, FrozenFigure
from kpi_engine.subjects.subject import Subject, SubjectName
from kpi_engine.subjects.subject_index import SubjectIndex
from kpi_engine.verification import kept
from kpi_engine.verification.kept import FigureChoice
from kpi_engine.verification.recounted import happening, recounted
from kpi_engine.verification.verdict import Alteration, FailedFigure, FigureVerdict, StoreVerification
from kpi_engine.window import Window
from kpi_engine.windows.loading import load
from kpi_engine.windows.plan import Request
from processors.rollups.recount import Recount
from processors.storage.database import Connection

_KeptInputs = dict[str, Any]


class _Found(NamedTuple):
    """What came of a figure, why it fails, and what it would be where that can be said."""

    verdict: FigureVerdict
    why: str = ""
    computed: float | None = None


@dataclass(frozen=True)
class Advance:
    """Who is told how much there is, and how much of it is done: hours of series, and figures."""

    begins: Callable[[int, int], None]
    hours: Callable[[int], None]
    figures: Callable[[int], None]


def verify_city(  # noqa: PLR0913, PLR0917 - what is verified, what it rests on, and who is told
    connection: Connection,
    catalogue: Catalogue,
    index: SubjectIndex,
    city: str,
    chosen: FigureChoice,
    found: StoreVerification,
    advance: Advance,
) -> None:
    """Verify the chosen figures of a city, and add what comes of it to ``found``."""
    size = kept.extent(connection, city, chosen)
    connection.rollback()
    if size.start is None or size.end is None:
        return
    series = _series(index, city, chosen)
    span = to_micros(size.start), to_micros(size.end)
    advance.begins(len(series) * (span[1] - span[0]) // HOUR, size.figures)
    altered: list[Alteration] = []

    def counted(hours: int, waiting: int) -> None:
        found.hours += hours - waiting
        found.waiting += waiting
        advance.hours(hours)

    recount = Recount(connection, catalogue)
    for stretches in recounted(connection, recount, series, span, counted):
        for one in stretches:
            found.add_alteration(one)
        altered += stretches
    with connection.transaction(force_rollback=True):
        if altered:
            happening(recount, altered)
        kept.plan_as_usual(connection)
        verifier = _Verifier(connection, index, altered)
        for figures, inputs in kept.portions(connection, city, chosen):
            for figure, told in zip(figures, verifier.verify(figures, inputs), strict=True):
                found.add(told.verdict, _failure(index, figure, told) if told.why else None)
            advance.figures(len(figures))


def _series(index: SubjectIndex, city: str, chosen: FigureChoice) -> list[int]:
    """Return the series that chosen figures read."""
    subjects = [
        one
        for one in index.subjects.values()
        if one.city.name == city and chosen.site in {None, one.site} and chosen.group in {None, one.group}
    ]
    found: set[int] = set()
    for subject in subjects:
        for indicator in subject.indicators:
            if chosen.kpis is None or indicator.name in chosen.kpis:
                found |= subject.series_of(indicator)
    return sorted(found)


class _Verifier:
    """Verifies figures in the transaction of the caller, in which altered readings have happened."""

    def __init__(self, connection: Connection, index: SubjectIndex, altered: Sequence[Alteration]) -> None:
        self._connection, self._index = connection, index
        self._altered = altered
        noted = notes.last(connection)
        self._is_noted = noted is not None and noted.roster == index.digest
        self._unnoted = kept.unnoted(connection)

    def verify(self, figures: Sequence[StoredFigure], inputs: Mapping[int, _KeptInputs]) -> list[_Found]:
        """Return of each figure what came of computing it again, why, and what it would be."""
        told = [self._before_reading(one, inputs[one.value_id]) for one in figures]
        left = [one for one, found in zip(figures, told, strict=True) if found is None]
        windows = iter(load(self._connection, [self._request(one) for one in left])) if left else iter(())
        return [
            found or self._held(one, inputs[one.value_id], next(windows))
            for one, found in zip(figures, told, strict=True)
        ]

    def _before_reading(self, figure: StoredFigure, stored: _KeptInputs) -> _Found | None:
        """Return what can be said of a figure without reading what it rests on; None where that is to be read."""
        rule = INDICATORS.get(figure.kpi)
        if rule is None:
            return _Found(FigureVerdict.NO_DEFINITION, f"this version knows no indicator {figure.kpi}")
        if sentence(stored):
            return _Found(FigureVerdict.INPUTS_ERASED)
        if figure.superseded_at is None and figure.due:
            return _Found(FigureVerdict.DUE)
        if rule.rule_version != figure.rule_version:
            why = f"it follows rules {figure.rule_version}, and this version has {rule.rule_version}"
            return _Found(FigureVerdict.OTHER_RULES, why)
        return self._superseded(figure, stored) if figure.superseded_at else self._undeclared(figure)

    def _superseded(self, figure: StoredFigure, stored: _KeptInputs) -> _Found:
        """Return what comes of a former figure from what is kept with it; what it was read from has moved on."""
        if holds_digest(stored) or not INDICATORS[figure.kpi].inputs_model.IS_STORED_WHOLE:
            return _Found(FigureVerdict.DIGEST_ONLY)
        return self._checked(figure, stored)

    def _undeclared(self, figure: StoredFigure) -> _Found | None:
        subject = self._subject(figure)
        if subject is not None and figure.kpi in subject.meter_sets:
            return None
        why = "no city file declares any more what it is computed from, or of whom"
        return _Found(FigureVerdict.NO_DEFINITION, why)

    def _held(self, figure: StoredFigure, stored: _KeptInputs, window: Window) -> _Found:
        """Return what came of a figure from the window of it as everything is now."""
        rule = INDICATORS[figure.kpi]
        inputs = selected(rule, window, Period(figure.period), to_micros(figure.period_end))
        again, factors = inputs.stored(), used_factors(window)
        if again == stored and factors == figure.factors:
            return self._checked(figure, inputs.model_dump(mode="json", exclude_defaults=True))
        verdict, why = FigureVerdict.INPUTS_DIFFER, self._why(figure, stored, again, factors)
        if altered := self._touching(figure):
            verdict, why = FigureVerdict.READINGS_DIFFER, "; ".join([*altered[:3], *_more(len(altered) - 3)])
        elif not self._is_noted or self._is_about_to_be_due(figure):
            return _Found(FigureVerdict.DUE)
        return _Found(verdict, why, _value(figure, inputs))

    def _why(self, figure: StoredFigure, stored: _KeptInputs, again: _KeptInputs, factors: list[dict[str, Any]]) -> str:
        said = list(reasons(figure, figure, (stored, again)))
        if factors != figure.factors:
            was, now = (", ".join(map(factor_words, some)) or "none" for some in (figure.factors, factors))
            said.append(f"factors are {now}, and were {was}")
        return "; ".join(said) + ": what is kept of them is not what it was computed from"

    def _is_about_to_be_due(self, figure: StoredFigure) -> bool:
        """Whether hours that a figure reads changed so lately that nobody has noted it as due."""
        subject = self._subject(figure)
        spans = [self._unnoted.get(one) for one in subject.series_of(INDICATORS[figure.kpi])] if subject else []
        return any(span and span[0] < figure.through and figure.period_start < span[1] for span in spans)

    def _touching(self, figure: StoredFigure) -> list[str]:
        """Return in words the altered stretches of series that a figure reads, in its period."""
        subject = self._subject(figure)
        read = subject.series_of(INDICATORS[figure.kpi]) if subject else set()
        meeting = [one for one in self._altered if one.start < figure.through and figure.period_start < one.end]
        own = [one for one in meeting if one.series_id in read]
        return [str(one) for one in own or meeting]

    def _checked(self, figure: StoredFigure, inputs: _KeptInputs) -> _Found:
        """Return whether a figure comes out of its inputs again."""
        fields = {name: of for name, of in asdict(figure).items() if name in AS_STORED}
        verdict, why = check(FrozenFigure(**fields, zone="UTC", inputs=inputs, reproducible=True))
        if verdict is Verdict.REPRODUCES:
            return _Found(FigureVerdict.REPRODUCES)
        model = INDICATORS[figure.kpi].inputs_model
        return _Found(FigureVerdict.VALUE_DIFFERS, why or verdict, _value(figure, model.model_validate(inputs)))

    def _request(self, figure: StoredFigure) -> Request:
        subject = self._subject(figure)
        assert subject is not None  # noqa: S101 - those without were told before; tells the type checker
        return Request(subject, to_micros(figure.period_start), to_micros(figure.through), INDICATORS[figure.kpi])

    def _subject(self, figure: StoredFigure) -> Subject | None:
        return self._index.by_name.get(SubjectName(figure.city, figure.site, figure.group))


def _more(count: int) -> list[str]:
    return [f"and {count} more stretches"] if count > 0 else []


def _value(figure: StoredFigure, inputs: Inputs) -> float | None:
    rule = INDICATORS[figure.kpi]
    return publication(rule.outcome(inputs), is_open=figure.through < figure.period_end, limits=rule.limits).value


def _failure(index: SubjectIndex, figure: StoredFigure, told: _Found) -> FailedFigure:
    subject = index.by_name.get(SubjectName(figure.city, figure.site, figure.group))
    zone = subject.zone if subject else "UTC"
    return FailedFigure(
        value_id=figure.value_id,
        kpi=figure.kpi,
        city=figure.city,
        site=figure.site,
        group=figure.group,
        period=figure.period,
        label=period_label(figure.period_start, figure.period, zone),
        value=figure.value,
        computed=told.computed,
        unit=figure.unit,
        verdict=told.verdict,
        why=told.why,
    )
