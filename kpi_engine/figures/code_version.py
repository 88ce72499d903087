"""Which code computed a figure: the version of the package, and the commit where that can be known."""

import json
import sys
from importlib.metadata import distribution
from pathlib import Path
from typing import Final

PACKAGE: Final = "pharos-monitoring"
COMMIT_FILE: Final = "COMMIT"  # in the folder of the installation: an image is built without its history
SHORT: Final = 12  # hexadecimal digits that tell commits apart


def code_version(version: str, commit: str | None) -> str:
    """Return a version as in PEP 440, such as 0.1.0+g1f3a9c02b7de; without a known commit the release alone."""
    return f"{version}+g{commit[:SHORT]}" if commit else version


def built(folder: Path) -> str | None:
    """Return the commit that a build has left in ``folder``; None where it has not."""
    file = folder / COMMIT_FILE
    return _commit(file.read_text(encoding="ascii", errors="replace")) if file.is_file() else None


def checked_out(folder: Path) -> str | None:
    """Return the commit that is checked out in ``folder``, read from its .git; None where it is no checkout.

    What was changed since that commit is not seen.
    """
    git = folder / ".git"
    if git.is_file():  # a worktree: its HEAD is elsewhere
        git = folder / git.read_text(encoding="utf-8").removeprefix("gitdir:").strip()
    if not (git / "HEAD").is_file():
        return None
    head = (git / "HEAD").read_text(encoding="utf-8").strip()
    if not head.startswith("ref:"):
        return _commit(head)
    name = head.removeprefix("ref:").strip()
    common = git / (git / "commondir").read_text(encoding="utf-8").strip() if (git / "commondir").is_file() else git
    for place in (git, common):
        if (place / name).is_file():
            return _commit((place / name).read_text(encoding="utf-8"))
    return _packed(common / "packed-refs", name)


def _packed(file: Path, name: str) -> str | None:
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    return next((_commit(line.split()[0]) for line in lines if line.endswith(f" {name}")), None)


def _fetched() -> str | None:
    """Return the commit that an installer has fetched the package at, if it came from a repository."""
    installed = distribution(PACKAGE).read_text("direct_url.json")
    return json.loads(installed).get("vcs_info", {}).get("commit_id") if installed else None


def _commit(text: str) -> str | None:
    text = text.strip().lower()
    return text if len(text) >= SHORT and not set(text) - set("0123456789abcdef") else None


def _found() -> str | None:
    return built(Path(sys.prefix)) or _fetched() or checked_out(Path(__file__).parent.parent)


CODE_VERSION: Final = code_version(distribution(PACKAGE).version, _found())
