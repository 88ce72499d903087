"""The engine on a real database: exactly what is affected, revisions as of any instant, silence and corrections."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from ingest.model.time import HOUR, MINUTE, SECOND, from_micros, isoformat, to_micros
from kpi_engine import agenda, roster, store
from kpi_engine.engine import request
from kpi_engine.figures import inputs_hash
from processors.storage.registry import sync

if TYPE_CHECKING:
    from tests.kpi_engine.conftest import District

pytestmark = pytest.mark.integration


def at(text: str) -> int:
    return to_micros(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Copenhagen")))


def fill(district: "District", start: str = "2026-03-01T00:00", end: str = "2026-04-10T00:00") -> None:
    """Both meters count 2 kWh an hour; a's water is 80 degC warm; the factor is 0.3 kg/kWh."""
    for device in ("meter-a", "meter-b"):
        district.counts(device, "heat_energy", start, end, 2.0)
    district.counts("meter-a", "volume", start, end, 0.5)
    district.counts("meter-a", "volume_supply_temperature", start, end, 40.0)
    district.gauges("plant", "heat_emission_factor", start, end, 0.3)
    district.settle()


def test_a_month_with_a_23_hour_day_counts_its_real_hours(district: "District") -> None:
    fill(district)

    march = district.value("heat_delivered", "a", "month", "2026-03-01T00:00")
    day = district.value("heat_delivered", "a", "day", "2026-03-29T00:00")
    assert march is not None
    assert day is not None
    assert (march.value, march.status, march.coverage) == (2.0 * 743, "final", 1.0)
    assert (day.value, day.period_end - day.period_start) == (46.0, from_micros(23 * HOUR) - from_micros(0))


def test_a_month_with_a_25_hour_day_counts_its_real_hours(district: "District") -> None:
    district.now = at("2026-11-02T00:00")
    fill(district, "2026-10-01T00:00", "2026-11-01T00:00")

    october = district.value("heat_emissions_hourly", "a", "month", "2026-10-01T00:00")
    assert october is not None
    assert october.value == pytest.approx(2.0 * 745 * 0.3)


def test_the_city_is_the_sum_of_its_meters_and_says_so_in_its_lineage(district: "District") -> None:
    fill(district)

    found = district.value("heat_delivered", None, "month", "2026-03-01T00:00")
    assert found is not None
    assert found.value == 2 * 2.0 * 743
    lineage = store.lineage(district.connection, found.value_id)
    assert lineage is not None
    assert [entry["meter"] for entry in lineage.inputs["energy_kwh"]] == ["meter-a", "meter-b"]
    assert inputs_hash(lineage.inputs, found.factors, found.rule_version) == found.inputs_hash
    assert store.lineage(district.connection, 0) is None


def test_temperatures_and_emissions_come_from_their_registers_and_factors(district: "District") -> None:
    fill(district)

    def value(kpi: str) -> store.KpiValue:
        found = district.value(kpi, "a", "month", "2026-03-01T00:00")
        assert found is not None
        return found

    assert value("heat_supply_temperature").value == pytest.approx(80.0)
    assert value("heat_emissions").value == pytest.approx(2.0 * 743 * 0.5)
    assert [factor["version"] for factor in value("heat_emissions").factors] == ["2026"]
    assert value("heat_emissions_hourly").value == pytest.approx(2.0 * 743 * 0.3)
    assert value("heat_emissions_hourly").factors == [{"series": "plant/heat_emission_factor"}]


def test_an_indicator_no_meter_of_a_subject_can_feed_has_no_figures(district: "District") -> None:
    fill(district)

    assert district.value("heat_supply_temperature", "b", "month", "2026-03-01T00:00") is None
    assert district.value("heat_supply_temperature", "plant", "month", "2026-03-01T00:00") is None


