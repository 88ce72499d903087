"""A trial that is asked for over HTTP goes out by every way of who is told of the city, and each end is shown."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from deploy.notifications import declaration
from deploy.notifications.declaration import Notifications
from deploy.notifications.trials import NotificationTrials, told_receivers
from kpi_engine.alarms import trials
from processors.storage.database import Connection, connect
from tests.deploy.letterbox import Letterbox
from tests.deploy.notifications.posted import Posted

CITY = "sonderborg"


@pytest.fixture
def file(tmp_path: Path, mail_server: Controller, posted: Posted) -> Path:
    path = tmp_path / "notifications.yaml"
    path.write_text(
        f"""
receivers:
  shift: {{mail: [shift@example.org], webhook: {{url: "http://{posted.url}"}}}}
  team: {{webhook: {{url: "http://{posted.url}"}}}}
  elsewhere: {{mail: [elsewhere@example.org]}}
routes:
  - receiver: shift
    cities: [{CITY}]
    escalate: [{{after: PT30M, receiver: team}}]
  - {{receiver: elsewhere, cities: [tartu]}}
mail_server: {{host: 127.0.0.1, port: {mail_server.port}, security: none, sender: pharos@example.org}}
"""
    )
    return path


@pytest.fixture
def declared(file: Path) -> Notifications:
    return declaration.load(file)


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    with connect(database_url, "test") as opened:
        yield opened


def asked(connection: Connection, notifier: NotificationTrials) -> int:
    notifier.note_receivers(connection)
    begun = trials.ask(connection, CITY, "control-room")
    connection.commit()
    assert begun
    return begun.trial_id


def results(connection: Connection, trial_id: int) -> dict[tuple[str, str], str | None]:
    found = trials.results(connection, trial_id)
    connection.commit()
    return {(one.receiver, one.way): one.trouble for one in found}


def finished(connection: Connection, trial_id: int) -> bool:
    found = trials.trial(connection, trial_id)
    connection.commit()
    return bool(found and found.finished_at)


def test_who_is_told_of_a_city_is_named_by_routes_and_their_escalations(declared: Notifications) -> None:
    found = {one.receiver: (one.ways, one.cities) for one in told_receivers(declared)}
    assert found == {
        "shift": (["mail", "webhook"], [CITY]),
        "team": (["webhook"], [CITY]),
        "elsewhere": (["mail"], ["tartu"]),
    }


def test_who_has_a_route_without_cities_is_told_of_every_city(declared: Notifications) -> None:
    route = declared.routes[0].model_copy(update={"cities": (), "escalate": ()})
    for routes in ((route, *declared.routes), (*declared.routes, route)):
        found = told_receivers(declared.model_copy(update={"routes": routes}))
        assert {one.receiver: one.cities for one in found}["shift"] is None


@pytest.mark.integration
def test_a_trial_goes_out_by_every_way_and_says_what_became_of_each(
    connection: Connection, declared: Notifications, mail_server: Controller, letterbox: Letterbox, posted: Posted
) -> None:
    mail_server.start()
    notifier = NotificationTrials(declared)
    trial_id = asked(connection, notifier)
    assert notifier.step(connection)
    assert (results(connection, trial_id), finished(connection, trial_id)) == ({("shift", "mail"): None}, False)
    posted.status = 503
    while notifier.step(connection):
        pass
    assert finished(connection, trial_id)
    trouble = "the webhook at 127.0.0.1 answers 503"
    assert results(connection, trial_id) == {
        ("shift", "mail"): None,
        ("shift", "webhook"): trouble,
        ("team", "webhook"): trouble,
    }
    (letter,) = letterbox.letters
    assert (letter["To"], letter["Subject"]) == ("shift@example.org", f"Pharos: a trial for {CITY}")
    assert "control-room asked for it" in letter.get_content()
    documents: list[dict[str, Any]] = [json.loads(body) for body in posted.bodies]
    assert [(one["occasion"], one["city"], one["receiver"]) for one in documents] == [
        ("trial", CITY, "shift"),
        ("trial", CITY, "team"),
    ]
    assert not notifier.step(connection), "what is finished is not sent again"


@pytest.mark.integration
def test_a_mail_server_that_is_away_is_named_and_the_others_are_told(
    connection: Connection, declared: Notifications, posted: Posted
) -> None:
    notifier = NotificationTrials(declared)
    trial_id = asked(connection, notifier)
    while notifier.step(connection):
        pass
    found = results(connection, trial_id)
    assert "127.0.0.1" in str(found["shift", "mail"])
    assert (found["shift", "webhook"], found["team", "webhook"]) == (None, None)
    assert len(posted.bodies) == 2


@pytest.mark.integration
def test_a_trial_that_nobody_took_up_in_time_is_never_sent(
    connection: Connection, declared: Notifications, posted: Posted
) -> None:
    notifier = NotificationTrials(declared)
    trial_id = asked(connection, notifier)
    long_ago = trials.LAPSE + timedelta(seconds=1)
    connection.execute("update alarm_trial set asked_at = now() - %s", [long_ago])
    connection.commit()
    assert not notifier.step(connection)
    lapsed = trials.trial(connection, trial_id)
    assert lapsed
    assert lapsed.lapsed
    assert posted.bodies == []


@pytest.mark.integration
def test_receivers_of_an_older_file_are_forgotten_and_old_trials_too(
    connection: Connection, declared: Notifications
) -> None:
    notifier = NotificationTrials(declared)
    trial_id = asked(connection, notifier)
    connection.execute("update alarm_trial set asked_at = now() - %s", [trials.KEPT + timedelta(days=1)])
    trials.finish(connection, trial_id)
    assert trials.trial(connection, trial_id) is None
    connection.commit()
    fewer = declared.model_copy(update={"routes": declared.routes[1:]})
    NotificationTrials(fewer).note_receivers(connection)
    assert trials.receivers(connection, CITY) == []
    assert [one.receiver for one in trials.receivers(connection, "tartu")] == ["elsewhere"]
