"""A part that was killed comes back, even when somebody has taken its port meanwhile."""

import os
import signal
import socket
import time
from collections.abc import Iterator
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


@pytest.fixture(scope="module")
def running() -> Iterator[Throwaway]:
    load = Load("harbour", 2, time.time_ns() // 1000 - HOUR)
    with throwaway(load.city_file()) as stack:
        stack.wait(stack.stack.is_ready, "every role to be ready", PATIENCE_SECONDS)
        yield stack


def test_every_process_connects_as_its_own_role_with_the_rights_of_the_deployment(running: Throwaway) -> None:
    expect_the_matrix(running.database_url)
    with psycopg.connect(running.database_url) as administrator:
        connected = administrator.execute(
            "select distinct usename::text from pg_stat_activity where application_name like 'pharos%'"
        )
        assert {user for (user,) in connected} == {"pharos_writer", "pharos_kpi", "pharos_api"}


def test_a_stack_that_is_ready_stores_what_is_acknowledged_from_the_first_message_on() -> None:
    load = Load("harbour", 20, time.time_ns() // 1000 - HOUR)
    with throwaway(load.city_file()) as stack:
        generator = LoadGenerator(stack.mqtt_url, load, capacity=2_000)
        with pytest.raises(SimulationError, match="refuses"):
            generator.publish(lambda: False)  # nobody listens yet: acknowledged, it would be lost
        stack.wait(stack.stack.is_ready, "every role to be ready", PATIENCE_SECONDS)
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


@pytest.mark.parametrize("role", ["ingest", "api", "process", "kpi"])
def test_a_role_listens_elsewhere_when_its_internal_port_was_taken(running: Throwaway, role: str) -> None:
    port = running.stack.internal_port(role)
    assert port
    with _kill_and_take(running, role, port):
        running.wait(lambda: running.stack.internal_port(role) != port, "another internal port", PATIENCE_SECONDS)
        running.wait(running.stack.is_ready, "every role to be ready", PATIENCE_SECONDS)


def test_every_role_follows_a_database_that_came_back_on_another_port(running: Throwaway) -> None:
    port = running.stack.postgres.port
    with _kill_and_take(running, "PostgreSQL", port):
        running.wait(lambda: running.stack.postgres.port != port, "another port of PostgreSQL", PATIENCE_SECONDS)
        running.wait(running.stack.is_ready, "every role to be ready", PATIENCE_SECONDS)
    assert any("came back on port" in said for said in running.announced)
