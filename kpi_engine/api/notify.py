"""``POST /v2/notify``: notifications of a FIWARE context broker, in QuantumLeap's place.

The city is that of the credential, the binding the one whose path is ``v2/notify``.
"""

from fastapi import APIRouter, Request

from kpi_engine.api import ingest_addresses
from kpi_engine.api.clock import Now
from kpi_engine.api.errors import ForbiddenError
from kpi_engine.api.ingestion import Ingested, Sending, ingest
from kpi_engine.api.raw_body import RawBody
from kpi_engine.api.routes.ingest import ANY_QUERY, BODY, SENT, Key
from kpi_engine.api.senders import AnySender, MessageSender
from kpi_engine.api.turns import INTAKE

router = APIRouter(prefix="/v2", tags=["ingest"], responses=SENT)

PATH = "v2/notify"


@router.post(
    "/notify",
    status_code=202,
    dependencies=[INTAKE],
    openapi_extra={**BODY, **ANY_QUERY},
    summary="Take a notification of a context broker",
)
def notify(request: Request, sender: AnySender, body: RawBody, now: Now, key: Key = None) -> Ingested:
    """Store the entities of a notification, as one that is posted to the path v2/notify of the sender's city."""
    topic = ingest_addresses.on_path(sender, _city(sender), PATH, request.query_params)
    return ingest(request, Sending(sender.name, body, key, now), topic)


def _city(sender: MessageSender) -> str:
    cities = [sender.address.city] if sender.address else (sender.token and sender.token.cities) or []
    if len(cities) != 1:
        raise ForbiddenError(
            f"{sender.name} is not of one city, so nobody knows whose entities these are; nothing was taken. Expected "
            "the credential of a gateway, or a token of one city"
        )
    return cities[0]