def test_a_period_without_a_boundary_reading_has_no_value_and_says_which_is_missing(district: "District") -> None:
    fill(district, start="2026-03-02T05:00")

    march = district.value("heat_delivered", "a", "month", "2026-03-01T00:00")
    assert march is not None
    assert (march.value, march.status) == (None, "insufficient")
    assert march.reason == ("meter-a: no reading at or before 2026-02-28T23:00:00Z; the first is 2026-03-02T04:00:00Z")


def test_open_periods_are_provisional_and_reach_to_the_horizon(district: "District") -> None:
    district.now = at("2026-04-09T12:30")
    fill(district)

    year = district.value("heat_delivered", "a", "year", "2026-01-01T00:00")
    day = district.value("heat_delivered", "a", "day", "2026-04-09T00:00")
    assert year is not None
    assert day is not None
    assert (year.value, year.status) == (None, "insufficient")
    assert (day.value, day.status) == (24.0, "provisional")
    assert day.through == from_micros(at("2026-04-09T12:00"))


def test_an_open_figure_reaches_as_far_as_all_its_meters_are_known(district: "District") -> None:
    fill(district)
    district.counts("meter-a", "heat_energy", "2026-04-10T00:00", "2026-04-20T00:00", 2.0)
    district.counts("meter-b", "heat_energy", "2026-04-10T00:00", "2026-04-19T12:00", 2.0)
    district.now = at("2026-04-20T00:20")
    district.settle()

    city = district.value("heat_delivered", None, "month", "2026-04-01T00:00")
    assert city is not None
    assert city.through == from_micros(at("2026-04-19T12:00"))
    assert (city.value, city.status) == (2 * 2.0 * 18.5 * 24, "provisional")
    assert city.coverage == pytest.approx(18.5 / 19)
    assert (city.reason or "").startswith("known until 2026-04-19T10:00:00Z: meter-b: no reading at or after")


def test_an_open_figure_whose_meter_lags_too_far_behind_is_none(district: "District") -> None:
    fill(district)
    district.counts("meter-a", "heat_energy", "2026-04-10T00:00", "2026-04-20T00:00", 2.0)
    district.now = at("2026-04-20T00:20")
    district.settle()

    city = district.value("heat_delivered", None, "month", "2026-04-01T00:00")
    assert city is not None
    assert (city.value, city.status) == (None, "insufficient")
    assert "below 0.90" in (city.reason or "")


def test_time_alone_closes_a_period(district: "District") -> None:
    district.now = at("2026-04-09T23:20")
    fill(district)
    district.now = at("2026-04-10T00:20")
    district.settle()

    day = district.value("heat_delivered", "a", "day", "2026-04-09T00:00")
    assert day is not None
    assert (day.value, day.status, day.revision) == (48.0, "final", 2)
    assert ("heat_delivered", "a", "day", "2026-04-09", "period closed") in district.recomputed(district.now)
    assert ("heat_delivered", "a", "month", "2026-04-01", "new hour") in district.recomputed(district.now)


def test_late_data_recompute_the_affected_figures_and_no_other(district: "District") -> None:
    fill(district)
    district.now += MINUTE
    district.counts("meter-a", "heat_energy", "2026-03-10T05:00", "2026-03-10T06:00", 3.0)
    done = district.settle()

    affected = {
        (kpi, site) for kpi in ("heat_delivered", "heat_emissions", "heat_emissions_hourly") for site in ("a", None)
    }
    affected |= {("city_final_energy", None), ("city_emissions", None)}
    periods = {("day", "2026-03-10"), ("month", "2026-03-01"), ("year", "2026-01-01")}
    assert district.recomputed(district.now) == {
        (kpi, site, period, day, "late data") for kpi, site in affected for period, day in periods
    }
    assert (done.recomputed, done.changed) == (24, 18), "the year lacks its first reading and stays as it was"


def test_a_late_factor_changes_hourly_emissions_and_no_energy(district: "District") -> None:
    fill(district)
    district.now += MINUTE
    district.gauges("plant", "heat_emission_factor", "2026-03-10T05:00", "2026-03-10T06:00", 0.6)
    district.settle()

    assert {kpi for kpi, *_ in district.recomputed(district.now)} == {"heat_emissions_hourly"}
    day = district.value("heat_emissions_hourly", "a", "day", "2026-03-10T00:00")
    assert day is not None
    assert day.value == pytest.approx(2.0 * (23 * 0.3 + 0.6))


