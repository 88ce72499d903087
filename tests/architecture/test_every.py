"""A test of many things tells all that fail, and by which name."""

import pytest

from tests.every import of_every


def test_whatever_fails_is_told_by_its_name_and_the_others_are_tried() -> None:
    tried = []

    @of_every({"one": 1, "two": 2, "three": 3})
    def even(number: int) -> None:
        tried.append(number)
        assert number % 2 == 0

    with pytest.raises(BaseExceptionGroup, match="2 of 3 fail") as told:
        even()
    assert tried == [1, 2, 3]
    assert [error.__notes__ for error in told.value.exceptions] == [["of one"], ["of three"]]
