"""Projects of npm that tests and checks use: folders with a lock, installed once per account of a machine."""

import hashlib
import json
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Final

from tests import downloads

COMMAND: Final = [
    *("npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"),
    *("--fetch-retries=1", "--fetch-timeout=30000"),
]


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
        result = subprocess.run(COMMAND, cwd=folder, capture_output=True, text=True, check=False)
        if not result.returncode:
            return ""
        cause, *_ = [*result.stderr.splitlines(), f"it ended with {result.returncode}"]
        return f"npm could not install {name}: {cause}"

    return downloads.got(f"{name}-{hashlib.sha256(sources).hexdigest()[:16]}", install)
