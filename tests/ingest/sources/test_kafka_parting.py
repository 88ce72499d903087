"""Stopping a consumer ends in time and without somebody else's cancellation, and hides no error."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from aiokafka.errors import KafkaError

from ingest.sources.kafka_parting import part


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
    asyncio.run(part(Consumer(stop), 0.05))


def test_what_stopping_raises_is_raised() -> None:
    with pytest.raises(KafkaError):
        asyncio.run(part(Consumer(_failing), 5.0))


def test_whoever_is_cancelled_while_parting_ends() -> None:
    async def cancelled_from_outside() -> None:
        parting = asyncio.create_task(part(Consumer(_never), 60.0))
        await asyncio.sleep(0.01)
        parting.cancel()
        await parting

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(cancelled_from_outside())
