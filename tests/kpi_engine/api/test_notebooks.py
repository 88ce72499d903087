"""The notebooks of the documentation run as they stand, against a real interface."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.kpi_engine.api.conftest import Towns

pytestmark = pytest.mark.integration

NOTEBOOKS = sorted((Path(__file__).parents[3] / "docs" / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module")
def towns(module_towns: "Towns") -> "Towns":
    """Return towns of which the harbour counts through March."""
    module_towns.count(module_towns.series("harbour", "meter", "heat_energy"), "2026-02-28T23:00:00Z", 40 * 24 + 13)
    module_towns.settle()
    return module_towns


def cells(path: Path) -> list[str]:
    document = json.loads(path.read_text(encoding="utf-8"))
    assert all(not cell.get("outputs") for cell in document["cells"]), "outputs are not kept: they would be old"
    return ["".join(cell["source"]) for cell in document["cells"] if cell["cell_type"] == "code"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_from_its_first_cell_to_its_last(
    path: Path, towns: "Towns", monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in (("URL", towns.url), ("TOKEN", towns.token("evaluator")), ("CITY", "harbour")):
        monkeypatch.setenv(f"PHAROS_{name}", value)
    known: dict[str, object] = {"__name__": "__main__"}
    for cell in cells(path):
        exec(compile(cell, path.name, "exec"), known)  # noqa: S102 - our own documentation
    assert {"monthly", "changed"} <= known.keys()
    assert (tmp_path / "hours.parquet").stat().st_size > 0
