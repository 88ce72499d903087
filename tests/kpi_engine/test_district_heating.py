"""A heat network from readings to figures, on the day of 25 hours: against the same arithmetic written down here."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

import numpy as np
import pytest

from ingest.model.calendar import Period, floor
from ingest.model.time import DAY, HOUR, from_micros, to_micros
from kpi_engine.engine.extents import stored_extents
from kpi_engine.factors import preview
from kpi_engine.factors.factor import Factor
from kpi_engine.factors.files import shipped
from kpi_engine.factors.preview import Move
from kpi_engine.factors.registry import sync as publish
from kpi_engine.figures import store as figures
from kpi_engine.figures.ranking import RankingOrder, ranking
from kpi_engine.formulas.water import heat_per_volumes
from kpi_engine.statistics import store as statistics
from kpi_engine.statistics.given import GivenValue
from kpi_engine.subjects import subject_index
from processors.storage.database import Connection, connect
from tests.factors import factor
from tests.kpi_engine.conftest import keep_days_of_sites
from tests.kpi_engine.running_town import RunningTown
from tests.processors.stored_readings import store
from tests.statistics import given
from tests.towns import fact, heat_meter, meter, sending, town

pytestmark = pytest.mark.integration

START: Final = to_micros(datetime(2026, 10, 24, 22, tzinfo=UTC))  # 25 October in Copenhagen, the day of 25 hours
NOW: Final = START + 4 * DAY
HOURS: Final = 25
SUBSTATION: Final = ("heat_energy", "volume", "volume_supply_temperature", "volume_return_temperature")

# kWh by hour; supply temperature and flow in m3 by hour of each substation
BASE: Final = [600.0] * HOURS
PEAK: Final = [0.0] * 6 + [250.0] * 4 + [50.0] * 15
NORTH: Final = [300.0] * 6 + [500.0] * 4 + [320.0] * 15
SOUTH: Final = [240.0] * 6 + [260.0] * 4 + [250.0] * 15
WATER: Final = {"north": (80.0, [9.0] * HOURS), "south": (72.0, [6.5] * HOURS)}
PUMPED: Final = [4.0] * HOURS


def city(policies: str = "return_40", allocation: str = "heat_200", factors: Mapping[str, str] | None = None) -> str:
    """Return the text of a town with two plants, a network of two substations, one with a submeter, and a pump."""
    shares = {"base": 90, "peak": 10}
    plants = {
        name: {
            "serves": ["network"],
            "facts": [fact("renewable_heat_share", share, "percent"), fact("waste_heat_share", 5, "percent")],
        }
        for name, share in shares.items()
    }
    lengths = [
        fact("trench_length", 400, "m", valid_to="2026-10-26"),
        fact("trench_length", 500, "m", valid_from="2026-10-26"),
    ]
    return town(
        *(meter("heat_plant", "heat_energy", name=name, site=name, direction="production") for name in shares),
        *(heat_meter(*map(sending, SUBSTATION), name=name, site=name) for name in ("north", "south")),
        heat_meter(name="flat", site="north", submeter_of="north"),
        meter("circulation_pump", "electricity_energy", name="pump", site="base"),
        name="harbour",
        sites={
            **plants,
            "network": {"vertical": "district_heating", "serves": ["north", "south"], "facts": lengths},
            "north": {},
            "south": {},
        },
        policies={"return_reference": policies, "chp_allocation": allocation},
        factors=factors or {},
        primary_energy={"factors": "en-iso-52000-1", "version": "2017"},
    )


class Network(RunningTown):
    """The town whose readings are stored, rolled up and computed as the running roles do."""

    def __init__(self, connection: Connection, own: Connection) -> None:
        super().__init__(connection, own, city(), NOW)

    def counts(self, device: str, quantity: str, hours: Sequence[float]) -> None:
        """Store a register that is read at every hour."""
        series = self._catalogue.devices["harbour", device].series[quantity].series_id
        readings = [(START, 1000.0)]
        for place, amount in enumerate(hours, start=1):
            readings.append((START + place * HOUR, readings[-1][1] + amount))
        store(self._connection, [(series, time, value) for time, value in readings])

    def burn(self, *values: GivenValue) -> None:
        """Import statistics, and publish the factors of fuels that ship."""
        placed = [(f"t.csv: row {row}", one) for row, one in enumerate(values, start=2)]
        self._connection.commit()
        statistics.give(self._connection, self._catalogue.cities, placed, lambda: NOW)
        publish(self._connection, shipped())
        self._connection.commit()

    def publish(self, new: Factor) -> None:
        """Publish a factor."""
        publish(self._connection, [new])
        self._connection.commit()

    def moves(self, new: Factor) -> list[Move]:
        """Return what publishing a factor would move."""
        with self._connection.transaction():
            known = subject_index.load(self._connection)
            extents = stored_extents(self._connection)
        return preview.moves(known.subjects.values(), extents, known.factors, [new])

    def figure(self, kpi: str, site: str | None = None, period: str = "day") -> figures.StoredFigure:
        """Return the figure of the long day, or of its month, which there has to be."""
        begin = START if period == "day" else floor(START, Period(period), "Europe/Copenhagen")
        within = from_micros(begin), from_micros(begin + 1)
        with self._connection.transaction():
            (found,) = figures.values(self._connection, kpi, "harbour", site, period, *within)
        return found

    def sites(self, kpi: str) -> list[figures.StoredFigure]:
        """Return the figures of all sites of the long day."""
        with self._connection.transaction():
            return figures.values_of_sites(self._connection, kpi, "harbour", "day", from_micros(START))


@pytest.fixture
def network(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Network]:
    keep_days_of_sites(monkeypatch)
    with connect(database_url, "test") as connection, connect(database_url, "test") as own:
        yield Network(connection, own)


def read_all(network: Network, missing: str | None = None, known: int = HOURS) -> None:
    """Store everything; of the device ``missing`` the first ``known`` hours only."""
    for device, hours in {"base": BASE, "peak": PEAK, "north": NORTH, "south": SOUTH, "flat": [10.0] * HOURS}.items():
        network.counts(device, "heat_energy", hours[: known if device == missing else HOURS])
    for device, (supply, flow) in WATER.items():
        for quantity, times in (("volume", 1.0), ("volume_supply_temperature", supply)):
            network.counts(device, quantity, [times * one for one in flow])
        network.counts(device, "volume_return_temperature", [45.0 * one for one in flow])
    network.counts("pump", "electricity_energy", PUMPED)
    network.settle()


def reference_volume(heat: float, supply: float, back: float) -> float:
    return heat / heat_per_volumes(np.array([supply]), np.array([back])).item()


def test_a_network_is_what_its_registers_say(network: Network) -> None:
    read_all(network)
    produced, delivered = sum(BASE) + sum(PEAK), sum(NORTH) + sum(SOUTH)
    flowed = sum(sum(flow) for _, flow in WATER.values())
    load = [north + south for north, south in zip(NORTH, SOUTH, strict=True)]
    expected = {
        "heat_produced": produced,
        "network_heat_loss": produced - delivered,
        "network_heat_loss_share": 100 * (produced - delivered) / produced,
        "heat_linear_density": delivered / 400,
        "heat_specific_flow": 1000 * flowed / delivered,
        "heat_peak_load": max(load),
        "heat_plant_peak": max(base + peak for base, peak in zip(BASE, PEAK, strict=True)),
        "heat_load_factor": 100 * delivered / (max(load) * HOURS),
        "pump_electricity": 1000 * sum(PUMPED) / produced,
        "renewable_heat_share": (90 * sum(BASE) + 10 * sum(PEAK)) / produced,
        "waste_heat_share": 5.0,
    }
    found = {kpi: network.figure(kpi) for kpi in expected}

    assert {kpi: one.status for kpi, one in found.items()} == dict.fromkeys(expected, "final")
    assert {kpi: one.value for kpi, one in found.items()} == pytest.approx(expected, rel=1e-9)
    assert network.figure("heat_produced", "peak").value == pytest.approx(sum(PEAK))
    assert network.figure("renewable_heat_share", "peak").value == pytest.approx(10.0)
    assert network.figure("heat_load_factor", "south").value == pytest.approx(100 * sum(SOUTH) / (260 * HOURS))
    refused = network.figure("heat_linear_density", "base").reason
    assert refused is not None
    assert "can be supplied by base and by peak" in refused
    assert network.not_reproduced() == []


def test_substations_are_ranked_by_excess_flow_and_the_reference_is_what_the_city_chooses(network: Network) -> None:
    read_all(network)
    heat, flow = {"north": sum(NORTH), "south": sum(SOUTH)}, {name: sum(one) for name, (_, one) in WATER.items()}
    for degc, kept in ((40.0, "return_40"), (30.0, "return_30")):
        if kept != "return_40":
            network.declare(city(kept))
            network.settle()
        needed = {name: reference_volume(heat[name], WATER[name][0], degc) for name in heat}
        ranked = ranking(network.sites("heat_excess_flow"), RankingOrder.LARGEST)
        excess = {name: flow[name] - needed[name] for name in heat}

        assert {one.figure.site: one.figure.value for one in ranked} == pytest.approx(excess)
        assert [one.figure.site for one in ranked] == sorted(excess, key=lambda name: -excess[name])
        assert network.figure("heat_excess_flow").value == pytest.approx(sum(excess.values()))
        assert network.figure("heat_excess_flow_share").value == pytest.approx(
            100 * sum(excess.values()) / sum(needed.values())
        )
    changed = network.figure("heat_excess_flow")
    assert (changed.revision, changed.cause_detail) == (2, "city file: policies.return_reference")


def test_what_is_missing_is_said_and_never_nothing(network: Network) -> None:
    read_all(network, missing="north", known=20)
    delivered, density = network.figure("heat_delivered"), network.figure("heat_linear_density")
    load, peak = network.figure("heat_load_factor"), network.figure("heat_peak_load")
    truth = sum(NORTH) + sum(SOUTH)

    assert delivered.lower is not None
    assert delivered.upper is not None
    assert delivered.lower < truth < delivered.upper
    assert density.lower == pytest.approx(delivered.lower / 400)
    assert density.upper == pytest.approx(delivered.upper / 400)
    for one in (load, peak):
        assert one.coverage == pytest.approx(20 / 25)
        assert one.reason is not None
        assert "5 of 25 hours are not known" in one.reason
    assert peak.upper is not None
    assert peak.upper >= max(north + south for north, south in zip(NORTH, SOUTH, strict=True))


def test_what_plants_burned_becomes_the_factor_of_their_heat_by_the_allocation_that_the_city_chooses(
    network: Network,
) -> None:
    """15,000 kWh of heat and 9,000 of electricity from 30,000 kWh of gas; the boiler burns wood, 1,800 kWh."""
    read_all(network)
    fuels = {"gas": "com-gas", "wood": "com-wood"}
    day = ("2026-10-25", "2026-10-26")
    network.declare(city(factors=fuels))
    network.burn(
        given("plant_gas", 30.0, *day, city="harbour", site="base", unit="MWh", calorific_basis="NCV"),
        given("chp_electricity", 9000.0, *day, city="harbour", site="base"),
        given("plant_wood", 1800.0, *day, city="harbour", site="peak", calorific_basis="NCV"),
    )
    network.settle()
    delivered = sum(NORTH) + sum(SOUTH)
    shares = {"heat_200": 15 / (2.0 * 30), "energy": 15 / (15 + 9)}
    for allocation, share in shares.items():
        network.declare(city(allocation=allocation, factors=fuels))
        network.settle()
        found = network.figure("heat_network_emission_factor")

        primary = network.figure("heat_network_primary_energy_factor")
        assert primary.value == pytest.approx((share * 30_000 * 1.1 + 1800 * 0.2) / delivered)
        assert (primary.status, primary.factors) == ("final", [])
        assert found.value == pytest.approx((share * 30_000 * 0.202 + 1800 * 0.007) / delivered)
        assert found.status == "final"
        assert [one["name"] for one in found.factors] == ["com-gas", "com-wood"]
        assert {one["calorific_basis"] for one in found.factors} == {"NCV"}
    assert found.cause_detail == "city file: policies.chp_allocation"
    with_bonus = city(allocation="power_bonus", factors=fuels)
    network.declare(with_bonus)
    network.settle()
    lacking = network.figure("heat_network_emission_factor")
    assert lacking.value is None
    assert lacking.reason is not None
    assert "base: city harbour names no emission factor for electricity" in lacking.reason
    credited = network.figure("heat_network_primary_energy_factor").value
    assert credited == pytest.approx((30_000 * 1.1 - 9000 * 2.3 + 1800 * 0.2) / delivered)


def test_a_factor_of_a_fuel_names_beforehand_which_figures_it_would_move(network: Network) -> None:
    read_all(network)
    network.declare(city(factors={"gas": "com-gas"}))
    network.burn(
        given("plant_gas", 9000.0, "2026-10-25", "2026-10-26", city="harbour", site="base", calorific_basis="NCV")
    )
    network.settle()
    (move,) = network.moves(factor("gas", 0.3, name="com-gas"))

    assert (move.city, move.carrier) == ("harbour", "gas")
    assert move.indicators == ("heat_emissions_of_network", "heat_network_emission_factor")


def test_a_fuel_by_the_other_calorific_value_is_refused_and_one_for_other_days_is_missing(network: Network) -> None:
    read_all(network)
    network.declare(city(factors={"gas": "com-gas", "wood": "com-wood"}))
    network.burn(
        given("plant_gas", 9000.0, "2026-10-25", "2026-10-26", city="harbour", site="base", calorific_basis="GCV"),
        given("plant_wood", 900.0, "2026-10-20", "2026-10-25", city="harbour", site="peak", calorific_basis="NCV"),
    )
    network.settle()
    found = network.figure("heat_network_emission_factor")

    assert found.value is None
    assert found.reason is not None
    assert "gas is given by GCV, and factor com-gas is by NCV" in found.reason
    assert "peak: no plant_wood from 2026-10-25 to 2026-10-26" in found.reason
