"""The profiles that ship, one YAML file each: the frames of common devices, by the documents of their makers."""

from importlib.resources import files
from typing import Final

from ingest.model.declarations import yaml_document
from ingest.model.frames.profile import Profile


def _shipped() -> dict[str, Profile]:
    texts = [path for path in files(__name__).iterdir() if path.name.endswith(".yaml")]
    found = [Profile.model_validate(yaml_document.read(path.read_text(encoding="utf-8")).value) for path in texts]
    return {profile.name: profile for profile in sorted(found, key=lambda one: one.name)}


PROFILES: Final = _shipped()
