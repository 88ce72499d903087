"""People are where their kind of building has them, by the clock on the wall and by the calendar."""

from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from ingest.model.time import MINUTE, to_micros
from simulators.place import Conditions, Place
from simulators.premises.kinds import BLOCK, KINDS, OFFICE, SCHOOL, SPORTS_HALL, BuildingKind
from simulators.premises.presence import active, is_day_off, present
from simulators.weather import Climate

PLACE = Place("Europe/Tallinn", Climate(58.4, 26.7), 1)


def _at(year: int, month: int, day: int, hour: int) -> Conditions:
    return PLACE.at(np.array([to_micros(datetime(year, month, day, hour, tzinfo=ZoneInfo("Europe/Tallinn")))]))


def _present(kind: BuildingKind, year: int, month: int, day: int, hour: int) -> float:
    return float(present(kind, _at(year, month, day, hour))[0])


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_shares_are_shares(kind: BuildingKind) -> None:
    friday = to_micros(datetime(2026, 3, 27, tzinfo=ZoneInfo("Europe/Tallinn")))
    week = PLACE.at(friday + np.arange(7 * 288) * 5 * MINUTE)
    for course in (present(kind, week), active(kind, week)):
        assert course.min() >= 0.0
        assert course.max() <= 1.0


def test_an_office_is_full_at_ten_whatever_the_clocks_did_that_night() -> None:
    assert _present(OFFICE, 2026, 3, 30, 10) == _present(OFFICE, 2026, 3, 23, 10) > 0.9
    assert _present(OFFICE, 2026, 3, 29, 10) < 0.01


def test_days_off_are_weekends_and_the_holidays_all_cities_keep() -> None:
    assert not is_day_off(OFFICE, _at(2026, 12, 23, 12))[0]
    assert is_day_off(SCHOOL, _at(2026, 12, 23, 12))[0]
    assert is_day_off(OFFICE, _at(2026, 12, 25, 12))[0]
    assert is_day_off(OFFICE, _at(2026, 1, 1, 12))[0]
    assert not is_day_off(BLOCK, _at(2026, 12, 25, 12))[0]
    assert is_day_off(BLOCK, _at(2026, 12, 26, 12))[0]  # a Saturday


def test_summer_empties_schools_first() -> None:
    kinds = (SCHOOL, SPORTS_HALL, OFFICE)
    school, hall, office = (_present(kind, 2026, 7, 15, 10) / _present(kind, 2026, 9, 16, 10) for kind in kinds)
    assert school < hall < office < 1.0


def test_homes_are_full_at_night_and_busy_in_the_evening() -> None:
    assert _present(BLOCK, 2026, 2, 4, 2) > 0.95 > _present(BLOCK, 2026, 2, 4, 11)
    busy = active(BLOCK, _at(2026, 2, 4, 19))[0]
    assert busy > 2.0 * active(BLOCK, _at(2026, 2, 4, 11))[0] > active(BLOCK, _at(2026, 2, 4, 3))[0]
