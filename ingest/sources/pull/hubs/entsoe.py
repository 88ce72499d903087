"""ENTSO-E Transparency Platform (Europe): actual generation by type of a bidding zone (A75, realised A16).

Everybody gets a token who asks for one by mail; 400 questions a minute (read in guides of the API).
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from ingest.sources.pull.client import Client
from ingest.sources.pull.hub import Dataset, Hub
from ingest.sources.pull.question import Question

TOKEN: Final = "security_token"  # noqa: S105 - the name of it


def answers(client: Client, question: Question) -> Iterator[bytes]:
    """Yield what the plants of a zone generated."""
    begin, end = question.utc()
    params = {
        "securityToken": client.secret(TOKEN),
        "documentType": "A75",
        "processType": "A16",
        "in_Domain": question.called,
        "periodStart": _stamp(begin),
        "periodEnd": _stamp(end),
    }
    yield client.get("/api", params)


def _stamp(instant: datetime) -> str:
    return f"{instant:%Y%m%d%H%M}"


HUB: Final = Hub(
    name="entsoe",
    title="ENTSO-E: generation by type (Europe)",
    url="https://web-api.tp.entsoe.eu",
    datasets=(Dataset("A75", frozenset({"renewable_share", *(f"B{number:02}" for number in range(1, 26))})),),
    answers=answers,
    every=timedelta(hours=1),
    again=timedelta(days=2),
    secrets=(TOKEN,),
    days=15,
    pause=0.5,
)
