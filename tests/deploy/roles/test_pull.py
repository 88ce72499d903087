"""The role that asks services: by itself, on a schedule, and what does not answer is told and asked again."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import psycopg
import pytest

from deploy.causes import Unreadiness
from deploy.roles.pull import PullRole
from deploy.roles.role import Stop, work_with_database
from deploy.settings import Settings
from ingest.model.city.assets import City
from processors.storage.database import connect
from processors.storage.registry.registry import sync
from tests import hub_answers, towns
from tests.hub_server import hub_server
from tests.towns import electricity_meter, sending
from tests.waiting import until

pytestmark = pytest.mark.integration


def _city(name: str, account: str) -> City:
    energy = sending("electricity_energy", kind="interval")
    meter = electricity_meter(energy, binding={"name": "hub", "device": "571313174000000001"})
    asked = {"name": "hub", "decoder": "eloverblik", "pull": {"since": "2026-10-01", "account": account}}
    return City.model_validate({**towns.city_document(meter, bindings=[asked]), "name": name})


@contextmanager
def _asking(settings: Settings, stop: Stop) -> Iterator[PullRole]:
    causes = Unreadiness("database")
    role = PullRole(settings, causes, stop)
    running = Thread(target=work_with_database, args=(settings.database(), "test", role.run, causes, stop))
    running.start()
    yield role
    stop.set()
    running.join()


def test_the_role_asks_for_what_is_due_and_tells_what_does_not_answer(
    database_url: str, tmp_path: Path, stop: Stop
) -> None:
    with hub_server(hub_answers.eloverblik) as server:
        (tmp_path / "accounts").mkdir()
        (tmp_path / "accounts" / "meters.yaml").write_text(f"refresh_token: x\nurl: {server.url}\n", encoding="utf-8")
        with connect(database_url, "test") as connection:
            sync(connection, [_city("harbour", "meters"), _city("inland", "nobody")])
        given: dict[str, Any] = {"database_url": database_url, "data": tmp_path}
        with _asking(Settings(**given), stop) as role:
            until(lambda: _known(database_url) == [("harbour", None)])
            until(lambda: bool(role.notes()))
            (note,) = role.notes()
    assert note.startswith("inland/hub: account nobody: ")
    assert len(server.asked("/token")) == 1


def _known(url: str) -> list[Any]:
    """Return the cities whose device is known for two months and more, with what fails."""
    with psycopg.connect(url) as connection:
        return connection.execute("select city, failure from pull_progress where readings > 40 * 24").fetchall()
