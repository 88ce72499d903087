"""Leaving Kafka: a consumer is stopped within bounded time, and what its library leaks meanwhile stays inside."""

import asyncio
from typing import Any


async def part(consumer: Any, seconds: float) -> None:  # noqa: ANN401 - aiokafka has no types
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
