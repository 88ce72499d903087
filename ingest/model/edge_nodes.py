"""What is known of edge nodes while some of their messages are read; what is new of it holds once it is stored."""

from collections.abc import Callable, Mapping

from ingest.model.sparkplug import UNKNOWN, EdgeNode


def nothing(name: str) -> None:
    """Return what is known of an edge node where nobody keeps anything: nothing."""
    del name


class EdgeNodes:
    """``recall`` returns what is stored of an edge node by its name; ``begin`` goes back to that."""

    def __init__(self, recall: Callable[[str], EdgeNode | None] = nothing) -> None:
        self._recall = recall
        self._before: dict[str, EdgeNode] = {}
        self._now: dict[str, EdgeNode] = {}
        self._asked: set[str] = set()

    def begin(self) -> None:
        """Forget what was heard: of what was not stored, the messages come again."""
        self._before, self._now, self._asked = {}, {}, set()

    def __getitem__(self, name: str) -> EdgeNode:
        """Return what is known of an edge node by now."""
        if name not in self._now:
            self._now[name] = self._before[name] = self._recall(name) or UNKNOWN
        return self._now[name]

    def keep(self, name: str, node: EdgeNode, *, wants_rebirth: bool, is_born: bool) -> None:
        """Take note of what is known from now on, and of whether the births of an edge node are needed."""
        self._now[name] = node
        if wants_rebirth:
            self._asked.add(name)
        elif is_born:
            self._asked.discard(name)

    @property
    def changed(self) -> Mapping[str, EdgeNode]:
        """What is known anew since ``begin``, by edge node."""
        return {name: node for name, node in self._now.items() if node is not self._before[name]}

    @property
    def asked(self) -> frozenset[str]:
        """The edge nodes that are to be asked for their births."""
        return frozenset(self._asked)
