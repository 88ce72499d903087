"""Amounts of meters: what makes a sum whole, and the sentences that say why it is not."""

from math import fsum

import pytest

from ingest.model.reading import ReadingKind
from ingest.model.time import HOUR
from kpi_engine.evidence.amount_columns import EntryColumns
from kpi_engine.evidence.amounts import MeterAmount, amounts, estimated_share, reason, total
from kpi_engine.families.sum_of_meters import EnergyByMeter
from kpi_engine.window import Amount, Meter
from processors.steps.bounds import Count
from processors.steps.rollup import Rollup

RATE = 1.0  # an hour, at most


def of(rollup: Rollup, kind: ReadingKind = ReadingKind.REGISTER) -> MeterAmount:
    return amounts([Meter("m", {"heat_energy": Amount(rollup, kind, Count(RATE))})], "heat_energy", 0, 24 * HOUR)[0]


def test_the_missing_first_reading_is_named() -> None:
    found = of(Rollup(0, 24 * HOUR, total=3.0, covered_from=2 * HOUR, covered_to=24 * HOUR))

    assert found.amount == 3.0, "it counts from its first reading on"
    assert (found.lower, found.upper) == (3.0, 3.0 + 2 * RATE)
    assert found.missing == "no reading at or before 1970-01-01T00:00:00Z; the first is 1970-01-01T02:00:00Z"


def test_before_its_first_reading_a_register_cannot_have_counted_more_than_it_showed() -> None:
    rollup = Rollup(0, 24 * HOUR, total=3.0, covered_from=2 * HOUR, covered_to=24 * HOUR)
    found = amounts([Meter("m", {"heat_energy": Amount(rollup, count=Count(RATE), shown=0.5)})], "heat_energy", 0, 1)[0]

    assert (found.amount, found.lower, found.upper) == (3.0, 3.0, 3.5)


def test_the_missing_last_reading_is_named() -> None:
    found = of(Rollup(0, 24 * HOUR, total=3.0, covered_from=0, covered_to=23 * HOUR))

    assert (found.amount, found.filled) == (3.0 * 24 / 23, 3.0 / 23), "it goes on at its mean of the same time"
    assert (found.lower, found.upper) == (3.0, 3.0 + RATE)
    assert found.missing == "no reading at or after 1970-01-02T00:00:00Z; the last is 1970-01-01T23:00:00Z"


def test_a_single_reading_is_told_from_none() -> None:
    assert (
        of(Rollup(0, 24 * HOUR, count=1)).missing
        == "one reading only from 1970-01-01T00:00:00Z to 1970-01-02T00:00:00Z"
    )
    assert of(Rollup(0, 24 * HOUR)).missing == "no reading from 1970-01-01T00:00:00Z to 1970-01-02T00:00:00Z"


def test_a_register_is_whole_across_a_silence_that_readings_enclose() -> None:
    found = of(
        Rollup(
            0,
            24 * HOUR,
            total=8.0,
            measured=3600.0,
            covered_from=0,
            covered_to=24 * HOUR,
            measured_from=0,
            measured_to=24 * HOUR,
        )
    )

    assert (found.amount, found.covered_seconds, found.seconds) == (8.0, 86400.0, 86400.0)


def test_how_long_a_meter_was_silent_is_told_where_not_all_is_measured() -> None:
    extent = {"covered_from": 0, "covered_to": 24 * HOUR, "measured_from": 0, "measured_to": 24 * HOUR}
    heard = {"first_at": 0, "last_at": 23 * HOUR}
    silent = of(
        Rollup(0, 24 * HOUR, 15, total=8.0, measured=14 * 3600.0, estimated_time=36e3, pause=36e3, **extent, **heard)
    )
    whole = of(Rollup(0, 24 * HOUR, 24, total=8.0, measured=24 * 3600.0, pause=3600.0, **extent, **heard))

    assert (silent.interpolated_seconds, silent.estimated_seconds, silent.longest_gap_seconds) == (0.0, 36e3, 36e3)
    assert whole.model_dump(exclude_defaults=True).keys() == {"meter", "amount", "seconds", "covered_seconds"}


def test_what_interval_readings_leave_out_is_filled_at_their_mean_and_bounded() -> None:
    extent = {"covered_from": 0, "covered_to": 24 * HOUR}
    holed = of(Rollup(0, 24 * HOUR, total=8.0, measured=20 * 3600.0, **extent), ReadingKind.INTERVAL)
    whole = of(Rollup(0, 24 * HOUR, total=8.0, measured=24 * 3600.0, **extent), ReadingKind.INTERVAL)

    assert holed.amount == pytest.approx(9.6)
    assert holed.filled == pytest.approx(1.6)
    assert holed.covered_seconds == 72000.0
    assert (holed.lower, holed.upper) == (8.0, 8.0 + 4 * RATE)
    assert str(holed.missing).startswith("no interval reading for 4 of the 24 hours")
    assert whole.amount == 8.0


def test_sessions_are_whole_only_where_every_one_is_known() -> None:
    extent = {"covered_from": 0, "covered_to": 24 * HOUR}
    found = of(Rollup(0, 24 * HOUR, total=8.0, measured=23 * 3600.0, **extent), ReadingKind.SESSION)

    assert found.amount is None
    assert str(found.missing).startswith("not every session is known for 1 of the 24 hours")


def test_a_session_of_unknown_energy_widens_the_amount_and_is_named() -> None:
    extent = {"covered_from": 0, "covered_to": 24 * HOUR}
    found = of(Rollup(0, 24 * HOUR, total=8.0, measured=24 * 3600.0, doubt_above=5.0, **extent), ReadingKind.SESSION)

    assert (found.amount, found.lower, found.upper) == (8.0, 8.0, 13.0)
    assert str(found.missing).startswith("the energy of a session or several is not known in 1970-01-01")


def test_only_the_first_reasons_are_spelt_out() -> None:
    lacking = [MeterAmount(meter=name, amount=None, seconds=1, covered_seconds=0, missing="x") for name in "abcde"]

    assert reason(lacking) == "a: x; b: x; c: x; and 2 more"


def test_nothing_counted_is_wholly_measured_but_an_estimate_of_nothing_has_no_share() -> None:
    nothing = MeterAmount(meter="a", amount=0.0, seconds=1, covered_seconds=1)

    assert total([nothing]) == 0.0
    assert estimated_share([nothing]) == 0.0
    assert estimated_share([nothing.model_copy(update={"estimated": 1.0})]) is None


def test_of_many_meters_a_digest_is_kept_that_one_of_them_changes() -> None:
    def inputs(last: float, count: int = 201) -> EnergyByMeter:
        entries = [MeterAmount(meter=f"m{place}", amount=0.1, seconds=1, covered_seconds=1) for place in range(count)]
        return EnergyByMeter(energy_kwh=(*entries[:-1], entries[-1].model_copy(update={"amount": last})))

    stored = inputs(0.1).stored()["energy_kwh"]
    assert (stored["meters"], stored["amount"]) == (201, fsum([0.1] * 201))
    assert stored != inputs(0.1000001).stored()["energy_kwh"]
    assert len(inputs(0.1, 200).stored()["energy_kwh"]) == 200, "of a few every entry is kept"
    columns = EnergyByMeter(energy_kwh=EntryColumns.of(inputs(0.1).energy_kwh))
    assert columns.stored() == inputs(0.1).stored()
    assert columns.model_dump_json() == inputs(0.1).model_dump_json()
