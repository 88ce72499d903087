"""What every indicator owes, whatever it computes; new ones are tested by being there."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import cycle
from math import fsum, inf
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.model.quantities.units import EXPRESSIONS
from ingest.model.time import HOUR
from kpi_engine.boundary.balancing import SIDES
from kpi_engine.errors import UnknownIndicatorError
from kpi_engine.factors.factor import EmissionBoundary
from kpi_engine.indicator import Indicator, Outcome, Selection
from kpi_engine.indicators import INDICATORS, indicator
from kpi_engine.ports.balance import Balanced
from kpi_engine.ports.dated_factors import DatedFactors
from kpi_engine.ports.factor_series import FactorSeries
from kpi_engine.ports.facts_of_sites import FactsOfSites
from kpi_engine.ports.metric import Metric
from kpi_engine.ports.port import Port
from kpi_engine.window import Amount, FactSpan, Hours, Meter, Stretch, Window
from processors.steps.rollup import Rollup
from tests.every import of_every
from tests.factors import factor
from tests.kpi_engine.given_ports import DEVICES, nothing, whole
from tests.kpi_engine.given_ports import known as partly_known

START, END = 0, 24 * HOUR
FACTOR = factor().model_copy(
    update={
        "valid_from": date(1970, 1, 1),
        "valid_to": None,
        "value": 200.0,
        "unit": "g/kWh",
        "boundary": EmissionBoundary.LIFE_CYCLE,
    }
)
NO_ROLES: tuple[str | None, ...] = (None,)
WARMTH = {"volume_supply_temperature": 60.0, "volume_return_temperature": 30.0}
UNITS = {
    *EXPRESSIONS,
    *(
        "kg",
        "kg/m2",
        "kg/km2",
        "kWh/m2",
        "kWh/m",
        "kWh/km",
        "kWh/kW",
        "kWh/MWh",
        "m3/MWh",
        "W/(lx.m2)",
        "K.h",
        "EUR/m2",
        "EUR/t",
        "a",
    ),
}


def is_read(port: Port[Any]) -> bool:
    """Whether what a port gives may be known in part: it reads devices, or takes figures."""
    return (bool(port.reads) and not port.IS_OWN) or isinstance(port, Metric)


each = of_every(INDICATORS)
METERED = [one for one in INDICATORS.values() if one.own]
of_meters = of_every({one.name: one for one in METERED})
of_ports = of_every({name: one for name, one in INDICATORS.items() if any(map(is_read, one.ports))})
few = settings(max_examples=min(12, settings().max_examples))  # each example is tried on some forty indicators
amounts = st.floats(min_value=1.0, max_value=1e6)
meter_names = st.sampled_from(["a", "ab", "abc", "b", "ba", "c", "d", "e"])
totals_of_meters = st.dictionaries(meter_names, amounts, min_size=1, max_size=6)


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
    """Return a window in which each meter counted its total in all that one of the selections reads, in turn.

    Of a balance, they stand on each side of it in turn; water comes at 60 degC and leaves at 30.
    """
    if not one.own:
        return around(one, [])
    return around(
        one,
        [
            Meter(name, {q: known(total * WARMTH.get(q, 1.0)) for q in kind.quantities}, kind.carrier, role)
            for (name, total), (kind, role) in zip(totals.items(), cycle(kinds(one)), strict=False)
        ],
    )


def kinds(one: Indicator[Any]) -> list[tuple[Selection, str | None]]:
    """Return the kinds of meters that an indicator reads: of each selection, on each side of its balance."""
    balances = [port for port in one.ports if isinstance(port, Balanced)]
    roles = [role for port in balances for role in port.sides or SIDES[port.balance]]
    return [(selection, role) for selection in one.own for role in (roles or NO_ROLES)]


def around(one: Indicator[Any], meters: Sequence[Meter]) -> Window:
    """Return a window of these meters: what the ports of the indicator give is known."""
    return Window(START, END, tuple(meters), ports={port: beside(port, meters) for port in one.ports})


def beside(port: Port[Any], meters: Sequence[Meter]) -> Any:  # noqa: ANN401 - as the port gives it
    """Return what a port gives beside ``meters``: of its own, a factor, hours in which they count evenly, a fact."""
    if isinstance(port, DatedFactors):
        carriers = sorted({meter.carrier for meter in meters if meter.carrier})
        return tuple(Stretch(c, START, END, tuple(m for m in meters if m.carrier == c), FACTOR) for c in carriers)
    if isinstance(port, FactorSeries):
        sums = [amount.rollup.total or 0.0 for meter in meters for amount in list(meter.amounts.values())[:1]]
        return Hours(np.full(24, fsum(sums) / 24), np.full(24, 0.3), 0.0, "plant/heat_emission_factor")
    if isinstance(port, FactsOfSites):
        return (FactSpan("site", START, END, 8.0),)
    return None if port.IS_OWN else whole(port, sorted(meter.name for meter in meters) or DEVICES)


def told(complete: Window, tell: Callable[[Port[Any]], Any]) -> Window:
    """Return a window whose ports give something else, but for those of the indicator's own meters."""
    is_own = {port: port.IS_OWN or port.OF_OWN for port in complete.ports}
    return replace(complete, ports={port: was if is_own[port] else tell(port) for port, was in complete.ports.items()})


def outcome(one: Indicator[Any], seen: Window) -> Outcome:
    return one.outcome(one.select(seen))


@each
def test_an_indicator_says_what_it_is(one: Indicator[Any]) -> None:
    assert all((one.title, one.definition, one.formula, one.citation, one.frameworks, one.rule_version, one.periods))
    assert one.unit in UNITS


@pytest.mark.long
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
    found = outcome(one, Window(START, END, (), ports={port: nothing(port) for port in one.ports}))

    assert (found.value, found.coverage, found.estimated_share) == (None, 0.0, None)
    assert found.reason


