"""How the whole of Pharos stands, for the console: what does not move, since when and why, and what is under way."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class ProgressSentences:
    """Sentences. ``stuck``: what does not move; the part before ": " says so without names of machines and programs."""

    stuck: Sequence[str] = ()
    notes: Sequence[str] = ()

    def stuck_for(self, may_see_causes: bool) -> list[str]:
        """Return what does not move, with the causes for those who may see them."""
        return [one if may_see_causes else one.partition(": ")[0] for one in self.stuck]


AskStanding = Callable[[], ProgressSentences]


def unknown() -> ProgressSentences:
    """Return that nothing is known: nobody told how to ask."""
    return ProgressSentences()
