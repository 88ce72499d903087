"""The console as people see it: what is live and what is not, figures with their grounds, and a lost line said."""

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Route, expect

from ingest.reasons import Reason

if TYPE_CHECKING:
    from tests.acceptance.console.conftest import Console, Visitor
    from tests.front import Front

KEPT_STREAM = """
    window.EventSource = class extends EventSource { constructor(address) { super(address); window.stream = this; } };
"""
SITE = "house-08"

pytestmark = [pytest.mark.acceptance, pytest.mark.browser, pytest.mark.integration, pytest.mark.timeout(1_200)]


def test_a_wrong_token_is_refused_in_words(console: "Console", laptop: "Visitor") -> None:
    laptop.page.goto(console.url)
    laptop.page.get_by_label("Access token").fill("pharos_wrong")
    laptop.page.get_by_role("button", name="Log in").click()
    expect(laptop.page.get_by_role("alert")).to_contain_text("unknown, revoked or expired")


def test_the_page_is_whole_and_talks_to_its_own_server_only(console: "Console", looker: "Visitor") -> None:
    page = looker.page
    page.goto(console.url)
    expect(page.locator("#tiles h3")).to_have_text(["City", "District heating"])
    for kpi in ("heat_delivered", "heat_emissions", "city_final_energy"):
        expect(page.locator(f"#tiles .tile[data-kpi={kpi}]")).to_have_count(1)
    expect(page.locator("#tiles")).to_contain_text("Nothing in this city is counted for")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    looker.turn_to("Indicators")
    page.locator("#year-plot .main-svg").first.wait_for()
    page.locator("#day-plot .main-svg").first.wait_for()
    looker.turn_to("Pipeline")
    expect(page.locator("#ledger")).to_contain_text("received")
    expect(page.locator("#recomputed li").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert looker.complaints == []
    assert {f"http://{host}" for host in looker.hosts} == {console.url}


def test_a_device_past_its_time_is_never_shown_as_live(console: "Console", looker: "Visitor") -> None:
    looker.page.goto(console.url)
    expect(looker.page.locator("#headline")).to_have_text(f"{console.district.live} of 18 devices are live.")
    looker.turn_to("Devices")
    for device, state in (("weather", "stale"), ("plant", "silent"), ("meter-house-01", "live")):
        row = looker.page.locator("#devices tr", has=looker.page.get_by_text(device, exact=True))
        expect(row.locator(".state")).to_have_text(state)
        expect(row).to_have_class("is-live" if state == "live" else "")


def test_what_is_not_known_is_no_figure_and_never_zero(console: "Console", looking_laptop: "Visitor") -> None:
    looking_laptop.page.goto(console.url)
    looking_laptop.page.get_by_role("link", name="All of District heating").click()
    tile = looking_laptop.page.locator("[data-kpi=heat_emissions_hourly]")
    expect(tile.locator(".tile-figure")).to_have_text("no figure")
    expect(tile).to_contain_text("have energy but no factor")


def test_the_page_opens_on_the_city_that_is_live_and_then_on_the_one_chosen_last(
    console: "Console", laptop: "Visitor"
) -> None:
    laptop.log_in(console)
    page = laptop.page
    expect(page.get_by_label("City")).to_have_value("sonderborg-demo")
    page.get_by_label("City").select_option("archive")
    expect(page.locator("#headline")).to_have_text("0 of 18 devices are live.")
    page.goto("about:blank")
    page.goto(console.url)
    expect(page.get_by_label("City")).to_have_value("archive")
    expect(page.locator("#headline")).to_have_text("0 of 18 devices are live.")
    assert laptop.complaints == []


def test_an_indicator_that_a_city_cannot_have_says_why(console: "Console", laptop: "Visitor") -> None:
    laptop.log_in(console)
    laptop.page.get_by_label("City").select_option("archive")
    laptop.page.get_by_role("link", name="All of District heating").click()
    hourly = laptop.page.locator("[data-kpi=heat_emissions_hourly]")
    expect(hourly).to_contain_text("The city file names no hourly emission factor of heat")


def test_devices_are_found_by_vertical_by_state_and_by_name(console: "Console", laptop: "Visitor") -> None:
    laptop.log_in(console)
    laptop.turn_to("Devices")
    page = laptop.page
    expect(page.get_by_label("Vertical")).to_contain_text("District heating (18)")
    page.get_by_label("Vertical").select_option("district_heating")
    expect(page.locator("#devices-more")).to_have_text("18 shown, 18 found")
    page.locator("#states button", has_text="silent").click()
    expect(page.locator("#devices tr")).to_have_count(1)
    page.locator("#states button", has_text="silent").click()
    page.get_by_label("Find a device").fill("house")
    expect(page.locator("#devices tr")).to_have_count(8)


def test_a_device_shows_every_series_of_its_day(console: "Console", laptop: "Visitor") -> None:
    laptop.log_in(console)
    laptop.turn_to("Devices")
    laptop.page.locator("#devices tr", has_text="meter-house-01").get_by_role("link").click()
    chosen = laptop.page.locator("#series [aria-current=true]")
    expect(chosen).to_contain_text("Supply temperature")
    expect(laptop.page.locator("#day-caption")).to_contain_text("mean of quarter hours")
    expect(laptop.page.locator("#day-caption")).to_contain_text("longest gap")
    laptop.page.get_by_role("link", name="Return temperature", exact=True).click()
    expect(chosen).to_contain_text("Return temperature")
    expect(laptop.page.locator("#day-caption")).to_contain_text("mean of quarter hours")
    expect(laptop.page.locator("#readings-about")).to_contain_text("return temperature")
    assert laptop.complaints == []


def test_a_tile_opens_everything_behind_its_figure(console: "Console", looking_laptop: "Visitor") -> None:
    looking_laptop.page.goto(console.url)
    looking_laptop.page.locator("[data-kpi=heat_emissions]").click()
    for words in ("Citation", "Rule version", "Inputs digest", "Factors", "Revisions", "current"):
        expect(looking_laptop.page.locator("#figure")).to_contain_text(words)
    assert looking_laptop.complaints == []


def test_before_the_stream_has_told_anything_nothing_is_said_to_be_absent(
    console: "Console", laptop: "Visitor"
) -> None:
    page = laptop.page
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/api/v1/live*", hold)
    page.goto(console.url)
    page.get_by_label("Access token").fill(console.token)
    page.get_by_role("button", name="Log in").click()
    expect(page.locator("#states a")).to_have_count(5)
    expect(page.locator("#tiles")).to_have_text("Loading")
    expect(page.locator("#causes")).to_have_text("Loading")
    laptop.turn_to("Pipeline")
    expect(page.locator("#ledger")).to_have_text("Loading")
    page.goto(f"{console.url}/cities/sonderborg-demo/sites/{SITE}")
    expect(page.locator("#tiles")).to_have_text("Loading")
    page.unroute("**/api/v1/live*")  # lets what is held go on
    expect(page.locator("#tiles [data-kpi=heat_delivered]")).to_contain_text("coverage")


def test_what_is_pressed_while_the_stream_tells_something_is_clicked(console: "Console", laptop: "Visitor") -> None:
    page = laptop.page
    page.add_init_script(KEPT_STREAM)
    laptop.log_in(console)
    page.locator("a[data-kpi=heat_emissions]").hover()
    page.mouse.down()
    page.evaluate("stream.dispatchEvent(new MessageEvent('kpis', { data: JSON.stringify({ full: true, items: [] }) }))")
    page.mouse.up()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Emissions of heat delivered")
    page.get_by_role("navigation").get_by_role("link", name="Overview").click()
    expect(page.locator("div[data-kpi=heat_emissions]")).to_have_count(1)
    expect(page.locator("#tiles a.tile")).to_have_count(0)  # what was told is shown after the click
    assert laptop.complaints == []


def test_a_device_that_sends_again_turns_live_without_reloading(console: "Console", laptop: "Visitor") -> None:
    laptop.log_in(console)
    laptop.turn_to("Devices")
    row = laptop.page.locator("#devices tr", has=laptop.page.get_by_text("meter-house-08", exact=True))
    expect(row.locator(".state")).to_have_text("stale")
    console.district.send_now("meter-house-08")
    expect(row.locator(".state")).to_have_text("live")


def test_an_alarm_is_told_and_acknowledged_where_it_stands(console: "Console", laptop: "Visitor") -> None:
    laptop.log_in(console)
    console.district.watch()
    expect(laptop.page.locator("#causes")).to_contain_text("Device silent: Heat plant")
    laptop.turn_to("Alarms")
    alarm = laptop.page.locator("#alarms li", has_text="Device silent: Heat plant")
    expect(alarm).to_contain_text("nothing was heard on time")
    alarm.get_by_role("button", name="Acknowledge").click()
    expect(alarm).to_contain_text("seen by")
    expect(alarm.get_by_role("button")).to_have_count(0)
    assert laptop.complaints == []


def test_what_was_refused_is_chosen_looked_at_and_taken_once_more(
    console: "Console", laptop: "Visitor", tmp_path: Path
) -> None:
    good = b'{"values": {"supply_temperature": 70.5}}'
    console.district.refuse("meter-house-02", good, Reason.UNKNOWN_QUANTITY, "it was not declared to report it")
    console.district.refuse("meter-house-01", b"<b>no JSON</b>", Reason.UNDECODABLE, "expected JSON, found <b>")
    laptop.log_in(console)
    laptop.turn_to("Inbox")
    page = laptop.page
    refused = page.locator("#refused li")
    expect(refused).to_have_count(2)
    page.get_by_label("Device that was refused").fill("meter-house-01")
    page.get_by_label("Device that was refused").press("Tab")
    expect(refused).to_have_count(1)
    refused.get_by_text("undecodable").click()
    expect(refused.locator("pre")).to_have_text("<b>no JSON</b>")
    page.get_by_label("Device that was refused").fill("")
    page.get_by_label("Reason").select_option("unknown_quantity")
    expect(refused).to_have_count(1)
    if images := os.environ.get("PHAROS_CONSOLE_IMAGES"):
        refused.locator("summary").click()
        page.locator("#refused-part").screenshot(path=Path(images) / "refused.png")
    page.get_by_role("button", name="Take all of this choice once more").click()
    console.district.take_once_more(console.database_url, tmp_path)
    expect(page.locator("#refused-outcome")).to_have_text("1 taken once more; readings: 1 stored.")
    expect(refused).to_have_text("Nothing of this choice was refused.")
    page.get_by_label("Reason").select_option("")
    expect(refused).to_have_count(1)
    assert laptop.complaints == []


def test_who_is_not_declared_is_looked_at_declared_and_claimed(
    console: "Console", laptop: "Visitor", tmp_path: Path
) -> None:
    for energy in (900.5, 901.0, 902.25):
        payload = b'{"values": {"heat_energy": %.2f}}' % energy
        console.district.refuse("newcomer", payload, Reason.UNKNOWN_DEVICE, "no device 'newcomer' is registered")
    laptop.log_in(console)
    laptop.turn_to("Inbox")
    page = laptop.page
    found = page.locator("#inbox li")
    expect(found.locator("summary")).to_contain_text("newcomer 3 messages")
    found.locator("summary").click()
    cells = ["newcomer heat_energy", "heat_energy", "", "register", "900.5 to 902.25"]
    expect(found.locator("tbody td")).to_have_text(cells)
    expect(found.get_by_label("A message as it came")).to_have_count(3)
    expect(found.get_by_role("button", name="Claim what it sent")).to_have_count(0)
    lines = found.get_by_label("Lines for the city file").inner_text()
    if images := os.environ.get("PHAROS_CONSOLE_IMAGES"):
        page.locator("#inbox-part").screenshot(path=Path(images) / "inbox.png")
    with console.district.declared(lines):
        found.get_by_role("button", name="Look again").click()
        found.get_by_role("button", name="Claim what it sent").click()
        console.district.take_once_more(console.database_url, tmp_path)
        expect(page.locator("#inbox-outcome")).to_have_text("newcomer: 3 taken once more; readings: 3 stored.")
    expect(page.locator("#inbox-count")).to_have_text("0 not declared")
    assert laptop.complaints == []


@pytest.mark.skipif(not os.environ.get("PHAROS_CONSOLE_IMAGES"), reason="PHAROS_CONSOLE_IMAGES names no folder")
def test_the_console_has_its_picture_taken(console: "Console", pictured: "tuple[str, Visitor]") -> None:
    name, visitor = pictured
    visitor.log_in(console)
    visitor.page.mouse.move(0, 400)
    visitor.page.wait_for_timeout(500)  # the charts' last transition
    picture = Path(os.environ["PHAROS_CONSOLE_IMAGES"]) / f"{name}.png"
    visitor.page.screenshot(path=picture)
    assert picture.stat().st_size


def test_when_the_server_is_gone_nothing_looks_live_any_more(
    console: "Console", line: "Front", laptop: "Visitor"
) -> None:
    laptop.log_in(replace(console, url=f"http://127.0.0.1:{line.port}"))
    line.close()
    page = laptop.page
    expect(page.locator("#alarm")).to_contain_text("Nothing shown is current")
    expect(page.locator("#headline")).to_have_text("Not connected. Nothing below is current.")
    expect(page.locator(".state-live")).to_have_count(0)
    laptop.turn_to("Devices")
    expect(page.locator("#devices tr").first).to_be_visible()
    expect(page.locator("#devices .is-live")).to_have_count(0)


def test_the_interface_is_described_on_a_page_of_its_own_server(console: "Console", laptop: "Visitor") -> None:
    laptop.page.goto(f"{console.url}/docs")
    laptop.page.get_by_label("Access token").fill(console.token)
    laptop.page.get_by_role("button", name="Log in").click()
    description = laptop.page.locator("#description")
    expect(description).to_contain_text("Errors are problem documents")
    assert {f"http://{host}" for host in laptop.hosts if host} == {console.url}
