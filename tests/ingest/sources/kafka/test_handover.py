"""Stopping a consumer ends in time and without somebody else's cancellation, and hides no error."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from aiokafka.errors import KafkaError

from ingest.sources.kafka.handover import first_of, leave


class Consumer:
    """Stops as it is told to."""

    def __init__(self, stop: Callable[[], Awaitable[None]]) -> None:
        self._stop = stop

    async def stop(self) -> None:
        """Do what was asked for."""
        await self._stop()


async def _cancelled_task() -> None:
    task = asyncio.create_task(asyncio.sleep(60))
    task.cancel()
    await task


async def _never() -> None:
    await asyncio.sleep(60)


async def _failing() -> None:
    raise KafkaError


@pytest.mark.parametrize("stop", [_cancelled_task, _never])
def test_a_cancellation_inside_and_a_stop_without_end_are_no_error(stop: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(leave(Consumer(stop), 0.05))


def test_what_stopping_raises_is_raised() -> None:
    with pytest.raises(KafkaError):
        asyncio.run(leave(Consumer(_failing), 5.0))


def test_whoever_is_cancelled_while_parting_ends() -> None:
    async def cancelled_from_outside() -> None:
        parting = asyncio.create_task(leave(Consumer(_never), 60.0))
        await asyncio.sleep(0.01)
        parting.cancel()
        await parting

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(cancelled_from_outside())


def test_a_task_that_does_not_hear_its_first_cancellation_is_ended_all_the_same() -> None:
    heard: list[str] = []

    async def deaf() -> None:
        while len(heard) < 2:
            try:
                await asyncio.sleep(3600)
            except asyncio.CancelledError:
                heard.append("cancelled")

    async def at_once() -> None:
        await asyncio.sleep(0)

    asyncio.run(first_of(deaf(), at_once()))
    assert len(heard) == 2
