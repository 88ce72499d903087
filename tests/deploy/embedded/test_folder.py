"""The data folder is ours alone, and one stack's at a time."""

import os
from pathlib import Path

import pytest

from deploy.embedded.folder import DataFolder, is_data_folder, write_private
from deploy.errors import AlreadyRunningError, DeployError, ForeignFolderError


def test_a_second_stack_on_the_same_folder_is_told_who_runs(tmp_path: Path) -> None:
    with DataFolder(tmp_path / "data").owned():
        second = DataFolder(tmp_path / "data")
        with pytest.raises(AlreadyRunningError, match=f"process {os.getpid()}"), second.owned():
            pytest.fail("owned twice")


def test_a_folder_is_free_again_after_its_owner(tmp_path: Path) -> None:
    for _ in range(2):
        with DataFolder(tmp_path / "data").owned():
            assert is_data_folder(tmp_path / "data")


def test_a_foreign_folder_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("mine")
    with pytest.raises(ForeignFolderError, match="was not made by Pharos"):
        DataFolder(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_file_in_its_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(DeployError, match="cannot be used as data folder"):
        DataFolder(tmp_path / "data")


def test_private_files_are_closed_to_others_even_when_they_were_not(tmp_path: Path) -> None:
    target = tmp_path / "console-token"
    target.write_text("old")
    target.chmod(0o644)
    write_private(target, "new")
    assert (target.read_text(), target.stat().st_mode & 0o777) == ("new", 0o600)
