"""Reports that prove themselves: a period frozen now, signed, as one archive; and the key they are signed with."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path as File
from shutil import rmtree
from tempfile import mkdtemp
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import FileResponse, PlainTextResponse
from starlette.background import BackgroundTask

from ingest.model.time import to_micros
from kpi_engine.api.access import Access, Resource, seeing
from kpi_engine.api.administration import required
from kpi_engine.api.errors import WithheldError, invalid
from kpi_engine.api.hours import Subjects
from kpi_engine.api.instants import DayOrInstant
from kpi_engine.api.problems import NOT_SET_UP
from kpi_engine.api.ranges import instant
from kpi_engine.api.routes.export import EXPORTING
from kpi_engine.errors import ReportError
from kpi_engine.export.source import one_moment
from kpi_engine.privacy.shown_figures import FORMER
from kpi_engine.privacy.viewing import BEING_RULED
from kpi_engine.reports.freezing import ReportScope
from kpi_engine.reports.period import ReportPeriod
from kpi_engine.reports.report import SignOff, freeze
from kpi_engine.reports.signing import Signer, fingerprint

router = APIRouter(prefix="/reports", tags=["reports"], responses=NOT_SET_UP)

Allowed = Annotated[Access, Depends(seeing(Resource.KPIS))]
Sealing = Annotated[Callable[[], Signer], Depends(required(lambda one: one.signer, "the signing of reports"))]
Line = Annotated[str, Query(max_length=2_000)]
FREEZING: Final = "pharos api report"
ZIP: Final = "application/zip"
PEM: Final = "application/x-pem-file"


def _answers(media_type: str, what: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"description": what, "content": {media_type: {"schema": {"type": "string", "format": "binary"}}}}}


@dataclass(frozen=True)
class ReportOptions:
    """What is frozen beside city and groups, and what people say with it."""

    sites: Annotated[bool, Query(description="Also figures of each site.")] = False
    as_of: Annotated[
        DayOrInstant | None, Query(description="As was known then, without targets; a day: at its start.")
    ] = None
    author: Annotated[Line, Query(description="Who answers for it: name and role.")] = ""
    note: Annotated[Line, Query(description="What a reader must know beside the figures.")] = ""
    licence: Annotated[Line, Query(description="Under which the files may be used.")] = SignOff.licence

    @property
    def sign_off(self) -> SignOff:
        """What people say."""
        return SignOff(self.author, self.note, self.licence)


@router.get(
    "/key",
    summary="The key that reports are signed with",
    response_class=PlainTextResponse,
    responses=_answers(PEM, "The public key in PEM (Ed25519), for `pharos verify --key`."),
)
def show_report_key(_: Allowed, sealing: Sealing) -> PlainTextResponse:
    """Return the public key of this installation; `X-Key-Fingerprint` is what people compare."""
    public = sealing().public_key
    return PlainTextResponse(public, media_type=PEM, headers={"X-Key-Fingerprint": fingerprint(public)})


@router.get(
    "/{city}/{period}",
    dependencies=[EXPORTING],
    summary="A period, frozen now",
    response_class=FileResponse,
    responses=_answers(ZIP, "The archive, whole: `pharos verify` checks it."),
)
def freeze_report(  # noqa: PLR0913, PLR0917 - each is a dependency
    request: Request,
    access: Allowed,
    sealing: Sealing,
    city: Annotated[str, Path(description="A city.")],
    period: Annotated[str, Path(description="`2026-10`, `2026-H1`, `2026`, or `2026-10..2027-04`.", max_length=20)],
    wanted: Annotated[ReportOptions, Depends()],
) -> FileResponse:
    """Freeze the figures of a period as they are known now, with all that they were computed from.

    An evaluator of a city with households gets the report for evaluators: without what single households used, and
    with `withheld.jsonl`, which says what was left out and why.
    """
    access.cities(city)
    viewing = access.viewing.prepared([city]) if access.viewing.of(city) is not None else None
    if viewing is not None and not viewing.is_ruled(city):
        raise WithheldError(f"{city}: {BEING_RULED}")
    asked, known_at = _period(period), instant(wanted.as_of, access.zone(city), "as_of")
    if known_at is not None and viewing is not None:
        raise WithheldError(f"{city}: {FORMER}")
    if known_at is not None and to_micros(known_at) > access.now:
        raise invalid("as_of", "expected an instant that has passed: nobody knows what will be known then")
    subjects: Subjects = request.app.state.subjects
    index = subjects.current(access.connection)
    name = f"{city}-{period.replace('..', '-to-')}.zip"
    with _folder() as folder, one_moment(request.app.state.pool.conninfo, FREEZING) as connection:
        try:
            scope = ReportScope(city, asked, wanted.sites, known_at)
            frozen = freeze(connection, index, scope, wanted.sign_off, access.now, viewing)
        except ReportError as error:
            raise invalid("city", str(error), "path") from error
        frozen.write(folder / name, sealing())
    return FileResponse(folder / name, media_type=ZIP, filename=name, background=BackgroundTask(rmtree, folder))


def _period(text: str) -> ReportPeriod:
    try:
        return ReportPeriod.parse(text)
    except ReportError as error:
        raise invalid("period", str(error), "path") from error


@contextmanager
def _folder() -> Iterator[File]:
    """Make a folder for a report, which is gone at once where none comes of it."""
    folder = File(mkdtemp(prefix="pharos-report-"))
    try:
        yield folder
    except BaseException:
        rmtree(folder)
        raise
