"""Freezing the targets of a city with what its figures say of them at the end of a period."""

from collections.abc import Iterator
from datetime import date

from kpi_engine.indicators import INDICATORS
from kpi_engine.reports.freezing import ReportScope
from kpi_engine.reports.frozen_target import FrozenTarget, TargetFigure, TargetRevision, TargetSaid
from kpi_engine.targets import store
from kpi_engine.targets.judgement import JUDGEMENT_RULES
from kpi_engine.targets.period_figure import PeriodFigure
from processors.storage.database import Connection


def frozen_targets(connection: Connection, scope: ReportScope, zone: str, known: int) -> Iterator[FrozenTarget]:
    """Yield the targets of a city and its groups, with the sites' where the report is of them, by what was ``known``.

    They are as the city file declares them today, and judged on the day after the period, or on that of ``known``, in
    microseconds, where the period went on.
    """
    _, end = scope.period.within(zone)
    declared = [one for one in store.declared(connection, [scope.city]) if scope.sites or one.site is None]
    for one in store.judgements(connection, declared, min(known, end), as_of=scope.as_of):
        target, held, indicator = one.declared.target, one.evidence, INDICATORS.get(one.declared.target.indicator)
        figures = [each for each in held.figures if _is_over(each, held.today)]
        yield FrozenTarget(
            city=one.declared.city,
            site=one.declared.site,
            group=one.declared.group,
            unit=indicator.unit if indicator else None,
            declared=target.model_dump(mode="json"),
            rules=JUDGEMENT_RULES,
            today=held.today,
            figures=[TargetFigure.of(each) for each in sorted(figures, key=lambda each: (each.year, each.month or 13))],
            revisions=[TargetRevision(**vars(each)) for each in held.revisions if each.month < held.today.month],
            said=TargetSaid.of(one.judgement) if one.judgement else None,
            unfit=one.unfit,
        )


def _is_over(figure: PeriodFigure, today: date) -> bool:
    """Whether a year or month has ended by a day: what comes later does not judge it."""
    if figure.month is None:
        return figure.year < today.year
    return (figure.year, figure.month) < (today.year, today.month)
