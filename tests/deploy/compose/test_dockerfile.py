"""The steps of the Dockerfile's first stage, carried out in a clean folder with nothing but what it copies.

No image is built: that takes a container engine. The steps are read from the Dockerfile, so that they cannot differ.
Packages of the lock are laid into the new environment as this one has them, in the very versions: pip finds them there
and fetches only what is missing. That each has its hash, the installation of this environment has shown.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from importlib.metadata import Distribution, distributions
from pathlib import Path

import pytest

from tests.compose_file import ROOT

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(900)]

DOCKERFILE = (ROOT / "deploy" / "docker" / "Dockerfile").read_text(encoding="utf-8")
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


def steps() -> list[list[str]]:
    """Return the words of each COPY and RUN of the first stage, in order."""
    stage = DOCKERFILE.split("\nFROM ")[1].replace("\\\n", " ")
    return [shlex.split(line) for line in stage.splitlines() if line.startswith(("COPY ", "RUN "))]


def copy(source: Path, into: Path) -> None:
    """Copy as COPY would: a file under its name, a folder's contents into the place that is named."""
    if source.is_dir():
        shutil.copytree(source, into, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source, into)


def locked() -> list[Distribution]:
    """Return the packages of this environment that the lock has, each in the version of the lock."""
    lock = dict(
        re.findall(r"^([a-z0-9-]+)(?:\[[^]]*\])?==(\S+)", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    )
    here = [(re.sub(r"[-_.]+", "-", one.name).lower(), one) for one in distributions()]
    return [one for name, one in here if lock.get(name) == one.version]


def lay(packages: list[Distribution], environment: Path) -> None:
    """Put packages into an environment, as links to the files of this one where its disk allows that."""
    target = next(environment.glob("lib/python*/site-packages"))
    for package in packages:
        for file in package.files or ():
            source, into = Path(str(package.locate_file(file))), target / file
            if ".." in file.parts or into.exists() or not source.exists():
                continue  # programs, which nobody calls; what several share; what was compiled once and is gone
            into.parent.mkdir(parents=True, exist_ok=True)
            try:
                into.hardlink_to(source)
            except OSError:  # another disk
                shutil.copy2(source, into)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the virtual environment that the steps made, without the folder they were done in."""
    place = tmp_path_factory.mktemp("image")
    build, target = place / "build", place / "pharos"
    build.mkdir()
    kept = {name: os.environ[name] for name in os.environ if not name.startswith(("PHAROS_", "PYTHON", "VIRTUAL_"))}
    kept["PIP_NO_COMPILE"] = "1"  # nothing here depends on it, and it takes as long as the rest
    for instruction, *words in steps():
        if instruction == "COPY":
            *sources, into = words
            for source in sources:
                copy(ROOT / source, build / into)
            if "requirements.lock" in sources:
                lay(locked(), target)
            continue
        command = [word.replace("/opt/pharos", str(target)) for word in words]
        command = [sys.executable if word == "python" else word for word in command]
        result = subprocess.run(command, cwd=build, env=kept, capture_output=True, text=True, check=False)
        if "ConnectionError" in result.stderr or "No matching distribution" in result.stderr:
            pytest.skip(f"packages cannot be installed here: {result.stderr[-300:]}")
        assert result.returncode == 0, result.stderr
    shutil.rmtree(build)
    return target


def run(installed: Path, *command: str) -> subprocess.CompletedProcess[str]:
    path = f"{installed / 'bin'}:{os.environ['PATH']}"
    return subprocess.run(command, env={"PATH": path}, cwd=installed, capture_output=True, text=True, check=False)


def test_nearly_everything_of_the_lock_is_here_to_be_laid() -> None:
    assert len(locked()) > 0.8 * len(
        re.findall(r"^[a-z0-9-]+.*==", LOCK, re.MULTILINE)
    )  # the rest is of other machines


def test_what_was_installed_runs_without_the_repository(installed: Path, tmp_path: Path) -> None:
    result = run(installed, "pharos", "--help")
    assert result.returncode == 0, result.stderr
    assert re.search(r"\bingest\b", result.stdout)
    result = run(installed, "pharos", "deploy", "init", str(tmp_path / "production"))
    assert result.returncode == 0, result.stderr
    where = run(installed, "python", "-c", "import deploy, processors; print(deploy.__file__)").stdout
    assert str(installed) in where


def test_it_holds_the_files_that_are_no_code(installed: Path) -> None:
    result = run(installed, "pharos", "city", "new", "harbour")
    assert result.returncode == 0, result.stderr
    packages = next(installed.glob("lib/python*/site-packages"))
    assert list((packages / "processors" / "storage" / "sql" / "migrations").glob("*.sql"))
    assert (packages / "deploy" / "postgres" / "roles.sql").is_file()
    assert (packages / "kpi_engine" / "console" / "index.html").is_file()


def test_the_health_check_says_so_where_nothing_listens(installed: Path) -> None:
    result = run(installed, "python", "-m", "deploy.docker.ready")
    assert (result.returncode, "the internal listener does not answer" in result.stdout) == (1, True)
