"""Texts of the console and their catalogues, as `make texts` brings them up to date: `python -m tests.catalogues`.

Texts are found where they stand: in the console's JavaScript (calls of ``t``, ``tp``, ``tn``, ``tr``) and HTML, in
sentences of the server (``Sentence``), and in what it names (indicators, quantities, devices, alarms, states).
"""

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_javascript
from babel.messages.pofile import read_po, write_po

from ingest.model.alarm_rules import ALARM_RULES
from ingest.model.quantities.quantity import QUANTITIES
from ingest.model.reading import Quality, ReadingKind
from ingest.model.verticals import VERTICALS
from ingest.reasons import Reason
from kpi_engine.api.tokens import TokenRole
from kpi_engine.engine.causes import Cause
from kpi_engine.indicators import INDICATORS
from kpi_engine.targets.verdict import TargetStatus
from kpi_engine.texts.catalogue import FOLDER, SENTENCE
from processors.steps.reading_quality import QualityFlag

ROOT: Final = Path(__file__).parents[1]
CONSOLE: Final = ROOT / "kpi_engine" / "console"
PACKAGES: Final = ("ingest", "processors", "kpi_engine", "deploy")
CALLS: Final = {"t": None, "tr": None, "tp": None, "tn": None}
SHOWN: Final = ("aria-label", "placeholder", "title")
WIDTH: Final = 110
PLACE: Final = re.compile(r"\{(\w+)(?:[:!][^}]*)?\}")
HEAD: Final = """\
# Texts of the Pharos console. The translations have not been reviewed by a native speaker.
# How to translate: docs/translating.md.
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""


class _Texts(HTMLParser):
    """Texts of a document, and of what it says to those who do not see it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"meta", "link", "input", "br"}:
            self._open.append(tag)
        self.found += [value for name, value in attrs if name in SHOWN and value]

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split())
        if re.search(r"[A-Za-z]", text) and not {"code", "script", "title"} & set(self._open) and text != "Pharos":
            self.found.append(text)


def of_document(path: Path) -> list[str]:
    """Return the texts of an HTML document."""
    parser = _Texts()
    parser.feed(path.read_text(encoding="utf-8"))
    return parser.found


def of_script(path: Path) -> Iterator[tuple[str | None, str, str | None]]:
    """Yield context, text and plural of each call in a script."""
    source = BytesIO(path.read_bytes())
    for _, name, found, _ in extract_javascript(source, CALLS, [], {"parse_template_string": True}):
        words = _arguments(found)
        if name == "tn":
            yield None, words[0], words[1]
        elif name == "tp":
            yield words[0], words[1], None
        else:
            yield None, words[0], None


def _arguments(found: object) -> list[str]:
    """Return the texts of a call: Babel gives one alone as it is, several in order, and None for what is no text."""
    several = found if isinstance(found, list | tuple) else [found]
    return [one for one in several if isinstance(one, str)]


