"""The files that are generated from the dashboards: one each, the same bytes from the same code."""

import json
from collections.abc import Mapping
from pathlib import Path

from grafana_foundation_sdk.cog.encoder import JSONEncoder

from deploy.grafana.page import Page
from deploy.grafana.pages import pages


def rendered(page: Page) -> str:
    """Return a dashboard as the JSON that Grafana imports."""
    return json.dumps(page.build(), cls=JSONEncoder, indent=2, ensure_ascii=False) + "\n"


def texts() -> dict[str, str]:
    """Return the text of every file by its name."""
    return {f"{page.uid}.json": rendered(page) for page in pages()}


def differing(folder: Path) -> list[str]:
    """Return the names of files in ``folder`` that are missing, differ, or belong to no dashboard."""
    return _differing(folder, texts())


def write(folder: Path) -> list[Path]:
    """Bring ``folder`` to what the code says, and return the files that were written or removed."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = texts()
    changed = [folder / name for name in _differing(folder, wanted)]
    for path in changed:
        if path.name in wanted:
            path.write_text(wanted[path.name], encoding="utf-8")
        else:
            path.unlink()
    return changed


def _differing(folder: Path, wanted: Mapping[str, str]) -> list[str]:
    gone = [path.name for path in sorted(folder.glob("pharos-*.json")) if path.name not in wanted]
    return [name for name, text in wanted.items() if not _holds(folder / name, text)] + gone


def _holds(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text
