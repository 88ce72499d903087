"""Services that are asked for readings: what they answer is stored, what failed is told, and nothing is lost."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final

import pytest

from ingest.model.city.assets import City
from ingest.model.time import to_micros
from ingest.sources.pull.account import ServiceAccount
from ingest.sources.pull.bound import pulled_bindings
from ingest.sources.pull.client import Client
from ingest.sources.pull.errors import AccountError, ServiceAwayError
from processors.intake.pull import NewestReading, Pulling, QuestionOutcome
from processors.intake.stream import Stream
from processors.rollups.worker import RollupWorker
from processors.storage.database import Connection
from processors.storage.readings.pulls import PullProgress
from processors.storage.readings.sink import Sink
from processors.storage.registry.registry import load, sync
from processors.storage.rollups.rollups import RollupStore
from tests import hub_answers
from tests.hub_answers import half
from tests.hub_server import Answer, HubServer, Reply, Request, hub_server
from tests.processors.stored_readings import drain

pytestmark = pytest.mark.integration

NOW: Final = datetime(2026, 11, 30, 6, tzinfo=UTC)
POINTS: Final = ("571313174000000001", "571313174000000002")
SECRETS: Final = dict.fromkeys(("refresh_token", "client_id", "client_secret", "user", "password", "token"), "x")


@pytest.fixture
def store() -> str:
    return "postgresql"


def device(name: str, kind: str, quantity: str, binding: object, **keys: object) -> dict[str, Any]:
    metered = {"carrier": "electricity", "direction": "consumption"} if kind == "electricity_meter" else {}
    series = {"quantity": quantity, **({"kind": "interval"} if metered else {}), **keys}
    one = {"name": name, "site": "house" if metered else "air", "type": kind, "expected_interval": "PT1H"}
    return {**one, **metered, "binding": binding, "series": [series]}


def city(decoder: str, *devices: dict[str, Any], **pull: object) -> City:
    """Return a city whose devices are asked of one service."""
    sites = [{"name": "house", "vertical": "buildings"}, {"name": "air", "vertical": "environment"}]
    asked = {"since": "2026-11-28", "account": "x", **pull}
    head = {"name": "harbour", "title": "Harbour", "country": "DK", "timezone": "Europe/Copenhagen", "role": "follower"}
    binding = {"name": "asked", "decoder": decoder, "pull": asked}
    return City.model_validate({**head, "sites": sites, "bindings": [binding], "devices": list(devices)})


def meters(**pull: object) -> City:
    """Return a city with two meters at Eloverblik."""
    bound = [{"name": "asked", "device": point} for point in POINTS]
    every = (device(f"meter-{n}", "electricity_meter", "electricity_energy", one) for n, one in enumerate(bound, 1))
    return city("eloverblik", *every, **pull)


class Asking:
    """A city, its service, and the time, which a test sets."""

    def __init__(self, connection: Connection, server: HubServer) -> None:
        self.connection, self.server, self.now = connection, server, NOW

    @contextmanager
    def pulling(self) -> Iterator[Pulling]:
        """Yield what asks the one service of the one city."""
        catalogue = load(self.connection)
        (binding,) = pulled_bindings(catalogue.cities.values())
        account = ServiceAccount("x", self.server.url, {**SECRETS, "token_url": f"{self.server.url}/token"})
        newest = NewestReading()
        stream = Stream(Sink(self.connection, catalogue, binding.source), catalogue, observe=newest)
        with Client(binding.hub.url, account, 0.0, lambda _: False) as client:
            now = lambda: to_micros(self.now)  # noqa: E731 - what a test sets
            yield Pulling(binding, client, stream, newest, PullProgress(self.connection), now)

    def once(self) -> list[QuestionOutcome]:
        """Ask as the role does."""
        with self.pulling() as one:
            return list(one.go_on(list(one.binding.asked()), one.progress()))

    def rows(self, statement: str) -> list[Any]:
        """Return what the store says."""
        return self.connection.execute(statement).fetchall()


@contextmanager
def asking(connection: Connection, declared: City, answer: Answer) -> Iterator[Asking]:
    sync(connection, [declared])
    with hub_server(answer) as server:
        yield Asking(connection, server)


STORED: Final = "select count(*), min(value), max(value), min(quality), max(time) from observation"
EVERY: Final = {
    "eloverblik": ("electricity_meter", "electricity_energy", POINTS[0], 0.5, 0),
    "estfeed": ("electricity_meter", "electricity_energy", "38ZEE-00000001-A", 0.5, 0),
    "datadis": ("electricity_meter", "electricity_energy", "ES0021000000000001JN0F", 0.5, 0),
    "energi_data_service": ("grid_signal", "grid_emission_factor", "DK1", 0.0005, 0),
    "elering": ("grid_signal", "electricity_price", "ee", 0.0005, 0),
    "entsoe": ("grid_signal", "grid_renewable_share", "10YDK-1--------W", 50.0, 0),
    "open_meteo": ("weather_station", "outdoor_temperature", "54.91,9.79", 0.5, 2),
}


@pytest.mark.parametrize("decoder", EVERY)
def test_what_a_service_answers_is_stored_in_the_unit_of_its_quantity(connection: Connection, decoder: str) -> None:
    kind, quantity, called, value, quality = EVERY[decoder]
    declared = city(decoder, device("one", kind, quantity, {"name": "asked", "device": called}))
    with asking(connection, declared, getattr(hub_answers, decoder)) as one:
        outcomes = one.once()
        ((count, least, most, kept_as, newest),) = one.rows(STORED)
    assert [outcome.failure for outcome in outcomes] == [None] * len(outcomes)
    assert (least, most, kept_as) == pytest.approx((value, value, quality))
    assert count >= 24
    assert NOW - timedelta(hours=8) < newest <= NOW or decoder == "datadis"
    ((received, stored, quarantined),) = one.rows("select received, stored, quarantined from ledger") or [(0, 0, 0)]
    assert received == stored + quarantined


def charging_points(*called: str) -> City:
    """Return a city whose charging points are asked of their operator's platform."""
    series = [
        {"quantity": "electricity_energy", "register_contract": {"scope": "session"}},
        {"quantity": "plugged_in", "max_gap": "P30D"},
    ]
    points = [
        device(f"point-{n}", "electricity_meter", "x", {"name": "asked", "device": one})
        | {"type": "charging_point", "series": series}
        for n, one in enumerate(called, 1)
    ]
    return city("ocpi", *points)


