"""Whole cities: every declared device is simulated, says what can be, and adds up with those around it."""

from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
import pytest

from ingest.model.city.assets import City
from ingest.model.quantities.quantity import QUANTITIES
from ingest.model.time import DAY, HOUR, MINUTE, to_micros
from simulators.device import INSTALLED, Readings, SimulatedDevice
from simulators.district_heating import PIPE_LOSS
from simulators.faults import FAULTS, Delivery, Report, afflict
from simulators.transmitter import Transmitter
from tests import towns
from tests.simulators.remembered import remembered

pytestmark = pytest.mark.long

NIGHT = to_micros(datetime(2025, 3, 30, tzinfo=UTC))  # clocks are put forward
BEGAN = INSTALLED + 40 * DAY
EVE = np.arange(BEGAN - 30 * HOUR, BEGAN, HOUR)
DAYS = NIGHT - DAY + np.arange(0, 3 * DAY, HOUR)
# Which devices can have a fault that not every device can have.
BEFALLS: dict[str, Callable[[SimulatedDevice], bool]] = {
    "reset": lambda device: bool(device.registers),
    "spike": lambda device: any(QUANTITIES[quantity].usual.tolerance is not None for quantity in device.conversions),
    "stuck": lambda device: any(  # what always says the same cannot be told from what is stuck
        np.ptp(said) > 0.0 for quantity, said in device.read(EVE).items() if quantity not in device.registers
    ),
    "faulted": lambda device: "connector_status" in device.conversions,
}


@pytest.fixture(scope="module", params=["sonderborg", "tartu", "vitoria-gasteiz"])
def declared(request: pytest.FixtureRequest) -> City:
    """Return a demonstration city."""
    return towns.shipped(request.param)


@pytest.fixture(scope="module")
def simulated(declared: City) -> dict[str, SimulatedDevice]:
    """Return its simulated devices by name."""
    return {device.name: device for device in towns.simulated(declared.name)}


@pytest.fixture(scope="module")
def said_by(simulated: dict[str, SimulatedDevice]) -> dict[str, Readings]:
    """Return what each of them says of the days around the night of the clocks, by name."""
    return {name: device.read(DAYS) for name, device in simulated.items()}


@pytest.fixture(scope="module")
def one_of_each() -> dict[str, SimulatedDevice]:
    """Return one device of each type of each vertical, by vertical and type."""
    city = towns.shipped("sonderborg")
    verticals = {site.name: site.vertical for site in city.sites}
    made = {device.name: device for device in towns.simulated(city.name)}
    of_each = {f"{verticals[each.site]}/{each.type}": made[each.name] for each in city.devices}
    return {kind: remembered(one) for kind, one in of_each.items()}


def said(transmitter: Transmitter) -> list[Delivery]:
    """Return what comes of two days of the past and of 90 minutes of the present."""
    present = [BEGAN + minute * MINUTE for minute in range(90)]
    said_at_once = transmitter.transmit(np.arange(BEGAN - 2 * DAY, BEGAN, HOUR))
    return [*said_at_once, *(delivery for now in present for delivery in transmitter.transmit(np.array([now])))]


@pytest.fixture(scope="module")
def healthy(one_of_each: dict[str, SimulatedDevice]) -> dict[str, list[Delivery]]:
    """Return what comes of each of them without a fault, by vertical and type."""
    return {kind: said(Transmitter(device)) for kind, device in one_of_each.items()}


def test_every_device_says_what_it_declares_and_nothing_that_cannot_be(
    declared: City, said_by: dict[str, Readings]
) -> None:
    assert len(said_by) == len(declared.devices) >= 300
    for device in declared.devices:
        readings = said_by[device.name]
        assert readings.keys() == {series.quantity for series in device.series}
        for quantity, values in readings.items():
            lowest, highest = QUANTITIES[quantity].plausible
            assert lowest <= values.min() <= values.max() <= highest, f"{device.name} {quantity}"


def test_registers_never_decrease_not_even_in_the_night_of_the_clocks(
    simulated: dict[str, SimulatedDevice], said_by: dict[str, Readings]
) -> None:
    for device in simulated.values():
        readings = said_by[device.name]
        for register in device.registers:
            assert (np.diff(readings[register]) >= 0.0).all(), f"{device.name} {register}"


def test_a_meter_of_electricity_counts_no_less_than_what_stands_behind_it(
    declared: City, said_by: dict[str, Readings]
) -> None:
    sunny = {device.site for device in declared.devices if device.type == "photovoltaic_inverter"}
    behind: dict[str, float] = {}
    for device in declared.devices:
        if device.meter_above and device.carrier == "electricity":
            counted = float(np.ptp(said_by[device.name]["electricity_energy"]))
            behind[device.meter_above] = behind.get(device.meter_above, 0.0) + counted
    sites = {device.name: device.site for device in declared.devices}
    mains = [name for name in behind if sites[name] not in sunny]
    assert len(mains) > 5
    for name in mains:
        assert np.ptp(said_by[name]["electricity_energy"]) >= behind[name] * (1.0 - 1e-9), name


def test_the_plants_make_what_meters_take_and_trenches_lose(declared: City, said_by: dict[str, Readings]) -> None:
    heat = {device.name: device for device in declared.devices if "heat_energy" in said_by[device.name]}
    plants = [name for name, device in heat.items() if device.type == "heat_plant"]
    taken = sum(
        float(np.ptp(said_by[name]["heat_energy"]))
        for name, device in heat.items()
        if device.type == "heat_meter" and device.meter_above is None
    )
    trench = sum(fact.value for site in declared.sites for fact in site.facts if fact.name == "trench_length")
    made = sum(float(np.ptp(said_by[name]["heat_energy"])) for name in plants)
    assert made == pytest.approx(taken + PIPE_LOSS * trench * (DAYS[-1] - DAYS[0]) / HOUR, rel=1e-6)


def test_every_type_of_device_there_is_stands_in_the_city(one_of_each: dict[str, SimulatedDevice]) -> None:
    assert len(one_of_each) >= 11
    assert {kind.partition("/")[0] for kind in one_of_each} == {
        *("district_heating", "ev_charging", "smart_lighting", "buildings", "environment")
    }


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_befalls_every_type_of_device_that_can_have_it(
    fault: str, one_of_each: dict[str, SimulatedDevice], healthy: dict[str, list[Delivery]]
) -> None:
    devices = list(one_of_each.values())
    for kind, device in one_of_each.items():
        faulty = Transmitter(device, afflict([f"{fault}:{device.name}"], devices, 3, BEGAN)[device.name])
        spoilt = said(faulty)
        assert (spoilt != healthy[kind]) == (fault not in BEFALLS or BEFALLS[fault](device)), kind
        assert spoilt == said(faulty), kind


def test_a_reset_never_makes_a_register_negative(one_of_each: dict[str, SimulatedDevice]) -> None:
    times = INSTALLED + 40 * DAY + np.arange(0, 3 * DAY, HOUR)
    for kind, device in one_of_each.items():
        (reset,) = afflict([f"reset:{device.name}"], [device], 3, int(times[-1]))[device.name]
        spoilt = reset.report(Report(times, device.read(times)))
        for register in device.registers:
            assert spoilt.values[register].min() >= -1e-6, f"{kind} {register}"
