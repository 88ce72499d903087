// Shows the page of an address: keeps the city and the one stream that all pages share, and tells the open page alone.

/** @import { Groups } from "./groups.js" */
/** @import { Connection } from "./live.js" */
/** @import { PageName, Place } from "./router.js" */
/** @import { City } from "./types" */
/** @import { Open, Topic, View } from "./view" */

import { openAlarm } from "./alarm_page.js";
import { openAlarms } from "./alarms_page.js";
import { get } from "./api.js";
import { onThemeChange } from "./charts.js";
import { opening, remember } from "./city.js";
import { openDevice } from "./device_page.js";
import { openDevices } from "./devices_page.js";
import { byId, element, fillSelect, loading, replace } from "./dom.js";
import { openFigure } from "./figure_page.js";
import { openInbox } from "./inbox_page.js";
import { openFlows } from "./flows_page.js";
import { openIndicators } from "./indicators_page.js";
import { Keyboard } from "./keyboard.js";
import { Known } from "./known.js";
import { Live } from "./live.js";
import { openMap } from "./map_page.js";
import { Navigation } from "./navigation.js";
import { openOverview } from "./overview_page.js";
import { openPipeline } from "./pipeline_page.js";
import { Press } from "./press.js";
import { Router, address, link } from "./router.js";
import { openSite } from "./site_page.js";
import { openSites } from "./sites_page.js";
import { locale, t } from "./texts.js";
import { openVertical } from "./vertical_page.js";
import { openWall } from "./wall_page.js";

const REFRESH = 10_000; // milliseconds between two looks at what the stream does not carry
const RENEW = 30_000; // milliseconds between two looks at what cities and sites are called

/** @type {Record<PageName, Open>} */
const OPENERS = {
  overview: openOverview, vertical: openVertical, indicators: openIndicators, figure: openFigure, flows: openFlows, wall: openWall,
  map: openMap, sites: openSites, site: openSite,
  devices: openDevices, device: openDevice, alarms: openAlarms, alarm: openAlarm, inbox: openInbox, pipeline: openPipeline,
};
/** Without one of these a page has nothing to show. @type {Partial<Record<PageName, string[]>>} */
const NEEDS = { vertical: ["kpis", "devices"], indicators: ["kpis"], figure: ["kpis"], flows: ["kpis"], wall: ["devices"], devices: ["devices"], alarms: ["alarms"], alarm: ["alarms"],
  inbox: ["inbox", "payloads"], pipeline: ["ledger"] };

export class Console {
  #sees;
  #role;
  #cities;
  #groups;
  #live = new Live();
  #router = new Router((place) => this.#show(place));
  #navigation;
  /** @type {Known | null} */
  #known = null;
  /** @type {View | null} */
  #view = null;
  #shown = ""; // the path of the page that is open
  #isFirst = true;
  #press = new Press();

  /** @param {{ sees: string[], role: string }} session @param {City[]} cities @param {Groups} groups */
  constructor({ sees, role }, cities, groups) {
    this.#sees = new Set(sees);
    this.#role = role;
    this.#cities = cities;
    this.#groups = groups;
    this.#navigation = new Navigation((page) => this.#maySee(page));
  }

