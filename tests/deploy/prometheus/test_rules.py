"""What Prometheus and Alertmanager are given is valid, does what it says, and speaks of metrics that exist."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[3]
PROMETHEUS = ROOT / "deploy" / "prometheus"
RULES = sorted((PROMETHEUS / "rules").glob("*.yml"))
TESTS = sorted((PROMETHEUS / "tests").glob("*.yml"))
SOURCES = ("deploy", "kpi_engine", "processors", "ingest")


def run(program: str, *arguments: str | Path) -> None:
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"{program} is not installed (Debian: prometheus, prometheus-alertmanager)")
    result = subprocess.run([found, *arguments], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def expressions() -> dict[str, str]:
    groups = [group for path in RULES for group in yaml.safe_load(path.read_text())["groups"]]
    return {rule.get("alert") or rule["record"]: rule["expr"] for group in groups for rule in group["rules"]}


@pytest.mark.process
def test_the_configuration_is_valid() -> None:
    run("promtool", "check", "config", "--syntax-only", PROMETHEUS / "prometheus.yml")


@pytest.mark.process
def test_the_rules_are_valid() -> None:
    run("promtool", "check", "rules", *RULES)


@pytest.mark.process
@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.name)
def test_the_rules_do_what_their_tests_say(path: Path) -> None:
    run("promtool", "test", "rules", path)


@pytest.mark.process
def test_the_configuration_of_alertmanager_is_valid() -> None:
    run("amtool", "check-config", ROOT / "deploy" / "alertmanager" / "alertmanager.yml")


def test_every_alert_is_tried_with_something_that_raises_it() -> None:
    raised = {
        case["alertname"]
        for path in TESTS
        for test in yaml.safe_load(path.read_text())["tests"]
        for case in test.get("alert_rule_test", [])
        if case["exp_alerts"]
    }
    alerts = {name for name in expressions() if name.startswith("Pharos")}
    assert alerts == raised


def test_every_metric_that_a_rule_reads_is_made_somewhere() -> None:
    text = "\n".join(path.read_text() for folder in SOURCES for path in (ROOT / folder).rglob("*.py"))
    made = set(re.findall(r'"(pharos_[a-z0-9_]+)"', text))
    read = {
        re.sub(r"_(total|bucket)$", "", name)
        for expression in expressions().values()
        for name in re.findall(r"(?<![:\w])pharos_\w+(?![:\w])", expression)
    }
    assert read
    assert read <= made


def test_every_metric_is_documented() -> None:
    text = "\n".join(path.read_text() for folder in SOURCES for path in (ROOT / folder).rglob("*.py"))
    made = set(re.findall(r'"(pharos_[a-z0-9_]+)",\s*f?"', text))
    assert len(made) > 15
    documented = set(re.findall(r"`(pharos_[a-z0-9_]+)`", (ROOT / "docs" / "metrics.md").read_text()))
    assert made == documented
