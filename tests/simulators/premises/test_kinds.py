"""What a site is told by: the beginning of its name, then words, then its size."""

import pytest

from ingest.model.city.assets import Fact, Site
from simulators.premises.kinds import BLOCK, HOUSE, OFFICE, SCHOOL, SPORTS_HALL, BuildingKind, heated_area, kind_of


def _site(name: str, title: str | None = None, **areas: float) -> Site:
    facts = tuple(Fact(name=fact, value=value, unit="m2", source="simulated") for fact, value in areas.items())
    return Site(name=name, title=title, vertical="buildings", facts=facts)


@pytest.mark.parametrize(
    ("site", "kind"),
    [
        (_site("house-03"), HOUSE),
        (_site("block-kongevej-01", "Kongevej, block 1 (24 dwellings)"), BLOCK),
        (_site("school-02", "School with nursery"), SCHOOL),
        (_site("kindergarten-ringgade"), SCHOOL),
        (_site("sports-hall-ulkebol", "Sports hall of the school, Ulkebøl"), SPORTS_HALL),
        (_site("b-17", "Swimming pool of the school"), SPORTS_HALL),
        (_site("b-18", "Town hall"), OFFICE),
        (_site("library-harbour"), OFFICE),
        (_site("b-19", "Apartments at the park"), BLOCK),
        (_site("b-20", heated_area=140), HOUSE),
        (_site("b-21", heated_area=1400), BLOCK),
        (_site("b-22"), HOUSE),
    ],
    ids=lambda each: each.name,
)
def test_a_site_is_of_the_kind_its_name_title_or_size_tells(site: Site, kind: BuildingKind) -> None:
    assert kind_of(site) is kind


def test_an_area_that_is_heated_counts_before_one_of_all_floors_and_a_usual_one_last() -> None:
    assert heated_area(_site("office", heated_area=900, floor_area=1000)) == 900
    assert heated_area(_site("office", floor_area=1000)) == 1000
    assert heated_area(_site("office")) == OFFICE.heated_area
