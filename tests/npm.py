"""Projects of npm that tests and checks use: folders with a lock, installed once per account of a machine."""

import hashlib
import json
import shutil
import subprocess
from functools import cache
from pathlib import Path

from tests import downloads


@cache
def installed(project: Path) -> tuple[Path, str]:
    """Return a copy of the folder ``project`` with the packages of its lock, and why there is none, or nothing."""
    for program in ("node", "npm"):
        if not shutil.which(program):
            return project, f"{program} is not installed"
    sources = b"".join(source.read_bytes() for source in sorted(project.iterdir()) if source.is_file())
    name = json.loads((project / "package.json").read_bytes())["name"]

    def install(folder: Path) -> str:
        shutil.copytree(project, folder, dirs_exist_ok=True)
        command = ["npm", "ci", "--no-audit", "--no-fund", "--fetch-retries=1", "--fetch-timeout=30000"]
        result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        return f"npm could not install {name}: {result.stderr[-500:].strip()}" if result.returncode else ""

    return downloads.got(f"{name}-{hashlib.sha256(sources).hexdigest()[:16]}", install)
