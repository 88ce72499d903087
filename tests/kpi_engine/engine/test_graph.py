"""Figures that take figures: nothing is touched where what they take did not move, and all is known at one time."""

from collections.abc import Iterator
from typing import Final

import pytest

from ingest.model.city.city_file import parse
from ingest.model.time import MINUTE
from kpi_engine.factors.registry import sync as publish
from kpi_engine.figures.store import StoredFigure
from processors.storage.registry.registry import sync
from tests import towns
from tests.computed import contents, few_indicators
from tests.kpi_engine.conftest import FACTORS, METER_A, METER_B, SITES, District, at, district_of
from tests.kpi_engine.reproduced import not_reproduced
from tests.towns import fact

pytestmark = pytest.mark.integration

KPIS: Final = {"city_emissions", "city_emissions_per_capita", "city_emissions_reduction"}
CURRENT: Final = "select kpi, period, period_start, value, lower, upper, inputs_hash from kpi_value"
MARCH: Final = ("month", "2026-03-01T00:00")


def city(population: int = 7) -> str:
    facts = [fact("population", population), fact("baseline_emissions", 4000, "t"), fact("baseline_year", 2018)]
    return towns.town(METER_A, METER_B, name="town", sites=SITES, factors={"heat": "test"}, facts=facts)


@pytest.fixture
def district(database_url: str) -> Iterator[District]:
    with few_indicators(KPIS), district_of(database_url, city()) as found:
        fill(found)
        yield found


def fill(district: District) -> None:
    for meter in ("meter-a", "meter-b"):
        district.counts(meter, "heat_energy", "2026-03-01T00:00", "2026-04-10T00:00", 2.0)
    district.settle()


def figure(district: District, kpi: str, period: str = MARCH[0], start: str = MARCH[1]) -> StoredFigure:
    found = district.value(kpi, None, period, start)
    assert found is not None
    return found


def test_a_figure_that_takes_another_one_divides_it_to_the_last_bit(district: District) -> None:
    emissions, per_capita = (figure(district, kpi) for kpi in ("city_emissions", "city_emissions_per_capita"))

    assert emissions.value == 743 * 4.0 * 0.5
    assert (per_capita.value, per_capita.lower) == (emissions.value / 7, (emissions.lower or 0.0) / 7)
    assert [one["version"] for one in per_capita.factors] == ["2026"]  # the factors travel with it
    assert not_reproduced(district.connection) == []


def test_where_a_figure_did_not_move_nothing_that_takes_it_is_touched(district: District) -> None:
    since = district.now = district.now + MINUTE
    district.counts("meter-a", "heat_energy", "2026-03-10T05:00", "2026-03-10T06:00", 2.0)  # as it was
    district.settle()

    assert {kpi for kpi, *_ in district.recomputed(since)} == {"city_emissions"}


def test_what_moved_a_figure_is_told_of_what_takes_it_and_both_are_known_at_one_time(district: District) -> None:
    district.now += MINUTE
    district.counts("meter-a", "heat_energy", "2026-03-10T05:00", "2026-03-10T06:00", 3.0)
    district.settle()
    emissions, per_capita = (figure(district, kpi) for kpi in ("city_emissions", "city_emissions_per_capita"))

    late = "late data of meter-a/heat_energy from 2026-03-10T04:00:00Z to 2026-03-10T05:00:00Z"
    assert (emissions.cause, emissions.cause_detail) == ("late data", late)
    assert (per_capita.cause, per_capita.cause_detail) == ("late data", f"city_emissions of town moved by {late}")
    assert (per_capita.revision, per_capita.computed_at) == (2, emissions.computed_at)


def test_a_factor_moves_what_takes_the_figures_that_it_moves(district: District) -> None:
    district.now += MINUTE
    new = FACTORS[1].model_copy(update={"version": "2026b", "value": 0.6})
    publish(district.connection, [*FACTORS, new])
    district.connection.commit()
    district.settle()

    told = ("definition changed", "city_emissions of town moved by factor test: version 2026b")
    per_capita = figure(district, "city_emissions_per_capita")
    assert (per_capita.cause, per_capita.cause_detail) == told
    assert per_capita.value == pytest.approx(743 * 4.0 * 0.6 / 7)


def test_what_it_is_divided_by_touches_nothing_else(district: District) -> None:
    since = district.now = district.now + MINUTE
    sync(district.connection, [parse(city(population=8), "town.yaml")])
    district.connection.commit()
    district.settle()

    assert {kpi for kpi, *_ in district.recomputed(since)} == {"city_emissions_per_capita"}
    assert figure(district, "city_emissions_per_capita").value == 743 * 4.0 * 0.5 / 8


def test_a_meter_that_lags_behind_holds_up_what_takes_its_figure_as_well(district: District) -> None:
    district.counts("meter-a", "heat_energy", "2026-04-10T00:00", "2026-04-10T20:00", 2.0)
    district.counts("meter-b", "heat_energy", "2026-04-10T00:00", "2026-04-10T19:00", 2.0)
    district.now = at("2026-04-10T20:20")
    district.settle()
    today = ("day", "2026-04-10T00:00")
    emissions, per_capita = (figure(district, kpi, *today) for kpi in ("city_emissions", "city_emissions_per_capita"))

    assert emissions.value == 19 * 4.0 * 0.5
    assert per_capita.value == emissions.value / 7
    assert (per_capita.through, per_capita.coverage) == (emissions.through, emissions.coverage)
    assert per_capita.reason == emissions.reason


def test_how_many_figures_a_step_takes_changes_nothing(district: District) -> None:
    """A figure that is taken is computed with what takes it, though the agenda has it elsewhere."""
    before = contents(district.connection, CURRENT)
    district.connection.execute("truncate figure, figure_batch, figure_log, kpi_extent, kpi_due")
    district.connection.commit()
    district.restart(figures_per_step=1)
    district.settle()

    assert contents(district.connection, CURRENT) == before
