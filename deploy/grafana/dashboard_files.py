"""The dashboards as they are committed, which need no package to be read: the JSON files that Grafana loads."""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(str(files(__package__).joinpath("dashboards")))


def dashboards() -> list[dict[str, Any]]:
    """Return every dashboard as Grafana's document of it, by the name of its file."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("pharos-*.json"))]
