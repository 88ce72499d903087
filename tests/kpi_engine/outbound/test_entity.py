"""A figure as an entity of NGSI-LD, held against the examples of the data model."""

import json
from pathlib import Path
from typing import Any, Final

import pytest

from kpi_engine.indicators import INDICATORS
from kpi_engine.outbound.entity import OWN, EntityScope, entity
from kpi_engine.outbound.figure_place import FigurePlace
from tests.kpi_engine.outbound_figures import figure
from tests.towns import city, heat_meter

HARBOUR: Final = city(heat_meter())
EXAMPLES: Final = Path("payloads/smart_data_models/KeyPerformanceIndicator/KeyPerformanceIndicator/examples")
ENUMERATED: Final = {
    "category": {"quantitative", "qualitative"},
    "calculationFrequency": {"daily", "monthly", "yearly"},
    "calculationMethod": {"automatic", "manual", "semiautomatic"},
}


def of(address: str = "", **keys: Any) -> dict[str, Any]:  # noqa: ANN401 - as the figure has them
    made = figure(**keys)
    return entity(made, INDICATORS[made.kpi], EntityScope(HARBOUR, address))


def shape(value: object) -> object:
    """Return the kind of a value as JSON has it, of objects that of their members."""
    if isinstance(value, dict):
        return {name: shape(member) for name, member in value.items()}
    return "number" if isinstance(value, int | float) else type(value).__name__


def test_a_figure_carries_its_bounds_its_status_and_the_address_of_its_lineage() -> None:
    said = of("https://figures.example.org/")
    assert said["kpiValue"] == {
        "type": "Property",
        "value": 5347.5,
        "unitCode": "KWH",
        "observedAt": "2026-10-31T23:00:00.000Z",
    }
    told = {name: said[name]["value"] for name in ("lower", "upper", "unit", "coverage", "figureStatus", "revision")}
    assert told == {
        "lower": 5300.25,
        "upper": 5400.0,
        "unit": "kWh",
        "coverage": 0.99,
        "figureStatus": "final",
        "revision": 3,
    }
    assert said["lineage"]["value"] == "https://figures.example.org/api/v1/kpis/heat_delivered/values/17/lineage"
    assert said["calculationPeriod"]["value"] == {"from": "2026-10-01", "to": "2026-10-31"}
    assert said["process"]["value"] == "district_heating"


def test_a_figure_without_a_value_has_no_value_and_says_why_and_keeps_its_bounds() -> None:
    said = of(value=None, status="insufficient", reason="between 3,100 and 5,900 kWh: too much is missing")
    assert "kpiValue" not in said
    assert said["reason"]["value"] == "between 3,100 and 5,900 kWh: too much is missing"
    assert (said["lower"]["value"], said["upper"]["value"]) == (5300.25, 5400.0)


def test_nothing_in_an_entity_is_null() -> None:
    said = of(value=None, lower=None, upper=None, computed_at=None, revision=None, reason=None)
    assert "null" not in json.dumps(said)
    assert "None" not in json.dumps(said)


def test_every_attribute_of_our_own_has_a_term_in_the_context() -> None:
    terms = of()["@context"][2]
    assert terms.keys() == set(OWN)
    assert all("://" in one for one in of()["@context"][:2])


def test_a_revision_has_the_id_of_the_one_before_and_another_period_another_one() -> None:
    assert of()["id"] == of(value_id=99, revision=4, value=1.0)["id"]
    assert of()["id"] == "urn:ngsi-ld:KeyPerformanceIndicator:harbour:city:harbour:heat_delivered:month:2026-10"
    assert of(site="house")["id"] != of()["id"] != of(group="house")["id"] != of(site="house")["id"]


def test_a_figure_that_is_handed_on_does_not_say_that_it_is_due_since_nothing_would_take_that_back() -> None:
    assert "due" not in of(due=True)
    told = entity(figure(due=True), INDICATORS["heat_delivered"], EntityScope(HARBOUR, with_due=True))
    assert told["due"]["value"] is True


def test_a_day_of_a_site_that_is_computed_when_asked_for_has_a_lineage_too() -> None:
    asked = of(site="house", period="day", value_id=None, revision=None)
    assert asked["lineage"]["value"] == "/api/v1/kpis/heat_delivered/days/2026-10-01/lineage?city=harbour&site=house"


@pytest.mark.reference_data
@pytest.mark.parametrize("name", ["example-normalized.jsonld"])
def test_it_has_the_attributes_of_the_examples_of_the_data_model_in_their_form(reference_data: Path, name: str) -> None:
    """Where both have an attribute, it is of the same kind, down to the members of its value."""
    example = json.loads((reference_data / EXAMPLES / name).read_text())
    said = of()
    common = (said.keys() & example.keys()) - {"@context"}
    assert common >= {
        *("id", "type", "name", "description", "category", "organization", "process", "address"),
        *("calculationPeriod", "calculationFrequency", "calculationMethod", "kpiValue"),
    }
    more = {"kpiValue": {"unitCode", "observedAt"}}
    for attribute in common:
        ours = said[attribute]
        if isinstance(ours, dict):
            ours = {key: value for key, value in ours.items() if key not in more.get(attribute, set())}
        assert shape(ours) == shape(example[attribute]), attribute
    assert said["@context"][:2] == example["@context"]
    assert said["id"].startswith("urn:ngsi-ld:KeyPerformanceIndicator:")
    assert shape(said["updatedAt"]) == shape(example["modifiedAt"])


def test_its_enumerated_attributes_are_those_of_the_data_model() -> None:
    for period in ("day", "month", "year"):
        said = of(period=period)
        for name, allowed in ENUMERATED.items():
            value = said[name]["value"]
            assert set(value if isinstance(value, list) else [value]) <= allowed


def test_the_topic_of_a_figure_has_eight_levels_whatever_its_subject() -> None:
    for keys in ({}, {"site": "house"}, {"group": "quarter"}):
        place = FigurePlace.of(figure(**keys), HARBOUR)
        assert place.topic.count("/") == 7
        assert place.topic == f"pharos/figures/{place.key}"