def test_sessions_and_cdrs_of_an_operator_are_paged_through_once_for_all_its_points(connection: Connection) -> None:
    with asking(connection, charging_points("3256", "4711"), hub_answers.ocpi) as one:
        outcomes = one.once()
        found = one.rows(
            "select s.quantity, count(*), max(o.value), max(o.time) from observation o join series s using (series_id) "
            "group by 1 order by 1"
        )
    assert [outcome.failure for outcome in outcomes] == [None] * 4
    energy, plugged = found
    assert energy[:3] == ("electricity_energy", 8, 0.5)  # two days of two points: begin and end of each session
    assert plugged[:3] == ("plugged_in", 12, 1.0)
    assert plugged[3] == datetime(2026, 11, 29, 11, 30, tzinfo=UTC)
    pages = [(asked.path, asked.query["offset"]) for asked in one.server.requests]
    assert pages == [(path, str(offset)) for path in ("/cdrs", "/sessions") for offset in range(5)]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('{"status_code": 2001, "status_message": "no such thing"}', "status '2001': 'no such thing'"),
        ('{"status_code": "x"}', "status 'x'"),
    ],
)
def test_what_an_operator_refuses_is_told_in_its_words(connection: Connection, body: str, said: str) -> None:
    with asking(connection, charging_points("3256"), lambda _: Reply(body)) as one:
        assert [said in str(outcome.failure) for outcome in one.once()] == [True, True]


