"""Parts of sentences that every message of the product is made of."""

import pytest

from ingest.wording import first_of, in_words


def test_an_error_is_told_in_one_line_and_by_its_kind_where_it_says_nothing() -> None:
    assert in_words(ValueError("no\n  such  unit")) == "no such unit"
    assert in_words(TimeoutError()) == "TimeoutError"


@pytest.mark.parametrize(
    ("joint", "items", "told"),
    [(", ", "", ""), (", ", "ab", "a, b"), (", ", "abcd", "a, b and 2 more"), ("; ", "abc", "a; b; and 1 more")],
)
def test_of_many_names_the_first_are_told_and_the_rest_is_counted(joint: str, items: str, told: str) -> None:
    assert first_of(items, 2, joint) == told
