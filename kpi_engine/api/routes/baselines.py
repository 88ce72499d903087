"""Baselines of sites, and what was saved since the measures they stand before."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request

from ingest.model.calendar import Period, day_start
from kpi_engine.api import baselines
from kpi_engine.api.access import Access, Resource, seeing
from kpi_engine.api.charging_sessions import Catalogues
from kpi_engine.api.cursors import AskedPart, Paging
from kpi_engine.api.errors import NotFoundError, WithheldError, invalid
from kpi_engine.api.instants import DayOrInstant
from kpi_engine.api.ranges import instant
from kpi_engine.api.representation import Page
from kpi_engine.api.turns import EXPENSIVE
from kpi_engine.baselines import adjustments, models
from kpi_engine.baselines.declared import DeclaredBaseline, declared_baselines
from kpi_engine.baselines.report import SavingsRequest, savings_report
from kpi_engine.baselines.savings import SavingsPeriod
from kpi_engine.errors import BaselineError, BaselineRangeError
from kpi_engine.privacy.shown_figures import FORMER
from kpi_engine.privacy.viewing import NO_READINGS, AskedFigure

router = APIRouter(prefix="/baselines", tags=["KPIs"])

Allowed = Annotated[Access, Depends(seeing(Resource.KPIS))]
BaselineId = Annotated[str, Path(description="As in /baselines: city, site and name.", max_length=200)]


@dataclass(frozen=True)
class SavingsQuery:
    """Which savings: those of the days [from, to), by the model that holds unless a version is named."""

    first: Annotated[date, Query(alias="from", description="First day, in the city's time.")]
    last: Annotated[date, Query(alias="to", description="Day after the last.")]
    as_of: Annotated[
        DayOrInstant | None,
        Query(description="As was known then: model, adjustments, daily figures; a day: at its start."),
    ] = None
    period: Annotated[SavingsPeriod, Query(description="What they are told by, beside the total.")] = (
        SavingsPeriod.MONTH
    )
    model: Annotated[int | None, Query(ge=1, le=2**31 - 1, description="By the model of this version.")] = None


@router.get("", summary="Baselines")
def list_baselines(  # noqa: PLR0913, PLR0917 - each is a dependency
    access: Allowed,
    request: Request,
    asked: AskedPart,
    city: str | None = None,
    site: Annotated[str | None, Query(description="Only of this site.")] = None,
    group: Annotated[str | None, Query(description="Only of this group.")] = None,
) -> Page[baselines.SiteBaseline]:
    """List the baselines that sites and groups declare, each with its model."""
    every = [
        one
        for one in _declared(access, request, city)
        if site in {None, one.subject.site} and group in {None, one.subject.group}
    ]
    found = [one for one in every if not _is_withheld(access, one)]
    current = models.holding(access.connection, city)
    shown = [baselines.site_baseline(one, current.get(one.id)) for one in found]
    return Paging(("baselines", city, site, group)).page(
        shown, lambda one: (one.city, one.site or "", one.group or "", one.name), asked, len(every) - len(found)
    )


@router.get("/{baseline}", summary="One baseline")
def show_baseline(baseline: BaselineId, access: Allowed, request: Request) -> baselines.BaselineHistory:
    """Return a baseline with every fit of it, and every adjustment that was ever entered."""
    declared = _find(access, request, baseline)
    every = models.versions(access.connection, declared)
    shown = next((one for one in every if one.superseded_at is None), None)
    return baselines.history(declared, every, adjustments.log(access.connection, declared), shown)


@router.get("/{baseline}/savings", dependencies=[EXPENSIVE], summary="Savings since a measure")
def show_savings(
    baseline: BaselineId, access: Allowed, request: Request, wanted: Annotated[SavingsQuery, Depends()]
) -> baselines.BaselineSavings:
    """Return what was avoided in [from, to): energy, money and emissions, by period and in all, with bounds."""
    declared = _find(access, request, baseline)
    if wanted.first >= wanted.last:
        raise invalid("to", "expected `from` to be earlier than `to`")
    _require_shown(access, declared, wanted)
    known_at = instant(wanted.as_of, declared.city.timezone, "as_of")
    asked = SavingsRequest(wanted.first, wanted.last, access.now, known_at, wanted.model, wanted.period)
    try:
        return baselines.baseline_savings(declared, savings_report(access.connection, declared, asked))
    except BaselineRangeError as error:
        raise invalid("from", str(error)) from error
    except BaselineError as error:
        raise NotFoundError(str(error)) from error


def _declared(access: Access, request: Request, city: str | None) -> list[DeclaredBaseline]:
    """Return the declared baselines within the token's scope."""
    scope = access.cities(city)
    catalogues: Catalogues = request.app.state.catalogues
    every = declared_baselines(catalogues.current(access.connection))
    return [one for one in every if scope is None or one.city.name in scope]


def _is_withheld(access: Access, one: DeclaredBaseline) -> bool:
    """Whether a baseline is fitted to what few households used, day by day: its model is for operators then."""
    view = access.viewing.of(one.city.name)
    if view is None:
        return False
    kpi = one.declaration.energy.indicator
    return kpi is None or (view.has_households(one.subject, kpi) and not view.shows_months(one.subject, kpi))


def _require_shown(access: Access, one: DeclaredBaseline, wanted: SavingsQuery) -> None:
    """Raise WithheldError for savings of households by days, of a part of a month, or as they were known before."""
    kpi = one.declaration.energy.indicator
    if access.viewing.of(one.city.name) is None or kpi is None:
        return
    zone = one.city.timezone
    span = day_start(wanted.first, zone), day_start(wanted.last, zone)
    is_of_months = wanted.first.day == wanted.last.day == 1 and wanted.period is SavingsPeriod.MONTH
    access.require_shown(AskedFigure(one.subject, kpi, None if is_of_months else Period.DAY, *span))
    if wanted.as_of and access.viewing.has_households(one.subject, kpi):
        raise WithheldError(f"baseline {one.id}: {FORMER}")


def _find(access: Access, request: Request, baseline: str) -> DeclaredBaseline:
    for one in _declared(access, request, None):
        if one.id == baseline:
            if _is_withheld(access, one):
                raise WithheldError(f"baseline {baseline}: {NO_READINGS}")
            return one
    raise NotFoundError(f"there is no baseline {baseline!r}")
