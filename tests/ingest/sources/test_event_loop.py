"""Synchronous callers get results, errors, and an end that leaves nothing running."""

import asyncio

import pytest

from ingest.sources.event_loop import EventLoop


async def _answer(value: int) -> int:
    await asyncio.sleep(0)
    return value


async def _fail() -> None:
    raise ValueError("no")


async def _linger(ended: list[str]) -> None:
    async def forever() -> None:
        try:
            await asyncio.sleep(3600)
        finally:
            ended.append("cancelled")

    task = asyncio.create_task(forever())
    await asyncio.wait([task], timeout=0.01)


def test_what_a_coroutine_returns_or_raises_is_the_callers() -> None:
    loop = EventLoop("test")
    assert loop.run(_answer(3)) == 3
    with pytest.raises(ValueError, match="no"):
        loop.run(_fail())
    loop.close()


def test_closing_cancels_what_still_runs() -> None:
    loop, ended = EventLoop("test"), list[str]()
    loop.run(_linger(ended))
    loop.close()
    assert ended == ["cancelled"]
