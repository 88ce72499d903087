"""A file of scheduled reports: which periods are due on a day, and what is wrong with it."""

from datetime import date
from pathlib import Path

import pytest

from deploy import report_schedule
from deploy.errors import ScheduleError
from deploy.report_schedule import Every, ScheduledReport

SERVER = "mail_server: {host: mail.example.org, sender: pharos@example.org}"


def report(every: Every, since: date) -> ScheduledReport:
    return ScheduledReport(city="harbour", every=every, since=since, days_after=5, folder=Path("reports"))


@pytest.mark.parametrize(
    ("every", "since", "today", "due"),
    [
        (Every.MONTH, date(2026, 9, 1), date(2026, 11, 5), ["2026-09"]),
        (Every.MONTH, date(2026, 9, 1), date(2026, 11, 6), ["2026-09", "2026-10"]),
        (Every.MONTH, date(2025, 12, 2), date(2026, 2, 6), ["2026-01"]),
        (Every.HALF_YEAR, date(2025, 1, 1), date(2026, 7, 6), ["2025-H1", "2025-H2", "2026-H1"]),
        (Every.YEAR, date(2024, 1, 1), date(2026, 1, 5), ["2024"]),
        (Every.YEAR, date(2027, 1, 1), date(2026, 1, 5), []),
    ],
)
def test_a_report_is_due_some_days_after_the_end_of_each_period(
    every: Every, since: date, today: date, due: list[str]
) -> None:
    assert [period.text for period in report(every, since).ended(today)] == due


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("reports: []", "reports"),
        ("reports: [{city: Harbour, every: month, since: 2026-01-01, folder: r}]", "a name of at most 63"),
        ("reports: [{city: harbour, every: week, since: 2026-01-01, folder: r}]", "every"),
        ("reports: [{city: harbour, every: month, since: 2026-01-01, folder: r, mail: [a@b.eu]}]", "mail_server"),
        (f"reports: [{{city: harbour, every: month, since: x, folder: r}}]\n{SERVER}", "a day such as 2026-03-01"),
        (
            "reports: [{city: harbour, every: month, since: 2026-01-01, folder: r}]\n"
            "mail_server: {host: mail.example.org, sender: a@b.eu, security: none}",
            "expected security starttls or tls",
        ),
        (": :", "reports.yaml"),
    ],
)
def test_what_is_wrong_with_a_file_is_told_by_key(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "reports.yaml"
    path.write_text(text)
    with pytest.raises(ScheduleError) as refused:
        report_schedule.load(path)
    assert said in str(refused.value)
