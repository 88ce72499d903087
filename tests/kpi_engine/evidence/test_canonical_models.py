"""Inputs are written as the JSON of their dump, to the last character, by a way that makes no dump."""

import json
from datetime import date
from enum import StrEnum
from math import inf
from typing import Any

import pytest
from pydantic import BaseModel

from kpi_engine.evidence.canonical_models import OtherKindError, written_model
from kpi_engine.evidence.figure_digest import canonical
from kpi_engine.evidence.findings import document_of
from kpi_engine.families.hour_inputs import HourlyInputs
from kpi_engine.indicator import Indicator
from kpi_engine.indicators import INDICATORS
from kpi_engine.worked_examples import IndicatorExample, examples_of

EXAMPLES = [(one, given) for one in INDICATORS.values() for given in examples_of(one.name)]


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


@pytest.mark.parametrize(("one", "example"), EXAMPLES, ids=lambda given: getattr(given, "name", ""))
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


def test_what_only_its_own_model_can_write_is_left_to_that() -> None:
    for model in (_Written(number=inf), _Written(names=("a",) * 201), _Unknown(value={"a": 1.0})):
        with pytest.raises(OtherKindError):
            written_model(model, {})


def test_a_digest_stands_in_the_place_of_a_field() -> None:
    assert written_model(_Written(zone="a", names=("b",)), {"number": '{"hours":2}'}) == (
        '{"names":["b"],"number":{"hours":2},"zone":"a"}'
    )


def test_hours_are_kept_as_digests_whatever_writes_them() -> None:
    written = [
        json.loads(document_of(one.inputs_model.model_validate_json(json.dumps(given.inputs))))
        for one, given in EXAMPLES
        if issubclass(one.inputs_model, HourlyInputs)
    ]

    assert written
    assert all(any("sha256" in field for field in one.values() if isinstance(field, dict)) for one in written)


class _Unknown(BaseModel):
    value: dict[str, float]