def test_a_back_fill_goes_on_where_it_was_interrupted(connection: Connection) -> None:
    is_away = True

    def answer(request: Request) -> Reply:
        if is_away and "2026-10-01/2026-11-01" in request.path:
            return Reply(status=503)
        return hub_answers.eloverblik(request)

    with asking(connection, meters(since="2026-08-01"), answer) as one:
        with pytest.raises(ServiceAwayError):
            one.once()
        assert one.rows("select count(*) from observation") == [(61 * 24,)]
        assert one.rows("select count(*) from pull_progress where failure like '%503%'") == [(2,)]
        is_away = False
        before = len(one.server.asked("/meterdata"))
        outcomes = one.once()
        first = [request.path.split("/")[3] for request in one.server.asked("/meterdata")[before:]]
    assert first == ["2026-09-17", "2026-10-01", "2026-11-01", "2026-08-01", "2026-09-01", "2026-10-01", "2026-11-01"]
    assert sum(outcome.receipt.duplicate for outcome in outcomes) == 14 * 24
    hours = 24 * (31 + 30 + 31 + 29) + 1  # and the one that October has twice
    assert one.rows("select count(*), sum(value) from observation") == [(2 * hours, hours * 1.0)]
    assert one.rows("select distinct failure from pull_progress") == [(None,)]


def test_the_same_answer_again_changes_nothing(connection: Connection) -> None:
    with asking(connection, meters(), hub_answers.eloverblik) as one:
        one.once()
        stored = one.rows("select series_id, time, value from observation order by 1, 2")
        again = one.once()
        assert one.rows("select series_id, time, value from observation order by 1, 2") == stored
    assert {outcome.receipt.stored for outcome in again} == {0}


def test_a_value_that_is_revised_later_holds_although_it_is_smaller(connection: Connection) -> None:
    answers = [
        partial(hub_answers.eloverblik, created="2026-11-30T06:00:00Z", quality="A03"),
        partial(hub_answers.eloverblik, value=lambda _: 0.2, created="2026-11-30T18:00:00Z", quality="A04"),
    ]

    def answer(request: Request) -> Reply:
        return answers[0](request)

    with asking(connection, meters(), answer) as one:
        one.once()
        assert one.rows("select distinct value, quality from observation") == [(0.5, 2)]
        answers.pop(0)
        one.now += timedelta(hours=12)
        one.once()
        assert one.rows("select distinct value, quality from observation") == [(0.2, 0)]


def test_hours_tell_what_is_estimated_until_it_was_measured(connection: Connection) -> None:
    quality = "A03"

    def answer(request: Request) -> Reply:
        created = "2026-11-30T06:00:00Z" if quality == "A03" else "2026-11-30T18:00:00Z"
        return hub_answers.eloverblik(request, half, created, quality)

    told = "select distinct measured, estimated_time from rollup where period = 'hour' and total is not null"
    with asking(connection, meters(), answer) as one:
        worker = RollupWorker(RollupStore(connection), lambda: load(connection))
        one.once()
        drain(worker)
        assert one.rows(told) == [(0.0, 3600.0)]
        quality = "A04"
        one.once()
        drain(worker)
        assert one.rows(told) == [(3600.0, 0.0)]
        assert one.rows("select sum(total) from rollup where period = 'hour'") == [(2 * 48 * 0.5,)]


def test_a_device_that_is_refused_costs_no_other(connection: Connection) -> None:
    def answer(request: Request) -> Reply:
        if POINTS[0].encode() in request.body:
            return Reply(json.dumps({"error": "no access"}), 404)
        return hub_answers.eloverblik(request)

    with asking(connection, meters(), answer) as one:
        failed, answered = one.once()
        assert failed.asked.called == POINTS[0]
        assert "404" in (failed.failure or "")
        assert (answered.asked.called, answered.receipt.stored) == (POINTS[1], 48)


def test_months_that_a_service_does_not_have_any_more_do_not_hide_the_later_ones(connection: Connection) -> None:
    def answer(request: Request) -> Reply:
        return Reply("too old", 400) if "2026-09-01" in request.path else hub_answers.eloverblik(request)

    with asking(connection, meters(since="2026-09-01"), answer) as one:
        outcomes = one.once()
        assert sum(outcome.receipt.stored for outcome in outcomes) == 2 * (24 * (31 + 29) + 1)
        assert len([outcome for outcome in outcomes if outcome.failure]) == 2
        one.now += timedelta(hours=12)
        assert {outcome.failure for outcome in one.once()} == {None}


