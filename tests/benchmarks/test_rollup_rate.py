"""How fast register readings become hours, by contract, beside sorting the same readings; judges nothing."""

import sys
from time import process_time

import numpy as np
import pytest

from ingest.model.calendar import Period, covering
from ingest.model.expected_interval import ExpectedInterval
from ingest.model.registers import RegisterContract, Scope
from ingest.model.time import DAY, HOUR, MINUTE, SECOND
from processors.steps.columns import Readings
from processors.steps.contracts import Starts, contracts
from processors.steps.hours import Windows, hours
from processors.steps.interval_lengths import Kind, Lengths

SERIES, EACH = 100, 3_000
START = 1_780_000_000_000_000 // HOUR * HOUR
ZONE = "Europe/Copenhagen"
CONTRACTS = {
    "default": RegisterContract(),
    "modulus": RegisterContract(modulus=1e6),
    "jitter": RegisterContract(jitter=0.1),
    "day": RegisterContract(scope=Scope.DAY),
}


def test_rate_of_the_register_steps(capsys: pytest.CaptureFixture[str]) -> None:
    time = np.tile(START + np.arange(EACH) * MINUTE, SERIES)
    value = np.tile(100 + np.cumsum(np.random.default_rng(1).random(EACH)), SERIES)
    readings = Readings(np.repeat(np.arange(SERIES), EACH), time, value)
    edges = covering(START, int(time.max()), Period.HOUR, ZONE)
    days = Starts(days=covering(START - DAY, int(time.max()), Period.DAY, ZONE))
    began = process_time()
    np.lexsort((readings.time, readings.value))
    reference = process_time() - began
    for name, contract in CONTRACTS.items():
        began = process_time()
        table = hours(readings, _windows(contract), edges, days)
        took = process_time() - began
        with capsys.disabled():
            sys.stdout.write(
                f"\n{name:10}{took / len(readings) * 1e6:8.2f} us CPU/reading{took / reference:8.2f} of sorting"
            )
        assert len(table) == SERIES * EACH // 60


def _windows(contract: RegisterContract) -> Windows:
    ones = np.ones(SERIES, np.int64)
    return Windows(
        series_id=np.arange(SERIES) + 1,
        start=ones * START,
        end=ones * (START + EACH * MINUTE),
        max_gap=3 * HOUR * ones,
        filling=HOUR * ones,
        is_register=ones > 0,
        is_gauge=ones < 0,
        is_linear=ones > 0,
        lengths=Lengths.of([Kind(ExpectedInterval(elapsed=MINUTE), "UTC")] * SERIES, [SECOND] * SERIES),
        contracts=contracts([contract] * SERIES),
    )
