"""Statements of a module: read from the file beside it, by their names."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from processors.storage.readings import ledger
from processors.storage.statements import statements


def test_a_statement_has_its_sentence_and_its_text_and_nothing_of_the_next_one() -> None:
    posted = statements(ledger.__name__)["ledger_post"]
    assert posted.startswith("-- ")
    assert "insert into ledger" in posted
    assert "-- name:" not in posted


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """Return what puts a text beside a module, and names that."""

    def placed(text: str) -> str:
        package = tmp_path / f"stored_{abs(hash(text))}"
        package.mkdir()
        (package / "__init__.py").write_text("")
        (package / "module.sql").write_text(text.replace("@", f"{package.name}.module"))
        monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
        return f"{package.name}.module"

    return placed


@pytest.mark.parametrize("text", ["select 1\n", "-- name: a\nselect 1\n\n-- name: a\nselect 2\n"])
def test_a_statement_without_a_name_of_its_own_is_refused(text: str, module: Callable[[str], str]) -> None:
    with pytest.raises(ValueError, match=r"module\.sql: expected statements with names of their own"):
        statements(module(text))


def test_a_part_stands_where_it_is_included_without_its_sentence_and_is_no_statement(
    module: Callable[[str], str],
) -> None:
    given = "-- name: a\n-- All.\nwhere a\n    -- include: @.wanted\n\n-- part: wanted\n-- Which.\nand b\nand c\n"
    assert statements(module(given)) == {"a": "-- All.\nwhere a\n    and b\n    and c\n"}


def test_what_includes_a_part_that_is_not_there_is_told_which_there_are(module: Callable[[str], str]) -> None:
    given = "-- name: a\nselect 1\n-- include: @.wnated\n\n-- part: wanted\nwhere true\n"
    with pytest.raises(ValueError, match=r"module\.wnated: expected a part of stored_\d+\.module: wanted"):
        statements(module(given))
