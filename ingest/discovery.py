"""What extends Pharos is found in its package: each module exports one constant, named as the module is."""

from collections.abc import Iterable
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, TypeVar

from ingest.errors import ExtensionError


class Named(Protocol):
    """What can be found by its name."""

    @property
    def name(self) -> str:
        """The name of the module that exports it."""


Kind = TypeVar("Kind", bound=Named)


def exported(package: str, path: Iterable[str], constant: str, kind: type[Kind]) -> dict[str, Kind]:
    """Return what the modules of ``package`` export as ``constant``, by name.

    Raises ExtensionError saying which module lacks it, or names it otherwise than itself.
    """
    found: dict[str, Kind] = {}
    for module in iter_modules(path):
        place = f"{package}.{module.name}"
        value = getattr(import_module(place), constant, None)
        if not isinstance(value, kind):
            raise ExtensionError(f"{place} exports no {constant}; expected {constant} = {kind.__name__}(...) in it")
        if value.name != module.name:
            raise ExtensionError(
                f"{place} names its {constant} {value.name!r}; expected {module.name!r}, as the module"
            )
        found[value.name] = value
    return found
