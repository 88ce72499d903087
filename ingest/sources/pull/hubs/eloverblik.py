"""Eloverblik (Denmark): time series of metering points, for their owner or for whom they gave access.

A refresh token, made on the site of Eloverblik, is good for a year and buys access tokens that are good for a day. It
is asked with civil days of Denmark, up to today at most, which is not included (read in clients of the API; its limits
recalled: 120 questions a minute, two access tokens a minute, 730 days a question).
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from ingest.payloads.document import record
from ingest.sources.pull.client import Client
from ingest.sources.pull.errors import AccountError
from ingest.sources.pull.hub import Dataset, Hub
from ingest.sources.pull.question import Question

ZONE: Final = "Europe/Copenhagen"
TOKEN: Final = "refresh_token"  # noqa: S105 - the name of it
_GOOD_FOR: Final = 20 * 3600.0  # seconds; it says a day
_LONGEST_TOKEN: Final = 16_000


def answers(client: Client, question: Question) -> Iterator[bytes]:
    """Yield the time series of a metering point, as it was measured (not summed up by days or months)."""
    first, last = question.days(ZONE)
    path = f"/meterdata/gettimeseries/{first}/{last + timedelta(days=1)}/Actual"
    points = {"meteringPoints": {"meteringPoint": [question.called]}}
    yield client.renewed(lambda: client.post(path, client.token(lambda: _access(client)), json=points))


def _access(client: Client) -> tuple[str, float]:
    found = record(client.get("/token", headers={"Authorization": f"Bearer {client.secret(TOKEN)}"})).get("result")
    if not isinstance(found, str) or not 0 < len(found) <= _LONGEST_TOKEN:
        raise AccountError("Eloverblik answers with no access token; expected result: a token")
    return found, _GOOD_FOR


HUB: Final = Hub(
    name="eloverblik",
    title="Eloverblik: time series of metering points (Denmark)",
    url="https://api.eloverblik.dk/customerapi/api",
    datasets=(Dataset("timeseries", frozenset({"consumption", "production"}), lag=timedelta(days=1)),),
    answers=answers,
    every=timedelta(hours=12),
    again=timedelta(days=14),
    secrets=(TOKEN,),
    pause=0.6,
)
