"""Expensive requests take turns: a few of one credential, and a few more of all."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack

import pytest

from kpi_engine.api.errors import TooManyRequestsError
from kpi_engine.api.turns import Turns

IMPATIENT = 0.01


def run(scenario: Callable[[Turns, AsyncExitStack], Coroutine[None, None, None]]) -> None:
    async def held() -> None:
        async with AsyncExitStack() as stack:
            await scenario(Turns(each=2, together=3, patience=IMPATIENT), stack)

    asyncio.run(held())


async def take(turns: Turns, stack: AsyncExitStack, *credentials: bytes) -> None:
    for credential in credentials:
        await stack.enter_async_context(turns.one(credential))


def test_one_credential_gets_its_share_and_no_more() -> None:
    async def scenario(turns: Turns, stack: AsyncExitStack) -> None:
        await take(turns, stack, b"a", b"a")
        with pytest.raises(TooManyRequestsError, match="at most 2"):
            await take(turns, stack, b"a")
        await take(turns, stack, b"b")

    run(scenario)


def test_all_together_leave_something_for_others() -> None:
    async def scenario(turns: Turns, stack: AsyncExitStack) -> None:
        await take(turns, stack, b"a", b"b", b"c")
        with pytest.raises(TooManyRequestsError):
            await take(turns, stack, b"d")

    run(scenario)


def test_a_turn_that_ends_is_the_next_ones() -> None:
    async def scenario(turns: Turns, stack: AsyncExitStack) -> None:
        for _ in range(5):
            async with turns.one(b"a"), turns.one(b"a"):
                pass
        await take(turns, stack, b"a", b"a")

    run(scenario)


def test_who_is_refused_keeps_no_turn() -> None:
    async def scenario(turns: Turns, stack: AsyncExitStack) -> None:
        async with turns.one(b"b"), turns.one(b"c"), turns.one(b"c"):
            with pytest.raises(TooManyRequestsError):
                await take(turns, stack, b"a")
        await take(turns, stack, b"a", b"a")

    run(scenario)
