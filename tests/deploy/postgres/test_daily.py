"""A backup every day at a time: at once where one is due, again where it failed, and never twice a day."""

from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from deploy.errors import BackupError, SettingsError
from deploy.postgres import daily
from deploy.postgres.daily import Done
from tests.deploy.postgres.stopping import StoppedAfter

AT = time(3, 17)


def test_the_next_time_is_today_or_tomorrow() -> None:
    assert daily.next_time(AT, datetime(2026, 12, 1, 3, 16, tzinfo=UTC)) == datetime(2026, 12, 1, 3, 17, tzinfo=UTC)
    assert daily.next_time(AT, datetime(2026, 12, 1, 3, 17, tzinfo=UTC)) == datetime(2026, 12, 2, 3, 17, tzinfo=UTC)
    assert daily.time_of_day("03:17") == AT
    with pytest.raises(SettingsError, match="'3 am' is no time of day; expected such as 03:17"):
        daily.time_of_day("3 am")


def test_what_is_due_is_done_at_once_and_what_failed_is_tried_again() -> None:
    told, stop, tries = list[str](), StoppedAfter(2), iter([BackupError("no room"), None])

    def once() -> Done:
        if error := next(tries):
            raise error
        return Done(Path("new.dump"), ["old.dump"], "it is in one place only")

    daily.run(once, lambda now: now.tzinfo is UTC, AT, stop, told.append)
    assert told == [
        "no backup: no room; tried again in 300 s",
        "new.dump; removed old.dump",
        "it is in one place only",
    ]
    assert stop.waited[0] == daily.RETRY_SECONDS


def test_where_none_is_due_it_waits_for_the_time_and_looks_at_the_clock_often() -> None:
    stop = StoppedAfter(2)
    daily.run(lambda: pytest.fail("not due"), lambda _: False, _in_hours(2), stop, pytest.fail)
    assert stop.waited == [daily.RETRY_SECONDS] * 2


def _in_hours(hours: int) -> time:
    now = datetime.now(UTC)
    return time((now.hour + hours) % 24, now.minute)
