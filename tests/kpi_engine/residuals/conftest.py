"""A town whose balances close: a plant that loses a tenth, a main meter that counts more than its two submeters."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests import towns
from tests.computed import few_indicators
from tests.kpi_engine.conftest import district_of, keep_days_of_sites
from tests.stores import POSTGRESQL, TIMESCALEDB, one_backend
from tests.towns import Declared, electricity_meter, heat_meter, meter

if TYPE_CHECKING:
    from tests.kpi_engine.conftest import District

WATER: Final = ("heat_energy", "volume", "volume_supply_temperature", "volume_return_temperature")
FROM_MARCH: Final = {"valid_from": "2026-03-11"}
BELOW_MAIN: Final = {"submeter_of": "main"}


def declaring(lift: Declared = FROM_MARCH, below: Declared = BELOW_MAIN) -> str:
    """Return the town with these keys of its lift, and of the lift and the kitchen."""
    at_school: dict[str, Any] = {"site": "school", **below}
    return towns.town(
        meter("heat_plant", "heat_energy", name="plant", site="plant", direction="production"),
        heat_meter(*WATER, name="meter-a", site="a"),
        heat_meter(name="meter-b", site="b"),
        electricity_meter(name="main", site="school"),
        electricity_meter(name="kitchen", **at_school),
        electricity_meter(name="lift", **at_school, **lift),
        name="town",
        role="lighthouse",
        sites={"plant": {"serves": ["a", "b"]}},
    )


CITY: Final = declaring()
PER_HOUR: Final = {
    ("plant", "heat_energy"): 10.0,
    ("meter-a", "heat_energy"): 5.0,
    ("meter-a", "volume"): 0.1,
    ("meter-a", "volume_supply_temperature"): 8.0,
    ("meter-a", "volume_return_temperature"): 4.0,
    ("meter-b", "heat_energy"): 4.0,
    ("main", "electricity_energy"): 9.0,
    ("kitchen", "electricity_energy"): 6.0,
    ("lift", "electricity_energy"): 2.0,
}


BALANCED = ["electricity_meter_balance", "heat_meter_balance", "heat_meter_deviation", "network_heat_loss"]


@pytest.fixture(params=[POSTGRESQL, TIMESCALEDB])
def store(request: pytest.FixtureRequest) -> str:
    """Run on both stores; tests and engine have a session each, which a store of one backend mixes up."""
    name = str(request.param)
    if one_backend(name):
        pytest.skip("needs several sessions at once: a native TimescaleDB by PHAROS_TEST_TIMESCALE_URL")
    return name


@pytest.fixture
def town(database_url: str, monkeypatch: pytest.MonkeyPatch) -> "Iterator[District]":
    """Return the town with six weeks of hours, of which nothing is computed yet."""
    keep_days_of_sites(monkeypatch)
    with few_indicators(BALANCED), district_of(database_url, CITY) as found:
        for (device, quantity), amount in PER_HOUR.items():
            found.counts(device, quantity, "2026-03-01T00:00", "2026-04-10T00:00", amount)
        yield found
