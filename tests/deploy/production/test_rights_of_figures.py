"""Who may say figures that are handed on, and who may hear them, as the brokers are told."""

from pathlib import Path

from deploy.embedded import accounts
from deploy.embedded.accounts import Verifier
from deploy.embedded.mosquitto import rights
from deploy.embedded.nats_config import subjects
from deploy.production.mqtt_accounts import SERVICES, MqttAccounts
from ingest.topics import FIGURES

VERIFIER = Verifier.of("secret")


def test_the_publisher_says_figures_and_hears_nothing_and_a_reader_the_other_way_round() -> None:
    assert rights(accounts.publisher(VERIFIER)).splitlines() == ["user publisher", f"topic write {FIGURES}/#"]
    assert rights(accounts.reader(VERIFIER)).splitlines() == ["user reader", f"topic read {FIGURES}/#"]


def test_a_reader_connects_where_devices_do_and_the_publisher_where_our_own_processes_do(tmp_path: Path) -> None:
    known = MqttAccounts(tmp_path)
    known.set_services(dict.fromkeys(SERVICES, "secret"))
    outside, inside = ((tmp_path / name).read_text() for name in ("passwords", "passwords-of-services"))
    assert [line.partition(":")[0] for line in outside.splitlines()] == ["reader"]
    assert "reader:" not in inside
    assert "publisher:" in inside


def test_a_filter_that_ends_in_all_levels_is_allowed_with_the_level_above_which_it_hears_too() -> None:
    assert subjects(f"{FIGURES}/#") == ("pharos.figures", "pharos.figures.>")
