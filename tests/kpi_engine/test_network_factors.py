"""The figure of a heat network becomes the factor of those it serves, when somebody publishes it."""

from dataclasses import replace

import pytest

from kpi_engine.errors import FactorError
from kpi_engine.factors.factor import EmissionBoundary
from kpi_engine.factors.of_network import factor_of
from kpi_engine.figures.store import StoredFigure
from tests.kpi_engine.test_district_heating import NORTH, Network, city, network, read_all
from tests.statistics import given

__all__ = ["network"]


def burning(network: Network) -> StoredFigure:
    """Return the factor of a network whose base plant burned 9,000 kWh of gas, and its other plant wood."""
    read_all(network)
    network.declare(city(factors={"gas": "com-gas", "wood": "com-wood"}))
    day = ("2026-10-25", "2026-10-26")
    network.burn(
        given("plant_gas", 9000.0, *day, city="harbour", site="base", calorific_basis="NCV"),
        given("plant_wood", 900.0, *day, city="harbour", site="peak", calorific_basis="NCV"),
    )
    network.settle()
    return network.figure("heat_network_emission_factor")


@pytest.mark.integration
def test_what_is_published_is_what_buildings_are_reckoned_by(network: Network) -> None:
    figure = burning(network)
    found = factor_of(figure, "harbour-heat", 2026)
    network.publish(found)
    network.declare(city(factors={"gas": "com-gas", "wood": "com-wood", "heat": "harbour-heat"}))
    network.settle()
    emissions = network.figure("heat_emissions", "north")

    assert figure.value is not None
    assert emissions.value == pytest.approx(sum(NORTH) * figure.value)
    (used,) = emissions.factors
    assert (used["name"], used["version"]) == ("harbour-heat", "2026-revision-1")
    assert used["page"] == f"/api/v1/kpis/heat_network_emission_factor/values/{figure.value_id}/lineage"
    assert found.boundary is EmissionBoundary.DIRECT
    assert (found.region, found.year, found.carrier) == ("harbour", 2026, "heat")
    assert "inputs " + figure.inputs_hash in found.source


@pytest.mark.integration
def test_heat_bears_what_its_own_network_burned_and_moves_with_it(network: Network) -> None:
    """Both plants are one network, and the only one of the city."""
    burning(network)
    before = network.figure("heat_emissions_of_network", "north", "month")
    day = ("2026-10-25", "2026-10-26")
    network.burn(given("plant_gas", 8000.0, *day, city="harbour", site="base", calorific_basis="NCV", revision=2))
    network.settle()
    after = network.figure("heat_emissions_of_network", "north", "month")

    assert (before.revision, after.revision) == (1, 2)
    assert after.cause_detail == "heat_network_emission_factor of harbour moved by statistic plant_gas of base"
    assert network.not_reproduced() == []


@pytest.mark.integration
def test_what_may_still_move_or_is_no_figure_is_not_published(network: Network) -> None:
    figure = burning(network)

    for change, why in (
        ({"due": True}, "about to be computed again"),
        ({"through": figure.period_start}, "2026 has not ended"),
        ({"value": None, "reason": "no fuel"}, "has no value (no fuel)"),
    ):
        with pytest.raises(FactorError, match="nothing was published") as refused:
            factor_of(replace(figure, **change), "harbour-heat", 2026)
        assert why in str(refused.value)
