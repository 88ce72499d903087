"""Templates of pages: whatever they are given is escaped, and a name that nobody gave is a fault."""

from collections.abc import Callable

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape


def environment(package: str, **filters: Callable[..., str]) -> Environment:
    """Return the templates in the folder of ``package``, with filters by their names there."""
    found = Environment(
        loader=PackageLoader(package),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters.update(filters)
    return found
