"""Datadis (Spain): the consumption of supply points by the hour, for their owner or for whom they gave access.

A user and a password buy a token. What a supply point's distributor is called stands in the list of supplies, which is
asked for once a day. Questions are of whole months, and one that was asked within a day is refused with 429 (read in
clients of the API). ``authorized_nif`` is the tax number of whom gave access.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from ingest.decoder import quoted
from ingest.payloads.answers import objects
from ingest.payloads.document import document
from ingest.sources.pull.client import Client
from ingest.sources.pull.errors import AccountError, QuestionRefusedError
from ingest.sources.pull.hub import Dataset, Hub
from ingest.sources.pull.question import Question

ZONE: Final = "Europe/Madrid"
USER, PASSWORD, ON_BEHALF = "user", "password", "authorized_nif"
_GOOD_FOR: Final = 12 * 3600.0  # seconds; it says a day
_SUPPLIES: Final = "supplies"
_HOURS: Final = "0"
_LONGEST_TOKEN: Final = 16_000


def answers(client: Client, question: Question) -> Iterator[bytes]:
    """Yield the hours of a supply point in the month of the question."""
    supply = _supply(client, question.called)
    first, last = question.days(ZONE)
    params = {
        "cups": question.called,
        "distributorCode": str(supply.get("distributorCode")),
        "startDate": f"{first:%Y/%m}",
        "endDate": f"{last:%Y/%m}",
        "measurementType": _HOURS,
        "pointType": str(supply.get("pointType")),
    }
    yield _get(client, "/api-private/api/get-consumption-data", params)


def _supply(client: Client, cups: str) -> dict[str, Any]:
    if _SUPPLIES not in client.remembered:
        client.remembered[_SUPPLIES] = objects(document(_get(client, "/api-private/api/get-supplies", {})))
    supplies = client.remembered[_SUPPLIES]
    every = [one for one in objects(supplies) if one.get("cups") == cups]
    if not every:
        raise QuestionRefusedError(f"Datadis lists no supply {quoted(cups)} for this account; is access given?")
    return every[0]


def _get(client: Client, path: str, params: dict[str, str]) -> bytes:
    nif = client.secret(ON_BEHALF)
    whose = params | ({"authorizedNif": nif} if nif else {})
    return client.renewed(lambda: client.get(path, whose, client.token(lambda: _access(client))))


def _access(client: Client) -> tuple[str, float]:
    form = {"username": client.secret(USER), "password": client.secret(PASSWORD)}
    token = client.post("/nikola-auth/tokens/login", form=form).decode(errors="replace").strip()
    if not token.isascii() or not 0 < len(token) <= _LONGEST_TOKEN or len(token.split()) != 1:
        raise AccountError("Datadis answers with no token; expected one on a line")
    return token, _GOOD_FOR


HUB: Final = Hub(
    name="datadis",
    title="Datadis: consumption of supply points (Spain)",
    url="https://datadis.es",
    datasets=(
        Dataset(
            "consumption",
            frozenset({"consumptionKWh", "surplusEnergyKWh", "generationEnergyKWh", "selfConsumptionEnergyKWh"}),
        ),
    ),
    answers=answers,
    every=timedelta(hours=25),
    again=timedelta(days=7),
    secrets=(USER, PASSWORD),
    optional=(ON_BEHALF,),
    pause=2.0,
    whole_months=True,
)
