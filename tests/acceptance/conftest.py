"""Whole products of a test's own."""

import tempfile
from collections.abc import Iterator

import pytest

from tests.open_folders import open_folder


@pytest.fixture
def quick_throwaway(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let throwaway stacks, of this process and of those it starts, have their data where servers of tests have it."""
    with open_folder() as folder:
        monkeypatch.setenv("TMPDIR", str(folder))
        monkeypatch.setattr(tempfile, "tempdir", str(folder))
        yield
