"""Who is told of alarms over HTTP, and trials: asked for by those who operate a city, done by the notifier."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from ingest.model.time import from_micros
from kpi_engine.alarms import trials
from kpi_engine.alarms.trials import ToldReceiver, TrialResult

if TYPE_CHECKING:
    from tests.kpi_engine.api.conftest import Towns

pytestmark = pytest.mark.integration


@pytest.fixture
def told(towns: "Towns") -> "Towns":
    """Return the towns with a notifier that said whom it tells."""
    known = [
        ToldReceiver("everybody", ["mail", "apprise"], None),
        ToldReceiver("harbour-shift", ["webhook"], ["harbour"]),
    ]
    trials.note_receivers(towns.connection, known)
    towns.connection.commit()
    return towns


def test_who_is_told_is_listed_by_city_without_addresses(told: "Towns") -> None:
    with told.client("operator") as client:
        found = {
            city: client.get("/notifications/receivers", params={"city": city}).json()["items"]
            for city in ("harbour", "island")
        }
    everybody = {"receiver": "everybody", "ways": ["mail", "apprise"]}
    assert found == {"harbour": [everybody, {"receiver": "harbour-shift", "ways": ["webhook"]}], "island": [everybody]}


def test_a_trial_waits_for_the_notifier_and_then_says_what_became_of_each_way(told: "Towns") -> None:
    with told.client("operator", ["harbour"]) as client:
        begun = client.post("/notifications/trials", json={"city": "harbour"})
        assert begun.status_code == 202
        assert begun.json() | {"finished_at": None, "lapsed": False, "results": []} == begun.json()
        number = begun.json()["trial_id"]
        at = from_micros(told.now)
        for receiver, way, trouble in (("everybody", "mail", None), ("harbour-shift", "webhook", "no answer")):
            trials.note(told.connection, number, TrialResult(receiver, way, at, trouble))
        trials.finish(told.connection, number)
        told.connection.commit()
        shown = client.get(f"/notifications/trials/{number}").json()
    assert shown["finished_at"]
    assert [(one["receiver"], one["way"], one["trouble"]) for one in shown["results"]] == [
        ("everybody", "mail", None),
        ("harbour-shift", "webhook", "no answer"),
    ]


def test_two_trials_of_a_city_in_a_row_are_one_and_a_lapsed_one_says_so(told: "Towns") -> None:
    with told.client("admin") as client:
        first = client.post("/notifications/trials", json={"city": "harbour"}).json()
        again = client.post("/notifications/trials", json={"city": "harbour"})
        other = client.post("/notifications/trials", json={"city": "island"})
        assert (again.status_code, other.status_code) == (409, 202)
        assert "less than 30 seconds ago" in again.json()["detail"]
        told.connection.execute(
            "update alarm_trial set asked_at = asked_at - %s", [trials.LAPSE + timedelta(seconds=1)]
        )
        told.connection.commit()
        assert client.get(f"/notifications/trials/{first['trial_id']}").json()["lapsed"]
        assert client.post("/notifications/trials", json={"city": "harbour"}).status_code == 202


def test_nobody_asks_for_another_city_or_where_no_notifier_is(towns: "Towns") -> None:
    with towns.client("admin") as client:
        nobody = client.post("/notifications/trials", json={"city": "harbour"})
        assert nobody.status_code == 501
        assert "no notifier has said whom it tells" in nobody.json()["detail"]
        trials.note_receivers(towns.connection, [ToldReceiver("everybody", ["mail"], None)])
        towns.connection.commit()
        number = client.post("/notifications/trials", json={"city": "harbour"}).json()["trial_id"]
    with towns.client("operator", ["island"]) as stranger:
        assert stranger.post("/notifications/trials", json={"city": "harbour"}).status_code == 403
        assert stranger.get("/notifications/receivers", params={"city": "harbour"}).status_code == 403
        assert stranger.get(f"/notifications/trials/{number}").status_code == 404
