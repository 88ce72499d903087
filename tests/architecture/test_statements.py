"""SQL stands beside the module that runs it: every statement is used, every use is defined, and no name is made up."""

import ast
import re
from collections import Counter, defaultdict
from importlib import import_module
from pathlib import Path
from typing import Final

from deploy.grafana import sources
from processors.storage.statements import parts

ROOT: Final = Path(__file__).parents[2]
PACKAGES: Final = ("ingest", "processors", "kpi_engine", "simulators", "deploy", "tests")
IN_ORDER: Final = {"processors/storage/sql/migrations", "processors/storage/sql/views"}  # done one after the other
BY_PANELS: Final = {"curves", "rows", "query"}  # what reads a query of a dashboard by its name

Used = tuple[str, str]  # the module whose statement it is, and its name


def _files(suffix: str) -> list[Path]:
    return [path for package in PACKAGES for path in sorted((ROOT / package).rglob(f"*{suffix}"))]


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def _beside_modules() -> list[Path]:
    return [path for path in _files(".sql") if str(path.parent.relative_to(ROOT)) not in IN_ORDER]


def _imported(tree: ast.Module) -> dict[str, str]:
    """Return the modules that names of a module stand for."""
    return {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }


def _uses(path: Path) -> set[Used]:
    """Return the statements that a module names: ``SQL["..."]`` of its own, ``other.SQL["..."]`` of another."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported, found = _imported(tree), set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Subscript) or not ast.unparse(node.value).endswith("SQL"):
            continue
        owner = ast.unparse(node.value).removesuffix("SQL").removesuffix(".")
        if _module(path) == sources.__name__ and not isinstance(node.slice, ast.Constant):
            continue  # names come from the panels
        assert isinstance(node.slice, ast.Constant), f"{path}:{node.lineno}: a statement is named in full"
        found.add((imported.get(owner, owner) if owner else _module(path), str(node.slice.value)))
    return found


def _queries_of_panels() -> set[Used]:
    return {
        (sources.__name__, str(node.args[0].value))
        for path in sorted((ROOT / "deploy" / "grafana").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in BY_PANELS
        if node.args and isinstance(node.args[0], ast.Constant)
    }


def test_every_sql_file_stands_beside_the_module_of_its_name() -> None:
    assert [path for path in _beside_modules() if not path.with_suffix(".py").is_file()] == []


def test_every_statement_is_used_and_every_one_used_is_defined() -> None:
    defined = {(_module(path), name) for path in _beside_modules() for name in import_module(_module(path)).SQL}
    used = {one for path in _files(".py") for one in _uses(path)} | _queries_of_panels()
    assert used - defined == set()
    assert defined - used == set()


def test_every_part_is_included_by_at_least_two_statements() -> None:
    uses = Counter(
        named for path in _beside_modules() for named in re.findall(r"-- include: (\S+)", path.read_text("utf-8"))
    )
    assert {f"{_module(path)}.{name}" for path in _beside_modules() for name in parts(_module(path))} == set(uses)
    assert [named for named, count in uses.items() if count == 1] == []


def test_a_statement_and_a_part_of_one_say_in_a_sentence_what_they_do() -> None:
    silent = [
        (path, name)
        for path in _beside_modules()
        for name, text in (import_module(_module(path)).SQL | parts(_module(path))).items()
        if not re.match(r"-- [A-Z]", text)
    ]
    assert silent == []


def test_no_two_statements_have_one_name_within_a_package() -> None:
    owners = defaultdict(set)
    for path in _beside_modules():
        for name in import_module(_module(path)).SQL:
            owners[_module(path).split(".")[0], name].add(_module(path))
    allowed = {("deploy", "ledger"), ("deploy", "recomputations")}  # of a dashboard, and of a proof
    assert {key: found for key, found in owners.items() if len(found) > 1 and key not in allowed} == {}