  open() {
    const city = byId("city", HTMLSelectElement);
    fillSelect(city, this.#cities.map(({ name, title }) => [name, title]));
    city.addEventListener("change", () => this.#router.go(this.#navigation.elsewhere(city.value)));
    this.#live.on("devices", (news) => this.#known?.takeDevices(news) ? this.#tell("devices") : this.#reload());
    this.#live.on("alarms", (news) => { this.#known?.alarms.take(news); this.#tell("alarms"); });
    this.#live.on("kpis", (news) => { this.#known?.kpis.take(news); this.#tell("kpis"); });
    this.#live.on("ledger", (news) => { this.#known?.ledger.take(news); this.#tell("ledger"); });
    this.#live.on("connection", (connection) => this.#connection(connection));
    onThemeChange(() => this.#view?.redraw?.());
    byId("console").hidden = false;
    new Keyboard((page) => this.#maySee(page), (page) => this.#known && this.#router.go(this.#known.address(page))).listen();
    this.#router.start();
    setInterval(() => document.hidden || this.#refresh(), REFRESH);
    const renew = () => document.hidden || this.#renew().catch(() => null); // the alarm speaks for the connection
    setInterval(renew, RENEW);
    document.addEventListener("visibilitychange", renew);
  }

  /** @param {PageName} page */
  #maySee(page) {
    return (NEEDS[page] ?? []).some((resource) => this.#sees.has(resource)) || !NEEDS[page];
  }

  /** @param {Place | null} place */
  #show(place) {
    if (!place) {
      const start = opening(this.#cities);
      if (start) this.#router.go(address("overview", { city: start }), true);
      return;
    }
    const city = this.#cities.find(({ name }) => name === place.names["city"]);
    if (!city) this.#refuse(t("There is no city {city} that this token may see.", { city: place.names["city"] ?? "" }));
    else if (!this.#maySee(place.page)) this.#refuse(t("This page is not for the role {role}.", { role: this.#role }));
    else if (this.#known?.city !== city) this.#turn(city, place);
    else if (this.#known.hasLoaded) this.#place(this.#known, place);
    else this.#navigation.show(place, city.name);
  }

  /** @param {string} why */
  #refuse(why) {
    this.#leave();
    const [first] = this.#cities;
    replace(byId("content"), element("h1", { tabindex: "-1" }, t("Nothing to show")), element("p", {}, why),
      first && element("p", {}, link(address("overview", { city: first.name }), t("Go to {city}", { city: first.title }))));
    document.title = `${t("Nothing to show")} · Pharos`;
    this.#focus();
  }

  /** @param {City} city @param {Place} place */
  async #turn(city, place) {
    this.#leave();
    this.#live.leave();
    const known = new Known(city, this.#sees, this.#live, this.#groups);
    this.#known = known;
    byId("city", HTMLSelectElement).value = city.name;
    remember(city.name);
    this.#navigation.show(place, city.name);
    replace(byId("content"), loading());
    await known.load();
    if (known !== this.#known) return;
    this.#show(this.#router.place);
    this.#live.watch(city.name);
  }

  /** @param {Known} known @param {Place} place */
  #place(known, place) {
    const path = location.pathname;
    if (path !== this.#shown) {
      this.#leave();
      this.#shown = path;
      this.#navigation.show(place, known.city.name);
      this.#open(known, place);
    }
    this.#view?.chosen(place.choices);
  }

  /** @param {Known} known @param {Place} place */
  #open(known, place) {
    const content = byId("content");
    replace(content, filled(`page-${place.page}`));
    document.body.classList.toggle("wall", place.page === "wall");
    for (const part of content.querySelectorAll("[data-needs]")) {
      if (part instanceof HTMLElement) part.hidden = !this.#sees.has(part.dataset["needs"] ?? "");
    }
    const path = this.#shown;
    this.#view = OPENERS[place.page]({
      known, content, names: place.names, cities: this.#cities, go: (href) => this.#router.go(href, true),
      choose: (choices, replaces) => { if (path === this.#shown) this.#router.choose(choices, replaces); },
      entitle: (title) => { if (path === this.#shown) entitle(title, known.city); },
    });
    this.#focus();
  }

  #leave() {
    document.body.classList.remove("wall");
    this.#view?.left?.();
    this.#view = null;
    this.#shown = "";
  }

  /** Who reads by voice or moves by keys begins at the new heading; the first page is read as any document. */
  #focus() {
    if (!this.#isFirst) {
      scrollTo(0, 0);
      byId("content").querySelector("h1")?.focus({ preventScroll: true });
    }
    this.#isFirst = false;
  }

  /** @param {Topic} topic */
  #tell(topic) {
    this.#press.afterwards(topic, () => this.#view?.changed?.(topic));
  }

  /** A city file that was applied brought other devices, or something could not be asked for before. */
  async #reload() {
    const known = this.#known;
    const wasWhole = known?.isWhole;
    await known?.load();
    if (known !== this.#known) return;
    if (wasWhole) {
      this.#tell("devices");
      this.#tell("kpis");
    } else if (known?.isWhole) {
      this.#leave();
      this.#show(this.#router.place);
    }
  }

  #refresh() {
    if (!this.#live.connection().ok) return;
    if (this.#known?.hasLoaded && !this.#known.isWhole) this.#reload();
    this.#press.afterwards("refresh", () => this.#view?.refresh?.());
  }

  /** Cities and sites that were registered, renamed or taken away meanwhile are shown without loading the page anew. */
  async #renew() {
    const known = this.#known;
    if (!this.#live.connection().ok || !known?.isWhole) return;
    const before = JSON.stringify([this.#cities.map(called), called(known.city)]);
    const { items } = await get("/cities");
    const kept = new Map(this.#cities.map((city) => [city.name, city]));
    const wasCalled = JSON.stringify(called(known.city));
    this.#cities = items.map((city) => Object.assign(kept.get(city.name) ?? {}, city));
    const hasOtherSites = await known.renewSites();
    if (known !== this.#known) return;
    if (before !== JSON.stringify([this.#cities.map(called), called(known.city)])) {
      const select = byId("city", HTMLSelectElement);
      fillSelect(select, this.#cities.map(({ name, title }) => [name, title]));
      select.value = known.city.name;
    }
    const isGone = !this.#cities.includes(known.city);
    if (hasOtherSites || isGone || wasCalled !== JSON.stringify(called(known.city))) {
      this.#press.afterwards("renew", () => { this.#leave(); this.#show(this.#router.place); });
    }
  }

  /** @param {Connection} connection */
  #connection({ ok, reason, seconds, stuck, notes }) {
    document.body.classList.toggle("broken", !ok);
    byId("connection").dataset["state"] = ok && !stuck.length ? "connected" : "broken";
    say("connection", ok ? (stuck.length ? t("Connected, but not everything moves") : t("Connected")) : t("Not current"));
    say("alarm", ok ? "" : t("Nothing shown is current: {reason}.", { reason: reason ?? "" }));
    say("stuck", stuck.map(sentence).join(" "));
    say("notes", notes.map(sentence).join(" "));
    const zone = this.#known?.zone ?? "UTC";
    byId("as-of").textContent = t("as of {time}", { time: new Date(this.#live.now() - seconds * 1000).toLocaleTimeString(locale, { timeZone: zone }) });
    byId("as-of").title = t("Times are those of {zone}", { zone });
    this.#press.afterwards("tick", () => this.#view?.tick?.(ok));
  }
}

/** A template with the parts that pages share in their places. @param {string} id */
function filled(id) {
  const page = document.importNode(byId(id, HTMLTemplateElement).content, true);
  for (const place of page.querySelectorAll("[data-part]")) {
    if (place instanceof HTMLElement) place.replaceWith(filled(`part-${place.dataset["part"]}`));
  }
  return page;
}

/** @param {string} title @param {City} city */
function entitle(title, city) {
  document.title = `${title} · ${city.title} · Pharos`;
  const heading = byId("content").querySelector("h1");
  if (heading && !heading.dataset["live"]) heading.textContent = title;
}

/**
 * Touches what is said only when it changes: screen readers read it out then.
 * @param {string} id
 * @param {string} text
 */
function say(id, text) {
  const place = byId(id);
  if (place.textContent === text) return;
  place.textContent = text;
  if (place.id !== "connection") place.hidden = text === "";
}

/** What a page says of a city, but for what moves all the time. @param {City} city */
const called = ({ name, title, timezone }) => [name, title, timezone];

/** @param {string} words */
const sentence = (words) => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
