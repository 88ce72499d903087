"""Figures say of which year their factors are, and are refused where factors count different emissions."""

from datetime import date
from typing import TYPE_CHECKING

import pytest

from kpi_engine.factors.factor import EmissionBoundary
from kpi_engine.factors.registry import sync as publish
from tests.kpi_engine.conftest import FACTORS
from tests.kpi_engine.test_master_data_in_time import apply

if TYPE_CHECKING:
    from kpi_engine.figures.store import StoredFigure
    from tests.kpi_engine.conftest import District

pytestmark = pytest.mark.integration

KPIS = ("city_emissions", "electricity_emissions", "heat_emissions")

ELECTRICITY = next(one for one in FACTORS if one.carrier == "electricity")
HEAT = next(one for one in FACTORS if one.carrier == "heat")


def month(district: "District", kpi: str) -> "StoredFigure":
    found = district.value(kpi, None, "month", "2026-03-01T00:00")
    assert found is not None
    return found


def counting(town: "District", *quantities: str) -> None:
    """Meters count in March; the factors of both carriers count different emissions, and one is of 2024."""
    old = ELECTRICITY.model_copy(
        update={"name": "old", "version": "2024", "valid_from": date(2024, 1, 1), "valid_to": None, "year": 2024}
    )
    network = HEAT.model_copy(update={"name": "network", "valid_to": None})
    publish(
        town.connection,
        [
            old.model_copy(update={"boundary": EmissionBoundary.LIFE_CYCLE}),
            network.model_copy(update={"boundary": EmissionBoundary.DIRECT}),
        ],
    )
    for device, quantity in town.series:
        if quantity in (quantities or ("heat_energy", "electricity_energy")):
            town.counts(device, quantity, "2026-03-01T00:00", "2026-04-01T00:00", 2.0)
    town.settle()


def test_a_figure_whose_year_has_no_factor_says_of_which_year_its_factor_is(every_vertical: "District") -> None:
    counting(every_vertical)
    apply(every_vertical, factors={"heat": "test", "electricity": "old"})

    emissions = month(every_vertical, "electricity_emissions")
    assert emissions.value is not None
    assert emissions.reason == "no factor old of 2026: the one of 2024 (version 2024) stands for it"
    assert month(every_vertical, "heat_emissions").reason is None


def test_a_sum_of_factors_that_count_different_emissions_is_refused_until_the_city_declares_it(
    every_vertical: "District",
) -> None:
    counting(every_vertical)
    apply(every_vertical, factors={"heat": "network", "electricity": "old"})
    refused = month(every_vertical, "city_emissions")

    assert refused.value is None
    assert "expected one boundary, or factor_boundary: mixed in the city file" in str(refused.reason)
    assert month(every_vertical, "electricity_emissions").value is not None

    apply(every_vertical, factor_boundary="mixed")
    declared = month(every_vertical, "city_emissions")
    assert declared.value is not None
    assert {factor["boundary"] for factor in declared.factors} == {"direct", "life_cycle"}
    assert declared.cause_detail == "city file: factor_boundary"


def test_a_carrier_of_which_nothing_was_ever_read_leaves_the_sum_of_the_other(every_vertical: "District") -> None:
    counting(every_vertical, "electricity_energy")
    apply(every_vertical, factors={"heat": "network", "electricity": "old"})

    found = month(every_vertical, "city_emissions")
    assert found.value is not None
    assert "expected one boundary" not in str(found.reason)


def test_scope_2_by_location_leaves_no_figure_of_a_life_cycle_factor(every_vertical: "District") -> None:
    counting(every_vertical)
    apply(every_vertical, factors={"heat": "network", "electricity": "old"}, factor_boundary="scope_2_location")

    refused = month(every_vertical, "electricity_emissions")
    assert refused.value is None
    assert "needs direct factors; the boundary of old 2024 is life_cycle" in str(refused.reason)
    assert month(every_vertical, "heat_emissions").value is not None
