"""The console in other languages than English: texts, numbers and units, without barriers on a small screen."""

import re
from typing import TYPE_CHECKING, Final, NamedTuple

import pytest
from playwright.sync_api import Page, expect

from ingest.model.city import city_file
from kpi_engine.texts.catalogue import SENTENCE, messages
from tests.acceptance.console.conftest import ROOT, visiting
from tests.acceptance.console.test_pages import CITY, SMALL, barriers
from tests.catalogues import PLACE

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.acceptance.console.conftest import Console

pytestmark = [pytest.mark.acceptance, pytest.mark.browser, pytest.mark.integration, pytest.mark.timeout(1_200)]


class Spoken(NamedTuple):
    """What the console says in a language."""

    token: str
    log_in: str
    alarms: str
    delivered: str
    status: str
    reason: str
    number: str
    scheme: str


LANGUAGES: Final = {
    "da": Spoken(
        *("Adgangstoken", "Log ind", "Alarmer", "Leveret varme", "endelig|foreløbig|ikke data nok"),
        *("ingen måling", r"\d,\d", "light"),
    ),
    "es": Spoken(
        *(
            "Token de acceso",
            "Iniciar sesión",
            "Alarmas",
            "Calor suministrado",
            "definitivo|provisional|datos insuficientes",
        ),
        *("ninguna lectura", r"\d,\d", "dark"),
    ),
    "de": Spoken(
        *("Zugangstoken", "Anmelden", "Alarme", "Gelieferte Wärme", "endgültig|vorläufig|nicht genügend Daten"),
        *("kein Messwert", r"\d,\d", "light"),
    ),
}
HOUSE: Final = ("/sites/house-01", "/devices/meter-house-01")
PAGES: Final = (*("/indicators", "/map", "/devices", "/inbox", "/pipeline"), *HOUSE, "/alarms")
IN_DANISH: Final = ("/flows", "/wall")
ENGLISH: Final = re.compile(r"\b(the|of|is|are|and|which|its|with|from)\b")
"""Words that no sentence in English lacks for long, and that are none in the other languages."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_console_speaks_a_language_on_a_small_screen_without_barriers(
    console: "Console", chromium: "Browser", language: str
) -> None:
    spoken = LANGUAGES[language]
    titles = _titles()
    loading = next(one.forms[0] for one in messages(language) if one.text == "Loading")
    with visiting(chromium, SMALL, spoken.scheme) as visitor:
        page = visitor.page
        page.goto(f"{console.url}{CITY}?lang={language}&energy=MWh")
        page.get_by_label(spoken.token).fill(console.token)
        page.get_by_role("button", name=spoken.log_in).click()
        tile = page.locator("#tiles [data-kpi=heat_delivered]")
        expect(tile).to_contain_text(spoken.delivered)
        expect(tile.locator("b")).to_have_text(re.compile(spoken.status))
        expect(tile).to_contain_text(re.compile(rf"{spoken.number}\d* MWh"))  # the figure, or the one before
        expect(tile.locator(".tile-reason")).to_contain_text(spoken.reason)
        _whole(page, language)
        for path in (*(IN_DANISH if language == "da" else ()), *PAGES):
            page.goto(f"{console.url}{CITY}{path}")
            expect(page.get_by_role("heading", level=1)).not_to_be_empty()
            expect(page.locator("#content")).not_to_contain_text(loading)
            expect(page.locator("#content summary").filter(has_not_text=re.compile(r"\S"))).to_have_count(0)
            _whole(page, language)
            assert _in_english(page, titles) == [], path
        expect(page.get_by_role("heading", level=1)).to_have_text(spoken.alarms)
        expect(page.get_by_role("navigation").locator("[aria-current]")).to_have_text(spoken.alarms)
        said = _read_back(page, list(_every_sentence(language)))
        assert [pair for pair in zip(said, _every_sentence(language).values(), strict=True) if pair[0] != pair[1]] == []
        assert visitor.complaints == []


def test_a_language_is_chosen_by_keys_and_remembered(console: "Console", chromium: "Browser") -> None:
    with visiting(chromium, SMALL) as visitor:
        page = visitor.page
        visitor.log_in(console)
        assert page.evaluate("document.documentElement.lang") == "en"
        page.locator(".settings summary").press("Enter")
        page.locator("#settings").get_by_label("Language", exact=True).press("D")
        expect(page.locator("html")).to_have_attribute("lang", re.compile("da|de"))
        page.goto(f"{console.url}{CITY}/sites")
        expect(page.locator("html")).to_have_attribute("lang", re.compile("da|de"))
        page.goto(f"{console.url}{CITY}/sites?lang=en")
        expect(page.get_by_role("heading", level=1)).to_have_text("Sites")
        assert visitor.complaints == []


def _whole(page: Page, language: str) -> None:
    """Assert that a page is in a language, fits the screen and keeps nobody out."""
    assert page.evaluate("document.documentElement.lang") == language
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
    assert barriers(page) == [], page.url


def _titles() -> list[str]:
    """Return what the file of the city calls its own, the longest first: it is shown as it stands there."""
    city = city_file.load(ROOT / "deploy" / "cities" / "demo.yaml")
    sites, devices = [one.title for one in city.sites], [one.title for one in city.devices]
    return sorted(filter(None, {city.title, *sites, *devices}), key=len, reverse=True)


def _in_english(page: Page, titles: list[str]) -> list[str]:
    """Return the lines of a page that read like English, but for names of the city and what is marked as English."""
    shown: list[str] = page.evaluate(
        """() => {
            const walker = document.createTreeWalker(document.querySelector("#content"), NodeFilter.SHOW_TEXT);
            const found = [];
            for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                const apart = node.parentElement.closest("[lang=en], code, pre");
                if (!apart && node.parentElement.checkVisibility()) found.push(node.nodeValue.trim());
            }
            return found;
        }"""
    )
    without = [_without(line, titles) for line in shown]
    return [line for line in without if ENGLISH.search(line)]


def _without(line: str, titles: list[str]) -> str:
    for title in titles:
        line = line.replace(title, "")
    return line


def _every_sentence(language: str) -> dict[str, str]:
    """Return every sentence of the server with something in its places, and how it is to be told."""
    told = {}
    for one in messages(language):
        if one.context == SENTENCE:
            facts = {name: f"{name}-{at}" for at, name in enumerate(sorted(set(PLACE.findall(one.text))))}
            told[one.text.format(**facts)] = one.forms[0].format(**facts)
    return told


def _read_back(page: Page, sentences: list[str]) -> list[str]:
    found: list[str] = page.evaluate(
        "(sentences) => import('/console/texts.js').then(({told}) => sentences.map(told))", sentences
    )
    return found
