"""Emission factors that tests publish, and those that come with Pharos, read once."""

from datetime import date
from functools import cache

from kpi_engine.factors import files
from kpi_engine.factors.factor import Factor


@cache
def shipped() -> list[Factor]:
    """Return the factors that come with Pharos; nothing changes them, and one reading serves all tests."""
    return files.shipped()


def factor(carrier: str = "heat", value: float = 0.25, *, name: str = "test", year: int = 2026) -> Factor:
    """Return a factor in kg/kWh that holds for a year, of which it is the version."""
    return Factor(
        name=name,
        version=str(year),
        carrier=carrier,
        region="r",
        valid_from=date(year, 1, 1),
        valid_to=date(year + 1, 1, 1),
        value=value,
        unit="kg/kWh",
        method="m",
        boundary_note="b",
        gwp="g",
        source="s",
        page="p",
        verified=False,
    )
