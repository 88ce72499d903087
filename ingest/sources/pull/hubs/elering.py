"""Elering (Estonia): day-ahead prices of ee, lv, lt or fi, open to everybody (read in clients of the API)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from ingest.sources.pull.client import Client
from ingest.sources.pull.hub import Dataset, Hub
from ingest.sources.pull.question import Question, second


def answers(client: Client, question: Question) -> Iterator[bytes]:
    """Yield the prices of an area."""
    begin, end = question.utc()
    params = {"start": second(begin), "end": second(end - timedelta(seconds=1)), "fields": question.called}
    yield client.get("/api/nps/price/csv", params)


HUB: Final = Hub(
    name="elering",
    title="Elering: day-ahead prices (Baltic states, Finland)",
    url="https://dashboard.elering.ee",
    datasets=(Dataset("nps", frozenset({"price"})),),
    answers=answers,
    every=timedelta(hours=1),
    again=timedelta(hours=6),
    pause=1.0,
)
