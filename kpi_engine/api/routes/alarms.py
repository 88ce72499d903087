"""Alarms: what is wrong, whom each stands for, which figures it touches, and what people do about it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from ingest.model.alarm import Severity
from ingest.model.sentences import Sentence
from ingest.model.time import from_micros
from kpi_engine.alarms import journal
from kpi_engine.alarms.handling import Handler
from kpi_engine.alarms.journal import AlarmFilter, AlarmRecord, AlarmState
from kpi_engine.api import alarms
from kpi_engine.api.access import Access, Resource, seeing
from kpi_engine.api.alarm_figures import TouchedFigure, devices_of, touched
from kpi_engine.api.cursors import Cursor, ListPart, Paging
from kpi_engine.api.errors import NotFoundError, invalid
from kpi_engine.api.hours import Subjects
from kpi_engine.api.instants import Instant
from kpi_engine.api.representation import Items, Page
from kpi_engine.api.turns import EXPENSIVE
from kpi_engine.errors import AlarmError, ShelfError

router = APIRouter(prefix="/alarms", tags=["alarms"])

MOST: Final = 1000
"""Alarms that one request may be about."""

AlarmId = Annotated[int, Path(ge=1, le=2**63 - 1)]
PageLimit = Annotated[int, Query(ge=1, le=MOST)]
Seeing = Annotated[Access, Depends(seeing(Resource.ALARMS))]
Acknowledging = Annotated[Access, Depends(seeing(Resource.ACKNOWLEDGEMENTS))]
Handling = Annotated[Access, Depends(seeing(Resource.ALARM_HANDLING))]
Words = Annotated[str, Field(min_length=1, max_length=2000, pattern=r"^[^\x00]*\S[^\x00]*$")]


@dataclass(frozen=True)
class AlarmFilters:
    """Which alarms; what is None does not matter."""

    device: str | None = None
    site: str | None = None
    vertical: str | None = None
    rule: str | None = None
    severity: Annotated[list[Severity] | None, Query(description="Of any of these severities.")] = None
    state: Annotated[
        list[AlarmState] | None,
        Query(description="In any of these states; what is `standing` is open and not shelved, acknowledged or not."),
    ] = None
    is_open: Annotated[
        bool, Query(alias="open", description="Only those that are not cleared, shelved ones as well.")
    ] = False
    unacknowledged: Annotated[bool, Query(description="Only those that nobody acknowledged.")] = False


class NamedAlarms(BaseModel):
    """Alarms by their numbers; all of them or, where one does not exist, none."""

    model_config = ConfigDict(extra="forbid")

    alarms: list[Annotated[int, Field(ge=1, le=2**63 - 1)]] = Field(min_length=1, max_length=MOST)


class SeenAlarms(NamedAlarms):
    """Alarms that somebody has seen, or takes off the shelf."""

    comment: Words | None = None


class CommentedAlarms(NamedAlarms):
    """Alarms that somebody has something to say of."""

    text: Words


class ShelvedAlarms(NamedAlarms):
    """Open alarms that nobody wants to see until a time, and why."""

    until: Instant = Field(description="Within 90 days from now.")
    reason: Words


@router.get("", summary="Alarms")
def list_alarms(
    access: Seeing,
    filters: Annotated[AlarmFilters, Depends()],
    city: str | None = None,
    limit: PageLimit = 100,
    cursor: Cursor = None,
) -> Page[alarms.Alarm]:
    """List alarms, open and cleared ones, the newest first. One with `members` stands for those devices."""
    paging = Paging(("alarms", city, *vars(filters).values()))
    now = from_micros(access.now)
    wanted = AlarmFilter(
        access.cities(city),
        filters.device,
        filters.rule,
        site=filters.site,
        vertical=filters.vertical,
        severities=filters.severity,
        states=filters.state,
        is_open=filters.is_open,
        is_unacknowledged=filters.unacknowledged,
        before=paging.after_numbered(cursor),
        now=now,
    )
    found = journal.read(access.connection, wanted, limit + 1)
    last = found[limit - 1] if len(found) > limit else None
    return Page(
        items=[alarms.alarm(one, now) for one in found[:limit]],
        next_cursor=paging.numbered(last.raised_at, last.alarm_id) if last else None,
    )


@router.get("/{alarm_id:int}", summary="One alarm")
def show_alarm(alarm_id: AlarmId, access: Seeing) -> alarms.AlarmWithRemedy:
    """Return one alarm, with what to look at first."""
    return alarms.with_remedy(_one(access, alarm_id), from_micros(access.now))


@router.get("/{alarm_id:int}/members", summary="The devices an alarm stands for")
def list_alarm_members(
    alarm_id: AlarmId, access: Seeing, limit: PageLimit = 100, cursor: Cursor = None
) -> Page[alarms.AlarmMember]:
    """List the devices that the alarm of what they share stands for, by name; of a cleared one all there were."""
    paging = Paging(("alarm members", alarm_id))
    (after,) = paging.after_key(cursor, (str,)) or ("",)
    _one(access, alarm_id)
    found = journal.members(access.connection, alarm_id, limit + 1, str(after))
    return Page(
        items=[alarms.AlarmMember.model_validate(one) for one in found[:limit]],
        next_cursor=paging.keyed((found[limit - 1].device,)) if len(found) > limit else None,
    )


@router.get("/{alarm_id:int}/notes", summary="What people did about an alarm")
def list_alarm_notes(
    alarm_id: AlarmId, access: Seeing, limit: PageLimit = 100, cursor: Cursor = None
) -> Page[alarms.AlarmNote]:
    """List who acknowledged, commented, shelved or unshelved an alarm, in order."""
    paging = Paging(("alarm notes", alarm_id))
    (after,) = paging.after_key(cursor, (int,)) or (0,)
    _one(access, alarm_id)
    found = journal.notes(access.connection, alarm_id, limit + 1, int(after))
    return Page(
        items=[alarms.AlarmNote.model_validate(one) for one in found[:limit]],
        next_cursor=paging.keyed((found[limit - 1].note_id,)) if len(found) > limit else None,
    )


@router.get("/{alarm_id:int}/figures", dependencies=[EXPENSIVE], summary="The figures of today an alarm touches")
def list_alarm_figures(
    request: Request,
    alarm_id: AlarmId,
    access: Annotated[Access, Depends(seeing(Resource.ALARM_EFFECTS))],
    limit: PageLimit = 100,
    cursor: Cursor = None,
) -> Page[TouchedFigure]:
    """List the figures of the running day and month that read a device the alarm is of, those of the city first."""
    _one(access, alarm_id)
    subjects: Subjects = request.app.state.subjects
    index = subjects.current(access.connection)
    devices = devices_of(access.connection, alarm_id)
    found = touched(access.connection, index, devices, from_micros(access.now))
    numbered = list(enumerate(found))
    page = Paging(("alarm figures", alarm_id)).part(numbered, lambda one: (one[0],), ListPart(limit, cursor))
    return Page(items=[figure for _, figure in page.items], next_cursor=page.next_cursor)


@router.post("/acknowledge", summary="Acknowledge alarms")
def acknowledge_alarms(seen: SeenAlarms, access: Acknowledging) -> Items[alarms.Alarm]:
    """Record that the caller has seen alarms; who acknowledged one first stays, and it stays open until cleared."""
    return _handled(access, lambda handler: handler.acknowledge(seen.alarms, seen.comment))


@router.post("/comment", summary="Comment on alarms")
def comment_alarms(commented: CommentedAlarms, access: Handling) -> Items[alarms.Alarm]:
    """Record what the caller has to say of alarms, open or cleared."""
    return _handled(access, lambda handler: handler.comment(commented.alarms, commented.text))


@router.post("/shelve", summary="Shelve alarms")
def shelve_alarms(shelved: ShelvedAlarms, access: Handling) -> Items[alarms.Alarm]:
    """Put open alarms out of sight until a time, with a reason: nobody is told of them, and then they are back.

    It holds for the rule at the device, also where the alarm is cleared and raised again before the time.
    """
    return _handled(access, lambda handler: handler.shelve(shelved.alarms, shelved.until, shelved.reason))


@router.post("/unshelve", summary="Take alarms off the shelf")
def unshelve_alarms(taken: SeenAlarms, access: Handling) -> Items[alarms.Alarm]:
    """Have alarms in sight again before their time; those that are not shelved stay as they are."""
    return _handled(access, lambda handler: handler.unshelve(taken.alarms, taken.comment))


@router.post("/{alarm_id:int}/acknowledge", summary="Acknowledge an alarm")
def acknowledge_alarm(alarm_id: AlarmId, access: Acknowledging) -> alarms.Alarm:
    """Record that the caller has seen an alarm; who acknowledged it first stays, and it stays open until cleared."""
    return _handled(access, lambda handler: handler.acknowledge([alarm_id])).items[0]


def _handled(access: Access, handle: Callable[[Handler], Sequence[AlarmRecord]]) -> Items[alarms.Alarm]:
    now = from_micros(access.now)
    try:
        found = handle(Handler(access.connection, access.caller.token.name, now, access.cities(None)))
    except AlarmError as error:
        raise NotFoundError(str(error).partition(";")[0]) from error
    except ShelfError as error:
        field, _, expected = str(error).partition(": ")
        raise invalid(field, expected, "body") from error
    return Items(items=[alarms.alarm(one, now) for one in found])


def _one(access: Access, alarm_id: int) -> AlarmRecord:
    wanted = AlarmFilter(access.cities(None), alarms=[alarm_id], now=from_micros(access.now))
    found = journal.read(access.connection, wanted, 1)
    if not found:
        raise NotFoundError(Sentence("there is no alarm {number}").of(number=alarm_id))
    return found[0]
