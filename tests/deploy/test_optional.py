"""An installation without the optional packages works; the command that needs one says what to install."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

# Importing one of these fails, as where it is not installed.
WITHOUT = """
import sys
sys.modules.update(dict.fromkeys(["grafana_client", "grafana_foundation_sdk", "niquests", "typst"]))
"""
# Everything but what draws and pushes dashboards, and sets documents, which the command loads.
EVERY_MODULE = """
from importlib import import_module
from pathlib import Path
for package in ("ingest", "processors", "kpi_engine", "simulators", "deploy"):
    for path in Path(package).rglob("*.py"):
        if path.parent.parts[:2] != ("deploy", "grafana") and path.name not in ("__main__.py", "document.py"):
            import_module(".".join(path.with_suffix("").parts).removesuffix(".__init__"))
print("imported")
"""
COMMAND = """
from deploy.cli import main
sys.argv[0] = "pharos"
main()
"""


def run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", WITHOUT + program, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.process
def test_no_module_needs_an_optional_package_to_be_imported() -> None:
    answer = run(EVERY_MODULE)
    assert answer.stdout == "imported\n", answer.stderr


@pytest.mark.process
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ["grafana", "push", "--url", "http://127.0.0.1:1", "--token-file", __file__],
            "pharos grafana push needs the package grafana_client, which is not installed; install the extra grafana: "
            "make grafana in a clone, elsewhere pip install 'pharos-monitoring[grafana]'\n",
        ),
        (
            ["grafana", "generate", "--check"],
            "pharos grafana generate needs the package grafana_foundation_sdk, which is not installed; it is a tool of "
            "development: in a clone, make lint installs it\n",
        ),
        (
            ["report", "harbour", "2026-10", "--pdf"],
            "the PDF of a report needs the package typst, which is not installed; install the extra pdf: make pdf in a "
            "clone, elsewhere pip install 'pharos-monitoring[pdf]'\n",
        ),
    ],
    ids=["push", "generate", "report"],
)
def test_a_command_that_lacks_its_package_says_what_to_install(arguments: list[str], sentence: str) -> None:
    answer = run(COMMAND, *arguments)
    assert (answer.returncode, answer.stdout, answer.stderr) == (1, "", sentence)


@pytest.mark.parametrize("extra", PROJECT["optional-dependencies"])
def test_an_extra_is_pinned_in_a_lock_of_its_own_and_not_in_that_of_every_installation(extra: str) -> None:
    wanted = {re.split(r"[<>=!\[ ]", line)[0] for line in PROJECT["optional-dependencies"][extra]}
    pinned = {
        lock: set(re.findall(r"^([\w.-]+)==", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE))
        for lock in ("requirements.lock", f"requirements-{extra}.lock")
    }
    assert wanted <= pinned[f"requirements-{extra}.lock"]
    assert not wanted & pinned["requirements.lock"]
