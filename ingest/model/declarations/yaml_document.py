"""The YAML of the files people write: text in, plain data out with the line of every key, or one sentence of a fault.

YAML 1.2 in the ways that matter here: a key given twice is refused, NO is Norway, and a day stays text until its key
says that it is one, so that 30 February is a fault of that key.
"""

import re
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml
from yaml.composer import Composer
from yaml.constructor import SafeConstructor

from ingest.errors import YamlError
from ingest.model.declarations.expected import found
from ingest.model.declarations.yaml_expansion import expanded
from ingest.wording import in_words

LONGEST: Final = 16_000_000  # characters: a city of 100,000 devices, and a minute of reading
MOST_NODES: Final = 3_000_000  # with everything that aliases repeat: 359 devices are 40,000

_TEXT: Final = "tag:yaml.org,2002:str"
_BOOL: Final = "tag:yaml.org,2002:bool"
_MERGE: Final = "tag:yaml.org,2002:merge"
_GUESSED: Final = {_BOOL, "tag:yaml.org,2002:timestamp"}
# What neither a terminal nor a database takes as text; only escapes can write it.
_UNFIT: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
# Tabs between tokens and question marks in plain words: nobody's file is understood on one machine only.
_TAKEN_BY_LIBYAML_ONLY: Final = re.compile("[\t?]")
# What the constructors of PyYAML raise of a value that contradicts its explicit tag, such as !!timestamp of a word.
_CONTRADICTED: Final = (ValueError, AttributeError, LookupError, TypeError, OverflowError)

Keys = Sequence[int | str]


@dataclass(frozen=True)
class Place:
    """Where a key stands: its line, from 1; what is the same for whatever shares it through an alias; what is missing.

    ``missing`` are the last keys of those asked for, where the document ends before them.
    """

    line: int
    mark: int
    missing: tuple[int | str, ...]


@dataclass(frozen=True)
class Document:
    """What stands in a file, as plain data, and the nodes it was made of."""

    value: object
    root: yaml.Node | None

    def place(self, keys: Keys) -> Place:
        """Return where the value under ``keys`` stands, or what would hold it."""
        node = self.root
        mark = node.start_mark if node else None
        for depth, key in enumerate(keys):
            entry = _entry(node, key)
            if entry is None:
                return _place(mark, keys[depth:])
            at, node = entry
            mark = at.start_mark
        return _place(mark, ())


class _Rules(Composer, SafeConstructor):
    """Merge keys (``<<``) work: a key of the mapping itself takes precedence over the merged one."""

    def compose_mapping_node(self, anchor: dict[Any, yaml.Node]) -> yaml.MappingNode:
        node: yaml.MappingNode = super().compose_mapping_node(anchor)  # as written, before anything is merged
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.tag not in (_TEXT, _MERGE):
                written = found(key.value) if isinstance(key, yaml.ScalarNode) else "a list or keys"
                raise yaml.MarkedYAMLError(problem=f"a key is text, not {written}", problem_mark=key.start_mark)
        for name, count in Counter(key.value for key, _ in node.value).items():
            if count > 1:
                problem = f"key {found(name)} is given {count} times"
                raise yaml.MarkedYAMLError(problem=problem, problem_mark=node.start_mark)
        return node

    def compose_scalar_node(self, anchor: dict[Any, yaml.Node]) -> yaml.ScalarNode:
        node: yaml.ScalarNode = super().compose_scalar_node(anchor)
        if unfit := _UNFIT.search(node.value):
            problem = f"the character U+{ord(unfit.group()):04X} is not allowed in text"
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=node.start_mark)
        return node

    def construct_object(self, node: yaml.Node, deep: bool = False) -> object:
        try:
            constructed: object = super().construct_object(node, deep=deep)
        except _CONTRADICTED as error:
            problem = f"{found(node.value)} is not what its tag says"
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=node.start_mark) from error
        return constructed


