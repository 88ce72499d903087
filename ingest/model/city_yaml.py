"""The YAML of city files: text in, plain data out, and one sentence with line and column where it is not YAML.

YAML 1.2 in the ways that matter here: a key given twice is refused, NO is Norway, and a day stays text until its key
says that it is one, so that 30 February is a fault of that key.
"""

import re
from collections import Counter
from typing import Any, Final

import yaml

from ingest.errors import CityYamlError

_BOOL: Final = "tag:yaml.org,2002:bool"
_GUESSED: Final = {_BOOL, "tag:yaml.org,2002:timestamp"}


class _Loader(yaml.SafeLoader):
    """Merge keys (``<<``) work: a key of the mapping itself takes precedence over the merged one."""

    def compose_mapping_node(self, anchor: dict[Any, yaml.Node]) -> yaml.MappingNode:
        node: yaml.MappingNode = super().compose_mapping_node(anchor)  # as written, before anything is merged
        keys = Counter(key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode))
        for key, count in keys.items():
            if count > 1:
                raise yaml.MarkedYAMLError(problem=f"key {key!r} is given {count} times", problem_mark=node.start_mark)
        return node


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in _GUESSED]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(_BOOL, re.compile(r"^(?:true|false)$"), list("tf"))


def read(text: str) -> object:
    """Return the document in ``text`` without its top-level ``x-`` keys (places for anchors); raises CityYamlError."""
    try:
        document = yaml.load(text, Loader=_Loader)  # noqa: S506 - derived from SafeLoader
    except yaml.YAMLError as error:
        raise CityYamlError(_sentence(error)) from error
    except ValueError as error:  # a value that contradicts its explicit tag
        raise CityYamlError(f"expected YAML: {error}") from error
    except RecursionError:
        raise CityYamlError("expected YAML: lists and mappings are nested too deeply") from None
    if not isinstance(document, dict):
        return document
    return {key: value for key, value in document.items() if not str(key).startswith("x-")}


def _sentence(error: yaml.YAMLError) -> str:
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return f"expected YAML: {' '.join(str(error).split())}"
    said = ", ".join(filter(None, (error.context, error.problem)))
    return f"expected YAML: {said} (line {error.problem_mark.line + 1}, column {error.problem_mark.column + 1})"
