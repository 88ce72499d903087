"""A file that declares something: YAML in, a valid declaration out, or every fault with line, key and expectation."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from ingest.errors import FileFault, YamlError
from ingest.model.declarations import declaration_faults, yaml_document
from ingest.model.declarations.declaration import Declaration
from ingest.model.declarations.fault_places import WHOLE, file_faults
from ingest.model.declarations.yaml_document import Document

Kind = TypeVar("Kind", bound=Declaration)
Refusal = Callable[[str], Exception]


def load(path: Path, model: type[Kind], refusal: Refusal) -> Kind:
    """Read a file that declares one ``model``; raises what ``refusal`` makes of its faults, a line each."""
    return validated(document(path, refusal), model, path, refusal)


def document(path: Path, refusal: Refusal) -> Document:
    """Return what stands in a file, not looked at yet; raises what ``refusal`` makes where it is no YAML."""
    try:
        return yaml_document.load(path)
    except YamlError as error:
        raise refusal(str(FileFault(str(path), WHOLE, str(error), error.line))) from error


def validated(found: Document, model: type[Kind], path: Path, refusal: Refusal) -> Kind:
    """Return what was found as a declaration of some kind; otherwise as ``load``."""
    try:
        return model.model_validate(found.value)
    except ValidationError as error:
        faults = file_faults(str(path), found, declaration_faults.faults(error, model))
        raise refusal("\n".join(map(str, faults))) from error
