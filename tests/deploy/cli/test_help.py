"""Examples in the help work on the demo city: they name it as its file does."""

import re
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.metadata import version
from pkgutil import iter_modules

import pytest
import typer
from typer.core import TyperCommand, TyperGroup

import deploy.cli
from simulators.faults import FAULTS
from tests import towns

SPEAKS_OF_A_CITY = re.compile(r"(?:--city |device (?:add|rotate|revoke) )(\S+)(?: ([a-z]\S+))?")


RUNS_UNTIL_STOPPED = {
    "api",
    "db archive",
    "ingest",
    "kpi",
    "mcp",
    "notify run",
    "process",
    "publish",
    "pull",
    "report keep",
    "up",
}
SENDS_UNTIL_STOPPED = {"simulate"}
PRINTS_JSON_ALWAYS = {
    *("baseline compute", "baseline schema", "schema"),
    *("kpi compute", "kpi lineage", "kpi lineage-of-day", "kpi schema"),
}
PRINTS_A_FILE_OF_ANOTHER_PROGRAM = {"notify alertmanager"}


def application() -> TyperGroup:
    app = typer.Typer()
    for module in iter_modules(deploy.cli.__path__):
        import_module(f"deploy.cli.{module.name}").register(app)
    found = typer.main.get_command(app)
    assert isinstance(found, TyperGroup)
    return found


def every_command(group: TyperGroup, path: tuple[str, ...] = ()) -> Iterator[tuple[str, TyperCommand | TyperGroup]]:
    """Yield what can be run, by its words: commands, and groups that do something without one."""
    for word, command in group.commands.items():
        words = (*path, word)
        if isinstance(command, TyperGroup):
            if command.invoke_without_command:
                yield " ".join(words), command
            yield from every_command(command, words)
        elif isinstance(command, TyperCommand):
            yield " ".join(words), command


COMMANDS = dict(every_command(application()))


def examples() -> list[str]:
    texts = [command.help or "" for command in COMMANDS.values()]
    return [text.partition("Example: ")[2] for text in texts if "Example: " in text]


def test_every_command_has_an_example_that_begins_with_its_own_words() -> None:
    assert len(COMMANDS) > 80
    for words, command in COMMANDS.items():
        example = (command.help or "").partition("Example: ")[2]
        typed = words.removesuffix(" freeze")  # what pharos report does without another word
        assert re.search(rf"\bpharos {typed}\b", example), words


def test_every_command_that_ends_and_says_something_says_it_as_json_on_wish() -> None:
    without = {words for words, one in COMMANDS.items() if not any("--json" in option.opts for option in one.params)}
    expected = RUNS_UNTIL_STOPPED | SENDS_UNTIL_STOPPED | PRINTS_JSON_ALWAYS | PRINTS_A_FILE_OF_ANOTHER_PROGRAM
    assert without == expected
    assert all("JSON" in (COMMANDS[words].help or "") for words in PRINTS_JSON_ALWAYS)


@pytest.mark.parametrize("example", [text for text in examples() if SPEAKS_OF_A_CITY.search(text)])
def test_an_example_names_the_demo_city_its_device_or_a_file(example: str) -> None:
    demo = towns.shipped("sonderborg")
    found = SPEAKS_OF_A_CITY.search(example)
    assert found
    assert found[1] == demo.name or found[1].endswith(".yaml")
    assert found[2] is None or found[2] in {device.name for device in demo.devices}


@pytest.fixture
def pharos(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    def run(*arguments: str) -> str:
        monkeypatch.setattr(sys, "argv", ["pharos", *arguments])
        monkeypatch.setattr(deploy.cli.app, "registered_groups", [])
        monkeypatch.setattr(deploy.cli.app, "registered_commands", [])
        with pytest.raises(SystemExit) as ended:
            deploy.cli.main()
        assert ended.value.code == 0
        return capsys.readouterr().out

    return run


def test_the_version_is_that_of_the_package(pharos: Callable[..., str]) -> None:
    assert pharos("--version") == f"pharos {version('pharos-monitoring')}\n"


@pytest.mark.parametrize("command", [(), ("simulate",), ("kpi",), ("kpi", "values")], ids=" ".join)
def test_h_is_short_for_help_everywhere(pharos: Callable[..., str], command: tuple[str, ...]) -> None:
    assert pharos(*command, "-h") == pharos(*command, "--help")


def test_values_are_described_in_words_and_not_in_types_of_python(pharos: Callable[..., str]) -> None:
    shown = "\n".join(line for line in pharos("simulate", "-h").splitlines() if "--help" not in line)
    assert not re.search(r"<(str|bool|int|float|path|list)", shown)
    assert "NUMBER" in shown


def test_every_fault_is_named_by_the_help_of_the_simulator(pharos: Callable[..., str]) -> None:
    shown = pharos("simulate", "-h")
    assert [fault for fault in FAULTS if fault not in shown] == []
