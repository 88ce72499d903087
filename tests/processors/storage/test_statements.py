"""Statements of a module: read from the file beside it, by their names."""

import sys
from pathlib import Path

import pytest

from processors.storage.readings import ledger
from processors.storage.statements import statements


def test_a_statement_has_its_sentence_and_its_text_and_nothing_of_the_next_one() -> None:
    posted = statements(ledger.__name__)["ledger_post"]
    assert posted.startswith("-- ")
    assert "insert into ledger" in posted
    assert "-- name:" not in posted


@pytest.mark.parametrize("text", ["select 1\n", "-- name: a\nselect 1\n\n-- name: a\nselect 2\n"])
def test_a_statement_without_a_name_of_its_own_is_refused(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / f"stored_{abs(hash(text))}"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "module.sql").write_text(text)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    with pytest.raises(ValueError, match=r"module\.sql: expected statements with names of their own"):
        statements(f"{package.name}.module")
