"""The messages that were refused: found, shown, and taken once more after what was wrong was mended."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from ingest.model.sentences import Sentence
from ingest.reasons import Reason
from kpi_engine.api.access import Access, Resource, seeing
from kpi_engine.api.cursors import Cursor, Paging
from kpi_engine.api.errors import NotFoundError, WithheldError
from kpi_engine.api.fetching import fetch
from kpi_engine.api.instants import Instant
from kpi_engine.api.ranges import RangeQuery
from kpi_engine.api.representation import Answer, Page, StorableText
from kpi_engine.api.turns import EXPENSIVE
from kpi_engine.privacy.viewing import NO_READINGS, CityView
from processors.storage.readings import replay_requests
from processors.storage.readings.quarantine import Filter
from processors.storage.readings.replay_requests import ReplayRequest
from processors.storage.statements import statements

SQL: Final = statements(__name__)

router = APIRouter(prefix="/quarantine", tags=["ledger"])

Number = Annotated[int, Path(ge=1, le=2**63 - 1)]


class RefusedMessage(Answer):
    """A message in quarantine."""

    quarantine_id: int
    city: str | None = Field(description="For evaluators null where nobody registered it, as device.")
    device: str | None
    topic: str | None = Field(description="Null for evaluators, and where it named no device once it has expired.")
    reason: str = Field(description=f"Stable code, such as {Reason.CLOCK_TOO_LATE}.")
    field: str | None = Field(description="What is at fault, by a name of the city file or of the format.")
    detail: str | None = Field(
        description="A sentence on what was wrong; it may quote the payload. Null for evaluators, and once expired."
    )
    readings: int = Field(description="Readings it stands for.")
    occurrences: int = Field(description="How often the same message came.")
    is_summary: bool = Field(
        description="Whether it stands for all messages of a device and reason beyond the quota, which are not kept."
    )
    first_received_at: datetime
    last_received_at: datetime
    payload: str | None = Field(
        description="As text; bytes that are none as \\xNN. Null for evaluators, and once expired."
    )


@dataclass(frozen=True)
class RefusedFilters:
    """Which refused messages; what is None does not matter."""

    device: str | None = None
    reason: Annotated[str | None, Query(description=f"Such as {Reason.BAD_TIME}.")] = None


class ReplayAsked(BaseModel):
    """Which refused messages are to be taken once more; nothing said, all."""

    model_config = ConfigDict(extra="forbid")

    city: StorableText | None = None
    device: StorableText | None = Field(
        default=None, description="Its name in the city file, or as the message names it."
    )
    reason: StorableText | None = None
    start: Instant | None = Field(default=None, alias="from", description="Those that last came at or after.")
    end: Instant | None = Field(default=None, alias="to", description="Those that last came before.")


class Replay(Answer):
    """What was asked to be taken once more, and what became of it so far."""

    replay_id: int
    asked_by: str
    asked_at: datetime
    finished_at: datetime | None = Field(description="Null while it goes on; it begins within seconds.")
    messages: int = Field(description="Messages that were taken once more.")
    unchanged: int = Field(description="Messages that would be refused for the same reasons, and stay.")
    stored: int = Field(description="Readings of them that were stored, and so on.")
    duplicate: int
    conflict: int
    quarantined: int = Field(description="Readings that are refused again, with their reason of now.")
    trouble: str | None = Field(description="What ended it before its end.")


@router.get("", dependencies=[EXPENSIVE], summary="Refused messages")
def list_quarantine(  # noqa: PLR0913, PLR0917 - what is asked for, and which part of it
    access: Annotated[Access, Depends(seeing(Resource.QUARANTINE))],
    chosen: Annotated[RefusedFilters, Depends()],
    span: Annotated[RangeQuery, Depends()],
    city: str | None = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    cursor: Cursor = None,
) -> Page[RefusedMessage]:
    """List refused messages, the newest first. Those of no known city are for tokens of every city.

    The range is that of their last receipt. A message that comes again while pages are read moves to the front.
    """
    view = access.viewing.of(city) if city is not None and chosen.device is not None else None
    if city is not None and view and chosen.device in _of_households(access, city, view):
        raise WithheldError(f"{chosen.device} in {city}: {NO_READINGS}")
    since, until = span.instants(access.zone(city))
    paging = Paging(("quarantine", city, chosen.device, chosen.reason, *span.ends))
    at, number = paging.after_numbered(cursor) or (None, None)
    found = _messages(
        access,
        city,
        limit + 1,
        device=chosen.device,
        reason=chosen.reason,
        from_time=since,
        to_time=until,
        after=at,
        after_number=number,
    )
    shown = found[:limit]
    more = paging.numbered(shown[-1].last_received_at, shown[-1].quarantine_id) if len(found) > limit else None
    return Page(items=shown, next_cursor=more)


@router.get("/replays/{replay_id}", summary="A replay of refused messages")
def show_replay(replay_id: Number, access: Annotated[Access, Depends(seeing(Resource.REPLAYS))]) -> Replay:
    """Tell what became of messages that were asked to be taken once more."""
    found = replay_requests.request(access.connection, replay_id)
    scope = access.cities(None)
    if found is None or (scope is not None and not set(found.cities or ("",)) <= set(scope)):
        raise NotFoundError(Sentence("there is no replay {number}").of(number=replay_id))
    return Replay.model_validate(found)


@router.get("/{quarantine_id:int}", summary="A refused message")
def show_message(
    quarantine_id: Number, access: Annotated[Access, Depends(seeing(Resource.QUARANTINE))]
) -> RefusedMessage:
    """Return one refused message; raises a 404 for one that is not there any more, since it was taken once more."""
    found = _messages(access, None, 1, number=quarantine_id)
    if not found:
        raise NotFoundError(Sentence("there is no refused message {number}").of(number=quarantine_id))
    return found[0]


@router.post("/replay", status_code=202, summary="Take refused messages once more")
def replay_messages(asked: ReplayAsked, access: Annotated[Access, Depends(seeing(Resource.REPLAYS))]) -> Replay:
    """Have refused messages taken through the same steps once more, as of when they first came.

    What they say is stored and figures are computed again; what is refused again stays, with its reason of now.
    """
    cities = access.cities(asked.city)
    return _asked(access, Filter(asked.city, asked.device, asked.reason, None, cities, None, asked.start, asked.end))


@router.post("/{quarantine_id:int}/replay", status_code=202, summary="Take a refused message once more")
def replay_message(quarantine_id: Number, access: Annotated[Access, Depends(seeing(Resource.REPLAYS))]) -> Replay:
    """Have one refused message taken once more; otherwise as of many."""
    show_message(quarantine_id, access)
    return _asked(access, Filter(quarantine_id=quarantine_id, cities=access.cities(None)))


def _asked(access: Access, wanted: Filter) -> Replay:
    found: ReplayRequest = replay_requests.ask(access.connection, wanted, access.caller.token.name)
    return Replay.model_validate(found)


def _messages(access: Access, city: str | None, limit: int, **wanted: object) -> list[RefusedMessage]:
    def message(payload: bytes | None, **facts: object) -> RefusedMessage:
        text = None if payload is None else payload.decode(errors="backslashreplace")
        return RefusedMessage.model_validate(facts | {"payload": text})

    nothing = dict.fromkeys(("device", "reason", "from_time", "to_time", "number", "after", "after_number"))
    scope = {"cities": access.cities(city), "words": access.caller.may(Resource.PAYLOADS), "limit": limit}
    found = fetch(access.connection, message, SQL["api_quarantine"], **{**nothing, **wanted, **scope})
    for one in found:
        if one.city and one.device and (view := access.viewing.of(one.city)):
            one.device = None if one.device in _of_households(access, one.city, view) else one.device
    return found


def _of_households(access: Access, city: str, view: CityView) -> set[str]:
    """Return the devices at sites whose meters tell of households."""
    rows = access.connection.execute(SQL["api_devices_of_sites"], {"city": city, "sites": sorted(view.household_sites)})
    return {device for (device,) in rows}
