"""October 2026 of a small town, from readings to figures, against figures worked out by hand in decimals.

The month has 745 hours: on the 25th the clocks go back, and 02:00 comes twice. Every meter that stands below another
one is there to be counted twice by whoever gets it wrong.
"""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest

from ingest.model.city.city_file import parse
from ingest.model.time import to_micros
from kpi_engine.engine.engine import Engine
from kpi_engine.factors.factor import Factor
from kpi_engine.factors.registry import sync as publish
from kpi_engine.figures import store
from kpi_engine.indicators import indicator
from processors.rollups.worker import RollupWorker
from processors.storage.database import Connection, connect
from processors.storage.registry.registry import sync
from processors.storage.rollups.rollups import RollupStore
from tests import towns
from tests.computed import compute
from tests.processors.stored_readings import drain, mark_everything
from tests.towns import charging_point, electricity_meter, fact, heat_meter, meter, sending

pytestmark = pytest.mark.integration

ENERGY: Final = sending("electricity_energy", max_gap="P40D")
SITES: Final = {
    "hall": {
        "facts": [
            fact("floor_area", 1000, "m2", valid_to="2026-10-16"),
            fact("floor_area", 1300, "m2", valid_from="2026-10-16"),
        ]
    },
    "street": {
        "facts": [
            fact("light_points", 4, valid_to="2026-10-11"),
            fact("light_points", 6, valid_from="2026-10-11"),
        ]
    },
    "lane": {"facts": [fact("light_points", 1)]},
}
TOWN: Final = towns.town(
    towns.device("grid", "grid_signal", sending("grid_emission_factor", max_gap="PT1H"), site="surroundings"),
    electricity_meter(ENERGY, name="main", site="hall"),
    electricity_meter(ENERGY, name="kitchen", site="hall", submeter_of="main"),
    meter("photovoltaic_inverter", ENERGY, name="roof", site="hall", direction="production"),
    heat_meter(sending("heat_energy", max_gap="P40D"), name="radiators", site="hall"),
    charging_point(ENERGY, name="behind-main", site="parking", submeter_of="main"),
    charging_point(ENERGY, name="kerb", site="parking"),
    meter("lighting_cabinet", ENERGY, name="cabinet", site="street"),
    meter("luminaire", ENERGY, name="lamp", site="street", submeter_of="cabinet"),
    meter("luminaire", ENERGY, name="lantern", site="lane"),
    name="town",
    role="lighthouse",
    sites=SITES,
    factors={"heat": "network", "electricity": "grid"},
    factor_series={"electricity": {"device": "grid", "quantity": "grid_emission_factor"}},
)
ZONE: Final = ZoneInfo("Europe/Copenhagen")
OCTOBER, EDGE, NOVEMBER = "2026-09-30T22:00", "2026-10-10T22:00", "2026-10-31T23:00"  # local midnights, in UTC
NIGHT: Final = datetime(2026, 10, 24, 22, tzinfo=UTC)  # the day of 25 hours begins

# Registers in kWh by UTC. October of main begins half-way from 500 to 508 and ends half-way from 6000 to 6010.
REGISTERS: Final = {
    "main": {"2026-09-30T20:00": 500, EDGE: 2504, "2026-10-01T00:00": 508, "2026-10-31T22:00": 6000,
             "2026-11-01T00:00": 6010},
    "kitchen": {OCTOBER: 0, EDGE: 300, NOVEMBER: 900},
    "roof": {OCTOBER: 0, EDGE: 700, NOVEMBER: 1200},
    "radiators": {OCTOBER: 20000, EDGE: 21000, NOVEMBER: 24000},
    "behind-main": {OCTOBER: 0, EDGE: 100, NOVEMBER: 300},
    "kerb": {OCTOBER: 0, EDGE: 240, NOVEMBER: 740},
    "cabinet": {OCTOBER: 0, EDGE: 30, NOVEMBER: 90},
    "lamp": {OCTOBER: 0, EDGE: 10, NOVEMBER: 30},
    "lantern": {OCTOBER: 0, EDGE: 2, NOVEMBER: 6},
}  # fmt: skip

