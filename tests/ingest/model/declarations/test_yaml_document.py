"""YAML of files that people write: lines of keys, sentences of faults, and nothing that stands for too much."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import YamlError
from ingest.model.declarations import yaml_document
from ingest.model.declarations.yaml_document import read


def bomb(levels: int, aliases: str) -> str:
    """Return lines of which each stands for ten times what the one before does."""
    lines = ["x-0: &l0 {a: 1, b: 2}"]
    lines += [f"x-{n}: &l{n} {aliases.format(', '.join([f'*l{n - 1}'] * 10))}" for n in range(1, levels)]
    return "\n".join([*lines, f"title: *l{levels - 1}"])


@pytest.mark.parametrize("aliases", ["[{}]", "{{<<: [{}]}}"], ids=["aliases", "merge keys"])
def test_a_few_lines_that_stand_for_millions_are_refused(aliases: str) -> None:
    with pytest.raises(YamlError, match="repeat so much that it is more than 3,000,000 values"):
        read(bomb(9, aliases))


@pytest.mark.parametrize("aliases", ["[{}]", "{{<<: [{}]}}"], ids=["aliases", "merge keys"])
def test_what_repeats_little_is_read(aliases: str) -> None:
    document = read(bomb(3, aliases)).value
    assert isinstance(document, dict)
    assert document["title"]


@pytest.mark.parametrize(
    ("text", "said", "line"),
    [
        ("a: 1\nb: &b [*b]", "an alias stands for what it is in", 2),
        ("a: 1\nb: &b {<<: *b}", "an alias stands for what it is in", 2),
        ("a: 1\n2: b", "a key is text, not '2'", 2),
        ("a: 1\n[b]: c", "a key is text, not a list or keys", 2),
        ("a: 1\nb: !!timestamp soon", "'soon' is not what its tag says", 2),
        ("a: 1\nb: !!bool perhaps", "'perhaps' is not what its tag says", 2),
        ('a: 1\nb: "\\0"', "the character U\\+0000 is not allowed in text", 2),
        ('a: 1\nb: "\\ud800"', "the character U\\+D800 is not allowed in text", 2),
        ("a: 1\nb: \x07", "the character U\\+0007 is not allowed", 2),
        ("a: 1\n---\nb: 2", "expected a single document", 2),
    ],
)
def test_a_fault_is_a_sentence_with_its_line(text: str, said: str, line: int) -> None:
    with pytest.raises(YamlError, match=said) as refused:
        read(text)
    assert refused.value.line == line


def test_a_key_that_is_merged_stands_where_it_is_written() -> None:
    document = read("x-m: &m\n  shared: 1\n  own: 2\nhere:\n  <<: *m\n  own: 3\n")
    assert document.place(("here", "shared")).line == 2
    assert document.place(("here", "own")).line == 6
    assert document.place(("here", "absent")).missing == ("absent",)


def test_a_file_that_is_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_document, "LONGEST", 10)
    with pytest.raises(YamlError, match="at most 10 characters"):
        read("a: 1234567890")


# Pieces that YAML gives a meaning to, so that texts made of them reach further than letters do.
PIECES = st.sampled_from("ab1~[]{}?!'\"|>#=é\\\n\t\x00\ud800") | st.sampled_from(
    ["-1.5", ".nan", "0x", "1:2:3", "true", "---", "...", "&x ", "*x", "<<: ", ": ", "- ", ", ", "  ", "9" * 5000]
    + [f"!!{tag} " for tag in ("int", "float", "bool", "timestamp", "binary", "set", "omap")]
)


@given(st.lists(PIECES, max_size=40).map("".join))
def test_any_text_is_a_document_or_a_sentence(text: str) -> None:
    try:
        document = read(text)
    except YamlError as error:
        assert str(error).isprintable()  # noqa: PT017 - either outcome is right
    else:
        assert document.place(("a", 0, "b")).line >= 1
