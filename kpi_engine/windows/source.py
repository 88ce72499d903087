"""A source: the one place where stored inputs of one kind of key are read, for all figures of a step at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kpi_engine.windows.kept_days import KeptDays
from processors.storage.database import Connection


@dataclass(frozen=True)
class InputSource:
    """What reads keys of one class: all of them at once; the last argument: what is kept, and may be added to."""

    key: type
    read: Callable[[Connection, Sequence[Any], KeptDays | None], Mapping[Any, Any]]
