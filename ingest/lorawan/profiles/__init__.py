"""The profiles that ship, one YAML file each: the frames of common devices, by the documents of their makers."""

from functools import cache
from importlib.resources import files
from typing import Final

from ingest.model.declarations import yaml_document
from ingest.model.frames.profile import Profile

_SUFFIX: Final = ".yaml"


@cache
def names() -> tuple[str, ...]:
    """Return what the profiles are called; none is read for that."""
    found = (path.name for path in files(__name__).iterdir() if path.name.endswith(_SUFFIX))
    return tuple(sorted(name.removesuffix(_SUFFIX) for name in found))


@cache
def profile(name: str) -> Profile | None:
    """Return a profile by its name, None where none is called so; read when it is first asked for."""
    if name not in names():
        return None
    text = (files(__name__) / f"{name}{_SUFFIX}").read_text(encoding="utf-8")
    return Profile.model_validate(yaml_document.read(text).value)
