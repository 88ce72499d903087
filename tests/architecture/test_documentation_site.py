"""The documentation holds together, checked without its generator: links, navigation, decisions, glossary."""

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
DECISIONS = sorted((DOCS / "decisions").glob("0*.md"))
PAGES = sorted([ROOT / "README.md", *DOCS.rglob("*.md")])
NOT_IN_THE_SITE = DOCS / "images" / "README.md"


def _prose(page: Path) -> str:
    """Return the text of a page without its blocks of code, in which ``#`` begins a comment."""
    return re.sub(r"^ *```.*?^ *```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


def _links(page: Path) -> list[str]:
    return [link for link in re.findall(r"\]\(([^)\s]+)[^)]*\)", _prose(page)) if "://" not in link]


def _anchors(page: Path) -> set[str]:
    """Return the anchors that the headings of a page get from GitHub and from the generator alike."""
    found = set()
    for heading in re.findall(r"^#+ (.*)$", _prose(page), re.MULTILINE):
        words = re.sub(r"[^\w\s-]", "", heading.lower()).strip()
        on_github, in_the_site = words.replace(" ", "-"), re.sub(r"[-\s]+", "-", words)
        found |= {on_github} & {in_the_site}
    return found


def _navigation(entry: object) -> list[str]:
    match entry:
        case str():
            return [entry]
        case dict():
            return _navigation(list(entry.values()))
        case list():
            return [page for part in entry for page in _navigation(part)]
    raise AssertionError(f"properdocs.yml, nav: expected pages and groups of pages, not {entry!r}")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    targets = [link.partition("#")[0] for link in _links(page)]
    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_anchor_in_a_link_is_a_heading(page: Path) -> None:
    split = [(link, *link.partition("#")) for link in _links(page) if "#" in link]
    there = {link: page.parent / name if name else page for link, name, _, _ in split}
    assert [link for link, _, _, anchor in split if anchor not in _anchors(there[link])] == []


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=lambda page: str(page.relative_to(DOCS)))
def test_no_page_of_the_site_links_to_a_file_outside_of_it(page: Path) -> None:
    targets = [(page.parent / link.partition("#")[0]).resolve() for link in _links(page)]
    assert [str(target) for target in targets if not target.is_relative_to(DOCS)] == []


def test_every_page_is_in_the_navigation_once_and_decisions_by_their_index() -> None:
    site = yaml.safe_load((ROOT / "properdocs.yml").read_text(encoding="utf-8"))
    expected = set(DOCS.rglob("*.md")) - set(DECISIONS) - {NOT_IN_THE_SITE}
    listed = Counter(DOCS / page for page in _navigation(site["nav"]))
    assert listed == Counter(expected)


def test_the_index_of_decisions_lists_each_once_with_number_title_sentence_and_status() -> None:
    index = (DOCS / "decisions" / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| \[(.*?)\]\((.*?)\) \| [A-Za-z`].*?\. \| \S.*? \|$", index, re.MULTILINE)
    headings = [(page.read_text(encoding="utf-8").partition("\n")[0], page.name) for page in DECISIONS]
    assert [(f"# {number}. {title}", name) for number, title, name in rows] == headings


def test_the_glossary_has_no_word_twice() -> None:
    rows = re.findall(r"^\| (.*?) \|", (DOCS / "glossary.md").read_text(encoding="utf-8"), re.MULTILINE)
    words = Counter(word.lower() for row in rows for word in row.split(", "))
    assert len(words) > 50
    assert [word for word, times in words.items() if times > 1] == []
