"""How far a long pull has come: a bar where rich is installed and somebody looks, else nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

Advance = Callable[[int], None]
"""Takes how many rows or bytes have come since the last time."""


@contextmanager
def bar(what: str, unit: str, *, wanted: bool) -> Iterator[Advance]:
    """Show a bar while something comes whose length nobody knows; ``unit`` is what is counted."""
    if not wanted:
        yield lambda _: None
        return
    try:
        from rich.console import Console  # noqa: PLC0415 - not everybody has it
        from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415
    except ImportError:
        yield lambda _: None
        return
    columns = (SpinnerColumn(), TextColumn(f"{{task.description}}: {{task.completed:,}} {unit}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=None)
        yield lambda count: progress.advance(task, count)
