"""Flows of one carrier: they add up at the network, what is left over has bounds, and what cannot be is said."""

import random
from collections.abc import Mapping
from typing import Final

import pytest

from kpi_engine.evidence.amount_columns import EntryColumns
from kpi_engine.evidence.amounts import MeterAmount
from kpi_engine.flows.metered import MeteredCarrier, MeterPlace
from kpi_engine.flows.picture import ELECTRICITY, HEAT, CarrierPicture, picture, resolution_of
from kpi_engine.flows.ribbon import Ribbon

TITLES: Final = {"buildings": "Buildings", "ev_charging": "EV charging", "smart_lighting": "Street lighting"}


def counted(meter: str, amount: float | None, lower: float | None = None, upper: float | None = None) -> MeterAmount:
    return MeterAmount(meter=meter, amount=amount, lower=lower, upper=upper, seconds=3600.0, covered_seconds=3600.0)


def standing(**verticals: str) -> dict[str, MeterPlace]:
    return {name: MeterPlace(name, name.capitalize(), vertical) for name, vertical in verticals.items()}


def heat(supplied: Mapping[str, float], used: Mapping[str, float | None]) -> MeteredCarrier:
    places = standing(**dict.fromkeys([*supplied, *used], "buildings"))
    produced = tuple(counted(name, amount) for name, amount in supplied.items())
    consumed = tuple(counted(name, amount) for name, amount in used.items())
    return MeteredCarrier(HEAT, produced, consumed, places=places)


def drawn(metered: MeteredCarrier) -> CarrierPicture:
    return picture(metered, TITLES, resolution_of([metered]))


def between(found: CarrierPicture, source: str, target: str) -> Ribbon:
    [one] = [one for one in found.ribbons if (one.source.key, one.target.key) == (source, target)]
    return one


def into_and_out_of(found: CarrierPicture) -> tuple[int, int]:
    into = sum(one.shown for one in found.ribbons if one.target.stage == "network")
    out = sum(one.shown for one in found.ribbons if one.source.stage == "network")
    return into, out


def test_what_no_meter_counted_of_the_heat_supplied_is_lost_with_the_bounds_of_both_sides() -> None:
    places = standing(plant="district_heating", house="buildings")
    house = counted("house", 80.0, 78.0, 85.0)
    found = drawn(MeteredCarrier(HEAT, (counted("plant", 100.0),), (house,), places=places))

    lost = between(found, "heat", "heat-unknown")
    assert (lost.amount.value, lost.amount.lower, lost.amount.upper) == (20.0, 15.0, 22.0)
    assert lost.is_residual
    assert lost.kpis[0] == "network_heat_loss"
    assert into_and_out_of(found) == (10_000, 10_000)


def test_more_heat_used_than_supplied_comes_from_where_nobody_metered_it_and_is_said_to_be_wrong() -> None:
    found = drawn(heat({"plant": 70.0}, {"house": 80.0}))

    assert between(found, "heat-unmetered", "heat").amount.value == 10.0
    assert found.notes[0].startswith("more was counted at consumers than plants supplied, by at least 10 kWh")
    assert into_and_out_of(found) == (80_000, 80_000)


def test_a_loss_that_may_be_nothing_says_so() -> None:
    places = standing(plant="district_heating", house="buildings")
    house = counted("house", 80.0, 78.0, 85.0)
    found = drawn(MeteredCarrier(HEAT, (counted("plant", 82.0),), (house,), places=places))

    assert "may be nothing at all" in found.notes[0]


def test_a_meter_without_an_amount_is_in_no_ribbon_and_named() -> None:
    found = drawn(heat({"plant": 100.0}, {"house": 60.0, "shop": None}))

    used = between(found, "heat", "buildings")
    assert (used.amount.value, used.meters, used.known) == (60.0, 2, 1)
    assert between(found, "heat", "heat-unknown").amount.value == 40.0
    assert found.notes == ("1 of 2 meters of consumers have no amount and are in no ribbon: shop",)


def test_without_a_plant_where_heat_comes_from_is_not_known() -> None:
    found = drawn(heat({}, {"house": 60.0}))

    assert between(found, "heat-unmetered", "heat").amount.value == 60.0
    assert found.notes == ("no plant is metered, so where the heat comes from is not known",)


