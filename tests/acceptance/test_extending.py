"""docs/extending.md is followed word by word, in a copy of the tree: what it shows is written, run, and compared."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "extending.md"
PACKAGES = ("ingest", "processors", "kpi_engine", "simulators", "deploy")
TESTS = ("tests/architecture", "tests/ingest/decoders")
TABLE_ENDS = "\n)\n\n"
pytestmark = pytest.mark.acceptance


class Ran(NamedTuple):
    """A command of the page, what it printed, and what the page says that it prints."""

    command: str
    printed: str
    shown: str


def blocks() -> list[tuple[str, str, str]]:
    """Return every block of the page: its language, its text, and the paragraph before it."""
    text = PAGE.read_text(encoding="utf-8")
    found = re.findall(r"([^\n]*(?:\n[^\n]+)*)\n\n```(\w+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [(language, block, paragraph) for paragraph, language, block in found]


def written(folder: Path, paragraph: str, block: str) -> None:
    """Do in ``folder`` what the paragraph says of its block: write it as a file, or add it to a table."""
    file = re.search(r"(rite|table\s+in)\s+`([\w/.]+)`:$", paragraph)
    assert file, paragraph
    path = folder / file[2]
    if file[1] == "rite":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block, encoding="utf-8")
        return
    before, _, rest = path.read_text(encoding="utf-8").partition("_TABLE: Final = (\n")
    rows, end, after = rest.partition(TABLE_ENDS)
    assert end, path
    path.write_text(f"{before}_TABLE: Final = (\n{rows}\n{block.rstrip()}{end}{after}", encoding="utf-8")


def output(folder: Path, command: str) -> str:
    """Return what a command prints in ``folder``."""
    program, *arguments = shlex.split(command)
    start = [sys.executable, "-m", "deploy"] if program == "pharos" else [sys.executable]
    environment = os.environ | {"PYTHONPATH": str(folder)}
    ran = subprocess.run([*start, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return ran.stdout + ran.stderr


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of what the page changes and runs."""
    folder = tmp_path_factory.mktemp("tree")
    for name in (*PACKAGES, *TESTS, "docs"):
        shutil.copytree(ROOT / name, folder / name)
    for file in (ROOT / "pyproject.toml", *(ROOT / "tests").glob("*.py")):
        shutil.copy(file, folder / file.relative_to(ROOT))
    return folder


@pytest.fixture(scope="module")
def followed(folder: Path) -> list[Ran]:
    """Follow the page from its first line to its last."""
    ran: list[Ran] = []
    for language, block, paragraph in blocks():
        if language == "sh":
            ran += [Ran(line, output(folder, line), "") for line in block.splitlines()]
        elif language == "text" and not paragraph.endswith(":"):
            ran[-1] = ran[-1]._replace(shown=block)
        else:
            written(folder, paragraph, block)
    return ran


def test_every_command_prints_what_the_page_shows(followed: list[Ran]) -> None:
    assert len(followed) == 6
    for ran in followed:
        assert [line for line in ran.shown.splitlines() if line not in ran.printed.splitlines()] == [], ran.printed


def test_a_reading_is_understood_in_its_canonical_unit_and_the_other_line_refused(followed: list[Ran]) -> None:
    (tried,) = (ran for ran in followed if " try " in ran.command)
    assert re.search(r"chiller\W+cooling_energy\W+2026-07-01T12:00:00Z\W+5347\.6\W+kWh\b", tried.printed), tried.printed
    assert "refused (undecodable, readings: 1): expected time;quantity;value" in tried.printed


def test_the_new_decoder_passes_the_tests_of_all_decoders(followed: list[Ran]) -> None:
    (tested,) = (ran for ran in followed if "pytest" in ran.command)
    assert re.search(r"^\d+ passed", tested.printed, re.MULTILINE), tested.printed


def test_what_is_still_missing_is_all_that_is_missing(followed: list[Ran]) -> None:
    assert followed[-1].printed == followed[-1].shown


def test_a_command_names_the_module_that_exports_nothing(folder: Path, followed: list[Ran]) -> None:
    (tried,) = (ran for ran in followed if " try " in ran.command)
    empty = folder / "ingest" / "decoders" / "commas.py"
    empty.touch()
    printed = output(folder, tried.command)
    empty.unlink()
    assert printed == "ingest.decoders.commas exports no DECODER; expected DECODER = Decoder(...) in it\n"
