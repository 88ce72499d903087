"""Figures as entities of NGSI-LD, for platforms that speak it."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from kpi_engine.api.cursors import AskedPart
from kpi_engine.api.hours import Subjects
from kpi_engine.api.ranges import Asked
from kpi_engine.api.routes.kpi_values import Figures, KpiNames, figures_part
from kpi_engine.api.routes.kpis import Allowed
from kpi_engine.api.turns import EXPENSIVE
from kpi_engine.indicators import INDICATORS
from kpi_engine.outbound.entity import MEDIA_TYPE, EntityScope, entity

router = APIRouter(prefix="/kpis", tags=["KPIs"])


class EntitiesAnswer(JSONResponse):
    """JSON-LD."""

    media_type = MEDIA_TYPE


@router.get(
    "/{kpi}/entities",
    dependencies=[EXPENSIVE],
    response_class=EntitiesAnswer,
    summary="Values of indicators as NGSI-LD",
)
def list_kpi_entities(  # noqa: PLR0913, PLR0917 - as for values
    kpi: KpiNames,
    access: Allowed,
    request: Request,
    response: Response,
    figures: Annotated[Figures, Depends()],
    asked: Asked,
    part: AskedPart,
) -> list[dict[str, Any]]:
    """List the same figures as `/kpis/{kpi}/values`, each as an entity KeyPerformanceIndicator of Smart Data Models.

    A figure without a value has no `kpiValue`, and its `reason`. Where there are more, the header `Link` has the next
    part.
    """
    found = figures_part(kpi, access, request, figures, asked, part)
    if found.next_cursor is not None:
        following = request.url.include_query_params(cursor=found.next_cursor)
        response.headers["Link"] = f'<{following.path}?{following.query}>; rel="next"'
    address: str = request.app.state.public_address
    subjects: Subjects = request.app.state.subjects
    cities = {one.city.name: one.city for one in subjects.current(access.connection).subjects.values()}
    return [
        entity(one, INDICATORS[one.kpi], EntityScope(cities[one.city], address, with_due=True))
        for one in found.figures
        if one.city in cities
    ]
