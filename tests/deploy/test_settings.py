"""Settings come from the environment, and a bad one is named with what was expected."""

import os
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg.conninfo import conninfo_to_dict

from deploy.errors import SettingsError
from deploy.settings import Address, load, running_stack, unknown_variables, variables
from ingest.limits import PayloadLimits
from ingest.sources.kafka.cluster import Cluster, Security
from ingest.sources.mqtt.endpoint import Endpoint


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("PHAROS_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_defaults_listen_on_loopback_only() -> None:
    assert load().http == Address("127.0.0.1", 8080)
    assert load().internal is None


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PHAROS_DATABASE_URL", "postgresql://me:secret@db:5432/pharos")
    monkeypatch.setenv("PHAROS_CITIES", os.pathsep.join(["a.yaml", "b.yaml"]))
    monkeypatch.setenv("PHAROS_INTERNAL", "[::1]:9100")
    monkeypatch.setenv("PHAROS_KAFKA_BOOTSTRAP", "kafka-1:9092,kafka-2:9092")
    settings = load()
    assert settings.database() == "postgresql://me:secret@db:5432/pharos"
    assert settings.cities == [Path("a.yaml"), Path("b.yaml")]
    assert settings.internal == Address("::1", 9100)
    assert settings.kafka() == Cluster("kafka-1:9092,kafka-2:9092")


def test_refused_messages_are_kept_for_ninety_days_or_as_many_as_are_set(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load().quarantine_days == 90
    monkeypatch.setenv("PHAROS_QUARANTINE_DAYS", "7")
    assert load().quarantine_days == 7
    monkeypatch.setenv("PHAROS_QUARANTINE_DAYS", "0")
    with pytest.raises(SettingsError, match="PHAROS_QUARANTINE_DAYS: Input should be greater than or equal to 1"):
        load()


def test_no_secret_is_shown_when_settings_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PHAROS_MQTT_URL", "mqtt://me:secret@broker:1883")
    assert "secret" not in repr(load())


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("PHAROS_HTTP", "8080", "expected HOST:PORT"),
        ("PHAROS_HTTP", "127.0.0.1:99999", "a port from 1 to 65535"),
        ("PHAROS_DATABASE_URL", "mysql://me:secret@db/x", "expected postgresql://"),
        ("PHAROS_KAFKA_BOOTSTRAP", "kafka-1:9092,kafka-2", "expected HOST:PORT"),
        ("PHAROS_MQTT_URL", "tcp://me:secret@broker", "expected mqtt://"),
        ("PHAROS_KAFKA_SECURITY", "TLS", "'PLAINTEXT', 'SSL', 'SASL_PLAINTEXT' or 'SASL_SSL'"),
        ("PHAROS_MQTT_CA_FILE", "nowhere.crt", "expected a file; nowhere.crt is none"),
        ("PHAROS_DATABASE_PASSWORD_FILE", "nowhere", "expected a file; nowhere is none"),
    ],
)
def test_a_bad_value_is_named_with_what_was_expected_and_without_its_secret(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, expected: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as refusal:
        load()
    assert str(refusal.value).startswith(f"{name}: ")
    assert expected in str(refusal.value)
    assert "secret" not in str(refusal.value)


def test_a_missing_value_is_named_by_the_role_that_needs_it() -> None:
    with pytest.raises(SettingsError, match="PHAROS_MQTT_URL: not set; expected mqtt://"):
        load().mqtt()


def test_a_running_stack_is_found_through_its_folder_and_the_environment_wins(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()
    running_stack(tmp_path / "data").write_text(
        "PHAROS_DATABASE_URL=postgresql://a:b@127.0.0.1:1/c\nPHAROS_MQTT_URL=mqtt://a:b@127.0.0.1:2\n"
    )
    monkeypatch.setenv("PHAROS_MQTT_URL", "mqtt://elsewhere:1883")
    assert load().database() == "postgresql://a:b@127.0.0.1:1/c"
    assert load().mqtt() == "mqtt://elsewhere:1883"


def test_a_password_in_a_file_of_its_own_becomes_part_of_the_address(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("p@ss/wörd:?#%\n", encoding="utf-8")
    (tmp_path / "ca.crt").touch()
    monkeypatch.setenv("PHAROS_DATABASE_URL", "postgresql://pharos_writer@db:5432/pharos?sslmode=disable")
    monkeypatch.setenv("PHAROS_MQTT_URL", "mqtts://ingest@broker")
    monkeypatch.setenv("PHAROS_MQTT_CA_FILE", str(tmp_path / "ca.crt"))
    monkeypatch.setenv("PHAROS_DATABASE_PASSWORD_FILE", str(tmp_path / "secret"))
    monkeypatch.setenv("PHAROS_MQTT_PASSWORD_FILE", str(tmp_path / "secret"))
    given = conninfo_to_dict(load().database())
    assert (given["user"], given["password"], given["sslmode"]) == ("pharos_writer", "p@ss/wörd:?#%", "disable")
    expected = Endpoint("broker", 8883, True, "ingest", "p@ss/wörd:?#%", tmp_path / "ca.crt")
    assert load().broker() == expected


def test_kafka_is_reached_as_is_said_and_its_password_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("hidden\n")
    monkeypatch.setenv("PHAROS_KAFKA_BOOTSTRAP", "kafka:9093")
    monkeypatch.setenv("PHAROS_KAFKA_SECURITY", "SASL_PLAINTEXT")
    with pytest.raises(SettingsError, match="PHAROS_KAFKA_USER: not set; expected the name of a user"):
        load().kafka()
    monkeypatch.setenv("PHAROS_KAFKA_USER", "ingest")
    with pytest.raises(SettingsError, match="PHAROS_KAFKA_PASSWORD_FILE: not set; expected a file with the password"):
        load().kafka()
    monkeypatch.setenv("PHAROS_KAFKA_PASSWORD_FILE", str(tmp_path / "secret"))
    assert load().kafka() == Cluster("kafka:9093", Security.SASL_PLAINTEXT, "ingest", "hidden")
    assert "hidden" not in repr(load().kafka()) + str(load().kafka())


@pytest.mark.parametrize("url", ["mqtts://broker", "mqtts://ingest:first@broker"])
def test_a_password_in_a_file_wants_a_user_and_no_second_password(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, url: str
) -> None:
    (tmp_path / "secret").write_text("second")
    monkeypatch.setenv("PHAROS_MQTT_URL", url)
    monkeypatch.setenv("PHAROS_MQTT_PASSWORD_FILE", str(tmp_path / "secret"))
    with pytest.raises(SettingsError, match="PHAROS_MQTT_URL: expected a user and no password") as refusal:
        load().mqtt()
    assert "first" not in str(refusal.value)


def test_an_empty_password_file_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("\n")
    monkeypatch.setenv("PHAROS_MQTT_URL", "mqtts://ingest@broker")
    monkeypatch.setenv("PHAROS_MQTT_PASSWORD_FILE", str(tmp_path / "secret"))
    with pytest.raises(SettingsError, match=r"PHAROS_MQTT_PASSWORD_FILE: .*secret is empty"):
        load().mqtt()


def test_a_misspelt_variable_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PHAROS_DATABASE", "postgresql://db/pharos")
    assert unknown_variables() == ["PHAROS_DATABASE"]


@given(st.text())
def test_an_address_is_read_or_refused_never_misread(text: str) -> None:
    with suppress(ValueError):
        address = Address.parse(text)
        assert 0 < address.port < 65536
        assert address.host


@given(st.sampled_from(["127.0.0.1", "::1", "localhost"]), st.integers(1, 65535))
def test_an_address_is_read_as_it_is_written(host: str, port: int) -> None:
    assert Address.parse(str(Address(host, port))) == (host, port)


def test_limits_of_a_message_are_told_by_variables_and_back(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = PayloadLimits(samples=7, readings=8, depth=5, name=9, told=2)
    for name, value in variables(wanted).items():
        monkeypatch.setenv(name, value)
    assert load().limits() == wanted


def test_a_depth_that_no_good_message_keeps_to_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PHAROS_MESSAGE_DEPTH", "2")
    with pytest.raises(SettingsError, match="PHAROS_MESSAGE_DEPTH: Input should be greater than or equal to 3"):
        load()
