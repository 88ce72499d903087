"""What Grafana loads when it starts fits the composition: mounts, addresses, secrets, and a role that only reads."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.grafana.sources import POSTGRESQL, PROMETHEUS
from deploy.postgres.roles import ROLES

ROOT = Path(__file__).parents[3]
PROVISIONING = ROOT / "deploy" / "grafana" / "provisioning"


def read(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return document


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    services: dict[str, Any] = read(ROOT / "docker-compose.yml")["services"]
    return services


@pytest.fixture(scope="module")
def sources() -> dict[str, Any]:
    return {one["type"]: one for one in read(PROVISIONING / "datasources" / "pharos.yaml")["datasources"]}


def test_there_is_a_source_of_each_kind_that_dashboards_choose_from(sources: dict[str, Any]) -> None:
    assert set(sources) == {POSTGRESQL, PROMETHEUS}
    assert not any(source["editable"] for source in sources.values())


def test_the_database_is_read_as_a_role_of_its_own_with_its_password_in_a_file(
    sources: dict[str, Any], services: dict[str, Any]
) -> None:
    source = sources[POSTGRESQL]
    assert source["user"] == ROLES["grafana"]
    secret = source["secureJsonData"]["password"].removeprefix("$__file{/run/secrets/").removesuffix("}")
    assert secret in services["grafana"]["secrets"]


def test_the_database_is_believed_for_its_certificate_only(sources: dict[str, Any], services: dict[str, Any]) -> None:
    options = sources[POSTGRESQL]["jsonData"]
    assert (options["sslmode"], options["tlsConfigurationMethod"]) == ("verify-full", "file-path")
    assert options["sslRootCertFile"].removeprefix("/run/secrets/") in services["grafana"]["secrets"]


def test_sources_are_where_the_composition_has_them(sources: dict[str, Any], services: dict[str, Any]) -> None:
    hosts = {sources[POSTGRESQL]["url"].split(":")[0], sources[PROMETHEUS]["url"].split("/")[2].split(":")[0]}
    assert hosts <= services.keys()


def test_dashboards_are_mounted_where_their_provider_looks(services: dict[str, Any]) -> None:
    (provider,) = read(PROVISIONING / "dashboards" / "pharos.yaml")["providers"]
    mounts = dict(str(volume).split(":")[:2] for volume in services["grafana"]["volumes"])
    assert mounts["./deploy/grafana/dashboards"] == provider["options"]["path"]
    assert mounts["./deploy/grafana/provisioning"] == services["grafana"]["environment"]["GF_PATHS_PROVISIONING"]
