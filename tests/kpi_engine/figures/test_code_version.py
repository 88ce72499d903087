"""Which commit computed a figure, as far as an installation can know it."""

from pathlib import Path

import pytest

from kpi_engine.figures.code_version import built, checked_out, code_version

COMMIT = "1f3a9c02b7de45aa0c1d2e3f405162738495a6b7"


def test_the_version_names_the_commit_and_without_one_the_release() -> None:
    assert code_version("0.1.0", COMMIT) == "0.1.0+g1f3a9c02b7de"
    assert code_version("0.1.0", None) == "0.1.0"


def test_a_checkout_says_its_commit_without_git(tmp_path: Path) -> None:
    branch = tmp_path / ".git" / "refs" / "heads" / "main"
    branch.parent.mkdir(parents=True)
    branch.write_text(f"{COMMIT}\n")
    (tmp_path / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    assert checked_out(tmp_path) == COMMIT

    branch.unlink()
    (tmp_path / ".git" / "packed-refs").write_text(f"# pack-refs with: peeled\n{COMMIT} refs/heads/main\n")
    assert checked_out(tmp_path) == COMMIT

    (tmp_path / ".git" / "HEAD").write_text(f"{COMMIT}\n")
    assert checked_out(tmp_path) == COMMIT


def test_a_worktree_is_a_checkout(tmp_path: Path) -> None:
    tree, own = tmp_path / "tree", tmp_path / "main" / ".git" / "worktrees" / "tree"
    own.mkdir(parents=True)
    tree.mkdir()
    (tree / ".git").write_text(f"gitdir: {own}\n")
    (own / "HEAD").write_text("ref: refs/heads/other\n")
    (own / "commondir").write_text("../..\n")
    (tmp_path / "main" / ".git" / "packed-refs").write_text(f"{COMMIT} refs/heads/other\n")
    assert checked_out(tree) == COMMIT


def test_an_image_says_the_commit_it_was_built_from(tmp_path: Path) -> None:
    (tmp_path / "COMMIT").write_text(f"{COMMIT}\n")
    assert built(tmp_path) == COMMIT


@pytest.mark.parametrize("text", ["", "main\n", "ref: refs/heads/none\n"])
def test_what_is_no_commit_is_not_told(tmp_path: Path, text: str) -> None:
    assert built(tmp_path) is None
    assert checked_out(tmp_path) is None
    (tmp_path / "COMMIT").write_text(text)
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").write_text(text)
    assert built(tmp_path) is None
    assert checked_out(tmp_path) is None
