"""Factor files: the YAML shipped with this package, validated."""

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

import yaml
from pydantic import ValidationError

from ingest.wording import in_words
from kpi_engine.errors import FactorError
from kpi_engine.factors.factor import Factor, FactorFile


def shipped() -> list[Factor]:
    """Return every factor of this version of Pharos, oldest version of a name first; raises FactorError."""
    return list(_shipped())


@cache
def _shipped() -> tuple[Factor, ...]:
    """Read them once in a process: that takes as long as everything else that checks a city file."""
    folder = files("kpi_engine.factors").joinpath("data")
    paths = sorted((path for path in folder.iterdir() if path.name.endswith(".yaml")), key=lambda path: path.name)
    return tuple(factor for path in paths for factor in _factors(path))


def parse(text: str, name: str) -> list[Factor]:
    """Return the factors in the text of a factor file called ``name``; raises FactorError naming each wrong key."""
    try:
        declared = FactorFile.model_validate(yaml.safe_load(text))
    except yaml.YAMLError as error:
        raise FactorError(f"{name}: expected YAML: {in_words(error)}") from error
    except ValidationError as error:
        faults = (f"{name}: {'.'.join(map(str, fault['loc'])) or '(file)'}: {fault['msg']}" for fault in error.errors())
        raise FactorError("\n".join(faults)) from error
    return [
        Factor(name=declared.name, carrier=declared.carrier, **version.model_dump()) for version in declared.versions
    ]


def _factors(path: Traversable) -> list[Factor]:
    return parse(path.read_text(encoding="utf-8"), path.name)
