"""The folder of a deployment: made once, completed and renewed without changing what is there, readable by few."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from deploy.embedded.accounts import READER
from deploy.errors import CertificateError, CredentialError, ForeignFolderError
from deploy.production import mqtt_accounts
from deploy.production.certificates import expiry
from deploy.production.deployment import SECRETS, SERVERS, Deployment, admit_services
from deploy.production.mqtt_accounts import SERVICES
from ingest.model.binding_rights import BoundRight, Rights

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def contents(root: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def deployment(tmp_path: Path, said: list[str]) -> Deployment:
    made = Deployment(tmp_path / "production", said.append)
    made.prepare(["mqtt.example.org"], NOW)
    return made


def test_every_secret_is_another_one_and_only_owner_and_group_can_read_it(deployment: Deployment) -> None:
    secrets = [deployment.secret(name) for name in SECRETS]
    assert len({path.read_text() for path in secrets}) == len(SECRETS)
    assert {stat.S_IMODE(path.stat().st_mode) for path in secrets} == {0o640}
    assert min(len(path.read_text()) for path in secrets) >= 32
    assert stat.S_IMODE((deployment.root / "tls" / "ca.key").stat().st_mode) == 0o600


def test_a_second_time_changes_nothing(deployment: Deployment, said: list[str]) -> None:
    before = contents(deployment.root)
    said.clear()
    deployment.prepare([], NOW + timedelta(days=300))
    assert contents(deployment.root) == before
    assert said == []


def test_what_ends_soon_is_issued_anew_by_the_same_authority(deployment: Deployment, said: list[str]) -> None:
    authority = (deployment.root / "tls" / "ca.crt").read_bytes()
    later = NOW + timedelta(days=700)
    said.clear()
    deployment.prepare([], later)
    assert [line.split(" for ")[0] for line in said] == [f"certificate of {server}" for server in SERVERS]
    assert (deployment.root / "tls" / "ca.crt").read_bytes() == authority
    ends = deployment.certificate_ends()
    assert ends["mosquitto"] > later + timedelta(days=600)
    assert ends["ca"] == expiry(authority.decode())


def test_a_server_without_a_certificate_is_named_with_what_makes_one(deployment: Deployment) -> None:
    (deployment.root / "tls" / "database.crt").unlink()
    with pytest.raises(CertificateError, match="database has no certificate"):
        deployment.certificate_ends()
    deployment.prepare([], NOW)
    assert "database" in deployment.certificate_ends()


def test_a_further_name_is_added_to_those_that_are_known(deployment: Deployment, said: list[str]) -> None:
    said.clear()
    deployment.prepare(["192.0.2.7"], NOW)
    assert said[0].startswith("certificate of mosquitto for mosquitto, mqtt.example.org, 192.0.2.7, localhost")


def test_without_the_authoritys_key_nothing_is_issued(deployment: Deployment) -> None:
    (deployment.root / "tls" / "ca.key").unlink()
    with pytest.raises(CertificateError, match="it is needed to issue certificates"):
        deployment.prepare([], NOW + timedelta(days=700))


def test_a_rotated_secret_of_the_broker_is_let_in_and_the_former_is_not(deployment: Deployment) -> None:
    passwords = deployment.root / "mqtt" / "passwords-of-services"
    before = {line.partition(":")[0]: line for line in passwords.read_text().splitlines()}
    deployment.rotate("mqtt-ingest")
    after = {line.partition(":")[0]: line for line in passwords.read_text().splitlines()}
    assert before.keys() == after.keys() == set(SERVICES) - {READER}  # who is outside, as devices are
    assert before["ingest"] != after["ingest"]


def test_only_the_secret_that_is_named_is_replaced(deployment: Deployment) -> None:
    before = contents(deployment.root)
    deployment.rotate("database-writer")
    after = contents(deployment.root)
    assert [path.name for path in before if before[path] != after[path]] == ["database-writer"]
    with pytest.raises(CredentialError, match="no secret is called 'database'; expected one of database-superuser, "):
        deployment.rotate("database")


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "holiday.jpg").touch()
    with pytest.raises(ForeignFolderError, match="Nothing was changed"):
        Deployment(tmp_path, lambda _: None).prepare([], NOW)
    assert [path.name for path in tmp_path.iterdir()] == ["holiday.jpg"]


def test_a_device_gets_rights_and_a_verifier_and_loses_both(deployment: Deployment) -> None:
    accounts = mqtt_accounts.found(deployment.root)
    assert accounts
    secret = accounts.devices.add("harbour", "meter-7")
    accounts.render()
    rights = (deployment.root / "mqtt" / "rights").read_text()
    assert "user harbour.meter-7\ntopic write pharos/v1/harbour/meter-7/telemetry\n" in rights
    assert "harbour.meter-7:$7$" in (deployment.root / "mqtt" / "passwords").read_text()
    assert secret not in str(contents(deployment.root))
    accounts.devices.revoke("harbour", "meter-7")
    accounts.render()
    assert "meter-7" not in (deployment.root / "mqtt" / "passwords").read_text()
    assert "meter-7" not in (deployment.root / "mqtt" / "rights").read_text()


def test_damaged_accounts_are_named(deployment: Deployment) -> None:
    (deployment.root / "mqtt" / "services.json").write_text("{")
    accounts = mqtt_accounts.found(deployment.root)
    assert accounts
    with pytest.raises(CredentialError, match=r"services\.json is damaged"):
        accounts.render()


def test_what_bindings_allow_stays_granted_whoever_is_let_in_later(deployment: Deployment) -> None:
    accounts = mqtt_accounts.found(deployment.root)
    assert accounts
    accounts.devices.add("harbour", "bridge")
    allowed = Rights((BoundRight("zigbee2mqtt/+", "zigbee2mqtt/+"),), is_device=False)
    accounts.grant({("harbour", "bridge"): allowed})
    accounts.devices.add("harbour", "meter-7")
    accounts.render()
    rights = (deployment.root / "mqtt" / "rights").read_text()
    own = "user harbour.bridge\ntopic write zigbee2mqtt/+\ntopic read pharos/v1/harbour/bridge/feedback\n"
    assert own in rights
    assert "user ingest\ntopic read #\n" in rights
    accounts.grant({})
    assert "zigbee2mqtt" not in (deployment.root / "mqtt" / "rights").read_text()


def test_the_rights_are_those_of_this_version_after_an_upgrade(deployment: Deployment) -> None:
    (deployment.root / "mqtt" / "rights").write_text("user ingest\ntopic read pharos/v1/#\n")
    deployment.prepare([], NOW)
    assert "topic read #\n" in (deployment.root / "mqtt" / "rights").read_text()


def test_accounts_on_a_volume_take_up_new_passwords_of_ours_and_keep_devices(deployment: Deployment) -> None:
    volume, secrets = deployment.root / "volume", deployment.root / "secrets"
    volume.mkdir()
    admit_services(volume, secrets)
    kept = mqtt_accounts.MqttAccounts(volume)
    kept.devices.add("harbour", "meter-1")
    kept.render()
    of_devices = (volume / "passwords").read_text()
    of_services = (volume / "passwords-of-services").read_text()
    deployment.rotate("mqtt-ingest")
    admit_services(volume, secrets)
    changed = (volume / "passwords-of-services").read_text()
    assert [line.split(":")[0] for line in changed.splitlines()] == [
        line.split(":")[0] for line in of_services.splitlines()
    ]
    assert changed != of_services
    assert "harbour" in of_devices
    assert "harbour" in (volume / "passwords").read_text()


def test_accounts_without_a_password_stay_as_they_are_and_the_missing_file_is_named(deployment: Deployment) -> None:
    volume, secrets = deployment.root / "volume", deployment.root / "secrets"
    volume.mkdir()
    (secrets / "mqtt-probe").unlink()
    with pytest.raises(CredentialError, match=r"mqtt-probe: No such file or directory; no account was changed"):
        admit_services(volume, secrets)
    assert list(volume.iterdir()) == []
