"""The chore of who rolls up: once an hour, and only where it was asked for."""

import pytest
from structlog.testing import capture_logs

from deploy import settings
from deploy.errors import SettingsError
from deploy.roles.retention import EVERY_SECONDS, Retention
from processors.storage.database import connect

READING = "insert into observation values ('2020-01-05', now(), 1, 1, 1, 0)"


@pytest.mark.integration
def test_it_drops_once_an_hour_where_it_was_asked_for(database_url: str) -> None:
    now = [0.0]
    with connect(database_url, "test") as connection:
        connection.execute("select ensure_partitions('2020-01-01', '2020-01-01')")
        connection.execute(READING)
        connection.commit()
        Retention(None).attend(connection)
        chore = Retention(400, lambda: now[0])
        with capture_logs() as logs:
            chore.attend(connection)
            connection.execute("select ensure_partitions('2020-02-01', '2020-02-01')")
            connection.commit()
            chore.attend(connection)
            now[0] += EVERY_SECONDS
            chore.attend(connection)
        assert connection.execute("select count(*) from observation").fetchone() == (0,)
    assert [(entry["event"], entry["before"][:7]) for entry in logs] == [
        ("old readings dropped", "2020-02"),
        ("old readings dropped", "2020-03"),
    ]


def test_a_year_is_kept_at_least(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PHAROS_RETENTION_DAYS", "90")
    with pytest.raises(SettingsError, match="PHAROS_RETENTION_DAYS"):
        settings.load()
