"""Lamps against the sun: how long it is down, which hours are lit, and how long a lamp was dark; pure."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from astral import Observer
from astral.sun import elevation
from hypothesis import given
from hypothesis import strategies as st

from ingest.model.alarm_rules import lighting as alarms
from ingest.model.catalogue import Catalogue
from ingest.model.time import HOUR, from_micros, to_micros
from kpi_engine.alarms import measures
from kpi_engine.boundary.city_topology import Topology
from kpi_engine.formulas.bounded import Bounded
from kpi_engine.formulas.dark_spells import Nights, dark_spells, longest_not_lit
from kpi_engine.formulas.lamp_policies import CIVIL_TWILIGHT
from kpi_engine.formulas.lamp_states import DARK, LIT, UNKNOWN, states_of_gauge, states_of_register
from kpi_engine.formulas.sun_hours import hours_below
from kpi_engine.ports import lamps
from kpi_engine.ports.hours import hour_edges
from kpi_engine.ports.port import PortScope
from kpi_engine.ports.sun import place_of
from processors.intake.trial import provisional_ids
from tests import towns
from tests.towns import device, fact

NAN = np.nan
PLACES = [
    ("Europe/Copenhagen", 54.917, 9.783, "2026-03-29T00:00:00+01:00", 23),
    ("Europe/Copenhagen", 54.917, 9.783, "2026-10-25T00:00:00+02:00", 25),
    ("Europe/Oslo", 69.65, 18.96, "2026-06-21T00:00:00+02:00", 24),
    ("Europe/Oslo", 69.65, 18.96, "2026-12-21T00:00:00+01:00", 24),
    ("Australia/Lord_Howe", -31.55, 159.08, "2026-10-04T00:00:00+10:30", 23.5),  # half an hour forward
]


@pytest.mark.parametrize(("zone", "latitude", "longitude", "midnight", "hours"), PLACES)
def test_the_sun_is_down_as_long_as_astral_says_minute_by_minute(
    zone: str, latitude: float, longitude: float, midnight: str, hours: float
) -> None:
    start = to_micros(datetime.fromisoformat(midnight))
    end = start + int(hours * HOUR)
    edges = hour_edges(start, end, zone)
    found = hours_below(latitude, longitude, tuple(edges.tolist()), -3.4)

    observer, minutes = Observer(latitude, longitude), np.arange(start, end, HOUR // 60)
    is_below = [elevation(observer, from_micros(one), with_refraction=False) < -3.4 for one in minutes.tolist()]
    assert found.sum() == pytest.approx(sum(is_below) / 60, abs=4 / 60)
    assert len(found) == len(edges) - 1
    assert ((found >= 0.0) & (found <= np.diff(edges) / HOUR + 1e-9)).all()


def test_an_hour_with_the_sun_down_for_all_of_it_is_a_whole_one() -> None:
    start = to_micros(datetime(2026, 12, 21, 23, tzinfo=UTC))
    edges = tuple(hour_edges(start, start + 24 * HOUR, "Europe/Copenhagen").tolist())
    found = hours_below(54.917, 9.783, edges, -3.4)
    assert found[:7].tolist() == pytest.approx([1.0] * 7, abs=1e-12)
    assert found[10:14].tolist() == [0.0] * 4


def test_the_policy_of_lamps_has_the_heights_and_the_standby_of_the_alarms() -> None:
    assert (CIVIL_TWILIGHT.night, CIVIL_TWILIGHT.day) == (alarms.NIGHT, alarms.DAY)
    assert lamps.STANDBY == measures.STANDBY


def test_a_city_is_where_its_newest_facts_say() -> None:
    lamp = device("lamp", "luminaire", "dimming_level")
    moved = [fact("latitude", 50, "deg", valid_to="2026-01-01"), fact("latitude", 51, "deg", valid_from="2026-01-01")]
    assert place_of(towns.city(lamp, facts=[*moved, fact("longitude", 9, "deg")])) == (51, 9)
    assert place_of(towns.city(lamp, facts=moved)) is None


def test_a_register_tells_of_an_hour_by_most_of_it() -> None:
    burnt, hours = np.array([1.0, 0.5, 0.4, 0.0, NAN, 0.25]), np.array([1.0, 1.0, 1.0, 1.0, 1.0, 0.5])
    assert states_of_register(burnt, hours).tolist() == [LIT, LIT, DARK, DARK, UNKNOWN, LIT]


def test_a_gauge_tells_of_an_hour_by_whether_it_was_above_for_all_or_most_of_it() -> None:
    """Dimmed to a tenth all the time is lit; full for a quarter of the hour is not."""
    mean, least, greatest = np.array([(0.1, 0.1, 0.1), (0.25, 0, 1), (0.5, 0, 1), (0, 0, 0), (NAN, NAN, NAN)]).T
    assert states_of_gauge(mean, least, greatest, 0.002).tolist() == [LIT, DARK, LIT, DARK, UNKNOWN]
    assert states_of_gauge(np.array([0.001]), np.array([0.0]), np.array([0.0015]), 0.002).tolist() == [DARK]


def nights(text: str, starts: list[int] | None = None) -> Nights:
    """Return night hours: + lit, - dark, ? not known; hour after hour unless ``starts`` say when."""
    start = np.array(range(len(text)) if starts is None else starts, np.int64) * HOUR
    return Nights(start, start + HOUR, np.array([{"+": LIT, "-": DARK, "?": UNKNOWN}[one] for one in text], np.int8))


def spells(of: Nights) -> list[tuple[float, Bounded | None]]:
    return [(one.dark, one.lasted) for one in dark_spells(of)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("????", []),
        ("++++", []),
        ("----", [(4.0, None)]),
        ("--++", [(2.0, None)]),
        ("++--", [(2.0, None)]),
        ("+--+", [(2.0, Bounded.exact(2.0))]),
        ("+-+--+-", [(1.0, Bounded.exact(1.0)), (2.0, Bounded.exact(2.0)), (1.0, None)]),
        ("+?--?+", [(2.0, Bounded(3.0, 2.0, 4.0))]),
        ("+-?-+", [(1.0, Bounded(3.0, 1.0, 3.0))]),
        ("?-+", [(1.0, None)]),
    ],
)
def test_a_spell_is_from_the_first_dark_hour_to_the_next_lit_one(
    text: str, expected: list[tuple[float, Bounded | None]]
) -> None:
    assert spells(nights(text)) == expected


def test_days_between_nights_are_time_and_no_evidence() -> None:
    """Dark from 22:00 until the night after next: two days less than nothing else is known of."""
    of = nights("+--+", [21, 22, 46, 70])
    assert spells(of) == [(2.0, Bounded.exact(48.0))]


@pytest.mark.parametrize(("text", "hours"), [("", 0), ("+", 0), ("-?-", 3), ("+-?+---+?", 3), ("--+", 2)])
def test_the_longest_time_without_light_counts_what_is_not_known(text: str, hours: int) -> None:
    assert longest_not_lit(nights(text)) == hours


@given(text=st.text("+-?", max_size=40), place=st.integers(0, 39))
def test_knowing_less_puts_a_spell_between_bounds_and_makes_none_longer(text: str, place: int) -> None:
    whole = list(dark_spells(nights(text)))
    less = list(dark_spells(nights(text[:place] + "?" * bool(text[place:]) + text[place + 1 :])))
    assert max((one.dark for one in less), default=0.0) <= max((one.dark for one in whole), default=0.0)
    for one in (each.lasted for each in less if each.lasted is not None):
        assert one.value is not None
        assert 0.0 < one.lower <= one.value <= one.upper


def bound(*devices: Any, zone: str = "Europe/Copenhagen") -> lamps.BoundLamps:  # noqa: ANN401 - as towns give them
    place = [fact("latitude", 54.917, "deg"), fact("longitude", 9.783, "deg")]
    city = towns.city(*devices, zone=zone, facts=place)
    catalogue = Catalogue([city], provisional_ids([city]))
    series = {one.name: catalogue.devices[city.name, one.address].series for one in city.devices}
    scope = PortScope(city, None, Topology(city), tuple(city.devices), series)
    return lamps.Lamps(CIVIL_TWILIGHT, ("luminaire",)).bind(scope)


def test_a_lamp_is_known_by_its_power_before_its_level_before_its_hours() -> None:
    found = bound(
        device("c", "luminaire", "burning_hours"),
        device("b", "luminaire", "burning_hours", "dimming_level"),
        device("a", "luminaire", "burning_hours", "dimming_level", "electricity_power"),
        device("silent", "luminaire", "electricity_energy"),
    )
    assert [(one.device, one.lit_above) for one in found.group.members] == [("a", 0.002), ("b", 0.0), ("c", None)]


def test_hours_of_twilight_are_neither_night_nor_day_and_a_lamp_counts_while_it_stands() -> None:
    """On 21 December in Sønderborg, the sun is 6 degrees below the horizon from about 16:35 to 7:55 (by astral)."""
    found = bound(
        device("old", "luminaire", "burning_hours", valid_to="2026-12-22"), device("new", "luminaire", "burning_hours")
    )
    start = to_micros(datetime(2026, 12, 20, 23, tzinfo=UTC))
    end = start + 48 * HOUR
    keys = list(found.keys(start, end))
    states = {key: np.full((2, 24), LIT, np.int8) for key in keys}
    new, old = found.given(start, end, dict(states))

    observer = Observer(54.917, 9.783)
    minutes = [from_micros(start) + timedelta(minutes=one) for one in range(24 * 60 + 1)]
    heights = [elevation(observer, one, with_refraction=False) for one in minutes]
    hourly = [heights[60 * hour : 60 * hour + 61] for hour in range(24)]
    night, day = sum(max(one) < -6.0 for one in hourly), sum(min(one) > 5.0 for one in hourly)
    assert (old.seconds, old.night_h, old.lit_night_h, old.day_h, old.lit_day_h) == (86400.0, night, night, day, day)
    assert (new.night_h, new.day_h) == (2 * night, 2 * day)
    assert night == 14
    assert 3 <= day <= 5


@pytest.mark.parametrize(
    ("alarm", "night", "day"), [("lamp_dark_at_night", 0, 4), ("lamp_on_by_day", 14, 0), ("silence", 14, 4)]
)
def test_a_lamp_whose_alarm_is_switched_off_is_not_judged_in_those_hours(alarm: str, night: int, day: int) -> None:
    watched = device("lamp", "luminaire", "burning_hours")
    found = bound({**watched, "alarms": {alarm: {"enabled": False}}})
    start = to_micros(datetime(2026, 12, 20, 23, tzinfo=UTC))
    keys = list(found.keys(start, start + 24 * HOUR))
    (lamp,) = found.given(start, start + 24 * HOUR, {key: np.full((1, 24), DARK, np.int8) for key in keys})

    assert (lamp.night_h, lamp.day_h) == (night, day)
    assert lamp.has_failed == (night > 0)
    assert (list(found.items()) == list(bound(watched).items())) == (alarm == "silence")
