"""What extends Pharos is found in its package: each module exports one constant, or a list of them."""

from collections.abc import Iterable
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
    expected = f"{kind.__name__}(...)"
    return {one.name: _export(package, one.name, constant, kind, expected) for one in iter_modules(path)}


def exported(package: str, path: Iterable[str], constant: str, kind: type[NamedKind]) -> dict[str, NamedKind]:
    """Return what the modules of ``package`` export as ``constant``, by name, which is that of the module.

    Raises ExtensionError saying which module lacks it, or names it otherwise than itself.
    """
    found = constants(package, path, constant, kind)
    for module, value in found.items():
        _raise_unless_named(package, module, constant, value)
    return found


def listed(package: str, path: Iterable[str], constant: str, kind: type[NamedKind]) -> dict[str, NamedKind]:
    """Return by name what the modules of ``package`` list as ``constant``, a tuple.

    Raises ExtensionError saying which module lacks it, lists something else, or names what has that name already.
    """
    found: dict[str, NamedKind] = {}
    for module in iter_modules(path):
        _add_list(found, package, module.name, constant, kind)
    return found


def exported_or_listed(package: str, path: Iterable[str], constant: str, kind: type[NamedKind]) -> dict[str, NamedKind]:
    """Return by name, in its order, what the modules of ``package`` export: one, or several that differ in values.

    One is exported as ``constant`` and named after its module; several are listed as ``constant`` with an S, a tuple.
    Raises ExtensionError as ``exported`` and ``listed`` do.
    """
    found: dict[str, NamedKind] = {}
    for module in iter_modules(path):
        if hasattr(import_module(f"{package}.{module.name}"), f"{constant}S"):
            _add_list(found, package, module.name, f"{constant}S", kind)
        else:
            value = _export(package, module.name, constant, kind, f"{kind.__name__}(...)")
            _raise_unless_named(package, module.name, constant, value)
            _add(found, package, module.name, constant, value)
    return dict(sorted(found.items()))


def _export(package: str, module: str, constant: str, kind: type[Kind], expected: str) -> Kind:
    place = f"{package}.{module}"
    value = getattr(import_module(place), constant, None)
    if not isinstance(value, kind):
        raise ExtensionError(f"{place} exports no {constant}; expected {constant} = {expected} in it")
    return value


def _add_list(found: dict[str, NamedKind], package: str, module: str, constant: str, kind: type[NamedKind]) -> None:
    expected = f"({kind.__name__}(...), ...)"
    for value in _export(package, module, constant, tuple, expected):
        if not isinstance(value, kind):
            raise ExtensionError(f"{package}.{module} lists {value!r} in its {constant}; expected {expected}")
        _add(found, package, module, constant, value)


def _add(found: dict[str, NamedKind], package: str, module: str, constant: str, value: NamedKind) -> None:
    if value.name in found:
        raise ExtensionError(f"{package}.{module} lists {value.name!r} in its {constant}; expected a name of its own")
    found[value.name] = value


def _raise_unless_named(package: str, module: str, constant: str, value: Named) -> None:
    if value.name != module:
        place = f"{package}.{module}"
        raise ExtensionError(f"{place} names its {constant} {value.name!r}; expected {module!r}, as the module")
