"""Consoles as browsers hold them open: a stream each, what a page loads at first, and loads anew now and then.

`python -m tests.benchmarks.open_consoles URL TOKEN CITY CONSOLES SECONDS` says that they are open, and prints what
came of it since as JSON when the seconds are over.
"""

import asyncio
import json
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from time import perf_counter
from typing import Final

import httpx

RELOAD_SECONDS: Final = 60.0
APART_SECONDS: Final = 0.2  # between two consoles that open
REFRESH_SECONDS: Final = 10.0


@dataclass
class Watched:
    """What all consoles got."""

    expected: int
    streams: int = 0
    bytes: int = 0
    heartbeats: int = 0
    again: int = 0
    reloads: list[float] = field(default_factory=list)
    all_open: asyncio.Event = field(default_factory=asyncio.Event)

    def told(self) -> dict[str, object]:
        """Return what came of it."""
        return {"bytes": self.bytes, "heartbeats": self.heartbeats, "again": self.again, "reloads": self.reloads}


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
        if watched.streams == watched.expected:
            watched.all_open.set()
        async for line in answer.aiter_lines():
            watched.bytes += len(line)
            watched.heartbeats += line == "event: heartbeat"


async def _console(number: int, client: httpx.AsyncClient, city: str, watched: Watched) -> None:
    await asyncio.sleep(number * APART_SECONDS)
    before_reload = number / 50.0 * RELOAD_SECONDS  # they reload by turns
    while True:
        await _page(client, city, watched)
        streaming = asyncio.create_task(_stream(client, city, watched))
        for _ in range(1 + int((before_reload or RELOAD_SECONDS) / REFRESH_SECONDS)):
            await asyncio.sleep(REFRESH_SECONDS)
            await _got(client, f"/targets?city={city}", watched)
        before_reload = 0.0
        streaming.cancel()
        with suppress(asyncio.CancelledError):
            await streaming


async def _watch(url: str, token: str, city: str, consoles: int, seconds: float) -> Watched:
    watched = Watched(consoles)
    limits = httpx.Limits(max_connections=2 * consoles)
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(
        base_url=f"{url}/api/v1", headers=headers, timeout=120, limits=limits, trust_env=False
    ) as client:
        tasks = [asyncio.create_task(_console(number, client, city, watched)) for number in range(consoles)]
        opened = asyncio.create_task(watched.all_open.wait())
        await asyncio.wait([*tasks, opened], return_when=asyncio.FIRST_COMPLETED)
        opened.cancel()
        sys.stdout.write("open\n")
        sys.stdout.flush()
        watched.bytes, watched.reloads = 0, []
        done, _ = await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_EXCEPTION)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for task in done:
            task.result()
    return watched


if __name__ == "__main__":
    _url, _token, _city, _consoles, _seconds = sys.argv[1:]
    sys.stdout.write(json.dumps(asyncio.run(_watch(_url, _token, _city, int(_consoles), float(_seconds))).told()))
