"""deploy/kubernetes as it stands: valid by the published schemas, hardened, and as docker-compose.yml says."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from deploy.production.deployment import GROUP
from tests.compose_file import COMPOSE, ROOT, SERVICES
from tests.every import of_every

FOLDER = ROOT / "deploy" / "kubernetes"
OLDEST = "1.31"  # as the kustomization says
IMAGE = SERVICES["api"]["image"]
OWN = "pharos"  # the name of our image, which the kustomization gives its version
WORKLOADS = {"Deployment", "StatefulSet", "Job", "CronJob", "Pod"}
BY_HAND = FOLDER / "tools"  # applied one at a time, by their names
PROXIES = "PHAROS_TRUSTED_PROXIES"  # of Docker's networks there, of a cluster's here


def _documents(folder: Path) -> list[dict[str, Any]]:
    files = [file for file in sorted(folder.rglob("*.yaml")) if file.name != "kustomization.yaml"]
    return [document for file in files for document in yaml.safe_load_all(file.read_text(encoding="utf-8"))]


DOCUMENTS = _documents(FOLDER)
KUSTOMIZATIONS = sorted(
    file
    for part in ("kubernetes", "mosquitto", "kafka", "docker")
    for file in (ROOT / "deploy" / part).rglob("kustom*.yaml")
)


def _name(document: dict[str, Any]) -> str:
    return f"{document['kind']} {document['metadata']['name']}"


def _pod(document: dict[str, Any]) -> dict[str, Any]:
    inner = document["spec"]["jobTemplate"] if document["kind"] == "CronJob" else document
    found: dict[str, Any] = inner["spec"] if document["kind"] == "Pod" else inner["spec"]["template"]["spec"]
    return found


def _containers(pod: dict[str, Any]) -> list[dict[str, Any]]:
    return [*pod.get("initContainers", []), *pod["containers"]]


def _environment(container: dict[str, Any]) -> dict[str, str]:
    return {each["name"]: each["value"] for each in container.get("env", [])}


def _secret_volumes(pod: dict[str, Any]) -> dict[str, set[str]]:
    """Return the keys of the Secret pharos that each volume of it holds."""
    of_ours = [one for one in pod["volumes"] if one.get("secret", {}).get("secretName") == "pharos"]
    return {one["name"]: {item["key"] for item in one["secret"]["items"]} for one in of_ours}


PODS = {_name(one): _pod(one) for one in DOCUMENTS if one["kind"] in WORKLOADS}
CONTAINERS = {one["name"]: one for pod in PODS.values() for one in _containers(pod)}
POLICIES = {one["metadata"]["name"]: one["spec"] for one in DOCUMENTS if one["kind"] == "NetworkPolicy"}
in_both = of_every({name: (CONTAINERS[name], SERVICES[name]) for name in sorted(CONTAINERS.keys() & SERVICES.keys())})
each_document = of_every({_name(one): one for one in DOCUMENTS})
each_pod = of_every(PODS)
each_container = of_every(CONTAINERS)


@each_document
def test_every_object_is_valid_by_the_schema_of_the_oldest_and_the_newest_version(document: dict[str, Any]) -> None:
    for version in (OLDEST, kubernetes_validate.latest_version()):
        kubernetes_validate.validate(document, version, strict=True)


def test_every_file_is_part_of_a_kustomization_and_every_file_that_one_names_is_there() -> None:
    for file in KUSTOMIZATIONS:
        told = yaml.safe_load(file.read_text(encoding="utf-8"))
        named = [
            *told.get("resources", []),
            *(one for each in told.get("configMapGenerator", []) for one in each["files"]),
        ]
        assert [one for one in named if not (file.parent / one).exists()] == []
        beside = {one.name for one in file.parent.glob("*.yaml")} - {file.name}
        assert beside - set(named) == set(), f"files that {file} does not name"


@pytest.mark.process
def test_kustomize_puts_it_together_with_every_component(tmp_path: Path) -> None:
    program = shutil.which("kustomize")
    if program is None:
        pytest.skip("kustomize is not here")
    shutil.copytree(ROOT / "deploy", tmp_path / "deploy", ignore=shutil.ignore_patterns("__pycache__"))
    overlay = tmp_path / "overlay" / "kustomization.yaml"
    overlay.parent.mkdir()
    base = "../deploy/kubernetes"
    components = [f"{base}/components/{folder.name}" for folder in (FOLDER / "components").iterdir()]
    images = [{"name": OWN, "newName": "registry.example.org/pharos", "newTag": "0.1.0"}]
    overlay.write_text(yaml.safe_dump({"resources": [base], "components": components, "images": images}))
    built = subprocess.run([program, "build", overlay.parent], capture_output=True, text=True, check=False)
    assert (built.returncode, built.stderr) == (0, "")
    made = [document for document in yaml.safe_load_all(built.stdout) if document]
    for document in made:
        kubernetes_validate.validate(document, OLDEST, strict=True)
    by_hand = {_name(one) for one in _documents(BY_HAND)}
    assert {_name(one) for one in DOCUMENTS} - by_hand <= {_name(one) for one in made}
    maps = {one["metadata"]["name"] for one in made if one["kind"] == "ConfigMap"}
    pods = [_pod(one) for one in made if one["kind"] in WORKLOADS]
    mounted = {volume["configMap"]["name"] for pod in pods for volume in pod["volumes"] if "configMap" in volume}
    assert mounted - maps == {"pharos-cities"}
    assert not re.search(rf"image: {OWN}$", built.stdout, re.MULTILINE)


@each_pod
def test_every_pod_is_restricted_as_the_pod_security_standards_ask(pod: dict[str, Any]) -> None:
    assert pod["automountServiceAccountToken"] is False
    assert pod["enableServiceLinks"] is False, "the addresses of services would be settings of Kafka"
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["runAsUser"] > 0
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert not pod.keys() & {"hostNetwork", "hostPID", "hostIPC"}
    assert not [volume for volume in pod["volumes"] if "hostPath" in volume]


@each_container
def test_every_container_is_hardened_bounded_and_mounts_what_its_pod_has(container: dict[str, Any]) -> None:
    hardened = container["securityContext"]
    assert hardened["allowPrivilegeEscalation"] is False
    assert hardened["readOnlyRootFilesystem"] is True
    assert hardened["capabilities"] == {"drop": ["ALL"]}
    assert container["resources"]["limits"].keys() == {"cpu", "memory"}
    assert container["resources"]["requests"].keys() == {"cpu", "memory"}
    (pod,) = (pod for pod in PODS.values() if container in _containers(pod))
    volumes = {volume["name"] for volume in pod["volumes"]} | {
        claim["metadata"]["name"]
        for document in DOCUMENTS
        if document["kind"] == "StatefulSet" and _pod(document) is pod
        for claim in document["spec"].get("volumeClaimTemplates", [])
    }
    assert {mount["name"] for mount in container["volumeMounts"]} <= volumes


def test_whatever_lasts_is_looked_after_and_what_runs_twice_is_not_taken_away_at_once() -> None:
    budgets = {one["spec"]["selector"]["matchLabels"]["app.kubernetes.io/name"] for one in _of("PodDisruptionBudget")}
    for document in [*_of("Deployment"), *_of("StatefulSet")]:
        name = document["metadata"]["name"]
        assert (document["spec"]["replicas"] > 1) == (name in budgets), name
        for container in _pod(document)["containers"]:
            assert "readinessProbe" in container, name


def _of(kind: str) -> list[dict[str, Any]]:
    return [one for one in DOCUMENTS if one["kind"] == kind]


def test_no_backlog_can_make_a_cluster_kill_who_works_it_off() -> None:
    """Behind /ready is work that may lag for hours; behind /health, the process alone."""
    asked = [
        container[probe]["httpGet"]["path"]
        for container in CONTAINERS.values()
        for probe in ("startupProbe", "livenessProbe")
        if "httpGet" in container.get(probe, {})
    ]
    assert len(asked) == 14
    assert set(asked) == {"/health"}


@in_both
def test_a_container_is_told_what_its_service_in_the_composition_is_told(
    both: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    container, service = both
    told, there = _environment(container), {name: str(v or "") for name, v in service.get("environment", {}).items()}
    assert told.keys() == there.keys()
    assert {name: (told[name], there[name]) for name in told if told[name] != there[name] and name != PROXIES} == {}


@in_both
def test_it_runs_the_same_program_of_the_same_image_with_the_same_memory(
    both: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    container, service = both
    assert container["image"] in {service["image"], service["image"].replace(IMAGE, OWN)}
    if container["name"] != "admin":  # which waits there for commands
        there = [*service.get("entrypoint", []), *service.get("command", [])]
        if "--daily-at" in there:  # which a CronJob does
            there, (_, hour) = there[:-2], there[-2:]
            schedules = {one["spec"]["schedule"] for one in _of("CronJob") if container in _containers(_pod(one))}
            assert schedules == {f"{int(hour[3:])} {int(hour[:2])} * * *"}
        assert [*container.get("command", []), *container.get("args", [])][: len(there)] == there
    assert container["resources"]["limits"]["memory"].rstrip("i") == service["deploy"]["resources"]["limits"]["memory"]


@in_both
def test_it_gets_the_same_secrets_and_no_other(both: tuple[dict[str, Any], dict[str, Any]]) -> None:
    container, service = both
    (pod,) = (pod for pod in PODS.values() if container in _containers(pod))
    (volume,) = (one["name"] for one in container["volumeMounts"] if one["mountPath"] == "/run/secrets")
    assert _secret_volumes(pod)[volume] == set(service["secrets"])


def test_both_run_the_same_roles_and_the_same_image() -> None:
    elsewhere = {"prometheus", "alertmanager", "grafana", "kafka-rights"}
    assert SERVICES.keys() - CONTAINERS.keys() == elsewhere
    (image,) = yaml.safe_load((FOLDER / "kustomization.yaml").read_text())["images"]
    assert f"{image['name']}:{image['newTag']}" == IMAGE


def test_whoever_uses_a_server_may_reach_it_and_nobody_else_is_let_in() -> None:
    assert POLICIES["nobody"] == {"podSelector": {}, "policyTypes": ["Ingress"]}
    ports = {"mosquitto": 8884, "kafka": 9093, "database": 5432}
    for server, port in ports.items():
        rules = [rule for rule in POLICIES[server]["ingress"] if rule["ports"] == [{"port": port}]]
        (allowed,) = (rule["from"][0]["podSelector"]["matchExpressions"][0]["values"] for rule in rules)
        using = {
            document["metadata"]["name"]
            for document in DOCUMENTS
            if document["kind"] in WORKLOADS
            and document["metadata"]["name"] != server
            and any(
                f"{server}:{port}" in value
                for one in _containers(_pod(document))
                for value in _environment(one).values()
            )
        }
        assert using <= set(allowed), server
        assert set(allowed) - using <= {"restore", "grafana"}, server
    open_to_all = [
        (name, rule["ports"])
        for name, spec in POLICIES.items()
        for rule in spec.get("ingress", [])
        if "from" not in rule
    ]
    assert open_to_all == [("mosquitto", [{"port": 8883}]), ("api", [{"port": 8080}])]


def test_every_name_that_a_setting_leads_to_is_a_service_with_that_port() -> None:
    ports = {(one["metadata"]["name"], port["port"]) for one in _of("Service") for port in one["spec"]["ports"]}
    told = {
        (host, int(port))
        for container in CONTAINERS.values()
        for value in _environment(container).values()
        for host, port in re.findall(r"(?:^|[@=,])([a-z]+):(\d+)", value)
    }
    assert told
    assert told <= ports


def test_what_containers_share_belongs_to_the_group_of_a_deployment() -> None:
    claims = [name for name, pod in PODS.items() if "mqtt-accounts" in str(pod["volumes"])]
    assert sorted(claims) == ["Deployment api", "Pod admin", "StatefulSet mosquitto"]
    assert {PODS[name]["securityContext"]["fsGroup"] for name in claims} == {GROUP}


def test_the_page_makes_the_secret_with_exactly_the_files_that_pods_mount() -> None:
    page = (ROOT / "docs" / "kubernetes.md").read_text(encoding="utf-8")
    made = {name: f"production/{file}" for name, file in re.findall(r"--from-file=([a-z-]+)=production/(\S+)", page)}
    assert "--from-file=production/secrets" in page
    known = {name: one["file"].removeprefix("./") for name, one in COMPOSE["secrets"].items()}
    used = {key for pod in PODS.values() for keys in _secret_volumes(pod).values() for key in keys}
    assert used <= known.keys()
    assert made == {name: known[name] for name in used if "/secrets/" not in known[name]}
