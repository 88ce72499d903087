"""Nobody who speaks is let in before somebody listens: a broker forgets what nobody has subscribed to."""

from pathlib import Path

import pytest

from deploy.embedded.accounts import ANNOUNCER, INBOX, INGEST, PUBLISHER, READER, SIMULATOR
from deploy.embedded.admission import Admission
from deploy.embedded.credentials import DeviceCredentials, service_accounts, service_secrets
from deploy.embedded.nats import Nats
from deploy.settings import Address

METER = "harbour.meter"
OURS = {INGEST, ANNOUNCER, INBOX, PUBLISHER, READER}


class _House:
    """A data folder with a broker that is not running, and whether ingest is subscribed to it."""

    def __init__(self, root: Path) -> None:
        self.is_subscribed = False
        self.devices = DeviceCredentials(root / "devices.json")
        self.devices.add("harbour", "meter")
        self._root = root
        self.start()

    def start(self) -> None:
        """Begin, with what the folder holds."""
        home = self._root / "nats"
        home.mkdir(exist_ok=True)
        self.broker = Nats(home, Address("127.0.0.1", 1))
        services = service_accounts(service_secrets(self._root / "services.json"))
        self._admission = Admission(self.broker, home, services, self.devices, lambda: self.is_subscribed)

    def admitted(self) -> set[str]:
        """Return who is let in by now."""
        self._admission.renew()
        return {account.name for account in self.broker.admitted}


@pytest.fixture
def house(tmp_path: Path) -> _House:
    return _House(tmp_path)


def test_who_speaks_waits_until_ingest_listens_for_the_first_time(house: _House) -> None:
    assert house.admitted() == OURS
    house.is_subscribed = True
    assert house.admitted() == {*OURS, SIMULATOR, METER}


def test_whoever_was_let_in_stays_while_ingest_is_away_and_is_let_in_at_the_next_start(house: _House) -> None:
    house.is_subscribed = True
    house.admitted()
    house.is_subscribed = False
    assert METER in house.admitted()
    house.start()
    assert METER in house.admitted()


def test_a_credential_that_is_issued_while_nobody_listens_is_let_in_later(house: _House) -> None:
    house.admitted()
    house.devices.add("harbour", "another")
    assert house.admitted() == OURS
    house.is_subscribed = True
    assert house.admitted() >= {METER, "harbour.another"}


def test_what_a_broker_could_not_be_told_is_told_again(house: _House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.is_subscribed = True
    house.admitted()
    house.devices.add("harbour", "another")
    with monkeypatch.context() as failing:
        failing.setattr(house.broker, "admit", lambda *told: _fail())
        with pytest.raises(OSError, match="no room"):
            house.admitted()
    assert "harbour.another" in house.admitted()


def _fail() -> None:
    raise OSError("no room")