def of_server() -> Iterator[tuple[str, str]]:
    """Yield the file and the text of every sentence that is declared in the sources."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            source = path.read_text(encoding="utf-8")
            if "Sentence(" in source:
                yield from ((str(path.relative_to(ROOT)), text) for text in _declared(ast.parse(source)))
    for rule in ALARM_RULES.values():
        yield f"alarm rule {rule.name}", PLACE.sub(r"{\1}", rule.message)
        yield f"alarm rule {rule.name}", rule.remedy


def _declared(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Sentence":
            yield str(ast.literal_eval(node.args[0]))


def names() -> Iterator[tuple[str, str]]:
    """Yield what the server names, with what it is."""
    for indicator in INDICATORS.values():
        yield f"indicator {indicator.name}", indicator.title
    for quantity in QUANTITIES.values():
        yield f"quantity {quantity.name}", quantity.title
        yield f"quantity {quantity.name}", _words(quantity.name)
        yield from ((f"state of {quantity.name}", state) for state in quantity.states)
    for vertical in VERTICALS.values():
        yield "vertical", vertical.title
        for kind in vertical.device_types:
            yield "type of device", kind.title
            yield "type of device", _words(kind.name)
    for rule in ALARM_RULES.values():
        yield f"alarm rule {rule.name}", rule.title
    yield from (("why a reading is refused", _words(one)) for one in Reason)
    yield from (("why a figure is computed", one.value) for one in Cause)
    yield from (("role", one.value) for one in TokenRole)
    yield from (("kind of reading", one.value) for one in ReadingKind)
    yield from (("quality of a reading", one.name.lower()) for one in Quality)
    yield from (("what is said of a reading", _words((one.name or "").lower())) for one in QualityFlag)
    yield from (("state of a target", one.words) for one in TargetStatus)
    yield from (("action on an alarm", one) for one in ("acknowledged", "commented", "shelved", "unshelved"))


def _words(name: str) -> str:
    return name.replace("_", " ")


def template() -> Catalog:
    """Return every text that is to be translated, with where it stands."""
    found = Catalog(project="Pharos", charset="utf-8", fuzzy=False)
    for document in sorted(CONSOLE.glob("*.html")):
        for text in of_document(document):
            found.add(text, locations=[(document.name, 0)])
    for script in sorted(CONSOLE.glob("*.js")):
        if script.name == "texts.js":
            continue
        for context, text, plural in of_script(script):
            found.add((text, plural) if plural else text, locations=[(script.name, 0)], context=context)
    for comment, text in names():
        found.add(text, auto_comments=[comment])
    for where, text in of_server():
        found.add(text, locations=[(where, 0)] if "/" in where else [], context=SENTENCE,
                  auto_comments=[] if "/" in where else [where])  # fmt: skip
    return found


def update(language: str, wanted: Catalog) -> None:
    """Bring one catalogue up to date: what is new is added untranslated, what is no longer said is left out."""
    path = FOLDER / f"{language}.po"
    known = read_po(BytesIO(path.read_bytes()), locale=language) if path.exists() else Catalog(locale=language)
    made = Catalog(locale=language, project="Pharos", charset="utf-8", fuzzy=False)
    for message in wanted:
        if not message.id:
            continue
        before = known.get(message.id, message.context)
        made.add(
            message.id,
            before.string if before else None,
            locations=message.locations,
            auto_comments=message.auto_comments,
            user_comments=before.user_comments if before else (),
            context=message.context,
        )
    target = BytesIO()
    write_po(target, made, width=WIDTH, include_lineno=False, omit_header=True)
    head = HEAD.format(language=language, plurals=made.plural_forms)
    path.write_bytes(head.encode() + target.getvalue())


def untranslated(language: str, wanted: Catalog) -> list[str]:
    """Return which of the ``wanted`` texts a catalogue does not translate."""
    with (FOLDER / f"{language}.po").open("rb") as file:
        known = read_po(file, locale=language)
    return [_named(one) for one in wanted if one.id and not _is_whole(known, one.id, one.context)]


def _is_whole(known: Catalog, text: object, context: str | None) -> bool:
    found = known.get(text, context)  # type: ignore[arg-type]  # a text, or a text and its plural
    return bool(found and found.string and (all(found.string) if isinstance(found.string, tuple) else True))


def _named(message: object) -> str:
    return str(getattr(message, "id", message))


def places(texts: Iterable[str]) -> set[str]:
    """Return the names of the places in texts."""
    return {name for text in texts for name in PLACE.findall(text)}


def main(languages: list[str]) -> int:
    """Bring every catalogue up to date, or those that are named; a new name begins a new catalogue."""
    wanted = template()
    for language in languages or sorted(path.stem for path in FOLDER.glob("*.po")):
        update(language, wanted)
        sys.stdout.write(
            f"{language}: {len(untranslated(language, wanted))} of {len(wanted)} texts are not translated\n"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
