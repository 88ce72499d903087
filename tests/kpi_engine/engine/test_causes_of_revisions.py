"""Each revision says what made it, down to the series, the key of the city file or the version of a factor."""

from typing import TYPE_CHECKING

import pytest

from ingest.model.calendar import Period
from ingest.model.city.city_file import parse
from ingest.model.time import HOUR, MINUTE
from kpi_engine.engine import recompute_queue
from kpi_engine.engine.causes import Cause, Why
from kpi_engine.factors.registry import sync as publish
from kpi_engine.figures.figure import FigureKey
from kpi_engine.indicators import INDICATORS
from kpi_engine.subjects import subject_index
from processors.storage.registry.registry import sync
from tests.kpi_engine.conftest import EVERY_VERTICAL, FACTORS, METER_A, PLANT, at, declaring, fill

if TYPE_CHECKING:
    from tests.kpi_engine.conftest import District

pytestmark = pytest.mark.integration

KPIS = ("heat_delivered", "heat_emissions", "building_energy_per_area")


def why(district: "District", kpi: str, site: str | None, period: str, start: str) -> tuple[str | None, str | None]:
    found = district.value(kpi, site, period, start)
    assert found is not None
    return found.cause, found.cause_detail


def test_a_first_load_is_not_late_data(district: "District") -> None:
    fill(district)

    causes = {cause for *_, cause in district.recomputed(0)}
    assert causes == {"first data"}


def test_history_that_comes_after_live_data_is_first_data_too(district: "District") -> None:
    fill(district, "2026-04-01T00:00")
    district.now += MINUTE
    district.counts("meter-a", "heat_energy", "2026-03-01T00:00", "2026-04-01T00:00", 2.0)
    district.settle()

    assert why(district, "heat_delivered", "a", "day", "2026-03-10T00:00")[0] == "first data"


def test_a_first_load_that_comes_in_batches_is_first_data_to_its_end(district: "District") -> None:
    for start, end in (("2026-03-01T00:00", "2026-03-11T00:00"), ("2026-03-11T00:00", "2026-04-01T00:00")):
        district.counts("meter-a", "heat_energy", start, end, 2.0)
        district.settle()
        district.now += MINUTE

    assert why(district, "heat_delivered", "a", "month", "2026-03-01T00:00")[0] == "first data"
    assert {cause for *_, cause in district.recomputed(0)} == {"first data"}


def test_what_a_meter_delivers_late_is_late_data(district: "District") -> None:
    district.now = at("2026-03-11T00:20")
    district.counts("meter-a", "heat_energy", "2026-03-01T00:00", "2026-03-11T00:00", 2.0)
    district.settle()
    district.now = at("2026-04-10T00:20")
    district.settle()
    district.counts("meter-a", "heat_energy", "2026-03-11T00:00", "2026-04-01T00:00", 2.0)
    district.settle()

    assert why(district, "heat_delivered", "a", "day", "2026-03-20T00:00")[0] == "late data"


def test_a_figure_that_follows_other_rules_than_the_one_it_replaces_says_so(district: "District") -> None:
    """Figures of an older version are in the database; the first step after an upgrade computes them again."""
    fill(district)
    before = district.now
    district.connection.execute("update figure_edition set rule_version = '1'")
    district.connection.execute(
        "update figure set value = 1.0 where kind_id in (select kind_id from figure_kind where kpi = 'heat_delivered')"
    )
    district.connection.execute("""update kpi_extent set definition = definition || '{"heat_delivered": "older"}'""")
    district.connection.commit()
    district.now += MINUTE
    district.restart()
    district.settle()

    told = ("rule changed", f"rule: version {INDICATORS['heat_delivered'].rule_version}")
    assert why(district, "heat_delivered", "a", "month", "2026-03-01T00:00") == told
    now = district.value("heat_delivered", "a", "month", "2026-03-01T00:00")
    then = district.value("heat_delivered", "a", "month", "2026-03-01T00:00", before)
    assert now is not None
    assert then is not None
    assert (now.value, now.revision) == (2.0 * 743, 2)
    assert (then.value, then.rule_version) == (1.0, "1")


