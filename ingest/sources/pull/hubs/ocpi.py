"""OCPI 2.2.1 (sender interfaces of the modules CDRs and Sessions): charging sessions of an operator's platform.

A list is paged by ``offset`` and ``limit``, bounded by ``date_from`` and ``date_to`` of ``last_updated``, and holds
every EVSE that the token may see: it is asked for once for all of them. The token is sent in Base64 (recalled).
"""

import json
from base64 import b64encode
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from ingest.decoder import quoted
from ingest.decoders.ocpi import evse_of
from ingest.payloads.answers import objects
from ingest.payloads.document import document
from ingest.sources.pull.client import Client
from ingest.sources.pull.errors import AccountError, QuestionRefusedError
from ingest.sources.pull.hub import Dataset, Hub
from ingest.sources.pull.question import Question, second

TOKEN: Final = "token"  # noqa: S105 - a secret's name
ENERGY: Final = {"cdrs": "total_energy", "sessions": "kwh"}
_SESSION: Final = "session"
_PAGE: Final = 100
_MOST: Final = 200_000  # objects of one list: beyond, its pages do not end
_LISTS: Final = 8  # that are remembered: both of some months
_GOOD: Final = range(1000, 2000)  # of the status codes of OCPI


def answers(client: Client, question: Question) -> Iterator[bytes]:
    """Yield what an EVSE has among the CDRs or sessions that were changed between two instants, where it has any."""
    if not client.has_address:
        raise AccountError("expected url in the account: that of the operator, as https://.../ocpi/cpo/2.2.1")
    wanted = f"{question.dataset} {question.begin} {question.end}"
    if wanted not in client.remembered:
        client.remembered[wanted] = _by_evse(_pages(client, question))
        if len(client.remembered) > _LISTS:
            client.remembered.pop(next(iter(client.remembered)))
    found = client.remembered[wanted]
    if isinstance(found, dict) and (mine := found.get(question.called)):
        yield json.dumps(mine).encode()


def _pages(client: Client, question: Question) -> Iterator[dict[str, Any]]:
    begin, end = map(second, question.utc())
    secret = b64encode(client.secret(TOKEN).encode()).decode()
    offset = 0
    while True:
        params = {"date_from": begin, "date_to": end, "offset": str(offset), "limit": str(_PAGE)}
        answer = document(client.get(f"/{question.dataset}", params, {"Authorization": f"Token {secret}"}))
        said = answer if isinstance(answer, dict) else {}
        if said.get("status_code") not in _GOOD:
            message = quoted(str(said.get("status_message", "")))
            raise QuestionRefusedError(f"OCPI answers with status {quoted(str(said.get('status_code')))}: {message}")
        page = objects(said.get("data"))
        yield from page
        offset += len(page)
        if not page:
            return
        if offset >= _MOST:
            raise QuestionRefusedError(f"a list of more than {_MOST} {question.dataset}: do its pages end?")


def _by_evse(every: Iterator[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for one in every:
        if evse := evse_of(one):
            found.setdefault(evse, []).append(one)
    return found


HUB: Final = Hub(
    name="ocpi",
    title="OCPI 2.2.1: sessions and CDRs of a charge point operator",
    url="",
    datasets=tuple(Dataset(name, frozenset({energy, _SESSION})) for name, energy in ENERGY.items()),
    answers=answers,
    every=timedelta(minutes=15),
    again=timedelta(hours=1),
    secrets=(TOKEN,),
)
