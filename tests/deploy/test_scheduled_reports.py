"""Reports that make themselves: each archive once, each reader at least once, whatever is away in between."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from deploy import report_schedule
from deploy.report_schedule import ReportSchedule
from deploy.scheduled_reports import Postbox, deliver
from kpi_engine.reports.archive import reading
from kpi_engine.reports.checking import verify
from kpi_engine.reports.signing import Signer
from tests.deploy.letterbox import REFUSED, Letterbox
from tests.kpi_engine.conftest import CITY, District, at, district_of, fill

pytestmark = pytest.mark.integration


@pytest.fixture
def town(database_url: str) -> Iterator[District]:
    """Return a town whose two meters count 2 kWh an hour through March."""
    with district_of(database_url, CITY) as district:
        fill(district)
        yield district


def scheduled(folder: Path, port: int, *readers: str) -> ReportSchedule:
    path = folder / "reports.yaml"
    path.write_text(
        f"reports: [{{city: town, every: month, since: 2026-03-01, folder: {folder}, mail: [{', '.join(readers)}]}}]\n"
        f"mail_server: {{host: 127.0.0.1, port: {port}, security: none, sender: pharos@example.org}}\n"
    )
    return report_schedule.load(path)


def test_a_month_is_frozen_once_and_sent_once_when_the_mail_server_is_there_again(
    town: District, database_url: str, tmp_path: Path, mail_server: Controller, letterbox: Letterbox
) -> None:
    schedule = scheduled(tmp_path, mail_server.port, "a@example.org", "b@example.org")
    postbox = Postbox(database_url, Signer.of(tmp_path / "key.pem"))
    path = tmp_path / "town-2026-03.zip"
    assert town.value("heat_delivered", None, "month", "2026-03-01T00:00")
    assert deliver(schedule, postbox, at("2026-04-05T12:00")) == []
    assert not path.exists()

    now = at("2026-04-06T12:00")
    (trouble,) = deliver(schedule, postbox, now)
    assert "town, every month: 127.0.0.1" in trouble
    assert "does not take mail" in trouble
    with reading(path) as archive:
        assert verify(archive).holds
    frozen = path.read_bytes()

    mail_server.start()
    assert deliver(schedule, postbox, now) == deliver(schedule, postbox, now) == []
    (letter,) = letterbox.letters
    assert (letter["To"], letter["Subject"]) == ("a@example.org, b@example.org", "Report town-2026-03")
    (attached,) = letter.iter_attachments()
    assert attached.get_content() == frozen == path.read_bytes()

    other = scheduled(tmp_path, mail_server.port, "a@example.org", REFUSED)
    (trouble,) = deliver(other, postbox, now)
    assert REFUSED in trouble
    assert len(letterbox.letters) == 1


def test_a_city_without_figures_and_a_database_that_is_away_are_told(tmp_path: Path, database_url: str) -> None:
    schedule, signer = scheduled(tmp_path, 1, "a@example.org"), Signer.of(tmp_path / "key.pem")
    (trouble,) = deliver(schedule, Postbox(database_url, signer), at("2026-04-06T12:00"))
    assert trouble == "town, every month: no indicator is computed for town, so there is nothing to report"
    (trouble,) = deliver(schedule, Postbox("postgresql://nobody@127.0.0.1:1/none", signer), at("2026-04-06T12:00"))
    assert "Connection refused" in trouble