def test_late_data_name_the_series_and_the_hours(district: "District") -> None:
    fill(district)
    district.counts("meter-a", "heat_energy", "2026-03-10T05:00", "2026-03-10T06:00", 3.0)
    district.settle()

    told = "late data of meter-a/heat_energy from 2026-03-10T04:00:00Z to 2026-03-10T05:00:00Z"
    assert why(district, "heat_delivered", None, "month", "2026-03-01T00:00") == ("late data", told)


def test_what_time_brings_needs_no_words(district: "District") -> None:
    fill(district)
    district.now += 2 * HOUR
    district.settle()

    assert why(district, "heat_delivered", "a", "day", "2026-04-10T00:00") == ("new hour", None)


def test_a_new_version_of_a_factor_is_named(district: "District") -> None:
    fill(district)
    factor = next(one for one in FACTORS if (one.name, one.version) == ("test", "2026"))
    publish(district.connection, [*FACTORS, factor.model_copy(update={"version": "2026b", "value": 0.6})])
    district.connection.commit()
    district.settle()

    told = ("definition changed", "factor test: version 2026b")
    assert why(district, "heat_emissions", "a", "month", "2026-03-01T00:00") == told
    assert why(district, "heat_delivered", "a", "month", "2026-03-01T00:00")[0] == "first data"


def test_a_key_of_the_city_file_is_named(every_vertical: "District") -> None:
    district = every_vertical
    district.counts("main", "electricity_energy", "2026-03-01T00:00", "2026-04-10T00:00", 2.0)
    district.counts("radiators", "heat_energy", "2026-03-01T00:00", "2026-04-10T00:00", 2.0)
    district.settle()
    sync(district.connection, [parse(EVERY_VERTICAL.replace('"value": 1200', '"value": 1300'), "town.yaml")])
    district.connection.commit()
    district.settle()

    found = why(district, "building_energy_per_area", "school", "month", "2026-03-01T00:00")
    assert found == ("definition changed", "city file: floor_area of school")


def test_what_changes_from_a_day_on_touches_nothing_before_it(every_vertical: "District") -> None:
    district = every_vertical
    district.counts("main", "electricity_energy", "2026-02-01T00:00", "2026-04-10T00:00", 2.0)
    district.counts("radiators", "heat_energy", "2026-02-01T00:00", "2026-04-10T00:00", 2.0)
    district.settle()
    since = district.now = district.now + MINUTE
    sync(district.connection, [parse(EVERY_VERTICAL.replace('"value": 1200', '"value": 1300'), "town.yaml")])
    district.connection.commit()
    district.settle()

    touched = {(period, first) for kpi, _, period, first, _ in district.recomputed(since)}
    assert min(first for period, first in touched if period == "day") == "2026-03-11"
    assert {first for period, first in touched if period == "month"} == {"2026-03-01", "2026-04-01"}
    assert {kpi for kpi, *_ in district.recomputed(since)} == {"building_energy_per_area"}


def test_a_meter_that_is_gone_is_named(district: "District") -> None:
    fill(district)
    sync(district.connection, [parse(declaring(PLANT, METER_A), "town.yaml")])
    district.connection.commit()
    district.settle()

    found = why(district, "heat_delivered", None, "month", "2026-03-01T00:00")
    assert found == ("definition changed", "city file: device meter-b (gone)")


def test_the_agenda_joins_causes_in_the_database_as_in_memory(district: "District") -> None:
    whys = [
        Why(Cause.FIRST_DATA),
        Why(Cause.LATE_DATA, "late data of x"),
        Why(Cause.DEFINITION_CHANGED, "rule: version 2"),
        Why(Cause.NEW_HOUR),
        Why(Cause.LATE_DATA, "y" * 290),
        Why(Cause.LATE_DATA, "z"),
    ]
    (subject,) = subject_index.load(district.connection).select("town", "a")
    key = key_of(subject.key)
    for first in whys:
        for second in whys:
            for one in (first, second):
                recompute_queue.add(district.connection, {key: one}, district.now)
            assert recompute_queue.take(district.connection, 10, list(range(128))) == {key: first.joined(second)}, (
                first,
                second,
            )


def key_of(subject: tuple[int, int | None]) -> FigureKey:
    return FigureKey("heat_delivered", subject, Period.DAY, at("2026-04-01T00:00"))
