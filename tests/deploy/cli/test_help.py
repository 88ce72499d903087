"""Examples in the help work on the demo city: they name it as its file does."""

import re
import sys
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import version
from pkgutil import iter_modules

import pytest
import typer
from typer.core import TyperGroup

import deploy.cli
from simulators.faults import FAULTS
from tests import towns

SPEAKS_OF_A_CITY = re.compile(r"(?:--city |device (?:add|rotate|revoke) )(\S+)(?: ([a-z]\S+))?")


def examples() -> list[str]:
    app = typer.Typer()
    for module in iter_modules(deploy.cli.__path__):
        import_module(f"deploy.cli.{module.name}").register(app)

    def texts(command: object) -> list[str]:
        below = command.commands.values() if isinstance(command, TyperGroup) else []
        return [getattr(command, "help", None) or "", *(text for one in below for text in texts(one))]

    return [text.partition("Example: ")[2] for text in texts(typer.main.get_command(app)) if "Example: " in text]


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
