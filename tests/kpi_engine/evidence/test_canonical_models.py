"""Inputs are written as the JSON of their dump, to the last character, by a way that makes no dump."""

import json
from datetime import date
from enum import StrEnum
from math import inf
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from kpi_engine.evidence.amount_columns import EntryColumns
from kpi_engine.evidence.amount_entry import MeterAmount
from kpi_engine.evidence.canonical_models import OtherKindError, written_model
from kpi_engine.evidence.figure_digest import canonical
from kpi_engine.evidence.findings import document_of
from kpi_engine.families.building_intensity import CarrierPerAreaInputs
from kpi_engine.families.hour_inputs import HourlyInputs
from kpi_engine.families.intensity import SiteFactColumns
from kpi_engine.families.sum_of_meters import EnergyByMeter
from kpi_engine.indicator import Indicator
from kpi_engine.indicators import INDICATORS
from kpi_engine.ports.fact_columns import ManyFacts
from kpi_engine.worked_examples import IndicatorExample, examples_of

EXAMPLES = [(one, example) for one in INDICATORS.values() for example in examples_of(one.name)]


NUMBERS = st.floats(-1e18, 1e18) | st.just(-0.0)
SECONDS = st.just(0.0) | st.floats(0, 1e11)
AMOUNTS = st.builds(
    MeterAmount,
    meter=st.text(max_size=5),
    amount=st.none() | NUMBERS,
    lower=st.none() | NUMBERS,
    upper=st.none() | NUMBERS,
    is_open=st.booleans(),
    filled=NUMBERS,
    estimated=NUMBERS,
    seconds=st.floats(1e-6, 1e11),
    covered_seconds=SECONDS,
    interpolated_seconds=SECONDS,
    estimated_seconds=SECONDS,
    longest_gap_seconds=SECONDS,
    missing=st.none() | st.text(max_size=5),
)


class _Season(StrEnum):
    HEATING = "heating"


class _Written(BaseModel):
    zone: str = "UTC"
    number: float = 0.0
    count: int | None = 1
    is_told: bool = False
    day: date = date(2025, 1, 1)
    names: tuple[str, ...] = ()
    season: _Season | None = None
    within: tuple["_Written", ...] = ()


@pytest.mark.parametrize(("one", "example"), EXAMPLES, ids=lambda one: getattr(one, "name", ""))
def test_the_inputs_of_every_worked_example_are_written_as_they_are_dumped(
    one: Indicator[Any], example: IndicatorExample
) -> None:
    inputs = one.inputs_model.model_validate_json(json.dumps(example.inputs))

    assert document_of(inputs) == canonical(inputs.stored())


@pytest.mark.parametrize(
    "model",
    [
        _Written(),
        _Written(zone='Europe/Zürich "\\\n\t\x7f\u2028', number=-0.0, count=None, is_told=True, names=("b", "a")),
        _Written(number=1e16, day=date(1970, 1, 2), season=_Season.HEATING),
        _Written(number=5e-324, within=(_Written(number=0.1 + 0.2), _Written(count=10**20))),
        _Written(number=1.0, names=("a",) * 200),
    ],
)
def test_a_model_is_written_as_it_is_dumped(model: _Written) -> None:
    assert written_model(model, {}) == canonical(model.model_dump(mode="json", exclude_defaults=True))


@given(st.lists(AMOUNTS, max_size=40))
def test_amounts_in_columns_are_written_as_they_are_dumped_one_by_one(entries: list[MeterAmount]) -> None:
    inputs = EnergyByMeter(energy_kwh=EntryColumns.of(entries))

    assert written_model(inputs) == canonical(EnergyByMeter(energy_kwh=tuple(entries)).stored())


def test_facts_of_many_sites_are_written_as_they_are_dumped_one_by_one() -> None:
    sites = tuple(f"s{number}" for number in range(40))
    facts = SiteFactColumns(ManyFacts(sites, np.arange(40.0), 0, 86_400_000_000))
    inputs = CarrierPerAreaInputs(energy_kwh=(), seconds=86_400.0, floor_area_m2=facts)

    assert written_model(inputs) == canonical(inputs.model_copy(update={"floor_area_m2": tuple(facts)}).stored())


def test_what_only_its_own_model_can_write_is_left_to_that() -> None:
    one = MeterAmount(meter="h", amount=1.0, seconds=1.0, covered_seconds=1.0)
    many = EnergyByMeter(energy_kwh=EntryColumns.of((one,) * 201))  # of which a digest is kept
    for model in (_Written(number=inf), _Written(names=("a",) * 201), _Unknown(value={"a": 1.0}), many):
        with pytest.raises(OtherKindError):
            written_model(model, {})


def test_a_digest_stands_in_the_place_of_a_field() -> None:
    assert written_model(_Written(zone="a", names=("b",)), {"number": '{"hours":2}'}) == (
        '{"names":["b"],"number":{"hours":2},"zone":"a"}'
    )


def test_hours_are_kept_as_digests_whatever_writes_them() -> None:
    written = [
        json.loads(document_of(one.inputs_model.model_validate_json(json.dumps(example.inputs))))
        for one, example in EXAMPLES
        if issubclass(one.inputs_model, HourlyInputs)
    ]

    assert written
    assert all(any("sha256" in field for field in one.values() if isinstance(field, dict)) for one in written)


class _Unknown(BaseModel):
    value: dict[str, float]
