"""Tables to take home: figures, buckets and readings of many at once, streamed in a format that other programs open."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import IO, Annotated, Any, Final

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.responses import StreamingResponse

from ingest.model.calendar import Period
from kpi_engine.api import kpis
from kpi_engine.api.access import EVERY_SITE, Access, Resource, seeing
from kpi_engine.api.aggregates import Interval
from kpi_engine.api.errors import invalid
from kpi_engine.api.figures_asked import EVERY, cities_asked
from kpi_engine.api.hours import Subjects
from kpi_engine.api.instants import DayOrInstant
from kpi_engine.api.rates import credential
from kpi_engine.api.turns import Turns
from kpi_engine.export.aggregates import aggregates
from kpi_engine.export.errors import ExportError
from kpi_engine.export.figures import FiguresWanted, figures
from kpi_engine.export.formats import FORMATS, ExportFormat, acceptable
from kpi_engine.export.observations import observations
from kpi_engine.export.scope import DayRange, SeriesScope
from kpi_engine.export.source import about, one_moment
from kpi_engine.export.stream import stream
from kpi_engine.export.table import Table
from kpi_engine.figures.figure_periods import FigurePeriod
from kpi_engine.privacy.shown_figures import ShownFigures
from kpi_engine.privacy.viewing import NO_READINGS
from processors.storage.database import Connection

router = APIRouter(prefix="/export", tags=["export"])

OfSeries = Annotated[Access, Depends(seeing(Resource.SERIES))]
OfFigures = Annotated[Access, Depends(seeing(Resource.KPIS))]
Names = tuple[str, ...]
MAKE: Final = "pharos api export"
ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The table. A connection that is broken off is a table that is not whole.",
        "content": {one.media_type: {"schema": {"type": "string", "format": "binary"}} for one in FORMATS.values()},
    }
}


async def _turn(request: Request) -> AsyncIterator[None]:
    exports: Turns = request.app.state.exports
    async with exports.one(credential(request)):
        yield


EXPORTING: Final = Depends(_turn, scope="request")  # given back when the last row was sent


@dataclass(frozen=True)
class Written:
    """In which format the table is wanted."""

    format: Annotated[ExportFormat | None, Query(description="Left out: as `Accept` says, else CSV.")] = None
    accept: Annotated[str, Header(include_in_schema=False)] = ""

    @property
    def chosen(self) -> ExportFormat:
        """The format."""
        return self.format or acceptable(self.accept)


@dataclass(frozen=True)
class Range:
    """Of which time, half-open."""

    start: Annotated[DayOrInstant, Query(alias="from", description="A day of the city, or an instant; included.")]
    end: Annotated[DayOrInstant, Query(alias="to", description="A day of the city, or an instant; excluded.")]

    @property
    def days(self) -> DayRange:
        """The range; raises InvalidRequestError where its ends are of two kinds, or in no order."""
        if type(self.start) is not type(self.end):
            raise invalid("to", "expected a day where `from` is a day, and an instant where `from` is an instant")
        if self.start >= self.end:
            raise invalid("to", "expected `from` to be earlier than `to`")
        return DayRange(self.start, self.end)


Cities = Annotated[Names, Query(description="Cities; left out: every one that the token may see.")]


@dataclass(frozen=True)
class OfWhich:
    """Whose series; what is left out does not matter."""

    city: Cities = ()
    site: Annotated[Names, Query()] = ()
    vertical: Annotated[Names, Query()] = ()
    device: Annotated[Names, Query()] = ()
    quantity: Annotated[Names, Query()] = ()
    series: Annotated[tuple[int, ...], Query(description="Numbers of series.")] = ()

    def scope(self, access: Access, days: DayRange) -> SeriesScope:
        """Return the scope, in the cities that the token may see."""
        cities = cities_asked(access, self.city or (EVERY,))
        return SeriesScope(
            cities,
            days,
            self.site,
            self.vertical,
            self.device,
            self.quantity,
            self.series,
            access.viewing.prepared(cities).sees(),
        )

    @property
    def asked(self) -> dict[str, object]:
        """What was chosen, by name."""
        return dict(vars(self))


@dataclass(frozen=True)
class OfFiguresWanted:
    """Whose figures."""

    city: Cities = ()
    site: Annotated[Names, Query(description="Sites beside the cities as wholes; * for every one.")] = ()
    group: Annotated[Names, Query(description="Groups beside the cities as wholes; * for every one.")] = ()
    kpi: Annotated[Names, Query(description="Indicators; left out: every one.")] = ()
    as_of: Annotated[
        DayOrInstant | None, Query(description="Answer as was known then; a day: at its start in each city.")
    ] = None


@router.get("/observations", dependencies=[EXPORTING], response_class=StreamingResponse, responses=ANSWERS)
def export_observations(
    request: Request,
    access: OfSeries,
    of: Annotated[OfWhich, Depends()],
    within: Annotated[Range, Depends()],
    written: Annotated[Written, Depends()],
) -> StreamingResponse:
    """Return readings of series, series by series in order of time."""
    scope = of.scope(access, within.days)
    described = _description(access, scope, of.asked)
    return _answer(request, access, written.chosen, lambda connection: observations(connection, scope, described))


@router.get("/aggregates", dependencies=[EXPORTING], response_class=StreamingResponse, responses=ANSWERS)
def export_aggregates(  # noqa: PLR0913, PLR0917 - each is a dependency
    request: Request,
    access: OfSeries,
    of: Annotated[OfWhich, Depends()],
    within: Annotated[Range, Depends()],
    written: Annotated[Written, Depends()],
    interval: Annotated[Interval, Query(description="Width of a bucket.")] = Interval.DAY,
) -> StreamingResponse:
    """Return buckets of series, series by series in order of time."""
    scope = of.scope(access, within.days)
    described = _description(access, scope, of.asked)

    def make(connection: Connection) -> Table:
        return aggregates(connection, scope, interval, access.now, described)

    return _answer(request, access, written.chosen, make)


@router.get("/kpis", dependencies=[EXPORTING], response_class=StreamingResponse, responses=ANSWERS)
def export_kpis(  # noqa: PLR0913, PLR0917 - each is a dependency
    request: Request,
    access: OfFigures,
    of: Annotated[OfFiguresWanted, Depends()],
    within: Annotated[Range, Depends()],
    written: Annotated[Written, Depends()],
    period: FigurePeriod = FigurePeriod.MONTH,
) -> StreamingResponse:
    """Return figures of cities, and of the sites and groups of them that are asked for."""
    days = within.days
    viewing = access.viewing.prepared(cities_asked(access, of.city or (EVERY,)))
    wanted = FiguresWanted(
        cities=cities_asked(access, of.city or (EVERY,)),
        period=Period(period),
        days=days,
        kpis=[kpis.find(name).name for name in of.kpi],
        sites=of.site,
        groups=of.group,
        with_sites=EVERY_SITE in of.site,
        with_groups=EVERY_SITE in of.group,
        as_of=of.as_of,
        shown=lambda found: ShownFigures(viewing).of(found, is_former=of.as_of is not None),
    )
    subjects: Subjects = request.app.state.subjects
    index = subjects.current(access.connection)
    asked = {name: value for name, value in vars(of).items() if name != "as_of"}
    described = about(access.now, days, asked, of.as_of)
    if any(viewing.of(city) for city in wanted.cities):
        described["withheld"] = "figures that would tell of single households, or of fewer than their city has decided"
    return _answer(request, access, written.chosen, lambda connection: figures(connection, index, wanted, described))


def _description(access: Access, scope: SeriesScope, asked: dict[str, object]) -> dict[str, str]:
    """Return what a table says of itself, and that series of households are left out, where they are."""
    described = about(access.now, scope.days, asked)
    if any(access.viewing.of(city) for city in scope.cities):
        described["withheld"] = NO_READINGS
    return described


def _answer(
    request: Request, access: Access, wanted: ExportFormat, make: Callable[[Connection], Table]
) -> StreamingResponse:
    """Answer with a table that is made while it is sent, on a connection of its own that sees one moment."""
    try:
        table = make(access.connection)
    except ExportError as error:
        raise invalid("query", str(error)) from error
    kind = FORMATS[wanted]
    url = request.app.state.pool.conninfo

    def write(target: IO[bytes]) -> None:
        with one_moment(url, MAKE) as connection:
            kind.write(make(connection), target)

    name = f'attachment; filename="{table.name}.{kind.suffix}"'
    return StreamingResponse(stream(write), media_type=kind.media_type, headers={"Content-Disposition": name})
