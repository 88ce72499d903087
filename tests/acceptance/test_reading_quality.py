"""What the usual declarations call wrong: nothing of simulated cities, hardly anything real, but injected faults.

Real data: CityLearn 2022 weather and grid intensity, UCI Occupancy Detection, PVGIS typical year, Trondheim's daily
weather, and a Danish heat meter's temperatures from its registers.
"""

import csv
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from ingest.model.time import DAY, HOUR, to_micros
from processors.steps.columns import Floats, Ints
from processors.steps.reading_quality import QualityFlag
from simulators.faults import Fault, Report, afflict
from tests import towns
from tests.processors.judged_traces import flags, flags_by

SEASONS = (datetime(2026, 1, 13, tzinfo=UTC), datetime(2026, 7, 14, tzinfo=UTC))
PASSES_UNFOUND = {"relative_humidity"}  # 105 percent is no departure from fog
Series = tuple[str, Ints, Floats]


def judged(name: str, requests: list[str], began: datetime) -> Iterator[tuple[str, Ints, Ints, Ints]]:
    """Yield the quantity, flags, times and times at which something was injected, of every judged series of a city."""
    city = towns.shipped(name)
    sites = {site.name: site for site in city.sites}
    devices = towns.simulated(name)
    faults: dict[str, list[Fault]] = afflict(requests, devices, 5, to_micros(began)) if requests else {}
    for simulated in devices:
        device = next(one for one in city.devices if one.name == simulated.name)
        interval = device.expected_interval.length
        times = np.arange(to_micros(began) - 3 * DAY, to_micros(began), interval)
        true = simulated.read(times)
        said = Report(times, true)
        for fault in faults.get(device.name, []):
            said = fault.report(said)
        for series in device.series:
            change = device.change(series, sites[device.site].alarms)
            if change.is_checked:
                convert = series.conversion
                values = said.values[series.quantity] * convert.scale + convert.offset
                wrong = times[said.values[series.quantity] != true[series.quantity]]
                yield series.quantity, flags_by(change, interval, times, values), times, wrong


@pytest.mark.parametrize("name", ["demo", "tartu"])
@pytest.mark.parametrize("began", SEASONS)
def test_nothing_of_a_simulated_city_is_flagged(name: str, began: datetime) -> None:
    count = 0
    for quantity, found, *_ in judged(name, [], began):
        assert not found.any(), quantity
        count += len(found)
    assert count > 100_000


@pytest.mark.parametrize("began", SEASONS)
def test_injected_spikes_are_left_out_and_nothing_else(began: datetime) -> None:
    """Where three of four neighbours are spikes, the good one is the odd one out: hardly ever."""
    injected = alone = mistaken = 0
    for quantity, found, times, wrong in judged("tartu", ["spike:0.2"], began):
        rejected = times[found & QualityFlag.REJECTED != 0]
        mistaken += len(set(rejected.tolist()) - set(wrong.tolist()))
        if quantity not in PASSES_UNFOUND:
            injected, alone = injected + len(wrong), alone + len(rejected)
    assert injected > 1000
    assert alone > 0.95 * injected
    assert mistaken < 0.001 * injected


def test_injected_stuck_sensors_are_found_and_no_others() -> None:
    stuck = 0
    for quantity, found, times, wrong in judged("tartu", ["stuck:0.2"], SEASONS[0]):
        called = set(times[found & QualityFlag.STUCK != 0].tolist())
        assert not called or set(wrong.tolist()) <= called, quantity
        assert not called or len(called) <= len(wrong) + 1, quantity
        stuck += bool(called)
    assert stuck > 5


def _hourly(count: int) -> Ints:
    return to_micros(datetime(2021, 8, 1, tzinfo=UTC)) + np.arange(count) * HOUR


def _citylearn(folder: Path) -> Iterator[Series]:
    with (folder / "buildings" / "citylearn_2022_weather.csv").open() as file:
        rows = list(csv.DictReader(file))
    for column, quantity in (
        ("outdoor_dry_bulb_temperature", "outdoor_temperature"),
        ("outdoor_relative_humidity", "relative_humidity"),
        ("direct_solar_irradiance", "global_irradiance"),
    ):
        yield quantity, _hourly(len(rows)), np.array([float(row[column]) for row in rows])
    with (folder / "buildings" / "citylearn_2022_carbon_intensity.csv").open() as file:
        values = np.array([float(row["carbon_intensity"]) for row in csv.DictReader(file)])
    yield "grid_emission_factor", _hourly(len(values)), values


def _office(folder: Path) -> Iterator[Series]:
    for name in ("datatest", "datatraining"):
        with (folder / "buildings" / f"uci_occupancy_{name}.csv").open() as file:
            rows = list(csv.reader(file))[1:]
        times = np.array([to_micros(datetime.fromisoformat(row[1]).replace(tzinfo=UTC)) for row in rows])
        for column, quantity in ((2, "indoor_temperature"), (3, "relative_humidity"), (5, "co2_concentration")):
            yield quantity, times, np.array([float(row[column]) for row in rows])


def _typical_year(folder: Path) -> Iterator[Series]:
    lines = (folder / "weather" / "pvgis_tmy_45.000_8.000.csv").read_text().splitlines()
    head = next(index for index, line in enumerate(lines) if line.startswith("time(UTC)"))
    rows = list(csv.DictReader(lines[head : head + 8761]))
    for column, quantity in (("T2m", "outdoor_temperature"), ("RH", "relative_humidity"), ("WS10m", "wind_speed")):
        yield quantity, _hourly(len(rows)), np.array([float(row[column]) for row in rows])


def _trondheim(folder: Path) -> Iterator[Series]:
    with (folder / "ev_charging" / "trondheim_daily_weather.csv").open() as file:
        rows = list(csv.DictReader(file))
    times = np.array([to_micros(datetime.fromisoformat(row["date"]).replace(tzinfo=UTC)) for row in rows])
    yield "outdoor_temperature", times, np.array([float(row["temp_c"]) for row in rows])


def _heat_meter(folder: Path) -> Iterator[Series]:
    """Temperatures of hours in which so much water flowed that the registers' last digits do not matter."""
    with (folder / "district_heating" / "heat_meter_660_hourly_2018_2019.csv").open() as file:
        rows = list(csv.DictReader(file))
    times = np.array([to_micros(datetime.fromisoformat(row["time_rounded"])) for row in rows])
    volume = np.diff([float(row["volume_flow_m3"]) for row in rows])
    flowed = volume > 0.05
    for column, quantity in (
        ("inlet_flow_energy_m3xC", "supply_temperature"),
        ("back_flow_energy_m3xC", "return_temperature"),
    ):
        product = np.diff([float(row[column]) for row in rows])
        yield quantity, times[1:][flowed], product[flowed] / volume[flowed]


@pytest.mark.reference_data
@pytest.mark.parametrize(
    ("read", "expected"),
    [(_citylearn, {"relative_humidity": 4}), (_office, {}), (_typical_year, {}), (_trondheim, {}), (_heat_meter, {})],
)
def test_hardly_anything_real_is_flagged(
    reference_data: Path, read: Callable[[Path], Iterator[Series]], expected: dict[str, int]
) -> None:
    """Four hours of a typical year's humidity fall from 80 to 30 percent, or rise as far, and are back in the next."""
    for quantity, times, values in read(reference_data):
        found = flags(quantity, times, values)
        assert np.count_nonzero(found & QualityFlag.STUCK) == 0, quantity
        assert np.count_nonzero(found) <= expected.get(quantity, 0), quantity
