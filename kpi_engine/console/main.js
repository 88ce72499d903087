// Puts the page together: a session, what the role may see, a city, and the stream that keeps it current.

/** @import { Alarm, City, DeviceNews, KpiValue, LedgerEntry, News, Vertical } from "./types" */
/** @import { Connection } from "./live.js" */

import { Alarms } from "./alarms.js";
import { get } from "./api.js";
import { onThemeChange } from "./charts.js";
import { opening, remember } from "./city.js";
import { Day } from "./day.js";
import { Devices } from "./devices.js";
import { byId, fillSelect } from "./dom.js";
import { Fleet } from "./fleet.js";
import { Groups } from "./groups.js";
import { Inbox } from "./inbox.js";
import { KeyedRows } from "./keyed_rows.js";
import { showLedger } from "./ledger.js";
import { Live } from "./live.js";
import { logIn, logOut } from "./login.js";
import { Quarantine } from "./quarantine.js";
import { showRecomputed } from "./recomputed.js";
import { showTargets } from "./targets.js";
import { Tiles } from "./tiles.js";
import { Year } from "./year.js";

const REFRESH = 10_000; // milliseconds between two looks at what the stream does not carry

class Page {
  #sees;
  #cities;
  /** @type {Map<string, string>} titles of indicators by their names */
  #titles = new Map();
  #live = new Live();
  #fleet = new Fleet();
  /** @type {KeyedRows<KpiValue>} */
  #kpis = new KeyedRows("kpi", "period", "period_start");
  /** @type {KeyedRows<Alarm>} */
  #open = new KeyedRows("alarm_id");
  /** @type {KeyedRows<LedgerEntry>} */
  #ledger = new KeyedRows("source");

  /** @param {string[]} sees @param {City[]} cities @param {Vertical[]} verticals */
  constructor(sees, cities, verticals) {
    const groups = new Groups(verticals);
    this.#sees = new Set(sees);
    this.#cities = cities;
    this.tiles = new Tiles(groups);
    this.alarms = new Alarms(this.#live, this.#sees.has("acknowledgements"));
    this.inbox = new Inbox(this.#sees.has("replays"));
    this.quarantine = new Quarantine(this.#sees.has("replays"));
    this.day = new Day(this.#live, groups);
    this.year = new Year(this.#live, groups);
    this.devices = new Devices(this.#live, groups, (device) => this.day.choose(device));
  }

  open() {
    for (const { part, resource } of restricted()) part.hidden = !this.#sees.has(resource);
    const city = byId("city", HTMLSelectElement);
    fillSelect(city, this.#cities.map(({ name, title }) => [name, title]));
    city.value = opening(this.#cities) ?? "";
    city.addEventListener("change", () => { remember(city.value); this.#turn(); });
    this.#live.on("devices", (news) => this.#devicesChanged(news));
    this.#live.on("alarms", (news) => { this.#open.take(news); this.alarms.show(this.#open.all()); });
    this.#live.on("kpis", (news) => { this.#kpis.take(news); this.tiles.show(this.#kpis.all()); });
    this.#live.on("ledger", (news) => { this.#ledger.take(news); showLedger(this.#ledger.all()); });
    this.#live.on("connection", (connection) => this.#connection(connection));
    onThemeChange(() => this.#curves());
    byId("console").hidden = false;
    this.#turn();
    setInterval(() => document.hidden || this.#refresh(), REFRESH);
  }

  get city() {
    const chosen = this.#cities.find(({ name }) => name === byId("city", HTMLSelectElement).value);
    if (!chosen) throw new Error("No city is chosen.");
    return chosen;
  }

  async #turn() {
    const { city } = this;
    history.replaceState(null, "", `#${encodeURIComponent(city.name)}`);
    document.title = `${city.title} · Pharos`;
    this.#live.leave();
    for (const kept of [this.#kpis, this.#open, this.#ledger, this.#fleet, this.#titles]) kept.clear();
    await Promise.allSettled([this.#load(city), this.#define(city)]); // what failed is asked for again, see below
    if (city !== this.city) return;
    this.#live.watch(city.name);
    if (this.#sees.has("inbox")) this.inbox.show(city).catch(() => null); // the alarm speaks for the connection
    if (this.#sees.has("payloads")) this.quarantine.show(city);
    if (!this.#sees.has("kpis")) return;
    this.#recomputed();
    byId("targets-part").hidden = true;
    showTargets(city).catch(() => null); // the alarm speaks for the connection
  }

  /** @param {City} city */
  async #load(city) {
    if (!this.#sees.has("devices")) return;
    const isWanted = () => city === this.city;
    await this.#fleet.load(city.name, isWanted);
    if (isWanted()) this.devices.show(this.#fleet.all());
  }

  /** @param {City} city */
  async #define(city) {
    if (!this.#sees.has("kpis")) return;
    const { items } = await get("/kpis", { city: city.name });
    if (city !== this.city) return;
    this.#titles = new Map(items.map(({ name, title }) => [name, title]));
    this.tiles.define(items, city.timezone);
    this.day.show(city, items);
    this.year.show(city, items);
  }

  /** @param {News<DeviceNews>} news */
  #devicesChanged(news) {
    const isComplete = this.#fleet.take(news);
    this.devices.show(this.#fleet.all());
    if (!isComplete) this.#load(this.city).catch(() => null); // the alarm speaks for the connection
  }

  #refresh() {
    if (!this.#sees.has("kpis") || !this.#live.connection().ok) return;
    if (!this.#titles.size) this.#define(this.city).catch(() => null);
    this.#curves();
    this.#recomputed();
  }

  #curves() {
    this.day.refresh();
    this.year.refresh();
  }

  #recomputed() {
    showRecomputed(this.city, this.#titles, this.#live.now()).catch(() => null); // the alarm speaks for the connection
  }

  /** @param {Connection} connection */
  #connection({ ok, reason, seconds, stuck, notes }) {
    document.body.classList.toggle("broken", !ok);
    byId("connection").dataset.state = ok && !stuck.length ? "connected" : "broken";
    say("connection", ok ? (stuck.length ? "Connected, but not everything moves" : "Connected") : "Not current");
    say("alarm", ok ? "" : `Nothing shown is current: ${reason}.`);
    say("stuck", stuck.map(sentence).join(" "));
    say("notes", notes.map(sentence).join(" "));
    byId("as-of").textContent = `as of ${new Date(this.#live.now() - seconds * 1000).toLocaleTimeString("en-GB", { timeZone: this.city.timezone })}`;
    this.devices.tick(ok);
  }
}

// The parts of the page that only some may see, with the resource that each needs.
function restricted() {
  return [...document.querySelectorAll("[data-needs]")].flatMap((part) =>
    (part instanceof HTMLElement && part.dataset.needs ? [{ part, resource: part.dataset.needs }] : []));
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

/** @param {string} words */
const sentence = (words) => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;

const found = await logIn();
byId("account").textContent = `${found.name} (${found.role})`;
byId("log-out").addEventListener("click", logOut);
const [cities, verticals] = await Promise.all([get("/cities"), get("/verticals")]);
if (cities.items.length) {
  new Page(found.sees, cities.items, verticals.items).open();
} else {
  byId("console").hidden = false;
  byId("headline").textContent = "No city is registered that this token may see.";
}
