"""Where the servers of tests keep their data: in memory where that is possible, and nowhere after their run."""

import os
import shutil
from pathlib import Path
from typing import Final

from tests.open_folders import PREFIX, in_memory, open_folder, remove_left

NOBODY: Final = 4_194_305  # more than the highest number of a process


def test_memory_is_taken_where_it_has_room(tmp_path: Path) -> None:
    assert in_memory(tmp_path, spared=0) == tmp_path


def test_without_memory_or_room_in_it_the_folder_for_temporary_files_is_taken(tmp_path: Path) -> None:
    assert in_memory(tmp_path / "shm") is None
    assert in_memory(tmp_path, spared=shutil.disk_usage(tmp_path).total + 1) is None


def test_any_account_may_enter_a_folder_and_it_is_gone_afterwards() -> None:
    with open_folder() as folder:
        assert folder.stat().st_mode & 0o111 == 0o111
        (folder / "data").touch()
    assert not folder.exists()


def test_what_a_killed_run_left_is_removed_and_what_a_running_one_uses_is_not(tmp_path: Path) -> None:
    left, used, other = (tmp_path / name for name in (f"{PREFIX}{NOBODY}-a", f"{PREFIX}{os.getpid()}-b", "pharos"))
    for folder in (left, used, other):
        folder.mkdir()
    remove_left(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted([used, other])
