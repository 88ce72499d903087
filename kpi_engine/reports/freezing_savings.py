"""Freezing what the baselines of a city say of a period, with the days, models, prices and factors behind it."""

from collections.abc import Iterator
from datetime import datetime

from kpi_engine.baselines.declared import DeclaredBaseline, declared_baselines
from kpi_engine.baselines.models import inputs_of
from kpi_engine.baselines.report import SavingsReport, SavingsRequest, savings_report
from kpi_engine.errors import BaselineError
from kpi_engine.reports.frozen_savings import FrozenAdjustment, FrozenFit, FrozenRate, FrozenSavings, savings_document
from kpi_engine.reports.period import ReportPeriod
from processors.storage.database import Connection
from processors.storage.registry import registry


def frozen_savings(
    connection: Connection, city: str, period: ReportPeriod, now: int, as_of: datetime | None = None
) -> Iterator[FrozenSavings]:
    """Yield what each baseline of a city says of the days of a period that are over, from its measure on.

    ``as_of``: as it was known then.
    """
    for declared in declared_baselines(registry.load(connection)):
        begins = max(period.first, declared.declaration.reporting_from)
        if declared.city.name == city and begins < period.after:
            asked = SavingsRequest(begins, period.after, now, as_of=as_of)
            try:
                found = savings_report(connection, declared, asked)
            except BaselineError as error:
                yield _frozen(declared, asked, None, [str(error)])
            else:
                yield _frozen(declared, asked, found, found.disqualified)


def _frozen(
    declared: DeclaredBaseline, asked: SavingsRequest, found: SavingsReport | None, disqualified: list[str]
) -> FrozenSavings:
    declaration = declared.declaration
    held = found.account if found else None
    money, emitted = (found.price, found.emission_factor) if found else (None, None)
    last = found.last if found else asked.last
    return FrozenSavings(
        id=declared.id,
        option=declaration.option,
        boundary=declaration.boundary,
        carrier=declared.carrier,
        first=asked.first,
        last=last,
        confidence=declaration.confidence,
        degree_days=declaration.degree_days,
        fit=_fit(found) if found else None,
        days=inputs_of(held.days) if held else None,
        is_open=held is not None and held.is_open,
        adjustments=[FrozenAdjustment.model_validate(one) for one in found.adjustments] if found else [],
        cost_rate=FrozenRate.of(money),
        emissions_rate=FrozenRate.of(emitted),
        said=savings_document(held, asked.first, last, money, emitted) if held else None,
        disqualified=disqualified,
        notes=found.notes if found else [],
    )


def _fit(found: SavingsReport) -> FrozenFit:
    model = found.model
    return FrozenFit(
        version=model.version,
        fitted_at=model.fitted_at,
        code_version=model.code_version,
        method=model.result["method"]["name"],
        may_cool=model.result["may_cool"],
        days=model.inputs,
        result=model.result,
    )
