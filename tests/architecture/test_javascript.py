"""Our JavaScript is type-checked: all of it, without exemptions, by a compiler pinned by hash."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import npm
from tests.javascript import COMPILER, ROOT
from tests.stores import WASM

ASYNCAPI = ROOT / "tests" / "asyncapi"
AXE = ROOT / "tests" / "axe"
CONSOLE = ROOT / "kpi_engine" / "console"
PACKAGES = ("ingest", "processors", "kpi_engine", "simulators", "deploy", "tests")
FILES = [
    path
    for package in PACKAGES
    for path in (ROOT / package).rglob("*.*")
    if re.search(r"\.[cm]?[jt]s$", path.name) and "node_modules" not in path.parts
]
EXEMPTION = re.compile(r"@ts-\w+|[{<|:(,] ?any\b")


def test_every_file_is_in_a_folder_that_is_checked() -> None:
    assert {path.parent for path in FILES} == {CONSOLE, WASM}


def test_nothing_is_exempt_from_the_check() -> None:
    found = [(path.name, exemption) for path in FILES for exemption in EXEMPTION.findall(path.read_text("utf-8"))]
    assert found == []


@pytest.mark.parametrize(
    "line",
    ["// @ts-ignore", "// @ts-nocheck", "/** @type {any} */", "  value: any;", "Map<string, any>", "string | any"],
)
def test_an_exemption_is_noticed(line: str) -> None:
    assert EXEMPTION.search(line)


@pytest.mark.parametrize("project", [COMPILER, WASM, ASYNCAPI, AXE], ids=lambda project: project.name)
def test_packages_are_pinned_by_hash_and_the_lock_names_no_registry(project: Path) -> None:
    packages = json.loads((project / "package-lock.json").read_bytes())["packages"]
    locked = [package for path, package in packages.items() if path]
    assert locked
    assert [package for package in locked if "integrity" not in package or "resolved" in package] == []


def test_a_call_with_a_wrong_type_is_found(tmp_path: Path) -> None:
    compiler, missing = npm.installed(COMPILER)
    if missing:
        pytest.skip(f"nothing can be type-checked here: {missing}")
    shutil.copytree(CONSOLE, tmp_path / CONSOLE.relative_to(ROOT))
    shutil.copy(ROOT / "tsconfig.json", tmp_path)
    wrong = CONSOLE.relative_to(ROOT) / "wrong.js"
    (tmp_path / wrong).write_text('import { remember } from "./city.js";\n\nremember(1);\n')
    command = [str(compiler / "node_modules" / ".bin" / "tsc"), "--project", "."]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert result.stdout.startswith(f"{wrong}(3,10): error")


def test_without_node_the_check_says_that_it_was_skipped_and_why() -> None:
    command = [sys.executable, "-m", "tests.javascript"]
    result = subprocess.run(command, cwd=ROOT, env={"PATH": ""}, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "JavaScript was NOT type-checked: node is not installed.\n")
