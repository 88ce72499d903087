"""The elements of an XML document, one after the other as they end, however long it is.

A document type declaration is refused, and with it every entity that a text could be blown up with; so are what is
nested deeply and texts without end. Names are without their namespaces.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple
from xml.parsers import expat

DEEPEST: Final = 32
LONGEST_TEXT: Final = 10_000  # characters of one element
_NAMESPACE: Final = " "  # between it and a name, by expat


class XmlRefusedError(ValueError):
    """A text is no XML, or more than a document of data needs; says what and where."""


class Element(NamedTuple):
    """An element that has ended: its path from the root on, and the text in it that is not in another one."""

    path: tuple[str, ...]
    text: str
    attributes: Mapping[str, str]

    @property
    def name(self) -> str:
        """Its own name."""
        return self.path[-1]


def elements(chunks: Iterable[bytes]) -> Iterator[Element]:
    """Yield the elements of a document as they end; raises XmlRefusedError."""
    reader = _Reader()
    for chunk in chunks:
        yield from reader.read(chunk)
    yield from reader.read(b"", is_last=True)


class _Reader:
    """Expat's calls, gathered between two chunks."""

    def __init__(self) -> None:
        self._ended: list[Element] = []
        self._path: list[str] = []
        self._texts: list[list[str]] = []
        self._attributes: list[Mapping[str, str]] = []
        self._lengths: list[int] = []
        self._parser = parser = expat.ParserCreate(namespace_separator=_NAMESPACE)
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._declared
        parser.EntityDeclHandler = self._declared

    def read(self, chunk: bytes, *, is_last: bool = False) -> list[Element]:
        """Return what ends in a chunk."""
        try:
            self._parser.Parse(chunk, is_last)
        except expat.ExpatError as error:
            raise XmlRefusedError(f"expected XML; {error}") from error
        found, self._ended = self._ended, []
        return found

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        if len(self._path) >= DEEPEST:
            raise XmlRefusedError(f"expected at most {DEEPEST} elements in each other")
        self._path.append(name.rpartition(_NAMESPACE)[2])
        self._texts.append([])
        self._attributes.append(attributes)
        self._lengths.append(0)

    def _end(self, name: str) -> None:
        del name
        text, attributes = "".join(self._texts.pop()).strip(), self._attributes.pop()
        self._ended.append(Element(tuple(self._path), text, attributes))
        self._path.pop()
        self._lengths.pop()

    def _text(self, text: str) -> None:
        self._lengths[-1] += len(text)
        if self._lengths[-1] > LONGEST_TEXT:
            raise XmlRefusedError(f"expected at most {LONGEST_TEXT} characters in an element")
        self._texts[-1].append(text)

    def _declared(self, *parts: object) -> None:
        del parts
        raise XmlRefusedError("expected XML without a document type declaration")
