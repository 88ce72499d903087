"""The documentation keeps to the code: commands and codes exist, examples pass."""

import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import polars as pl
import pytest
import typer
from prometheus_client import REGISTRY
from typer.core import TyperGroup

import deploy.cli
from deploy.roles import kafka_metrics, metrics
from deploy.settings import PREFIX, Settings
from ingest.bus import TOPICS
from ingest.history import files, mapping
from ingest.history.rows import Rows, resolve
from ingest.model.alarm_rules import ALARM_RULES
from ingest.model.catalogue import Catalogue
from ingest.model.city import city_file
from ingest.model.city.assets import City
from ingest.model.city.facts import FACTS
from ingest.model.quantities.quantity import QUANTITIES
from ingest.model.quantities.units import EXPRESSIONS
from ingest.reasons import Reason
from kpi_engine.engine import run
from kpi_engine.factors.files import shipped
from kpi_engine.indicators import INDICATORS
from processors.intake.trial import provisional_ids

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([ROOT / "README.md", *DOCS.rglob("*.md")])
COUNTED_IN = (metrics, kafka_metrics, run)  # importing them, and every command, registers every metric


def _text(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def _block(page: str, language: str) -> str:
    blocks: list[str] = re.findall(rf"^```{language}\n(.*?)^```", _text(page), re.MULTILINE | re.DOTALL)
    assert len(blocks) == 1, f"{page} has {len(blocks)} blocks of {language}; expected one"
    return blocks[0]


def _first_column(page: str, heading: str) -> list[str]:
    """Return the first cells of the first table that follows ``heading``."""
    _, found, rest = _text(page).partition(f"{heading}\n")
    assert found, f"{page} has no {heading}"
    table = re.search(r"^\|.*?\|\n\|-.*?\|\n((?:\|.*\|\n)+)", rest, re.MULTILINE)
    assert table
    return [row.split("|")[1].strip(" `") for row in table.group(1).splitlines()]


@cache
def _command_line() -> TyperGroup:
    """Return all commands; to make them takes seconds."""
    app = typer.Typer()
    for module in iter_modules(deploy.cli.__path__):
        import_module(f"deploy.cli.{module.name}").register(app)
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    return group


def _code(page: Path) -> Iterator[str]:
    """Yield the shell blocks and code spans of a page."""
    text = page.read_text(encoding="utf-8")
    yield from re.findall(r"^ *```sh\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL)
    yield from re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))


@pytest.fixture(scope="module")
def city() -> City:
    return city_file.parse(_block("city-file.md", "yaml"), "the example of docs/city-file.md")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_that_is_named_exists(page: Path) -> None:
    known = _command_line().commands
    for code in _code(page):
        for command, further in re.findall(r"\bpharos ([a-z]+)(?: ([a-z][a-z-]*))?", code):
            assert command in known, f"pharos {command}"
            group = known[command]
            if isinstance(group, TyperGroup) and not (group.invoke_without_command and not further):
                assert further in group.commands or hasattr(group, "default"), f"pharos {command} {further}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_option_that_is_named_exists(page: Path) -> None:
    known = _command_line()
    for line in (line for code in _code(page) for line in code.splitlines()):
        words = line.partition("#")[0].partition("|")[0].split()
        if words[:1] != ["pharos"]:
            continue
        command = known.commands.get(words[1], known)
        if isinstance(command, TyperGroup) and len(words) > 2:
            command = command.commands.get(words[2], command.commands.get(getattr(command, "default", ""), command))
        options = {name for parameter in command.params for name in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= options | {"--help"}, line


def test_the_reasons_of_refusal_are_those_of_the_code() -> None:
    assert _first_column("users/integrator.md", "## What is refused, and why") == list(Reason)


def test_no_indicator_is_described_that_does_not_exist() -> None:
    assert set(_first_column("users/evaluator.md", "## The indicators")) <= set(INDICATORS)


def test_the_alarm_rules_are_those_of_the_code() -> None:
    assert sorted(_first_column("alarms.md", "## The rules")) == sorted(ALARM_RULES)


def test_the_runbook_says_of_every_alarm_rule_what_the_rule_says() -> None:
    runbook = (DOCS / "alarms.md").read_text(encoding="utf-8").partition("## Runbook")[2]
    told = dict(re.findall(r"^\| (\w+) \| (.+) \|$", runbook, re.MULTILINE))
    del told["rule"]
    assert told == {rule.name: rule.remedy for rule in ALARM_RULES.values()}


def test_the_factors_are_those_that_ship() -> None:
    assert _first_column("users/evaluator.md", "## Emission factors") == list(
        dict.fromkeys(factor.name for factor in shipped())
    )


def test_no_quantity_is_described_that_does_not_exist() -> None:
    assert set(_first_column("city-file.md", "### Quantities and units")) <= set(QUANTITIES)


def test_the_units_are_those_of_the_code() -> None:
    units = re.search(r"^Units that may be declared or sent: (.*?)\. ", _text("city-file.md"), re.MULTILINE | re.DOTALL)
    assert units
    assert re.findall(r"`([^`]+)`", units.group(1)) == list(EXPRESSIONS)


def test_the_facts_with_a_meaning_are_those_of_the_code() -> None:
    rows = re.findall(r"^\| (\w+) \| (\S+) \| \S+ to \S+ \|", _text("city-file.md"), re.MULTILINE)
    assert rows == [(fact.name, fact.unit) for fact in FACTS.values()]


def test_the_settings_are_those_of_the_code() -> None:
    named = _first_column("operations.md", "## Settings")
    assert named == [f"{PREFIX}{field.upper()}" for field in Settings.model_fields]


def test_the_topics_of_the_bus_are_those_of_the_code() -> None:
    assert _first_column("wire.md", "## Topics") == list(TOPICS)


def test_the_metrics_are_those_of_the_code() -> None:
    assert COUNTED_IN
    _command_line()
    rows = _first_column("operations.md", "## What to watch")
    named = {row.partition("{")[0].removesuffix("_total") for row in rows}
    assert named == {family.name for family in REGISTRY.collect() if family.name.startswith("pharos_")}


def test_the_example_of_a_mapping_reads_its_rows_into_the_example_of_a_city(tmp_path: Path, city: City) -> None:
    (tmp_path / "mapping.yaml").write_text(_block("mapping-file.md", "yaml"), encoding="utf-8")
    (tmp_path / "archive.csv").write_text(_block("mapping-file.md", "csv"), encoding="utf-8")
    declared = mapping.load(tmp_path / "mapping.yaml")
    frame = pl.concat(files.rows(tmp_path / "archive.csv", declared.layout))
    catalogue = Catalogue([city], provisional_ids([city]))
    resolved = resolve(Rows(frame, "replay/archive.csv", 0), declared, catalogue, city.name)
    assert len(resolved.batch) == 5
    assert [(refusal.reason, refusal.readings) for refusal in resolved.refusals] == [(Reason.BAD_TIME, 2)]
