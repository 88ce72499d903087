"""Leaving a consumer group within bounded time; cancellations that aiokafka lets out meanwhile stay inside."""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any, Final

CANCELLING_SECONDS: Final = 0.2
"""A cancelled task that has not ended by then is cancelled again."""


async def first_of(*coroutines: Coroutine[Any, Any, None]) -> None:
    """Run all until the first one ends, and end the others; raises what it raised."""
    tasks = [asyncio.create_task(coroutine) for coroutine in coroutines]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        await _ended(tasks)


async def leave(consumer: Any, seconds: float) -> None:  # noqa: ANN401 - aiokafka has no types
    """Stop ``consumer`` and return, at the latest after ``seconds``; raises what stopping raises.

    aiokafka awaits the tasks it has cancelled: of one that waited to repeat a fetch, as while a broker is away, the
    cancellation comes out of ``stop`` as if it were ours. Our own still ends this.
    """
    stopping = asyncio.ensure_future(consumer.stop())
    await asyncio.wait([stopping], timeout=seconds)
    if not stopping.done():
        stopping.cancel()
    elif not stopping.cancelled():
        stopping.result()


async def _ended(tasks: Sequence[asyncio.Task[None]]) -> None:
    """End tasks, whatever they raise.

    Before Python 3.12 a cancellation is lost where it meets the end of what ``asyncio.wait_for`` waits for: a loop
    would go on for ever. So it is repeated until it has its effect.
    """
    while others := [task for task in tasks if not task.done()]:
        for task in others:
            task.cancel()
        await asyncio.wait(others, timeout=CANCELLING_SECONDS)
    await asyncio.gather(*tasks, return_exceptions=True)
