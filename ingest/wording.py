"""Parts of sentences: what an error says, and the first of many names."""

from collections.abc import Iterable
from typing import Final

from ingest.model.sentences import Sentence

MORE: Final = Sentence("and {count} more")


def in_words(error: BaseException) -> str:
    """Return what an error says, in one line; its kind where it says nothing."""
    return " ".join(str(error).split()) or type(error).__name__


def first_of(items: Iterable[str], most: int, joint: str = ", ") -> str:
    """Return the first ``most`` items and how many more there are: "a, b and 3 more", or "a; b; and 3 more"."""
    every = list(items)
    rest = len(every) - most
    named = joint.join(every[:most])
    return f"{named}{joint.replace(',', '')}{MORE.of(count=rest)}" if rest > 0 else named
