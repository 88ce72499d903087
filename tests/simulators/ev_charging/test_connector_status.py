"""A simulated point goes through the states of OCPP, and now and then does not work."""

from datetime import UTC, datetime

import numpy as np
import pytest

from ingest.model.quantities.quantity import QUANTITIES
from ingest.model.time import DAY, MINUTE, to_micros
from simulators.device import SimulatedDevice
from simulators.faults import Faulted, Report
from simulators.payload import telemetry

STATES = QUANTITIES["connector_status"].states
BEGIN = to_micros(datetime(2026, 1, 5, tzinfo=UTC))
QUARTER = BEGIN + np.arange(90 * 96) * 15 * MINUTE


def code(name: str) -> float:
    return float(STATES.index(name))


@pytest.mark.parametrize("name", ["garage-0", "office-0", "ring-road-0"])
def test_the_status_agrees_with_plug_and_power(points: dict[str, SimulatedDevice], name: str) -> None:
    readings = points[name].read(QUARTER)
    status, is_in = readings["connector_status"], readings["plugged_in"] == 1.0
    assert set(status[is_in].tolist()) <= {code(each) for each in STATES[1:6]}
    assert set(status[~is_in].tolist()) <= {code("Available"), code("Faulted")}
    assert (readings["electricity_power"][status == code("Charging")] > 0.0).all()
    assert (readings["electricity_power"][status == code("SuspendedEV")] == 0.0).all()


def test_points_fail_now_and_then_and_not_for_long(points: dict[str, SimulatedDevice]) -> None:
    shares = [(device.read(QUARTER)["connector_status"] == code("Faulted")).mean() for device in points.values()]
    assert 0.0 < np.mean(shares) < 0.01


def test_a_point_made_faulty_says_so_and_counts_nothing_more(points: dict[str, SimulatedDevice]) -> None:
    device, began = points["office-0"], BEGIN + DAY
    report = Report(QUARTER[:300], device.read(QUARTER[:300]))
    said = Faulted(device, 1, began).report(report).values
    since = QUARTER[:300] >= began - DAY // 4
    assert set(said["connector_status"][since].tolist()) == {code("Faulted")}
    assert len(set(said["electricity_energy"][since].tolist())) == 1
    assert (said["electricity_energy"][~since] == report.values["electricity_energy"][~since]).all()


def test_states_are_sent_by_their_names() -> None:
    payload = telemetry(QUARTER[:1], {"connector_status": np.array([2.0]), "plugged_in": np.array([1.0])})
    assert b'"connector_status":"Charging","plugged_in":1.0' in payload