BROKEN: Final = {
    "a page of HTML": "<!doctype html><title>Scheduled maintenance</title>",
    "half a document": '{"result": [{"success": true, "id": "571313174000000001", "MyEnergyData_Mark',
    "nothing at all": "",
    "another document": '{"message": "upstream timed out"}',
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN)
def test_what_is_no_answer_leaves_no_hole_in_a_back_fill(connection: Connection, body: str) -> None:
    is_broken = True

    def answer(request: Request) -> Reply:
        broken = is_broken and "series/2026-08-01" in request.path and POINTS[0].encode() in request.body
        return Reply(body) if broken else hub_answers.eloverblik(request)

    with asking(connection, meters(since="2026-06-01"), answer) as one:
        outcomes = one.once()
        failures = [(outcome.asked.called, outcome.failure) for outcome in outcomes if outcome.failure]
        assert [called for called, _ in failures] == [POINTS[0]]
        assert "no answer" in str(failures[0][1])
        whole = 24 * (30 + 31 + 31 + 30 + 31 + 29) + 1  # to the 30th of November, through the night of 25 hours
        counts = "select count(*) from observation group by series_id order by 1"
        assert one.rows(counts) == [(24 * (30 + 31),), (whole,)]  # the other meter has everything
        is_broken = False
        one.now += timedelta(days=200)  # however late that is: it goes on where it was
        assert {outcome.failure for outcome in one.once()} == {None}
        newest = "select count(*) from observation where time <= '2026-11-29 23:00+00' group by series_id order by 1"
        assert one.rows(newest) == [(whole,), (whole,)]


def test_an_account_that_is_not_taken_is_told_of_every_device(connection: Connection) -> None:
    with asking(connection, meters(), lambda _: Reply(status=401)) as one:
        with pytest.raises(AccountError, match="does not take the account x"):
            one.once()
        assert one.rows("select count(*) from pull_progress where failure like '%account%'") == [(2,)]


def test_what_came_late_is_asked_for_again(connection: Connection) -> None:
    has_nothing = True

    def answer(request: Request) -> Reply:
        if has_nothing and "meterdata" in request.path:
            return Reply(json.dumps({"result": []}))
        return hub_answers.eloverblik(request)

    with asking(connection, meters(since="2026-11-01", again="P1D"), answer) as one:
        one.once()
        assert one.rows("select count(*) from observation") == [(0,)]
        has_nothing = False
        one.now += timedelta(days=1)
        one.once()
        assert one.rows("select count(*) from observation") == [(2 * 30 * 24,)]


def test_a_span_is_filled_by_hand_and_what_is_known_stays(connection: Connection) -> None:
    with asking(connection, meters(), hub_answers.eloverblik) as one:
        one.once()
        known = one.rows("select asked_from, asked_through from pull_progress order by called")
        with one.pulling() as asked:
            span = (to_micros(datetime(2026, 8, 31, 22, tzinfo=UTC)), to_micros(datetime(2026, 9, 30, 22, tzinfo=UTC)))
            outcomes = list(asked.fill(span))
        assert [outcome.receipt.stored for outcome in outcomes] == [30 * 24, 30 * 24]
        assert one.rows("select asked_from, asked_through from pull_progress order by called") == known


def test_an_answer_on_somebody_else_is_refused_and_told(connection: Connection) -> None:
    def answer(request: Request) -> Reply:
        reply = hub_answers.eloverblik(request)
        return Reply(reply.body.replace(POINTS[0], "571313174999999999"), reply.status)

    with asking(connection, meters(), answer) as one:
        one.once()
        assert one.rows("select distinct reason from quarantine") == [("unknown_device",)]
        assert one.rows("select count(distinct series_id) from observation") == [(1,)]
