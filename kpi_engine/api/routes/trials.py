"""Trials: what a message would become, by the steps of live readings; nothing is written."""

from dataclasses import asdict, dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import Field

from ingest.decoder import quoted
from ingest.decoders import DECODERS
from ingest.model.observation import RawMessage
from kpi_engine.api import administration
from kpi_engine.api.access import Caller, Resource, permitted
from kpi_engine.api.clock import Now
from kpi_engine.api.database import Database
from kpi_engine.api.errors import ForbiddenError, NotFoundError, invalid
from kpi_engine.api.ingestion import RefusedReadings
from kpi_engine.api.problems import COMPRESSED
from kpi_engine.api.raw_body import RawBody
from kpi_engine.api.representation import Answer
from kpi_engine.api.routes.ingest import BODY
from kpi_engine.api.turns import EXPENSIVE
from processors.errors import TrialError
from processors.intake.trial import trial
from processors.intake.trial_topic import NATIVE, first_topic, read_by
from processors.storage.registry import registry

router = APIRouter(prefix="/try", tags=["ingest"])


class TriedReading(Answer):
    """A reading that would be stored."""

    city: str
    device: str
    quantity: str
    time: str
    value: float
    unit: str = Field(description="The canonical unit of the quantity.")
    quality: str
    begin: str | None = Field(description="Of an amount for an interval, where the message says when it began.")


class TriedMessage(Answer):
    """What a message would become."""

    topic: str
    rows: list[TriedReading]
    refusals: list[RefusedReadings]


@dataclass(frozen=True)
class TrialOptions:
    """How a message is read: on a topic, or through a binding of the city; as its first device says where left out."""

    city: str
    topic: Annotated[str | None, Query(description="Topic, or `#http/CITY/PATH`.")] = None
    binding: Annotated[str | None, Query(description="A binding: the topic of its first device is tried.")] = None
    decoder: Annotated[str | None, Query(description="In the place of the one that the topic's binding names.")] = None


@router.post("", dependencies=[EXPENSIVE], openapi_extra=BODY, responses=COMPRESSED, summary="Try a message")
def try_message(  # noqa: PLR0913, PLR0917 - in the order in which they are found: who, how, what
    request: Request,
    caller: Annotated[Caller, Depends(permitted(Resource.TRIALS))],
    tried: Annotated[TrialOptions, Depends()],
    body: RawBody,
    connection: Database,
    now: Now,
) -> TriedMessage:
    """Show what a message would become for a registered city: rows in canonical units, refusals with reasons."""
    if not caller.token.covers(tried.city):
        raise ForbiddenError(f"this token is not good for the city {quoted(tried.city)}")
    city = registry.declared(connection, tried.city)
    if city is None:
        raise NotFoundError(f"there is no city {quoted(tried.city)}")
    try:
        topic = tried.topic or first_topic([city], tried.binding)
        city = city if tried.decoder is None else read_by(tried.decoder, topic, city)
    except TrialError as error:
        raise invalid(error.field, str(error)) from error
    given, decoder = administration.of(request), DECODERS[tried.decoder or NATIVE]
    found = trial(RawMessage(topic, body, now), [city], decoder, given.limits, given.keys)
    rows = [TriedReading.model_validate(asdict(row)) for row in found.rows]
    refusals = [RefusedReadings.model_validate(one) for one in found.refusals]
    return TriedMessage(topic=topic, rows=rows, refusals=refusals)
