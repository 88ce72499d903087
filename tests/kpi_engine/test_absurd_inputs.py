"""Inputs beyond all reason are refused with the key at fault, and never end in a traceback or in Infinity."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from kpi_engine.evidence.amounts import LARGEST
from kpi_engine.figures.status import publication
from kpi_engine.indicators import INDICATORS

HUGE = st.floats(min_value=-LARGEST, max_value=LARGEST, allow_nan=False)
PART = st.fixed_dictionaries(
    {
        "meter": st.sampled_from("abc"),
        "amount": HUGE,
        "estimated": HUGE,
        "seconds": st.floats(min_value=1e-6, max_value=1e11),
        "covered_seconds": st.floats(min_value=0, max_value=1e11),
    }
)
PARTS = st.lists(PART, min_size=1, max_size=4)


def test_an_amount_that_no_sum_could_hold_is_refused_by_its_key() -> None:
    part = {"meter": "a", "amount": 1e308, "seconds": 1, "covered_seconds": 1}

    with pytest.raises(ValidationError, match=r"energy_kwh\.0\.amount\n.*less than or equal to 1000000000000000000"):
        INDICATORS["heat_delivered"].outcome_of(json.dumps({"energy_kwh": [part, part]}))


@given(first=PARTS, second=PARTS, factor=st.floats(min_value=0, max_value=LARGEST))
def test_what_is_accepted_gives_an_outcome_that_json_can_hold(
    first: list[dict[str, Any]], second: list[dict[str, Any]], factor: float
) -> None:
    stretch = {"start": "a", "end": "b", "factor_kg_per_kwh": factor, "energy_kwh": first}
    area = [{"site": "s", "value": factor, "seconds": 1e-6}]
    for kpi, inputs in (
        ("heat_delivered", {"energy_kwh": first}),
        ("heat_supply_temperature", {"volume_m3": first, "volume_temperature_m3_degc": second}),
        ("city_emissions", {"stretches": [stretch, stretch]}),
        ("lighting_burning_hours", {"burning_h": first, "seconds": 1e11}),
        ("building_energy_per_area", {"heat_kwh": first, "floor_area_m2": area, "seconds": 1e-6}),
        (
            "electricity_emissions_hourly",
            {"energy_kwh": first, "hour_energy_kwh": [factor, 1], "hour_factor_kg_per_kwh": [factor, None]},
        ),
    ):
        outcome = INDICATORS[kpi].outcome_of(json.dumps(inputs))
        verdict = publication(outcome, is_open=False)
        json.dumps([verdict.value, outcome.coverage, outcome.estimated_share], allow_nan=False)
