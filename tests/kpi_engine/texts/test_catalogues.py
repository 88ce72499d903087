"""Every text of the console is in every catalogue, with the same places; and none stands outside of them."""

import re
from functools import cache
from typing import Final

import pytest

from ingest.model.alarm_rules import ALARM_RULES
from ingest.model.sentences import Sentence
from kpi_engine.texts.catalogue import SENTENCE, document, languages, messages
from kpi_engine.texts.portable_object import CatalogueMessage
from tests.catalogues import CALLS, CONSOLE, of_server, places, template, untranslated
from tests.script_strings import strings

texts: Final = cache(template)
SCRIPTS: Final = sorted(CONSOLE.glob("*.js"))
NOT_FOR_PEOPLE: Final = re.compile(
    r"^(The page has no |\./|/|\(|data-|en-CA|M0|M-?\d|#|\[|[\w.-]+\[|-?\d|translate\(|scale\(|rgba\()"
)
"""Failures of programming, and what browsers read."""
NOT_SHOWN: Final = {"class", "d", "viewBox", "font", "transform", "attributes", "hovertemplate"}
KEYS: Final = {
    "Enter",
    "Escape",
    "Tab",
    "Backspace",
    "Home",
    "End",
    "Infinity",
    "Plotly",
    "Pharos",
    "POST",
    "DELETE",
    "GET",
}


@pytest.mark.parametrize("language", languages())
def test_nothing_is_left_untranslated(language: str) -> None:
    assert untranslated(language, texts()) == []


@pytest.mark.parametrize("language", languages())
def test_a_catalogue_holds_nothing_that_is_not_said(language: str) -> None:
    said = {(one.context, one.id[0] if isinstance(one.id, tuple) else one.id) for one in texts() if one.id}
    assert {(one.context, one.text) for one in messages(language)} == said


@pytest.mark.parametrize("language", languages())
def test_a_translation_has_the_places_of_its_text(language: str) -> None:
    unlike = [
        (one.text, form)
        for one in messages(language)
        for form in one.forms
        if not _always(one) <= places([form]) <= places([one.text, one.plural or ""])
    ]
    assert unlike == []


def _always(message: CatalogueMessage) -> set[str]:
    """Return the places that every form has: where there are several, one may say its number in a word."""
    return places([message.text]) & places([message.plural or message.text]) - ({"count"} if message.plural else set())


@pytest.mark.parametrize("language", languages())
def test_a_translation_begins_and_ends_as_its_text_does(language: str) -> None:
    def edges(text: str) -> tuple[bool, bool, bool, str]:
        return text.startswith(" "), text.endswith(" "), text.endswith("."), text[0] if text[0] in ",;" else ""

    assert [one.text for one in messages(language) for form in one.forms if edges(form) != edges(one.text)] == []


def test_the_console_offers_the_languages_that_have_a_catalogue() -> None:
    listed = re.search(r"const LOCALES = .*\(\{ (.+) \}\)", (CONSOLE / "texts.js").read_text(encoding="utf-8"))
    assert listed
    assert sorted(re.findall(r"(\w+): \"", listed[1])) == sorted(["en", *languages()])


def test_a_sentence_says_its_facts() -> None:
    assert Sentence("{known} of {all} hours").of(known=3, all=24) == "3 of 24 hours"
    with pytest.raises(KeyError):
        Sentence("{known} of {all} hours").of(known=3)


def test_every_alarm_and_what_to_do_about_it_can_be_told_in_other_languages() -> None:
    told = {text for _, text in of_server()}
    assert {rule.remedy for rule in ALARM_RULES.values()} <= told


def test_no_two_places_of_a_sentence_touch() -> None:
    """Else nobody could tell where the one ends: sentences are read back by their places."""
    assert [text for _, text in of_server() if re.search(r"\}\s?\{", text)] == []


def test_sentences_travel_apart_from_texts() -> None:
    content = document(languages()[0]).decode()
    assert '"sentences":{' in content
    assert SENTENCE not in {one.context for one in messages(languages()[0]) if not one.text}


def test_no_text_of_a_script_stands_outside_of_the_catalogues() -> None:
    found = {path.name: loose_texts(path.read_text(encoding="utf-8")) for path in SCRIPTS if path.name != "texts.js"}
    assert {name: loose for name, loose in found.items() if loose} == {}


@pytest.mark.parametrize(
    "line",
    [
        'element("p", {}, "No device matches.");',
        'element("a", { "aria-label": "Nearer" });',
        "told.textContent = `${count} devices`;",
        'const columns = ["Device", "State"];',
        'entitle("Map");',
    ],
)
def test_a_text_outside_of_the_catalogues_is_noticed(line: str) -> None:
    assert loose_texts(line)


@pytest.mark.parametrize(
    "line", ['t("No device matches.")', 'element("p", { class: "quiet legend" })', "`pharos-${kind}`"]
)
def test_what_is_no_text_is_not_noticed(line: str) -> None:
    assert loose_texts(line) == []


def loose_texts(source: str) -> list[str]:
    """Return what reads like words for people and is no argument of a call that looks it up."""
    shown = [one for one in strings(source) if one.call not in CALLS and one.attribute not in NOT_SHOWN]
    return [one.words.replace("\0", "{}") for one in shown if _is_for_people(one.words)]


def _is_for_people(text: str) -> bool:
    """Whether a string reads like words: several of them, one with a capital, or one beside a place of a template."""
    if NOT_FOR_PEOPLE.search(text) or text.strip() in KEYS:
        return False
    several, beside = r"[A-Za-z]{2,} [a-z]{2,}", r"\0 [a-z]{2,}\b|\b[A-Za-z]{2,}:? \0"
    return bool(re.search(f"{several}|{beside}", text) or re.fullmatch(r"[A-Z][a-z]+", text))
