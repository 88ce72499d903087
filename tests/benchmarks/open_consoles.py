"""Consoles as browsers hold them open: a stream each, what a page loads at first, and loads anew now and then.

`python -m tests.benchmarks.open_consoles URL TOKEN CITY CONSOLES SECONDS` prints what came of it as JSON, when the
seconds are over.
"""

import asyncio
import json
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from time import perf_counter
from typing import Final

import httpx

RELOAD_SECONDS: Final = 20.0
REFRESH_SECONDS: Final = 10.0


@dataclass
class Watched:
    """What all consoles got."""

    streams: int = 0
    bytes: int = 0
    heartbeats: int = 0
    again: int = 0
    reloads: list[float] = field(default_factory=list)


async def _page(client: httpx.AsyncClient, city: str, watched: Watched) -> None:
    began = perf_counter()
    for path in (
        "/session",
        "/cities",
        "/verticals",
        f"/devices?city={city}",
        f"/kpis?city={city}",
        f"/cities/{city}/sites",
    ):
        answer = await _got(client, path, watched)
        watched.bytes += answer.num_bytes_downloaded
    watched.reloads.append(perf_counter() - began)


async def _got(client: httpx.AsyncClient, path: str, watched: Watched) -> httpx.Response:
    """Ask, once more where a connection that was kept had been closed meanwhile, as browsers do."""
    try:
        answer = await client.get(path)
    except httpx.TransportError:
        watched.again += 1
        answer = await client.get(path)
    return answer.raise_for_status()


async def _stream(client: httpx.AsyncClient, city: str, watched: Watched) -> None:
    async with client.stream("GET", f"/live?city={city}") as answer:
        answer.raise_for_status()
        watched.streams += 1
        async for line in answer.aiter_lines():
            watched.bytes += len(line)
            watched.heartbeats += line == "event: heartbeat"


async def _console(number: int, client: httpx.AsyncClient, city: str, watched: Watched) -> None:
    await asyncio.sleep(number % 10 / 10.0)
    while True:
        await _page(client, city, watched)
        streaming = asyncio.create_task(_stream(client, city, watched))
        for _ in range(int(RELOAD_SECONDS / REFRESH_SECONDS)):
            await asyncio.sleep(REFRESH_SECONDS)
            await _got(client, f"/targets?city={city}", watched)
        streaming.cancel()
        with suppress(asyncio.CancelledError):
            await streaming


async def _watch(url: str, token: str, city: str, consoles: int, seconds: float) -> Watched:
    watched = Watched()
    limits = httpx.Limits(max_connections=2 * consoles)
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(
        base_url=f"{url}/api/v1", headers=headers, timeout=120, limits=limits, trust_env=False
    ) as client:
        tasks = [asyncio.create_task(_console(number, client, city, watched)) for number in range(consoles)]
        done, _ = await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_EXCEPTION)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for task in done:
            task.result()
    return watched


if __name__ == "__main__":
    _url, _token, _city, _consoles, _seconds = sys.argv[1:]
    sys.stdout.write(json.dumps(asdict(asyncio.run(_watch(_url, _token, _city, int(_consoles), float(_seconds))))))
