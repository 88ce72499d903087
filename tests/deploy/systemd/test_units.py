"""The units of systemd: sound, hardened, and calling commands that exist."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from deploy.cli import db, up
from tests.compose_file import ROOT
from tests.every import of_every

UNITS = {path.name: path for path in sorted((ROOT / "deploy" / "systemd").iterdir())}
PROGRAM = "/opt/pharos/bin/pharos"


@pytest.mark.process
def test_systemd_finds_nothing_wrong_with_them(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is not here")
    for name, path in UNITS.items():
        (tmp_path / name).write_text(path.read_text().replace(PROGRAM, "/bin/true"))
    units = [tmp_path / name for name in UNITS]
    verified = subprocess.run([program, "verify", *units], capture_output=True, text=True, check=False)
    of_ours = [line for line in verified.stderr.splitlines() if any(name in line for name in UNITS)]
    assert (verified.returncode, of_ours) == (0, [])


@of_every({name: path for name, path in UNITS.items() if path.suffix == ".service"})
def test_a_service_is_no_root_gains_nothing_and_writes_its_own_folder_only(path: Path) -> None:
    told = dict(line.split("=", 1) for line in path.read_text().splitlines() if re.match(r"\w+=", line))
    assert told["User"] == told["Group"] == "pharos"
    assert told["NoNewPrivileges"] == "yes"
    assert told["ProtectSystem"] == "strict"
    assert told["CapabilityBoundingSet"] == ""
    assert told["StateDirectoryMode"] == "0750"


@of_every({name: path for name, path in UNITS.items() if path.suffix == ".service"})
def test_what_a_service_starts_is_a_command_with_these_options(path: Path) -> None:
    (started,) = re.findall(rf"^ExecStart={PROGRAM} (.+)$", path.read_text(), re.MULTILINE)
    words = [word for word in shlex.split(started) if not word.startswith(("/", "$")) and not word.isdigit()]
    command = [word for word in words if not word.startswith("--")]
    app = typer.Typer()
    for module in (db, up):
        module.register(app)
    shown = CliRunner().invoke(app, [*command, "--help"], env={"COLUMNS": "200"})
    assert shown.exit_code == 0
    assert [option for option in words if option.startswith("--") and option not in shown.output] == []
