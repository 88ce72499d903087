"""What a process loads to start: nothing that is dear and that most of them do without."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.process

DEAR = ("pint", "polars", "aiokafka", "kpi_engine.indicators", "fastapi")
LEAN = ("ingest", "process", "simulate", "up")


def test_roles_that_take_messages_load_neither_tables_nor_figures_nor_kafka_until_they_are_needed() -> None:
    program = f"""
import sys
from importlib import import_module
for command in {LEAN!r}:
    import_module(f"deploy.cli.{{command}}")
print(*sorted({set(DEAR)!r} & sys.modules.keys()))
"""
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert loaded.stdout.split() == []