def test_a_missing_factor_leaves_the_energy_and_takes_the_emissions(district: "District") -> None:
    fill(district)
    district.forget("plant", "heat_emission_factor", "2026-03-10T05:00")
    district.settle()

    energy = district.value("heat_delivered", "a", "day", "2026-03-10T00:00")
    emissions = district.value("heat_emissions_hourly", "a", "day", "2026-03-10T00:00")
    assert energy is not None
    assert emissions is not None
    assert (energy.value, energy.status) == (48.0, "final")
    assert emissions.value is None
    assert emissions.coverage == pytest.approx(23 / 24)
    assert emissions.reason == "1 of 24 hours have energy but no factor that is known for 90% of the hour"


def test_the_same_data_again_are_no_new_revision(district: "District") -> None:
    fill(district)
    district.now += MINUTE
    district.counts("meter-a", "heat_energy", "2026-03-10T05:00", "2026-03-10T06:00", 2.0)
    done = district.settle()

    assert (done.recomputed, done.changed) == (24, 0)
    day = district.value("heat_delivered", "a", "day", "2026-03-10T00:00")
    assert day is not None
    assert day.revision == 1


def test_null_then_a_value_then_a_correction_are_three_revisions_each_known_at_its_time(district: "District") -> None:
    fill(district, end="2026-04-08T12:00")
    silent = district.now
    district.now = silent + HOUR
    district.counts("meter-a", "heat_energy", "2026-04-08T12:00", "2026-04-10T01:00", 2.0)
    district.settle()
    filled = district.now
    district.now = filled + HOUR
    district.counts("meter-a", "heat_energy", "2026-04-08T12:00", "2026-04-08T13:00", 4.0)
    district.settle()

    def known(at: int | None) -> tuple[int, float | None]:
        found = district.value("heat_delivered", "a", "day", "2026-04-08T00:00", at)
        assert found is not None
        return found.revision, found.value

    assert known(silent) == known(filled - SECOND) == (1, None)
    assert known(filled) == known(district.now - SECOND) == (2, 48.0)
    assert known(district.now) == known(None) == (3, 50.0)
    assert district.value("heat_delivered", "a", "day", "2026-04-08T00:00", silent - SECOND) is None


def test_a_silent_meter_keeps_getting_figures_that_say_so(district: "District") -> None:
    fill(district, end="2026-03-20T00:00")

    day = district.value("heat_delivered", "a", "day", "2026-04-01T00:00")
    assert day is not None
    assert (day.value, day.coverage) == (None, 0.0)
    assert day.reason == "meter-a: no reading from 2026-03-31T22:00:00Z to 2026-04-01T22:00:00Z"
    assert district.value("heat_delivered", "a", "day", "2026-02-28T00:00") is None, "before its first reading"


def test_periods_while_the_engine_was_down_are_made_up_for(district: "District") -> None:
    fill(district)
    district.now = at("2026-04-13T10:20")
    district.restart()
    district.settle()

    days = store.values(
        district.connection,
        "heat_delivered",
        "town",
        "a",
        "day",
        from_micros(at("2026-04-08T00:00")),
        datetime(2027, 1, 1, tzinfo=UTC),
    )
    assert [(f"{isoformat(to_micros(day.period_start))[:10]}", day.value) for day in days] == [
        ("2026-04-07", 48.0),
        ("2026-04-08", 48.0),
        ("2026-04-09", None),
        ("2026-04-10", None),
        ("2026-04-11", None),
        ("2026-04-12", None),
    ]


