"""Where sites are: longitude and latitude, in this order, near the city; outlines have three corners or more."""

import pytest
from pydantic import ValidationError

from ingest.model.city import consistency
from tests import towns
from tests.towns import fact, heat_meter

PLACE = [fact("latitude", 54.91, "deg"), fact("longitude", 9.79, "deg")]


def said(**site: object) -> list[tuple[str, str]]:
    """Return the faults of a town of one site in Sønderborg."""
    return list(consistency.faults(towns.city(heat_meter(), facts=PLACE, sites={"house": site})))


def test_positions_and_outlines_near_the_city_are_taken_and_kept_as_they_are() -> None:
    corners = [[9.78, 54.9], [9.8, 54.9], [9.79, 54.92]]
    assert said(location=[9.79, 54.91], outline=corners) == []
    city = towns.city(heat_meter(), outline=corners, sites={"house": {"location": [9.79, 54.91]}})
    document = city.model_dump(mode="json")
    assert (document["outline"], document["sites"][0]["location"]) == (corners, [9.79, 54.91])
    assert "outline" not in document["sites"][0]


def test_a_position_with_its_numbers_exchanged_is_a_fault_that_says_the_order() -> None:
    ((key, expected),) = said(location=[54.91, 9.79])
    assert key == "sites[0].location"
    assert expected.startswith("expected longitude and latitude, in this order, within 200 km of the latitude")
    assert [key for key, _ in said(outline=[[9.78, 54.9], [9.8, 54.9], [54.9, 9.8]])] == ["sites[0].outline"]


def test_a_city_that_does_not_say_where_it_is_takes_any_position() -> None:
    city = towns.city(heat_meter(), sites={"house": {"location": [54.91, 9.79]}})
    assert list(consistency.faults(city)) == []


def test_across_the_date_line_near_is_near() -> None:
    facts = [fact("latitude", -17.0, "deg"), fact("longitude", 179.9, "deg")]
    city = towns.city(heat_meter(), facts=facts, sites={"house": {"location": [-179.9, -17.0]}})
    assert list(consistency.faults(city)) == []


@pytest.mark.parametrize("site", [{"location": [181, 0]}, {"location": [0, 91]}, {"outline": [[0, 0], [1, 1]]}])
def test_what_is_no_position_and_no_outline_is_refused(site: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        towns.city(heat_meter(), sites={"house": site})