# The day of 25 hours: what main, kerb and cabinet counted in each hour [kWh], and the grid's factor of it [kg/kWh].
HOURS: Final = [
    tuple(map(Decimal, row.split()))
    for row in """
    3.0 0.0 0.5 0.210
    2.5 0.0 0.5 0.195
    2.5 0.0 0.5 0.180
    2.0 7.5 0.5 0.400
    2.0 2.5 0.5 0.050
    2.0 0.0 0.5 0.175
    2.5 0.0 0.5 0.190
    4.0 0.0 0.5 0.215
    6.0 0.0 0.0 0.240
    9.0 0.0 0.0 0.260
    9.5 0.0 0.0 0.255
    9.5 0.0 0.0 0.230
    9.0 0.0 0.0 0.205
    8.5 0.0 0.0 0.170
    9.0 0.0 0.0 0.150
    9.0 0.0 0.0 0.145
    8.0 0.0 0.0 0.160
    6.5 0.0 0.5 0.200
    5.0 0.0 0.5 0.255
    4.5 0.0 0.5 0.300
    4.0 0.0 0.5 0.320
    4.0 0.0 0.5 0.310
    3.5 0.0 0.5 0.290
    3.0 0.0 0.5 0.260
    3.0 0.0 0.5 0.235
    """.strip().splitlines()
]
AT_NIGHTFALL: Final = {"main": Decimal(5000), "kerb": Decimal(340), "cabinet": Decimal(70)}


def readings() -> Iterator[tuple[str, str, datetime, float]]:
    """Yield device, quantity, time and value of everything that was read."""
    for device, read in REGISTERS.items():
        quantity = "heat_energy" if device == "radiators" else "electricity_energy"
        for time, value in read.items():
            yield device, quantity, datetime.fromisoformat(time).replace(tzinfo=UTC), float(value)
    for column, (device, counted) in enumerate(AT_NIGHTFALL.items()):
        for hour in range(len(HOURS) + 1):
            register = sum((row[column] for row in HOURS[:hour]), counted)
            yield device, "electricity_energy", NIGHT + timedelta(hours=hour), float(register)
    for hour, (*_, factor) in enumerate([*HOURS, HOURS[-1]]):
        yield "grid", "grid_emission_factor", NIGHT + timedelta(hours=hour), float(factor)
    for hour in (0, len(HOURS)):  # the lantern stands still
        yield "lantern", "electricity_energy", NIGHT + timedelta(hours=hour), 4.0


def factor(carrier: str, name: str, value: float, begin: date, end: date | None = None) -> Factor:
    said: dict[str, Any] = dict.fromkeys(("region", "method", "boundary_note", "gwp", "source", "page"), "s")
    return Factor(name=name, carrier=carrier, version=f"{begin}", valid_from=begin, valid_to=end, value=value,
                  unit="kg/kWh", verified=False, **said)  # fmt: skip


@pytest.fixture(scope="module")
def town(module_database_url: str) -> Iterator[Connection]:
    """Return the database in which the readings have become figures, as of 2 November."""
    with connect(module_database_url, "test") as connection, connect(module_database_url, "test engine") as own:
        catalogue = sync(connection, [parse(TOWN, "town.yaml")])
        change = date(2026, 10, 11)
        of_electricity = [factor("electricity", "grid", 0.2, date(2026, 1, 1), change)]
        of_electricity += [factor("electricity", "grid", 0.3, change)]
        publish(connection, [factor("heat", "network", 0.5, date(2026, 1, 1)), *of_electricity])
        series = {(one.device, one.quantity): one.series_id for one in catalogue.series.values()}
        connection.execute("select ensure_partitions('2026-09-30', '2026-11-02')")
        connection.execute("insert into source (city, name) values ('town', 'test')")
        with connection.cursor() as cursor:
            cursor.executemany(
                "insert into observation (series_id, time, value, received_at, source_id, quality)"
                " values (%s, %s, %s, %s, 1, 0)",
                [(series[device, quantity], time, value, time) for device, quantity, time, value in readings()],
            )
        mark_everything(connection)
        connection.commit()
        drain(RollupWorker(RollupStore(connection), lambda: catalogue))
        compute(Engine(own), to_micros(datetime(2026, 11, 2, 6, tzinfo=UTC)))
        yield connection


