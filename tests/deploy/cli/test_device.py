"""``pharos device``: a secret is shown once, and the data folder must be the stack's."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from deploy.cli.device import register
from deploy.embedded.credentials import DeviceCredentials
from deploy.embedded.folder import DataFolder
from deploy.errors import CredentialError
from ingest.model.city.city_file import parse
from processors.storage.database import connect
from processors.storage.registry.registry import sync
from tests.towns import heat_meter, town

CITY = town(
    heat_meter("volume", name="quay", native_id="KAM:1"),
    heat_meter("volume", name="gate", native_id="crane"),
    heat_meter("volume", name="crane", native_id="other"),
)


@pytest.fixture
def app(tmp_path: Path) -> typer.Typer:
    built = typer.Typer()
    built.callback()(lambda: None)
    register(built)
    DataFolder(tmp_path / "data")
    return built


def test_a_secret_is_shown_when_it_is_issued_and_never_again(app: typer.Typer, tmp_path: Path) -> None:
    place = ["--data", str(tmp_path / "data")]
    added = CliRunner().invoke(app, ["device", "add", "vitoria", "meter-1", "--json", *place])
    secret = json.loads(added.stdout)["secret"]
    listed = CliRunner().invoke(app, ["device", "list", "--json", *place])
    assert [row["user"] for row in json.loads(listed.stdout)] == ["vitoria.meter-1"]
    assert secret not in listed.output


@pytest.fixture
def city_file(tmp_path: Path) -> str:
    (tmp_path / "harbour.yaml").write_text(CITY)
    return str(tmp_path / "harbour.yaml")


@pytest.mark.parametrize("called", ["quay", "KAM:1"])
def test_a_device_gets_the_rights_of_its_native_id_by_whichever_name(
    app: typer.Typer, tmp_path: Path, city_file: str, called: str
) -> None:
    def run(*arguments: str) -> Result:
        place = ["--data", str(tmp_path / "data")]
        return CliRunner().invoke(app, ["device", *arguments, *place], env={"PHAROS_CITIES": city_file})

    added = run("add", "harbour", called, "--json")
    assert json.loads(added.stdout)["topic"] == "pharos/v1/harbour/KAM:1/telemetry"
    assert json.loads(added.stdout)["user"] == "harbour.KAM.1"
    assert added.stderr == ""
    (account,) = DeviceCredentials(DataFolder(tmp_path / "data").devices).accounts()
    assert account.may_publish[0] == "pharos/v1/harbour/KAM:1/telemetry"
    assert json.loads(run("rotate", "harbour", called, "--json").stdout)["user"] == "harbour.KAM.1"
    ended = json.loads(run("revoke", "harbour", called, "--json").stdout)
    assert ended == {"city": "harbour", "device": called, "revoked": True}
    assert json.loads(run("list", "--json").stdout) == []


def test_a_name_that_is_the_native_id_of_another_device_is_refused(
    app: typer.Typer, tmp_path: Path, city_file: str
) -> None:
    arguments = ["device", "add", "harbour", "crane", "--data", str(tmp_path / "data")]
    refused = CliRunner().invoke(app, arguments, env={"PHAROS_CITIES": city_file})
    assert isinstance(refused.exception, CredentialError)
    assert "gate (native id crane) or crane (native id other)" in str(refused.exception)


def test_what_no_city_declares_is_taken_for_a_native_id_and_said_so(
    app: typer.Typer, tmp_path: Path, city_file: str
) -> None:
    arguments = ["device", "add", "harbour", "New:7", "--data", str(tmp_path / "data")]
    added = CliRunner().invoke(app, arguments, env={"PHAROS_CITIES": city_file})
    assert "pharos/v1/harbour/New:7/telemetry" in added.stdout
    assert "No known city file declares harbour/New:7" in added.stderr


@pytest.mark.integration
def test_a_registered_device_is_known_without_its_city_file(
    app: typer.Typer, tmp_path: Path, database_url: str
) -> None:
    with connect(database_url, "test") as connection:
        sync(connection, [parse(CITY, "harbour.yaml")])
    arguments = ["device", "add", "harbour", "quay", "--data", str(tmp_path / "data")]
    added = CliRunner().invoke(app, arguments, env={"PHAROS_DATABASE_URL": database_url})
    assert "pharos/v1/harbour/KAM:1/telemetry" in added.stdout


def test_a_folder_that_is_not_the_stacks_is_refused_and_not_made(app: typer.Typer, tmp_path: Path) -> None:
    refused = CliRunner().invoke(app, ["device", "add", "vitoria", "meter-1", "--data", str(tmp_path / "elsewhere")])
    assert isinstance(refused.exception, CredentialError)
    assert not (tmp_path / "elsewhere").exists()


def test_a_gateway_is_known_by_the_bindings_that_name_it_and_told_its_topics(app: typer.Typer, tmp_path: Path) -> None:
    binding = {"name": "plugs", "topic": "house/{device}/state", "decoder": "pharos", "gateway": "bridge"}
    (tmp_path / "bound.yaml").write_text(town(heat_meter(binding="plugs"), bindings=[binding]))
    arguments = ["device", "add", "harbour", "bridge", "--data", str(tmp_path / "data")]
    added = CliRunner().invoke(app, arguments, env={"PHAROS_CITIES": str(tmp_path / "bound.yaml")})
    assert "topic  house/+/state\n" in added.stdout
    assert "pharos/v1" not in added.stdout
    assert "No known city file" not in added.stderr
