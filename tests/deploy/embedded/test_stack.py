"""A part that was killed comes back, even when somebody has taken its port meanwhile."""

import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial

import psycopg
import pytest

from deploy.embedded.throwaway import Throwaway, throwaway
from ingest.model.time import HOUR
from simulators.errors import SimulationError
from simulators.load import QUANTITIES, Load
from simulators.load_generator import LoadGenerator
from tests.role_matrix import expect_the_matrix

pytestmark = pytest.mark.integration

PATIENCE_SECONDS = 180.0


@dataclass(frozen=True)
class _Started:
    """A stack that is ready, what publishes to it, and what was said to that before it was."""

    stack: Throwaway
    generator: LoadGenerator
    refusal: str


@pytest.fixture(scope="module")
def started() -> Iterator[_Started]:
    load = Load("harbour", 20, time.time_ns() // 1000 - HOUR)
    with throwaway(load.city_file()) as stack:
        generator = LoadGenerator(stack.mqtt_url, load, capacity=2_000)
        with pytest.raises(SimulationError) as refused:
            generator.publish(lambda: False)  # nobody listens yet: acknowledged, it would be lost
        stack.wait(stack.stack.is_ready, "every role to be ready", PATIENCE_SECONDS)
        yield _Started(stack, generator, str(refused.value))


@pytest.fixture(scope="module")
def running(started: _Started) -> Throwaway:
    return started.stack


def test_every_process_connects_as_its_own_role_with_the_rights_of_the_deployment(running: Throwaway) -> None:
    expect_the_matrix(running.database_url)
    with psycopg.connect(running.database_url) as administrator:
        connected = administrator.execute(
            "select distinct usename::text from pg_stat_activity where application_name like 'pharos%'"
        )
        assert {user for (user,) in connected} == {"pharos_writer", "pharos_kpi", "pharos_api"}


def test_a_stack_that_is_ready_stores_what_is_acknowledged_from_the_first_message_on(started: _Started) -> None:
    stack, generator = started.stack, started.generator
    assert "refuses" in started.refusal
    generator.publish(lambda: False)
    with psycopg.connect(stack.database_url, autocommit=True) as connection:
        stored = partial(connection.execute, "select coalesce(sum(stored), 0) from ledger")
        stack.wait(
            lambda: stored().fetchone() == (generator.acknowledged * len(QUANTITIES),),
            "what was acknowledged",
            PATIENCE_SECONDS,
        )


def _kill_and_take(running: Throwaway, name: str, port: int) -> socket.socket:
    part = next(part for part in running.supervisor.parts if part.name == name)
    os.kill(part.pid, signal.SIGKILL)
    while part.exit_code is None:
        time.sleep(0.01)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:  # what a killed server has left behind may hold its port a moment longer
        try:
            return socket.create_server(("127.0.0.1", port))
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.01)


def test_every_role_listens_elsewhere_when_its_internal_port_was_taken(running: Throwaway) -> None:
    former = {role: running.stack.internal_port(role) for role in ("ingest", "api", "process", "kpi")}
    with ExitStack() as taken:
        for role, port in former.items():
            assert port
            taken.enter_context(_kill_and_take(running, role, port))
        for role, port in former.items():
            moved = partial(_differs, partial(running.stack.internal_port, role), port)
            running.wait(moved, f"another internal port of {role}", PATIENCE_SECONDS)
        running.wait(running.stack.is_ready, "every role to be ready", PATIENCE_SECONDS)


def _differs(read: Callable[[], int | None], former: int | None) -> bool:
    return read() != former


def test_every_role_follows_a_database_that_came_back_on_another_port(running: Throwaway) -> None:
    port = running.stack.postgres.port
    with _kill_and_take(running, "PostgreSQL", port):
        running.wait(lambda: running.stack.postgres.port != port, "another port of PostgreSQL", PATIENCE_SECONDS)
        running.wait(running.stack.is_ready, "every role to be ready", PATIENCE_SECONDS)
    assert any("came back on port" in said for said in running.announced)
