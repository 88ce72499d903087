"""Estfeed (Estonia): metering data of metering points, for their owner or for whom they gave access.

An API key is an id and a secret that buy access tokens of five minutes (OAuth 2, client credentials). A question is of
at most 31 days and no more often than every five seconds (read in clients of the API). It is asked for hours, which the
hub sums up where it has quarters: clients disagree on how those are asked for.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from ingest.payloads.answers import number
from ingest.payloads.document import record
from ingest.sources.pull.client import Client
from ingest.sources.pull.errors import AccountError
from ingest.sources.pull.hub import Dataset, Hub
from ingest.sources.pull.question import Question, second

ID, SECRET, TOKEN_URL = "client_id", "client_secret", "token_url"
DEFAULT_TOKEN_URL: Final = "https://kc.elering.ee/realms/elering-sso/protocol/openid-connect/token"  # noqa: S105 - a URL
_BEFORE_ITS_END: Final = 30.0  # seconds
_FIELDS: Final = frozenset({"consumptionKwh", "productionKwh", "consumptionM3", "productionM3"})


def answers(client: Client, question: Question) -> Iterator[bytes]:
    """Yield the metering data of a metering point by the hour."""
    begin, end = question.utc()
    params = {
        "startDateTime": second(begin),
        "endDateTime": second(end),
        "resolution": "one_hour",
        "meteringPointEics": question.called,
    }
    path = "/api/public/v1/metering-data"
    yield client.renewed(lambda: client.get(path, params, client.token(lambda: _access(client))))


def _access(client: Client) -> tuple[str, float]:
    form = {
        "grant_type": "client_credentials",
        "client_id": client.secret(ID),
        "client_secret": client.secret(SECRET),
    }
    found = record(client.post(client.secret(TOKEN_URL) or DEFAULT_TOKEN_URL, form=form))
    token, seconds = found.get("access_token"), number(found.get("expires_in"))
    if not isinstance(token, str) or not token or seconds is None:
        raise AccountError("Elering answers with no access token; expected access_token and expires_in")
    return token, max(0.0, seconds - _BEFORE_ITS_END)


HUB: Final = Hub(
    name="estfeed",
    title="Estfeed: metering data of metering points (Estonia)",
    url="https://estfeed.elering.ee",
    datasets=(
        Dataset("metering-data", frozenset({"consumptionKwh", "productionKwh", "consumptionM3", "productionM3"})),
    ),
    answers=answers,
    every=timedelta(hours=12),
    again=timedelta(days=7),
    secrets=(ID, SECRET),
    optional=(TOKEN_URL,),
    days=15,
    pause=5.0,
)
