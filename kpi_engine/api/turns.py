"""Turns for requests that read and compute much, so that one caller, or many, leave something for everybody else.

Who waits for a turn holds neither a thread nor a connection.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final
from weakref import WeakValueDictionary

from fastapi import Depends, Request

from ingest.model.sentences import Sentence
from kpi_engine.api.errors import TooManyRequestsError
from kpi_engine.api.rates import credential

EACH: Final = 4
"""Expensive requests of one token or session at the same time."""
TOGETHER: Final = 6
"""Those of all callers: fewer than there are connections, so that small requests find one."""
MESSAGES: Final = 16
"""Messages of all senders that are in hand at the same time, half as many of one: they are stored one by one."""
PATIENCE: Final = 5.0
"""Seconds to wait for a turn."""

NO_TURN: Final = Sentence(
    "no turn became free in {seconds} s: at most {most} requests of this kind run at the same time for one token; "
    "ask for less, or one after another"
)


class Turns:
    """Who is at it, by credential."""

    def __init__(self, each: int = EACH, together: int = TOGETHER, patience: float = PATIENCE) -> None:
        self._each = each
        self._patience = patience
        self._together = asyncio.Semaphore(together)
        self._own: WeakValueDictionary[bytes, asyncio.Semaphore] = WeakValueDictionary()  # kept while one is used

    @asynccontextmanager
    async def one(self, credential: bytes) -> AsyncIterator[None]:
        """Hold a turn of ``credential``; raises TooManyRequestsError where none becomes free in time."""
        own = self._own.setdefault(credential, asyncio.Semaphore(self._each))
        async with AsyncExitStack() as held:
            try:
                async with asyncio.timeout(self._patience):
                    await held.enter_async_context(own)
                    await held.enter_async_context(self._together)
            except TimeoutError as error:
                raise TooManyRequestsError(NO_TURN.of(seconds=f"{self._patience:g}", most=self._each)) from error
            yield


async def _turn(request: Request) -> AsyncIterator[None]:
    turns: Turns = request.app.state.turns
    async with turns.one(credential(request)):
        yield


async def _intake_turn(request: Request) -> AsyncIterator[None]:
    turns: Turns = request.app.state.intake_turns
    async with turns.one(credential(request)):
        yield


EXPENSIVE: Final = Depends(_turn, scope="function")
"""Dependency of a resource that reads or computes much; named first, so that a turn comes before a connection."""
INTAKE: Final = Depends(_intake_turn, scope="function")
"""Dependency of a resource that stores messages, one after another: those who wait hold no thread."""
