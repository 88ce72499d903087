"""The table of statistics: units that can be converted, and one meaning with the facts of the same name."""

import pytest

from ingest.errors import UnitError
from ingest.model.city.facts import FACTS
from ingest.model.quantities.units import EXPRESSIONS
from kpi_engine.statistics.catalogue import STATISTICS, StatisticKind
from kpi_engine.statistics.currencies import CURRENCIES


def test_a_statistic_that_is_called_like_a_fact_has_its_unit() -> None:
    both = STATISTICS.keys() & FACTS.keys()
    assert both >= {"population", "floor_area", "street_length", "trench_length", "light_points"}
    for name in both - {"investment", "grant"}:
        assert STATISTICS[name].units == (FACTS[name].unit,), name
    for name in both & {"investment", "grant"}:  # of statistics in any currency, of facts in euros
        assert FACTS[name].unit in STATISTICS[name].units, name


def test_every_unit_is_one_of_the_model_or_a_currency() -> None:
    assert {unit for one in STATISTICS.values() for unit in one.units} <= {*EXPRESSIONS, *CURRENCIES}


@pytest.mark.parametrize(
    ("statistic", "unit", "canonical", "value"),
    [
        ("heat_bill", "MWh", "kWh", 1000.0),
        ("final_energy_reported", "TJ", "kWh", 1e6 / 3.6),
        ("land_area", "ha", "km2", 0.01),
        ("trench_length", "km", "m", 1000.0),
        ("wood_bill", "t", "kg", 1000.0),
        ("oil_bill", "l", "m3", 0.001),
        ("gas_bill", "GJ", "kWh", 1000 / 3.6),
        ("total_emissions_reported", "kg", "t", 0.001),
        ("grant", "DKK", "DKK", 1.0),
    ],
)
def test_a_value_takes_the_canonical_unit_of_its_dimension(
    statistic: str, unit: str, canonical: str, value: float
) -> None:
    found, convert = STATISTICS[statistic].canonical(unit)
    assert found == canonical
    assert convert(1.0) == pytest.approx(value)


@pytest.mark.parametrize(
    ("statistic", "unit", "said"),
    [
        ("heat_bill", "kwh", "unknown unit 'kwh'; known are"),
        ("heat_bill", "m3", "'m3' cannot be converted to 'kWh'"),
        ("wood_bill", "km", "'km' cannot be converted to kWh or kg or m3"),
        ("grant", "kWh", r"expected a currency \(EUR, .*, USD\), not 'kWh'"),
        ("grant", "EURO", "not 'EURO'"),
    ],
)
def test_another_dimension_is_refused_with_what_would_do(statistic: str, unit: str, said: str) -> None:
    with pytest.raises(UnitError, match=said):
        STATISTICS[statistic].canonical(unit)


def test_only_money_that_is_spent_once_is_never_divided() -> None:
    one_offs = {one.name for one in STATISTICS.values() if one.kind is StatisticKind.ONE_OFF}
    assert one_offs == {"investment", "reference_investment", "grant"}
    assert all(STATISTICS[name].is_money for name in one_offs)
