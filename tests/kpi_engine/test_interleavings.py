"""However deliveries, workers and engines interleave, readings, rollups, sessions and figures end the same.

Schedules are drawn at random: order, repetition, sizes of batches, two ingesting connections, one of them with a
transaction left open meanwhile, transactions that die at their last statement, cycles of a worker and steps of two
engines in between, also one within the other, any of which may die or be replaced, and either of which may lead.
PHAROS_TEST_INTERLEAVINGS says how many are tried.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from random import Random
from typing import Any, Final

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from ingest.history.session_rows import FoundSession, ResolvedSessions
from ingest.model.catalogue import Catalogue
from ingest.model.city.city_file import parse
from ingest.model.observation import RawMessage
from ingest.model.time import HOUR, from_micros
from kpi_engine.engine import engine, graph, recompute_queue
from kpi_engine.engine.engine import Engine
from kpi_engine.factors.registry import sync as publish
from processors.intake.stream import Stream
from processors.rollups.worker import RollupWorker
from processors.storage.database import Connection, connect
from processors.storage.readings import ledger
from processors.storage.readings.sink import Sink
from processors.storage.registry.current_catalogue import CurrentCatalogue
from processors.storage.registry.registry import sync
from processors.storage.rollups.rollups import RollupStore
from processors.storage.sessions.sink import SessionSink
from tests.kpi_engine.awkward_town import ARRIVED, CITY, END, HOURS, NOW, START, Delivery, Record, deliveries
from tests.kpi_engine.conftest import FACTORS
from tests.processors.packed_hours import pack_hours

pytestmark = pytest.mark.integration

EXAMPLES: Final = int(os.environ.get("PHAROS_TEST_INTERLEAVINGS", "4"))
SIZES: Final = [1, 2, 5, 20, 60, 200]
ALL: Final = deliveries()
STATE: Final = {  # by table: what its rows are known by, and what does not matter of them
    "observation": ("series_id, time", "source_id"),
    "conflict": ("series_id, time, value", "source_id"),
    "quarantine": ("reason, payload, detail", "quarantine_id, occurrences, receipts, source_id, digest"),
    "reading_quality": ("series_id, time", ""),
    "meter": ("device_id, serial_number", ""),
    "state_duration": ("series_id, period, bucket, state", ""),
    "kpi_residual": ("series_id, period, bucket", ""),
    "charging_session": ("device_id, transaction_id", "source_id, received_at"),
    "rollup": ("series_id, period, bucket", "updated_at"),
    # why a figure was computed again tells of the order in which data came, and is meant to
    "kpi_value": (
        "kpi, site_id, period, period_start",
        "value_id, revision, computed_at, cause, cause_detail, kind_id",
    ),
}
ROWS: Final = (
    "select jsonb_build_array({key})::text, to_jsonb(t) - '{{{ignored}}}'::text[] from {table} t where {chosen}"
)
DATA: Final = """
    truncate observation, observation_mark, conflict, untimed_receipt, quarantine, ledger, rollup_row, rollup_block,
        rollup_mark, reading_quality, state_duration, kpi_residual, kpi_residual_due,
        charging_session, charging_session_version, charging_session_span, kpi_due, kpi_extent, figure_log,
        figure, figure_batch, kpi_group_day, kpi_heard, kpi_note, kpi_noted, kpi_rested, meter,
        register_fall
