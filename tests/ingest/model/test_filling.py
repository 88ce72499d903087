"""Filling: what is usual for a quantity, what a city file may declare of it, and what it may not."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from ingest.model.city.series_declaration import SeriesDeclaration


@pytest.mark.parametrize(
    ("quantity", "kind", "hours"),
    [
        ("return_temperature", None, 6),
        ("outdoor_temperature", None, 6),
        ("heat_power", None, 0),
        ("grid_emission_factor", None, 0),
        ("plugged_in", None, 0),
        ("heat_energy", None, 1),
        ("heat_energy", "interval", 0),
    ],
)
def test_temperatures_are_filled_for_six_hours_registers_for_one_and_nothing_else(
    quantity: str, kind: str | None, hours: int
) -> None:
    declared = SeriesDeclaration.model_validate({"quantity": quantity, "kind": kind})
    assert declared.longest_filled == timedelta(hours=hours)


def test_a_city_file_may_declare_another_filling_for_a_series() -> None:
    declared = SeriesDeclaration.model_validate({"quantity": "heat_power", "filling": "PT2H"})
    assert declared.longest_filled == timedelta(hours=2)


@pytest.mark.parametrize(("quantity", "kind"), [("heat_power", "interval"), ("electricity_energy", "session")])
def test_what_no_readings_lie_on_both_sides_of_is_not_filled(quantity: str, kind: str) -> None:
    with pytest.raises(ValidationError, match=f"expected filling of gauges and registers only, this is of kind {kind}"):
        SeriesDeclaration.model_validate({"quantity": quantity, "kind": kind, "filling": "PT2H"})
