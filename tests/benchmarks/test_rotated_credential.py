"""How long until a broker of many devices takes a new secret and refuses the old one; judges no time.

PHAROS_BENCH_DEVICES=10000 says how many credentials there are.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time, sleep
from typing import Final

import pytest

from deploy.embedded import accounts, ports
from deploy.embedded.accounts import Account, Verifier
from deploy.embedded.broker import Broker, accepts
from deploy.embedded.mosquitto import Mosquitto
from deploy.embedded.nats import Nats
from deploy.settings import Address
from tests.broker_kinds import Kind, installed

pytestmark = pytest.mark.integration

DEVICES: Final = int(os.environ.get("PHAROS_BENCH_DEVICES", "8"))
PATIENCE_SECONDS: Final = 300.0
ROTATED: Final = "meter-0"


def _admitted(secret: str) -> list[Account]:
    """Return the accounts of all devices, of which one has this secret and the others another one."""
    others, its_own = Verifier.of("of others"), Verifier.of(secret)
    names = (f"meter-{number}" for number in range(DEVICES))
    return [accounts.device("large", name, its_own if name == ROTATED else others) for name in names]


@pytest.mark.parametrize("kind", [Nats, Mosquitto])
def test_cost_of_a_rotated_credential(kind: Kind, open_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broker = installed(kind)(open_folder / "home", Address("127.0.0.1", ports.choose()))
    user = accounts.device_user("large", ROTATED)
    before, after = _admitted("the former"), _admitted("the new one")
    broker.admit(before)

    def rotated() -> None:
        broker.admit(after)
        deadline = perf_counter() + PATIENCE_SECONDS
        while not accepts(broker.address, user, "the new one"):
            assert perf_counter() < deadline
            sleep(0.05)

    try:
        lines = [_told(broker, "started", broker.start)]
        assert accepts(broker.address, user, "the former")
        lines.append(_told(broker, "takes the new secret", rotated))
        assert not accepts(broker.address, user, "the former")
        assert accepts(broker.address, accounts.device_user("large", f"meter-{DEVICES - 1}"), "of others")
    finally:
        broker.stop()
    with capsys.disabled():
        sys.stdout.write(f"\n{kind.__name__}, {DEVICES:,} devices\n{''.join(lines)}")


def _told(broker: Broker, name: str, work: Callable[[], None]) -> str:
    """Do ``work`` and say what it cost on the clock, and of the processor by us and by the broker."""
    wall, ours, its_own = perf_counter(), process_time(), broker.cpu_seconds or 0.0
    work()
    spent = process_time() - ours + (broker.cpu_seconds or 0.0) - its_own
    return f"{name:40}{perf_counter() - wall:8.2f} s, of CPU {spent:7.2f} s\n"
