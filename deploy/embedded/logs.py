"""The log files of a stack: bounded in size, and read for what a person at the terminal wants to know.

A child keeps its file open, so a full one is copied and emptied in place; a line written between the two is lost.
"""

import json
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

MAX_BYTES = 10 * 2**20
KEPT = 3


def bound(folder: Path, max_bytes: int = MAX_BYTES) -> None:
    """Move what is in logs of more than ``max_bytes`` aside, to NAME.log.1 and so on; the oldest is removed."""
    for log in folder.glob("*.log"):
        if log.stat().st_size > max_bytes:
            for age in range(KEPT - 1, 0, -1):
                with suppress(FileNotFoundError):
                    log.with_suffix(f".log.{age}").replace(log.with_suffix(f".log.{age + 1}"))
            shutil.copyfile(log, log.with_suffix(".log.1"))
            os.truncate(log, 0)


class HistoryProgress:
    """Passes on how much of a demo city's history has arrived, as the simulator logs it."""

    def __init__(self, log: Path, announce: Callable[[str], None]) -> None:
        """Begin after what ``log`` holds now."""
        self._log = log
        self._announce = announce
        self._position = log.stat().st_size if log.exists() else 0

    def __call__(self) -> None:
        """Look for new lines and announce the last progress in them."""
        events = [event for line in self._new_lines() if (event := _event(line)).get("event") == "history"]
        if events:
            arrived, total, percent = (events[-1].get(key, 0) for key in ("arrived", "total", "percent"))
            self._announce(f"the demo city's history: {percent} % ({arrived:,} of {total:,} messages), newest first")

    def _new_lines(self) -> list[bytes]:
        size = self._log.stat().st_size if self._log.exists() else 0
        if size < self._position:  # it was emptied
            self._position = 0
        if size == self._position:
            return []
        with self._log.open("rb") as log:
            log.seek(self._position)
            whole, newline, _ = log.read().rpartition(b"\n")
        self._position += len(whole + newline)
        return whole.splitlines()


def _event(line: bytes) -> dict[str, object]:
    try:
        event = json.loads(line)
    except ValueError:
        return {}
    return event if isinstance(event, dict) else {}
