"""A site's kind of venue follows its power and its words."""

import pytest

from ingest.model.city.assets import Fact, Site
from simulators.ev_charging.venues import FAST, HOME, PUBLIC, VENUES, WORKPLACE, Venue, rated_power, venue_of


def _site(title: str, power: float | None = None) -> Site:
    facts = () if power is None else (Fact(name="rated_power", value=power, unit="kW", source="test"),)
    return Site(name="point", title=title, vertical="ev_charging", facts=facts)


@pytest.mark.parametrize(
    ("title", "power", "venue"),
    [
        ("Garage of a housing cooperative", None, HOME),
        ("Housing cooperative, shared points", 22.0, HOME),
        ("Office car park", None, WORKPLACE),
        ("Market square", 11.0, PUBLIC),
        ("Market square", 50.0, FAST),
        ("Rapid charger, station", None, FAST),
        ("Network of the municipality", None, PUBLIC),
        ("Riia 12", 7.4, HOME),
        ("Riia 14", 11.0, WORKPLACE),
        ("Riia 16", 22.0, PUBLIC),
        ("Riia 18", 150.0, FAST),
    ],
)
def test_a_site_is_told_by_power_or_words(title: str, power: float | None, venue: Venue) -> None:
    assert venue_of(_site(title, power)) is venue
    assert rated_power(_site(title, power)) == (power or venue.rated_power)


@pytest.mark.parametrize("venue", VENUES, ids=lambda venue: venue.name)
def test_every_kind_describes_a_whole_day_and_all_vehicles(venue: Venue) -> None:
    assert len(venue.arrivals.weekday) == len(venue.arrivals.weekend) == 24
    assert sum(share for _, share in venue.demand.vehicles) == pytest.approx(1.0)
    assert all(0.0 <= share <= 1.0 for _, share in venue.stay.until_leaving)
