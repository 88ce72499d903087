"""Device credentials: shown once, kept as hashes, gone when revoked."""

from pathlib import Path

import bcrypt
import pytest

from deploy.embedded.credentials import DeviceCredentials, service_secrets
from deploy.errors import CredentialError


@pytest.fixture
def credentials(tmp_path: Path) -> DeviceCredentials:
    return DeviceCredentials(tmp_path / "devices.json")


def test_a_secret_is_kept_as_hashes_only(credentials: DeviceCredentials, tmp_path: Path) -> None:
    secret = credentials.add("vitoria", "meter-1")
    (known,) = credentials
    assert bcrypt.checkpw(secret.encode(), known.verifier.bcrypt.encode())
    assert secret not in (tmp_path / "devices.json").read_text()
    assert (tmp_path / "devices.json").stat().st_mode & 0o777 == 0o600


def test_a_device_may_use_its_own_topics_only(credentials: DeviceCredentials) -> None:
    credentials.add("vitoria", "meter-1")
    (account,) = credentials.accounts()
    assert account.name == "vitoria.meter-1"
    assert account.may_publish == ("pharos/v1/vitoria/meter-1/telemetry", "pharos/v1/vitoria/meter-1/status")
    assert account.may_subscribe == ("pharos/v1/vitoria/meter-1/feedback",)


def test_a_second_credential_is_refused_and_a_rotated_one_differs(credentials: DeviceCredentials) -> None:
    first = credentials.add("vitoria", "meter-1")
    with pytest.raises(CredentialError, match="rotate it instead"):
        credentials.add("vitoria", "meter-1")
    assert credentials.rotate("vitoria", "meter-1") != first


def test_a_revoked_device_is_gone(credentials: DeviceCredentials) -> None:
    credentials.add("vitoria", "meter-1")
    credentials.revoke("vitoria", "meter-1")
    assert list(credentials) == []
    with pytest.raises(CredentialError, match="has no credential"):
        credentials.revoke("vitoria", "meter-1")


def test_a_change_is_noticed(credentials: DeviceCredentials) -> None:
    before = credentials.version()
    credentials.add("vitoria", "meter-1")
    assert credentials.version() != before


@pytest.mark.parametrize("name", ["", "a/b", "a.b", "#", "+", "*", ">", "$SYS", "a b", 'a" }', "a\n", ":a"])
def test_a_name_that_could_reach_another_topic_is_refused(credentials: DeviceCredentials, name: str) -> None:
    with pytest.raises(CredentialError, match="is no native id of a device"):
        credentials.add("vitoria", name)
    with pytest.raises(CredentialError, match="is no name of a city"):
        credentials.add(name, "meter-1")


def test_a_native_id_has_its_own_topics_and_a_user_name_that_every_broker_takes(credentials: DeviceCredentials) -> None:
    credentials.add("vitoria", "KAM:68_439-a")
    (account,) = credentials.accounts()
    assert account.name == "vitoria.KAM.68_439-a"
    assert account.may_subscribe == ("pharos/v1/vitoria/KAM:68_439-a/feedback",)


def test_a_damaged_file_is_named(credentials: DeviceCredentials, tmp_path: Path) -> None:
    (tmp_path / "devices.json").write_text("{")
    with pytest.raises(CredentialError, match=r"devices.json is damaged"):
        list(credentials)


def test_our_own_passwords_are_made_once(tmp_path: Path) -> None:
    assert service_secrets(tmp_path / "services.json") == service_secrets(tmp_path / "services.json")