class _Patient(_Rules, yaml.SafeLoader):
    """Reads in Python, and says in words what is wrong."""


_Patient.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in _GUESSED]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Patient.add_implicit_resolver(_BOOL, re.compile(r"^(?:true|false)$"), list("tf"))
_READERS: Final[list[type[yaml.SafeLoader | yaml.CSafeLoader]]] = [_Patient]
if yaml.__with_libyaml__:

    class _Fast(_Rules, yaml.CSafeLoader):
        """Reads by libyaml, seven times as fast; what that makes is put together here, no deeper than Python allows."""

        def __init__(self, text: str) -> None:
            yaml.CSafeLoader.__init__(self, text)
            Composer.__init__(self)

    _Fast.yaml_implicit_resolvers = _Patient.yaml_implicit_resolvers
    _READERS.insert(0, _Fast)


def load(path: Path) -> Document:
    """Return what stands in a file; raises YamlError."""
    try:
        with path.open(encoding="utf-8") as file:
            text = file.read(LONGEST + 1)
    except UnicodeDecodeError as error:
        raise YamlError(f"cannot be read: expected UTF-8 ({error.reason} at byte {error.start})") from error
    except (OSError, ValueError) as error:  # ValueError: a path with a NUL
        raise YamlError(f"cannot be read: {getattr(error, 'strerror', None) or error}") from error
    return read(text)


def read(text: str) -> Document:
    """Return the document in ``text`` without its top-level ``x-`` keys (places for anchors); raises YamlError."""
    if len(text) > LONGEST:
        raise YamlError(f"expected at most {LONGEST:,} characters of YAML")
    try:
        root, document = _read(text)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise YamlError(f"expected YAML: the character U+{error.character:04X} is not allowed", line) from error
    except yaml.YAMLError as error:
        raise _yaml_error(error) from error
    except RecursionError:
        raise YamlError("expected YAML: lists and mappings are nested too deeply") from None
    if isinstance(document, dict):
        document = {key: value for key, value in document.items() if not key.startswith("x-")}
    return Document(document, root)


def _read(text: str) -> tuple[yaml.Node | None, object]:
    """Return the root and what it holds, the fast way; of what has a fault the patient one says which."""
    if not _TAKEN_BY_LIBYAML_ONLY.search(text):
        with suppress(yaml.YAMLError, ValueError, RecursionError):
            return _loaded(_READERS[0](text))
    return _loaded(_Patient(text))


def _loaded(loader: yaml.SafeLoader | yaml.CSafeLoader) -> tuple[yaml.Node | None, object]:
    try:
        root: yaml.Node | None = loader.get_single_node()
        if root is None:
            return None, None
        if expanded(root, MOST_NODES) > MOST_NODES:
            problem = f"aliases and merge keys (<<) repeat so much that it is more than {MOST_NODES:,} values"
            raise yaml.MarkedYAMLError(problem=problem)
        return root, loader.construct_document(root)
    finally:
        loader.dispose()


def _yaml_error(error: yaml.YAMLError) -> YamlError:
    if not isinstance(error, yaml.MarkedYAMLError):
        return YamlError(f"expected YAML: {in_words(error)}")
    problem = "expected YAML: " + ", ".join(filter(None, (error.context, error.problem)))
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return YamlError(problem)
    return YamlError(f"{problem} (column {mark.column + 1})", mark.line + 1)


def _entry(node: yaml.Node | None, key: int | str) -> tuple[yaml.Node, yaml.Node] | None:
    """Return what stands for a key of a node, and its value; the last of equal keys is the one that counts."""
    if isinstance(node, yaml.MappingNode):
        return next(((at, value) for at, value in reversed(node.value) if at.value == key), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
        return node.value[key], node.value[key]
    return None


def _place(mark: yaml.Mark | None, missing: Keys) -> Place:
    return Place(mark.line + 1 if mark else 1, mark.index if mark else 0, tuple(missing))
