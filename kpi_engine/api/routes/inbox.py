"""The inbox: who sent without being declared, what that most likely is, the lines for the city file, and a claim."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from ingest.inbox.curve import written
from ingest.inbox.guess import GuessedDevice
from ingest.model.city.assets import City
from ingest.model.sentences import Sentence
from ingest.model.time import to_micros
from kpi_engine.api.access import Access, Resource, seeing
from kpi_engine.api.cursors import Cursor, Key, ListPart, Paging
from kpi_engine.api.errors import NotFoundError, invalid
from kpi_engine.api.representation import Answer, Page, StorableText
from kpi_engine.api.routes.quarantine import Replay
from kpi_engine.api.turns import EXPENSIVE
from processors.intake.inbox import Described, describe
from processors.storage.readings import replay_requests
from processors.storage.readings.quarantine import Filter
from processors.storage.readings.strangers import Stranger, strangers

router = APIRouter(prefix="/inbox", tags=["inbox"])

SHOWN = 5  # samples of one answer

Origin = Annotated[str, Query(description="Who sent, as the list says it.", max_length=300)]
Seeing = Annotated[Access, Depends(seeing(Resource.INBOX))]


class Sender(Answer):
    """Somebody whom no city file knows."""

    origin: str = Field(description="The device as its messages name it, else what its topics have in common.")
    city: str | None = Field(description="As its topic or its binding says; null where neither does.")
    reasons: list[str]
    first_received_at: datetime
    last_received_at: datetime
    messages: int = Field(description="That came.")
    kept: int = Field(description="That can be claimed.")
    dropped: int = Field(description="That were not kept, for want of room: the oldest.")


class FieldFound(Answer):
    """A field of its messages, and what it most likely is."""

    device: str | None
    field: str
    quantity: str | None = Field(description="Null where nobody can say.")
    is_fixed: bool = Field(description="Whether the format says what it is; else its name does.")
    unit: str | None
    kind: str | None = Field(description="Register, gauge, interval or state, by the curve of the samples.")
    readings: int
    first: float | None
    last: float | None


class SentMessage(Answer):
    """A message as it came."""

    topic: str
    payload: str = Field(description="As text; bytes that are none as \\\\xNN.")


class Found(Answer):
    """What somebody sends, what it most likely is, and what the city file would have to say of it."""

    sender: Sender
    samples: list[SentMessage]
    decoder: str | None = Field(description="Null where no format reads it.")
    readers: list[str] = Field(description="Every format that reads it.")
    expected_interval: str | None = Field(description="How often it reports, by its samples.")
    fields: list[FieldFound]
    lines: str = Field(description="For the city file; valid when pasted under its lists, if `faults` is empty.")
    notes: list[str] = Field(description="What to look at, since nobody but people knows it.")
    faults: list[str]
    is_declared: bool = Field(description="Whether the city file declares it by now, so that it can be claimed.")
    refused: str = Field(description="Why nothing can be claimed although the city file has the device; else empty.")


class Claim(BaseModel):
    """Whose messages are to be taken."""

    model_config = ConfigDict(extra="forbid")

    origin: StorableText = Field(max_length=300)
    city: StorableText | None = None


@router.get("", dependencies=[EXPENSIVE], summary="Who is not declared")
def list_senders(
    access: Seeing, city: str | None = None, limit: Annotated[int, Query(ge=1, le=1000)] = 100, cursor: Cursor = None
) -> Page[Sender]:
    """List who sent what no city file knows, the last one first. Those of no city are for tokens of every city."""
    found = [Sender.model_validate(one) for one in _senders(access, city, None)]
    return Paging(("inbox", city)).page(found, _key, ListPart(limit, cursor))


@router.get("/sender", dependencies=[EXPENSIVE], summary="One who is not declared")
def show_sender(request: Request, access: Seeing, origin: Origin, city: str | None = None) -> Found:
    """Return what somebody sends, a guess at what it is, and the lines that the city file would need."""
    sender = _one(access, origin, city)
    catalogue = request.app.state.catalogues.current(access.connection)
    return _found(describe(access.connection, sender, catalogue, _city(catalogue.cities, city or sender.city, access)))


@router.post("/claim", status_code=202, summary="Claim what somebody sent")
def claim_sender(claimed: Claim, access: Seeing) -> Replay:
    """Have what somebody sent taken once more, after a city file that declares it was applied."""
    sender = _one(access, claimed.origin, claimed.city)
    wanted = Filter(city=sender.city, origin=sender.origin, cities=access.caller.token.cities)
    return Replay.model_validate(replay_requests.ask(access.connection, wanted, access.caller.token.name))


def _key(one: Sender) -> Key:
    return -to_micros(one.last_received_at), one.city or "", one.origin


def _senders(access: Access, city: str | None, origin: str | None) -> list[Stranger]:
    scope = access.caller.token.cities
    access.cities(city)
    found = strangers(access.connection, scope, origin, 1000)
    return [one for one in found if city is None or one.city in {None, city}]


def _one(access: Access, origin: str, city: str | None) -> Stranger:
    found = _senders(access, city, origin)
    if not found:
        raise NotFoundError(Sentence("nobody is known as {origin} in the inbox").of(origin=repr(origin)))
    return found[0]


def _city(cities: dict[str, City], name: str | None, access: Access) -> City:
    seen = [one for one in cities if access.caller.token.covers(one)]
    if name is None and len(seen) == 1:
        return cities[seen[0]]
    if name not in seen:
        raise invalid("city", "expected a registered city, since the messages name none")
    return cities[name]


def _found(one: Described) -> Found:
    found, proposed = one.found, one.proposed
    return Found(
        sender=Sender.model_validate(one.stranger),
        samples=[
            SentMessage(topic=each.topic, payload=each.payload[:1000].decode(errors="backslashreplace"))
            for each in one.messages[-SHOWN:]
        ],
        decoder=found.decoder,
        readers=list(found.readers),
        expected_interval=written(found.interval) if found.interval else None,
        fields=[field for device in found.devices for field in _fields(device)],
        lines=proposed.lines,
        notes=list(proposed.notes),
        faults=list(proposed.faults),
        is_declared=one.is_declared,
        refused=one.refused,
    )


def _fields(device: GuessedDevice) -> list[FieldFound]:
    return [
        FieldFound(
            device=device.called,
            field=one.name,
            quantity=one.quantity,
            is_fixed=one.is_fixed,
            unit=one.unit,
            kind=one.kind,
            readings=one.readings,
            first=one.first,
            last=one.last,
        )
        for one in device.fields
    ]
