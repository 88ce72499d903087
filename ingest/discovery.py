"""What extends Pharos is found in its package: each module exports one constant."""

from collections.abc import Iterable, Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, TypeVar

from ingest.errors import ExtensionError


class Named(Protocol):
    """What can be found by its name."""

    @property
    def name(self) -> str:
        """What it is called; no two of a kind are called alike."""


Kind = TypeVar("Kind")
NamedKind = TypeVar("NamedKind", bound=Named)


def constants(package: str, path: Iterable[str], constant: str, kind: type[Kind]) -> dict[str, Kind]:
    """Return what the modules of ``package`` export as ``constant``, by the name of the module.

    Raises ExtensionError saying which module lacks it.
    """
    return dict(_exports(package, path, constant, kind, f"{kind.__name__}(...)"))


def exported(package: str, path: Iterable[str], constant: str, kind: type[NamedKind]) -> dict[str, NamedKind]:
    """Return what the modules of ``package`` export as ``constant``, by name, which is that of the module.

    Raises ExtensionError saying which module lacks it, or names it otherwise than itself.
    """
    found = constants(package, path, constant, kind)
    for module, value in found.items():
        if value.name != module:
            place = f"{package}.{module}"
            raise ExtensionError(f"{place} names its {constant} {value.name!r}; expected {module!r}, as the module")
    return found


def listed(package: str, path: Iterable[str], constant: str, kind: type[NamedKind]) -> dict[str, NamedKind]:
    """Return by name what the modules of ``package`` list as ``constant``, a tuple.

    Raises ExtensionError saying which module lacks it, lists something else, or names what has that name already.
    """
    found: dict[str, NamedKind] = {}
    expected = f"({kind.__name__}(...), ...)"
    for module, values in _exports(package, path, constant, tuple, expected):
        place = f"{package}.{module}"
        for value in values:
            if not isinstance(value, kind):
                raise ExtensionError(f"{place} lists {value!r} in its {constant}; expected {expected}")
            if value.name in found:
                raise ExtensionError(f"{place} lists {value.name!r} in its {constant}; expected a name of its own")
            found[value.name] = value
    return found


def _exports(
    package: str, path: Iterable[str], constant: str, kind: type[Kind], expected: str
) -> Iterator[tuple[str, Kind]]:
    for module in iter_modules(path):
        place = f"{package}.{module.name}"
        value = getattr(import_module(place), constant, None)
        if not isinstance(value, kind):
            raise ExtensionError(f"{place} exports no {constant}; expected {constant} = {expected} in it")
        yield module.name, value
