"""Accounts: the secrets of a service, in a file of the installation that no city file says more of than its name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from ingest.errors import YamlError
from ingest.model.declarations import yaml_document
from ingest.sources.pull.errors import AccountError

URL: Final = "url"  # where the service is, where that is not where everybody finds it
ENDING: Final = ".yaml"


@dataclass(frozen=True)
class ServiceAccount:
    """What the file of an account says; its secrets are shown to nobody."""

    name: str
    url: str | None = None
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)


NOBODY: Final = ServiceAccount("none")


def load(folder: Path, name: str, expected: Sequence[str], optional: Sequence[str] = ()) -> ServiceAccount:
    """Read the account ``name``, which has the ``expected`` secrets and may have others; raises AccountError."""
    path = folder / f"{name}{ENDING}"
    keys = f"{', '.join(expected) or 'no secrets'}" + (f"; may have {', '.join([*optional, URL])}")
    try:
        found = yaml_document.load(path).value
    except YamlError as error:
        raise AccountError(f"account {name}: {path}: {error}; expected lines such as {URL}: https://...") from None
    answer = found if isinstance(found, dict) else {}
    if unknown := [str(key) for key in answer if key not in {*expected, *optional, URL}]:
        raise AccountError(f"account {name}: {path} has {unknown[0]}; expected {keys}")
    if missing := [key for key in expected if not answer.get(key)]:
        raise AccountError(f"account {name}: {path} lacks {', '.join(missing)}; expected {keys}")
    texts = {str(key): str(value) for key, value in answer.items() if value is not None}
    url = texts.pop(URL, None)
    if url is not None and not url.startswith(("https://", "http://")):
        raise AccountError(f"account {name}: {path}: expected a {URL} that begins with https://")
    return ServiceAccount(name, None if url is None else url.rstrip("/"), texts)
