"""Charging sessions with known results: one folder per case, with its readings and the sessions they come to."""

import csv
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from ingest.model.quantities.quantity import QUANTITIES
from ingest.model.registers import RegisterContract, Swap
from ingest.model.session import PLUGS, Session
from ingest.model.succession import Succession
from ingest.model.time import from_micros, to_micros
from processors.steps.charging_register import Register, Trace
from processors.steps.session_assembly import assemble, occupancy

FOLDER = Path(__file__).parent / "golden_sessions"


def trace(rows: list[dict[str, str]], quantity: str) -> Trace:
    given = [row for row in rows if row[quantity]]
    times = [to_micros(datetime.fromisoformat(row["time"])) for row in given]
    states = QUANTITIES[quantity].states
    values = [float(states.index(row[quantity]) if states else row[quantity]) for row in given]
    return Trace(np.array(times, np.int64), np.array(values, np.float64))


def sessions(folder: Path) -> list[dict[str, Any]]:
    case = yaml.safe_load((folder / "case.yaml").read_text(encoding="utf-8"))
    with (folder / "readings.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    contract = RegisterContract.model_validate(case["register_contract"])
    plug = next(plug for plug in PLUGS if plug.quantity in rows[0])
    plugged, register = occupancy(plug, trace(rows, plug.quantity)), trace(rows, "electricity_energy")
    swaps = tuple(Swap.model_validate(swap) for swap in case.get("replacements", ()))
    found = assemble(plugged, Register(register, Succession(contract), swaps), lambda _: case.get("rated_power"))
    return [
        {
            "begin": from_micros(one.begin),
            "end": None if one.end is None else from_micros(one.end),
            "energy_kwh": None if one.energy_kwh is None else pytest.approx(one.energy_kwh, abs=1e-9),
            "between": None if one.lower_kwh == one.upper_kwh == one.energy_kwh else between(one),
            "flags": sorted(one.flags),
        }
        for one in found
    ]


def between(session: Session) -> list[object]:
    """Return what the energy lies between, as it is compared."""
    return [pytest.approx(limit, abs=1e-9) for limit in session.between("electricity_energy")]


@pytest.mark.parametrize("folder", sorted(FOLDER.iterdir()), ids=lambda folder: folder.name)
def test_the_readings_come_to_the_sessions(folder: Path) -> None:
    expected = yaml.safe_load((folder / "expected.yaml").read_text(encoding="utf-8"))
    assert sessions(folder) == [{"between": None} | one for one in expected]