def test_rollups_older_than_the_first_mark_an_engine_sees_have_their_figures_too(district: "District") -> None:
    district.counts("meter-a", "heat_energy", "2026-03-01T00:00", "2026-04-09T00:00", 2.0)
    district.connection.execute("delete from rollup_mark")
    district.counts("meter-a", "heat_energy", "2026-04-09T00:00", "2026-04-10T00:00", 2.0)
    district.settle()

    march = district.value("heat_delivered", "a", "month", "2026-03-01T00:00")
    assert march is not None
    assert march.value == 2.0 * 743


def test_a_district_that_only_ever_reported_live_gets_its_figures(district: "District") -> None:
    """Every mark speaks of the open hour, which is over only when nothing speaks of it any more."""
    for hour in range(20, 24):
        district.counts("meter-a", "heat_energy", f"2026-04-09T{hour}:00", f"2026-04-09T{hour}:59", 2.0)
        district.now = at(f"2026-04-09T{hour}:05")
        district.settle()
    district.now = at("2026-04-10T00:20")
    district.settle()

    day = district.value("heat_delivered", "a", "day", "2026-04-09T00:00")
    assert day is not None
    assert (day.value, day.coverage) == (None, 4 / 24)


def test_a_crash_before_the_commit_repeats_the_work_and_loses_nothing(
    district: "District", monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(district)
    district.counts("meter-a", "heat_energy", "2026-03-10T05:00", "2026-03-10T06:00", 3.0)
    with monkeypatch.context() as patched:
        patched.setattr("kpi_engine.engine.write", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            district.engine.step(district.now)

    district.restart()
    assert district.settle().changed == 18
    assert agenda.backlog(district.connection).figures == 0


def test_the_newest_periods_come_first(district: "District") -> None:
    district.restart(figures_per_step=15)
    for device in ("meter-a", "meter-b"):
        district.counts(device, "heat_energy", "2026-03-01T00:00", "2026-04-10T00:00", 2.0)
    district.engine.step(district.now)

    starts = {day for *_, day, _ in district.recomputed(district.now)}
    assert starts == {"2026-04-09", "2026-04-08"}


def test_another_factor_in_the_city_file_is_taken_up_at_once(district: "District") -> None:
    fill(district)
    district.now += MINUTE
    city = next(iter(roster.load(district.connection).subjects.values())).city
    sync(district.connection, [city.model_copy(update={"factors": {}})])
    district.connection.commit()
    district.settle()

    emissions = district.value("heat_emissions", "a", "month", "2026-03-01T00:00")
    energy = district.value("heat_delivered", "a", "month", "2026-03-01T00:00")
    assert emissions is not None
    assert energy is not None
    assert (emissions.value, emissions.revision) == (None, 2)
    assert "names no emission factor for heat" in str(emissions.reason)
    assert energy.revision == 1, "recomputed, but not changed"
    causes = {cause for *_, cause in district.recomputed(district.now)}
    assert causes == {"definition changed"}


def test_a_figure_can_be_asked_for_and_is_recorded_as_requested(district: "District") -> None:
    fill(district)
    district.now += MINUTE
    subjects = roster.load(district.connection).select("town", "a")
    span = (at("2026-03-10T00:00"), at("2026-03-11T00:00"))
    asked = request(district.connection, subjects, "heat_delivered", span, district.now)
    district.connection.commit()
    done = district.settle()

    assert (asked, done.recomputed, done.changed) == (3, 3, 0)
    assert {cause for *_, cause in district.recomputed(district.now)} == {"requested"}


def test_the_same_data_in_portions_of_any_size_and_order_give_the_same_figures(district: "District") -> None:
    stretches = [("2026-03-20T00:00", "2026-04-10T00:00"), ("2026-03-01T00:00", "2026-03-20T00:00")]
    for number, (start, end) in enumerate(stretches):
        district.restart(figures_per_step=7 + number * 50)
        for device in ("meter-b", "meter-a"):
            district.counts(device, "heat_energy", start, end, 2.0)
            district.settle()

    found = district.value("heat_delivered", None, "month", "2026-03-01T00:00")
    assert found is not None
    assert (found.value, found.status) == (2 * 2.0 * 743, "final")


def test_a_meter_counts_only_within_its_validity(district: "District") -> None:
    city = next(iter(roster.load(district.connection).subjects.values())).city
    devices = [
        device.model_copy(update={"valid_from": datetime(2026, 3, 20, tzinfo=UTC).date()})
        if device.name == "meter-b"
        else device
        for device in city.devices
    ]
    sync(district.connection, [city.model_copy(update={"devices": tuple(devices)})])
    district.connection.commit()
    district.counts("meter-a", "heat_energy", "2026-03-01T00:00", "2026-04-10T00:00", 2.0)
    district.counts("meter-b", "heat_energy", "2026-03-20T00:00", "2026-04-10T00:00", 2.0)
    district.settle()

    found = district.value("heat_delivered", None, "month", "2026-03-01T00:00")
    assert found is not None
    assert (found.value, found.status) == (2.0 * 743 + 2.0 * (12 * 24 - 1), "final")


def move(district: "District", zone: str) -> None:
    """Let the city be in another zone from now on, a minute later."""
    city = next(iter(roster.load(district.connection).subjects.values())).city
    district.now += MINUTE
    sync(district.connection, [city.model_copy(update={"timezone": zone})])
    district.connection.commit()
    district.settle()


def days(district: "District", as_of: int | None = None) -> set[str]:
    """Return when the days begin that have a figure."""
    known_at = None if as_of is None else from_micros(as_of)
    span = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
    found = store.values(district.connection, "heat_delivered", "town", "a", "day", *span, known_at)
    district.connection.rollback()
    return {f"{day.period_start:%H:%M}" for day in found}


def test_after_a_change_of_timezone_the_former_periods_are_no_longer_current(district: "District") -> None:
    fill(district, start="2026-04-01T00:00")
    before = district.now
    move(district, "Europe/Tallinn")

    assert days(district) == {"21:00"}
    assert days(district, before) == {"22:00"}
    assert {start for *_, start, _ in district.recomputed(district.now)} != set()


def test_back_in_the_former_timezone_revisions_go_on_where_they_ended(district: "District") -> None:
    fill(district, start="2026-04-01T00:00")
    move(district, "Europe/Tallinn")
    move(district, "Europe/Copenhagen")

    assert days(district) == {"22:00"}
    day = district.value("heat_delivered", "a", "day", "2026-04-05T00:00")
    assert day is not None
    assert (day.revision, day.value) == (2, 48.0)


def test_a_zone_with_the_same_midnights_supersedes_nothing(district: "District") -> None:
    fill(district, start="2026-04-01T00:00")
    move(district, "Europe/Berlin")

    day = district.value("heat_delivered", "a", "day", "2026-04-05T00:00")
    assert day is not None
    assert (day.revision, day.value) == (1, 48.0)


def _count(district: "District", start: str, end: str, per_hour: float) -> None:
    for device in ("meter-a", "meter-b"):
        district.counts(device, "heat_energy", start, end, per_hour)


def test_a_step_that_took_long_is_followed_by_shorter_ones_and_a_quick_one_by_longer_ones(
    district: "District",
) -> None:
    _count(district, "2025-01-01T00:00", "2026-04-10T00:00", 2.0)
    district.engine.pace(seconds=1_000.0, wanted=1.0)
    assert district.engine.step(district.now).recomputed == 50
    district.engine.pace(seconds=0.01, wanted=1.0)
    assert district.engine.step(district.now).recomputed == 100


def test_late_data_come_before_what_time_brings(district: "District") -> None:
    _count(district, "2026-01-01T00:00", "2026-04-10T00:00", 2.0)
    district.settle()
    district.now += 3 * HOUR
    _count(district, "2026-02-03T00:00", "2026-02-03T05:00", 7.0)
    district.engine.pace(seconds=1_000.0, wanted=1.0)
    district.engine.step(district.now)
    recomputed = district.recomputed(district.now)
    assert ("heat_delivered", None, "day", "2026-02-03", "late data") in recomputed