"""


State = dict[str, dict[str, Any]]


class DiedError(BaseException):
    """A process died: nothing that a process catches."""


class Town:
    """One database with two ingesting connections, a worker and two engines, any of which may be replaced."""

    def __init__(self, connections: Sequence[Connection]) -> None:
        self.connection, *self._others = connections
        self._engines = self._others[2:]
        self.expected: State = {}  # where everything is delivered once, in order and at once
        self.catalogue = sync(self.connection, [parse(CITY, "town.yaml")])
        publish(self.connection, FACTORS)
        self.clear()

    def clear(self) -> None:
        """Forget everything but the master data."""
        self.connection.execute(DATA)
        self._now = START
        wallbox = self.catalogue.devices["town", "wallbox"].device_id
        SessionSink(self.connection, self.catalogue, "replay:sessions").declare_complete({wallbox: "town"}, START, END)
        self.clear_memory()

    def clear_memory(self) -> None:
        """Start every process anew."""
        self._ingesting = [_Ingest(one, self.catalogue) for one in (self.connection, self._others[0])]
        self.replace_worker()
        self.replace_engine()

    def deliver(self, some: Sequence[Delivery], ingesting: int = 0) -> None:
        """Store deliveries on one of two connections."""
        self._ingesting[ingesting].store(some)

    def roll_up(self) -> bool:
        """Let the worker do one cycle; returns whether there was anything to do."""
        return self._worker.cycle().spans > 0

    def pack(self, before: int) -> None:
        """Move hours before an instant into blocks."""
        pack_hours(self._others[1], from_micros(before))

    def compute(self, now: int) -> bool:
        """Let the engine take one step; returns whether there was anything to do. Time never goes back."""
        self._now = max(self._now, now)
        self._engine.residuals(self._now)
        return self._engine.step(self._now).recomputed > 0

    def assist(self) -> bool:
        """Let the engine that does not lead take one step; returns whether there was anything to do."""
        return self._assistant.step(self._now).recomputed > 0

    def replace_worker(self) -> None:
        """Let another worker take over, which remembers nothing."""
        self._worker = RollupWorker(RollupStore(self._others[1]), CurrentCatalogue(self._others[1]))

    def replace_engine(self) -> None:
        """Let other engines take over, which remember nothing: whoever did not lead does now."""
        self._engines.reverse()
        self._engine = Engine(self._engines[0], figures_per_step=400)
        self._assistant = Engine(self._engines[1], figures_per_step=400, leads=False)

    def settle(self) -> None:
        """Let worker and engine work until there is nothing left to do."""
        while self.roll_up():
            pass
        while self.compute(NOW) or self.assist():
            pass
        while self._engine.residuals(NOW).spans:
            pass

    def state(self) -> State:
        """Return what is stored, rolled up and computed, row by row."""
        return {f"{table} {key}": row for table in STATE for key, row in self._rows(table)}

    def differences(self) -> list[str]:
        """Return what is otherwise than expected."""
        found = self.state()
        rows = {key: (found.get(key, {}), self.expected.get(key, {})) for key in found.keys() | self.expected.keys()}
        return [
            f"{key}: {name} is {one.get(name)!r}, expected {other.get(name)!r}"
            for key, (one, other) in sorted(rows.items())
            for name in sorted(one.keys() | other.keys())
            if one.get(name) != other.get(name)
        ]

    def _rows(self, table: str) -> list[tuple[str, dict[str, Any]]]:
        key, ignored = STATE[table]
        chosen = "superseded_at is null" if table == "kpi_value" else "true"
        query = ROWS.format(key=key, ignored=ignored, table=table, chosen=chosen)
        return self.connection.execute(query).fetchall()


class _Ingest:
    """Stores what is delivered, on one connection."""

    def __init__(self, connection: Connection, catalogue: Catalogue) -> None:
        self._stream = Stream(Sink(connection, catalogue, "mqtt"), catalogue)
        self._sessions = SessionSink(connection, catalogue, "replay:sessions")
        self._wallbox = catalogue.devices["town", "wallbox"]

    def store(self, some: Sequence[Delivery]) -> None:
        messages = [one for one in some if isinstance(one, RawMessage)]
        records = [one.session for one in some if isinstance(one, Record)]
        if messages:
            self._stream.accept(messages)
        if records:
            found = [FoundSession(self._wallbox, one, row) for row, one in enumerate(records)]
            self._sessions.write(ResolvedSessions(found, []), [RawMessage("file", b"{}", ARRIVED)] * len(found))


@contextmanager
def right_after(owner: object, name: str, act: Callable[[], None]) -> Iterator[None]:
    """Let something happen right after a function was called, before what called it goes on."""
    function: Callable[..., object] = getattr(owner, name)

    def called(*arguments: object, **options: object) -> object:
        result = function(*arguments, **options)
        act()
        return result

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(owner, name, called)
        yield


@contextmanager
def dying(owner: object, name: str) -> Iterator[None]:
    """Let a process die right after it has called a function."""
    with suppress(DiedError), right_after(owner, name, _die):
        yield


def _die() -> None:
    raise DiedError


@dataclass
class Schedule:
    """Draws what happens next in a town."""

    town: Town
    random: Random

    def run(self) -> None:
        """Deliver everything, some of it more than once, while workers and engines do what they are drawn to do."""
        waiting = ALL + self.random.sample(ALL, self.random.choice([0, len(ALL) // 3]))
        lateness = self.random.choice([0, 10, len(waiting)])
        order = sorted(enumerate(waiting), key=lambda pair: pair[0] + self.random.random() * lateness)
        waiting = [one for _, one in order]
        while waiting:
            some = waiting[: self.random.choice(SIZES)]
            self._deliver(some)
            waiting = waiting[len(some) :]
            self._work()
        self.town.settle()

    def _deliver(self, some: list[Delivery]) -> None:
        """Deliver and acknowledge, perhaps after a first attempt that failed at its last statement."""
        if not self.random.randrange(4):
            with dying(ledger, "post"):
                self.town.deliver(some, self.random.randrange(2))
        if self.random.randrange(4):
            self.town.deliver(some, self.random.randrange(2))
        else:
            with right_after(ledger, "post", self._work):  # what was delivered is not committed yet
                self.town.deliver(some)

    def _work(self) -> None:
        for act in self.random.sample(self._acts(), self.random.randrange(3)):
            act()

    def _acts(self) -> list[Callable[[], object]]:
        return [
            self.town.roll_up,
            self.town.roll_up,
            self.town.replace_worker,
            self._die_rolling_up,
            lambda: self.town.pack(START + self.random.randrange(HOURS) * HOUR),
            lambda: self.town.compute(START + self.random.randrange(HOURS) * HOUR),
            self.town.replace_engine,
            self._die_computing,
            self.town.assist,
            lambda: self._within(self.town.assist, lambda: self.town.compute(START)),
            lambda: self._within(lambda: self.town.compute(START), self.town.assist),
        ]

    def _within(self, step: Callable[[], object], other: Callable[[], object]) -> None:
        """Let an engine take a step, and before it writes what it computed readings come in and the other one steps."""
        acts = iter([self.town.roll_up, other])

        def act() -> None:
            for one in acts:
                one()

        with right_after(graph, "compute", act):
            step()

    def _die_rolling_up(self) -> None:
        with dying(RollupStore, self.random.choice(["mark", "insert", "take_marks"])):
            self.town.roll_up()
        if self.random.randrange(2):
            self.town.replace_worker()

    def _die_computing(self) -> None:
        with dying(engine, "write"), dying(recompute_queue, self.random.choice(["add", "take"])):
            if self.random.randrange(2):
                self.town.compute(START)
            else:
                self.town.assist()
        self.town.replace_engine()


@pytest.fixture(scope="module")
def town(module_database_url: str) -> Iterator[Town]:
    """Return the town when all was delivered; however a test goes on from there, it has to end as it was."""
    with ExitStack() as stack:
        connections = [stack.enter_context(connect(module_database_url, f"test-{number}")) for number in range(5)]
        for connection in connections:
            connection.autocommit = True
        town = Town(connections)
        town.deliver(ALL)
        town.settle()
        town.expected = town.state()
        yield town


def test_the_awkward_town_has_something_of_everything(town: Town) -> None:
    assert {key.split(" ", 1)[0] for key in town.expected} == set(STATE)
    figures = [row for key, row in town.expected.items() if key.startswith("kpi_value")]
    assert "ev_charging_energy" in {row["kpi"] for row in figures if row["value"] is not None}
    # registers that fall with nobody to say what that means leave no value, and bounds instead
    assert "heat_delivered" in {row["kpi"] for row in figures if row["upper"] is not None}
    assert any(row["rejected"] for key, row in town.expected.items() if key.startswith("rollup"))


@settings(
    max_examples=EXAMPLES,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a smaller seed is no simpler schedule
)
@given(seed=st.integers(0, 2**32))
def test_every_interleaving_ends_in_the_same_state(town: Town, seed: int) -> None:
    town.clear()
    Schedule(town, Random(seed)).run()
    assert town.differences() == []


def test_delivering_everything_again_changes_no_figure_and_recomputes_none(town: Town) -> None:
    for _ in range(2):
        town.clear_memory()
        town.deliver(ALL)
        assert not town.roll_up()
        assert not town.compute(NOW)
    assert town.differences() == []
