"""A role that takes messages from a broker is not ready while it has no subscription there."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from deploy.causes import Unreadiness
from deploy.roles.ingest import IngestRole
from deploy.roles.intake import Intake
from deploy.roles.relay import Relay
from deploy.roles.role import Stop
from deploy.settings import Settings

BROKER = {"broker (telemetry)", "broker (status)"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return settings whose broker is not there."""
    return Settings(data=tmp_path, mqtt_url=SecretStr("mqtt://127.0.0.1:1"), kafka_bootstrap="127.0.0.1:1")


def test_a_role_names_the_broker_before_it_has_begun(settings: Settings, stop: Stop) -> None:
    of_ingest, of_relay = Unreadiness(), Unreadiness()
    IngestRole(settings, [], of_ingest, stop)
    Relay(settings, of_relay, stop)
    assert set(of_ingest()) >= BROKER
    assert set(of_relay()) >= BROKER


@pytest.mark.process
def test_a_role_that_has_ended_its_subscriptions_names_the_broker_again(settings: Settings) -> None:
    causes = Unreadiness()
    intake = Intake(settings, causes)
    for name in BROKER:
        causes.clear(name)  # as when both are subscribed
    intake.close()
    assert set(causes()) >= BROKER
