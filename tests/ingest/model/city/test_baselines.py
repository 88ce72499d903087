"""Baselines in city files: what they refer to has to be there, and to be energy and temperature."""

import json
from collections.abc import Mapping

import pytest

from ingest.errors import CityFileError
from ingest.model.city.city_file import parse
from kpi_engine.baselines import names
from tests.towns import USUAL_BASELINE, device, electricity_meter, heat_meter, town

METER = {"device": "meter", "quantity": "heat_energy"}
MAIN = {"device": "main", "quantity": "electricity_energy"}


def declaring(*baselines: Mapping[str, object]) -> str:
    return town(
        heat_meter("heat_energy", "heat_power", name="meter", site="school"),
        electricity_meter(name="main", site="hall"),
        device("weather", "weather_station", "outdoor_temperature", "wind_speed", site="roof"),
        sites={"school": {"baselines": list(baselines)}, "roof": {}, "hall": {}},
    )


def faults(*baselines: Mapping[str, object]) -> list[str]:
    """Return the faults of a file with these baselines, each as key and sentence."""
    with pytest.raises(CityFileError) as refused:
        parse(declaring(*baselines), "town.yaml", [names.faults])
    return [f"{fault.key}: {fault.expected}" for fault in refused.value.faults]


def test_a_baseline_is_read_as_it_was_declared() -> None:
    (one,) = parse(declaring(USUAL_BASELINE), "town.yaml", [names.faults]).sites[0].baselines
    assert (one.method, one.confidence, one.prices) == ("caltrack-2.0-daily", 0.90, ())


def test_a_group_declares_baselines_as_a_site_does_and_its_faults_name_it() -> None:
    def text(**changed: object) -> str:
        document = json.loads(declaring())
        group = {"name": "both", "members": ["school", "hall"], "baselines": [{**USUAL_BASELINE, **changed}]}
        return json.dumps({**document, "groups": [group]})

    (one,) = parse(text(), "town.yaml", [names.faults]).groups[0].baselines
    assert one.energy.indicator == "heat_delivered"
    with pytest.raises(
        CityFileError, match=r"groups\[0\].baselines\[0\].energy.indicator \(group both\): expected one of"
    ):
        parse(text(energy={"indicator": "heat_emissions"}), "town.yaml", [names.faults])


def test_a_site_without_baselines_is_kept_as_it_was_before_there_were_any() -> None:
    site = parse(declaring(), "town.yaml").sites[0]
    assert site.baselines == ()
    assert "baselines" not in site.model_dump(mode="json")


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"option": "E"}, "option"),
        ({"boundary": ""}, "boundary"),
        ({"energy": {}}, "expected an indicator, such as heat_delivered, or series with device and quantity"),
        ({"energy": {"indicator": "heat_emissions"}}, "energy.indicator: expected one of electricity_delivered"),
        ({"energy": {"series": {"device": "meter", "quantity": "heat_power"}}}, "heat_power is a gauge in kW"),
        ({"energy": {"series": {"device": "metre", "quantity": "heat_energy"}}}, "did you mean meter?"),
        ({"energy": {"series": [METER, {"device": "metre", "quantity": "heat_energy"}]}}, "series[1].device"),
        ({"energy": {"series": [METER, METER]}}, "heat_energy of 'meter' is named 2 times"),
        ({"energy": {"series": [METER, MAIN]}}, "expected series of one carrier, not of electricity and heat"),
        ({"temperature": {"device": "weather", "quantity": "wind_speed"}}, "expected a gauge in degC"),
        ({"temperature": {"device": "weather", "quantity": "rain"}}, "temperature.quantity: expected one of"),
        ({"baseline_to": "2023-01-01"}, "expected baseline_from before baseline_to"),
        ({"reporting_from": "2024-06-01"}, "reporting_from on that day or later"),
        ({"method": "caltrack-9"}, "method: expected one of caltrack-2.0-daily"),
        ({"degree_days": "kelvin"}, "degree_days: expected one of eurostat"),
        ({"confidence": 1.0}, "confidence"),
        ({"savings": 3}, "there is no such key"),
    ],
)
def test_what_is_wrong_is_told_with_its_key(changed: Mapping[str, object], told: str) -> None:
    assert told in "\n".join(faults({**USUAL_BASELINE, **changed}))


def test_names_are_unique_among_those_of_a_site() -> None:
    assert any("'heat' is declared 2 times; names are unique" in one for one in faults(USUAL_BASELINE, USUAL_BASELINE))


def test_one_price_holds_on_a_day_and_all_are_in_one_currency() -> None:
    prices = [
        {"value": 0.1, "unit": "EUR/kWh", "source": "bill", "valid_to": "2025-06-02"},
        {"value": 0.8, "unit": "DKK/kWh", "source": "bill", "valid_from": "2025-06-01"},
    ]
    told = "\n".join(faults({**USUAL_BASELINE, "prices": prices}))
    assert "prices[1].unit: expected EUR/kWh, as the first price; not DKK/kWh" in told
    assert "prices[1]: another price holds on some of the same days" in told
