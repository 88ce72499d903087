"""Sentences that people are told, as templates: where one is made, its wording and its places are declared.

What is told is stored and answered in English. Since every sentence is an instance of a declared template, it can be
read back by its places and told in another language, however long ago it was stored (kpi_engine/texts).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sentence:
    """A sentence with places in braces, such as "between {lower} and {upper}"; a translator finds it word by word."""

    text: str

    def of(self, **facts: object) -> str:
        """Return the sentence with its places filled. Raises KeyError where one is not given."""
        return self.text.format(**facts)
