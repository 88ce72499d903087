"""How everything stands, in one sentence for each cause."""

from collections.abc import Callable
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client import CollectorRegistry

from deploy.causes import Unreadiness
from deploy.embedded import ports
from deploy.internal import serve
from deploy.report import Report
from deploy.settings import Address
from deploy.status import Roles, Standing, Trouble, sentences, takes_messages

NOON = datetime(2026, 11, 29, 12, 0, 0, tzinfo=UTC)


def standing(role: str, means: str, *troubles: tuple[str, str, int]) -> Standing:
    told = [Trouble(name, sentence, NOON + timedelta(seconds=later)) for name, sentence, later in troubles]
    return Standing(role, "127.0.0.1:1", means, told)


def test_nothing_is_said_while_everything_moves() -> None:
    assert sentences([standing("ingest", "readings are not being stored")]) == []


def test_a_cause_is_told_by_what_it_means_and_since_when() -> None:
    ingest = standing("ingest", "readings are not being stored", ("broker", "broker 127.0.0.1:1883: no answer", 0))
    assert sentences([ingest]) == ["readings are not being stored since 12:00:00Z: broker 127.0.0.1:1883: no answer"]


def test_one_cause_of_several_roles_is_told_once() -> None:
    silent = ("database", "the database does not answer", 0)
    found = sentences(
        [
            standing("ingest", "readings are not being stored", silent, ("storing", "readings are ...", 5)),
            standing("kpi", "figures are not being computed", silent),
        ]
    )
    assert found == [
        "readings are not being stored; figures are not being computed since 12:00:00Z: the database does not answer"
    ]


def test_the_cause_that_came_first_explains_the_others_and_what_waits_explains_nothing() -> None:
    ingest = standing(
        "ingest", "readings are not being stored", ("oldest message", "waits", -90), ("broker", "it is away", 0)
    )
    assert sentences([ingest]) == ["readings are not being stored since 12:00:00Z: it is away"]


def test_who_stands_by_is_no_trouble_while_another_works() -> None:
    waiting = standing("kpi", "figures are not being computed", ("alone", "another process does this work", 0))
    assert sentences([standing("kpi", "figures are not being computed"), waiting]) == []
    assert sentences([waiting]) == ["another process does this work"]


def test_changed_city_files_that_are_not_seen_do_not_mean_that_nothing_is_stored() -> None:
    ingest = standing("ingest", "readings are not being stored", ("registry", "city files are not seen", 0))
    assert sentences([ingest]) == ["city files are not seen"]
    assert takes_messages([ingest])


def test_a_disk_that_is_nearly_full_keeps_nobody_from_being_heard() -> None:
    assert takes_messages([standing("up", "", ("disk", "it is nearly full", 0))])


@pytest.mark.parametrize("role", ["ingest", "process", "up"])
def test_messages_are_not_taken_while_a_role_on_their_way_is_in_trouble(role: str) -> None:
    assert not takes_messages([standing(role, "", ("broker", "it is away", 0))])
    assert takes_messages([standing("kpi", "", ("database", "it is away", 0))])


def test_roles_are_asked_where_they_listen_and_one_that_is_gone_is_named(unused: Callable[[], Address]) -> None:
    causes, gone = Unreadiness(clock=lambda: NOON), unused()
    causes.set("broker", "it is away")
    with ExitStack() as listening:
        here = unused()
        report = Report("readings are not being stored", causes, notes=lambda: ["the past is being loaded"])
        listening.enter_context(closing(serve(here, report, CollectorRegistry())))
        asked = listening.enter_context(closing(Roles()))
        ingest, kpi = asked.ask({"ingest": here, "kpi": gone})
    assert sentences([ingest]) == ["readings are not being stored since 12:00:00Z: it is away"]
    assert ingest.notes == ["the past is being loaded"]
    (sentence,) = sentences([kpi])
    assert sentence.startswith("kpi does not answer since ")
    assert sentence.endswith(f" at {gone}")


@pytest.fixture
def unused() -> Callable[[], Address]:
    return lambda: Address("127.0.0.1", ports.choose())
