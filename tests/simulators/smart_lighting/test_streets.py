"""A site's kind of street follows its words, else its luminaires' power."""

import pytest

from ingest.model.city.assets import Fact, Site
from simulators.smart_lighting.streets import STREETS, Street, street_of


def _site(title: str, power: float | None = None, name: str = "section") -> Site:
    facts = () if power is None else (Fact(name="rated_power", value=power, unit="kW", source="test"),)
    return Site(name=name, title=title, vertical="smart_lighting", facts=facts)


@pytest.mark.parametrize(
    ("title", "power", "kind"),
    [
        ("Street lighting, harbour promenade", 0.09, "path"),
        ("Street lighting, main road", None, "main road"),
        ("Street lighting, Riia", 0.105, "main road"),
        ("Street lighting, Anne", 0.062, "collector road"),
        ("Street lighting, Skovvej", 0.028, "residential street"),
        ("Street lighting, market square", 0.062, "square"),
    ],
)
def test_a_site_is_told_by_words_or_power(title: str, power: float | None, kind: str) -> None:
    assert street_of(_site(title, power), 1).name == kind


def test_where_nothing_tells_chance_decides_for_good() -> None:
    sites = [_site("Riia", name=f"section-{number}") for number in range(60)]
    kinds = [street_of(site, 1).name for site in sites]
    assert kinds == [street_of(site, 1).name for site in sites]
    assert set(kinds) == {street.name for street in STREETS}


@pytest.mark.parametrize("street", STREETS, ids=lambda street: street.name)
def test_every_kind_says_a_level_for_the_whole_day_on_quarter_hours(street: Street) -> None:
    hours = [hour for hour, _ in street.levels]
    assert hours[0] == 0
    assert hours == sorted(hours)
    assert all(hour * 4 == int(hour * 4) for hour in hours)
    assert all(0 < level <= 100 for _, level in street.levels)