def test_what_a_plant_that_is_silent_may_have_supplied_is_no_contradiction() -> None:
    places = standing(plant="district_heating", house="buildings")
    produced, used = (counted("plant", None),), (counted("house", 60.0),)
    found = drawn(MeteredCarrier(HEAT, produced, used, places=places))

    assert between(found, "plant-plant", "heat").amount.value is None
    assert between(found, "heat-unmetered", "heat").amount.value == 60.0
    assert found.notes[0] == "what is not metered is, in part or whole, of producers without an amount"


def test_what_charging_points_behind_the_meter_of_a_building_counted_is_taken_out_of_it() -> None:
    places = standing(house="buildings", lamps="smart_lighting")
    places |= {
        "point": MeterPlace("house", "House", "buildings", is_charger=True, above="house"),
        "street": MeterPlace("quay", "Quay", "ev_charging", is_charger=True),
    }
    used = tuple(counted(name, amount) for name, amount in (("house", 50.0), ("lamps", 5.0), ("street", 7.0)))
    charged = (counted("point", 20.0, 19.0, 21.0), counted("street", 7.0))
    found = drawn(MeteredCarrier(ELECTRICITY, (), used, charged, places))

    building = between(found, "electricity", "buildings").amount
    assert (building.value, building.lower, building.upper) == (30.0, 29.0, 31.0)
    assert between(found, "electricity", "ev_charging").amount.value == 27.0
    assert between(found, "grid", "electricity").amount.value == 62.0
    assert into_and_out_of(found) == (62_000, 62_000)
    assert not [one for one in found.ribbons if one.is_residual]


def test_what_is_produced_and_not_fed_in_is_used_there_whatever_bounds_the_grid_has() -> None:
    places = {
        "house": MeterPlace("house", "House", "buildings"),
        "roof": MeterPlace("house", "House", "buildings", is_sun=True),
        "export": MeterPlace("house", "House", "buildings", is_feed_in=True),
    }
    produced = (counted("export", 4.0), counted("roof", 10.0, 10.0, 11.0))
    found = drawn(MeteredCarrier(ELECTRICITY, produced, (counted("house", 50.0, 10.0, 90.0),), (), places))

    there = between(found, "electricity", "electricity-unknown").amount
    assert (there.value, there.lower, there.upper) == (6.0, 6.0, 7.0)
    assert into_and_out_of(found) == (60_000, 60_000)


def test_a_meter_that_counts_backwards_gives_to_the_network() -> None:
    places = standing(house="buildings", lamps="smart_lighting")
    used = (counted("house", -3.0), counted("lamps", 5.0))
    found = drawn(MeteredCarrier(ELECTRICITY, (), used, (), places))

    assert between(found, "buildings-back", "electricity").amount.value == 3.0
    assert all(one.shown >= 0 for one in found.ribbons)
    assert into_and_out_of(found) == (5_000, 5_000)


def test_many_plants_are_a_few_ribbons() -> None:
    found = drawn(heat({f"plant{number:02}": 10.0 + number for number in range(20)}, {"house": 300.0}))

    sources = [one for one in found.ribbons if one.source.stage == "source"]
    assert [one.source.title for one in sources][-1] == "13 other plants"
    assert len(sources) == 8
    assert sum(one.shown for one in sources) == 390_00


def test_overlapping_meters_leave_no_flows_but_the_reason() -> None:
    assert drawn(MeteredCarrier(HEAT, refused="one may contain the other")) == CarrierPicture(
        HEAT, refused="one may contain the other"
    )


@pytest.mark.parametrize("seed", range(20))
def test_whatever_is_counted_adds_up_to_the_last_digit_shown_as_rows_and_as_columns(seed: int) -> None:
    chance = random.Random(seed)
    names = [f"meter{number}" for number in range(30)]
    verticals = [chance.choice([*TITLES]) for _ in names]
    places = {name: MeterPlace(name, name, vertical) for name, vertical in zip(names, verticals, strict=True)}
    places["plant"] = MeterPlace("plant", "Plant", "district_heating", is_sun=True)
    scale = 10 ** chance.uniform(-3, 6)
    used = tuple(counted(name, chance.choice([None, chance.uniform(-0.1, 1.0) * scale])) for name in names)
    made = (counted("plant", chance.uniform(0.0, 20.0) * scale),)
    for carrier in (HEAT, ELECTRICITY):
        rows = drawn(MeteredCarrier(carrier, made, used, (), places))
        into, out = into_and_out_of(rows)
        assert into == out
        columns = MeteredCarrier(carrier, EntryColumns.of(made), EntryColumns.of(used), (), places)
        assert [(one.source, one.target, one.shown) for one in drawn(columns).ribbons] == [
            (one.source, one.target, one.shown) for one in rows.ribbons
        ]
