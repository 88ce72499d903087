"""structlog loaded without rich, which it takes for tracebacks in colour: nobody prints those here.

To load rich takes a tenth of a role's start; a command that draws a table loads it all the same, later.
"""

import sys
from importlib import import_module


def load() -> None:
    """Load structlog as where rich is not installed, unless either has been loaded already."""
    if {"structlog", "rich"} & sys.modules.keys():
        return
    sys.modules["rich"] = None  # type: ignore[assignment]  # Python's own way to say that there is no such module
    try:
        import_module("structlog")
    finally:
        del sys.modules["rich"]
