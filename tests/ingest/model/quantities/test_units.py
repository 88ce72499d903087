"""Units: linear conversions to the canonical unit, and a clear refusal of everything else."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import UnitError
from ingest.model.quantities import conversions
from ingest.model.quantities.quantity import QUANTITIES
from ingest.model.quantities.units import EXPRESSIONS, conversion
from tests import units_of_pint


@pytest.mark.parametrize(
    ("value", "unit", "canonical", "expected"),
    [
        (1.0, "GJ", "kWh", 1000 / 3.6),
        (2.5, "MWh", "kWh", 2500.0),
        (50.0, "degF", "degC", 10.0),
        (273.15, "K", "degC", 0.0),
        (0.26, "t/MWh", "kg/kWh", 0.26),
        (1500.0, "l/h", "m3/h", 1.5),
        (50.0, "%", "1", 0.5),
    ],
)
def test_a_value_is_converted(value: float, unit: str, canonical: str, expected: float) -> None:
    assert conversion(unit, canonical)(value) == pytest.approx(expected, rel=1e-12, abs=1e-12)


def test_another_dimension_and_an_unknown_unit_are_refused_with_what_would_do() -> None:
    with pytest.raises(UnitError, match="'m3' cannot be converted to 'kWh'"):
        conversion("m3", "kWh")
    with pytest.raises(UnitError, match="unknown unit 'kwh'; known are"):
        conversion("kwh", "kWh")


@given(st.sampled_from(sorted(EXPRESSIONS)), st.sampled_from(sorted(EXPRESSIONS)), st.floats(-1e6, 1e6))
def test_converting_there_and_back_gives_the_value(unit: str, canonical: str, value: float) -> None:
    try:
        there, back = conversion(unit, canonical), conversion(canonical, unit)
    except UnitError:
        return
    assert back(there(value)) == pytest.approx(value, rel=1e-9, abs=1e-6)


def test_every_quantity_has_a_known_unit_and_a_range() -> None:
    for name, quantity in QUANTITIES.items():
        assert quantity.name == name
        assert quantity.unit in EXPRESSIONS
        assert quantity.plausible[0] < quantity.plausible[1]


@pytest.mark.long
def test_every_conversion_is_what_pint_makes_of_the_definitions() -> None:
    made = Path(str(conversions.__file__)).read_text(encoding="utf-8")
    assert made == units_of_pint.text(), "make it anew: python -m tests.units_of_pint"
