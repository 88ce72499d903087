"""Open data: what cities give to everybody, without a token; the catalogue, and figures as tables."""

from enum import StrEnum
from typing import IO, Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from ingest.model.calendar import Period
from kpi_engine.api.clock import Now
from kpi_engine.api.open_access import ONCE, STREAMED, OpenAccess
from kpi_engine.api.routes.export import ANSWERS, Written
from kpi_engine.export.formats import FORMATS
from kpi_engine.export.source import about, one_moment
from kpi_engine.export.stream import stream
from kpi_engine.open_data.catalogue import MEDIA_TYPE, catalogue
from kpi_engine.open_data.recent import extents
from kpi_engine.open_data.table import EVERY_DAY, open_figures

router = APIRouter(prefix="/open", tags=["open data"])

Open = Annotated[OpenAccess, Depends(OpenAccess)]
MAKE: Final = "pharos api open data"
HEADERS: Final = {"Cache-Control": "public, max-age=60", "Access-Control-Allow-Origin": "*"}


class OpenPeriod(StrEnum):
    """A civil month or year; days are not given to everybody."""

    MONTH = Period.MONTH.value
    YEAR = Period.YEAR.value


class CatalogueAnswer(JSONResponse):
    """JSON-LD."""

    media_type = MEDIA_TYPE


@router.get("/catalogue", dependencies=list(ONCE), response_class=CatalogueAnswer, summary="Catalogue (DCAT-AP)")
def show_catalogue(request: Request, response: Response, access: Open) -> dict[str, Any]:
    """Describe the open figures of every city for catalogues of open data: DCAT-AP 3 as JSON-LD."""
    response.headers.update(HEADERS)
    every = [(one, extents(access.connection, one)) for one in access.cities()]
    return catalogue(every, request.app.state.public_address)


@router.get("/{city}/figures", dependencies=list(STREAMED), response_class=StreamingResponse, responses=ANSWERS)
def export_open_figures(  # noqa: PLR0913, PLR0917 - each is a dependency
    city: str,
    request: Request,
    access: Open,
    now: Now,
    written: Annotated[Written, Depends()],
    period: Annotated[OpenPeriod, Query(description="Which figures.")] = OpenPeriod.MONTH,
) -> StreamingResponse:
    """Return every open figure of a city and of those of its groups that may be public."""
    one, index, kind = access.city(city), access.index, FORMATS[written.chosen]
    said = about(now, EVERY_DAY, {"city": city, "period": period.value})
    url = request.app.state.pool.conninfo

    def write(target: IO[bytes]) -> None:
        with one_moment(url, MAKE) as connection:
            kind.write(open_figures(connection, index, one, Period(period), said, now), target)

    name = f'attachment; filename="{city}-{period}s.{kind.suffix}"'
    headers = {**HEADERS, "Content-Disposition": name}
    return StreamingResponse(stream(write), media_type=kind.media_type, headers=headers)
