"""Catalogues are read as the tools of translators write them, and as Babel reads them."""

from io import BytesIO

import pytest
from babel.messages.pofile import read_po

from kpi_engine.texts.catalogue import FOLDER, languages
from kpi_engine.texts.portable_object import CatalogueError, CatalogueMessage, read

HEAD = 'msgid ""\nmsgstr ""\n"Language: da\\n"\n\n'


def found(text: str) -> list[CatalogueMessage]:
    return list(read((HEAD + text).splitlines()))


def test_a_text_is_read_with_its_translation_and_the_head_is_none() -> None:
    assert found('msgid "Map"\nmsgstr "Kort"\n') == [CatalogueMessage("Map", None, None, ["Kort"])]


def test_a_text_over_several_lines_is_one() -> None:
    assert found('msgid ""\n"one "\n"two"\nmsgstr ""\n"en "\n"to"\n') == [
        CatalogueMessage("one two", None, None, ["en to"])
    ]


def test_quotes_and_line_ends_in_a_text_are_what_they_stand_for() -> None:
    assert found('msgid "say \\"a\\\\b\\""\nmsgstr "x\\ny"\n') == [CatalogueMessage('say "a\\b"', None, None, ["x\ny"])]


def test_a_context_and_the_forms_of_a_plural_belong_to_the_text() -> None:
    text = 'msgctxt "alarms"\nmsgid "{count} one"\nmsgid_plural "{count} many"\nmsgstr[0] "en"\nmsgstr[1] "flere"\n'
    assert found(text) == [CatalogueMessage("{count} one", "{count} many", "alarms", ["en", "flere"])]


def test_texts_need_no_empty_line_but_a_comment_between_them() -> None:
    assert [one.text for one in found('msgid "a"\nmsgstr "A"\n#: b.js\nmsgid "b"\nmsgstr "B"\n')] == ["a", "b"]


def test_what_is_not_translated_has_no_form() -> None:
    text = 'msgid "a"\nmsgstr ""\n\nmsgid "b"\nmsgid_plural "c"\nmsgstr[0] "B"\nmsgstr[1] ""\n'
    assert [one.forms for one in found(text)] == [[], []]


def test_a_guess_of_a_tool_and_what_is_used_no_more_are_left_out() -> None:
    text = '#, fuzzy\nmsgid "a"\nmsgstr "A"\n\n#~ msgid "old"\n#~ msgstr "gammel"\n\nmsgid "b"\nmsgstr "B"\n'
    assert [one.text for one in found(text)] == ["b"]


def test_a_line_that_is_none_is_named_with_its_number() -> None:
    with pytest.raises(CatalogueError, match="line 6: expected a keyword such as msgid"):
        found('msgid "a"\nmsgstr: "A"\n')


@pytest.mark.parametrize("language", languages())
def test_every_catalogue_is_read_as_babel_reads_it(language: str) -> None:
    content = (FOLDER / f"{language}.po").read_bytes()
    theirs = {(one.context, one.id): one.string for one in read_po(BytesIO(content), locale=language) if one.id}
    ours = {
        (one.context, (one.text, one.plural) if one.plural else one.text): tuple(one.forms)
        if one.plural
        else one.forms[0]
        for one in read(content.decode().splitlines())
    }
    assert ours == theirs
