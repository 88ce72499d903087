"""What a process loads to start: nothing that is dear and that most of them do without."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.process

DEAR = ("pint", "polars", "aiokafka", "kpi_engine.indicators", "fastapi", "httpx", "rich")
LEAN = ("ingest", "process")
DRAWING = ("simulate", "up")  # tables, for people


def loaded(program: str, *arguments: str) -> list[str]:
    """Return which of what is dear a program loads, as ``pharos ARGUMENTS`` does."""
    said = f"""
import sys
from importlib import import_module
from deploy import plain_logging
sys.argv = ["pharos", *{arguments!r}]
plain_logging.load()
{program}
print(*sorted({{*{DEAR!r}}} & sys.modules.keys()))
"""
    ran = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    return ran.stdout.split()


def test_roles_that_take_messages_load_neither_tables_nor_figures_nor_kafka_until_they_are_needed() -> None:
    assert loaded(f"for command in {LEAN!r}: import_module(f'deploy.cli.{{command}}')") == []
    assert loaded(f"for command in {DRAWING!r}: import_module(f'deploy.cli.{{command}}')") == ["rich"]


@pytest.mark.parametrize("command", [[], ["compute", "--inputs", "inputs.json"]], ids=["role", "compute"])
def test_who_computes_figures_loads_neither_the_interface_nor_what_compares_figures(command: list[str]) -> None:
    register = "import typer; import_module('deploy.cli.kpi').register(typer.Typer())"
    assert loaded(register, "kpi", *command) == ["kpi_engine.indicators"]
