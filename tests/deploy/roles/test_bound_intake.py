"""The sessions of bindings, on a real broker: opened as city files say, emptied and ended when a binding has gone."""

import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from deploy.causes import Unreadiness
from deploy.roles.bound_intake import BoundIntake
from ingest.sources.mqtt.endpoint import Endpoint
from ingest.sources.mqtt.inbox import Inbox
from ingest.sources.mqtt.kept_sessions import KeptSessions
from tests.waiting import until

if TYPE_CHECKING:
    from tests.conftest import RunningBroker

pytestmark = pytest.mark.integration

FILTER = "house/+/state"


def test_a_binding_that_has_gone_is_listened_to_until_it_is_quiet_and_its_session_then_ends(
    broker: "RunningBroker", tmp_path: Path
) -> None:
    kept, causes, endpoint = KeptSessions(tmp_path), Unreadiness(), Endpoint.parse(broker.url)
    with closing(BoundIntake(endpoint, kept, Inbox(), causes, quiet=3600.0)) as first:
        first.follow((FILTER,))
        assert set(causes()) == {f"broker ({FILTER})"}
        until(lambda: kept.filters() == {FILTER})
        until(lambda: not causes())
        first.follow(())
        assert kept.filters() == {FILTER}
    with closing(BoundIntake(endpoint, kept, Inbox(), causes, quiet=0.1)) as second:  # at the next start
        while kept.filters():
            second.follow(())
            time.sleep(0.01)
    assert [path.name for path in tmp_path.iterdir() if "client" in path.name] == []


def test_a_binding_that_comes_back_in_time_keeps_its_session(broker: "RunningBroker", tmp_path: Path) -> None:
    kept, causes = KeptSessions(tmp_path), Unreadiness()
    identity = kept.client_id(FILTER)
    with closing(BoundIntake(Endpoint.parse(broker.url), kept, Inbox(), causes, quiet=0.1)) as intake:
        intake.follow((FILTER,))
        until(lambda: not causes())
        intake.follow(())
        intake.follow((FILTER,))
        time.sleep(0.3)
        intake.follow((FILTER,))
        assert kept.filters() == {FILTER}
    assert kept.client_id(FILTER) == identity
