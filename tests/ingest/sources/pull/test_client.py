"""A service is asked as fast as it allows, again when it fails, and never with a secret in what is told."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from ingest.sources.pull.account import ServiceAccount
from ingest.sources.pull.client import LONGEST_PAUSE, PATIENCE, TRIES, Client
from ingest.sources.pull.errors import (
    AccountError,
    PullError,
    QuestionRefusedError,
    ServiceAwayError,
    StoppedError,
)
from tests.hub_server import Answer, HubServer, Reply, Request, hub_server, in_turn


class Clock:
    """Time that passes when somebody waits, ``waits`` how long each time; asked to stop it says so."""

    def __init__(self, *, is_stopped: bool = False) -> None:
        self.now, self.waits, self._is_stopped = 0.0, list[float](), is_stopped

    def wait(self, seconds: float) -> bool:
        """Let so many seconds pass; returns whether to stop."""
        self.waits.append(seconds)
        self.now += seconds
        return self._is_stopped


@contextmanager
def asking(
    answer: Answer, clock: Clock | None = None, pause: float = 0.0, **secrets: str
) -> Iterator[tuple[Client, HubServer]]:
    clock = clock or Clock()
    with (
        hub_server(answer) as server,
        Client(server.url, ServiceAccount("meters", None, secrets), pause, clock.wait, lambda: clock.now) as client,
    ):
        yield client, server


def test_an_answer_is_returned_as_it_came() -> None:
    with asking(in_turn(Reply('{"a": 1}'))) as (client, server):
        assert client.get("/data", {"q": "ä"}, {"Authorization": "Bearer x"}) == b'{"a": 1}'
        assert (server.requests[0].query, server.requests[0].token) == ({"q": "ä"}, "x")


@pytest.mark.parametrize("status", [429, 503, 500, 408])
def test_a_service_that_fails_is_asked_again_with_growing_pauses(status: int) -> None:
    clock = Clock()
    with asking(in_turn(Reply(status=status), Reply(status=status), Reply("there")), clock) as (client, _):
        assert client.get("/data") == b"there"
    first, second = clock.waits
    assert 0 < first < second <= LONGEST_PAUSE


def test_a_service_that_says_how_long_it_wants_to_be_left_alone_is_left_alone() -> None:
    clock = Clock()
    with asking(in_turn(Reply(status=429, headers={"Retry-After": "17"}), Reply("there")), clock) as (client, _):
        assert client.get("/data") == b"there"
    assert clock.waits == [17.0]


def test_a_date_is_a_wish_as_well() -> None:
    clock, until = Clock(), format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    with asking(in_turn(Reply(status=429, headers={"Retry-After": until}), Reply("there")), clock) as (client, _):
        client.get("/data")
    assert 0.0 < clock.waits[0] <= 60.0


@pytest.mark.parametrize("written", ["Sat, 01 Jan 2000 00:00:00 -0000", "Sat, 01 Jan 2000 00:00:00"])
def test_a_date_without_a_zone_is_in_utc(written: str) -> None:
    clock = Clock()
    with asking(in_turn(Reply(status=503, headers={"Retry-After": written}), Reply("there")), clock) as (client, _):
        assert client.get("/data") == b"there"
    assert clock.waits == [0.0]


@pytest.mark.parametrize("written", ["soon", "1.5", "-3"])
def test_what_is_no_wish_is_none(written: str) -> None:
    clock = Clock()
    with asking(in_turn(Reply(status=429, headers={"Retry-After": written}), Reply("there")), clock) as (client, _):
        assert client.get("/data") == b"there"
    assert 0.0 < clock.waits[0] <= LONGEST_PAUSE


def test_a_wish_that_is_too_long_to_wait_for_is_told_and_nothing_is_asked_meanwhile() -> None:
    wish = PATIENCE + 1
    with asking(in_turn(Reply(status=429, headers={"Retry-After": f"{wish:.0f}"}))) as (client, server):
        with pytest.raises(ServiceAwayError, match="asked again in 121 s") as told:
            client.get("/data")
        assert (told.value.wait, len(server.requests)) == (wish, 1)


def test_a_service_that_goes_on_failing_is_away() -> None:
    with asking(in_turn(Reply(status=502))) as (client, server):
        with pytest.raises(ServiceAwayError, match=f"answers 502, {TRIES} times"):
            client.get("/data")
        assert len(server.requests) == TRIES


def test_a_service_that_is_not_there_is_away() -> None:
    nowhere = Client("http://127.0.0.1:1", ServiceAccount("none"), 0.0, Clock().wait)
    with nowhere as client, pytest.raises(ServiceAwayError, match="ConnectError"):
        client.get("/data")


def test_questions_are_kept_apart() -> None:
    clock = Clock()
    with asking(in_turn(Reply("there")), clock, pause=5.0) as (client, _):
        for _ in range(3):
            client.get("/data")
    assert clock.waits == [5.0, 5.0]


@pytest.mark.parametrize("status", [400, 403, 404])
def test_a_question_that_is_refused_is_not_asked_again(status: int) -> None:
    with asking(in_turn(Reply("no access to this point", status))) as (client, server):
        with pytest.raises(QuestionRefusedError, match=rf"answers {status}: 'no access to this point'"):
            client.get("/data")
        assert len(server.requests) == 1


def test_a_token_is_fetched_once_and_renewed_when_it_is_over() -> None:
    clock, fetched = Clock(), list[str]()

    def fetch() -> tuple[str, float]:
        fetched.append(f"token-{len(fetched) + 1}")
        return fetched[-1], 60.0

    with asking(in_turn(Reply("there")), clock) as (client, server):
        for wait in (0.0, 59.0, 2.0):
            clock.now += wait
            client.get("/data", headers=client.token(fetch))
        assert [request.token for request in server.requests] == ["token-1", "token-1", "token-2"]


def _renewing(client: Client) -> Callable[[], bytes]:
    tokens = iter(["old", "new", "newer"])
    return lambda: client.renewed(lambda: client.get("/data", headers=client.token(lambda: (next(tokens), 3600.0))))


def test_a_token_that_is_taken_no_more_is_renewed_once() -> None:
    def answer(request: Request) -> Reply:
        return Reply("there") if request.token in {"new"} else Reply(status=401)

    with asking(answer) as (client, server):
        ask = _renewing(client)
        with pytest.raises(AccountError):
            ask()  # the very first token: it is the account that is not taken
        assert ask() == b"there"
        assert [request.token for request in server.requests] == ["old", "old", "new"]


def test_nothing_that_is_told_holds_a_secret() -> None:
    hidden = "known-to-the-city-alone"
    refusing = in_turn(Reply(f"bad key {hidden}", 400))
    with asking(refusing, key=hidden) as (client, _), pytest.raises(PullError) as told:
        client.get("/api", {"securityToken": hidden})
    assert hidden not in str(told.value)
    assert hidden not in repr(ServiceAccount("meters", None, {"key": hidden}))


def test_a_redirection_is_not_followed_with_what_is_secret() -> None:
    with asking(in_turn(Reply(status=302, headers={"Location": "http://127.0.0.1:1/"}))) as (client, server):
        with pytest.raises(QuestionRefusedError, match="answers 302"):
            client.get("/data")
        assert len(server.requests) == 1


def test_who_is_asked_to_stop_waits_no_longer() -> None:
    with asking(in_turn(Reply(status=503)), Clock(is_stopped=True)) as (client, _), pytest.raises(StoppedError):
        client.get("/data")