def figure(town: Connection, kpi: str, start: datetime, period: str = "month", site: str | None = None) -> Decimal:
    """Return the final figure of the period that begins at ``start``."""
    found = store.values(town, kpi, "town", site, period, start, start + timedelta(hours=1), None)
    town.rollback()
    assert [(one.status, one.coverage, one.reason) for one in found] == [("final", 1.0, None)]
    return Decimal(repr(found[0].value))


def october(town: Connection, kpi: str, site: str | None = None) -> Decimal:
    return figure(town, kpi, datetime(2026, 10, 1, tzinfo=ZONE), site=site)


def close(value: Decimal, expected: Decimal) -> bool:
    return abs(value - expected) <= abs(expected) * Decimal("1e-12")


def test_hours_of_the_long_day_meet_the_factor_that_began_with_them(town: Connection) -> None:
    """02:00 comes twice with 0.400 and 0.050 kg/kWh: an hour lost, doubled or moved shows at once."""
    expected = sum(((main + kerb + cabinet) * factor for main, kerb, cabinet, factor in HOURS), Decimal(0))

    assert expected == Decimal("33.7275")
    assert close(figure(town, "electricity_emissions_hourly", NIGHT, "day"), expected)


def test_the_long_day_with_a_dated_factor_is_its_energy_times_that(town: Connection) -> None:
    energy = sum((main + kerb + cabinet for main, kerb, cabinet, _ in HOURS), Decimal(0))

    assert energy == Decimal("149.5")
    assert close(figure(town, "electricity_emissions", NIGHT, "day"), energy * Decimal("0.3"))


def test_energy_per_area_weighs_the_area_by_the_hours_it_stood(town: Connection) -> None:
    """15 days of 24 h with 1,000 m2, then 385 h with 1,300 m2; 5,501 kWh of electricity and 4,000 kWh of heat."""
    area = (Decimal(1000) * 360 + Decimal(1300) * 385) / 745

    assert close(october(town, "building_energy_per_area", "hall"), Decimal(9501) / area)
    assert close(october(town, "building_energy_per_area"), Decimal(9501) / area)


def test_final_energy_has_the_charger_behind_the_main_meter_once(town: Connection) -> None:
    """Main 5,501 with kitchen and charger in it, heat 4,000, the charger at the kerb 740, cabinet 90, lantern 6."""
    assert close(october(town, "city_final_energy"), Decimal(5501 + 4000 + 740 + 90 + 6))
    assert close(october(town, "ev_charging_energy"), Decimal(300 + 740))


def test_energy_per_light_point_is_of_cabinets_and_of_lanterns_without_one(town: Connection) -> None:
    """Cabinet and lantern count 96 kWh; 4 light points for 240 h, then 6 for 505 h, and 1 of the lane all the time."""
    points = (Decimal(4) * 240 + Decimal(6) * 505 + Decimal(1) * 745) / 745

    assert close(october(town, "lighting_energy_per_light_point"), Decimal(96) / points)


def test_emissions_take_each_factor_for_what_was_counted_while_it_held(town: Connection) -> None:
    """Electricity 2,272 kWh before 11 October and 4,065 kWh after it; heat 4,000 kWh with one factor."""
    electricity = Decimal(2272) * Decimal("0.2") + Decimal(4065) * Decimal("0.3")

    assert close(october(town, "electricity_emissions"), electricity)
    assert close(october(town, "city_emissions"), electricity + Decimal(4000) * Decimal("0.5"))


def test_days_add_up_to_the_month_over_the_night(town: Connection) -> None:
    """Heat is read at the ends of the month: a day of it has no value, but inputs that make one."""
    october_begins, november = datetime(2026, 10, 1, tzinfo=ZONE), datetime(2026, 11, 1, tzinfo=ZONE)
    days = store.values(town, "city_final_energy", "town", None, "day", october_begins, november)
    inputs = [store.lineage(town, day.value_id) for day in days]
    town.rollback()
    computed = [indicator("city_final_energy").outcome_of(json.dumps(one.inputs)).value for one in inputs if one]

    assert len(computed) == 31
    assert close(sum((Decimal(repr(value)) for value in computed), Decimal(0)), october(town, "city_final_energy"))
    assert {(day.value, day.status) for day in days} == {(None, "insufficient")}, "what a silence hid lies on any day"
