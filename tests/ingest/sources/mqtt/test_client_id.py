"""The client id stays the same, differs from every other, and is nobody else's to read."""

from pathlib import Path

from ingest.sources.mqtt.client_id import client_id


def test_is_stable_per_purpose_and_random(tmp_path: Path) -> None:
    first = client_id(tmp_path / "one", "telemetry")
    assert client_id(tmp_path / "one", "telemetry") == first
    assert len({first, client_id(tmp_path / "one", "status"), client_id(tmp_path / "two", "telemetry")}) == 3


def test_holds_nothing_a_broker_refuses(tmp_path: Path) -> None:
    assert not set(client_id(tmp_path, "telemetry")) & set(". *>/+#")


def test_only_the_owner_reads_it(tmp_path: Path) -> None:
    client_id(tmp_path, "telemetry")
    (path,) = tmp_path.iterdir()
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_start_killed_while_writing_it_does_not_block_the_next(tmp_path: Path) -> None:
    (tmp_path / "mqtt-client-telemetry").touch()
    assert client_id(tmp_path, "telemetry") == client_id(tmp_path, "telemetry") != ""
