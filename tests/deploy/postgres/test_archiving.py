"""An archive is kept whatever one base backup does, and says when its log is received no more."""

from pathlib import Path

import pytest

from deploy.embedded.server_programs import ServerPrograms
from deploy.errors import BackupError
from deploy.postgres import archiving
from deploy.postgres.archive import Archive
from deploy.postgres.archiving import Keeping
from tests.deploy.postgres.stopping import StoppedAfter
from tests.waiting import until

pytestmark = pytest.mark.process

URL = "postgresql://pharos_owner@127.0.0.1:1/pharos"
RECEIVING = """
case "$*" in *--create-slot*) exit 0 ;; esac
trap 'touch "{folder}/ended"; exit 0' TERM
touch "{folder}/receives"
while sleep 0.02; do :; done
"""


def _programs(folder: Path, receiving: str) -> ServerPrograms:
    """Return programs of which pg_receivewal does so, and pg_basebackup has no room."""
    told = {"pg_receivewal": receiving.format(folder=folder), "pg_basebackup": "echo 'no room' >&2; exit 1"}
    for name, text in told.items():
        (folder / name).write_text(f"#!/bin/sh\n{text}\n")
        (folder / name).chmod(0o755)
    return ServerPrograms(folder)


def test_the_log_is_received_though_there_is_no_base_backup_which_is_not_tried_all_the_time(tmp_path: Path) -> None:
    told, archive = list[str](), Archive(tmp_path / "archive")
    stop = StoppedAfter(5, lambda: until((tmp_path / "receives").exists))
    programs = _programs(tmp_path, RECEIVING)
    archiving.run(archive, URL, programs, Keeping(7, 30), stop=stop, announce=told.append)
    assert told == ["no base backup: pg_basebackup failed: no room; tried again in 300 s"]
    assert (tmp_path / "ended").exists(), "what receives it does not outlive its starter"
    assert list((tmp_path / "archive" / "base").iterdir()) == []


def test_that_the_log_is_received_no_more_ends_it(tmp_path: Path) -> None:
    programs = _programs(tmp_path, 'case "$*" in *--create-slot*) exit 0 ;; esac; touch "{folder}/receives"; exit 3')
    stop = StoppedAfter(1000, lambda: until((tmp_path / "receives").exists))
    with pytest.raises(BackupError, match="pg_receivewal ended with 3"):
        archiving.run(
            Archive(tmp_path / "archive"), URL, programs, Keeping(7, 30), stop=stop, announce=list[str]().append
        )
