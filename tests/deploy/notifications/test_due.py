"""Who is told of which alarms, and when: once, together, not at night, and not for ever in vain."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.notifications.declaration import Route
from deploy.notifications.due import Notification, Notified, Occasion, due
from kpi_engine.alarms.journal import AlarmRecord

START: Final = datetime(2026, 10, 24, 12, tzinfo=UTC)  # the day before the clocks of Europe go back
ZONES: Final = {"town": ZoneInfo("Europe/Copenhagen"), "port": ZoneInfo("Europe/Tallinn")}
MINUTE: Final = timedelta(minutes=1)
HOUR: Final = timedelta(hours=1)
ALARM: Final = AlarmRecord(
    1, "town", "hall", "buildings", "meter", "Meter", "silence", "major", START, None, None, None, 9, 3, "", "silent"
)


def route(**declared: Any) -> Route:  # noqa: ANN401 - as a file says it
    return Route.model_validate({"receiver": "shift", **declared})


def alarms(count: int, **facts: Any) -> list[AlarmRecord]:  # noqa: ANN401 - of a record
    return [replace(ALARM, alarm_id=1 + one, device=f"meter-{one}", **facts) for one in range(count)]


class Evening:
    """Looks at a course of alarms again and again, and remembers what was told."""

    def __init__(self, *routes: Route) -> None:
        self._routes = routes
        self.notified: list[Notified] = []

    def look(self, known: list[AlarmRecord], now: datetime) -> list[Notification]:
        """Return what is due now, and take it as told."""
        found = due(self._routes, known, self.notified, ZONES, now)
        for one in found:
            self.notified += [Notified(alarm.alarm_id, one.receiver, one.occasion, now) for alarm in one.alarms]
        return found

    def looks(
        self, known: list[AlarmRecord], first: datetime, last: datetime, every: timedelta = MINUTE
    ) -> Iterator[tuple[datetime, str, str]]:
        """Look again and again; yield when somebody was told, who and why."""
        now = first
        while now <= last:
            yield from ((now, one.receiver, one.occasion.value) for one in self.look(known, now))
            now += every


def test_alarms_of_one_cause_come_in_one_message_and_only_once() -> None:
    evening, known = Evening(route(wait="PT1M")), alarms(300)
    assert evening.look(known, START) == []  # others of the same cause may follow
    (one,) = evening.look(known, START + MINUTE)
    assert (one.receiver, one.occasion, one.city, one.rule) == ("shift", Occasion.RAISED, "town", "silence")
    assert [alarm.alarm_id for alarm in one.alarms] == list(range(1, 301))
    assert list(evening.looks(known, START + MINUTE, START + 9 * HOUR, every=15 * MINUTE)) == []


def test_those_that_follow_wait_for_the_next_message_of_their_cause() -> None:
    evening, known = Evening(route(interval="PT5M")), alarms(2)
    evening.look(known[:1], START + MINUTE)
    assert list(evening.looks(known, START + MINUTE, START + 9 * MINUTE)) == [(START + 6 * MINUTE, "shift", "raised")]


def test_another_city_and_another_rule_are_other_messages() -> None:
    known = [ALARM, replace(ALARM, alarm_id=2, city="port"), replace(ALARM, alarm_id=3, rule="low_delta_t")]
    found = Evening(route()).look(known, START + MINUTE)
    assert [(one.city, one.rule) for one in found] == [
        ("port", "silence"),
        ("town", "low_delta_t"),
        ("town", "silence"),
    ]


@pytest.mark.parametrize(
    ("declared", "is_told"),
    [
        ({"cities": ["town"]}, True),
        ({"cities": ["port"]}, False),
        ({"rules": ["silence"]}, True),
        ({"rules": ["low_delta_t"]}, False),
        ({"least": "major"}, True),
        ({"least": "critical"}, False),
    ],
)
def test_a_route_takes_what_it_names(declared: dict[str, Any], *, is_told: bool) -> None:
    assert bool(Evening(route(**declared)).look([ALARM], START + MINUTE)) == is_told


def test_what_somebody_has_seen_or_what_ended_before_anybody_was_told_is_not_told() -> None:
    seen = replace(ALARM, acknowledged_at=START, acknowledged_by="somebody")
    ended = replace(ALARM, alarm_id=2, cleared_at=START)
    assert Evening(route()).look([seen, ended], START + HOUR) == []


def test_an_end_is_told_once_to_those_who_were_told_of_the_beginning() -> None:
    escalate = [{"after": "PT30M", "receiver": "chief"}, {"after": "PT2H", "receiver": "mayor"}]
    evening = Evening(route(escalate=escalate))
    list(evening.looks([ALARM], START, START + HOUR))
    ended = replace(ALARM, cleared_at=START + HOUR)
    told = list(evening.looks([ended], START + HOUR, START + 3 * HOUR))
    assert told == [(START + HOUR, "chief", "cleared"), (START + HOUR, "shift", "cleared")]
    assert Evening(route(cleared=False)).look([ended], START + HOUR) == []


def test_others_are_told_where_nobody_acknowledges_and_reminded_until_somebody_does() -> None:
    evening = Evening(route(escalate=[{"after": "PT30M", "receiver": "chief"}], again="PT1H"))
    first = START + MINUTE
    assert list(evening.looks([ALARM], START, START + 150 * MINUTE)) == [
        (first, "shift", "raised"),
        (first + 30 * MINUTE, "chief", "escalated"),
        (first + HOUR, "shift", "reminded"),
        (first + 2 * HOUR, "shift", "reminded"),
    ]
    seen = replace(ALARM, acknowledged_at=START + 150 * MINUTE, acknowledged_by="somebody")
    assert list(evening.looks([seen], START + 150 * MINUTE, START + 9 * HOUR)) == []


def test_at_night_only_what_is_critical_is_told_by_the_clock_of_the_city() -> None:
    """22:00 of Copenhagen is 20:00 UTC; its clocks go back in that night, so 06:00 is 05:00 UTC."""
    night = route(quiet={"from": "22:00", "until": "06:00"})
    late = datetime(2026, 10, 24, 20, 30, tzinfo=UTC)
    known = [replace(ALARM, raised_at=late), replace(ALARM, alarm_id=2, severity="critical", raised_at=late)]
    told = list(Evening(night).looks(known, late, late + 10 * HOUR))
    assert told == [(late + MINUTE, "shift", "raised"), (datetime(2026, 10, 25, 5, tzinfo=UTC), "shift", "raised")]
    by_day = replace(ALARM, raised_at=datetime(2026, 10, 24, 19, 50, tzinfo=UTC))
    assert Evening(night).look([by_day], datetime(2026, 10, 24, 19, 59, tzinfo=UTC))


def test_quiet_hours_may_lie_within_a_day() -> None:
    noon = route(quiet={"from": "12:00", "until": "15:00", "even": "major"})
    known = [replace(ALARM, severity="minor"), replace(ALARM, alarm_id=2)]
    told = list(Evening(noon).looks(known, START - 2 * HOUR, START + 4 * HOUR))
    assert [at.astimezone(ZONES["town"]).hour for at, _, _ in told] == [14, 15]


def test_a_receiver_of_two_routes_is_told_once() -> None:
    assert len(Evening(route(), route(cities=["town"])).look([ALARM], START + MINUTE)) == 1


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 600), st.booleans()), min_size=1, max_size=12))
def test_however_alarms_come_everybody_is_told_of_each_that_lasts_and_never_twice(
    course: list[tuple[int, int, bool]],
) -> None:
    """Each alarm begins at some minute, lasts some minutes, and somebody may see it at its half."""
    evening = Evening(route(cleared=True))
    known = [replace(ALARM, alarm_id=one, raised_at=START + begin * MINUTE) for one, (begin, _, _) in enumerate(course)]
    notified: list[tuple[int, str]] = []
    for minute in range(0, 620, 5):
        now = START + minute * MINUTE
        current = []
        for alarm, (begin, lasting, is_seen) in zip(known, course, strict=True):
            end, half = alarm.raised_at + lasting * MINUTE, alarm.raised_at + lasting * MINUTE / 2
            seen = {"acknowledged_at": half, "acknowledged_by": "somebody"} if is_seen and now >= half else {}
            if minute >= begin:
                current.append(replace(alarm, cleared_at=end if now >= end else None, **seen))  # type: ignore[arg-type]
        notified += [(alarm.alarm_id, one.occasion.value) for one in evening.look(current, now) for alarm in one.alarms]
    assert len(notified) == len(set(notified))
    begun = {one for one, occasion in notified if occasion == "raised"}
    assert {one for one, occasion in notified if occasion == "cleared"} == begun
    assert begun >= {one for one, (_, lasting, is_seen) in enumerate(course) if lasting > 15 and not is_seen}


def test_of_what_is_shelved_nobody_is_told_before_its_time_and_then_once() -> None:
    evening = Evening(route())
    known = [replace(ALARM, shelved_until=START + HOUR, shelved_by="shift", shelf_reason="works")]
    assert list(evening.looks(known, START, START + 3 * HOUR)) == [(START + HOUR, "shift", "raised")]