@of_meters
def test_one_meter_without_a_boundary_reading_widens_the_bounds(one: Indicator[Any]) -> None:
    """A meter that was not read at the end is filled at its mean, within what it can count."""
    found = with_a_silent_meter(one, 23 * HOUR)

    assert found.value is not None
    assert width(found) > 0.0


@of_meters
def test_one_meter_without_any_reading_leaves_no_value(one: Indicator[Any]) -> None:
    assert with_a_silent_meter(one, None).value is None


def with_a_silent_meter(one: Indicator[Any], last: int | None) -> Outcome:
    """Return the outcome where the last reading of one of two meters is at ``last``, or there is none; it says so."""
    complete = window(one, {"a": 5.0, "b": 7.0})
    silent = {
        q: lacking(a, last) if last else Amount(Rollup(START, END)) for q, a in complete.meters[1].amounts.items()
    }
    found = outcome(one, around(one, [complete.meters[0], replace(complete.meters[1], amounts=silent)]))

    assert 0.0 <= found.coverage < 1.0
    assert found.reason is not None
    assert "b: no reading" in found.reason
    return found


def width(found: Outcome) -> float:
    """Return how far the bounds lie apart; without end where there are none."""
    return inf if found.value is None or found.lower is None or found.upper is None else found.upper - found.lower


@of_meters
def test_one_meter_that_does_not_report_a_quantity_is_named(one: Indicator[Any]) -> None:
    """A mean over the volume is that of the others; everything else is a sum, and has no value without it."""
    complete = window(one, {"a": 5.0})
    found = outcome(
        one, around(one, [complete.meters[0], Meter("b", {}, kinds(one)[-1][0].carrier, kinds(one)[-1][1])])
    )

    if one.unit in {"degC", "K", "m3/MWh"}:
        assert found.value == outcome(one, complete).value
        why = "left out, since they do not report what it takes: b (an unknown share of the energy)"
        assert found.reason == why  # nothing is known of their heat here
    else:
        assert found.value is None
        assert "b: the meter does not report" in str(found.reason)


@pytest.mark.long
@few
@given(totals=totals_of_meters, chance=st.randoms())
def test_the_order_of_meters_changes_nothing(totals: dict[str, float], chance: Random) -> None:
    for one in METERED:
        straight = window(one, totals)
        shuffled = around(one, chance.sample(straight.meters, len(straight.meters)))

        assert one.inputs(shuffled).stored() == one.inputs(straight).stored(), one.name
        assert outcome(one, shuffled) == outcome(one, straight), one.name


@pytest.mark.long
@few
@given(totals=totals_of_meters, victim=st.integers(0, 5), until=st.integers(0, 23))
def test_missing_data_never_narrow_the_bounds_of_a_figure(totals: dict[str, float], victim: int, until: int) -> None:
    for one in METERED:
        complete = window(one, totals)
        others = list(complete.meters)
        worse = others.pop(victim % len(others))
        amounts = {quantity: lacking(amount, until * HOUR) for quantity, amount in worse.amounts.items()}
        found = outcome(one, around(one, [*others, replace(worse, amounts=amounts)]))

        assert width(found) >= width(outcome(one, complete)), one.name
        assert found.coverage < outcome(one, complete).coverage, one.name


@each
def test_what_cannot_be_told_apart_has_no_figure_whatever_the_numbers_say(one: Indicator[Any]) -> None:
    refused = replace(window(one, {"a": 5.0, "b": 7.0}), refused="a and b overlap in an unknown way")
    inputs = one.select(refused)
    found = one.outcome_of(inputs.model_dump_json())

    assert (found.value, found.coverage, found.reason) == (None, 1.0, "a and b overlap in an unknown way")
    assert inputs.stored()["refused"] == "a and b overlap in an unknown way"


@pytest.mark.long
@few
@given(share=st.floats(min_value=0.1, max_value=9.0))
def test_how_an_amount_is_spread_over_meters_of_a_kind_changes_nothing(share: float) -> None:
    """Ratios are sums over sums: a mean of ratios would tell the two apart."""
    for one in METERED:
        count = len(kinds(one))
        names = [f"m{number}" for number in range(2 * count)]
        even = window(one, dict.fromkeys(names, 10.0))
        shares = [share] * count + [-share] * count
        moved = window(one, {name: 10.0 + more for name, more in zip(names, shares, strict=True)})

        assert outcome(one, moved).value == pytest.approx(outcome(one, even).value, rel=1e-12), one.name


@pytest.mark.long
@of_ports
def test_what_a_port_does_not_know_widens_the_bounds_and_is_said(one: Indicator[Any]) -> None:
    """A peak is as uncertain by one hour that is not known as by twelve: there, more of them widen nothing further."""
    complete = window(one, {"a": 5.0, "b": 7.0})
    exact = before = outcome(one, complete)
    for hours in (20, 12):
        found = outcome(one, told(complete, partial(partly_known, devices=DEVICES, hours=hours)))

        assert found.coverage < before.coverage
        assert found.reason
        assert width(found) >= width(before)  # a peak may lie in one unknown hour as well as in eight
        assert width(found) > width(exact)
        before = found


@of_ports
def test_where_a_port_knows_nothing_there_is_no_value(one: Indicator[Any]) -> None:
    complete = window(one, {"a": 5.0, "b": 7.0})
    found = outcome(one, told(complete, nothing))

    assert found.value is None
    assert found.reason


def test_an_unknown_indicator_is_refused_with_the_names_of_those_that_exist() -> None:
    with pytest.raises(UnknownIndicatorError, match=r"no indicator is called 'heat'; known are .*heat_delivered, "):
        indicator("heat")
