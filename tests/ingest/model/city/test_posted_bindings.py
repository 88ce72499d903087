"""Bindings of paths of the HTTP interface: what they say, what is wrong with them, and who may post there."""

import pytest

from ingest.model.binding_rights import Rights, addresses, rights
from ingest.model.bindings import Bindings
from ingest.model.http_path import is_path, named
from tests import towns
from tests.towns import Declared, electricity_meter

HOOKS: Declared = {"name": "hooks", "path": "hooks?event=up", "decoder": "pharos", "gateway": "lns"}
OWN: Declared = {"name": "own", "path": "/own/{device}", "decoder": "pharos"}
ONE_SOURCE = (
    "bindings[0]: expected one of topic, on which devices publish, path, to which they post, kafka, a topic whose "
    "records are messages, and pull, how a service is asked"
)
NOBODY = "bindings[0].path: expected {device} in the path, or a gateway that posts there for its devices"
METER = electricity_meter(native_id="M1", binding="own")


def told(*bindings: Declared) -> list[str]:
    """Return what is wrong with a city of these bindings, each with its key."""
    return towns.wrong(towns.town(electricity_meter(), bindings=list(bindings)))


def test_a_message_of_a_path_is_named_as_no_topic_of_a_broker_can_be() -> None:
    name = named("harbour", "own/M1")
    assert name == "#http/harbour/own/M1"
    assert is_path(name)
    assert not is_path("http/harbour/own/M1")


def test_a_path_is_that_of_its_binding_in_its_city_only() -> None:
    bindings = Bindings([towns.city(METER, name=name, bindings=[HOOKS, OWN]) for name in ("harbour", "quay")])
    found = bindings.of(named("quay", "own/M1"))
    assert found
    bound, given = found
    assert (bound.city, bound.name, given, list(bound.devices)) == ("quay", "own", {"device": "M1"}, ["M1"])
    assert bindings.of(named("harbour", "own")) is None
    assert bindings.of("own/M1") is None
    assert {bound.name: bound.query for bound in bindings} == {"hooks": {"event": "up"}, "own": {}}


def test_a_template_of_topics_never_takes_a_path_and_no_session_is_opened_for_one() -> None:
    everything = {"name": "all", "topic": "{a}/{b}/{c}/{d}", "decoder": "pharos", "gateway": "bridge"}
    bindings = Bindings([towns.city(METER, bindings=[everything, OWN])])
    assert bindings.filters == ("+/+/+/+",)
    found = bindings.of(named("harbour", "own/M1"))
    assert found
    assert found[0].name == "own"
    assert bindings.of("harbour/own/M1/x") is not None


@pytest.mark.parametrize(
    ("bindings", "expected"),
    [
        ([HOOKS, OWN], []),
        ([{**HOOKS, "topic": "hooks"}], [ONE_SOURCE]),
        ([{"name": "none", "decoder": "pharos", "gateway": "g"}], [ONE_SOURCE]),
        ([{**OWN, "path": "own"}], [NOBODY]),
        (
            [HOOKS, {**HOOKS, "name": "more", "path": "{any}"}],
            ["bindings[1].path: expected paths of one binding each; some are also those of hooks (hooks?event=up)"],
        ),
    ],
)
def test_what_is_wrong_is_told_where_it_stands(bindings: list[Declared], expected: list[str]) -> None:
    assert told(*bindings) == expected


@pytest.mark.parametrize("path", ["", "a//b", "a b", "#", "a/../b", ".", "ä", "{Device}", "{d}/{d}", "a?b", "x" * 201])
def test_what_is_no_path_is_told_with_one_that_is(path: str) -> None:
    (fault,) = told({**HOOKS, "path": path})
    assert fault.startswith("bindings[0].path: expected a ")


def test_who_only_posts_publishes_nothing_and_is_told_where_to_post() -> None:
    city = towns.city(METER, bindings=[HOOKS, OWN, {**HOOKS, "name": "orion", "path": "v2/notify", "gateway": "cb"}])
    granted = rights([city])
    assert granted["harbour", "lns"] == Rights((), is_device=False)
    assert ("harbour", "M1") not in granted  # as any device: on its native topics
    assert {who: addresses(city, who) for who in ("lns", "M1", "cb", "other")} == {
        "lns": ["/api/v1/ingest/harbour/hooks?event=up"],
        "M1": ["/api/v1/ingest/harbour/own/M1"],
        "cb": ["/v2/notify"],
        "other": [],
    }
