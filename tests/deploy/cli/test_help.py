"""Examples in the help work on the demo city: they name it as its file does."""

import re
from importlib import import_module
from pkgutil import iter_modules

import pytest
import typer
from typer.core import TyperGroup

import deploy.cli
from deploy.embedded.stack import DEMO_CITY
from ingest.model import city_file

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
    demo = city_file.load(DEMO_CITY)
    found = SPEAKS_OF_A_CITY.search(example)
    assert found
    assert found[1] == demo.name or found[1].endswith(".yaml")
    assert found[2] is None or found[2] in {device.name for device in demo.devices}
