"""What every indicator owes, whatever it computes; new ones are tested by being there."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from importlib import import_module
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.model.time import HOUR
from ingest.model.units import EXPRESSIONS
from kpi_engine.errors import UnknownIndicatorError
from kpi_engine.factors.factor import Factor
from kpi_engine.indicator import Indicator, Outcome
from kpi_engine.indicators import INDICATORS, indicator
from kpi_engine.window import Amount, Hours, Meter, Stretch, Window
from processors.steps.rollup import Rollup

START, END = 0, 24 * HOUR
FACTOR = Factor(
    name="test",
    version="1",
    carrier="heat",
    region="test",
    valid_from=date(1970, 1, 1),
    value=200.0,
    unit="g/kWh",
    method="test",
    boundary="test",
    gwp="test",
    source="test",
    page="1",
    verified=False,
)
UNITS = {*EXPRESSIONS, "kg"}
each = pytest.mark.parametrize("one", INDICATORS.values(), ids=lambda one: one.name)
amounts = st.floats(min_value=1.0, max_value=1e6)


def known(total: float) -> Amount:
    """Return an amount that readings bound and cover from START to END."""
    return Amount(
        Rollup(
            START,
            END,
            count=25,
            total=total,
            measured=(END - START) / 1e6,
            covered_from=START,
            covered_to=END,
            measured_from=START,
            measured_to=END,
        )
    )


def lacking(amount: Amount, end: int) -> Amount:
    """Return the amount as it is when the last reading is at ``end``."""
    return Amount(replace(amount.rollup, covered_to=end, measured_to=end))


def window(one: Indicator[Any], totals: Mapping[str, float]) -> Window:
    """Return a window in which each meter counted its total in every quantity the indicator needs."""
    return around([Meter(name, {q: known(total) for q in one.needs.quantities}) for name, total in totals.items()])


def around(meters: Sequence[Meter]) -> Window:
    """Return a window of these meters with one factor, and with hours in which all meters count evenly."""
    sums = [amount.rollup.total or 0.0 for meter in meters for amount in list(meter.amounts.values())[:1]]
    hours = Hours(np.full(24, sum(sums) / 24), np.full(24, 0.3), 0.0, "plant/heat_emission_factor")
    return Window(START, END, tuple(meters), (Stretch(START, END, tuple(meters), FACTOR),), hours)


def outcome(one: Indicator[Any], seen: Window) -> Outcome:
    return one.compute(one.inputs(seen))


@each
def test_an_indicator_is_named_after_its_module_and_says_what_it_is(one: Indicator[Any]) -> None:
    assert import_module(f"kpi_engine.indicators.{one.name}").INDICATOR is one
    assert all((one.title, one.formula, one.citation, one.frameworks, one.rule_version, one.periods))
    assert one.unit in UNITS


@each
def test_inputs_survive_the_way_through_json_and_are_described_by_a_schema(one: Indicator[Any]) -> None:
    inputs = one.inputs(window(one, {"a": 5.0, "b": 7.0}))

    assert one.inputs_model.model_validate_json(inputs.model_dump_json()) == inputs
    assert one.outcome_of(inputs.model_dump_json()) == one.compute(inputs)
    schema = one.inputs_model.model_json_schema()
    assert set(schema["properties"]) == set(type(inputs).model_fields)
    assert schema["additionalProperties"] is False


@each
def test_whole_data_give_a_value_with_full_coverage(one: Indicator[Any]) -> None:
    found = outcome(one, window(one, {"a": 5.0, "b": 7.0}))

    assert found.value is not None
    assert found.coverage == 1.0
    assert found.reason is None


@each
def test_no_data_give_no_value_and_a_reason(one: Indicator[Any]) -> None:
    found = outcome(one, Window(START, END, ()))

    assert (found.value, found.coverage, found.estimated_share) == (None, 0.0, None)
    assert found.reason


@each
@pytest.mark.parametrize("last", [None, 23 * HOUR])
def test_one_meter_without_a_boundary_reading_leaves_no_value(one: Indicator[Any], last: int | None) -> None:
    whole = window(one, {"a": 5.0, "b": 7.0})
    silent = {q: lacking(a, last) if last else Amount(Rollup(START, END)) for q, a in whole.meters[1].amounts.items()}
    found = outcome(one, around([whole.meters[0], Meter("b", silent)]))

    assert found.value is None
    assert 0.0 <= found.coverage < 1.0
    assert found.reason is not None
    assert "b: no reading" in found.reason


@each
def test_one_meter_that_does_not_report_a_quantity_leaves_no_value(one: Indicator[Any]) -> None:
    whole = window(one, {"a": 5.0})
    found = outcome(one, around([whole.meters[0], Meter("b", {})]))

    assert found.value is None
    assert "b: the meter does not report" in str(found.reason)


@each
@given(totals=st.dictionaries(st.text("abcdefgh", min_size=1), amounts, min_size=1, max_size=6), data=st.data())
def test_the_order_of_meters_changes_nothing(
    one: Indicator[Any], totals: dict[str, float], data: st.DataObject
) -> None:
    straight = window(one, totals)
    order = data.draw(st.permutations(straight.meters))
    shuffled = replace(straight, meters=tuple(order), stretches=(replace(straight.stretches[0], meters=tuple(order)),))

    assert one.inputs(shuffled).stored() == one.inputs(straight).stored()
    assert outcome(one, shuffled) == outcome(one, straight)


@each
@given(totals=st.dictionaries(st.text("abcdefgh", min_size=1), amounts, min_size=1, max_size=6), data=st.data())
def test_missing_data_never_improve_a_figure(
    one: Indicator[Any], totals: dict[str, float], data: st.DataObject
) -> None:
    whole = window(one, totals)
    victim = data.draw(st.sampled_from(whole.meters))
    until = data.draw(st.integers(0, 23)) * HOUR
    worse = Meter(victim.name, {quantity: lacking(amount, until) for quantity, amount in victim.amounts.items()})
    found = outcome(one, around([worse if meter is victim else meter for meter in whole.meters]))

    assert found.value is None
    assert found.coverage < outcome(one, whole).coverage


def test_an_unknown_indicator_is_refused_with_the_names_of_those_that_exist() -> None:
    with pytest.raises(UnknownIndicatorError, match=r"no indicator is called 'heat'; known are heat_delivered, "):
        indicator("heat")
