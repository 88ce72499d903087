"""Pages of the console: each has an address that holds what is chosen, and every figure leads to its readings."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests import npm
from tests.acceptance.console.conftest import visiting

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.acceptance.console.conftest import Console, Visitor
    from tests.front import Front

pytestmark = [pytest.mark.acceptance, pytest.mark.browser, pytest.mark.integration, pytest.mark.timeout(1_200)]

CITY: Final = "/cities/sonderborg-demo"
SMALL: Final = ViewportSize(width=360, height=740)
HEADINGS: Final = {
    "": ("of 18 devices are live", "Overview"),
    "/verticals/district_heating": ("District heating", "Overview"),
    "/indicators": ("Indicators", "Indicators"),
    "/flows": ("Flows, ", "Flows"),
    "/map": ("Map", "Map"),
    "/sites": ("Sites", "Sites"),
    "/sites/house-01": ("House, Strandvej 4", "Sites"),
    "/devices": ("Devices", "Devices"),
    "/devices/meter-house-01": ("Heat meter, House, Strandvej 4", "Devices"),
    "/alarms": ("Alarms", "Alarms"),
    "/inbox": ("Inbox", "Inbox"),
    "/pipeline": ("Pipeline", "Pipeline"),
}
AXE: Final = Path(__file__).parents[2] / "axe"
SERIOUS: Final = {"serious", "critical"}


def chosen(page: Page) -> dict[str, list[str]]:
    """Return what the address chooses."""
    return parse_qs(urlsplit(page.url).query)


def barriers(page: Page) -> list[str]:
    """Return what axe finds that keeps people from using a page."""
    folder, missing = npm.installed(AXE)
    if missing:
        pytest.skip(f"nobody looked for barriers: {missing}")
    page.evaluate((folder / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("axe.run().then(({violations}) => violations.map(({id, impact}) => [id, impact]))")
    return [name for name, impact in found if impact in SERIOUS]


def test_every_page_is_reached_by_its_address_on_a_small_screen_without_barriers(
    console: "Console", chromium: "Browser"
) -> None:
    with visiting(chromium, SMALL, "dark") as visitor:
        visitor.log_in(console)
        page = visitor.page
        for path, (heading, link) in HEADINGS.items():
            page.goto(f"{console.url}{CITY}{path}")
            expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(heading))
            expect(page.get_by_role("navigation").locator("[aria-current]")).to_have_text(link)
            expect(page).to_have_title(re.compile(r".+ · .+ · Pharos"))
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
            assert barriers(page) == [], path
        assert visitor.complaints == []


def test_an_address_that_was_handed_on_is_kept_through_the_login(console: "Console", laptop: "Visitor") -> None:
    page = laptop.page
    page.goto(f"{console.url}{CITY}/devices?search=house&state=live")
    page.get_by_label("Access token").fill(console.token)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_label("Find a device")).to_have_value("house")
    expect(
        page.get_by_role("button", name="live", exact=False).and_(page.locator("[aria-pressed=true]"))
    ).to_have_count(1)
    expect(page.locator("#devices tr").first).to_be_visible()
    page.goto(f"{console.url}/cities/nowhere")
    expect(page.locator("#content")).to_contain_text("There is no city nowhere that this token may see.")


def test_what_is_chosen_comes_back_by_going_back_and_by_reloading(console: "Console", laptop: "Visitor") -> None:
    laptop.log_in(console)
    page = laptop.page
    year = page.get_by_role("button", name="Year", exact=True)
    year.click()
    expect(year).to_have_attribute("aria-pressed", "true")
    assert chosen(page) == {"period": ["year"]}
    laptop.turn_to("Devices")
    assert page.evaluate("document.activeElement.tagName") == "H1"
    page.get_by_label("Find a device").fill("house-03")
    expect(page.locator("#devices tr")).to_have_count(1)
    page.reload()
    expect(page.locator("#devices tr")).to_have_count(1)
    expect(page.get_by_label("Find a device")).to_have_value("house-03")
    page.go_back()
    expect(year).to_have_attribute("aria-pressed", "true")
    page.go_back()
    expect(year).to_have_attribute("aria-pressed", "false")
    page.go_forward()
    expect(year).to_have_attribute("aria-pressed", "true")
    assert laptop.complaints == []


def test_a_figure_is_followed_to_the_reading_it_rests_on_in_two_steps(console: "Console", laptop: "Visitor") -> None:
    laptop.log_in(console)
    page = laptop.page
    page.locator("#tiles [data-kpi=heat_delivered]").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("eat delivered")
    edges = page.get_by_role("group", name="Readings at the edges")
    row = edges.locator("tr", has_text="House, Strandvej 4")
    reading = row.locator("td").nth(2).get_by_role("link").first
    told = str(reading.text_content())
    assert "kWh" in told
    reading.click()
    marked = page.locator("#readings tr[aria-current=true]")
    expect(marked).to_have_count(1)
    assert re.split(r" kWh", told)[0] in str(marked.text_content())
    page.locator("#about").get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("House, ")
    expect(page.locator("#tiles a.tile").first).to_be_visible()
    assert laptop.complaints == []


def test_an_indicator_is_looked_at_of_a_site_beside_another_year_and_as_it_was_known(
    console: "Console", laptop: "Visitor"
) -> None:
    laptop.log_in(console)
    page = laptop.page
    page.goto(f"{console.url}{CITY}/indicators?kpi=heat_delivered&by=month")
    page.locator("#subject").select_option(label="House, Strandvej 4")
    page.locator("#beside").select_option(index=1)
    page.locator("#explorer summary").click()
    expect(page.locator("#explorer th").last).to_have_text("Change")
    assert chosen(page)["site"] == ["house-01"]
    page.locator("#known-at").fill("2020-01-01")
    expect(page.locator("#moved li").first).to_contain_text("not known")
    page.reload()
    expect(page.locator("#known-at")).to_have_value("2020-01-01")
    expect(page.locator("#moved li").first).to_contain_text("not known")
    page.locator("#explorer summary").click()
    figure = page.locator("#figures a").last
    told = str(figure.text_content())
    figure.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(told)
    expect(page.locator("#figure")).to_contain_text("House, Strandvej 4")
    assert laptop.complaints == []


def test_alarms_are_found_by_site_shelved_with_a_reason_and_show_what_was_done(
    console: "Console", laptop: "Visitor"
) -> None:
    console.district.watch()
    laptop.log_in(console)
    laptop.turn_to("Alarms")
    page = laptop.page
    page.locator("#alarms-site").select_option(label="Simulated weather station")
    expect(page.locator("#alarms")).to_contain_text("No alarm matches.")
    page.locator("#alarms-site").select_option(index=0)
    page.get_by_label("Mark Device silent of Heat plant").check()
    page.get_by_role("button", name="Shelve", exact=True).click()
    page.get_by_label("Reason").fill("the plant is being rebuilt")
    page.locator(".action-form").get_by_role("button", name="Shelve").click()
    expect(page.locator("#alarms-actions [role=status]")).to_have_text("1 shelved.")
    expect(page.locator("#alarms")).not_to_contain_text("Heat plant")
    page.get_by_role("button", name="Shelved", exact=True).click()
    page.locator("#alarms li", has_text="the plant is being rebuilt").get_by_role("link", name="Device silent").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Device silent: Heat plant")
    expect(page.locator("#alarm-remedy")).to_contain_text("Its power and its connection")
    expect(page.locator("#alarm-notes")).to_contain_text("the plant is being rebuilt")
    assert barriers(page) == []
    page.get_by_role("button", name="Take off the shelf").click()
    expect(page.locator("#alarm-notes")).to_contain_text("unshelved by control-room")
    assert laptop.complaints == []


def test_the_map_shows_sites_by_state_and_by_an_indicator_and_is_moved_by_keys(
    console: "Console", laptop: "Visitor"
) -> None:
    laptop.log_in(console)
    laptop.turn_to("Map")
    page = laptop.page
    plant = page.locator("#map a[aria-label^='Simulated plant']")
    expect(plant).to_have_attribute("aria-label", re.compile("1 silent"))
    expect(page.locator("#map-legend")).to_contain_text("worst is silent")
    expect(page.locator("#sites tr")).to_have_count(19)
    page.get_by_role("button", name="Nearer").click()
    page.locator("#map a").last.press("ArrowLeft")
    assert chosen(page).keys() == {"zoom", "at"}
    page.locator("#map-by").select_option(label="Heat delivered")
    house = page.locator("#map a[aria-label^='House, Strandvej 4']")
    # of a month of which nearly all came before the demo, too little is known; of one that has just begun, all
    expect(house).to_have_attribute("aria-label", re.compile("not enough data|kWh, provisional, coverage"))
    page.reload()
    expect(house).to_have_attribute("href", re.compile("/figures/heat_delivered"))
    assert chosen(page)["by"] == ["heat_delivered"]
    page.keyboard.press("Tab")
    house.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Heat delivered")
    page.goto(f"{console.url}/cities/sonderborg-demo/map?by=nothing_that_is_there")
    expect(page.locator("#map-by")).to_have_value("state")
    expect(page.locator("#map-legend")).to_contain_text("worst is silent")
    assert laptop.complaints == []


def test_the_city_is_one_picture_that_adds_up_and_every_ribbon_leads_to_its_figure(
    console: "Console", laptop: "Visitor"
) -> None:
    laptop.log_in(console)
    page = laptop.page
    page.get_by_role("navigation").get_by_role("link", name="Flows").click()
    page.get_by_role("button", name="Day").click()
    whole = datetime.now(ZoneInfo("Europe/Copenhagen")).date() - timedelta(days=4)
    page.get_by_label("A day of the period").fill(whole.isoformat())
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Flows, {whole:%a}, {whole.day} {whole:%b %Y}")
    page.get_by_role("button", name="The period before").click()
    before = whole - timedelta(days=1)
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Flows, {before:%a}, {before.day} {before:%b %Y}")
    expect(page.get_by_label("A day of the period")).to_have_value(before.isoformat())
    assert chosen(page)["period"] == ["day"]
    page.locator("#flow-rows tr").first.wait_for()

    sums = page.locator("#flow-sums li").filter(has_text=" in, ").all_inner_texts()
    assert all(re.fullmatch(r".+: (\S+ \S+) in, \1 out\.", one) for one in sums)
    ribbon = page.get_by_role("link", name=re.compile(r"^Heat network to District heating: "))
    told = ribbon.get_attribute("aria-label") or ""
    ribbon.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"Heat delivered, \w+"))
    figure = float(page.locator("#figure .headline").inner_text().split()[0].replace(",", ""))
    amount, unit = re.findall(r": ([\d,.]+) (\wWh)", told)[0]
    shown = float(amount.replace(",", "")) * {"kWh": 1.0, "MWh": 1e3, "GWh": 1e6}[unit]
    assert shown == pytest.approx(figure, rel=1e-3)

    page.goto(f"{console.url}{CITY}/flows?period=day&at={before.isoformat()}&energy=GJ")
    page.locator("#flow-rows tr").first.wait_for()
    cells = page.locator("#flow-rows tr td").filter(has_text=re.compile(r"\b(kWh|MWh|GWh|GJ)\b")).all_inner_texts()
    assert cells
    assert all(one.endswith("GJ") for one in cells), "amounts and their bounds are in the unit of the reader"
    assert laptop.complaints == []


def test_a_renamed_site_appears_on_a_page_that_is_open(console: "Console", laptop: "Visitor") -> None:
    laptop.log_in(console)
    page = laptop.page
    page.goto(f"{console.url}{CITY}/sites")
    expect(page.locator("#content")).to_contain_text("House, Strandvej 4")
    page.evaluate("window.isStillHere = true")
    with console.district.renamed("house-01", "House at the harbour"):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # as when somebody comes back to the tab
        expect(page.locator("#content")).to_contain_text("House at the harbour")
        assert page.evaluate("window.isStillHere"), "nothing was loaded anew"
    assert laptop.complaints == []


def test_a_wall_turns_by_itself_keeps_its_place_without_the_server_and_shows_its_keys(
    console: "Console", line: "Front", chromium: "Browser"
) -> None:
    behind = replace(console, url=f"http://127.0.0.1:{line.port}")
    with visiting(chromium, ViewportSize(width=1920, height=1080), "dark") as visitor:
        visitor.log_in(behind)
        page = visitor.page
        page.goto(f"{behind.url}{CITY}/wall?turn=verticals&every=10")
        heading = page.get_by_role("heading", level=1)
        expect(heading).to_have_text(re.compile("demonstration district"))
        expect(page.locator("#wall-tiles .wall-value").first).to_have_text(re.compile(r"\d+ / 18"))
        expect(heading).to_have_text(re.compile("District heating"))  # it has turned
        page.keyboard.press(" ")
        expect(page.locator("#wall-turn")).to_contain_text("held")
        page.keyboard.press("?")
        expect(page.get_by_role("dialog")).to_contain_text("Show these keys")
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()
        assert barriers(page) == []
        assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
        line.close()
        expect(page.locator("#alarm")).to_contain_text("Nothing shown is current")
        expect(page.locator("#wall-tiles .wall-value").first).to_have_text(re.compile(r"\d+ / 18"))
