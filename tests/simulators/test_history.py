"""The past is filled in newest day first, each stretch once, and a restart continues where the broker got to."""

import json
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from ingest.model.time import DAY, HOUR, MINUTE, to_micros
from simulators.history import Journal, Stretch, merged, messages, missing, plan

NOW = to_micros(datetime(2026, 3, 10, 13, 7, 20, tzinfo=UTC))
ORIGIN = to_micros(datetime(2026, 3, 1, tzinfo=UTC)) - HOUR
stretches = st.lists(
    st.tuples(st.integers(0, 100), st.integers(1, 30)).map(lambda pair: Stretch(pair[0], pair[0] + pair[1])),
    max_size=12,
)


def _instants(each: list[Stretch]) -> set[int]:
    return {instant for stretch in each for instant in range(stretch.begin, stretch.end)}


@given(stretches)
def test_merging_keeps_the_time_and_leaves_gaps_between(each: list[Stretch]) -> None:
    result = merged(each)
    assert _instants(result) == _instants(each)
    assert all(before.end < after.begin for before, after in pairwise(result))


@given(stretches, st.integers(0, 100), st.integers(1, 60))
def test_what_is_missing_and_what_is_filled_make_the_whole(filled: list[Stretch], begin: int, length: int) -> None:
    wanted = Stretch(begin, begin + length)
    gaps = missing(wanted, merged(filled))
    assert _instants(gaps) == _instants([wanted]) - _instants(filled)
    assert sum(gap.end - gap.begin for gap in gaps) == len(_instants(gaps))


def test_the_newest_day_comes_first_for_every_device(tmp_path: Path) -> None:
    steps = list(plan(Journal(tmp_path / "journal.json", "city"), ["a", "b"], Stretch(ORIGIN, NOW)))
    assert [device for device, _ in steps] == ["a", "b"] * 11
    of_a = [stretch for device, stretch in steps if device == "a"]
    assert of_a[0] == Stretch(NOW // DAY * DAY, NOW)
    assert of_a[-1] == Stretch(ORIGIN, ORIGIN + HOUR)
    assert of_a == sorted(of_a, reverse=True)
    assert merged(of_a) == [Stretch(ORIGIN, NOW)]
    assert messages(2, Stretch(ORIGIN, NOW)) == len(steps)
    assert messages(2, Stretch(NOW, NOW)) == 0


def test_readings_of_the_past_stand_on_quarter_hours() -> None:
    times = Stretch(NOW // DAY * DAY, NOW).times(NOW)
    assert len(times) == 53
    assert (times % (15 * MINUTE) == 0).all()
    assert times[-1] < NOW
    assert not len(Stretch(NOW, NOW + MINUTE).times(NOW))


def test_what_is_older_than_thirty_days_stands_on_hours_and_no_gap_is_longer() -> None:
    days = [Stretch(NOW - back * DAY, NOW - (back - 1) * DAY) for back in range(33, 28, -1)]
    counts = [len(day.times(NOW)) for day in days]
    assert counts == [24, 24, 24, 96, 96]
    times = [int(instant) for day in days for instant in day.times(NOW)]
    assert max(after - before for before, after in pairwise(times)) == HOUR


def test_a_restart_fills_only_what_the_broker_has_not_got(tmp_path: Path) -> None:
    path = tmp_path / "simulator.json"
    first = Journal(path, "city")
    first.add("a", Stretch(NOW - 3 * DAY, NOW))
    first.add("a", Stretch(NOW - 5 * DAY, NOW - 4 * DAY))
    first.save()
    again = Journal(path, "city")
    missing_now = [stretch for _, stretch in plan(again, ["a"], Stretch(ORIGIN, NOW + DAY))]
    assert merged(missing_now) == [
        Stretch(ORIGIN, NOW - 5 * DAY),
        Stretch(NOW - 4 * DAY, NOW - 3 * DAY),
        Stretch(NOW, NOW + DAY),
    ]
    assert merged([stretch for _, stretch in plan(Journal(path, "elsewhere"), ["a"], Stretch(ORIGIN, NOW))]) == [
        Stretch(ORIGIN, NOW)
    ]


def test_journals_of_several_cities_share_a_file(tmp_path: Path) -> None:
    path = tmp_path / "deeper" / "simulator.json"
    for city in ("tartu", "lecce"):
        journal = Journal(path, city)
        journal.add("meter", Stretch(ORIGIN, NOW))
        journal.save()
    assert json.loads(path.read_text())["tartu"] == {"meter": [["2026-02-28T23:00:00Z", "2026-03-10T13:07:20Z"]]}
    assert Journal(path, "lecce").filled("meter") == [Stretch(ORIGIN, NOW)]


def test_a_damaged_journal_means_starting_over_not_failing(tmp_path: Path) -> None:
    path = tmp_path / "simulator.json"
    for damage in ("{", "[1]", '{"city": {"a": [["yesterday", "today"]]}}', '{"city": 3}', "null"):
        path.write_text(damage)
        assert Journal(path, "city").filled("a") == []
