"""Open-Meteo: outdoor temperature by the hour at a place, 54.91,9.79.

Of its archive, and of its forecast's past hours until the archive has them, five days later. Free for what is no
business, without a key; others get one and a URL of their own (read in its documentation as others quote it: the data
are CC BY 4.0).
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from ingest.decoder import quoted
from ingest.sources.pull.client import Client
from ingest.sources.pull.errors import QuestionRefusedError
from ingest.sources.pull.hub import Dataset, Hub
from ingest.sources.pull.question import Question, minute

KEY: Final = "apikey"
ARCHIVE, FORECAST = "archive", "forecast"
_FIELDS: Final = frozenset({"temperature_2m"})
_LATE: Final = timedelta(days=5)
_ARCHIVE_URL: Final = "https://archive-api.open-meteo.com"


def answers(client: Client, question: Question) -> Iterator[bytes]:
    """Yield the temperatures at a place."""
    latitude, comma, longitude = question.called.partition(",")
    if not comma:
        expected = "expected its latitude and longitude, 54.91,9.79"
        raise QuestionRefusedError(f"{quoted(question.called)} is no place; {expected}")
    begin, end = question.utc()
    place = {"latitude": latitude, "longitude": longitude, "hourly": "temperature_2m", "timeformat": "unixtime"}
    key = {KEY: client.secret(KEY)} if client.secret(KEY) else {}
    if question.dataset == ARCHIVE:
        first, last = question.days()
        span = {"start_date": f"{first}", "end_date": f"{last}"}
        yield client.get("/v1/archive", place | span | key | {"timezone": "GMT"}, url=_ARCHIVE_URL)
    else:
        span = {"start_hour": minute(begin), "end_hour": minute(end)}
        yield client.get("/v1/forecast", place | span | key | {"timezone": "GMT"})


HUB: Final = Hub(
    name="open_meteo",
    title="Open-Meteo: outdoor temperature of a model of the weather",
    url="https://api.open-meteo.com",
    datasets=(Dataset(ARCHIVE, _FIELDS, lag=_LATE), Dataset(FORECAST, _FIELDS, reach=_LATE)),
    answers=answers,
    every=timedelta(hours=1),
    again=timedelta(hours=3),
    optional=(KEY,),
    pause=1.0,
)
