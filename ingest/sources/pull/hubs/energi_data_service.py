"""Energi Data Service (Denmark): CO2 intensity and day-ahead prices of a price area, open to everybody.

Asked with instants in UTC and a filter (read in clients of the API; more than a question a second is not polite).
"""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from ingest.sources.pull.client import Client
from ingest.sources.pull.hub import Dataset, Hub
from ingest.sources.pull.question import Question, minute


def answers(client: Client, question: Question) -> Iterator[bytes]:
    """Yield the records of a price area."""
    begin, end = question.utc()
    params = {
        "start": minute(begin),
        "end": minute(end),
        "filter": json.dumps({"PriceArea": [question.called]}),
        "timezone": "UTC",
        "limit": "0",
    }
    yield client.get(f"/dataset/{question.dataset}", params)


HUB: Final = Hub(
    name="energi_data_service",
    title="Energi Data Service: CO2 intensity and prices (Denmark)",
    url="https://api.energidataservice.dk",
    datasets=(
        Dataset("CO2Emis", frozenset({"CO2Emission"})),
        Dataset("Elspotprices", frozenset({"SpotPriceEUR"}), until=date(2025, 10, 1)),
        Dataset("DayAheadPrices", frozenset({"DayAheadPriceEUR"}), since=date(2025, 10, 1)),
    ),
    answers=answers,
    every=timedelta(hours=1),
    again=timedelta(hours=6),
    pause=2.0,
)
