"""What a browser loads before the console shows something: bytes as sent, requests, and what paint waits for."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from posixpath import normpath
from typing import Final
from urllib.parse import urljoin

import httpx
import pytest

from kpi_engine.api.app import create_app
from kpi_engine.api.console import PAGES
from kpi_engine.texts.catalogue import languages
from tests.kpi_engine.api.conftest import serving

pytestmark = pytest.mark.process

NO_DATABASE: Final = "postgresql://nobody@127.0.0.1:1/nothing"
MOST_BYTES: Final = 300_000
"""Before charts, as is promised."""
MOST_BLOCKING: Final = 4
MOST_REQUESTS: Final = 90
MOST_STEPS: Final = 8
IMPORT: Final = re.compile(r"""^(?:import|export) [^;]*?["'](\.[^"']+)["'];""", re.MULTILINE)


class _Loaded(HTMLParser):
    """What a document names: style sheets and plain scripts, for which paint waits; and modules, for which not."""

    def __init__(self) -> None:
        super().__init__()
        self.blocking: list[str] = []
        self.modules: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "link" and named.get("rel") == "stylesheet":
            self.blocking.append(str(named["href"]))
        elif tag == "script" and named.get("type") == "module":
            self.modules.append(str(named["src"]))
        elif tag in {"script", "img", "iframe"}:
            self.blocking.append(str(named.get("src", "in the document")))


@pytest.fixture(scope="module")
def browser() -> Iterator[httpx.Client]:
    with (
        serving(create_app(NO_DATABASE)) as url,
        httpx.Client(base_url=url, timeout=60, headers={"Accept-Encoding": "gzip, br, zstd"}) as client,
    ):
        yield client


def sent(browser: httpx.Client, path: str) -> tuple[int, str]:
    """Return how many bytes of a file came, compressed as it was sent, and its text."""
    with browser.stream("GET", path) as answer:
        answer.raise_for_status()
        text = answer.read().decode()
        return answer.num_bytes_downloaded, text


@pytest.fixture(scope="module")
def loaded(browser: httpx.Client) -> dict[str, int]:
    """Return the bytes of everything a first visit loads before any figure or chart."""
    found: dict[str, int] = {}
    found["/"], document = sent(browser, "/")
    names = _Loaded()
    names.feed(document)
    for path in names.blocking:
        found[path], _ = sent(browser, path)
    step, steps = names.modules, 0
    while step:
        steps += 1
        following: list[str] = []
        for path in step:
            found[path], script = sent(browser, path)
            following += [normpath(urljoin(path, name)) for name in IMPORT.findall(script)]
        step = sorted(set(following) - found.keys())
    assert steps <= MOST_STEPS, "modules that import modules that import modules: each step is a round trip"
    return found


def test_every_page_weighs_less_than_300_kb_before_charts_in_every_language(
    browser: httpx.Client, loaded: dict[str, int]
) -> None:
    heaviest = max(sent(browser, f"/texts/{language}.json")[0] for language in languages())
    assert {"/console/main.js", "/console/alarms_page.js", "/console/page.css"} <= loaded.keys()
    assert sum(loaded.values()) + heaviest < MOST_BYTES, sorted(loaded.items(), key=lambda one: -one[1])[:10]
    assert not any(path.startswith("/charts") for path in loaded)


def test_every_page_is_the_same_document_and_waits_for_few_files(browser: httpx.Client, loaded: dict[str, int]) -> None:
    _, document = sent(browser, "/")
    for page in PAGES:
        assert sent(browser, re.sub(r"{\w+}", "x", page))[1] == document
    names = _Loaded()
    names.feed(document)
    assert len(names.blocking) <= MOST_BLOCKING
    assert all(path.endswith(".css") for path in names.blocking)
    assert len(loaded) <= MOST_REQUESTS


def test_what_has_not_changed_is_not_sent_again(browser: httpx.Client, loaded: dict[str, int]) -> None:
    for path in loaded:
        tag = browser.get(path).headers["ETag"]
        assert browser.get(path, headers={"If-None-Match": tag}).status_code == 304, path
